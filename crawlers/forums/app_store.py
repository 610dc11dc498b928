"""Apple's App Store: the feeds of customer reviews, one for each app and country."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.api_addresses import is_below, moved_root, path_of, root_of
from crawlers.forums.base import Adapter, Reading
from crawlers.forums.dates.reading import read_date
from crawlers.forums.feed import parsed_feed
from crawlers.forums.fields import value
from crawlers.forums.json_shapes import as_dict, as_dicts, as_text
from crawlers.forums.texts.line_quotes import plain_words
from crawlers.items import ForumPage, Post

_SITE, _FEEDS = "apps.apple.com", "itunes.apple.com"
_PUBLIC = re.compile(r"^(?:/([a-z]{2}))?/app/(?:[^/]+/)?id(\d{5,15})$")
_FEED = re.compile(r"/([a-z]{2})/rss/customerreviews/(?:[^?#]*/)?id=(\d{5,15})(?:/|$)")
_PAGE = re.compile(r"/customerreviews/(?:[^?#]*/)?page=(\d{1,3})/")
_COUNTRY = re.compile(r"[a-z]{2}")
_RATING = re.compile(r"[0-5](?:\.\d{1,2})?")
_LAST = 10  # pages of fifty: the feed holds no more


class AppStore(Adapter):
    """A thread is an app in a country: people of different countries read different reviews.

    ``boards`` or ``queries`` may be countries (``"vn"``, ``"us"``, ``"tw"``) beside the address of
    an app, or further apps' addresses. A review's title is its first line. The feed names the app
    on some of its pages only.
    """

    engine = "app_store"
    hosts = (_SITE, _FEEDS)
    marker = "meta[name='apple:content_id'], meta[property='og:site_name'][content='App Store']"

    # the few reviews a page shows
    title = ".product-header__title | h1"
    post = ".we-customer-review"
    author = ".we-customer-review__user"
    date = "time@datetime | .we-customer-review__date"
    body = ".we-customer-review__body"
    drop = ".we-truncate__button"
    next = ""

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """One feed for each app and country; the address's own country where none is asked."""
        asked = [one.strip().lower() for one in (*boards, *queries)]
        countries = [one for one in asked if _COUNTRY.fullmatch(one)]
        apps = [base_url, *(board for board in boards if board.startswith("http"))]
        found = []
        for app in apps:
            known = _PUBLIC.match(path_of(app))
            if known is None:
                found.append(app)
                continue
            found += [_feed(app, one, known[2], 1) for one in countries or [known[1] or "us"]]
        return list(dict.fromkeys(found))

    def fetch_address(self, url: str) -> str:
        """The feed of an app's page."""
        found = _PUBLIC.match(path_of(url))
        return _feed(url, found[1] or "us", found[2], 1) if found else url

    def thread_address(self, url: str) -> str:
        """The app's address in its country, without its name."""
        found = _PUBLIC.match(path_of(url))
        return f"{root_of(url)}/{found[1] or 'us'}/app/id{found[2]}" if found else url

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared, with the title before and the stars."""
        post = super().read_post(node, document, reading, thread)
        stars = re.search(r"[1-5]", value(node, ".we-star-rating@aria-label"))
        title = value(node, ".we-customer-review__title")
        return post and replace(
            post,
            text=f"{title}\n{post.text}".strip(),
            rating=Decimal(stars[0]) if stars else None,
        )

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """The feed as JSON: every value lies in a ``label``."""
        feed = as_dict(as_dict(document.json).get("feed"))
        rows = as_dicts(feed.get("entry"))
        reviews = [row for row in rows if "im:rating" in row]
        if not reviews and not (feed and _FEED.search(path_of(document.url))):
            return None
        name = next((_label(row, "im:name") for row in rows if "im:name" in row), "")
        texts = [
            {
                "id": _label(row, "id"),
                "author": _label(as_dict(row.get("author")), "name"),
                "updated": _label(row, "updated"),
                "rating": _label(row, "im:rating"),
                "title": _label(row, "title"),
                "text": _label(row, "content"),
            }
            for row in reviews
        ]
        links = [as_dict(link.get("attributes")) for link in as_dicts(feed.get("link"))]
        return self._page(texts, name, links, document, reading)

    def read_feed(self, document: Document, reading: Reading) -> ForumPage | None:
        """The feed as Atom."""
        feed = parsed_feed(document)
        reviews = [entry for entry in feed.entries if entry.get("im_rating")]
        if not reviews and not _FEED.search(path_of(document.url)):
            return None
        name = next((_text(row.get("im_name")) for row in feed.entries if row.get("im_name")), "")
        texts = [
            {
                "id": _text(entry.get("id")),
                "author": _text(entry.get("author")),
                "updated": _text(entry.get("updated")),
                "rating": _text(entry.get("im_rating")),
                "title": _text(entry.get("title")),
                "text": _text((entry.get("content") or [{}])[0].get("value")),
            }
            for entry in reviews
        ]
        links = [dict(link) for link in feed.feed.get("links", [])]
        return self._page(texts, name, links, document, reading)

    def _page(
        self,
        texts: list[dict[str, str]],
        name: str,
        links: list[dict[str, Any]],
        document: Document,
        reading: Reading,
    ) -> ForumPage:
        known = _FEED.search(path_of(document.url))
        root = moved_root(document.url, (_FEEDS,), f"https://{_SITE}")
        thread = f"{root}/{known[1]}/app/id{known[2]}" if known else document.url
        posts: dict[str, Post] = {}
        for text in texts:
            post = _post(text, thread, name, reading)
            posts.setdefault(post.id or f"#{len(posts)}", post)
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=tuple(posts.values()),
            thread_title=name or None,
            thread_id=f"{known[1]}/{known[2]}" if known else None,
            next=_next(document.url, links) if posts else None,
        )


def _feed(url: str, country: str, app: str, page: int) -> str:
    root = moved_root(url, (_SITE, _FEEDS), f"https://{_FEEDS}")
    return f"{root}/{country}/rss/customerreviews/page={page}/id={app}/sortby=mostrecent/json"


def _next(url: str, links: list[dict[str, Any]]) -> str | None:
    """The page a feed's link names; on the last page it names that page, or the first, again."""
    here, known = _PAGE.search(path_of(url)), _FEED.search(path_of(url))
    linked = [as_text(link.get("href")) for link in links if link.get("rel") == "next"]
    there = next((found for href in linked if (found := _PAGE.search(href))), None)
    if not there or not known:
        return None
    page = int(there[1])
    if page <= (int(here[1]) if here else 1) or page > _LAST:
        return None
    if is_below(url, _FEEDS) and not is_below(linked[0], _FEEDS):
        return None
    return _feed(root_of(url), known[1], known[2], page)


def _label(row: dict[str, Any], name: str) -> str:
    return as_text(as_dict(row.get(name)).get("label"))


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _post(text: dict[str, str], thread: str, name: str, reading: Reading) -> Post:
    number = re.search(r"\d{1,20}$", text["id"])
    date = read_date(text["updated"], fetched_at=reading.fetched_at)
    said = [plain_words(part) for part in (text["title"], text["text"])]
    return Post(
        id=number[0] if number else None,
        url=f"{thread}#review-{number[0]}" if number else thread,
        author=text["author"] or None,
        text="\n".join(part for part in said if part),
        posted_at=date.posted_at,
        posted_text=text["updated"] or None,
        posted_precision=date.precision,
        rating=Decimal(text["rating"]) if _RATING.fullmatch(text["rating"]) else None,
        thread_url=thread,
        thread_title=name or None,
    )

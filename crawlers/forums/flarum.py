"""Flarum: its JSON:API, the JSON in its pages, and the HTML for readers without scripts."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from bs4 import BeautifulSoup

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import first
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.links import followable
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Link, Post, Quoted, ThreadRef
from crawlers.json_text import loads
from crawlers.urls import host_of

_PUBLIC = re.compile(r"^(.*?)/(?:d|t|all|tags|u)(?:/|$)")
_THREAD = re.compile(r"/d/(\d{1,12})(?:-[^/]*)?(?:/|$)")
_TAG = re.compile(r"/t/([^/?#]+)")
_PAGE = re.compile(r"[?&]page=(\d{1,6})(?:&|$)")
_TYPES = frozenset({"discussions", "posts", "tags"})


class Flarum(Adapter):
    """Pages are built by scripts; what a reader without them gets has neither ids nor times.

    The same page holds the reply of the API it was built from (``apiDocument``), with both: that is
    read first. Posts of other kinds than ``comment`` are marks (renamed, locked, tagged).
    """

    engine = "flarum"
    marker = "#flarum-content, #flarum-json-payload, noscript#flarum-content"
    cookies = ("flarum_session",)

    thread = "#flarum-content li:has(> a[href*='/d/'])"
    thread_link = "a[href*='/d/']"

    title = "#flarum-content h1"
    post = "#flarum-content article"
    author = ".PostUser-name"
    date = "time@datetime"
    body = ".Post-body"
    drop = "script, .Post-footer"
    next = "link[rel=next], #flarum-content .container > a[href*='page=']"

    # --- HTML ------------------------------------------------------------------------------

    def read(self, document: Document, reading: Reading) -> ForumPage:
        """The page's own JSON where it has some, else its HTML."""
        node = first(document.tree, "script#flarum-json-payload")
        payload: Any = None
        if node is not None:
            try:
                payload = loads(node.text(deep=True) or "")
            except (ValueError, RecursionError):
                payload = None
        told = as_dict(as_dict(payload).get("apiDocument"))
        page = self._read(told, _root(document.url), reading)
        if page is not None and (page.posts or page.threads):
            return replace(page, next=self.next_page(document))
        return super().read(document, reading)

    def next_page(self, document: Document) -> str | None:
        """The page with a higher number; on the last page there is only the one before."""
        here = _PAGE.search(document.url)
        for node in self.next_nodes(document):
            url = document.join(node.attributes.get("href") or "")
            there = _PAGE.search(url) if url else None
            later = there is not None and int(there[1]) > (int(here[1]) if here else 1)
            if url and later and host_of(url) == host_of(document.url):
                return followable(url)
        return None

    # --- JSON ------------------------------------------------------------------------------

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """The tags asked for, else all discussions, those answered last first."""
        return [self.fetch_address(url) for url in boards or (base_url,)]

    def board_list(self, base_url: str) -> str:
        """Every tag with its name."""
        return f"{_root(base_url)}/api/tags"

    def fetch_address(self, url: str) -> str:
        """The posts of a discussion, the discussions of a tag, or all of them."""
        if "/api/" in urlsplit(url).path:
            return url
        root, path = _root(url), urlsplit(url).path
        if found := _THREAD.search(path):
            return (
                f"{root}/api/posts?filter%5Bdiscussion%5D={found[1]}&page%5Blimit%5D=50&sort=number"
            )
        if found := _TAG.search(path):
            return f"{root}/api/discussions?filter%5Btag%5D={found[1]}&sort=-lastPostedAt"
        return f"{root}/api/discussions?sort=-lastPostedAt"

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """Discussions, one discussion with its posts, posts, or tags."""
        data = as_dict(document.json)
        page = self._read(data, _root(document.url), reading)
        if page is None:
            return None
        url = document.join(as_text(as_dict(data.get("links")).get("next")), base=document.url)
        same = url is not None and host_of(url) == host_of(document.url) and url != document.url
        return replace(page, next=url if same and as_dict(data.get("links")).get("next") else None)

    def _read(self, data: dict[str, Any], root: str, reading: Reading) -> ForumPage | None:
        rows = as_dicts(data.get("data"))
        kinds = {as_text(row.get("type")) for row in rows}
        if not rows or len(kinds) != 1 or not kinds <= _TYPES:
            return None
        known = {
            (as_text(row.get("type")), as_text(row.get("id"))): row
            for row in (*as_dicts(data.get("included"), 20_000), *rows)
        }
        kind = kinds.pop()
        if kind == "tags":
            return ForumPage(engine=self.engine, kind="index", boards=_tags(rows, root))
        if kind == "discussions" and isinstance(data.get("data"), list):
            return ForumPage(
                engine=self.engine, kind="board", threads=self._threads(rows, root, reading)
            )
        if kind == "discussions":
            posts = [row for (name, _), row in known.items() if name == "posts"]
            return self._topic(posts, rows[0], known, root, reading)
        number = _related(rows[0], "discussion")
        discussion = known.get(("discussions", number)) or {"id": number}
        return self._topic(rows, discussion, known, root, reading)

    def _topic(
        self,
        rows: list[dict[str, Any]],
        discussion: dict[str, Any],
        known: dict[tuple[str, str], dict[str, Any]],
        root: str,
        reading: Reading,
    ) -> ForumPage | None:
        thread = _thread_address(discussion, root)
        found: dict[str, Post] = {}
        for row in sorted(rows, key=lambda row: as_int(_facts(row).get("number")) or 0):
            facts = _facts(row)
            if as_text(facts.get("contentType")) != "comment" or facts.get("isHidden"):
                continue
            if facts.get("isApproved") is False or not as_text(row.get("id")):
                continue
            user = _facts(known.get(("users", _related(row, "user"))))
            found.setdefault(as_text(row["id"]), self._post(row, facts, user, thread, reading))
        if not any(row.get("attributes") for row in rows):
            return None
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=tuple(found.values()),
            thread_title=as_text(_facts(discussion).get("title")) or None,
            thread_id=as_text(discussion.get("id")) or None,
        )

    def _post(
        self,
        row: dict[str, Any],
        facts: dict[str, Any],
        user: dict[str, Any],
        thread: str,
        reading: Reading,
    ) -> Post:
        markup = as_text(facts.get("contentHtml"))
        words = own_words(markup, quote=self.quote, drop=self.drop)
        written = as_text(facts.get("createdAt"))
        date = read_date(written, fetched_at=reading.fetched_at)
        identifier, number = as_text(row.get("id")), as_int(facts.get("number"))
        answered = _mentioned(markup) or words.reply_to
        return Post(
            id=identifier,
            url=f"{thread}/{number}" if number else thread,
            author=as_text(user.get("displayName")) or as_text(user.get("username")) or None,
            text=words.text,
            posted_at=date.posted_at,
            posted_text=written or None,
            posted_precision=date.precision,
            quoted=_authored(words.quoted, markup),
            in_reply_to=answered if answered != identifier else None,
        )

    def _threads(
        self, rows: list[dict[str, Any]], root: str, reading: Reading
    ) -> tuple[ThreadRef, ...]:
        found: dict[str, ThreadRef] = {}
        for row in rows:
            facts, number = _facts(row), as_text(row.get("id"))
            title = as_text(facts.get("title"))
            if not number or not title or facts.get("isHidden"):
                continue
            posts = as_int(facts.get("commentCount"))
            replies = max(posts - 1, 0) if posts is not None else None
            last = as_text(facts.get("lastPostedAt"))
            url = _thread_address(row, root)
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=title,
                    id=number,
                    replies=replies,
                    stamp=stamp_of(last, replies),
                    sticky=bool(facts.get("isSticky")),
                    last_posted_at=read_date(last, fetched_at=reading.fetched_at).posted_at,
                ),
            )
        return tuple(found.values())


def _facts(row: dict[str, Any] | None) -> dict[str, Any]:
    return as_dict((row or {}).get("attributes"))


def _related(row: dict[str, Any], name: str) -> str:
    told = as_dict(as_dict(row.get("relationships")).get(name))
    return as_text(as_dict(told.get("data")).get("id"))


def _thread_address(discussion: dict[str, Any], root: str) -> str:
    """``/d/12-slug``: the slug begins with the number in some versions and not in others."""
    number, slug = as_text(discussion.get("id")), as_text(_facts(discussion).get("slug"))
    name = slug if slug.startswith(f"{number}-") else f"{number}-{slug}" if slug else number
    return followable(f"{root}/d/{quote(name, safe='-_.~%')}")


def _tags(rows: list[dict[str, Any]], root: str) -> tuple[Link, ...]:
    found = []
    for row in rows:
        name, slug = as_text(_facts(row).get("name")), as_text(_facts(row).get("slug"))
        if name and slug:
            found.append(Link(url=f"{root}/t/{quote(slug)}", text=plain_text(name)))
    return tuple(found)


def _mentioned(markup: str) -> str | None:
    """The post that is answered: the first one mentioned."""
    if "PostMention" not in markup:
        return None
    link = BeautifulSoup(markup, "lxml").select_one("a.PostMention[data-id]")
    found = re.fullmatch(r"\d{1,12}", str(link["data-id"])) if link else None
    return found[0] if found else None


def _authored(quoted: tuple[Quoted, ...], markup: str) -> tuple[Quoted, ...]:
    """A quote begins with the mention of the post it is from: its name is the author's."""
    if not quoted or "PostMention" not in markup:
        return quoted
    links = BeautifulSoup(markup, "lxml").select("blockquote a.PostMention")[:100]
    names = [name for link in links if (name := " ".join(link.get_text(" ").split()))]
    return tuple(_with_author(part, names) for part in quoted)


def _with_author(quote: Quoted, names: list[str]) -> Quoted:
    named = next((name for name in names if quote.text.startswith(name)), None)
    if quote.author is not None or named is None:
        return quote
    return Quoted(author=named.lstrip("@") or None, text=quote.text.removeprefix(named).strip())


def _root(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path.partition("/api/")[0]
    found = _PUBLIC.match(path)
    return f"{parts.scheme}://{parts.netloc}{found[1] if found else path.rstrip('/')}"

"""Discourse: its JSON, and the HTML it shows to readers without scripts."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import Tag
from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading, id_in_address, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import value
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Link, Post, ThreadRef

_ROOT = re.compile(r"^(.*?)/(?:t|c|latest|categories|top|new|tag|tags|posts|hot|site)(?:[/.?]|$)")
_TAKEN_BACK = re.compile(  # its own words for a post its author has deleted, or that was flagged
    r"[(（](?:post (?:deleted|withdrawn) by (?:the )?author|帖子已被作者删除|作者已删除帖子"
    r"|貼文已由作者刪除|作者已刪除貼文|bài viết (?:đã )?bị xó?a bởi tác giả)[^()（）]{0,120}[)）]"
    r"|this post was flagged by the community and is temporarily hidden\.?",
    re.IGNORECASE,
)
_HIDDEN_TYPES = (3, 4)  # "small action" (closed, pinned) and whisper; 1 regular, 2 moderator


class Discourse(Adapter):
    """JSON lies beside every page: ``/t/12.json``, ``/c/slug/5.json``, ``/latest.json``.

    A topic's JSON holds twenty posts and the ids of all (``stream``); ``?page=`` gives the others.
    The HTML for readers without scripts shows of a post only its number in the topic, which the
    JSON has too: so a post's id is ``topic/number`` in both, and no post is stored twice where a
    forum was read by one and later by the other.
    """

    engine = "discourse"
    marker = "meta[name=generator][content^='Discourse'], .crawler-post, #data-discourse-setup"
    generator = r"^Discourse\b"

    board = ".category-list a.category-title-link, .category-title-link, .category a[itemprop=url]"
    thread = ".topic-list-item, tr[itemprop=itemListElement], .topic-list > div[itemprop]"
    thread_link = "a.raw-topic-link, a.title, a[itemprop=url]"
    thread_replies = ".replies .posts, .num.posts, [title=posts]"
    thread_stamp = ".activity [title]@title | td:last-child"
    sticky = ".topic-status .d-icon-thumbtack, .pinned"

    title = "#topic-title h1 a | h1 a | h1"
    post = ".crawler-post, article[data-post-id]"
    post_id = "@id"
    author = (
        "[itemprop=author] [itemprop=name] | .creator [itemprop=name] | .names .username"
        " | .creator a"
    )
    date = (
        "time.post-time@datetime | time[itemprop=datePublished]@datetime"
        " | meta[itemprop=datePublished]@content | .relative-date@data-time | time@datetime"
    )
    body = ".post[itemprop=text] | [itemprop=text] | .cooked | .post"
    quote = "aside.quote, blockquote"
    drop = (
        "aside.onebox, .onebox, .meta, .lightbox-wrapper, .footnotes-sep, .cooked-selection-barrier"
    )
    next = "link[rel=next], a[rel=next]"

    # --- HTML ------------------------------------------------------------------------------

    def read_posts(self, document: Document, reading: Reading) -> tuple[Post, ...]:
        """As declared, with the topic's number before each post's own; without those taken back."""
        posts = super().read_posts(document, reading)
        topic = self.thread_number(document)
        return tuple(
            _numbered(post, topic) for post in posts if not _TAKEN_BACK.fullmatch(post.text)
        )

    def replies_to(self, quote: Tag) -> str | None:
        """``topic/number`` of the quoted post."""
        topic, number = quote.get("data-topic"), quote.get("data-post")
        return f"{topic}/{number}" if topic and number else None

    def post_identifier(self, node: LexborNode) -> str | None:
        """The number at the end of ``post_7``."""
        found = re.search(r"\d{1,12}$", value(node, self.post_id))
        return found[0] if found else None

    # --- JSON ------------------------------------------------------------------------------

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """The boards asked for, else ``latest.json``, which lists every public topic."""
        if boards:
            return [self.fetch_address(board) for board in boards]
        if _ROOT.match(urlsplit(base_url).path):
            return [self.fetch_address(base_url)]
        return [f"{base_url.split('?', maxsplit=1)[0].rstrip('/')}/latest.json"]

    def board_list(self, base_url: str) -> str:
        """Every category with its name."""
        return f"{base_url.split('?', maxsplit=1)[0].rstrip('/')}/categories.json"

    def fetch_address(self, url: str) -> str:
        """The JSON of a topic or category page."""
        parts = urlsplit(url)
        path = parts.path.rstrip("/")
        if path.endswith(".json"):
            return url
        if found := re.match(r"^(.*)/t/(?:[^/]+/)?(\d{1,10})(?:/\d+)?$", path):
            path = f"{found[1]}/t/{found[2]}"
        elif not _ROOT.match(path):
            path = f"{path}/latest"
        return parts._replace(path=f"{path}.json", fragment="").geturl()

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """A topic, a list of topics or a list of categories, told by their keys."""
        data = as_dict(document.json)
        root = document.url[: len(document.url) - len(_after_host(document.url))] + _prefix(
            document
        )
        if isinstance(data.get("post_stream"), dict):
            return self._topic(data, root, document, reading)
        if isinstance(data.get("topic_list"), dict):
            return self._list(as_dict(data["topic_list"]), root, reading)
        if isinstance(data.get("category_list"), dict):
            boards = _categories(as_dict(data["category_list"]).get("categories"), root)
            return ForumPage(engine=self.engine, kind="index", boards=boards)
        return None

    def _topic(
        self, data: dict[str, Any], root: str, document: Document, reading: Reading
    ) -> ForumPage:
        stream = as_dict(data["post_stream"])
        topic = as_text(data.get("id")) or id_in_address(document.url) or ""
        thread = f"{root}/t/{as_text(data.get('slug')) or '-'}/{topic}"
        rows = as_dicts(stream.get("posts"))
        posts = {
            as_int(row.get("post_number")) or as_text(row.get("id")): self._post(
                row, thread, topic, reading
            )
            for row in rows
            if not _is_no_post(row)
        }
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=tuple(posts.values()),
            thread_title=plain_text(as_text(data.get("title"))) or None,
            thread_id=topic or None,
            next=self._next_of_topic(data, stream, rows, root, topic, document.url),
        )

    def _post(self, row: dict[str, Any], thread: str, topic: str, reading: Reading) -> Post:
        words = own_words(
            as_text(row.get("cooked")),
            quote=self.quote,
            drop=self.drop,
            quoted_id=self.replies_to,
        )
        written = as_text(row.get("created_at"))
        date = read_date(written, fetched_at=reading.fetched_at)
        number, answered = as_int(row.get("post_number")), as_int(row.get("reply_to_post_number"))
        return Post(
            id=f"{topic}/{number}" if number and topic else as_text(row.get("id")) or None,
            url=f"{thread}/{number}" if number else thread,
            author=as_text(row.get("username")) or as_text(row.get("name")) or None,
            text=words.text,
            posted_at=date.posted_at,
            posted_text=written or None,
            posted_precision=date.precision,
            quoted=words.quoted,
            in_reply_to=f"{topic}/{answered}" if answered and topic else words.reply_to,
        )

    def _next_of_topic(
        self,
        data: dict[str, Any],
        stream: dict[str, Any],
        rows: list[dict[str, Any]],
        root: str,
        topic: str,
        url: str,
    ) -> str | None:
        if not rows or not topic:
            return None
        ids = stream.get("stream")
        last = rows[-1]
        if isinstance(ids, list) and ids:
            done = ids[-1] == last.get("id") or last.get("id") not in ids
        else:
            done = (as_int(last.get("post_number")) or 0) >= (
                as_int(data.get("highest_post_number")) or as_int(data.get("posts_count")) or 0
            )
        if done:
            return None
        return f"{root}/t/{topic}.json?page={_page_of(url) + 1}"

    def _list(self, topics: dict[str, Any], root: str, reading: Reading) -> ForumPage:
        threads: dict[str, ThreadRef] = {}
        for row in as_dicts(topics.get("topics")):
            number = as_text(row.get("id"))
            title = plain_text(as_text(row.get("fancy_title")) or as_text(row.get("title")))
            if not number or not title:
                continue
            posts = as_int(row.get("posts_count"))
            url = f"{root}/t/{as_text(row.get('slug')) or '-'}/{number}"
            threads.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=title,
                    id=number,
                    replies=max(posts - 1, 0) if posts is not None else None,
                    stamp=stamp_of(
                        as_text(row.get("last_posted_at")) or as_text(row.get("bumped_at")), posts
                    ),
                    sticky=bool(row.get("pinned") or row.get("pinned_globally")),
                    last_posted_at=read_date(
                        as_text(row.get("last_posted_at")), fetched_at=reading.fetched_at
                    ).posted_at,
                ),
            )
        more = as_text(topics.get("more_topics_url"))
        return ForumPage(
            engine=self.engine,
            kind="board",
            threads=tuple(threads.values()),
            next=self._more(more, root) if more else None,
        )

    def _more(self, more: str, root: str) -> str | None:
        host = root[: len(root) - len(_after_host(root))]
        url = more if more.startswith("http") else f"{host}/{more.lstrip('/')}"
        return self.fetch_address(url) if url.startswith(host) else None


def _numbered(post: Post, topic: str | None) -> Post:
    if not topic or not post.id:
        return post
    return replace(
        post,
        id=f"{topic}/{post.id}",
        url=f"{post.url.split('#')[0]}/{post.id}",
    )


def _is_no_post(row: dict[str, Any]) -> bool:
    return bool(
        as_int(row.get("post_type")) in _HIDDEN_TYPES
        or row.get("deleted_at")
        or row.get("user_deleted")
        or row.get("hidden")
    )


def _categories(rows: Any, root: str) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    waiting = as_dicts(rows)
    while waiting and len(found) < 2_000:
        row = waiting.pop(0)
        number, slug = as_text(row.get("id")), as_text(row.get("slug"))
        if number:
            url = f"{root}/c/{slug or '-'}/{number}"
            found.setdefault(url, Link(url=url, text=plain_text(as_text(row.get("name"))) or slug))
        waiting[:0] = as_dicts(row.get("subcategory_list"))
    return tuple(found.values())


def _page_of(url: str) -> int:
    given = parse_qs(urlsplit(url).query).get("page", ["1"])[0]
    return max(int(given), 1) if given.isdigit() and len(given) < 7 else 1


def _after_host(url: str) -> str:
    parts = urlsplit(url)
    return url[len(f"{parts.scheme}://{parts.netloc}") :]


def _prefix(document: Document) -> str:
    """The folder a forum lives in, ``""`` at the root of its host."""
    found = _ROOT.match(urlsplit(document.url).path)
    return found[1] if found else ""

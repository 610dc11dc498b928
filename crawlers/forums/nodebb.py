"""NodeBB: its read API, which lies under ``/api`` beside every page, and its HTML."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import attribute_of, first, value
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.links import followable
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Link, Post, ThreadRef

_PUBLIC = re.compile(r"^(.*?)/(topic|category|categories|recent|popular|top|tags|world)(?=[/?]|$)")
_MOST_BOARDS = 2_000


class NodeBB(Adapter):
    """Times are epoch milliseconds; every link carries ``lang=``.

    ``/api`` before a page's path gives what the page shows as JSON, ids and times alike, and names
    the next page in ``pagination``.
    """

    engine = "nodebb"
    marker = (
        "[component=post][data-pid], [component='category/topic'],"
        " [component='categories/category']"
    )
    cookies = ("express.sid",)
    shown_only = frozenset({"lang"})

    board = (
        "[component='categories/category'] h2 a, [component='categories/category'] .title a,"
        " [component='categories/category'] a[itemprop=url]"
    )
    thread = "[component='category/topic']:not(.deleted)"
    thread_link = "[component='topic/header'] a[href*='/topic/'], .title a[href*='/topic/']"
    thread_title = "meta[itemprop=name]@content"
    thread_id = "@data-tid"
    thread_replies = (
        "[component='topic/post-count'] | .stats-postcount .human-readable-number"
        " | .stats .human-readable-number"
    )
    counts_first = True
    thread_stamp = (
        "[component='topic/teaser'] .timeago@title | .teaser .timeago@title"
        " | a.timeago[href*='/topic/']@title | .timeago@title"
    )
    sticky = "[component='topic/pinned']:not(.hidden):not(.hide)"

    title = "[component='topic/title'] | meta[property='og:title']@content | h1"
    post = "[component=post][data-pid]"
    post_id = "@data-pid"
    author = "@data-username"
    date = "@data-timestamp"
    body = "[component='post/content']"
    permalink = "a.post-index, a.permanent-link"
    drop = ".signature, [component='post/edit-indicator']"
    next = "link[rel=next], [component=pagination] .next:not(.disabled) a"

    # --- HTML ------------------------------------------------------------------------------

    def read_post(
        self, node: LexborNode, document: Document, reading: Reading, thread: str
    ) -> Post | None:
        """As declared; deleted posts left out, the post answered as the page names it."""
        if "deleted" in attribute_of(node, "class").split():
            return None  # "This post is deleted!": nobody's words
        post = super().read_post(node, document, reading, thread)
        parent = first(node, "[component='post/parent']")
        answered = value(parent, "@data-topid | @data-parent-pid") if parent else ""
        return replace(post, in_reply_to=answered) if post and answered else post

    def post_identifier(self, node: LexborNode) -> str | None:
        """Posts that came from other servers have an address as their id."""
        return attribute_of(node, "data-pid") or None

    def date_text(self, node: LexborNode) -> str:
        """The time in UTC where a recent version gives it, else the milliseconds."""
        meta = first(node, "meta[itemprop=datePublished]")
        return (attribute_of(meta, "content") if meta else "") or super().date_text(node)

    # --- JSON ------------------------------------------------------------------------------

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """The boards asked for, else the list of recent topics of every board."""
        return [self.fetch_address(url) for url in boards or (base_url,)]

    def board_list(self, base_url: str) -> str:
        """Every category with its name."""
        return f"{_root(base_url)}/api/categories"

    def fetch_address(self, url: str) -> str:
        """``/api`` before the page's path; the topics of the whole forum for its front page."""
        parts = urlsplit(self.thread_address(url) if "/topic/" in url else url)
        if "/api/" in parts.path:
            return url
        found = _PUBLIC.match(parts.path)
        path = f"{found[1]}/api{parts.path[found.end(1) :]}" if found else ""
        path = path or f"{parts.path.rstrip('/')}/api/recent"
        page = re.search(r"(?:^|&)page=(\d{1,6})(?:&|$)", urlsplit(url).query)
        query = f"page={page[1]}" if page and found else ""
        return parts._replace(path=path, query=query, fragment="").geturl()

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """A topic, a list of topics or of categories, told by their keys."""
        data = as_dict(document.json)
        root = _root(document.url)
        posts = as_dicts(data.get("posts"))
        if posts and data.get("tid") and all("pid" in post for post in posts):
            return self._topic(data, posts, root, document, reading)
        topics = as_dicts(data.get("topics"))
        listed = bool(topics) or (isinstance(data.get("topics"), list) and "pagination" in data)
        if listed and all("tid" in topic for topic in topics):
            return ForumPage(
                engine=self.engine,
                kind="board",
                boards=self._categories(data.get("children"), root),
                threads=self._threads(topics, root, reading),
                next=self._next(data, document.url),
            )
        categories = as_dicts(data.get("categories"))
        if categories and all("cid" in category for category in categories):
            return ForumPage(
                engine=self.engine,
                kind="index",
                boards=self._categories(categories, root),
                next=self._next(data, document.url),
            )
        return None

    def _topic(
        self,
        data: dict[str, Any],
        rows: list[dict[str, Any]],
        root: str,
        document: Document,
        reading: Reading,
    ) -> ForumPage:
        found: dict[str, Post] = {}
        for row in rows:
            post = None if row.get("deleted") else self._post(row, root, reading)
            if post is not None and post.id:
                found.setdefault(post.id, post)
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=tuple(found.values()),
            thread_title=plain_text(as_text(data.get("title"))) or None,
            thread_id=as_text(data.get("tid")) or None,
            next=self._next(data, document.url),
        )

    def _post(self, row: dict[str, Any], root: str, reading: Reading) -> Post:
        words = own_words(
            as_text(row.get("content")), quote=self.quote, drop=self.drop, quoted_id=self.replies_to
        )
        written = as_text(row.get("timestampISO")) or as_text(row.get("timestamp"))
        date = read_date(written, fetched_at=reading.fetched_at)
        identifier = as_text(row.get("pid"))
        answered = as_text(row.get("toPid")) or words.reply_to
        return Post(
            id=identifier or None,
            url=identifier if identifier.startswith("http") else f"{root}/post/{identifier}",
            author=_author(row),
            text=words.text,
            posted_at=date.posted_at,
            posted_text=written or None,
            posted_precision=date.precision,
            quoted=words.quoted,
            in_reply_to=answered if answered and answered not in (identifier, "0") else None,
        )

    def _threads(
        self, rows: list[dict[str, Any]], root: str, reading: Reading
    ) -> tuple[ThreadRef, ...]:
        found: dict[str, ThreadRef] = {}
        for row in rows:
            number, title = as_text(row.get("tid")), plain_text(as_text(row.get("title")))
            if not number or not title or row.get("deleted") or row.get("scheduled"):
                continue
            slug = as_text(row.get("slug")) or number
            posts = as_int(row.get("postcount"))
            replies = max(posts - 1, 0) if posts is not None else None
            last = as_text(row.get("lastposttimeISO")) or as_text(row.get("lastposttime"))
            teaser = as_dict(row.get("teaser"))
            url = self.thread_address(f"{root}/topic/{slug}")
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=title,
                    id=number,
                    replies=replies,
                    stamp=stamp_of(as_text(teaser.get("timestampISO")) or last, replies),
                    sticky=bool(as_int(row.get("pinned"))),
                    last_posted_at=read_date(last, fetched_at=reading.fetched_at).posted_at,
                ),
            )
        return tuple(found.values())

    def _categories(self, rows: Any, root: str) -> tuple[Link, ...]:
        """Categories and those below them; a category that is a link leads elsewhere."""
        found: dict[str, Link] = {}
        waiting = as_dicts(rows)
        while waiting and len(found) < _MOST_BOARDS:
            row = waiting.pop(0)
            number, name = as_text(row.get("cid")), plain_text(as_text(row.get("name")))
            if number.isdigit() and name and not row.get("link") and not row.get("disabled"):
                url = followable(f"{root}/category/{as_text(row.get('slug')) or number}")
                found.setdefault(url, Link(url=url, text=name))
            waiting[:0] = as_dicts(row.get("children"))
        return tuple(found.values())

    def _next(self, data: dict[str, Any], url: str) -> str | None:
        """The page after this one, in the words of the reply's own ``pagination``."""
        told = as_dict(as_dict(data.get("pagination")).get("next"))
        query = as_text(told.get("qs"))
        if not told.get("active") or not query:
            return None
        return followable(f"{url.partition('?')[0]}?{query}", drop=self.shown_only)


def _author(row: dict[str, Any]) -> str | None:
    user = as_dict(row.get("user"))
    name = as_text(user.get("username")) or as_text(user.get("displayname"))
    if name.startswith("[["):  # a key for the reader's language: a guest, who may have left a name
        name = ""
    return name or as_text(row.get("handle")) or None


def _root(url: str) -> str:
    """The forum's address: its host and the folder it lives in."""
    parts = urlsplit(url)
    path = parts.path.partition("/api/")[0]
    found = _PUBLIC.match(path)
    return f"{parts.scheme}://{parts.netloc}{found[1] if found else path.rstrip('/')}"

"""Hacker News: its pages, and the search API Algolia runs for it."""

from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.api_addresses import (
    is_below,
    moved_root,
    path_of,
    query_of,
    root_of,
    with_query,
)
from crawlers.forums.base import Adapter, Reading, count_of, stamp_of
from crawlers.forums.fields import attribute_of, first, select, text_of, value
from crawlers.forums.hackernews_api import API, SITE, lines_apart, read_reply
from crawlers.items import ForumPage, Post, ThreadRef

_LISTS = {
    "": "front_page", "/news": "front_page", "/front": "front_page", "/newest": "story",
    "/ask": "ask_hn", "/show": "show_hn", "/shownew": "show_hn", "/jobs": "job",
    "/newcomments": "comment",
}  # fmt: skip


class HackerNews(Adapter):
    """A thread is one reply of the API, however long; lists hold a hundred rows a page, ten pages.

    Times are UTC. Stories that are only a link have no words of their own and are no posts, but
    for one that stands alone on its page. Quotes are lines that begin with ``>``.
    """

    engine = "hackernews"
    hosts = (SITE, API)
    marker = "#hnmain"

    thread = "#hnmain tr.athing"
    thread_link = ".titleline a, a.storylink, .title a"
    title = ".fatitem .titleline a | .fatitem a.storylink"
    post = "table.fatitem:has(.toptext, .commtext), tr.comtr"
    post_id = "@id | tr.athing@id"
    author = "a.hnuser"
    date = ".age@title | .age"
    body = ".commtext | .toptext"
    permalink = ".age a"
    drop = ".reply"
    next = "a.morelink"

    # --- HTML ------------------------------------------------------------------------------

    def read_threads(self, document: Document, reading: Reading) -> tuple[ThreadRef, ...]:
        """A row's title leads away; its thread is the item of the row's number."""
        found: dict[str, ThreadRef] = {}
        if first(document.tree, "table.fatitem"):
            return ()  # an item of its own
        for row in select(document.tree, self.thread):
            number, link = attribute_of(row, "id"), first(row, self.thread_link)
            if not number.isdigit() or link is None or "comtr" in attribute_of(row, "class"):
                continue
            below = _next_row(row)
            replies = None
            for answer in select(below, "a[href*='item?id=']") if below else ():
                replies = count_of(text_of(answer)) if "comment" in text_of(answer) else replies
            url = f"{root_of(document.url)}/item?id={number}"
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=text_of(link),
                    id=number,
                    replies=replies,
                    stamp=stamp_of("", replies),
                ),
            )
        return tuple(found.values())

    def read_posts(self, document: Document, reading: Reading) -> tuple[Post, ...]:
        """As declared, each with the item its indent answers, its quoted lines apart."""
        posts = super().read_posts(document, replace(reading, timezone=None))
        parents = dict(_parents(document, self.thread_number(document)))
        return tuple(
            lines_apart(replace(post, in_reply_to=parents.get(post.id or ""))) for post in posts
        )

    def thread_number(self, document: Document) -> str | None:
        """The story's number; on a comment's own page the comment's."""
        return value(document.tree, "table.fatitem tr.athing@id") or super().thread_number(document)

    # --- API -------------------------------------------------------------------------------

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """Stories and comments for each query, newest first; else the lists, else the front page.

        A board is a list of the site: ``/ask``, ``/show``, ``/newest``, ``/newcomments``.
        """
        root = _api(base_url)
        asked = [
            _search(root, query=query, tags=tags)
            for query in queries
            for tags in ("story", "comment")
        ]
        return asked or [self.fetch_address(board) for board in boards or (base_url,)]

    def fetch_address(self, url: str) -> str:
        """The API's reply for an item or one of the site's lists."""
        path = path_of(url)
        if is_below(url, API) or path.startswith("/api/"):
            return url
        number = query_of(url, "id")
        if path == "/item" and number.isdigit():
            return f"{_api(url)}/api/v1/items/{number}"
        return _search(_api(url), tags=_LISTS[path]) if path in _LISTS else url

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """An item with all below it, or a page of search results."""
        return read_reply(document, reading)


def _api(url: str) -> str:
    return moved_root(url, ("ycombinator.com", API), f"https://{API}")


def _search(root: str, **values: str) -> str:
    return with_query(f"{root}/api/v1/search_by_date", **values, hitsPerPage=100)


def _next_row(row: LexborNode) -> LexborNode | None:
    node = row.next
    while node is not None and node.tag != "tr":
        node = node.next
    return node


def _parents(document: Document, story: str | None) -> Iterator[tuple[str, str | None]]:
    above: list[str] = []  # the comment last seen on each level
    for row in select(document.tree, "tr.comtr"):
        cell, spacer = first(row, "td.ind"), first(row, "td.ind img")
        indent = attribute_of(cell, "indent") if cell else ""
        width = attribute_of(spacer, "width") if spacer else ""
        if indent.isdigit() and len(indent) < 4:
            level = int(indent)
        else:
            level = int(width) // 40 if width.isdigit() and len(width) < 6 else 0
        del above[level:]
        number = attribute_of(row, "id")
        yield number, above[-1] if above else story
        above.append(number)

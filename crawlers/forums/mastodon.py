"""Mastodon: the public timeline of a tag, and what was answered to a post (``/api/v1``)."""

import re
from typing import Any
from urllib.parse import quote, unquote

from crawlers.document import Document
from crawlers.forums.api_addresses import path_of, query_of, root_of, with_query
from crawlers.forums.base import Adapter, Reading, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.texts.post_text import own_words
from crawlers.items import ForumPage, Post, ThreadRef

_TAG = re.compile(r"^/tags/([^/]+)$")
_STATUS = re.compile(r"^/@[^/]+/(\d{1,24})$")
_CONTEXT = re.compile(r"/api/v1/statuses/(\d{1,24})/context$")
_NEXT = re.compile(r"<([^<>]{1,2000})>\s*;\s*rel=\"?next\"?")
_NOT_IN_A_TAG = re.compile(r"[^\w]+")
_FULL = 40  # the most posts the API gives for one page


class Mastodon(Adapter):
    """A board or query is a tag (``/tags/NAME``): instances do not let strangers search.

    Boosts are no posts: they say once more what another said. Only public posts are read. The
    addresses of posts are the instance's own, which knows the posts of others by a number of its
    own. A post that opens a conversation is a thread; the API gives the answers without it.
    """

    engine = "mastodon"
    marker = "#mastodon[data-props], script#initial-state, link[href*='/packs/'] ~ #mastodon"
    generator = r"^Mastodon\b"

    # the pages of versions before 4, which were whole without scripts
    title = ""
    post = ".h-entry:has(.e-content)"
    post_id = "@data-id | a.u-url.u-uid@href | a.u-url@href"
    author = ".p-author .p-nickname | .display-name__account | .p-author"
    date = "time.dt-published@datetime | data.dt-published@value | time@datetime"
    body = ".e-content"
    permalink = "a.u-url.u-uid"
    next = ".pagination a.older, a[rel=next]"

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """The timeline of each tag asked for; without one, what is written on the instance."""
        tags = [_NOT_IN_A_TAG.sub("", query) for query in queries]
        root = root_of(base_url)
        asked = [self.fetch_address(f"{root}/tags/{quote(tag)}") for tag in tags if tag]
        return asked or [self.fetch_address(board) for board in boards or (base_url,)]

    def fetch_address(self, url: str) -> str:
        """The API's reply for a tag, a post's answers or the instance."""
        path, root = path_of(url), root_of(url)
        if found := _TAG.match(path):
            return with_query(
                f"{root}/api/v1/timelines/tag/{quote(unquote(found[1]))}", limit=_FULL
            )
        if found := _STATUS.match(path):
            return f"{root}/api/v1/statuses/{found[1]}/context"
        if path in ("", "/public/local", "/public"):
            return with_query(f"{root}/api/v1/timelines/public", local="true", limit=_FULL)
        return url

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """A timeline, or what stands before and after a post."""
        data, path = document.json, path_of(document.url)
        root = root_of(document.url)
        if isinstance(data, dict):
            return self._context(data, path, root, reading)
        rows = [row for row in as_dicts(data) if _is_status(row)]
        if not rows and (data or "/api/v1/timelines/" not in path):
            return None
        said = [row for row in rows if _is_own(row)]
        return ForumPage(
            engine=self.engine,
            kind="board",
            threads=tuple(_thread(row, root, reading) for row in said if _is_opening(row)),
            posts=_posts(said, root, reading, None),
            next=_older(document, rows),
        )

    def _context(
        self, data: dict[str, Any], path: str, root: str, reading: Reading
    ) -> ForumPage | None:
        before, after = data.get("ancestors"), data.get("descendants")
        if not isinstance(before, list) or not isinstance(after, list):
            return None
        rows = [row for row in as_dicts([*before, *after]) if _is_status(row)]
        status = _CONTEXT.search(path)
        if not rows and (before or after or not status):
            return None
        opening = next((row for row in rows if not row.get("in_reply_to_id")), None)
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=_posts(rows, root, reading, _address(opening, root) if opening else None),
            thread_id=as_text(opening["id"]) if opening else status[1] if status else None,
        )


def _is_status(row: dict[str, Any]) -> bool:
    account = as_dict(row.get("account"))
    named = "acct" in account and as_text(row.get("id")).isdigit()
    return named and {"content", "created_at", "in_reply_to_id"} <= row.keys()


def _is_own(row: dict[str, Any]) -> bool:
    return not row.get("reblog") and row.get("visibility", "public") in ("public", "unlisted")


def _is_opening(row: dict[str, Any]) -> bool:
    return not row.get("in_reply_to_id") and bool(as_int(row.get("replies_count")))


def _address(row: dict[str, Any], root: str) -> str:
    return f"{root}/@{as_text(row['account'].get('acct'))}/{as_text(row['id'])}"


def _thread(row: dict[str, Any], root: str, reading: Reading) -> ThreadRef:
    replies = as_int(row.get("replies_count"))
    written = as_text(row.get("last_reply_at")) or as_text(row["created_at"])
    return ThreadRef(
        url=_address(row, root),
        title=_beginning(row),
        id=as_text(row["id"]),
        replies=replies,
        stamp=stamp_of("", replies),
        last_posted_at=read_date(written, fetched_at=reading.fetched_at).posted_at
        if row.get("last_reply_at")
        else None,
    )


def _beginning(row: dict[str, Any]) -> str:
    """What stands for a title, which posts here have none of."""
    words = own_words(as_text(row["content"])).text.split()
    line = " ".join(words)
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"


def _posts(
    rows: list[dict[str, Any]], root: str, reading: Reading, thread: str | None
) -> tuple[Post, ...]:
    found: dict[str, Post] = {}
    for row in rows:
        if not _is_own(row):
            continue
        number, above = as_text(row["id"]), as_text(row.get("in_reply_to_id"))
        warning = as_text(row.get("spoiler_text"))
        words = own_words(as_text(row["content"]), drop=".invisible, .quote-inline")
        written = as_text(row["created_at"])
        date = read_date(written, fetched_at=reading.fetched_at)
        own = _address(row, root)
        found.setdefault(
            number,
            Post(
                id=number,
                url=own,
                author=as_text(row["account"].get("acct")) or None,
                text=f"{warning}\n{words.text}" if warning else words.text,
                posted_at=date.posted_at,
                posted_text=written or None,
                posted_precision=date.precision,
                quoted=words.quoted,
                in_reply_to=above or None,
                thread_url=thread or (own if not above else None),
            ),
        )
    return tuple(found.values())


def _older(document: Document, rows: list[dict[str, Any]]) -> str | None:
    """What the ``Link`` header names, else the posts before the last where a page was full."""
    linked = _NEXT.search(document.headers.get("link", "")[:8_000])
    if linked:
        url = document.join(linked[1], base=document.url)
        return url if url and root_of(url) == root_of(document.url) and rows else None
    if "link" in document.headers:
        return None
    given = query_of(document.url, "limit")
    limit = int(given) if re.fullmatch(r"[1-9]\d?", given) else 20  # the API's own default
    return with_query(document.url, max_id=as_text(rows[-1]["id"])) if len(rows) >= limit else None

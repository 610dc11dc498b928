"""Vanilla Forums: its HTML, and version 2 of its API."""

import re
from typing import Any
from urllib.parse import urlsplit

from bs4 import Tag
from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Adapter, Reading, id_in_address, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import attribute_of
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Link, Post, ThreadRef
from crawlers.urls import host_of

_NEXT = re.compile(r"<([^<>]{1,2000})>\s*;[^<,]*\brel=\"?next\b")
_QUOTED_COMMENT = re.compile(r"/discussion/comment/(\d{1,12})|#Comment_(\d{1,12})")
_QUOTED_DISCUSSION = re.compile(r"/discussion/(\d{1,12})")


class Vanilla(Adapter):
    """A thread's first post is the discussion, the others are comments, numbered apart from each
    other: ids are ``discussion/12`` and ``comment/34``. Times carry their offset.

    The HTML has all the API has, in fewer requests, so that is read; replies of the API are
    understood where someone names its address.
    """

    engine = "vanilla"
    marker = (
        ".ItemDiscussion .Message, .ItemComment .Message, li.ItemDiscussion, tr.ItemDiscussion,"
        " body.Vanilla, .DataList.Discussions .Item"
    )
    cookies = ("Vanilla-tk", "Vanilla-Vv", "Vanilla-ssk", "vf_")

    board = (
        ".CategoryList .ItemContent a[href*='/categor'], .CategoryTable h2 a, .CategoryTable h3 a,"
        " .CategoryGroup h3 a, .CategoryList .CategoryName a, .CategoryListItem h2 a"
    )
    thread = "li.ItemDiscussion, tr.ItemDiscussion, .DataList.Discussions > .Item:has(.Title)"
    thread_link = "a.Title, .Title a, .DiscussionName a"
    thread_id = "@id"
    thread_replies = (
        ".CommentCount .Number@title | .CommentCount | .CountComments .Number@title"
        " | .CountComments .Number"
    )
    thread_stamp = (
        ".LastCommentDate time@datetime | .LastUser time@datetime | .CommentDate time@datetime"
        " | .LastDiscussionTitle time@datetime | time@datetime"
    )
    sticky = ".Tag-Announcement, .Announcement"

    title = ".PageTitle h1 | #Item_0 h1 | h1"
    post = "div[id^=Discussion_]:has(.Message), li.ItemComment[id^=Comment_], div.ItemComment"
    post_id = "@id"
    author = ".Author .Username | a.Username | .Author a:not(.PhotoWrap)"
    date = ".DateCreated time@datetime | .Meta time@datetime | time@datetime"
    body = ".Message"
    permalink = ".DateCreated a.Permalink, a.Permalink"
    quote = "blockquote, .UserQuote, .Quote"
    drop = (
        ".Signature, .UserSignature, .Reactions, .PollBox, .embedExternal, .js-embed, .Flag,"
        " .spoiler-buttonContainer"
    )
    next = "link[rel=next], .Pager a.Next, a.Next[rel=next]"

    def thread_number_in(self, row: LexborNode, url: str) -> str | None:
        """The number of ``Discussion_12``, else of the address."""
        found = re.fullmatch(r"Discussion_(\d{1,12})", attribute_of(row, "id"))
        named = _QUOTED_DISCUSSION.search(url)
        return found[1] if found else named[1] if named else id_in_address(url)

    def thread_number(self, document: Document) -> str | None:
        """The number after ``/discussion/``."""
        found = _QUOTED_DISCUSSION.search(self.page_address(document))
        return found[1] if found else super().thread_number(document)

    def post_identifier(self, node: LexborNode) -> str | None:
        """``discussion/12`` or ``comment/34``."""
        found = re.search(r"(Discussion|Comment)_(\d{1,12})$", attribute_of(node, "id"))
        return f"{found[1].lower()}/{found[2]}" if found else None

    def replies_to(self, quote: Tag) -> str | None:
        """The post a quote's links lead to."""
        for link in quote.select("a[href]")[:4]:
            if found := _QUOTED_COMMENT.search(str(link["href"])):
                return f"comment/{found[1] or found[2]}"
            if found := _QUOTED_DISCUSSION.search(str(link["href"])):
                return f"discussion/{found[1]}"
        return None

    # --- JSON ------------------------------------------------------------------------------

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """Discussions, one discussion, its comments, or categories."""
        if "/api/v2/" not in urlsplit(document.url).path:
            return None
        rows = as_dicts(document.json)
        following = self._next(document)
        if rows and all("commentID" in row for row in rows):
            posts = {
                as_text(row["commentID"]): self._post(row, document.url, reading) for row in rows
            }
            number = as_text(rows[0].get("discussionID"))
            return ForumPage(
                engine=self.engine, kind="topic", posts=tuple(posts.values()),
                thread_title=re.sub(r"^Re: ", "", plain_text(as_text(rows[0].get("name")))) or None,
                thread_id=number or None, next=following,
            )  # fmt: skip
        if rows and all("discussionID" in row for row in rows):
            if isinstance(document.json, list):
                return ForumPage(
                    engine=self.engine, kind="board", threads=self._threads(rows, reading),
                    next=following,
                )  # fmt: skip
            return self._discussion(rows[0], document, reading)
        if rows and all("categoryID" in row for row in rows):
            return ForumPage(engine=self.engine, kind="index", boards=_categories(rows))
        return None

    def _discussion(self, row: dict[str, Any], document: Document, reading: Reading) -> ForumPage:
        number = as_text(row["discussionID"])
        comments = (
            f"{document.url.partition('/api/v2/')[0]}/api/v2/comments"
            f"?discussionID={number}&expand=insertUser&limit=100"
        )
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=(self._post(row, document.url, reading),),
            thread_title=plain_text(as_text(row.get("name"))) or None,
            thread_id=number,
            next=comments if as_int(row.get("countComments")) else None,
        )

    def _post(self, row: dict[str, Any], page: str, reading: Reading) -> Post:
        words = own_words(
            as_text(row.get("body")), quote=self.quote, drop=self.drop, quoted_id=self.replies_to
        )
        written = as_text(row.get("dateInserted"))
        date = read_date(written, fetched_at=reading.fetched_at)
        comment = as_text(row.get("commentID"))
        identifier = (
            f"comment/{comment}" if comment else f"discussion/{as_text(row.get('discussionID'))}"
        )
        parent = as_text(row.get("parentCommentID"))
        return Post(
            id=identifier,
            url=as_text(row.get("url")) or as_text(row.get("canonicalUrl")) or page,
            author=as_text(as_dict(row.get("insertUser")).get("name")) or None,
            text=words.text,
            posted_at=date.posted_at,
            posted_text=written or None,
            posted_precision=date.precision,
            quoted=words.quoted,
            in_reply_to=f"comment/{parent}" if parent and parent != "0" else words.reply_to,
        )

    def _threads(self, rows: list[dict[str, Any]], reading: Reading) -> tuple[ThreadRef, ...]:
        found: dict[str, ThreadRef] = {}
        for row in rows:
            url = as_text(row.get("canonicalUrl")) or as_text(row.get("url"))
            title = plain_text(as_text(row.get("name")))
            if not url.startswith("http") or not title:
                continue
            replies = as_int(row.get("countComments"))
            last = as_text(row.get("dateLastComment")) or as_text(row.get("dateInserted"))
            url = self.thread_address(url)
            found.setdefault(
                url,
                ThreadRef(
                    url=url,
                    title=title,
                    id=as_text(row.get("discussionID")) or None,
                    replies=replies,
                    stamp=stamp_of(last, replies),
                    sticky=bool(row.get("pinned")),
                    last_posted_at=read_date(last, fetched_at=reading.fetched_at).posted_at,
                ),
            )
        return tuple(found.values())

    def _next(self, document: Document) -> str | None:
        """The API names its next page in the ``Link`` header (RFC 8288)."""
        found = _NEXT.search(document.headers.get("link", "")[:8_000])
        url = document.join(found[1], base=document.url) if found else None
        return url if url and host_of(url) == host_of(document.url) else None


def _categories(rows: list[dict[str, Any]]) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    waiting = list(rows)
    while waiting and len(found) < 2_000:
        row = waiting.pop(0)
        url, name = as_text(row.get("url")), plain_text(as_text(row.get("name")))
        if url.startswith("http") and name:
            found.setdefault(url, Link(url=url, text=name))
        waiting[:0] = as_dicts(row.get("children"))
    return tuple(found.values())

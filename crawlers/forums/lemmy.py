"""Lemmy: the read API of any instance (``/api/v3``)."""

import re
from typing import Any

from crawlers.document import Document
from crawlers.forums.api_addresses import page_of, path_of, query_of, root_of, with_query
from crawlers.forums.base import Adapter, Reading, stamp_of
from crawlers.forums.dates.reading import DateRead, read_date
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.texts.line_quotes import plain_words, quotes_apart
from crawlers.items import ForumPage, Post, ThreadRef

_POST = re.compile(r"/post/(\d{1,12})$")
_COMMUNITY = re.compile(r"/c/([^/]+)$")
_LIST = re.compile(r"/api/v\d/(?:post/list|comment/list|search)$")
_FULL = 50  # the most rows the API gives for one page


class Lemmy(Adapter):
    """Lists come by newest comment, so that old threads with new posts stand first.

    Texts are Markdown, times UTC (older versions leave the zone out). Posts and comments are
    numbered apart: the post that opens a thread has the id ``p`` and its number, and where it is
    but a link or a picture, its title is what its author wrote. What was deleted or removed is no
    post. A board is a community, ``/c/NAME`` or ``/c/NAME@other.instance``.
    """

    engine = "lemmy"
    marker = "#app.lemmy-site, .lemmy-site"

    # its pages, where an instance closes its API
    title = ".post-listing h1 | h1"
    post = "article.comment-node[id^=comment-], div.comment-node[id^=comment-]"
    author = "a.person-listing | a[href^='/u/']"
    date = "time@datetime | .moment-time@data-tippy-content | .moment-time"
    body = ".comment-content .md-div | .comment-content | .md-div"

    def entry_urls(
        self, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
    ) -> list[str]:
        """A search for each query, else the communities asked for, else what is written here."""
        search = f"{root_of(base_url)}/api/v3/search"
        asked = [
            with_query(search, q=query, type_=kind, sort="New", limit=_FULL, page=1)
            for query in queries
            for kind in ("Posts", "Comments")
        ]
        return asked or [self.fetch_address(board) for board in boards or (base_url,)]

    def fetch_address(self, url: str) -> str:
        """The API's reply for a post, a community or the instance."""
        path, root = path_of(url), root_of(url)
        if found := _POST.match(path):
            return with_query(f"{root}/api/v3/post", id=found[1])
        newest = with_query(f"{root}/api/v3/post/list", sort="NewComments", limit=_FULL)
        if found := _COMMUNITY.match(path):
            return with_query(newest, community_name=found[1])
        return with_query(newest, type_="Local") if path == "" else url

    def read_json(self, document: Document, reading: Reading) -> ForumPage | None:
        """A post, lists of posts and comments, search results, told by their parts."""
        data, url = as_dict(document.json), document.url
        root = root_of(url)
        view = as_dict(data.get("post_view"))
        if view:
            return self._opening(view, root, reading) if _is_view(view, "post") else None
        posts, comments = data.get("posts"), data.get("comments")
        if not isinstance(posts, list) and not isinstance(comments, list):
            return None
        opened = [row for row in as_dicts(posts) if _is_view(row, "post")]
        answers = [row for row in as_dicts(comments) if _is_view(row, "comment")]
        if not (opened or answers) and (posts or comments or not _LIST.search(path_of(url))):
            return None
        return ForumPage(
            engine=self.engine,
            kind="topic" if query_of(url, "post_id") else "board",
            threads=_threads(opened, root, reading),
            posts=tuple(
                {
                    post.id: post
                    for row in answers
                    if _stands(as_dict(row["comment"])) and (post := _comment(row, root, reading))
                }.values()
            ),
            thread_id=query_of(url, "post_id") or None,
            thread_title=_title(answers[0]) if answers and query_of(url, "post_id") else None,
            next=_next(url, data, len(as_dicts(posts)), len(as_dicts(comments))),
        )

    def _opening(self, view: dict[str, Any], root: str, reading: Reading) -> ForumPage:
        post = as_dict(view["post"])
        number = as_text(post["id"])
        text, quoted = quotes_apart(plain_words(as_text(post.get("body"))))
        date = _date(post, reading)
        thread = f"{root}/post/{number}"
        opening = Post(
            id=f"p{number}",
            url=thread,
            author=_author(view),
            text=text or ("" if quoted else _title(view) or ""),
            posted_at=date.posted_at,
            posted_text=as_text(post.get("published")) or None,
            posted_precision=date.precision,
            quoted=quoted,
            thread_url=thread,
            thread_title=_title(view),
        )
        comments = with_query(
            f"{root}/api/v3/comment/list", post_id=number, type_="All", sort="Old", limit=_FULL,
            page=1,
        )  # fmt: skip
        silent = as_int(as_dict(view.get("counts")).get("comments")) == 0
        return ForumPage(
            engine=self.engine,
            kind="topic",
            posts=(opening,) if _stands(post) else (),
            thread_title=_title(view),
            thread_id=number,
            more=() if silent else (comments,),
        )


def _is_view(row: dict[str, Any], kind: str) -> bool:
    creator, part = as_dict(row.get("creator")), as_dict(row.get(kind))
    return "name" in creator and as_text(part.get("id")).isdigit() and "ap_id" in part


def _stands(part: dict[str, Any]) -> bool:
    return not (part.get("deleted") or part.get("removed"))


def _author(view: dict[str, Any]) -> str | None:
    """The account's name; people are known by it, ``display_name`` changes and repeats."""
    return as_text(as_dict(view["creator"]).get("name")) or None


def _title(view: dict[str, Any]) -> str | None:
    return plain_words(as_text(as_dict(view.get("post")).get("name"))) or None


def _date(part: dict[str, Any], reading: Reading) -> DateRead:
    written = as_text(part.get("published")) or as_text(part.get("published_at"))
    return read_date(written, fetched_at=reading.fetched_at)


def _threads(rows: list[dict[str, Any]], root: str, reading: Reading) -> tuple[ThreadRef, ...]:
    found: dict[str, ThreadRef] = {}
    for row in rows:
        post, counts = as_dict(row["post"]), as_dict(row.get("counts"))
        number, replies = as_text(post["id"]), as_int(counts.get("comments"))
        newest = as_text(counts.get("newest_comment_time")) or as_text(post.get("published"))
        if not _stands(post):
            continue
        found.setdefault(
            number,
            ThreadRef(
                url=f"{root}/post/{number}",
                title=_title(row) or number,
                id=number,
                replies=replies,
                stamp=stamp_of(newest, replies),
                sticky=bool(post.get("featured_community") or post.get("featured_local")),
                last_posted_at=read_date(newest, fetched_at=reading.fetched_at).posted_at,
            ),
        )
    return tuple(found.values())


def _comment(row: dict[str, Any], root: str, reading: Reading) -> Post:
    comment = as_dict(row["comment"])
    number = as_text(comment["id"])
    thread = as_text(comment.get("post_id")) or as_text(as_dict(row.get("post")).get("id"))
    above = as_text(comment.get("path")).split(".")[1:-1]  # 0.12.34: 34 answers 12
    text, quoted = quotes_apart(plain_words(as_text(comment.get("content"))))
    date = _date(comment, reading)
    return Post(
        id=number,
        url=f"{root}/comment/{number}",
        author=_author(row),
        text=text,
        posted_at=date.posted_at,
        posted_text=as_text(comment.get("published")) or None,
        posted_precision=date.precision,
        quoted=quoted,
        in_reply_to=above[-1] if above else (f"p{thread}" if thread else None),
        thread_url=f"{root}/post/{thread}" if thread else None,
        thread_title=_title(row),
    )


def _next(url: str, data: dict[str, Any], posts: int, comments: int) -> str | None:
    """The cursor where the instance gives one, else the next number while pages are full."""
    cursor = as_text(data.get("next_page"))
    if cursor and (posts or comments):
        return with_query(url, page=None, page_cursor=cursor)
    given = query_of(url, "limit")
    limit = int(given) if re.fullmatch(r"[1-9]\d{0,2}", given) else 10  # the API's own default
    if max(posts, comments) < limit or query_of(url, "page_cursor"):
        return None
    return with_query(url, page=page_of(url) + 1)

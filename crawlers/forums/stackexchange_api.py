"""Replies of the Stack Exchange API 2.3, and the addresses they are asked for at. Pure."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from crawlers.document import Document
from crawlers.forums.api_addresses import (
    is_below,
    moved_root,
    page_of,
    path_of,
    query_of,
    root_of,
    with_query,
)
from crawlers.forums.base import Reading, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Post, ThreadRef
from crawlers.urls import host_of

ENGINE = "stackexchange"
API = "api.stackexchange.com"
NETWORK = (
    "stackexchange.com", "stackoverflow.com", "superuser.com", "serverfault.com", "askubuntu.com",
    "mathoverflow.net", "stackapps.com",
)  # fmt: skip
_OWN_DOMAIN = ("stackoverflow", "superuser", "serverfault", "askubuntu", "stackapps")
_ONE = re.compile(r"/questions/(\d{1,12})(/answers)?$")
_MOST_IDS = 99  # the API takes a hundred ids in one address, the question's among them

NEWEST: dict[str, str | int] = {"order": "desc", "sort": "activity", "pagesize": 100}
_OLDEST: dict[str, str | int] = {"order": "asc", "sort": "creation", "filter": "withbody"}


def ask(url: str, path: str, **values: str | int) -> str:
    """Where the API answers for a site, the site named by its public address."""
    root = moved_root(url, NETWORK, f"https://{API}")
    return with_query(f"{root}/2.3/{path}", **values, site=_site(host_of(url)))


def read_reply(document: Document, reading: Reading) -> ForumPage | None:
    """What a reply of the API holds; ``None`` where it is none, or tells of an error."""
    data = as_dict(document.json)
    given, url = data.get("items"), document.url
    if "error_id" in data or not isinstance(given, list) or "has_more" not in data:
        return None
    items = [row for row in as_dicts(given) if _numbered(row)]
    if not items and (given or "quota_remaining" not in data):
        return None
    one = _ONE.search(path_of(url))
    question = one[1] if one else None
    root = _site_root(url, items)
    after = with_query(url, page=page_of(url) + 1) if data["has_more"] is True else None
    asked = [row for row in items if _is_question(row)]
    single = len(asked) == 1 and "body" in asked[0] and question == _number(asked[0])
    if (asked and not single) or not (items or one or "/comments" in url):
        threads = _threads(asked, root, reading)
        return ForumPage(engine=ENGINE, kind="board", threads=threads, next=after)
    posts: dict[str | None, Post] = {}
    for row in items:
        for post in _posts(row, root, reading):
            posts.setdefault(post.id, post)
    return ForumPage(
        engine=ENGINE,
        kind="topic",
        posts=tuple(posts.values()),
        thread_title=_title(asked[0]) if asked else None,
        thread_id=question or (as_text(items[0].get("question_id")) or None if items else None),
        next=after,
        more=tuple(_rest(url, question, items)) if question else (),
    )


def _site(host: str) -> str:
    """The name the API knows a site by: its host, shorter where that is the custom."""
    host = host.removeprefix("www.")
    if is_below(f"https://{host}", "stackexchange.com"):
        return host.removesuffix(".stackexchange.com")
    name = host.removesuffix(".com")
    return name if name.rsplit(".", 1)[-1] in _OWN_DOMAIN else host


def _site_root(url: str, items: list[dict[str, Any]]) -> str:
    """Where people read what an address of the API holds."""
    if not is_below(url, API):
        return root_of(url)
    linked = next((root_of(as_text(row.get("link"))) for row in items if row.get("link")), "")
    if is_below(linked, *NETWORK):
        return linked
    given = query_of(url, "site")
    site = given if re.fullmatch(r"[a-z0-9.-]{1,60}", given) else "stackoverflow"
    if site.endswith((".com", ".net")):
        return f"https://{site}"
    own = site.rsplit(".", 1)[-1] in _OWN_DOMAIN
    return f"https://{site}.com" if own else f"https://{site}.stackexchange.com"


def _rest(url: str, question: str, items: list[dict[str, Any]]) -> Iterator[str]:
    """What else belongs to a question: its answers, then all comments under both."""
    root, site = root_of(url), query_of(url, "site")
    first = items[0] if items else {}
    if _is_question(first):
        if "answers" in first:
            return  # a filter of one's own, which gives all at once
        if as_int(first.get("answer_count")) != 0:
            path = f"{root}/2.3/questions/{question}/answers"
            yield with_query(path, **_OLDEST, pagesize=_MOST_IDS, site=site)
            return
    answers = [_number(row) for row in items if row.get("answer_id")][:_MOST_IDS]
    ids = ";".join([question, *answers])
    yield with_query(f"{root}/2.3/posts/{ids}/comments", **_OLDEST, pagesize=100, site=site)


def _number(row: dict[str, Any]) -> str:
    """An item's own number; a comment's with its letter."""
    comment = as_text(row.get("comment_id"))
    number = as_text(row.get("answer_id")) or as_text(row.get("question_id"))
    return f"c{comment}" if comment else number


def _numbered(row: dict[str, Any]) -> bool:
    return re.fullmatch(r"c?\d{1,15}", _number(row)) is not None


def _is_question(row: dict[str, Any]) -> bool:
    return "title" in row and not row.get("answer_id") and not row.get("comment_id")


def _title(row: dict[str, Any]) -> str:
    return plain_text(as_text(row.get("title")))


def _threads(rows: list[dict[str, Any]], root: str, reading: Reading) -> tuple[ThreadRef, ...]:
    found: dict[str, ThreadRef] = {}
    for row in rows:
        number, active = _number(row), as_text(row.get("last_activity_date"))
        if not _title(row):
            continue
        found.setdefault(
            number,
            ThreadRef(
                url=f"{root}/questions/{number}",
                title=_title(row),
                id=number,
                replies=as_int(row.get("answer_count")),
                stamp=stamp_of(active, as_int(row.get("answer_count"))),
                last_posted_at=read_date(active, fetched_at=reading.fetched_at).posted_at,
            ),
        )
    return tuple(found.values())


def _posts(row: dict[str, Any], root: str, reading: Reading) -> Iterator[Post]:
    """A question, answer or comment with what a filter may have put inside it."""
    waiting = [row]
    while waiting:
        part = waiting.pop()
        inner = [*as_dicts(part.get("comments")), *as_dicts(part.get("answers"))]
        waiting.extend(one for one in reversed(inner) if _numbered(one))
        if "body" in part:
            yield _post(part, root, reading)


def _post(row: dict[str, Any], root: str, reading: Reading) -> Post:
    number, question = _number(row), as_text(row.get("question_id"))
    above = as_text(row.get("post_id")) if row.get("comment_id") else question
    words = own_words(as_text(row["body"]))
    written = as_text(row.get("creation_date"))
    date = read_date(written, fetched_at=reading.fetched_at)
    if row.get("comment_id"):
        url = f"{root}/q/{above}#comment{number[1:]}_{above}"
    else:
        url = f"{root}/{'a' if row.get('answer_id') else 'questions'}/{number}"
    owner = as_dict(row.get("owner"))
    return Post(
        id=number,
        url=url,
        author=unescape(as_text(owner.get("display_name"))).strip() or None,
        text=words.text,
        posted_at=date.posted_at,
        posted_text=written or None,
        posted_precision=date.precision,
        quoted=words.quoted,
        in_reply_to=above if above != number else None,
        thread_url=f"{root}/questions/{question}" if question else None,
        thread_title=(_title(row) or None) if _is_question(row) else None,
    )

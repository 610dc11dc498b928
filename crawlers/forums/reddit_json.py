"""The JSON beside Reddit's pages. Pure."""

import math
import re
from html import unescape
from typing import Any

from crawlers.document import Document
from crawlers.forums.api_addresses import root_of, with_query
from crawlers.forums.base import Reading, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Post, ThreadRef

ENGINE = "reddit"
THREAD = re.compile(r"^(/r/[^/]+/comments/[a-z0-9]{1,12})(?:/|$)")
"""The path of a thread, without its words and without a comment."""
GONE = frozenset({"[deleted]", "[removed]", "[ Removed by moderator ]"})
"""What stands where an author or a moderator took words away."""
_MOST = 5_000


def read_reply(document: Document, reading: Reading) -> ForumPage | None:
    """What a listing holds, or the two of a thread; ``None`` where it is none."""
    data = document.json
    parts = data if isinstance(data, list) else [data]
    listings = [as_dict(part) for part in parts[:3]]
    if not listings or any(part.get("kind") != "Listing" for part in listings):
        return None
    root = root_of(document.url)
    bodies = [as_dict(part.get("data")) for part in listings]
    rows = [row for body in bodies for row in as_dicts(body.get("children"))]
    if isinstance(data, list) and len(parts) > 1:
        return _thread(rows, root, reading)
    if any(row.get("kind") not in ("t3", "more") for row in rows):
        return None
    after = as_text(bodies[0].get("after"))
    return ForumPage(
        engine=ENGINE,
        kind="board",
        threads=_threads(rows, root),
        next=with_query(document.url, after=after) if after and rows else None,
    )


def _thread(rows: list[dict[str, Any]], root: str, reading: Reading) -> ForumPage | None:
    found: dict[str, Post] = {}
    more: dict[str, None] = {}
    title = thread = None
    waiting = rows[::-1]
    while waiting and len(found) < _MOST:
        row = waiting.pop()
        part = as_dict(row.get("data"))
        inner = as_dict(as_dict(part.get("replies")).get("data"))
        waiting.extend(reversed(as_dicts(inner.get("children"))))
        if row.get("kind") == "t3":
            title, thread = plain_text(as_text(part.get("title"))), as_text(part.get("id"))
        if row.get("kind") == "more" and thread:
            above = as_text(part.get("parent_id"))
            focus = f"/_/{above[3:]}" if above.startswith("t1_") else ""
            if focus:  # folded below a comment: its own page shows it
                more[f"{root}/comments/{thread}{focus}.json?limit=500&raw_json=1"] = None
        post = _post(part, root, reading) if row.get("kind") in ("t1", "t3") else None
        if post is not None:
            found.setdefault(post.id or "", post)
    if thread is None:
        return None
    return ForumPage(
        engine=ENGINE,
        kind="topic",
        posts=tuple(found.values()),
        thread_title=title or None,
        thread_id=thread,
        more=tuple(more),
    )


def _threads(rows: list[dict[str, Any]], root: str) -> tuple[ThreadRef, ...]:
    found: dict[str, ThreadRef] = {}
    for row in rows:
        part = as_dict(row.get("data"))
        link = THREAD.match(as_text(part.get("permalink")))
        title, replies = plain_text(as_text(part.get("title"))), as_int(part.get("num_comments"))
        if not link or not title:
            continue
        found.setdefault(
            link[1],
            ThreadRef(
                url=f"{root}{link[1]}",
                title=title,
                id=as_text(part.get("id")) or None,
                replies=replies,
                stamp=stamp_of("", replies),
                sticky=bool(part.get("stickied")),
            ),
        )
    return tuple(found.values())


def _post(part: dict[str, Any], root: str, reading: Reading) -> Post | None:
    name, link = as_text(part.get("name")), as_text(part.get("permalink"))
    markup = as_text(part.get("body_html")) or as_text(part.get("selftext_html"))
    if markup.lstrip().startswith("&lt;"):  # without raw_json=1 the HTML comes escaped once more
        markup = unescape(markup)
    words = own_words(markup)
    text = words.text or ("" if words.quoted else plain_text(as_text(part.get("title"))))
    if not re.fullmatch(r"t[13]_[a-z0-9]{1,12}", name) or text in GONE:
        return None
    created = part.get("created_utc")
    told = isinstance(created, (int, float)) and math.isfinite(created) and created > 0
    written = str(int(created)) if told and isinstance(created, (int, float)) else ""
    date = read_date(written, fetched_at=reading.fetched_at)
    thread = THREAD.match(link)
    author = as_text(part.get("author"))
    return Post(
        id=name,
        url=f"{root}{link}" if link.startswith("/") else root,
        author=author if author and author not in GONE else None,
        text=text,
        posted_at=date.posted_at,
        posted_text=written or None,
        posted_precision=date.precision,
        quoted=words.quoted,
        in_reply_to=as_text(part.get("parent_id")) or None,
        thread_url=f"{root}{thread[1]}" if thread else None,
    )

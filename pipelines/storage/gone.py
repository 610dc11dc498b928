"""Noticing what is gone: posts a page no longer shows, threads that answer 404.

Nothing is deleted here: what was said was said, and counts; the pages say that it is gone.
"""

import re
import sqlite3
from itertools import pairwise

from crawlers.items import ForumItem, ForumPage, Target
from pipelines.storage.times import utc_text

_NUMBER = re.compile(r"\d{1,18}$")


def mark_gone(connection: sqlite3.Connection, thread_id: int, item: ForumItem) -> None:
    """Mark the thread's stored posts that should stand on this page and do not.

    Where the page holds the whole thread, that is every other post of it. Where it holds a part,
    ids that rise from post to post say which part: what lies between the last post of the page
    before and its own last (after its last, on the last page) should be there. Pages in another
    order tell nothing. Where the page before was not read, more missing posts than half of a page
    are not believed: some engines repeat the opening post on every page.
    """
    page, seen = item.page, utc_text(item.fetch.fetched_at)
    first, last = bool(item.target.meta.get("first")), page.next is None
    shown = {post.key for post in page.posts}
    stored = connection.execute(
        "SELECT id, key, engine_id FROM posts WHERE thread_id = ? AND gone_at IS NULL",
        (thread_id,),
    ).fetchall()
    missing = [(id_, engine_id) for id_, key, engine_id in stored if key not in shown]
    if not missing or not page.posts:
        return
    if not (first and last):
        after = None if first else _number(item.target.meta.get("after"))
        missing = _between(page, missing, after=after, first=first, last=last)
        if after is None and not first and len(missing) * 2 > len(page.posts):
            return
    connection.executemany(
        "UPDATE posts SET gone_at = ? WHERE id = ?", [(seen, id_) for id_, _ in missing]
    )


def thread_gone(connection: sqlite3.Connection, target: Target, at: str) -> None:
    """A known thread answered 404 or 410."""
    url = target.meta.get("thread")
    if not url or not target.meta.get("first"):
        return  # a page of it: the thread may have become shorter
    connection.execute(
        "UPDATE posts SET gone_at = ? WHERE gone_at IS NULL AND thread_id = "
        "(SELECT id FROM threads WHERE url = ?)",
        (at, url),
    )
    connection.execute("UPDATE threads SET gone_at = ? WHERE url = ?", (at, url))


def _between(
    page: ForumPage,
    missing: list[tuple[int, str | None]],
    *,
    after: int | None,
    first: bool,
    last: bool,
) -> list[tuple[int, str | None]]:
    numbers = [_number(post.id) for post in page.posts]
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers) or any(a >= b for a, b in pairwise(known)):
        return []
    start = known[0] if after is None else after
    return [
        (id_, engine_id)
        for id_, engine_id in missing
        if (number := _number(engine_id)) is not None
        and (first or number > start)
        and (last or number < known[-1])
    ]


def _number(engine_id: str | None) -> int | None:
    found = _NUMBER.search(engine_id or "")
    return int(found[0]) if found else None

"""What every answer rests on: which posts count, who counts as one person, how many are enough."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from analysis.questions.decided import STAGE_DECISIONS
from analysis.questions.intervals import wilson

MINIMUM_PEOPLE = 5
"""Below so many distinct people an answer about people says "too few" instead of a finding."""

PERSON = "p.forum || '/' || coalesce(p.author, 'thread ' || p.thread_id)"
"""Who speaks in ``posts p``, as SQL: an author of a forum.

The same name on two forums may be two people and counts as two. Posts without an author's name
count as one person a thread, so that a nameless forum cannot inflate a number.
"""

OWN = "(SELECT id FROM forums WHERE own = 1)"
"""The researcher's own sources, as SQL; public answers leave their posts out."""


COUNTED = "counted AS (SELECT * FROM voices)"
"""Posts that count as demand's voice, as a common table expression: public, no copies, no sellers.

``voices`` is a view; within :func:`hearing` it is a table of this connection, cut to a time range.
"""


@contextmanager
def hearing(conn: sqlite3.Connection) -> Iterator[Callable[[str | None], None]]:
    """Make ``voices`` a temporary table while a pass asks it many times over.

    People stand in it as numbers: distinct numbers are counted several times faster than names.
    Stages are those that hold now: a researcher's before the rules'.

    :yields: ``cut(since)``: keep the posts since a day only. Ranges are cut from the longest to the
        shortest; what was cut does not come back.
    """
    conn.execute("DROP TABLE IF EXISTS temp.voices")
    conn.execute(
        "CREATE TEMP TABLE voices (id INTEGER PRIMARY KEY, forum TEXT, thread_id INTEGER, "
        "url TEXT, lang TEXT, posted_at TEXT, posted_precision TEXT, timezone TEXT, "
        "person INTEGER, stage TEXT, need TEXT, budget TEXT, authority TEXT, pain INTEGER, "
        "praise INTEGER, objection INTEGER, poor_fit INTEGER, suggestion INTEGER, barrier TEXT)"
    )
    conn.execute(
        "INSERT INTO temp.voices SELECT id, forum, thread_id, url, lang, posted_at, "
        "posted_precision, timezone, dense_rank() OVER (ORDER BY person), stage, need, budget, "
        "authority, pain, praise, objection, poor_fit, suggestion, barrier FROM main.voices"
    )
    conn.execute(
        f"UPDATE temp.voices SET stage = decided.stage FROM {STAGE_DECISIONS} decided "
        "WHERE decided.post_id = voices.id"
    )
    conn.execute("CREATE INDEX temp.voices_posted ON voices (posted_at, id)")

    def cut(since: str | None) -> None:
        if since is not None:
            conn.execute(
                "DELETE FROM temp.voices WHERE posted_at IS NULL OR posted_at < ?", (since,)
            )

    try:
        yield cut
    finally:
        conn.execute("DROP TABLE IF EXISTS temp.voices")


def one_row(conn: sqlite3.Connection, sql: str, parameters: tuple[object, ...] = ()) -> Any:
    """The first row of a query that always has one."""
    return conn.execute(sql, parameters).fetchone()


def sample(conn: sqlite3.Connection, where: str = "1") -> dict[str, Any]:
    """Size and age of the posts an answer rests on.

    :param where: a condition on ``counted``, written by us, never taken from a request.
    :returns: ``posts``, ``people``, ``since``, ``until`` (UTC, of the posts), ``enough``.
    """
    posts, people, since, until = one_row(
        conn,
        f"WITH {COUNTED} SELECT count(*), count(DISTINCT person), min(posted_at), max(posted_at) "
        f"FROM counted WHERE {where}",
    )
    return {
        "posts": posts,
        "people": people,
        "since": since,
        "until": until,
        "enough": people >= MINIMUM_PEOPLE,
    }


def share(people: int, of: int) -> dict[str, Any]:
    """A part of a sample of distinct people, as every answer tells it.

    :returns: ``people``, ``of``, ``share`` (``None`` of nobody), the 95 % limits ``low`` and
        ``high`` (Wilson 1927), ``enough``: whether ``of`` reaches the minimum sample. Six decimals:
        a share cut to whole thousandths rounds to another whole percent than the share does.
    """
    low, high = wilson(people, of)
    return {
        "people": people,
        "of": of,
        "share": round(people / of, 6) if of else None,
        "low": round(low, 6),
        "high": round(high, 6),
        "enough": of >= MINIMUM_PEOPLE,
    }


def quotes(
    conn: sqlite3.Connection,
    subject: str,
    post_filter: str,
    parameters: tuple[str, ...] = (),
    *,
    limit: int = 3,
) -> list[dict[str, Any]]:
    """The words behind a claim of the demand reading: newest first, one a person.

    :param subject: the claim (``barrier``, ``pain``, ``suggestion``, ...).
    :param post_filter: a condition on ``counted``, written by us.
    :param parameters: the values of its question marks.
    """
    # CROSS JOIN: newest posts first, the proof of each by its key, and done after forty. Left free,
    # SQLite may walk the proof and look through all posts for each.
    found = conn.execute(
        f"WITH {COUNTED} "
        "SELECT c.id, e.quote, c.url, e.fetched_at, c.lang, c.posted_at, c.person "
        "FROM counted c CROSS JOIN evidence e ON e.claim_table = 'demand' "
        "AND e.claim_key = CAST(c.id AS TEXT) AND e.subject = ? "
        f"WHERE {post_filter} ORDER BY c.posted_at DESC, c.id DESC, e.id LIMIT 40",
        (subject, *parameters),
    )
    chosen: list[dict[str, Any]] = []
    heard: set[str] = set()
    for post, quote, url, fetched_at, lang, posted_at, person in found:
        if person not in heard:
            heard.add(person)
            chosen.append({
                "post": post, "quote": quote[:400], "url": url, "fetched_at": fetched_at,
                "lang": lang, "posted_at": posted_at,
            })  # fmt: skip
    return chosen[:limit]


_MOMENT = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\Z")


def as_of(conn: sqlite3.Connection) -> str | None:
    """The newest moment the database knows of, UTC: "the last 30 days" are counted from it,
    so that the same rows give the same answer on any day.
    """
    (moment,) = one_row(
        conn,
        "SELECT max(moment) FROM (SELECT max(last_seen) AS moment FROM pages "
        "UNION ALL SELECT max(last_seen) FROM posts "
        "UNION ALL SELECT max(at) FROM changes "
        "UNION ALL SELECT max(coalesce(finished_at, started_at)) FROM runs)",
    )
    return str(moment) if moment and _MOMENT.match(str(moment)) else None

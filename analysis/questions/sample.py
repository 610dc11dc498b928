"""What every answer rests on: which posts count, who counts as one person, how many are enough."""

import sqlite3
from typing import Any

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


COUNTED = f"""
counted AS (
    SELECT p.id, p.forum, p.thread_id, p.url, p.lang, p.text, p.posted_at, p.posted_precision,
           p.timezone, {PERSON} AS person,
           d.stage, d.need, d.budget, d.authority, d.pain, d.praise, d.objection, d.poor_fit,
           d.suggestion, d.barrier
    FROM posts p JOIN demand d ON d.post_id = p.id
    WHERE p.copy_of IS NULL AND d.seller = 0 AND p.forum NOT IN {OWN}
)
"""
"""Posts that count as demand's voice, as a common table expression: public, no copies, no sellers.
"""


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
        ``high`` (Wilson 1927), ``enough``: whether ``of`` reaches the minimum sample.
    """
    low, high = wilson(people, of)
    return {
        "people": people,
        "of": of,
        "share": round(people / of, 3) if of else None,
        "low": round(low, 3),
        "high": round(high, 3),
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
    found = conn.execute(
        f"WITH {COUNTED} "
        "SELECT c.id, e.quote, c.url, e.fetched_at, c.lang, c.posted_at, c.person "
        "FROM counted c JOIN evidence e ON e.claim_table = 'demand' "
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
    return str(moment) if moment else None

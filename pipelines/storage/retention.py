"""What is old goes: posts and pages where the market file says so, records of runs after years."""

import sqlite3
from collections.abc import Sequence

from pipelines.storage.database import transaction
from pipelines.storage.new_pages import GOOD

BATCH = 1_000
"""Posts a transaction removes, so that a crawl or desk waits for none of them long."""
_GOOD = ", ".join(f"'{outcome}'" for outcome in GOOD)

OLD_POSTS = (
    "SELECT p.id FROM posts p JOIN forums f ON f.id = p.forum WHERE f.own = 0 "
    "AND coalesce(p.posted_at, p.first_seen) < ?"
)
GONE_PAGES = "SELECT id FROM pages WHERE status >= 400 AND last_seen < ?"
_KEPT_RUNS = (
    "SELECT max(id) FROM runs GROUP BY spider UNION "
    "SELECT max(s.run_id) FROM run_sources s GROUP BY s.source UNION "
    "SELECT max(s.run_id) FROM run_sources s JOIN runs r ON r.id = s.run_id "
    f"WHERE s.outcome IN ({_GOOD}) AND r.spider NOT IN ('discover', 'looks') GROUP BY s.source"
)
"""The last run of each spider, and the last in which each source was read: the next crawl compares
with it (new_pages.py)."""
OLD_RUNS = (
    f"SELECT id FROM runs WHERE status <> 'running' AND started_at < ? AND id NOT IN ({_KEPT_RUNS})"
)
OLD_FAILURES = f"SELECT id FROM failures WHERE at < ? AND run_id NOT IN ({_KEPT_RUNS})"

_FREED = (
    "UPDATE alert_marks SET mark = json_set(mark, '$.posts', "
    "(SELECT coalesce(max(id), 0) FROM posts)) WHERE kind = 'pass' AND subject = '' "
    "AND json_extract(mark, '$.posts') > (SELECT coalesce(max(id), 0) FROM posts)"
)
"""Ids of removed posts are given again: what the alerts pass knows by its newest id must not hold
those. In the same transaction, since upkeep may be killed before its own passes."""


def count(connection: sqlite3.Connection, chosen: str, before: str) -> int:
    """How many rows a choice of this module names.

    :param before: a time as the tables write it.
    """
    found: int = connection.execute(f"SELECT count(*) FROM ({chosen})", (before,)).fetchone()[0]
    return found


def remove_posts(connection: sqlite3.Connection, before: str) -> int:
    """Remove public posts older than a time, with what was read in them and their proof; threads
    that hold nothing more, too. A copy of a removed post becomes a post of its own.
    """
    removed = 0
    # Each post that goes asks who is a copy of it; without an index that is a walk over all posts.
    connection.execute("CREATE INDEX IF NOT EXISTS posts_copies ON posts (copy_of)")
    while ids := [row[0] for row in connection.execute(f"{OLD_POSTS} LIMIT {BATCH}", (before,))]:
        with transaction(connection):
            _remove_posts(connection, ids)
        removed += len(ids)
    connection.execute("DROP INDEX posts_copies")
    if removed:
        with transaction(connection):
            connection.execute(
                "UPDATE threads SET posts = (SELECT count(*) FROM posts p "
                "WHERE p.thread_id = threads.id)"
            )
    return removed


def _remove_posts(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    rows = [(id_,) for id_ in ids]
    texts = [(str(id_),) for id_ in ids]
    connection.executemany(
        "INSERT INTO posts_fts (posts_fts, rowid, search_text) "
        "SELECT 'delete', id, search_text FROM posts WHERE id = ?",
        rows,
    )
    connection.executemany(
        "DELETE FROM evidence WHERE claim_table = 'demand' AND claim_key = ?", texts
    )
    # What pointed at the first of copies is read anew, with the first that is left.
    connection.executemany(
        "INSERT OR IGNORE INTO dirty SELECT 'post', CAST(id AS TEXT) FROM posts WHERE copy_of = ?",
        rows,
    )
    connection.executemany("DELETE FROM dirty WHERE kind = 'post' AND key = ?", texts)
    connection.executemany("DELETE FROM posts WHERE id = ?", rows)
    connection.execute(_FREED)


def remove_pages(connection: sqlite3.Connection, before: str) -> int:
    """Remove pages that have been gone since before a time, with their versions and prices."""
    with transaction(connection):
        found = connection.execute(
            f"SELECT competitor, url FROM pages WHERE id IN ({GONE_PAGES})", (before,)
        ).fetchall()
        connection.executemany(
            "INSERT OR IGNORE INTO dirty VALUES ('competitor', ?)", {(row[0],) for row in found}
        )
        connection.execute(f"DELETE FROM pages WHERE id IN ({GONE_PAGES})", (before,))
    return len(found)


def remove_runs(connection: sqlite3.Connection, before: str) -> int:
    """Remove old records of runs, with their sources, failures and frontier."""
    with transaction(connection):
        return connection.execute(f"DELETE FROM runs WHERE id IN ({OLD_RUNS})", (before,)).rowcount


def remove_failures(connection: sqlite3.Connection, before: str) -> int:
    """Remove old failures of single addresses."""
    with transaction(connection):
        return connection.execute(
            f"DELETE FROM failures WHERE id IN ({OLD_FAILURES})", (before,)
        ).rowcount

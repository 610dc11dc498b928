"""Stores the posts as columns, from which the posts page counts (analysis/web/facet_columns.py)."""

import sqlite3
import uuid

from analysis.web.facet_columns import gather, packed
from pipelines.storage.database import transaction


def run(conn: sqlite3.Connection) -> int:
    """Replace the columns by those of today's posts; returns how many posts there are.

    Reads first and writes in one short transaction, so that a crawl need not wait. What is stored
    in between is read from the tables by the page itself.
    """
    columns = gather(conn)
    rows = [*packed(columns), ("version", uuid.uuid4().bytes)]
    with transaction(conn):
        conn.execute("DELETE FROM post_columns")
        conn.executemany("INSERT INTO post_columns (name, data) VALUES (?, ?)", rows)
    return len(columns)

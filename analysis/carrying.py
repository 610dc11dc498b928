"""What a rebuilt database takes over from the one there was: what no crawl brings."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.storage.database import DatabaseError, open_database, transaction

logger = logging.getLogger(__name__)


def carry_over(old: Path, connection: sqlite3.Connection) -> int:
    """Copy a researcher's decisions and own texts into a fresh database.

    :param old: the database there was, of any schema; it is migrated first.
    :returns: how many decisions and own texts; 0 also where the old one is too damaged to be read,
        which is logged.
    """
    try:
        open_database(old).close()
    except DatabaseError as error:
        logger.warning("decisions and own texts cannot be carried over: %s", error)
        return 0
    with closing(sqlite3.connect(f"file:{old}?mode=ro", uri=True)) as former:
        former.row_factory = sqlite3.Row
        try:
            return _copy(former, connection)
        except sqlite3.DatabaseError as error:
            logger.warning("decisions and own texts cannot be carried over: %s", error)
            return 0


def _copy(former: sqlite3.Connection, connection: sqlite3.Connection) -> int:
    decisions = former.execute("SELECT * FROM decisions ORDER BY id").fetchall()
    forums = former.execute("SELECT * FROM forums WHERE own = 1").fetchall()
    posts = former.execute(
        "SELECT p.*, t.url AS thread_url, c.key AS copy_key FROM posts p "
        "JOIN forums f ON f.id = p.forum JOIN threads t ON t.id = p.thread_id "
        "LEFT JOIN posts c ON c.id = p.copy_of WHERE f.own = 1 ORDER BY p.id"
    ).fetchall()
    with transaction(connection):
        for row in decisions:
            _insert(connection, "decisions", dict(row))
        for row in forums:
            _insert(connection, "forums", dict(row))
        for row in former.execute(
            "SELECT t.* FROM threads t JOIN forums f ON f.id = t.forum WHERE f.own = 1 "
            "ORDER BY t.id"
        ):
            _insert(connection, "threads", _without_id(row))
        for row in posts:
            _post(connection, _without_id(row))
    told = [row for row in decisions if row["origin"] == "desk"]
    return len(told) + len(posts)


def _post(connection: sqlite3.Connection, row: dict[str, object]) -> None:
    (row["thread_id"],) = connection.execute(
        "SELECT id FROM threads WHERE url = ?", (row.pop("thread_url"),)
    ).fetchone()
    first = connection.execute(
        "SELECT id FROM posts WHERE key = ?", (row.pop("copy_key"),)
    ).fetchone()
    row["copy_of"] = first[0] if first else None
    id_ = _insert(connection, "posts", row)
    connection.execute(
        "INSERT INTO posts_fts (rowid, search_text) VALUES (?, ?)", (id_, row["search_text"])
    )
    connection.execute("INSERT INTO dirty VALUES ('post', ?)", (str(id_),))


def _without_id(row: sqlite3.Row) -> dict[str, object]:
    return {key: row[key] for key in row.keys() if key != "id"}  # noqa: SIM118 - a Row is no dict


def _insert(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> int | None:
    marks = ", ".join("?" * len(row))
    cursor = connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
    )
    return cursor.lastrowid

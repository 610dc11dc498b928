"""What a rebuilt database takes over from the one there was: what no crawl brings."""

import json
import logging
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.storage.database import DatabaseError, open_database, transaction

logger = logging.getLogger(__name__)

_Row = dict[str, object]


@dataclass(slots=True, kw_only=True)
class Carried:
    """What was taken over.

    ``rows``: decisions and own texts; ``missing``: what could not be read whole, each in words;
    ``last``: the id of the newest decision that was there.
    """

    rows: int = 0
    missing: list[str] = field(default_factory=list)
    last: int = 0


def carry_over(old: Path, connection: sqlite3.Connection) -> Carried:
    """Copy a researcher's decisions and own texts into a fresh database, what people were told, and
    until when sites asked to be left alone.

    Table by table, decisions first, so that damage takes no more than the rows it lies on.

    :param old: the database there was, of any schema; it is migrated first.
    :raises DatabaseError: where a newer Rivalmap made the old one.
    """
    try:
        open_database(old).close()
    except DatabaseError as error:
        if error.__cause__ is None:  # it is whole, and newer
            raise
        logger.warning("%s is read as it stands: %s", old.name, error)
    with closing(sqlite3.connect(f"file:{old}?mode=ro", uri=True)) as former:
        former.row_factory = sqlite3.Row
        carried = Carried()
        _decisions(former, connection, carried)
        _own_texts(former, connection, carried)
        _told(former, connection, carried)
    return carried


def carry_late(old: Path, new: Path, carried: Carried) -> int:
    """Copy the decisions made while the new database was built: the desk waits for no lock.

    :returns: how many.
    """
    with (
        suppress(sqlite3.DatabaseError),  # damaged, or moved aside for that: it is told already
        closing(sqlite3.connect(f"file:{old}?mode=ro", uri=True)) as former,
        closing(open_database(new)) as connection,
    ):
        former.row_factory = sqlite3.Row
        late = former.execute(
            "SELECT * FROM decisions WHERE id > ? ORDER BY id", (carried.last,)
        ).fetchall()
        with transaction(connection):
            for row in late:  # the newest wins: behind those the market file brought meanwhile
                _insert(connection, "decisions", _without_id(dict(row)))
        carried.rows += len(late)
        carried.last = max((row["id"] for row in late), default=carried.last)
        return len(late)
    return 0


def _decisions(former: sqlite3.Connection, connection: sqlite3.Connection, told: Carried) -> None:
    rows, whole = _rows(former, "SELECT * FROM decisions", "id")
    lost = _put(connection, "decisions", rows)
    told.rows += sum(row["origin"] == "desk" for row in rows)
    told.last = max((int(str(row["id"])) for row in rows), default=0)
    if lost or not whole:
        told.missing.append(f"decisions ({len(rows) - lost} of them could be)")


def _own_texts(former: sqlite3.Connection, connection: sqlite3.Connection, told: Carried) -> None:
    # By tables, not joined, and past the indexes: what is sound of each is read.
    forums, whole = _rows(former, "SELECT * FROM forums NOT INDEXED WHERE own = 1", "rowid")
    own = json.dumps([row["id"] for row in forums])
    of_them = "NOT INDEXED WHERE forum IN (SELECT value FROM json_each(?))"
    threads, threads_whole = _rows(former, f"SELECT * FROM threads {of_them}", "id", own)
    posts, posts_whole = _rows(former, f"SELECT * FROM posts {of_them}", "id", own)
    urls = {row["id"]: row["url"] for row in threads}
    keys = {row["id"]: row["key"] for row in posts}
    lost = _put(connection, "forums", forums)
    lost += _put(connection, "threads", [_without_id(row) for row in threads])
    missing = 0
    with transaction(connection):
        for row in posts:
            url, first = urls.get(row["thread_id"]), keys.get(row["copy_of"])
            try:
                _post(connection, _without_id(row), url, first)
            except sqlite3.DatabaseError:
                missing += 1
    told.rows += len(posts) - missing
    if lost or missing or not (whole and threads_whole and posts_whole):
        told.missing.append(f"own texts ({len(posts) - missing} of them could be)")


def _told(former: sqlite3.Connection, connection: sqlite3.Connection, told: Carried) -> None:
    for table, order, what in (
        ("alerts", "id", "alerts"),
        ("alert_channels", "id", "where alerts go"),
        ("alert_deliveries", "1, 2", "who was told of which alert"),
        ("rests", "site", "rests that sites asked for"),
    ):
        rows, whole = _rows(former, f"SELECT * FROM {table}", order)
        for row in rows:
            row.pop("competitor", None)  # it may not be found again; the facts name it
        if _put(connection, table, rows) or not whole:
            told.missing.append(what)


def _rows(
    former: sqlite3.Connection, query: str, order: str, *parameters: object
) -> tuple[list[_Row], bool]:
    """The rows of a table that can be read, in order, and whether these are all.

    Of a damaged one: those before the damage, and, from the back, those behind it.
    """
    rows: list[_Row] = []
    try:
        rows.extend(dict(row) for row in former.execute(f"{query} ORDER BY {order}", parameters))
        return rows, True
    except sqlite3.DatabaseError:
        pass
    known = {tuple(row.values()) for row in rows}
    behind: list[_Row] = []
    back = ", ".join(f"{part} DESC" for part in order.split(", "))
    with suppress(sqlite3.DatabaseError):
        for row in former.execute(f"{query} ORDER BY {back}", parameters):
            if tuple(row) in known:
                break
            behind.append(dict(row))
    return [*rows, *reversed(behind)], False


def _put(connection: sqlite3.Connection, table: str, rows: Iterable[_Row]) -> int:
    """Insert rows; returns how many could not be: those that damage has made senseless."""
    lost = 0
    with transaction(connection):
        for row in rows:
            try:
                _insert(connection, table, row)
            except sqlite3.DatabaseError:
                lost += 1
    return lost


def _post(connection: sqlite3.Connection, row: _Row, thread_url: object, first_key: object) -> None:
    """A post of the researcher's own, in the thread of that address, with its words in the index.

    :raises sqlite3.DatabaseError: where it cannot be; nothing is left of it then.
    """
    thread = connection.execute("SELECT id FROM threads WHERE url = ?", (thread_url,)).fetchone()
    first = connection.execute("SELECT id FROM posts WHERE key = ?", (first_key,)).fetchone()
    row["thread_id"] = thread[0] if thread else None
    row["copy_of"] = first[0] if first else None
    id_ = _insert(connection, "posts", row)
    connection.execute(
        "INSERT INTO posts_fts (rowid, search_text) VALUES (?, ?)", (id_, row["search_text"])
    )
    connection.execute("INSERT INTO dirty VALUES ('post', ?)", (str(id_),))


def _without_id(row: _Row) -> _Row:
    return {key: value for key, value in row.items() if key != "id"}


def _insert(connection: sqlite3.Connection, table: str, row: _Row) -> int | None:
    marks = ", ".join("?" * len(row))
    cursor = connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
    )
    return cursor.lastrowid

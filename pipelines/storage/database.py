"""Opening a market's database: pragmas, migrations, and a clear word where that cannot be."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import resources
from pathlib import Path
from time import monotonic
from typing import Any

from crawlers.words import CHANNELS
from pipelines.storage.sqlite_library import Database, Migrations

DATABASE_NAME = "market.db"
BUSY_SECONDS = 30.0
_STEP_SECONDS = 0.5
"""Waiting goes in steps: a signal is heard only when SQLite comes back."""

migrations = Migrations("rivalmap")


class DatabaseError(Exception):
    """A database that cannot be used; the message says why and how to mend it."""


def _apply(script: str, db: Database) -> None:
    # executescript would commit the migration's own transaction.
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""


for _file in sorted(
    (resources.files("pipelines.storage") / "migrations").iterdir(), key=lambda f: f.name
):
    if _file.name.endswith(".sql"):
        _migration: Any = partial(_apply, _file.read_text(encoding="utf-8"))
        migrations(name=_file.name.removesuffix(".sql"))(_migration)


def open_database(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to a market's database, migrated to today's schema.

    :param path: the file; it and its folder are made where they are missing (not read-only).
    :raises DatabaseError: a schema newer than this program, a damaged or unwritable file.
    """
    if read_only:
        if not path.exists():
            raise DatabaseError(f"{path}: there is no database yet; run scrapy research first")
        connection = sqlite3.connect(
            f"file:{path}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        _refuse_newer(Database(connection), path)
        return connection
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        _patiently(connection, partial(_set_up, connection, path))
    except (sqlite3.Error, OSError) as error:
        raise DatabaseError(
            f"{path}: {error}. Check that the file is a Rivalmap database, that its folder can be "
            "written, that no other program holds it and that the disk is not full; nothing in it "
            "was changed"
        ) from error
    return connection


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    """May be done again from its beginning."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -32000")
    # Default 1000, which each batch of a large market fills: what many batches touch is then copied
    # into the database once for each of them.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    db = Database(connection)
    _refuse_newer(db, path)
    if migrations.pending(db):
        migrations.apply(db)
    connection.executemany(
        "INSERT OR IGNORE INTO channels (id, position, standard) VALUES (?, ?, ?)",
        [(name, place, int(place < 19)) for place, name in enumerate(CHANNELS)],
    )


def _patiently(connection: sqlite3.Connection, do: Callable[[], Any]) -> None:
    """Do what may find the database held by another, for as long as the connection waits."""
    (wait,) = connection.execute("PRAGMA busy_timeout").fetchone()
    until = monotonic() + wait / 1000
    connection.execute(f"PRAGMA busy_timeout = {min(wait, round(_STEP_SECONDS * 1000))}")
    try:
        while True:
            try:
                do()
                return
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or monotonic() >= until:
                    raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {wait}")


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def pending(connection: sqlite3.Connection) -> list[str]:
    """Migrations a database has not had yet, in order; it is only asked."""
    had = {row.name for row in migrations.applied(Database(connection))}
    return [one.name for one in migrations._migrations if one.name not in had]


def _refuse_newer(db: Database, path: Path) -> None:
    ours = {migration.name for migration in migrations._migrations}
    try:
        newer = sorted({row.name for row in migrations.applied(db)} - ours)
    except sqlite3.DatabaseError as error:
        if _is_busy(error):
            raise
        raise DatabaseError(
            f"{path}: {error}. It is no SQLite database, or a damaged one: restore it from a backup"
        ) from error
    if newer:
        raise DatabaseError(
            f"{path}: made by a newer Rivalmap (schema {newer[-1]}); this one knows up to "
            f"{max(ours)}. Upgrade Rivalmap; nothing was changed"
        )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A short write transaction: all of it or nothing.

    ``BEGIN IMMEDIATE`` waits for another writer at the start, where nothing is lost by waiting.
    """
    within = connection.in_transaction
    try:
        _patiently(connection, partial(connection.execute, "BEGIN IMMEDIATE"))
        yield connection
        connection.execute("COMMIT")  # may fail as well: a full disk
    except BaseException:  # a signal between two statements is one
        if not within:
            connection.rollback()
        raise

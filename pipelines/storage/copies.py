"""Copies of a database that is in use: taken, checked, put in its place.

All of it goes through SQLite's online backup (https://www.sqlite.org/backup.html): a copy is one
moment of the database however busy it is, and a database that is replaced is replaced for its
readers in one transaction, while they read.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from pipelines.storage.database import BUSY_SECONDS, DatabaseError, open_database


def copy_database(source: Path, target: Path) -> None:
    """Copy a database while others read and write it.

    :param target: made anew; must not be there.
    :raises DatabaseError: where the source cannot be read.
    """
    if target.exists():
        raise FileExistsError(target)
    try:
        with closing(_reading(source)) as reading, closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)  # in one step: in WAL mode it holds up nobody
            writing.execute("PRAGMA journal_mode = DELETE")  # one file, whole by itself
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise DatabaseError(f"{source} cannot be copied: {error}") from error


def check_database(path: Path) -> None:
    """Check a copy through and through: every page of the file, references, and that this program
    knows its schema.

    An older schema is brought up to today's in the copy, and a search index that does not fit the
    posts is built anew.

    :raises DatabaseError: with what is wrong.
    """
    with closing(open_database(path)) as connection:
        try:
            found = connection.execute("PRAGMA integrity_check(3)").fetchall()
            if found != [("ok",)]:
                raise DatabaseError(f"{path} is damaged: {'; '.join(row[0] for row in found)}")
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            if broken is not None:
                raise DatabaseError(f"{path} is damaged: a row of {broken[0]} leads nowhere")
            mend_index(connection)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise DatabaseError(f"{path} is damaged: {error}") from error


def mend_index(connection: sqlite3.Connection) -> bool:
    """Build the search index anew where it does not fit the posts it is made of; returns whether
    it had to be.
    """
    try:
        connection.execute("INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        connection.execute("INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')")
        return True
    return False


def keep_aside(live: Path, aside: Path) -> None:
    """Keep what a database holds now in another file.

    A database too damaged to be copied is moved there as it is, with its journal files.

    :param aside: must not be there.
    """
    try:
        copy_database(live, aside)
    except DatabaseError:
        for ending in ("", "-wal", "-shm"):
            part = live.with_name(live.name + ending)
            if part.exists():
                part.replace(aside.with_name(aside.name + ending))


def put_in_place(new: Path, live: Path) -> None:
    """Put a checked database in the place of the one that is used, if there is one.

    :raises DatabaseError: where the place cannot be written; the one there was stays then.
    """
    try:
        with closing(_reading(new)) as reading:
            writing = sqlite3.connect(live, timeout=BUSY_SECONDS)
            with closing(writing):
                writing.execute("PRAGMA journal_mode = WAL")
                reading.backup(writing)
                writing.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise DatabaseError(f"{live} could not be replaced: {error}") from error


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=BUSY_SECONDS)

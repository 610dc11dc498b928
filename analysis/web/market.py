"""Which of the databases Datasette serves is a market of ours, and how to read it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from datasette.utils import sqlite_timelimit

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette
    from datasette.database import Database

T = TypeVar("T")

_MARK = "SELECT count(*) FROM sqlite_master WHERE name IN ('market', 'summaries', 'tier_board')"


_KNOWN: set[str] = set()
"""Paths seen to be markets: asked once, not on every request."""


class TooSlowError(Exception):
    """A page's query went over the time limit and was stopped."""


def market_database(datasette: Datasette) -> Database | None:
    """The first database that has our schema; ``None`` where there is none.

    The plugin then stays out of the way: other people's databases keep the stock pages.
    """
    for name, database in datasette.databases.items():
        if not name.startswith("_") and database.path and _is_market(str(database.path)):
            return database
    return None


def _is_market(path: str) -> bool:
    if path in _KNOWN:
        return True
    try:
        conn = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    except sqlite3.Error:
        return False
    try:
        if conn.execute(_MARK).fetchone()[0] == 3:
            _KNOWN.add(path)
    except sqlite3.Error:
        return False
    finally:
        conn.close()
    return path in _KNOWN


async def read(datasette: Datasette, database: Database, reader: Callable[..., T]) -> T:
    """What ``reader(conn)`` gives, in a thread of Datasette's pool, under its time limit.

    :raises TooSlowError: where the limit stopped it.
    """

    def limited(conn: sqlite3.Connection) -> T:
        with sqlite_timelimit(conn, datasette.setting("sql_time_limit_ms")):
            try:
                return reader(conn)
            except sqlite3.OperationalError as error:
                if "interrupted" in str(error):
                    raise TooSlowError from error
                raise

    found: T = await database.execute_fn(limited)
    return found

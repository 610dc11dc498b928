"""What a rebuilt database lacks of the one it would replace: counted, by what it is.

An archive reaches back some weeks, a database years. A row is lacking where nothing in the archive
told of it: not where today's rules read the same answer in another way.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawlers.items import Fetch
from pipelines.storage.times import utc_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """What putting the new database in place would lose.

    ``rows``: how many of what, in words; ``unread``: what could not be compared, for damage;
    ``damage``: what is wrong with the old database, ``""``: nothing.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    damage: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows or self.unread or self.damage)


class Heard:
    """What the archive told while it was gone through.

    Kept beside the connection in SQLite's own temporary file: a journal of years has millions of
    answers.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.since = "9999"
        """When the first run began that could be gone through; UTC text of the tables."""
        connection.execute(
            "CREATE TEMP TABLE heard (url TEXT, at TEXT, PRIMARY KEY (url, at)) WITHOUT ROWID"
        )

    def begun(self, at: str) -> None:
        """A run began, at a time as the journal writes it."""
        self.since = min(self.since, f"{at[:19]}Z")

    def answer(self, url: str, fetch: Fetch) -> None:
        """An answer was read, or found unchanged."""
        self._connection.execute(
            "INSERT OR IGNORE INTO temp.heard VALUES (?, ?)", (url, utc_text(fetch.fetched_at))
        )

    def told(self, url: object, at: object) -> bool:
        """Whether an address's answer of that time was among them."""
        sql = "SELECT 1 FROM temp.heard WHERE url = ? AND at = ?"
        return self._connection.execute(sql, (url, at)).fetchone() is not None


def losses(old: Path, new: sqlite3.Connection, heard: Heard) -> Losses:
    """What the old database holds and the new one does not.

    Verdicts, and records of runs, count where they are older than the archive: the passes of a
    rebuild run at other times than those of the nights.
    """

    def has(table: str, column: str) -> Callable[[sqlite3.Row | tuple[Any, ...]], bool]:
        sql = f"SELECT 1 FROM {table} WHERE {column} = ?"
        return lambda row: new.execute(sql, row).fetchone() is not None

    def fetched(row: tuple[Any, ...]) -> bool:
        return heard.told(*row)

    def young(row: tuple[Any, ...]) -> bool:
        return bool(row[0] is None or row[0] >= heard.since)

    def change(row: tuple[Any, ...]) -> bool:
        at, url, kind = row
        if url is None or kind == "removed_page":  # told at a run's end, or by a pass
            return young(row)
        return heard.told(url, at)

    versions = "SELECT p.url, v.seen_at FROM page_versions v JOIN pages p ON p.id = v.page_id"
    prices = (
        "SELECT p.url, h.seen_at FROM price_history h JOIN offers o ON o.id = h.offer_id "
        "JOIN pages p ON p.id = o.page_id"
    )
    changes = "SELECT c.at, p.url, c.kind FROM changes c LEFT JOIN pages p ON p.id = c.page_id"
    compared = (
        ("pages", "SELECT url FROM pages", has("pages", "url")),
        ("posts", "SELECT key FROM posts", has("posts", "key")),
        ("changes", changes, change),
        ("page versions", versions, fetched),
        ("prices of the price history", prices, fetched),
        ("moves of the tier history", "SELECT at FROM tier_history", young),
        ("records of runs", "SELECT finished_at FROM runs", young),
    )
    rows: dict[str, int] = {}
    unread: list[str] = []
    with closing(sqlite3.connect(f"file:{old}?mode=ro", uri=True)) as former:
        for what, query, kept in compared:
            try:
                lacking = sum(not kept(row) for row in former.execute(query))
            except sqlite3.DatabaseError:
                unread.append(what)
            else:
                rows |= {what: lacking} if lacking else {}
        return Losses(rows=rows, unread=tuple(unread), damage=_damage(former))


def _damage(connection: sqlite3.Connection) -> str:
    """What is wrong with a database, in SQLite's words; a table may be read and yet lack rows."""
    try:
        said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if said == "ok" else " ".join(said.split())

"""The time ranges every page can be asked for: which there are, and where each begins.

A range ends at the newest moment the database knows of, not at the clock, so that the same rows
give the same answer on any day; it begins at midnight UTC, so that it can be said as a day.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from analysis.questions.sample import as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time range.

    ``days`` long, ``None`` for all time; ``since`` its first day (``YYYY-MM-DD``, UTC), ``None``
    for all time; ``before`` the first day of the range before it, as long; ``until`` the newest
    moment known (RFC 3339, UTC), ``None`` while nothing is.
    """

    id: str
    days: int | None
    since: str | None
    before: str | None
    until: str | None


DAYS: dict[str, int | None] = {"all": None, "365d": 365, "90d": 90, "30d": 30}
"""Id and length of every range, the longest first."""

ALL = "all"


def choose(asked: str | None) -> str:
    """The id of the range asked for; all time where there is no such range."""
    return asked if asked in DAYS else ALL


def periods(conn: sqlite3.Connection) -> list[Period]:
    """Every range as of the newest moment the database knows of, the longest first."""
    until = as_of(conn)
    moment = datetime.fromisoformat(until.replace("Z", "+00:00")) if until else datetime.now(UTC)
    newest = moment.astimezone(UTC).date()
    return [
        Period(
            id=key,
            days=days,
            since=None if days is None else str(newest - timedelta(days=days)),
            before=None if days is None else str(newest - timedelta(days=2 * days)),
            until=until,
        )
        for key, days in DAYS.items()
    ]


def store(conn: sqlite3.Connection, found: list[Period]) -> None:
    """Replace the ranges in force; the caller commits."""
    conn.execute("DELETE FROM periods")
    conn.executemany(
        "INSERT INTO periods (id, days, since, before, until) VALUES (?, ?, ?, ?, ?)",
        [(one.id, one.days, one.since, one.before, one.until) for one in found],
    )


def stored(conn: sqlite3.Connection, key: str) -> Period:
    """A range as the answers of the database have it; all time before the first summaries pass.

    A database of an older schema knows no ranges: everything is all time there.
    """
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'periods'").fetchone():
        row = conn.execute(
            "SELECT id, days, since, before, until FROM periods WHERE id = ?", (key,)
        ).fetchone()
        if row is not None:
            return Period(id=row[0], days=row[1], since=row[2], before=row[3], until=row[4])
    return Period(id=ALL, days=None, since=None, before=None, until=None)


def last_months(newest: str | None, many: int) -> list[str]:
    """So many months (``2026-08``) in a row, the last of them that of a moment."""
    if newest is None:
        return []
    last = int(newest[:4]) * 12 + int(newest[5:7]) - 1
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(last - many + 1, last + 1)]

"""Local hour and weekday as SQL functions, the same for the passes and for the pages."""

import sqlite3
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


def register(conn: sqlite3.Connection) -> None:
    """Give a connection ``local_hour(posted_at, zone)`` (0..23), ``local_weekday`` (0 Monday) and
    ``local_day`` ("2026-11-20").

    All are NULL for a time that is none; an unknown or missing zone is read as UTC.
    """
    conn.create_function("local_day", 2, local_day, deterministic=True)
    conn.create_function("local_hour", 2, local_hour, deterministic=True)
    conn.create_function("local_weekday", 2, local_weekday, deterministic=True)


def local_hour(posted_at: object, zone: object) -> int | None:
    """The hour of the day where the post was written."""
    moment = _local(posted_at, zone)
    return None if moment is None else moment.hour


def local_weekday(posted_at: object, zone: object) -> int | None:
    """The weekday where the post was written, Monday 0."""
    moment = _local(posted_at, zone)
    return None if moment is None else moment.weekday()


def local_day(posted_at: object, zone: object) -> str | None:
    """The day where the post was written, ISO 8601."""
    moment = _local(posted_at, zone)
    return None if moment is None else moment.date().isoformat()


def _local(posted_at: object, zone: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(posted_at))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(_zone(str(zone) if zone else "UTC"))
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")

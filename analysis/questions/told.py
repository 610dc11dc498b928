"""The alerts that were raised, as rows: what the pages, the feed and every channel tell."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from analysis.questions.period import ALL, stored
from analysis.questions.sample import as_of
from crawlers.words import AlertKind

DAYS = 30
"""So long an alert stands on the pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert: the columns of the table of that name, ``facts`` opened; times UTC."""

    id: int
    key: str
    kind: AlertKind
    subject: str
    competitor: str | None
    at: str
    raised_at: str
    facts: Mapping[str, Any]
    url: str | None


_COLUMNS = "id, key, kind, subject, competitor, at, raised_at, facts_json, url"


def has_alerts(conn: sqlite3.Connection) -> bool:
    """Whether the database's schema knows alerts: an older one is read, not migrated."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'alerts' AND type = 'table'"
    return conn.execute(query).fetchone() is not None


def newest(
    conn: sqlite3.Connection,
    *,
    most: int,
    since: str = "",
    kind: str = "",
    competitor: str = "",
) -> list[Told]:
    """The newest alerts first.

    :param since: none that were raised before it (UTC).
    :param kind: only of that kind.
    :param competitor: only of that competitor.
    """
    if not has_alerts(conn):
        return []
    return _rows(
        conn,
        "raised_at >= ? AND (? = '' OR kind = ?) AND (? = '' OR competitor = ?) "
        "ORDER BY id DESC LIMIT ?",
        (since, kind, kind, competitor, competitor, most),
    )


def recent(
    conn: sqlite3.Connection, *, most: int, kind: str = "", competitor: str = ""
) -> list[Told]:
    """The newest alerts of the last :data:`DAYS` days that the database knows of.

    They are counted from the moment its answers hold for; finding the newest one of all posts takes
    a third of a second in a million.
    """
    if not has_alerts(conn):
        return []
    moment = stored(conn, ALL).until or as_of(conn)
    if moment is None:
        return []
    now = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    since = (now - timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return newest(conn, most=most, since=since, kind=kind, competitor=competitor)


def after(conn: sqlite3.Connection, alert: int, *, most: int) -> list[Told]:
    """The alerts after one, first things first."""
    return _rows(conn, "id > ? ORDER BY id LIMIT ?", (alert, most))


def unsent(
    conn: sqlite3.Connection, channel: str, after_alert: int, since: str, *, most: int
) -> list[Told]:
    """What was raised since a moment and a channel was not told of yet, first things first."""
    return _rows(
        conn,
        "id > ? AND raised_at >= ? AND NOT EXISTS (SELECT 1 FROM alert_deliveries d "
        "WHERE d.alert_id = alerts.id AND d.channel = ?) ORDER BY id LIMIT ?",
        (after_alert, since, channel, most),
    )


def _rows(conn: sqlite3.Connection, where: str, values: tuple[object, ...]) -> list[Told]:
    return [
        Told(
            id=row[0], key=row[1], kind=row[2], subject=row[3], competitor=row[4], at=row[5],
            raised_at=row[6], facts=_facts(row[7]), url=row[8],
        )
        for row in conn.execute(f"SELECT {_COLUMNS} FROM alerts WHERE {where}", values)
    ]  # fmt: skip


def _facts(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}

"""What one alert is made of, and what was known when alerts were last looked for."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawlers.words import AlertKind
from pipelines.storage.times import utc_text

REST_DAYS = 30
"""The same fact of the same subject is not told again for so long: what goes to and fro each night
is told once."""

FIRST_READ = (
    "SELECT f.id AS forum, min(r.finished_at) AS read_at, min(substr(r.started_at, 1, 10)) AS day "
    "FROM forums f JOIN run_sources s ON s.source IN (f.id, f.competitor) "
    "JOIN runs r ON r.id = s.run_id WHERE s.outcome IN ('read', 'unchanged', 'partial') "
    "AND r.finished_at IS NOT NULL GROUP BY f.id"
)
"""When each forum was first read, and the day on which that began, as SQL."""

NEW_POST = "coalesce(p.first_seen > b.read_at AND p.posted_at >= b.day, 0)"
"""Whether a post ``p`` was written since its forum ``b`` was first read, as SQL. What a first read,
a wider budget or another rule brings up was there before; an undated post is never new."""

GOOD = "('read', 'unchanged', 'partial')"
"""Outcomes of a source that was read, as SQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something to tell.

    ``subject`` is a competitor, a topic, a source, or empty for all of them at once; ``fact`` says
    what would be the same thing again; ``at`` (UTC) when it was seen; ``facts`` what its words are
    made of in any language (JSON's kinds); ``url`` the page or post it rests on.
    """

    kind: AlertKind
    subject: str
    fact: str
    at: str
    facts: Mapping[str, Any]
    competitor: str | None = None
    url: str | None = None

    @property
    def key(self) -> str:
        """The same for the same thing seen at the same time, as a database built again from the
        archive says it was.
        """
        digest = hashlib.sha256(self.fact.encode("utf-8", "replace")).hexdigest()[:16]
        return f"{self.kind}:{self.subject}:{self.at}:{digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the last pass had seen: the newest rows of three tables, and by which rules it read.

    ``alert`` is the newest alert from before that pass, ``at`` (UTC) when that pass was.
    """

    changes: int = 0
    moves: int = 0
    posts: int = 0
    rules: str = ""
    alert: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One look for alerts: ``now`` (UTC) as the database knows it, ``known`` of the last pass
    (``None``: there was none, so that everything is the beginning), ``same_rules``: posts were read
    by the rules of the last pass, so that what differs is new.
    """

    now: datetime
    known: Known | None
    same_rules: bool = True
    market: str = field(default="")

    def ago(self, days: float) -> str:
        """So many days before now, as it stands in the tables."""
        return utc_text(self.now - timedelta(days=days))


def marks(connection: sqlite3.Connection, kind: str) -> dict[str, str]:
    """What is known of each subject of a kind."""
    return dict(connection.execute("SELECT subject, mark FROM alert_marks WHERE kind = ?", (kind,)))


def set_mark(connection: sqlite3.Connection, kind: str, subject: str, mark: str) -> None:
    """Remember a subject's mark; in the caller's transaction."""
    connection.execute(
        "INSERT INTO alert_marks (kind, subject, mark) VALUES (?, ?, ?) "
        "ON CONFLICT (kind, subject) DO UPDATE SET mark = excluded.mark",
        (kind, subject, mark),
    )


def told(
    connection: sqlite3.Connection, kind: AlertKind, subject: str, since: str
) -> list[tuple[str, dict[str, Any]]]:
    """The facts told of a subject since a moment: (fact, facts) of each, newest first."""
    return [
        (fact, json.loads(facts))
        for fact, facts in connection.execute(
            "SELECT fact, facts_json FROM alerts WHERE kind = ? AND subject = ? AND at >= ? "
            "ORDER BY id DESC",
            (kind, subject, since),
        )
    ]

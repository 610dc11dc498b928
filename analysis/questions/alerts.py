"""Competitors that became direct ones by what they did."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from analysis.questions.standing import RIVALS
from pipelines.storage.times import utc_text

ALERT_DAYS = 30
"""So long an alert is told, unless a researcher decides on the competitor before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A competitor that became a direct one by what it did: ``at`` in UTC, tier before or none."""

    competitor: str
    name: str
    at: str
    tier_before: int | None
    reason: str

    def words(self) -> str:
        """In a line that a terminal can show: crawled words move no cursor."""
        since = f"tier {self.tier_before}" if self.tier_before else "no rival"
        told = f"{self.name} was {since} and is a direct rival since {self.at[:10]}: {self.reason}"
        return " ".join("".join(c if c.isprintable() else " " for c in told).split())


def alerts(connection: sqlite3.Connection, *, since: str) -> list[Alert]:
    """Moves to tier 1 from tier 3 or none that the competitor made and that still hold, newest
    first. A decision made since silences its alert; a competitor that is ignored, or a candidate
    nobody decided on, has none.

    :param since: UTC, as it stands in the tables.
    """
    rows = connection.execute(
        "SELECT m.competitor, c.name, m.at, m.tier_before, m.reason FROM tier_moves m "
        "JOIN competitors c ON c.id = m.competitor JOIN tiers t ON t.competitor = m.competitor "
        f"WHERE m.alert = 1 AND m.at >= ? AND t.tier = 1 AND m.competitor IN {RIVALS} "
        "AND m.id = (SELECT max(id) FROM tier_history WHERE competitor = m.competitor) "
        "AND NOT EXISTS (SELECT 1 FROM current_decisions d WHERE d.subject = m.competitor "
        "AND d.field IN ('tier', 'status') AND d.decided_at >= m.at) ORDER BY m.at DESC, m.id DESC",
        (since,),
    )
    return [
        Alert(competitor=key, name=name, at=at, tier_before=tier, reason=reason)
        for key, name, at, tier, reason in rows
    ]


def recent_alerts(connection: sqlite3.Connection, *, now: datetime | None = None) -> list[Alert]:
    """The alerts of the last :data:`ALERT_DAYS` days; none where the database is of an older
    schema, which a reader does not migrate.

    :param now: aware; the clock's time unless said.
    """
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tier_moves'").fetchone()
    since = (now or datetime.now(UTC)) - timedelta(days=ALERT_DAYS)
    return alerts(connection, since=utc_text(since)) if known else []

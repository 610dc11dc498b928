"""Sending what each channel was not told yet: at the end of every run, once an alert and channel.

A channel that fails keeps its alerts for the next run, and the others get theirs. What was taken is
remembered at once; only a machine that dies between the two tells twice, with the same ids.
"""

import logging
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analysis.alerting.channels import Channel, channels_of
from analysis.alerting.message import Message, NotSentError
from analysis.passes.alerts import known_before
from analysis.questions.told import Told, unsent
from crawlers.market import Market, data_dir
from pipelines.storage.database import DATABASE_NAME, open_database, transaction
from pipelines.storage.times import now_text, utc_text

logger = logging.getLogger(__name__)

IN_ONE = 20
"""Alerts of one message: a mail can be read, a webhook's body stays small."""
MOST = 100
"""Alerts to one channel by one run; the next goes on."""
KEPT_DAYS = 30
"""Older alerts are not sent any more: they are no news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a channel took what waited for it: ``sent`` alerts, ``waiting`` ones kept because of
    ``error`` (empty: it took all).
    """

    channel: str
    sent: int
    waiting: int
    error: str = ""

    def words(self) -> str:
        """A line for a terminal or log."""
        if self.error:
            return (
                f"{self.channel}: {self.error}; {self.waiting} alerts are kept and sent by the "
                "next run"
            )
        return f"{self.channel}: {self.sent} alerts sent"


def deliver(market: Market) -> list[Delivery]:
    """Send to each channel what it was not told yet; for whoever holds the market's lock.

    Never raises for a channel's sake; the market's ``quiet`` sends nothing, and what is raised
    meanwhile is not sent later either.
    """
    folder = data_dir(market.name)
    with closing(open_database(folder / DATABASE_NAME)) as connection:
        channels = channels_of(market, folder)
        _enrol(connection, channels)
        if market.alerts.quiet:
            with transaction(connection):
                connection.execute(
                    "UPDATE alert_channels SET after_alert = "
                    "(SELECT coalesce(max(id), 0) FROM alerts)"
                )
            return []
        found = [_to_one(connection, market, channel) for channel in channels]
    for delivery in found:
        if delivery.error:
            logger.warning("alerts: %s", delivery.words())
    return found


def _enrol(connection: sqlite3.Connection, channels: Iterable[Channel]) -> None:
    """A channel that is new begins with this night's alerts, not with those of months ago."""
    known = known_before(connection)
    with transaction(connection):
        connection.executemany(
            "INSERT OR IGNORE INTO alert_channels (id, after_alert) VALUES (?, ?)",
            [(channel.id, known.alert if known else 0) for channel in channels],
        )


def _to_one(connection: sqlite3.Connection, market: Market, channel: Channel) -> Delivery:
    waiting = _waiting(connection, channel.id)
    sent = 0
    for start in range(0, len(waiting), IN_ONE):
        part = waiting[start : start + IN_ONE]
        message = Message(
            market=market.name, business=market.business.name, language=market.alerts.language,
            alerts=part,
        )  # fmt: skip
        error = attempt(channel, message)
        _remember(connection, channel, part, error)
        if error:
            return Delivery(
                channel=channel.name, sent=sent, waiting=len(waiting) - sent, error=error
            )
        sent += len(part)
    return Delivery(channel=channel.name, sent=sent, waiting=0)


def attempt(channel: Channel, message: Message) -> str:
    """Send a message; what went wrong in words without addresses, empty where it was taken.

    A library's own fault is one of the channel, too: it must not end a night's run.
    """
    try:
        channel.send(message)
    except NotSentError as error:
        return str(error)
    except Exception as error:
        return f"its library failed ({type(error).__name__})"
    return ""


def _waiting(connection: sqlite3.Connection, channel: str) -> list[Told]:
    oldest = utc_text(datetime.now(UTC) - timedelta(days=KEPT_DAYS))
    (after,) = connection.execute(
        "SELECT after_alert FROM alert_channels WHERE id = ?", (channel,)
    ).fetchone()
    return unsent(connection, channel, after, oldest, most=MOST)


def _remember(
    connection: sqlite3.Connection, channel: Channel, part: Iterable[Told], error: str
) -> None:
    now = now_text()
    with transaction(connection):
        if error:
            connection.execute(
                "UPDATE alert_channels SET failed_at = coalesce(failed_at, ?), "
                "failures = failures + 1, detail = ? WHERE id = ?",
                (now, error, channel.id),
            )
            return
        connection.execute(
            "UPDATE alert_channels SET sent_at = ?, failed_at = NULL, failures = 0, detail = '' "
            "WHERE id = ?",
            (now, channel.id),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO alert_deliveries (alert_id, channel, sent_at) VALUES (?, ?, ?)",
            [(alert.id, channel.id, now) for alert in part],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """How a configured channel does: since when it fails (UTC), how often in a row, and why."""

    name: str
    failed_at: str | None
    failures: int
    detail: str


def channel_states(
    connection: sqlite3.Connection, market: Market, folder: Path
) -> list[ChannelState]:
    """Each configured channel; a new one has not failed."""
    rows = {
        key: (failed_at, failures, detail)
        for key, failed_at, failures, detail in connection.execute(
            "SELECT id, failed_at, failures, detail FROM alert_channels"
        )
    }
    return [
        ChannelState(name=channel.name, failed_at=row[0], failures=row[1], detail=row[2])
        for channel in channels_of(market, folder)
        for row in (rows.get(channel.id, (None, 0, "")),)
    ]

"""The last runs: did they end, and does cron still start them."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median

from analysis.checkup.finding import Finding
from analysis.lock import holder_of
from crawlers.market import Market

STALE_DAYS = 8
"""A market without a run for this long is not being kept fresh; cron examples run daily."""
_LATE = 3
"""So many times the usual time between two runs without one, and cron has stopped."""
_RUNS = 10  # the last runs, from which the usual time is told


def runs(connection: sqlite3.Connection, market: Market) -> Iterator[Finding]:
    """How each spider's last run ended, and when."""
    rows = connection.execute(
        "SELECT spider, status, started_at, finished_at, pages, unchanged, posts, failures, reason "
        "FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY spider) ORDER BY spider"
    ).fetchall()
    if not rows:
        yield Finding(
            state="note", what="runs", words="none yet", mend=f"scrapy research {market.name}"
        )
    for spider, status, started, finished, pages, unchanged, posts, failures, reason in rows:
        words = (
            f"{status}, {finished or started}: {pages} pages read, {unchanged} unchanged, "
            f"{posts} posts, {failures} failures"
        )
        age = datetime.now(UTC) - datetime.fromisoformat(finished or started)
        if status != "finished":
            yield Finding(
                state="note", what=f"last {spider} run", words=f"{words} ({reason or 'cut off'})",
                mend=f"the next research goes on with it: scrapy research {market.name}",
            )  # fmt: skip
        elif age.days >= STALE_DAYS:
            yield Finding(
                state="note", what=f"last {spider} run", words=f"{words}; {age.days} days ago",
                mend="let cron run it: docs/operations.md, \"Every night\"",
            )  # fmt: skip
        else:
            yield Finding(state="good", what=f"last {spider} run", words=words)


def rhythm(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Whether runs still come as they used to: a cron that has stopped says nothing by itself."""
    days = [
        datetime.fromisoformat(row[0])
        for row in connection.execute(
            # A run that is gone on with night after night is one row: its last night counts.
            "SELECT max(coalesce(finished_at, started_at)) AS at FROM runs "
            "GROUP BY substr(coalesce(finished_at, started_at), 1, 10) ORDER BY at DESC LIMIT ?",
            (_RUNS,),
        )
    ]
    if len(days) < 3:
        return  # no rhythm yet
    usual = median((later - earlier).total_seconds() for later, earlier in pairwise(days))
    since = datetime.now(UTC) - days[0]
    every = f"a run every {usual / 86_400:.1f} days"
    if since.total_seconds() > _LATE * usual and since.days >= 1:
        yield Finding(
            state="bad", what="cron", words=f"{every} until {days[0]:%Y-%m-%d}, none since",
            mend="look at crontab -l, systemctl list-timers and the log it writes: "
            'docs/operations.md, "Every night"',
        )  # fmt: skip
    else:
        yield Finding(state="good", what="cron", words=f"{every}, the last on {days[0]:%Y-%m-%d}")


def lock(folder: Path) -> Iterator[Finding]:
    """Who is at work on the market now."""
    if (who := holder_of(folder)) is not None:
        yield Finding(
            state="note", what="lock", words=f"held by {who}",
            mend="nothing, while it works; what follows may change until it ends",
        )  # fmt: skip

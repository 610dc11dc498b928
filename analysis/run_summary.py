"""How a run of ``research`` went: one line of JSON for machines, a few of words for people."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from analysis.commandline import MEANINGS
from analysis.crawling import CLEAN, CrawlResult
from crawlers.market import Market, data_dir
from pipelines.storage.database import DATABASE_NAME, open_database
from pipelines.storage.times import utc_text

VERSION = 1
MOST_CHANGES = 10
"""Changes told in words, the most important ones; the pages tell all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a run did. ``new``: posts, pages and changes first seen in it, ``None`` where the
    database could not be asked; ``told``: its most important changes, in words; ``error``: what
    ended it before its time.
    """

    market: str
    started: datetime
    finished: datetime
    exit_code: int
    result: CrawlResult | None = None
    new: dict[str, int] | None = None
    told: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The line for machines: docs/schemas/research.schema.json."""
        reports = [report for _, report in self.result.reports] if self.result else []
        return {
            "version": VERSION,
            "market": self.market,
            "started_at": utc_text(self.started),
            "finished_at": utc_text(self.finished),
            "seconds": round((self.finished - self.started).total_seconds(), 1),
            "exit_code": self.exit_code,
            "meaning": MEANINGS[self.exit_code],
            "complete": self.result.complete if self.result else False,
            "outcomes": dict(sorted(Counter(report.outcome for report in reports).items())),
            "failed": [
                {
                    "source": report.source, "name": report.name, "outcome": report.outcome,
                    "named": report.origin == "file", "detail": report.detail,
                    "reasons": dict(sorted(report.reasons.items())),
                }
                for report in reports
                if report.outcome not in CLEAN
            ],
            "new": self.new,
            "alerts": list(self.alerts),
            "error": self.error,
        }  # fmt: skip

    def digest(self) -> list[str]:
        """The lines for people."""
        minutes, seconds = divmod(round((self.finished - self.started).total_seconds()), 60)
        lines = []
        if self.new is not None:
            counts = ", ".join(f"{number} {what}" for what, number in self.new.items())
            lines.append(f"{self.market}: new are {counts}; {minutes} min {seconds} s")
        lines += [f"  {words}" for words in self.told]
        rest = (self.new or {}).get("changes", 0) - len(self.told)
        if self.told and rest > 0:
            lines.append(f"  and {rest} more; scrapy browse {self.market} shows all")
        return lines


def summary_of(
    market: Market, started: datetime, result: CrawlResult, alerts: Sequence[str]
) -> RunSummary:
    """Sum a run up, from its result and what the database says has come since it began.

    :param started: aware.
    :param alerts: what a researcher should know at once, a line each.
    """
    path = data_dir(market.name) / DATABASE_NAME
    with closing(open_database(path, read_only=True)) as connection:
        new, told = _since(connection, utc_text(started))
    return RunSummary(
        market=market.name, started=started, finished=datetime.now(UTC), result=result,
        exit_code=result.exit_code, new=new, told=told, alerts=tuple(alerts),
    )  # fmt: skip


def failed_summary(name: str, started: datetime, exit_code: int, error: str) -> RunSummary:
    """A run that an error ended before it could tell how its sources fared."""
    return RunSummary(
        market=name, started=started, finished=datetime.now(UTC), exit_code=exit_code, error=error
    )


def _since(connection: sqlite3.Connection, since: str) -> tuple[dict[str, int], tuple[str, ...]]:
    posts, pages, changes = connection.execute(
        "SELECT (SELECT count(*) FROM posts p JOIN forums f ON f.id = p.forum "
        "        WHERE f.own = 0 AND p.first_seen >= ?1), "
        "(SELECT count(*) FROM pages WHERE first_seen >= ?1), "
        "(SELECT count(*) FROM changes WHERE at >= ?1)",
        (since,),
    ).fetchone()
    rows = connection.execute(
        "SELECT c.name, h.words FROM changes h JOIN competitors c ON c.id = h.competitor "
        "WHERE h.at >= ? ORDER BY h.importance DESC, h.id LIMIT ?",
        (since, MOST_CHANGES),
    )
    told = tuple(_one_line(f"{name}: {words}") for name, words in rows)
    return {"posts": posts, "pages": pages, "changes": changes}, told


def _one_line(text: str) -> str:
    """Crawled words move no cursor and break no line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]

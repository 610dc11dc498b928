"""What a report is made from, read in one go: the stored answers, the board, what changed."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.questions.alerts import Alert, recent_alerts
from analysis.questions.decided import not_in_sums
from analysis.questions.period import ALL, Period
from analysis.questions.period import stored as stored_period
from analysis.questions.sample import quotes
from analysis.questions.standing import RIVALS, Standing, standings
from analysis.reports.wording import line
from analysis.web.page import answers as stored_answers
from analysis.web.page import dicts
from analysis.web.pages.verdict import verdict

QUESTIONS = (
    "competitors", "channels", "customers", "timing", "barriers", "switching", "openings",
    "changes", "sources", "topics", "trends",
)  # fmt: skip
SIX = QUESTIONS[:6]
MOST_RIVALS = 60
"""Rivals told of one by one; the rest is counted. The pages and the tables hold all."""

Row = dict[str, Any]


class NothingToReportError(Exception):
    """A market of which nothing can be said yet; the message says what to run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything a report says, before it is words.

    ``board`` are the competitors that stand in a group (candidates and the ignored left out),
    nearest first; ``reasons`` {competitor: [{family, what, words, quote, url, ...}]};
    ``cells`` {(competitor, channel): strength}, ``channels`` in the order of their list;
    ``channel_proof`` what shows the channel most rivals use, ``place_quotes`` words of people with
    a need from the place where most of them are, ``corrections`` how many the sums of people do
    not know yet.
    """

    name: str
    business: Row
    period: Period
    answers: Mapping[str, Row | None]
    board: tuple[Standing, ...]
    reasons: Mapping[str, list[Row]]
    channels: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    channel_proof: tuple[Row, ...]
    place_quotes: tuple[Row, ...]
    alerts: tuple[Alert, ...]
    corrections: int
    computed_at: str | None

    def trend(self, question: str) -> Row | None:
        """A question's people now and before (:mod:`analysis.questions.trends`)."""
        own = (self.answers.get(question) or {}).get("trend")
        found = own or (self.answers.get("trends") or {}).get(question)
        return found if isinstance(found, dict) else None


def refuse_older(connection: sqlite3.Connection, path: Path) -> None:
    """A report writes nothing into the database, so it does not bring one up to date either.

    :raises NothingToReportError: where the schema is older than this program's.
    """
    from pipelines.storage.database import migrations
    from pipelines.storage.sqlite_library import Database

    pending = migrations.pending(Database(connection))
    if pending:
        raise NothingToReportError(
            f"{path}: made by an older Rivalmap (before schema {pending[0].name}); run scrapy "
            f"refresh {path.parent.name} first, which brings it up to date. Nothing was changed"
        )


def read_findings(connection: sqlite3.Connection, period: str = ALL) -> Findings:
    """All that a report of a time range says.

    :param period: an id of :data:`analysis.questions.period.DAYS`.
    :raises NothingToReportError: where nothing was gathered or no answer was computed.
    """
    row = connection.execute("SELECT name, business_json FROM market LIMIT 1").fetchone()
    name = line(row[0], 80) if row else "NAME"
    (gathered,) = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM pages) OR EXISTS (SELECT 1 FROM posts)"
    ).fetchone()
    if not gathered:
        raise NothingToReportError(f"nothing gathered yet: scrapy research {name}")
    answers = stored_answers(connection, *QUESTIONS, period=period)
    if not any(answers[question] for question in SIX):
        raise NothingToReportError(
            f"no answers computed yet, or by an older release: scrapy refresh {name}"
        )
    board = tuple(
        one
        for one in standings(connection, period=period)
        if one.group not in ("ignored", "candidate")
    )
    channels, cells = _matrix(connection)
    return Findings(
        name=name,
        business=_business(row[1] if row else None),
        period=stored_period(connection, period),
        answers=answers,
        board=board,
        reasons={
            one.competitor: (verdict(connection, one) or {}).get("reasons", [])[:3]
            for one in board[:MOST_RIVALS]
        },
        channels=channels,
        cells=cells,
        channel_proof=_channel_proof(connection, answers["channels"]),
        place_quotes=tuple(_place_quotes(connection, answers["channels"])),
        alerts=tuple(recent_alerts(connection)),
        corrections=not_in_sums(connection),
        computed_at=max(
            (str(answer["computed_at"]) for answer in answers.values() if answer), default=None
        ),
    )


def _business(text: str | None) -> Row:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        value = {}
    value = value if isinstance(value, dict) else {}
    return {"name": value.get("name") or "", "description": value.get("description") or ""}


def _matrix(
    connection: sqlite3.Connection,
) -> tuple[tuple[str, ...], dict[tuple[str, str], int]]:
    """The strongest tag of each rival on each channel, as the channels page has it."""
    cells: dict[tuple[str, str], int] = {}
    order: dict[str, int] = {}
    for tag in dicts(
        connection,
        "SELECT t.subject, t.channel, max(t.strength) AS strength, c.position FROM channel_tags t "
        f"JOIN channels c ON c.id = t.channel WHERE t.subject IN {RIVALS} "
        "AND t.role = 'promotes' GROUP BY t.subject, t.channel",
    ):
        order[tag["channel"]] = tag["position"]
        cells[tag["subject"], tag["channel"]] = tag["strength"]
    return tuple(sorted(order, key=order.__getitem__)), cells


def _channel_proof(connection: sqlite3.Connection, answer: Row | None) -> tuple[Row, ...]:
    """What shows that rivals use the channel most of them use; one quote a rival."""
    promotes = (answer or {}).get("promotes") or []
    if not promotes:
        return ()
    found: dict[str, Row] = {}
    for row in dicts(
        connection,
        "SELECT t.subject, e.quote, e.url, e.fetched_at FROM channel_tags t JOIN evidence e "
        "ON e.claim_table = 'channel_tags' AND e.claim_key = CAST(t.id AS TEXT) "
        f"WHERE t.channel = ? AND t.role = 'promotes' AND t.subject IN {RIVALS} "
        "ORDER BY t.strength DESC, t.id, e.id LIMIT 200",
        (promotes[0]["channel"],),
    ):
        if row["quote"]:
            found.setdefault(row["subject"], row)
    return tuple(found.values())[:3]


def _place_quotes(connection: sqlite3.Connection, answer: Row | None) -> list[Row]:
    gathers = (answer or {}).get("gathers") or []
    if not gathers:
        return []
    return quotes(connection, "stage", "c.forum = ?", (gathers[0]["forum"],), limit=2)

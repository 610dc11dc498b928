"""The first screen: the six questions, what they say together, what changed, what waits for a
decision, what it all rests on.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from analysis.alerting.wording import words_of
from analysis.questions.alerts import recent_alerts
from analysis.questions.candidates import waiting
from analysis.questions.decided import not_in_sums
from analysis.questions.standing import Standing, standings
from analysis.questions.told import Told, recent
from analysis.reviewing.doubt import nearest_change
from analysis.web.page import Page, Visit, answers
from crawlers.words import FLAGS
from pipelines.tiers.decision import YES

QUESTIONS = (
    "competitors", "channels", "customers", "timing", "barriers", "switching", "openings",
    "changes", "sources", "trends",
)  # fmt: skip

NEAR = 0.1
"""So far from its line, at most, a verdict lies close to a border: flags are 0..1."""

MOST_TOLD = 4
"""Alerts on the first screen."""

MOST_NEAR = 4
"""Of those, named on the first screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """What only a researcher can decide: ``candidates`` (companies) and ``names`` that wait, the
    verdicts ``near`` a border (the nearest first, all counted in ``near_count``), ``corrections``
    that the sums do not know yet.
    """

    candidates: int
    names: int
    near: tuple[Standing, ...]
    near_count: int
    corrections: int


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """Every stored answer, who became a direct rival, and what waits for a decision."""
    return {
        "answers": answers(conn, *QUESTIONS, period=visit.period),
        "alerts": recent_alerts(conn),
        "told": _untold(conn),
        "alert_words": words_of,
        "todo": todo(conn),
    }


def _untold(conn: sqlite3.Connection) -> list[Told]:
    """The newest alerts but new direct rivals, which stand above them until decided on."""
    return [alert for alert in recent(conn, most=50) if alert.kind != "direct"][:MOST_TOLD]


def todo(conn: sqlite3.Connection) -> Todo:
    """What waits now: decided just now is off the list before any pass has run."""
    board = standings(conn)
    found = waiting(board)
    near = close_to_a_border(board)
    return Todo(
        candidates=found.companies,
        names=found.names,
        near=tuple(near[:MOST_NEAR]),
        near_count=len(near),
        corrections=not_in_sums(conn),
    )


def close_to_a_border(board: Iterable[Standing]) -> list[Standing]:
    """The verdicts of the rules that a small change of one or two flags would move, nearest first.

    Candidates are left out: they wait for a decision in any case.
    """
    found = []
    for one in board:
        if one.verdict != "decided" or one.decision is not None or one.complement:
            continue
        if one.group in ("candidate", "ignored"):
            continue
        flags = {flag: one.flags[flag] or 0.0 for flag in FLAGS}
        if min(abs(value - YES) for value in flags.values()) > NEAR:
            continue  # no flag near its line: no need to try them together
        change = nearest_change(flags)
        if change is not None and change.distance <= NEAR:
            found.append((change.distance, one.competitor, one))
    return [one for _, _, one in sorted(found, key=lambda item: item[:2])]


PAGE = Page(
    name="overview",
    route=r"",
    tables=("summaries", "tiers", "tier_history", "competitors", "decisions", "alerts"),
    read=read,
    tab="overview",
)

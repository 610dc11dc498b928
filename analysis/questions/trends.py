"""Each question's people in a time range against the range before it, and month by month.

Two counts of people over equally long times are compared as rates (exact interval of their ratio,
:func:`~analysis.questions.intervals.rate_ratio`); "rising" or "falling" is said only where the
interval leaves out 1.
"""

import sqlite3
from datetime import date, timedelta
from typing import Any

from analysis.questions.channels import NEED
from analysis.questions.intervals import rate_ratio
from analysis.questions.occasions import BUYING
from analysis.questions.period import Period, last_months
from analysis.questions.sample import MINIMUM_PEOPLE, one_row, sample
from analysis.questions.standing import RIVALS

LATELY_DAYS = 90
"""Of all time nothing comes before it: its trend is that of the last ninety days."""

MONTHS = 12

VOICES = {
    "competitors": "id IN (SELECT m.post_id FROM mentions m JOIN competitors k "
    f"ON k.id = m.competitor AND k.id IN {RIVALS})",
    "channels": NEED,
    "customers": NEED,
    "timing": BUYING,
    "barriers": "(barrier IS NOT NULL OR objection = 1)",
    "switching": "id IN (SELECT post_id FROM switches)",
    "openings": "suggestion = 1",
}
"""Whose voices a question rests on, as a condition on ``voices``."""

Row = dict[str, Any]


def answer(conn: sqlite3.Connection, period: Period) -> Row:
    """How many people each question rests on now, before, and in each of the last months.

    :param period: the range; must be asked while ``voices`` still holds all time.
    :returns: for each question of :data:`VOICES` {``now``, ``before`` (``None`` where nothing was
        read from so long ago), ``days``, ``ratio``, ``low``, ``high``, ``direction``: ``rising``,
        ``falling``, ``even`` (the interval holds 1) or ``None`` (too few people), ``months``
        [{month, people}] (the last twelve, quiet ones too)}; ``days``, ``since`` (the first day
        of now; missing where nothing is known), ``earlier`` ([first, last day] of before),
        ``sample``.
    """
    days = period.days or LATELY_DAYS
    everyone = sample(conn)
    found: Row = {"days": days, "sample": everyone}
    newest = _day(period.until or everyone["until"])
    if newest is None:
        return found
    since, before = str(newest - timedelta(days=days)), str(newest - timedelta(days=2 * days))
    found |= {"since": since, "earlier": [before, str(newest - timedelta(days=days + 1))]}
    months = last_months(str(newest), MONTHS)
    known = everyone["since"] is not None and everyone["since"][:10] <= before
    for question, where in VOICES.items():
        now, then = one_row(
            conn,
            "SELECT count(DISTINCT CASE WHEN posted_at >= ? THEN person END), "
            "count(DISTINCT CASE WHEN posted_at < ? THEN person END) "
            f"FROM voices WHERE posted_at >= ? AND ({where})",
            (since, since, before),
        )
        counted = dict(
            conn.execute(
                "SELECT substr(posted_at, 1, 7), count(DISTINCT person) FROM voices "
                "WHERE posted_at >= ? AND posted_precision NOT IN ('year', 'unknown') "
                f"AND ({where}) GROUP BY 1",
                (months[0],),
            ).fetchall()
        )
        found[question] = {
            **compare(now, then if known else None, days),
            "months": [{"month": month, "people": counted.get(month, 0)} for month in months],
        }
    return found


def compare(now: int, before: int | None, days: int) -> Row:
    """Two counts of people over equally long times.

    :returns: see :func:`answer`.
    """
    told: Row = {
        "now": now, "before": before, "days": days, "ratio": None, "low": None, "high": None,
        "direction": None,
    }  # fmt: skip
    if before is None or now + before < MINIMUM_PEOPLE:
        return told
    found = rate_ratio(now, days, before, days)
    falling = found.high is not None and found.high < 1
    return told | {
        "ratio": None if found.ratio is None else round(found.ratio, 2),
        "low": round(found.low, 2),
        "high": None if found.high is None else round(found.high, 2),
        "direction": "rising" if found.low > 1 else "falling" if falling else "even",
    }


def _day(moment: str | None) -> date | None:
    try:
        return date.fromisoformat(str(moment)[:10])
    except ValueError:
        return None

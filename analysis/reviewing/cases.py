"""The verdicts worth a researcher's time, least certain first, each with what it rests on."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.questions.candidates import Candidate, candidates
from analysis.questions.standing import Standing, standings
from analysis.reviewing.doubt import Change, doubt
from crawlers.words import FLAGS
from pipelines.tiers.decision import YES

REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A quote, the flag it speaks for, the rule that took it, how much it counts (0..1)."""

    flag: str
    quote: str
    url: str
    rule: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A verdict to be reviewed; ``doubt`` 0..1. ``found``: how a company nobody has decided on
    was found, ``None`` for all others.
    """

    standing: Standing
    doubt: float
    change: Change | None
    reasons: tuple[Reason, ...]
    pages: int
    found: Candidate | None = None


QUOTES = 3
"""Of those a candidate was named in."""


def open_candidates(connection: sqlite3.Connection, number: int) -> list[Case]:
    """At most ``number`` companies found that nobody has decided on, rivals first."""
    return [
        case(connection, one.standing, found=one)
        for one in candidates(connection, most=max(0, number), quotes=QUOTES)
    ]


def least_certain(connection: sqlite3.Connection, number: int) -> list[Case]:
    """At most ``number`` verdicts nobody decided on, least certain first; ignored ones left out,
    and candidates that have no tier (:func:`open_candidates` lists them all).

    Equal doubt: the higher score first, then by id, so that the order is the same every time.
    """
    waiting = [
        standing
        for standing in standings(connection)
        if standing.decision is None and standing.group != "ignored" and standing.verdict
    ]
    rivals = sum(one.group == "candidate" and one.tier is not None for one in waiting)
    found = {
        one.standing.competitor: one
        for one in candidates(connection, most=rivals, quotes=QUOTES)
        if one.standing.tier is not None
    }
    open_cases = [
        case(connection, standing, found=found.get(standing.competitor))
        for standing in waiting
        if standing.group != "candidate" or standing.competitor in found
    ]
    open_cases.sort(
        key=lambda one: (-one.doubt, -(one.standing.score or 0), one.standing.competitor)
    )
    return open_cases[: max(0, number)]


def case(
    connection: sqlite3.Connection, standing: Standing, *, found: Candidate | None = None
) -> Case:
    """What there is to say of one verdict.

    :param found: how it was found, where it is a candidate.
    """
    flags = {flag: standing.flags[flag] or 0.0 for flag in FLAGS}
    rows = [
        Reason(flag=flag, quote=quote, url=url, rule=rule, weight=weight or 0.0)
        for flag, quote, url, rule, weight in connection.execute(
            "SELECT subject, quote, url, rule, weight FROM evidence WHERE claim_table = 'tiers' "
            "AND claim_key = ? ORDER BY weight DESC, id",
            (standing.competitor,),
        )
        if flag in FLAGS
    ]
    (pages,) = connection.execute(
        "SELECT count(*) FROM pages WHERE competitor = ? AND status < 400", (standing.competitor,)
    ).fetchone()
    quotes = len({row.quote for row in rows if flags[row.flag] >= YES})
    level, change = doubt(
        flags, verdict=standing.verdict or "insufficient", quotes=quotes, pages=pages
    )
    return Case(
        standing=standing,
        doubt=level,
        change=None if standing.complement else change,
        reasons=_strongest(rows, flags, change.flags if change else ()),
        pages=pages,
        found=found,
    )


def _strongest(
    rows: Iterable[Reason], flags: dict[str, float], deciding: Sequence[str]
) -> tuple[Reason, ...]:
    """Those of the flags the verdict hangs on first, then those under a yes, the heaviest first;
    no quote twice, no rule if it can be.
    """
    ordered = sorted(
        rows, key=lambda row: (row.flag not in deciding, flags[row.flag] < YES, -row.weight)
    )
    chosen: list[Reason] = []
    for other_rules_only in (True, False):
        for row in ordered:
            if len(chosen) == REASONS:
                break
            known = {one.quote for one in chosen}
            rules = {one.rule for one in chosen}
            if row.quote not in known and not (other_rules_only and row.rule in rules):
                chosen.append(row)
    return tuple(chosen)

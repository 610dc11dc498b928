"""Question 1: who competes with us?"""

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.questions.candidates import waiting
from analysis.questions.sample import MINIMUM_PEOPLE, one_row, sample
from analysis.questions.standing import RIVALS, Standing, standings


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """How many stand in each group, who stands nearest, and whom people talk about most.

    :returns: ``groups`` (name -> count), ``nearest`` and ``talked`` (lists of competitors with
        counts of distinct people), ``competitors`` in all, ``candidates`` that nobody decided on
        and ``names`` that lead to no site (both in no other number),
        ``decisions``, ``pages``, and the sample of posts that name a rival.
    """
    mentions = sample(conn, f"id IN (SELECT post_id FROM mentions WHERE competitor IN {RIVALS})")
    (pages,) = one_row(conn, "SELECT count(*) FROM pages")
    found = of_board(standings(conn), _people(conn))
    return {
        **found,
        "pages": pages,
        "sample": {**mentions, "enough": found["competitors"] > 0},
    }


def of_board(board: Sequence[Standing], people: Mapping[str, int]) -> dict[str, Any]:
    """What :func:`answer` says of where everybody stands: all but ``pages`` and ``sample``.

    :param people: how many speak of each.
    """
    groups = Counter(s.group for s in board)
    found = waiting(board)
    listed: list[dict[str, Any]] = [
        {
            "id": s.competitor, "name": s.name, "group": s.group, "tier": s.tier,
            "score": s.score, "people": people.get(s.competitor, 0),
            "decided": s.decision is not None,
        }
        for s in board
        if s.group not in ("ignored", "candidate")
    ]  # fmt: skip
    talked = sorted(
        (c for c in listed if c["tier"] and c["people"]), key=lambda c: (-c["people"], c["name"])
    )
    return {
        "groups": dict(groups),
        "competitors": len(listed),
        "rivals": sum(groups[name] for name in ("direct", "substitute", "potential")),
        "nearest": [c for c in listed if c["tier"]][:8],
        "talked": talked[:8],
        "loudest": talked[0] if talked and talked[0]["people"] >= MINIMUM_PEOPLE else None,
        "candidates": found.companies,
        "names": found.names,
        "decisions": sum(s.decision is not None for s in board),
    }


def _people(conn: sqlite3.Connection) -> dict[str, int]:
    return dict(
        conn.execute(
            "SELECT m.competitor, count(DISTINCT v.person) "
            "FROM mentions m JOIN voices v ON v.id = m.post_id WHERE m.competitor IS NOT NULL "
            "GROUP BY m.competitor"
        )
    )

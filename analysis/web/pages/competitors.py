"""The tier board: every competitor where it stands, and those nothing could be said of."""

import sqlite3
from typing import Any

from analysis.questions.standing import GROUPS, standings
from analysis.web.page import Page, Visit, answers


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The board by group, in the design's order."""
    board = standings(conn)
    groups = {group: [s for s in board if s.group == group] for group in GROUPS}
    return {
        "tiers": {name: groups.pop(name) for name in ("direct", "substitute", "potential")},
        "others": {name: members for name, members in groups.items() if members},
        "total": len(board),
        "most_people": max((s.counts["authors"] or 0 for s in board), default=0),
        "answers": answers(conn, "competitors"),
    }


PAGE = Page(
    name="competitors",
    route=r"competitors",
    tables=("tier_board", "tiers", "decisions"),
    read=read,
    tab="competitors",
)

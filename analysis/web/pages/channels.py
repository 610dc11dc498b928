"""Where customers talk and where rivals promote: places by demand, and the matrix."""

import sqlite3
from typing import Any

from analysis.questions.sources import own_sources
from analysis.questions.standing import RIVALS, UNREAD, standings
from analysis.web.page import Page, Visit, answers, dicts

MOST_ROWS = 120  # more rivals than anyone reads across; the rest is in the table


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The matrix (a cell is the strongest tag seen) and the stored answer."""
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    order: dict[str, int] = {}
    for tag in dicts(
        conn,
        "SELECT t.subject, t.channel, t.platform, t.strength, c.position FROM channel_tags t "
        f"JOIN channels c ON c.id = t.channel WHERE t.subject IN {RIVALS} "
        "AND t.role = 'promotes' ORDER BY t.strength DESC, t.platform",
    ):
        order[tag["channel"]] = tag["position"]
        cell = cells.setdefault(
            (tag["subject"], tag["channel"]), {"strength": tag["strength"], "platforms": []}
        )
        if tag["platform"]:
            cell["platforms"].append(tag["platform"])
    columns = sorted(order, key=order.__getitem__)
    board = [s for s in standings(conn) if s.group not in ("ignored", "candidate")]
    rows = [
        {
            "standing": s,
            # Nothing read: then even "not seen" would say too much.
            "unread": s.outcome in UNREAD and not any((s.competitor, c) in cells for c in columns),
            "cells": [cells.get((s.competitor, column)) for column in columns],
        }
        for s in board[:MOST_ROWS]
    ]
    return {
        "columns": columns,
        "rows": rows,
        "more": max(0, len(board) - MOST_ROWS),
        "own": own_sources(conn),
        "answers": answers(conn, "channels", "openings"),
    }


PAGE = Page(
    name="channels",
    route=r"channels",
    tables=("channel_tags", "tier_board", "summaries"),
    read=read,
    tab="channels",
)

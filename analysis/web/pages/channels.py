"""Where customers talk and where rivals promote: places by demand, and the matrix."""

import sqlite3
from collections import Counter
from typing import Any

from analysis.questions.decided import CHANNEL_DECISIONS, CHANNEL_TAGS
from analysis.questions.sources import own_sources
from analysis.questions.standing import RIVALS, UNREAD, standings
from analysis.web.page import Page, Visit, answers, dicts

OURS = "(SELECT id FROM competitors WHERE is_self = 1)"
MOST_ROWS = 50  # more rivals than anyone reads across; the rest is in the table


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The matrix (a cell is the strongest tag seen) and the stored answer."""
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    order: dict[str, int] = {}
    for tag in dicts(
        conn,
        "SELECT t.subject, t.channel, t.platform, t.strength, t.decision, c.position "
        f"FROM {CHANNEL_TAGS} t JOIN channels c ON c.id = t.channel "
        f"WHERE (t.subject IN {RIVALS} OR t.subject IN {OURS}) "
        "AND t.role = 'promotes' ORDER BY t.strength DESC, t.platform",
    ):
        order[tag["channel"]] = tag["position"]
        cell = cells.setdefault(
            (tag["subject"], tag["channel"]), {"strength": tag["strength"], "platforms": []}
        )
        cell["decided"] = cell.get("decided") or tag["decision"]
        if tag["platform"]:
            cell["platforms"].append(tag["platform"])
    denied = {
        (subject, channel)
        for subject, channel in conn.execute(
            f"SELECT a.subject, a.channel FROM {CHANNEL_DECISIONS} a WHERE a.strength = 0"
        )
    }
    columns = sorted(order, key=order.__getitem__)
    board = [
        s for s in standings(conn, period=visit.period) if s.group not in ("ignored", "candidate")
    ]
    rows = [
        {
            "standing": s,
            # Nothing read: then even "not seen" would say too much.
            "unread": s.outcome in UNREAD and not any((s.competitor, c) in cells for c in columns),
            "cells": [cells.get((s.competitor, column)) for column in columns],
            "denied": [(s.competitor, column) in denied for column in columns],
        }
        for s in board[:MOST_ROWS]
    ]
    rivals = {s.competitor for s in board}
    totals = Counter(channel for subject, channel in cells if subject in rivals)
    return {
        "columns": columns,
        "rows": rows,
        "us": [
            {"name": name, "cells": [cells.get((key, column)) for column in columns]}
            for key, name in conn.execute("SELECT id, name FROM competitors WHERE is_self = 1")
            if any((key, column) in cells for column in columns)
        ],
        "totals": [totals[column] for column in columns],
        "by_hand": bool(denied) or any(cell["decided"] for cell in cells.values()),
        "more": max(0, len(board) - MOST_ROWS),
        "own": own_sources(conn),
        "answers": answers(conn, "channels", "trends", period=visit.period),
    }


PAGE = Page(
    name="channels",
    route=r"channels",
    tables=("channel_tags", "tier_board", "summaries"),
    read=read,
    tab="channels",
)

"""What changed on the rivals' sites, by day, in words."""

import sqlite3
from itertools import groupby
from typing import Any

from analysis.questions.standing import RIVALS
from analysis.web.page import Page, Visit, answers, dicts

PAGE_SIZE = 60
DAYS = 30  # of the stored answer, whose module cannot be imported here: it brings pandas


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The newest changes, or those of one kind or competitor, below a row already shown."""
    asked = bool(visit.query.get("competitor"))  # of one, whoever it is; else of the rivals
    conditions = ["k.is_self = 0" if asked else f"k.id IN {RIVALS}"]
    parameters: list[object] = []
    for name, column in (("kind", "c.kind"), ("competitor", "c.competitor")):
        if visit.query.get(name):
            conditions.append(f"{column} = ?")
            parameters.append(visit.query[name])
    stored = answers(conn, "changes")
    recent = visit.query.get("recent") == "1" and stored["changes"] is not None
    if recent:  # as the stored answer counts them
        until = stored["changes"]["until"]
        conditions.append("c.at > strftime('%Y-%m-%dT%H:%M:%SZ', ?, ?) AND c.at <= ?")
        parameters += [until, f"-{DAYS} days", until]
    at, _, row = visit.query.get("after", "").partition("~")
    if at and row.isdigit():
        conditions.append("(c.at, c.id) < (?, ?)")
        parameters += [at, int(row[:18])]
    rows = dicts(
        conn,
        "SELECT c.id, c.competitor, k.name, c.kind, c.words, c.old, c.new, c.importance, "
        "c.at, p.url FROM changes c JOIN competitors k ON k.id = c.competitor "
        f"LEFT JOIN pages p ON p.id = c.page_id WHERE {' AND '.join(conditions)} "
        f"ORDER BY c.at DESC, c.id DESC LIMIT {PAGE_SIZE + 1}",
        parameters,
    )
    more = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    rows = rows[:PAGE_SIZE]
    return {
        "days": [(day, list(of_day)) for day, of_day in groupby(rows, lambda row: row["at"][:10])],
        "after": f"{more['at']}~{more['id']}" if more else None,
        "kind": visit.query.get("kind"),
        "competitor": visit.query.get("competitor"),
        "recent": 1 if recent else None,
        "answers": stored,
    }


PAGE = Page(name="changes", route=r"changes", tables=("changes",), read=read, tab="changes")

"""The first screen: the six questions, what they say together, what changed, what it rests on."""

import sqlite3
from typing import Any

from analysis.web.page import Page, Visit, answers

QUESTIONS = (
    "competitors", "channels", "customers", "timing", "barriers", "switching", "openings",
    "changes", "sources",
)  # fmt: skip


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """Every stored answer."""
    return {"answers": answers(conn, *QUESTIONS)}


PAGE = Page(name="overview", route=r"", tables=("summaries",), read=read, tab="overview")

"""The first screen: the six questions, what they say together, what changed, what it rests on."""

import sqlite3
from typing import Any

from analysis.questions.alerts import recent_alerts
from analysis.web.page import Page, Visit, answers

QUESTIONS = (
    "competitors", "channels", "customers", "timing", "barriers", "switching", "openings",
    "changes", "sources",
)  # fmt: skip


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """Every stored answer, and who became a direct rival."""
    return {"answers": answers(conn, *QUESTIONS), "alerts": recent_alerts(conn)}


PAGE = Page(
    name="overview",
    route=r"",
    tables=("summaries", "tiers", "tier_history", "competitors", "decisions"),
    read=read,
    tab="overview",
)

"""The pages that show one stored answer in full: questions 3 to 6 and the openings."""

import sqlite3
from collections.abc import Callable
from typing import Any

from analysis.web.page import Page, Visit, answers


def _reader(*questions: str) -> Callable[[sqlite3.Connection, Visit], dict[str, Any]]:
    def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
        return {"answers": answers(conn, *questions, period=visit.period)}

    return read


def _page(name: str, route: str, *questions: str) -> Page:
    return Page(name=name, route=route, tables=("summaries",), read=_reader(*questions), tab=name)


CUSTOMERS = _page(
    "customers", "customers", "customers", "topics", "purchase_power", "journeys", "trends"
)
WHEN = _page("when", "when", "timing", "trends")
WHY_NOT = _page("why_not", "why-not", "barriers", "trends", "topics")
WHY_THEM = _page("why_them", "why-them", "switching", "leaving", "trends")
OPENINGS = _page("openings", "openings", "openings")

"""The pages that show one stored answer in full: questions 3 to 6 and the openings."""

import sqlite3
from collections.abc import Callable
from typing import Any

from analysis.web.page import Page, Visit, answers


def _reader(*questions: str) -> Callable[[sqlite3.Connection, Visit], dict[str, Any]]:
    def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
        return {"answers": answers(conn, *questions)}

    return read


def _page(name: str, route: str, *questions: str) -> Page:
    return Page(name=name, route=route, tables=("summaries",), read=_reader(*questions), tab=name)


CUSTOMERS = _page("customers", "customers", "customers", "topics", "purchase_power", "journeys")
WHEN = _page("when", "when", "timing")
WHY_NOT = _page("why_not", "why-not", "barriers")
WHY_THEM = _page("why_them", "why-them", "switching", "leaving")
OPENINGS = _page("openings", "openings", "openings")

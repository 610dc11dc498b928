"""What a page is, and what it is given."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.questions import SHAPE
from analysis.questions.corrected import corrected
from analysis.questions.period import ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request, cut down to what a page may use: parts of its route, its query, and the id of the
    time range it asks for (:data:`analysis.questions.period.DAYS`).
    """

    parts: Mapping[str, str]
    query: Mapping[str, str]
    period: str = ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the desk.

    ``name`` is its template and its texts; ``route`` a pattern below the base address; ``tab`` the
    tab it lights; ``tables`` what must be visible to the reader; ``read`` what it shows, raising
    ``LookupError`` where the thing asked for is not there.
    """

    name: str
    route: str
    tables: tuple[str, ...]
    read: Callable[[sqlite3.Connection, Visit], dict[str, Any]]
    tab: str


def answers(conn: sqlite3.Connection, *questions: str, period: str = ALL) -> dict[str, Any]:
    """The stored answers asked for; ``None`` for one not computed yet.

    Each carries ``computed_at``. An answer that is no JSON object, or was computed
    by a release whose answers looked different, counts as not computed. Corrections made since
    are in it (:mod:`analysis.questions.corrected`).

    :param period: the time range; an answer that is the same for all is found under all time.
    """
    found: dict[str, Any] = dict.fromkeys(questions)
    ranged = has_column(conn, "summaries", "period")
    marks = ", ".join("?" * len(questions))
    for question, text, computed_at in conn.execute(
        f"SELECT question, answer_json, computed_at FROM summaries WHERE question IN ({marks})"
        # Of two rows the last is kept: that of the range itself.
        + (" AND period IN (?, 'all') ORDER BY period = 'all' DESC" if ranged else ""),
        (*questions, *([period] if ranged else [])),
    ):
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(answer, dict) and answer.get("shape") == SHAPE:
            found[question] = {**answer, "computed_at": computed_at}
    return corrected(conn, found, period)


def dicts(conn: sqlite3.Connection, sql: str, parameters: object = ()) -> list[dict[str, Any]]:
    """The rows of a query as dicts."""
    cursor = conn.execute(sql, parameters)  # type: ignore[arg-type]
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def has_column(conn: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether the database's schema knows a column: an older one is read, not migrated."""
    found = conn.execute("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", (table, column))
    return found.fetchone() is not None


def listed(text: object) -> list[str]:
    """The texts of a JSON list column; anything else is an empty list."""
    try:
        value = json.loads(str(text or "[]"))
    except (ValueError, RecursionError):
        return []
    return [str(item) for item in value if item is not None] if isinstance(value, list) else []

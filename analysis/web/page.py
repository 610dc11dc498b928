"""What a page is, and what it is given."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.questions import SHAPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request, cut down to what a page may use: parts of its route and its query."""

    parts: Mapping[str, str]
    query: Mapping[str, str]


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


def answers(conn: sqlite3.Connection, *questions: str) -> dict[str, Any]:
    """The stored answers asked for; ``None`` for one not computed yet.

    Each carries ``computed_at``. An answer that is no JSON object, or was computed
    by a release whose answers looked different, counts as not computed.
    """
    found: dict[str, Any] = dict.fromkeys(questions)
    for question, text, computed_at in conn.execute(
        "SELECT question, answer_json, computed_at FROM summaries"
    ):
        if question in found:
            try:
                answer = json.loads(text)
            except ValueError:
                continue
            if isinstance(answer, dict) and answer.get("shape") == SHAPE:
                found[question] = {**answer, "computed_at": computed_at}
    return found


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
    except ValueError:
        return []
    return [str(item) for item in value if item is not None] if isinstance(value, list) else []

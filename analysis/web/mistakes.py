"""What went wrong with a request, as a status and a word for the reader.

Datasette's own handler prints every local variable of every frame to the terminal, for a mistyped
address as well: ours stands in its place.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Literal

from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

What = Literal["missing", "address", "closed", "slow", "broken"]

_TOO_SLOW = "SQL Interrupted"
"""The title Datasette gives a query that went over its time limit."""

_OF_THE_ADDRESS = (
    "no such column", "no such function", "syntax error", "fts5:", "unterminated", "unrecognized",
    "unable to use function", "malformed json", "bad json", "json path error",
    "value for binding parameter :p",  # fewer parts than the row's key has
)  # fmt: skip
"""Beginnings or parts of SQLite's words when a value of the address made the query impossible;
anything else it says (locked, damaged, full) is the server's trouble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """``status`` of HTTP; ``what`` is the key of the reader's text; ``message`` for programs."""

    status: int
    what: What
    message: str


def explain(exception: Exception) -> Mistake:
    """Who is at fault: the address (400, 403, 404), its size (400), or the server (500).

    Only the last is worth a line in the terminal.
    """
    if isinstance(exception, DatasetteError):
        return _of_datasette(exception)
    message = str(exception.args[0]) if exception.args else ""
    if isinstance(exception, Base400):
        return Mistake(status=exception.status, what=_word(exception.status), message=message)
    if isinstance(exception, json.JSONDecodeError):  # ?_through= and ?column__in= carry JSON
        return Mistake(status=400, what="address", message=message)
    if isinstance(exception, sqlite3.Error):
        return _of_sqlite(message)
    return Mistake(status=500, what="broken", message="Internal error")


def _of_datasette(error: DatasetteError) -> Mistake:
    message = str(error.message)
    if error.title == _TOO_SLOW:
        return Mistake(status=error.status, what="slow", message="SQL query took too long")
    if isinstance(error.__context__, sqlite3.Error):
        return _of_sqlite(message)
    # Without an error beneath it, it is a complaint of the address, also where it says 500.
    status = error.status if error.status < 500 else 400
    return Mistake(status=status, what=_word(status), message=message)


def _of_sqlite(message: str) -> Mistake:
    said = message.lower()
    if "no such table" in said:
        return Mistake(status=404, what="missing", message=message)
    if any(part in said for part in _OF_THE_ADDRESS):
        return Mistake(status=400, what="address", message=message)
    return Mistake(status=500, what="broken", message=message)


def _word(status: int) -> What:
    return {403: "closed", 404: "missing"}.get(status, "address")  # type: ignore[return-value]

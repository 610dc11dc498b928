"""The tables of numbers a page shows, found in its data: lists of rows, each with one name.

A name is the way to the list (``barriers.stages``), so that it stays when others are added. A list
inside the rows of another is a table of its own, led by the column that says whose it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.web.exports.data import Data

MOST_TABLES, MOST_ROWS, MOST_COLUMNS = 60, 5_000, 60
_DEEPEST = 5
_PROOF = ("quotes", "proof", "quote")
"""Lists inside a row that are its proof: the first stands in the row, the rest on the page."""

Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``name`` is fit for an address; ``rows`` are as long as ``columns``."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(data: Data) -> dict[str, Table]:
    """Every table of a page's data by name, in the order the data has them."""
    found: dict[str, Table] = {}
    for name, rows in _lists(data, (), 0):
        if len(found) >= MOST_TABLES:
            break
        if name and name not in found:
            found[name] = _table(name, rows[:MOST_ROWS])
    return found


def _lists(
    value: Data, path: tuple[str, ...], depth: int
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            # What the answers are called says enough: "barriers.stages", not "answers.barriers...".
            yield from _lists(item, path if key == "answers" else (*path, str(key)), depth + 1)
    elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        yield ".".join(path), value
        for key in dict.fromkeys(key for row in value for key in row):
            if key in _PROOF:
                continue
            inner = [
                _owner(row) | item
                for row in value
                for item in (row.get(key) if isinstance(row.get(key), list) else [])
                if isinstance(item, dict)
            ]
            if inner:
                yield ".".join((*path, key)), inner


def _owner(row: Mapping[str, Any]) -> dict[str, Any]:
    """The first column of a row that says which it is."""
    for key, value in row.items():
        if isinstance(value, str) and value:
            return {f"of.{key}": value}
    return {}


def _table(name: str, rows: list[dict[str, Any]]) -> Table:
    flat = [dict(_cells(row)) for row in rows]
    columns = tuple(dict.fromkeys(key for row in flat for key in row))[:MOST_COLUMNS]
    return Table(
        name=name,
        columns=columns,
        rows=tuple(tuple(row.get(column) for column in columns) for row in flat),
    )


def _cells(row: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Cell]]:
    for key, value in row.items():
        name = f"{prefix}{key}"
        if isinstance(value, bool):
            yield name, int(value)
        elif value is None or isinstance(value, str | int | float):
            yield name, value
        elif isinstance(value, dict):
            if depth < 2:
                yield from _cells(value, f"{name}.", depth + 1)
        elif all(isinstance(item, str | int | float) for item in value):
            yield name, "; ".join(str(item) for item in value)
        elif key in _PROOF and isinstance(value[0], dict) and depth < 2:
            yield from _cells(value[0], f"{name}.", depth + 1)

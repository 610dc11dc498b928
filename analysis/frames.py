"""SQL in, typed DataFrame out; DataFrame in, plain JSON-ready rows out.

pandas guesses types from the first rows and turns integers with a NULL into floats; here every
column's type is said. Loads pandas when it is called, since that takes a quarter of a second: what
answers nothing pays nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "integer", "number", "truth", "time"]
"""What a column holds. ``time`` is UTC RFC 3339 text in the table, an aware timestamp here."""

_DTYPES: dict[Kind, Any] = {
    "text": "str",
    "integer": "Int64",
    "number": "Float64",
    "truth": "boolean",
}


def frame(
    conn: sqlite3.Connection,
    sql: str,
    parameters: Sequence[object] | Mapping[str, object] = (),
    *,
    types: Mapping[str, Kind],
) -> pd.DataFrame:
    """The rows of a query, every column with its type; NULL is ``<NA>`` (``NaT`` for a time).

    :param types: name and kind of each column of the query, in its order.
    :raises ValueError: where the query's columns are others than said.
    """
    import pandas as pd

    cursor = conn.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    if names != list(types):
        raise ValueError(f"the query gives {names}, the types name {list(types)}")
    rows = [tuple(row) for row in cursor]
    table = pd.DataFrame(rows, columns=pd.Index(names), dtype="object")
    for name, kind in types.items():
        if kind == "time":
            table[name] = pd.to_datetime(table[name], utc=True, errors="coerce", format="ISO8601")
        else:
            table[name] = table[name].astype(_DTYPES[kind])
    return table


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The table as JSON-ready rows: numbers are Python's, a missing value is ``None``,
    a time is UTC RFC 3339 text.
    """
    columns = {str(name): [_plain(value) for value in table[name]] for name in table.columns}
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, list | dict):
        return value
    import pandas as pd

    if value is None or value is pd.NaT or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.item() if hasattr(value, "item") else value

"""Datasette's own tables, taken away: the addresses beside a table, and its Excel file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import Request

from analysis.web import desk
from analysis.web.exports.stock_excel import MOST_ROWS, with_excel
from analysis.web.formats import plain
from analysis.web.security import Asgi

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette
    from datasette.database import Database

_OF_THE_PAGE = ("_next", "_size", "lang")


def addresses(request: Any) -> dict[str, str]:
    """The table on a stock page in other formats, its filters kept: Excel, CSV, JSON."""
    kept = [pair for pair in parse_qsl(request.query_string, True) if pair[0] not in _OF_THE_PAGE]
    whole = [("_stream", "on"), ("_dl", "1"), ("_size", "max")]
    rows = [pair for pair in kept if not pair[0].startswith("_facet")]
    return {
        "excel": _address(f"{request.path}.xlsx", rows),
        "csv": _address(f"{request.path}.csv", [*rows, *whole]),
        "json": _address(f"{request.path}.json", kept),
    }


def _address(path: str, query: list[tuple[str, str]]) -> str:
    return path + (f"?{urlencode(query)}" if query else "")


def with_tables_as_excel(datasette: Datasette, database: Database, app: Asgi) -> Asgi:
    """The application with ``/DB/TABLE.xlsx``."""

    async def types(table: str) -> Mapping[str, str]:
        def found(conn: Any) -> dict[str, str]:
            rows = conn.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
            return dict(rows.fetchall())

        kinds: dict[str, str] = await database.execute_fn(found)
        return kinds

    def remark(scope: Mapping[str, Any], why: str, rows: int) -> str:
        t = desk.translator(Request(scope, None))
        if why == "rows":
            return t("take.cut_rows", rows=MOST_ROWS).unescape()
        return t("take.cut_why", rows=rows, why=plain(why, 120)).unescape()

    return with_excel(
        app,
        base=str(datasette.setting("base_url")),
        database=str(database.route or database.name),
        types=types,
        remark=remark,
    )

"""The addresses of what is taken away: ``.json``, ``.xlsx``, ``.csv`` of a page, the feed.

Each asks for permission as its page does, and tells a program what went wrong in JSON.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import Forbidden, NotFound, Response

from analysis.questions import told
from analysis.web import compat, desk, session
from analysis.web.exports import atom, excel, json_api
from analysis.web.exports.csv import csv_of
from analysis.web.exports.tables import Table, tables
from analysis.web.formats import plain
from analysis.web.market import TooSlowError, market_database, read
from analysis.web.page import Page
from analysis.web.pages import changes

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette
    from datasette.database import Database

View = Callable[["Datasette", Any], Awaitable[Response]]
FORMATS = ("json", "xlsx", "csv")
ALERTS = replace(changes.PAGE, name="alerts")
"""What the feed of alerts asks permission for."""
_LONGEST = 200


def address(page: Page, ending: str) -> str:
    """The route of a page in another format; the overview, at the root, goes by its name."""
    return f"{page.route or page.name}\\.{ending}"


def routes() -> list[tuple[str, View]]:
    """Every address with its view, to be put before those of the pages."""
    return [
        *(
            (rf"^/{address(page, ending)}$", _view(page, ending))
            for page in desk.PAGES
            for ending in FORMATS
        ),
        *((rf"^/{address(page, 'tables')}$", _listed(page)) for page in desk.PAGES),
        (r"^/changes\.atom$", _feed_view(changes.PAGE, _changes_feed)),
        (r"^/alerts\.atom$", _feed_view(ALERTS, _alerts_feed)),
    ]


def _view(page: Page, ending: str) -> View:
    """The view of a page in one format."""

    async def shown(datasette: Datasette, request: Any) -> Response:
        try:
            document = await _document(datasette, request, page)
        except (NotFound, LookupError):
            return json_api.mistake(404, "There is no such page.")
        except Forbidden:
            return json_api.mistake(403, "You may not see this.")
        except TooSlowError:
            return json_api.mistake(503, "Reading took too long: use a filter.")
        if ending == "json":
            return json_api.answer(document)
        found = tables(document["data"])
        if ending == "csv":
            return _csv(page, found, request)
        return await _excel(page, found, desk.translator(request))

    shown.__name__ = f"rivalmap_{page.name}_{ending}"
    return shown


def _listed(page: Page) -> View:
    """The page that lists what tables there are on a page."""

    async def shown(datasette: Datasette, request: Any) -> Response:
        database = market_database(datasette)
        if database is None:
            raise NotFound("no market")
        context = desk.bar(datasette, database, request, page.tab)
        base = datasette.setting("base_url").rstrip("/")
        context["here"] = request.path.removeprefix(base).strip("/").removesuffix(".tables")
        asked = desk.visit_of(request).query
        context["asked"] = {k: v for k, v in asked.items() if k not in ("lang", "table")}
        try:
            contents = await desk.contents(datasette, database, request, page)
        except LookupError:
            return desk.draw("error", context | {"what": "missing"}, request, status=404)
        except TooSlowError:
            return desk.draw("error", context | {"what": "slow"}, request, status=503)
        context |= {key: contents[key] for key in json_api.OF_THE_MARKET if key in contents}
        data = json_api.document(page.name, context["period"], contents)["data"]
        context["taken"] = list(tables(data).values())
        return desk.draw("take_away", context, request)

    shown.__name__ = f"rivalmap_{page.name}_tables"
    return shown


async def _document(datasette: Datasette, request: Any, page: Page) -> dict[str, Any]:
    database = market_database(datasette)
    if database is None:
        raise NotFound("no market")
    contents = await desk.contents(datasette, database, request, page)
    return json_api.document(page.name, desk.visit_of(request).period, contents)


def _csv(page: Page, found: dict[str, Table], request: Any) -> Response:
    """One table of the page: the one named by ``table``, else the first."""
    name = request.args.get("table") or next(iter(found), "")
    if name not in found:
        named = ", ".join(found) or "none"
        return json_api.mistake(404, f"This page has no table of that name. It has: {named}.")
    body = csv_of(found[name], bom=False)  # every CSV that leaves the server gets one
    return Response(
        body,
        headers=json_api.HEADERS | _named(f"{page.name}-{name}.csv"),
        content_type="text/csv; charset=utf-8; header=present",
    )


async def _excel(page: Page, found: dict[str, Table], t: Any) -> Response:
    def built() -> bytes:
        with tempfile.TemporaryDirectory(prefix="rivalmap-") as folder:
            path = Path(folder) / "page.xlsx"
            sheets = [(name, table.columns, table.rows) for name, table in found.items()]
            excel.write_tables(path, sheets, empty=t("take.none").unescape())
            return path.read_bytes()

    return Response(
        await asyncio.to_thread(built),
        headers=json_api.HEADERS | _named(f"{page.name}.xlsx"),
        content_type=excel.KIND,
    )


def _named(name: str) -> dict[str, str]:
    safe = re.sub(r"[^A-Za-z0-9_.-]", "_", name)[:100]
    return {"Content-Disposition": f'attachment; filename="{safe}"'}


Feed = Callable[["Datasette", "Database", Any], Awaitable[bytes]]


def _feed_view(page: Page, written: Feed) -> View:
    """The view of a feed; ``page`` says what must be visible to whom reads it."""

    async def shown(datasette: Datasette, request: Any) -> Response:
        database = market_database(datasette)
        if database is None:
            return json_api.mistake(404, "There is no market.")
        try:
            await compat.ensure_may_view(datasette, request.actor, database.name, page.tables)
        except Forbidden:
            return json_api.mistake(403, "You may not see this.")
        try:
            body = await written(datasette, database, request)
        except TooSlowError:
            return json_api.mistake(503, "Reading took too long: use a filter.")
        mark = atom.etag(body)
        headers = json_api.HEADERS | {
            "ETag": mark,
            "Vary": "Accept-Language, Cookie",
            "Content-Language": desk.translator(request).language,
        }
        if atom.is_known(request.headers.get("if-none-match"), mark):
            return Response("", status=304, headers=headers, content_type=atom.KIND)
        return Response(body, headers=headers, content_type=atom.KIND)

    shown.__name__ = f"rivalmap_{page.name}_feed"
    return shown


async def _changes_feed(datasette: Datasette, database: Database, request: Any) -> bytes:
    """The changes the address asks for."""
    t = desk.translator(request)
    visit = desk.visit_of(request)
    links = desk.bar(datasette, database, request, None)["links"]

    def found(conn: Any) -> tuple[str, list[dict[str, Any]], changes.ChangeFilter]:
        chosen = changes.asked(conn, visit)
        row = conn.execute("SELECT name FROM market LIMIT 1").fetchone()
        return str(row[0]) if row else "", changes.newest(conn, chosen, most=atom.MOST), chosen

    market, rows, chosen = await read(datasette, database, found)
    asked = {
        "kind": chosen.kind, "competitor": chosen.competitor, "importance": chosen.weight or None,
    }  # fmt: skip
    kept = _kept(datasette, request)
    about = atom.Feed(
        market=market or database.name,
        name=plain(market or database.name, 60),
        at=datasette.absolute_url(request, links.page("changes.atom", **asked, **kept)),
        page=datasette.absolute_url(request, links.page("changes", **asked)),
        question=f"{chosen.kind}\n{chosen.competitor}\n{chosen.weight}\n{visit.period}",
    )
    return await asyncio.to_thread(
        atom.feed, t, about, rows,
        lambda key: datasette.absolute_url(request, links.competitor(key, "changes")),
    )  # fmt: skip


async def _alerts_feed(datasette: Datasette, database: Database, request: Any) -> bytes:
    """The alerts the address asks for: of a ``kind``, of a ``competitor``."""
    t = desk.translator(request)
    query = desk.visit_of(request).query
    links = desk.bar(datasette, database, request, None)["links"]
    asked = {name: str(query.get(name) or "")[:_LONGEST] or None for name in ("kind", "competitor")}

    def found(conn: Any) -> tuple[str, list[told.Told]]:
        row = conn.execute("SELECT name FROM market LIMIT 1").fetchone()
        chosen = {name: value for name, value in asked.items() if value}
        return str(row[0]) if row else "", told.newest(conn, most=atom.MOST, **chosen)

    market, rows = await read(datasette, database, found)
    kept = _kept(datasette, request)
    about = atom.Feed(
        market=market or database.name,
        name=plain(market or database.name, 60),
        at=datasette.absolute_url(request, links.page("alerts.atom", **asked, **kept)),
        page=datasette.absolute_url(request, links.page("changes") + "#alerts"),
        question=f"{asked['kind']}\n{asked['competitor']}",
    )
    return await asyncio.to_thread(
        atom.alert_feed, t, about, rows,
        lambda alert: datasette.absolute_url(request, links.alert(alert)),
    )  # fmt: skip


def _kept(datasette: Datasette, request: Any) -> dict[str, str]:
    """What the address of a feed keeps of how it was asked."""
    query = desk.visit_of(request).query
    language = desk.translator(request).language
    # A feed reader sends no cookie: its address itself names the language it was asked in.
    spoken = {"lang": language} if query.get("lang") == language else {}
    key = str(query.get("key") or "")  # readers subscribe to what "self" says
    return spoken | ({"key": key} if session.is_feed_key(datasette, key) else {})

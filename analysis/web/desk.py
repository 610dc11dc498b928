"""From a request to a page: permission, language, reading, drawing."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import NotFound, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.questions import decided, period
from analysis.web import compat, formats, i18n, session
from analysis.web.change_words import tell
from analysis.web.drawn import Drawn
from analysis.web.links import Links
from analysis.web.market import TooSlowError, market_database, read
from analysis.web.page import Page, Visit
from analysis.web.pages import (
    changes,
    channels,
    collection,
    competitor,
    competitors,
    overview,
    post,
    posts,
    questions,
)
from analysis.web.pages.competitor_offers import price_steps
from analysis.web.pictures.calendar import calendar
from analysis.web.pictures.flows import ribbons
from analysis.web.pictures.map import price_map
from analysis.web.pictures.spark import spark
from analysis.web.pictures.whisker import scale
from analysis.web.pictures.years import years
from analysis.web.security import OURS

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette
    from datasette.database import Database

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = {"bar.css": "text/css", "desk.css": "text/css", "mark.svg": "image/svg+xml"}

PAGES: tuple[Page, ...] = (
    overview.PAGE, competitors.PAGE, competitor.PAGE, channels.PAGE, questions.CUSTOMERS,
    questions.WHEN, questions.WHY_NOT, questions.WHY_THEM, questions.OPENINGS, posts.PAGE,
    post.PAGE, changes.PAGE, collection.PAGE,
)  # fmt: skip

TABS: tuple[Page, ...] = tuple(page for page in PAGES if page.name == page.tab)
"""The tab bar: every page that stands for itself, in order."""

_DRAWN = Drawn()

RESERVED = frozenset(page.route or page.name for page in TABS)
"""Addresses a database must not be named after."""


@cache
def environment() -> Environment:
    """Our own templates: autoescaped, an unknown name is an error, no inline anything."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for function in (
        formats.plain, formats.safe_url, formats.host, formats.day, formats.minute,
        formats.percent, formats.money, formats.platform,
        formats.typed,
    ):  # fmt: skip
        env.filters[function.__name__] = function
    env.globals["tell"] = tell
    env.globals |= {"spark": spark, "calendar": calendar, "ratios": scale, "years": years}
    env.globals |= {"price_map": price_map, "ribbons": ribbons, "price_steps": price_steps}
    return env


@cache
def version() -> str:
    """A mark that changes with our static files."""
    digest = hashlib.sha256()
    for name in sorted(STATIC):
        digest.update((HERE / "static" / name).read_bytes())
    return digest.hexdigest()[:12]


def translator(request: Any) -> i18n.Translator:
    """The reader's language."""
    return i18n.Translator(
        i18n.choose(
            request.args.get("lang"),
            request.cookies.get(i18n.COOKIE),
            request.headers.get("accept-language", ""),
        )
    )


def bar(datasette: Datasette, database: Database, request: Any, tab: str | None) -> dict[str, Any]:
    """What the bar on every page needs, stock pages included."""
    texts = translator(request)
    asked = period.choose(request.args.get("period"))
    links = Links(
        datasette.setting("base_url"), str(database.route or database.name), version(), asked
    )
    query = {key: str(request.args.get(key)) for key in request.args}
    return {
        "t": texts,
        "links": links,
        "tabs": TABS,
        "tab": tab,
        "market": database.name,
        "languages": links.languages(request.path, query),
        "period": asked,
        "ranges": links.periods(request.path, query) if tab is not None else {},
        "since": None,
        "corrections": 0,
        "business": {"name": database.name, "description": ""},
        "running": [],
        "visitor": session.visitor(datasette, request),
    }


def visit_of(request: Any) -> Visit:
    """A request, cut down to what a page may use."""
    return Visit(
        parts=dict(request.url_vars),
        query={key: str(request.args.get(key)) for key in request.args},
        period=period.choose(request.args.get("period")),
    )


async def contents(
    datasette: Datasette, database: Database, request: Any, page: Page
) -> dict[str, Any]:
    """What a page shows: the state of the market, and what the page itself reads.

    :raises Forbidden: where the reader may not view one of the page's tables.
    :raises LookupError: where the thing asked for is not there.
    :raises TooSlowError: where a query went over the time limit.
    """
    await compat.ensure_may_view(datasette, request.actor, database.name, page.tables)
    visit = visit_of(request)
    return await read(
        datasette, database, lambda conn: {**_common(conn, visit.period), **page.read(conn, visit)}
    )


def view(page: Page) -> Any:
    """The Datasette view of a page."""

    async def shown(datasette: Datasette, request: Any) -> Response:
        database = market_database(datasette)
        if database is None:
            raise NotFound("no market")
        context = bar(datasette, database, request, page.tab)
        try:
            context |= await contents(datasette, database, request, page)
        except LookupError:
            return draw("error", context | {"what": "missing"}, request, status=404)
        except TooSlowError:
            return draw("error", context | {"what": "slow"}, request, status=503)
        here = request.path.removeprefix(datasette.setting("base_url").rstrip("/")).strip("/")
        context["here"] = here or page.name
        context["asked"] = {k: v for k, v in visit_of(request).query.items() if k != "lang"}
        return draw(page.name, context, request)

    shown.__name__ = f"rivalmap_{page.name}"
    return shown


def draw(template: str, context: dict[str, Any], request: Any, *, status: int = 200) -> Response:
    """A page of ours as an answer, with its strict policy."""
    html = _DRAWN.page(
        template,
        context,
        lambda: environment().get_template(f"rivalmap/{template}.html").render(context),
    )
    response = Response.html(
        html,
        status=status,
        headers={
            "Content-Security-Policy": OURS,
            "Content-Language": context["t"].language,
            "Cache-Control": "private, no-cache",
            "Vary": "Accept-Language, Cookie",
        },
    )
    if request.args.get("lang") in i18n.LANGUAGES:
        response.set_cookie(
            i18n.COOKIE, request.args["lang"], max_age=365 * 24 * 3600, httponly=True
        )
    return response


async def static(request: Any) -> Response:
    """A file of ours, by its listed name only."""
    name = request.url_vars["name"]
    if name not in STATIC:
        raise NotFound(name)
    return Response(
        (HERE / "static" / name).read_text(encoding="utf-8"),
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
        content_type=f"{STATIC[name]}; charset=utf-8",
    )


async def nothing() -> Response:
    """An address that is closed: as good as not there.

    :raises NotFound: always.
    """
    raise NotFound("closed")


async def silence() -> Response:
    """A script that does nothing, in the place of one that would ask a closed address."""
    return Response("", content_type="text/javascript; charset=utf-8")


async def robots(request: Any) -> Response:
    """Nothing here is for search engines."""
    return Response.text("User-agent: *\nDisallow: /\n")


def _common(conn: sqlite3.Connection, asked: str) -> dict[str, Any]:
    """What every page says of the state of the market."""
    row = conn.execute("SELECT name, business_json FROM market LIMIT 1").fetchone()
    (gathered,) = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM pages) OR EXISTS (SELECT 1 FROM posts)"
    ).fetchone()
    (computed_at,) = conn.execute("SELECT max(computed_at) FROM summaries").fetchone()
    running = conn.execute(
        "SELECT spider, started_at FROM runs WHERE status = 'running' ORDER BY id"
    ).fetchall()
    return {
        "business": _business(row[1] if row else None),
        "market_name": formats.plain(row[0], 80) if row else "NAME",
        "gathered": bool(gathered),
        "computed_at": computed_at,
        "since": period.stored(conn, asked).since,
        "corrections": decided.not_in_sums(conn),
        "running": [tuple(formats.plain(part, 40) for part in run) for run in running],
    }


def _business(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        value = {}
    value = value if isinstance(value, dict) else {}
    name = formats.plain(value.get("name") or "", 60)
    return {"name": name, "description": value.get("description") or ""}

"""The Datasette plugin: hooks only. Without a market among the databases it does nothing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Generator
from importlib import resources
from typing import TYPE_CHECKING, Any

from datasette import Response
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup
from pluggy import HookimplMarker

from analysis.questions import local_time
from analysis.web import desk, search
from analysis.web.formats import plain, safe_url
from analysis.web.market import market_database
from analysis.web.mistakes import explain
from analysis.web.security import Asgi, stock_policy, wrap

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette

NAME = "rivalmap"
hookimpl = HookimplMarker("datasette")
log = logging.getLogger(__name__)

_OTHERS = rf"^/-/(?!(?:static|static-plugins|{NAME})/)"
"""Datasette's pages about itself (paths of the machine, versions, settings, test forms): all but
the files its pages are made of."""


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Our pages, before Datasette's own index."""
    if market_database(datasette) is None:
        return []
    closed = [(_OTHERS, desk.nothing)] if _closed(datasette) else []
    return [
        *((rf"^/{page.route}$", desk.view(page)) for page in desk.PAGES),
        (rf"^/-/{NAME}/(?P<name>[a-z.]+)$", desk.static),
        (r"^/robots\.txt$", desk.robots),
        *closed,
    ]


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Put our ``base.html`` (the bar above stock pages) before Datasette's.

    Datasette finds a plugin's templates by itself from Python 3.12 on only.
    """
    ours = FileSystemLoader(desk.TEMPLATES)
    env.loader = ChoiceLoader([ours, *([env.loader] if env.loader else [])])


@hookimpl
def extra_template_vars(datasette: Datasette, request: Any) -> dict[str, Any]:
    """What the bar above stock pages needs."""
    database = market_database(datasette)
    if database is None or request is None:
        return {}
    return {NAME: desk.bar(datasette, database, request, None)}


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """The bar's stylesheet on stock pages."""
    return [] if market_database(datasette) is None else [f"/-/{NAME}/bar.css?{desk.version()}"]


@hookimpl
def menu_links(datasette: Datasette, request: Any) -> list[dict[str, str]]:
    """Our pages in Datasette's own menu."""
    database = market_database(datasette)
    if database is None or request is None:
        return []
    context = desk.bar(datasette, database, request, None)
    return [
        {"href": context["links"].page(page.route), "label": str(context["t"](f"tab.{page.tab}"))}
        for page in desk.TABS
    ]


@hookimpl
def render_cell(value: Any, database: str, datasette: Datasette) -> Any:
    """Addresses in raw tables: http and https only, and the site is not told where from."""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        return None
    url = safe_url(value)
    if url is None or market_database(datasette) is None:
        return None
    return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(
        url, plain(url, 120)
    )


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Our SQL functions; last, so that our ``escape_fts`` takes the place of Datasette's."""
    served = market_database(datasette)
    if served is not None and served.name == database:
        search.register(conn)
        local_time.register(conn)


@hookimpl(hookwrapper=True)
def handle_exception(
    datasette: Datasette, request: Any, exception: Exception
) -> Generator[None, Any, None]:
    """What went wrong, told in the reader's language; a line in the log only for our own faults.

    A wrapper, so that Datasette's own handler, which prints every local variable of every frame
    to the terminal, is not run.
    """
    outcome = yield
    database = market_database(datasette)
    if database is None or datasette.pdb:
        return
    mistake = explain(exception)

    async def told() -> Response:
        if mistake.status >= 500:
            log.error("%s: %s", request.path, exception, exc_info=exception)
        if request.path.split("?")[0].endswith(".json"):
            error = {"ok": False, "error": mistake.message, "status": mistake.status}
            return Response.json({**error, "title": None}, status=mistake.status)
        context = desk.bar(datasette, database, request, None)
        return desk.draw("error", context | {"what": mistake.what}, request, status=mistake.status)

    outcome.force_result([told])


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Any:
    """Headers on every answer, formulas defused in CSV, strange names and methods refused."""
    if market_database(datasette) is None:
        return lambda app: app
    settings = datasette.plugin_config(NAME) or {}
    hosts = settings.get("hosts")

    def wrapper(app: Asgi) -> Asgi:
        return wrap(
            app,
            policy=stock_policy(_stock_templates()),
            hosts=None if hosts is None else frozenset(hosts),
            methods=frozenset({"GET", "HEAD"}) if _closed(datasette) else None,
        )

    return wrapper


def _closed(datasette: Datasette) -> bool:
    """Whether this is our own server, where nothing but the pages is open."""
    return bool((datasette.plugin_config(NAME) or {}).get("closed"))


def _stock_templates() -> list[str]:
    """The text of Datasette's own templates, as installed."""
    folder = resources.files("datasette") / "templates"
    return [
        page.read_text(encoding="utf-8") for page in folder.iterdir() if page.name.endswith(".html")
    ]

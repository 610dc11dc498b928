"""The Datasette plugin: hooks only. Without a market among the databases it does nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from importlib import resources
from typing import TYPE_CHECKING, Any

from datasette import NotFound, Response
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup
from pluggy import HookimplMarker

from analysis.questions import local_time
from analysis.web import desk, search
from analysis.web.formats import plain, safe_url
from analysis.web.market import market_database
from analysis.web.security import Asgi, stock_policy, wrap

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette

NAME = "rivalmap"
hookimpl = HookimplMarker("datasette")


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Our pages, before Datasette's own index."""
    if market_database(datasette) is None:
        return []
    return [
        *((rf"^/{page.route}$", desk.view(page)) for page in desk.PAGES),
        (rf"^/-/{NAME}/(?P<name>[a-z.]+)$", desk.static),
        (r"^/robots\.txt$", desk.robots),
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
    """An address that is not there, told in the reader's language; all else is Datasette's.

    A wrapper, so that Datasette's own handler, which prints every local variable of every frame
    to the terminal, is not run for a mistyped address.
    """
    outcome = yield
    database = market_database(datasette)
    path = request.path.split("?")[0]
    if database is None or not isinstance(exception, NotFound) or path.endswith(".json"):
        return

    async def missing() -> Response:
        context = desk.bar(datasette, database, request, None)
        return desk.draw("error", context | {"what": "missing"}, request, status=404)

    outcome.force_result([missing])


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Any:
    """Headers on every answer, formulas defused in every CSV, strange host names refused."""
    if market_database(datasette) is None:
        return lambda app: app
    settings = datasette.plugin_config(NAME) or {}
    hosts = settings.get("hosts")

    def wrapper(app: Asgi) -> Asgi:
        return wrap(
            app,
            policy=stock_policy(_stock_templates()),
            hosts=None if hosts is None else frozenset(hosts),
        )

    return wrapper


def _stock_templates() -> list[str]:
    """The text of Datasette's own templates, as installed."""
    folder = resources.files("datasette") / "templates"
    return [
        page.read_text(encoding="utf-8") for page in folder.iterdir() if page.name.endswith(".html")
    ]

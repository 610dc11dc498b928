"""The Datasette plugin: hooks only. Without a market among the databases it does nothing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Generator
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from datasette import Response
from datasette.version import __version__
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup
from pluggy import HookimplMarker

from analysis.questions import local_time
from analysis.web import compat, deciding, desk, search, session, signin
from analysis.web.exports import routes, stock
from analysis.web.formats import plain, safe_url
from analysis.web.inline import StockScripts, stock_scripts
from analysis.web.market import market_database
from analysis.web.mistakes import explain
from analysis.web.posted import READING, routed_path
from analysis.web.security import Asgi, Gate, wrap

if TYPE_CHECKING:  # Datasette loads plugins while it loads itself
    from datasette.app import Datasette

NAME = "rivalmap"
hookimpl = HookimplMarker("datasette")
log = logging.getLogger(__name__)


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Our pages, before Datasette's own index."""
    if market_database(datasette) is None:
        return []
    closed = (
        [(route, desk.nothing) for route in (*compat.MACHINERY, *compat.UNASKED)]
        + [(route, desk.silence) for route in compat.SILENCED]
        if _closed(datasette)
        else []
    )
    return [
        *routes.routes(),  # first: a competitor's page would take its ".json" for a name
        *((rf"^/{page.route}$", desk.view(page)) for page in desk.PAGES),
        (rf"^/{signin.SIGN_IN}$", signin.sign_in),
        (rf"^/{signin.SIGN_OUT}$", signin.sign_out),
        (rf"^/{signin.DECIDE}$", deciding.decide),
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
    env.filters["plain"] = plain  # the bar's


@hookimpl
def extra_template_vars(datasette: Datasette, request: Any, view_name: str) -> dict[str, Any]:
    """What the bar above stock pages needs."""
    database = market_database(datasette)
    if database is None or request is None:
        return {}
    context = desk.bar(datasette, database, request, None)
    return {NAME: context | {"take": stock.addresses(request) if view_name == "table" else {}}}


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
        # As Datasette's own, broken text and all, but without a call of Python for each cell.
        conn.text_factory = partial(str, encoding="utf-8", errors="replace")
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
def actor_from_request(datasette: Datasette, request: Any) -> dict[str, str] | None:
    """Whoever signed in at our own server, or reads its feed by the key in the address."""
    found = session.current(datasette, request.cookies)
    if found is not None:
        return found.actor()
    return session.feed_actor() if signin.opens_feed(datasette, request.scope) else None


@hookimpl
def permission_allowed(
    datasette: Datasette, actor: dict[str, Any] | None, action: str
) -> bool | None:
    """Datasette 0.65: whoever is signed in may correct; ``permissions`` in metadata may say no."""
    return compat.permitted(datasette, actor, action) if action == deciding.ACTION else None


@hookimpl
def register_actions(datasette: Datasette) -> list[Any]:
    """Datasette 1.0: what may be permitted."""
    return compat.actions(deciding.ACTIONS)


@hookimpl
def permission_resources_sql(actor: dict[str, Any] | None, action: str) -> Any:
    """Datasette 1.0: whoever is signed in may correct; ``permissions`` in config may say no."""
    return compat.granted("signed in") if action == deciding.ACTION and actor else None


@hookimpl
def skip_csrf(datasette: Datasette, scope: dict[str, Any]) -> bool:
    """Datasette 0.65: our forms carry a token of ours, alike on both lines, and are checked for
    the page they came from before Datasette sees them.
    """
    if market_database(datasette) is None:
        return False
    return routed_path(scope, str(datasette.setting("base_url"))) in signin.WRITES


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Any:
    """Headers on every answer, formulas defused in CSV, strange names and methods refused."""
    database = market_database(datasette)
    if database is None:
        return lambda app: app
    settings = datasette.plugin_config(NAME) or {}
    hosts = settings.get("hosts")

    def wrapper(app: Asgi) -> Asgi:
        return wrap(
            stock.with_tables_as_excel(datasette, database, app),
            scripts=_stock_scripts(),
            hosts=None if hosts is None else frozenset(hosts),
            methods=READING if _closed(datasette) else None,
            writes=signin.WRITES,
            base=str(datasette.setting("base_url")),
            gate=_gate(datasette),
        )

    return wrapper


@cache
def _stock_scripts() -> StockScripts:
    """Read once: Datasette 1.0 asks for the wrapper anew with each call of its own client."""
    return stock_scripts(compat.stock_templates(), __version__)


def _gate(datasette: Datasette) -> Gate | None:
    """Who may pass at all, on a server with a password."""
    door = session.door_of(datasette)
    if door is None or door.password is None:
        return None
    return lambda scope, path: signin.refusal(datasette, scope, path)


def _closed(datasette: Datasette) -> bool:
    """Whether this is our own server, where nothing but the pages is open."""
    return bool((datasette.plugin_config(NAME) or {}).get("closed"))

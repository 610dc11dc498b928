"""Builds the Datasette the `browse` command and the tests serve: one place, so both are safe.

Every setting with its reason; loopback unless the caller says otherwise.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from analysis.web import compat, desk, plugin
from analysis.web.session import Door, set_door

HOST = "127.0.0.1"
HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The names the server answers to when it listens on loopback."""


def settings() -> dict[str, object]:
    """Datasette's settings: what differs from its defaults, and why."""
    return {
        "default_allow_sql": False,  # a query can fill the memory; no time limit stops that
        "allow_download": False,  # the file holds whole pages and posts of others
        "suggest_facets": False,  # costs about a second a page at a million rows
        "facet_time_limit_ms": 1_500,  # 200 is too short for a facet over a million rows
        "sql_time_limit_ms": 3_000,  # a page that needs more is told to use a filter
        "allow_csv_stream": True,  # take-away; bounded by the next line
        "max_csv_mb": 50,
        "max_returned_rows": 1_000,
        "default_page_size": 50,
        "truncate_cells_html": 300,  # a post's whole text is on its own page
        "default_cache_ttl": 0,  # a decision is to be seen at once
        "num_sql_threads": 4,
        "template_debug": False,
        "trace_debug": False,  # would show SQL, and turns CSV into HTML
    }


def metadata(name: str, *, hosts: tuple[str, ...] | None = HOSTS) -> dict[str, Any]:
    """What Datasette is told of the database: labels of the raw tables, our plugin's settings.

    :param hosts: names the server answers to; ``None`` for any (behind a proxy that checks).
    """
    newest = {"sort_desc": "id"}
    return {
        "title": f"Rivalmap: {name}",
        "plugins": {
            plugin.NAME: {
                "hosts": None if hosts is None else list(hosts),
                "closed": True,  # no pages about the machine and the server, no writing methods
            }
        },
        "databases": {
            name: {
                "tables": {
                    "competitors": {"label_column": "name"},
                    "forums": {"label_column": "name"},
                    "threads": {"label_column": "title"},
                    "pages": {"label_column": "url"},
                    "posts": {**newest, "label_column": "url"},
                    "runs": newest,
                    "failures": newest,
                    "changes": newest,
                    "decisions": newest,
                    "post_columns": {"allow": False},  # packed arrays: nothing to read
                }
            }
        },
    }


def database_name(market: str) -> str:
    """The market's name as an address; one that is a page of ours gets an ending."""
    return f"{market}-data" if market in desk.RESERVED else market


def datasette_for(
    db_path: str | Path,
    market: str,
    *,
    hosts: tuple[str, ...] | None = HOSTS,
    overrides: Mapping[str, object] | None = None,
    door: Door | None = None,
    secret: str | None = None,
) -> Datasette:
    """A Datasette that serves one market, with our pages and safe settings.

    It writes nothing but rows of ``decisions``, for whoever is signed in.

    :param db_path: the market's database; it must exist and hold the schema.
    :param market: its name, which names the database in addresses.
    :param hosts: see :func:`metadata`.
    :param overrides: Datasette settings on top of ours (``base_url`` behind a proxy).
    :param door: how one signs in; nobody can without one. With a password nothing is shown to
        anybody else.
    :param secret: what sessions are signed with; a restart ends them unless said.
    :raises FileNotFoundError: where there is no such file.
    """
    path = Path(db_path).resolve(strict=True)
    if not pm.is_registered(plugin):
        pm.register(plugin, plugin.NAME)
    name = database_name(market)
    config = metadata(name, hosts=hosts)
    if door is not None and door.password is not None:
        config["allow"] = {"id": "*"}  # beside the gate in front of every address
    datasette = compat.build(
        [str(path)], {**settings(), **(overrides or {})}, config, secret=secret
    )
    if door is not None:
        set_door(datasette, door)
    compat.rename_database(datasette, str(path), name)
    compat.fresh_client(datasette)
    return datasette

"""Serving a market's pages on this machine."""

import asyncio
import logging
import socket
import sys
import warnings
from pathlib import Path
from typing import Any

from crawlers.market import Market
from pipelines.storage.database import DATABASE_NAME, DatabaseError, open_database

HOST = "127.0.0.1"

_GONE = frozenset({"socket.send() raised exception.", "socket.sendall() raised exception."})


def free_port(port: int) -> int:
    """The port itself where it can be listened on; for 0, one the system picks.

    :raises OSError: where something else listens on it.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        return int(probe.getsockname()[1])


def application(market: Market, folder: Path) -> Any:
    """The market's Datasette.

    :raises DatabaseError: where there is no database yet.
    """
    from analysis.web.serve import datasette_for

    path = folder / DATABASE_NAME
    if not path.exists():
        raise DatabaseError(
            f"market {market.name!r} has no data yet; run scrapy research {market.name} first"
        )
    open_database(path).close()  # bring an older schema up to date before it is read
    return datasette_for(path, market.name)


def quieten() -> None:
    """Leave out of the terminal what a reader's browser causes and nobody can act on."""
    logging.getLogger("asyncio").addFilter(worth_saying)
    # Datasette drops its suggestions of facets where a facet asked for does not exist.
    warnings.filterwarnings(
        "ignore",
        message=r"coroutine '(TableView|\w+Facet)\b.* was never awaited",
        category=RuntimeWarning,
    )


def worth_saying(record: logging.LogRecord) -> bool:
    """All that asyncio logs, except that a browser went away before its answer was complete."""
    return record.getMessage() not in _GONE


def serve(market: Market, folder: Path, port: int) -> None:
    """Serve until Ctrl-C; prints the address first."""
    import uvicorn

    datasette = application(market, folder)
    quieten()
    sys.stderr.write(f"{market.business.name}: http://{HOST}:{port}/  (Ctrl-C ends it)\n")

    async def run() -> None:
        await datasette.invoke_startup()
        server = uvicorn.Server(
            uvicorn.Config(
                datasette.app(), host=HOST, port=port, log_level="warning", lifespan="on"
            )
        )
        await server.serve()

    asyncio.run(run())

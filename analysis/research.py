"""The main job: crawl a market, run the passes, say how it went."""

import logging
from collections.abc import Callable
from pathlib import Path

from scrapy.settings import Settings

from analysis.crawling import CrawlResult, crawl
from analysis.lock import market_lock
from analysis.passes import run_passes
from analysis.passes.tier_moves import recent_alerts
from crawlers.market import Market, MarketError, data_dir
from pipelines.redact import require_salt
from pipelines.storage.database import DATABASE_NAME, DatabaseError, open_database

logger = logging.getLogger(__name__)

PARTIAL_SECONDS = 60.0
"""How often the passes run while a crawl goes on, so that the pages fill within minutes."""


def research(
    market: Market, settings: Settings, *, say: Callable[[str], None] = lambda text: None
) -> CrawlResult:
    """Everything ``scrapy research`` does, under the market's lock.

    :param say: is told what is being done, a line at a time.
    :raises analysis.lock.LockedError: where another run holds the market.
    :raises DatabaseError: where the database cannot be used; nothing was changed then.
    """
    folder = data_dir(market.name)
    with market_lock(folder, f"research {market.name}"):
        path = folder / DATABASE_NAME
        _prepare(path, folder)
        spiders = spiders_for(market)
        if not spiders:
            raise MarketError(
                f"{market.name}: nothing to read: the market file names no site and no forum. Add "
                f"a [[competitor]] with its site, or a [[forum]] with its url, to {market.path}"
            )
        result = crawl(
            market, spiders, settings, every=(PARTIAL_SECONDS, lambda: _passes(market, path))
        )
        say("reading posts, sorting competitors, writing summaries")
        _passes(market, path)
        return result


def _prepare(path: Path, folder: Path) -> None:
    """A clear word about database and salt before the first request."""
    connection = open_database(path)
    try:
        posts = connection.execute("SELECT EXISTS (SELECT 1 FROM posts)").fetchone()[0]
    finally:
        connection.close()
    require_salt(folder, has_posts=bool(posts))


def spiders_for(market: Market) -> list[str]:
    """The spiders a market file has work for."""
    sites = bool(market.business.site) or any(entry.site for entry in market.competitors)
    return [
        name for name, wanted in (("competitors", sites), ("forums", bool(market.talk))) if wanted
    ]


def _passes(market: Market, path: Path) -> None:
    connection = open_database(path)
    try:
        run_passes(connection, market)
    finally:
        connection.close()


def alert_lines(market: Market) -> list[str]:
    """Competitors that lately became direct ones, a line each."""
    connection = open_database(data_dir(market.name) / DATABASE_NAME, read_only=True)
    try:
        return [alert.words() for alert in recent_alerts(connection)]
    finally:
        connection.close()


__all__ = ["DatabaseError", "alert_lines", "research", "spiders_for"]

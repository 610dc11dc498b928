"""What ``scrapy doctor`` looks at: a finding a check, each with its mend."""

from collections.abc import Iterator
from contextlib import closing

from analysis.checkup import alerting, configuration, database, disk, runs, sources
from analysis.checkup.finding import Finding
from crawlers.archive_files import ARCHIVE_FOLDER
from crawlers.base.browsing import Browsing
from crawlers.market import Market, data_dir
from pipelines.storage.database import DATABASE_NAME, open_database

__all__ = ["Finding", "examine"]


def examine(market: Market) -> Iterator[Finding]:
    """Every check on a market, in the order a person would want them."""
    yield configuration.market_file(market)
    yield from configuration.public_sources(market)
    yield Finding(state="good", what="versions", words=configuration.versions())
    browsing = Browsing.for_market(market)
    yield from configuration.browser(browsing)
    folder = data_dir(market.name)
    path = folder / DATABASE_NAME
    if not path.exists():
        yield Finding(
            state="note", what="database", words="there is none yet",
            mend=f"scrapy research {market.name}",
        )  # fmt: skip
        return
    yield from disk.room(folder)
    yield from disk.backups(market, folder)
    damaged = database.damage(path)
    if damaged is not None:
        yield damaged
        return
    yield from runs.lock(folder)
    with closing(open_database(path, read_only=True)) as connection:
        yield from database.database(connection, path)
        yield from disk.salt(connection, folder)
        yield from disk.archive(connection, market, folder)
        yield from runs.runs(connection, market)
        yield from runs.rhythm(connection)
        yield from sources.sources(connection, browsing)
        yield from sources.unread_pages(connection, folder / ARCHIVE_FOLDER, browsing)
        yield from database.alerts(connection)
        yield from alerting.channels(connection, market, folder)
        yield from database.candidates(connection, market)

"""Keeping a market's database fit for years: retention, search index, statistics, space."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from analysis.backup_files import clear, leftovers, surplus_backups
from analysis.lock import market_lock
from analysis.passes import run_passes
from crawlers.archive_files import ARCHIVE_FOLDER, expire, expired, mend
from crawlers.market import Market, data_dir
from pipelines.storage import retention
from pipelines.storage.copies import mend_index
from pipelines.storage.database import DATABASE_NAME, DatabaseError, open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.times import now, utc_text

_Rule = tuple[str, int | None, str, Callable[[sqlite3.Connection, str], int]]
"""What goes, after how many days (``None``: never), which rows, and what removes them."""
_WORTH = 0.1
"""Part of the file that must lie empty before the file is written anew."""


def upkeep(market: Market, *, dry: bool = False) -> list[str]:
    """Remove what is old, mend the search index, bring statistics up to date, give space back.

    :param dry: only say what would go.
    :returns: what was done, a line each.
    :raises analysis.lock.LockedError: where a run holds the market.
    :raises DatabaseError: where there is no database, or it is damaged.
    """
    folder = data_dir(market.name)
    path = folder / DATABASE_NAME
    if not path.exists():
        raise DatabaseError(
            f"market {market.name!r} has no data yet; run scrapy research {market.name} first"
        )
    if dry:
        with closing(open_database(path, read_only=True)) as connection:
            return [*_would_go(connection, market), *_files_would_go(market, folder)]
    with (
        market_lock(folder, f"upkeep {market.name}"),
        closing(open_database(path)) as connection,
    ):
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise DatabaseError(
                f"{path} is damaged: {verdict}. Put it back from a backup (scrapy restore), or "
                f"build it again from the archive: scrapy refresh {market.name} --from-archive"
            )
        broken = mend_index(connection)  # first: a post leaves table and index together
        index = "did not fit the posts, built anew" if broken else "whole"
        return [
            f"search index: {index}", *_retention(connection, market), *_files(market, folder),
            *_space(connection, path),
        ]  # fmt: skip


def _would_go(connection: sqlite3.Connection, market: Market) -> Iterator[str]:
    for what, days, chosen, _ in _rules(market):
        if days is None:
            yield f"{what}: all stay"
        else:
            number = retention.count(connection, chosen, _before(days))
            yield f"{what} older than {days} days: {number} would go"


def _retention(connection: sqlite3.Connection, market: Market) -> Iterator[str]:
    facts = 0
    for what, days, _, remove in _rules(market):
        if days is None:
            continue
        number = remove(connection, _before(days))
        yield f"{what} older than {days} days: {number} removed"
        facts += number if remove in (retention.remove_posts, retention.remove_pages) else 0
    if facts:
        with transaction(connection):
            load_market_rows(connection, market)
        run_passes(connection, market)
        yield "answers counted anew"


def _files_would_go(market: Market, folder: Path) -> Iterator[str]:
    days = market.crawl.archive_days
    number = len(expired(folder / ARCHIVE_FOLDER, days=days))
    yield f"archive files older than {days} days: {number} would go"
    keep = market.upkeep.backups
    if keep is None:
        yield "backups: all stay"
    else:
        number = len(surplus_backups(folder, market.name, keep=keep))
        yield f"backups beyond the newest {keep}: {number} would go"
    yield f"leftovers of killed backups: {len(leftovers(folder))} would go"


def _files(market: Market, folder: Path) -> Iterator[str]:
    """Files go before the database is written anew, which takes room on the disk. A market that is
    crawled no longer keeps its archive no longer than another.
    """
    days = market.crawl.archive_days
    mend(folder / ARCHIVE_FOLDER)  # what a killed run had in hand would stay for ever
    number = expire(folder / ARCHIVE_FOLDER, days=days)
    yield f"archive files older than {days} days: {number} removed"
    keep = market.upkeep.backups
    if keep is not None:
        number = clear(surplus_backups(folder, market.name, keep=keep))
        yield f"backups beyond the newest {keep}: {number} removed"
    yield f"leftovers of killed backups: {clear(leftovers(folder))} removed"


def _rules(market: Market) -> tuple[_Rule, ...]:
    keep = market.upkeep
    return (
        ("posts", keep.posts_days, retention.OLD_POSTS, retention.remove_posts),
        ("pages taken down", keep.gone_pages_days, retention.GONE_PAGES, retention.remove_pages),
        ("failures", keep.failures_days, retention.OLD_FAILURES, retention.remove_failures),
        ("runs", keep.runs_days, retention.OLD_RUNS, retention.remove_runs),
    )


def _before(days: int) -> str:
    return utc_text(now() - timedelta(days=days))


def _space(connection: sqlite3.Connection, path: Path) -> Iterator[str]:
    connection.execute("INSERT INTO posts_fts (posts_fts) VALUES ('optimize')")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA optimize")
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    if free < pages * _WORTH:
        yield f"space: {free * size / 1e6:.1f} MB lie empty, too little to write the file anew"
    elif shutil.disk_usage(path.parent).free < 2 * pages * size:
        yield (
            f"space: {free * size / 1e6:.1f} MB lie empty; giving them back takes "
            f"{2 * pages * size / 1e6:.0f} MB free on the disk for a while"
        )
    else:
        connection.execute("VACUUM")
        yield f"space: {free * size / 1e6:.1f} MB given back"
    connection.execute("PRAGMA busy_timeout = 5000")  # a reader may keep the journal; so be it
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

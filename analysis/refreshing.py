"""Today's rules over what is stored: archived answers are read again, then the passes run."""

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from analysis.lock import market_lock
from analysis.passes import run_passes
from analysis.passes.ticking import Tick, no_tick
from analysis.rereading import Item, PagesPart, Stored, archived, read_pages, rules_mark
from analysis.workers import ALONE, Crew
from crawlers.items import ForumItem, ListingItem, PageItem
from crawlers.market import Market, data_dir
from pipelines.redact import Redact, read_salt, require_salt
from pipelines.storage.crawl_state import targets_from
from pipelines.storage.database import DATABASE_NAME, DatabaseError, open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.write_listings import write_listing
from pipelines.storage.write_pages import write_page
from pipelines.storage.write_posts import write_forum_page

BATCH = 50
"""Answers a transaction holds, and a worker reads in a second or two."""


@dataclass(slots=True, kw_only=True)
class Refreshed:
    """What a refresh read again."""

    pages: int = 0
    expired: int = 0
    posts: int = 0


def refresh(market: Market, *, show: bool = False, crew: Crew = ALONE) -> Refreshed:
    """Read everything stored again with today's rules, without the network.

    Pages whose archived answer has expired keep the facts they have.

    :param show: draw progress bars on the terminal.
    :param crew: who reads pages and posts; all is written by this process.
    :raises analysis.lock.LockedError: where another run holds the market.
    :raises DatabaseError: where there is no database yet.
    """
    folder = data_dir(market.name)
    path = folder / DATABASE_NAME
    if not path.exists():
        raise DatabaseError(
            f"market {market.name!r} has no data yet; run scrapy research {market.name} first"
        )
    with market_lock(folder, f"refresh {market.name}"):
        connection = open_database(path)
        try:
            require_salt(folder, has_posts=_has_posts(connection))
            with transaction(connection):  # its decisions win at once
                load_market_rows(connection, market)
            counts = Refreshed()
            with _bars(show) as tick:
                _reread(connection, market, folder, counts, tick, crew)
                counts.posts = connection.execute("SELECT count(*) FROM posts").fetchone()[0]
                run_passes(connection, market, everything=True, tick=tick, crew=crew)
            return counts
        finally:
            connection.close()


def _has_posts(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM posts)").fetchone()[0])


def _reread(
    connection: sqlite3.Connection, market: Market, folder: Path, counts: Refreshed, tick: Tick,
    crew: Crew,
) -> None:  # fmt: skip
    since = {entry.key: entry.since for entry in market.talk}
    redact = Redact(read_salt(folder))
    total, done = _list_answers(connection), 0
    parts = _parts(connection, folder if crew.shares_files else None, folder, since)
    for part, items in crew.each(read_pages, parts):
        with transaction(connection):
            for stored, item in zip(part.pages, items, strict=True):
                if item is None:
                    counts.expired += 1
                else:
                    _write(connection, stored, item, redact)
                    counts.pages += 1
        done += len(part.pages)
        tick("pages", done, total)
    connection.execute("DROP TABLE temp.answers")


def _write(connection: sqlite3.Connection, stored: Stored, item: Item, redact: Redact) -> None:
    """Store what was read again. The links stand as they were found; people go out here, so that
    the salt stays with the database.
    """
    links = _links(connection, stored)
    if isinstance(item, ListingItem):
        write_listing(connection, item, links)
        return
    item = redact.process_item(replace(item, outlinks=targets_from(links)))
    if isinstance(item, PageItem):
        write_page(connection, item, run_id=None)
    elif isinstance(item, ForumItem):
        write_forum_page(connection, item, archived=True)


_TABLES = {"page": "pages", "list": "source_pages"}


def _links(connection: sqlite3.Connection, stored: Stored) -> str:
    table = _TABLES.get(stored.role, "forum_pages")
    query = f"SELECT links_json FROM {table} WHERE url = ?"
    found: str = connection.execute(query, (stored.url,)).fetchone()[0]
    return found


_FETCHED = "status, body_hash, etag, last_modified, archive_file, archive_offset"


def _list_answers(connection: sqlite3.Connection) -> int:
    """Every archived answer, in the order they came, as a table of this connection's own: not in
    memory, and not changed by what is written meanwhile. Returns how many.
    """
    connection.execute("DROP TABLE IF EXISTS temp.answers")
    connection.execute(
        f"CREATE TEMP TABLE answers AS "
        f"SELECT 'page' AS role, url, competitor AS source, NULL AS engine, NULL AS timezone, "
        f"NULL AS thread, NULL AS title, NULL AS stamp, last_seen, {_FETCHED} "
        f"FROM pages WHERE status < 400 "
        f"UNION ALL SELECT f.kind, f.url, f.forum, o.engine, "
        f"coalesce(o.timezone, o.learnt_timezone), f.thread_url, t.title, t.stamp, f.last_seen, "
        f"f.status, f.body_hash, f.etag, f.last_modified, f.archive_file, f.archive_offset "
        f"FROM forum_pages f JOIN forums o ON o.id = f.forum "
        f"LEFT JOIN threads t ON t.url = f.thread_url "
        f"UNION ALL SELECT 'list', url, source, NULL, NULL, NULL, NULL, NULL, last_seen, "
        f"{_FETCHED} FROM source_pages WHERE status < 400 ORDER BY last_seen"
    )
    total: int = connection.execute("SELECT count(*) FROM temp.answers").fetchone()[0]
    return total


def _parts(
    connection: sqlite3.Connection,
    shared: Path | None,
    folder: Path,
    since: Mapping[str, date | None],
) -> Iterator[PagesPart]:
    """What was listed, a batch at a time; with the answers themselves where the folder is not
    shared with who reads.
    """
    last = 0
    while rows := _rows(connection, last):
        last = rows[-1]["place"]
        pages = tuple(_stored(row, since.get(row["source"])) for row in rows)
        if shared is None:
            pages = tuple(replace(one, document=archived(folder, one)) for one in pages)
        yield PagesPart(rules=rules_mark(), folder=shared, pages=pages)


def _rows(connection: sqlite3.Connection, last: int) -> list[dict[str, Any]]:
    cursor = connection.execute(
        "SELECT rowid AS place, * FROM temp.answers WHERE rowid > ? ORDER BY rowid LIMIT ?",
        (last, BATCH),
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _stored(row: Mapping[str, Any], since: date | None) -> Stored:
    return Stored(
        role=row["role"], url=row["url"], source=row["source"], engine=row["engine"],
        timezone=row["timezone"], status=row["status"], body_hash=row["body_hash"],
        etag=row["etag"], last_modified=row["last_modified"], archive_file=row["archive_file"],
        archive_offset=row["archive_offset"], since=since,
        meta={key: row[key] for key in ("thread", "title", "stamp") if row[key] is not None},
    )  # fmt: skip


class _bars:  # noqa: N801 - used as a with-statement's word
    """Progress bars as a :class:`Tick`; nothing where they are not shown."""

    def __init__(self, show: bool) -> None:
        self._show = show
        self._progress: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Tick:
        if not self._show:
            return no_tick
        from rich.console import Console
        from rich.progress import Progress

        self._progress = Progress(console=Console(file=sys.stderr))
        self._progress.start()
        return self._tick

    def _tick(self, what: str, done: int, total: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=done, total=total)

    def __exit__(self, *exception: object) -> None:
        if self._progress is not None:
            self._progress.stop()

"""Today's rules over what is stored: archived answers are read again, then the passes run."""

import sqlite3
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from analysis.lock import market_lock
from analysis.passes import run_passes
from analysis.passes.ticking import Tick, no_tick
from crawlers.archive import read_archived
from crawlers.base.forum_state import posts_since
from crawlers.extract import read_page
from crawlers.extract.listing import read_listing, read_results
from crawlers.forums import read_forum
from crawlers.items import Fetch, ForumItem, ListingItem, PageItem, Target
from crawlers.market import Market, data_dir
from pipelines.channel_tags import TagChannels
from pipelines.normalise import Normalise
from pipelines.redact import Redact, read_salt, require_salt
from pipelines.storage.crawl_state import targets_from
from pipelines.storage.database import DATABASE_NAME, DatabaseError, open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.write_listings import write_listing
from pipelines.storage.write_pages import write_page
from pipelines.storage.write_posts import write_forum_page
from pipelines.validate import Validate

BATCH = 100


@dataclass(slots=True, kw_only=True)
class Refreshed:
    """What a refresh read again."""

    pages: int = 0
    expired: int = 0
    posts: int = 0


def refresh(market: Market, *, show: bool = False) -> Refreshed:
    """Read everything stored again with today's rules, without the network.

    Pages whose archived answer has expired keep the facts they have.

    :param show: draw progress bars on the terminal.
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
                _reread(connection, market, folder, counts, tick)
                counts.posts = connection.execute("SELECT count(*) FROM posts").fetchone()[0]
                run_passes(connection, market, everything=True, tick=tick)
            return counts
        finally:
            connection.close()


def _has_posts(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM posts)").fetchone()[0])


def _reread(
    connection: sqlite3.Connection, market: Market, folder: Path, counts: Refreshed, tick: Tick
) -> None:
    since = {entry.key: entry.since for entry in market.talk}
    chain = (Validate(), Normalise(), Redact(read_salt(folder)), TagChannels())
    rows = _stored(connection)
    for start in range(0, len(rows), BATCH):
        with transaction(connection):
            for row in rows[start : start + BATCH]:
                item = _item(folder, row, since.get(row["source"]))
                if item is None:
                    counts.expired += 1
                    continue
                for step in chain:
                    item = step.process_item(item)
                if isinstance(item, PageItem):
                    write_page(connection, item, run_id=None)
                elif isinstance(item, ListingItem):
                    write_listing(connection, item, row["links_json"])
                else:
                    write_forum_page(connection, item, archived=True)
                counts.pages += 1
        tick("pages", min(start + BATCH, len(rows)), len(rows))


_FETCHED = "status, body_hash, etag, last_modified, links_json, archive_file, archive_offset"


def _stored(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every archived answer, in the order they came."""
    cursor = connection.execute(
        f"SELECT 'page' AS role, url, competitor AS source, NULL AS engine, NULL AS timezone, "
        f"NULL AS thread, NULL AS title, NULL AS stamp, last_seen, {_FETCHED} "
        f"FROM pages WHERE status < 400 "
        f"UNION ALL SELECT f.kind, f.url, f.forum, o.engine, "
        f"coalesce(o.timezone, o.learnt_timezone), f.thread_url, t.title, t.stamp, f.last_seen, "
        f"f.status, f.body_hash, f.etag, f.last_modified, f.links_json, f.archive_file, "
        f"f.archive_offset "
        f"FROM forum_pages f JOIN forums o ON o.id = f.forum "
        f"LEFT JOIN threads t ON t.url = f.thread_url "
        f"UNION ALL SELECT 'list', url, source, NULL, NULL, NULL, NULL, NULL, last_seen, "
        f"{_FETCHED} FROM source_pages WHERE status < 400 ORDER BY last_seen"
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _item(
    folder: Path, row: dict[str, Any], since: date | None
) -> PageItem | ForumItem | ListingItem | None:
    if row["archive_file"] is None:
        return None
    document = read_archived(folder, row["archive_file"], row["archive_offset"], url=row["url"])
    if document is None:
        return None
    meta = {key: row[key] for key in ("thread", "title", "stamp") if row[key] is not None}
    target = Target(source=row["source"], url=row["url"], role=row["role"], meta=meta)
    fetch = Fetch(
        url=row["url"], status=row["status"], fetched_at=document.fetched_at,
        body_hash=row["body_hash"], etag=row["etag"], last_modified=row["last_modified"],
        archive_file=row["archive_file"], archive_offset=row["archive_offset"],
    )  # fmt: skip
    outlinks = targets_from(row["links_json"])
    if row["role"] == "page":
        if not document.is_html:
            return None
        page = read_page(document)
        return PageItem(target=target, fetch=fetch, page=page, outlinks=outlinks)
    if row["role"] == "list":
        listing = read_listing(document) if document.is_html else read_results(document)
        if listing is None:
            return None
        return ListingItem(target=target, fetch=fetch, listing=listing, outlinks=outlinks)
    expect = row["role"] if row["role"] in ("board", "topic") else None
    forum = read_forum(document, engine=row["engine"], timezone=row["timezone"], expect=expect)
    if forum is None:
        return None
    page_since = posts_since(forum, since)
    return ForumItem(target=target, fetch=fetch, page=page_since, outlinks=outlinks)


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

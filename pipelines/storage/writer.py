"""Items to rows, in batches: a page, its outlinks and its done mark commit together."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from crawlers.items import (
    DoneItem,
    FailureItem,
    ForumItem,
    ListingItem,
    PageItem,
    SitemapItem,
    Target,
    UnchangedItem,
)
from crawlers.patience import PUT_OFF
from pipelines.storage.crawl_state import INSERT_TARGET, target_row, targets_json
from pipelines.storage.database import transaction
from pipelines.storage.gone import thread_gone
from pipelines.storage.times import utc_text
from pipelines.storage.write_listings import (
    LIST_ROLES,
    listing_gone,
    listing_unchanged,
    write_listing,
)
from pipelines.storage.write_pages import page_unchanged, write_page
from pipelines.storage.write_posts import forum_page_unchanged, write_forum_page
from pipelines.storage.write_search import write_sitemap

FORUM_ROLES = frozenset({"index", "board", "topic"})

Item = PageItem | ForumItem | ListingItem | SitemapItem | UnchangedItem | DoneItem | FailureItem


class Writer:
    """Buffers items and writes them, all or none, every so many items or seconds.

    What a kill loses is at most one batch of pages that stay pending in the frontier.

    :param batch_items: items a batch holds.
    :param batch_seconds: how old the first item of a batch may grow.
    :param folder: the market's data folder; without it older answers cannot be read again.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        run_id: int,
        *,
        batch_items: int,
        batch_seconds: float,
        clock: Callable[[], float] = monotonic,
        folder: Path | None = None,
    ) -> None:
        self.connection = connection
        self.run_id = run_id
        self._batch_items = batch_items
        self._batch_seconds = batch_seconds
        self._clock = clock
        self._folder = folder
        self._buffer: list[Item] = []
        self._since = 0.0

    def add(self, item: Item) -> None:
        """Take an item; writes where the batch is full or old."""
        if not self._buffer:
            self._since = self._clock()
        self._buffer.append(item)
        full = len(self._buffer) >= self._batch_items
        if full or self._clock() - self._since >= self._batch_seconds:
            self.flush()

    def flush(self) -> None:
        """Write what is buffered, in one transaction."""
        if not self._buffer:
            return
        with transaction(self.connection):
            for item in self._buffer:
                self._write(item)
        self._buffer = []

    def _write(self, item: Item) -> None:
        state, outlinks = "done", getattr(item, "outlinks", ())
        if isinstance(item, PageItem):
            reason = write_page(self.connection, item, run_id=self.run_id, folder=self._folder)
            if reason is not None:
                state = "failed"
                self._failure(_not_the_page(item, reason))
        elif isinstance(item, ForumItem):
            write_forum_page(self.connection, item)
        elif isinstance(item, ListingItem):
            write_listing(self.connection, item, targets_json(item.outlinks))
        elif isinstance(item, SitemapItem):
            write_sitemap(self.connection, item)
        elif isinstance(item, UnchangedItem):
            self._unchanged(item)
        elif isinstance(item, FailureItem):
            state = "pending" if item.reason in PUT_OFF else "failed"
            self._failure(item)
        self._frontier(item.target, state, outlinks)

    def _unchanged(self, item: UnchangedItem) -> None:
        write = page_unchanged
        if item.target.role in FORUM_ROLES:
            write = forum_page_unchanged
        elif item.target.role in LIST_ROLES:
            write = listing_unchanged
        write(self.connection, item.fetch, item.target.url)

    def _failure(self, item: FailureItem) -> None:
        at = utc_text(item.at)
        self.connection.execute(
            "INSERT OR IGNORE INTO failures (run_id, source, url, reason, detail, at, "
            "archive_file, archive_offset) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.run_id, item.target.source, item.target.url, item.reason, item.detail, at,
                item.fetch.archive_file if item.fetch else None,
                item.fetch.archive_offset if item.fetch else None,
            ),
        )  # fmt: skip
        if item.reason in ("http_404", "http_410") and item.target.role in LIST_ROLES:
            listing_gone(self.connection, item.target.url)
        elif item.reason in ("http_404", "http_410"):
            thread_gone(self.connection, item.target, at)

    def _frontier(self, target: Target, state: str, outlinks: tuple[Target, ...]) -> None:
        execute: Any = self.connection.execute
        execute(INSERT_TARGET, target_row(self.run_id, target))
        execute(
            "UPDATE frontier SET state = ?, attempts = attempts + 1 WHERE run_id = ? AND url = ?",
            (state, self.run_id, target.url),
        )
        self.connection.executemany(
            INSERT_TARGET, [target_row(self.run_id, outlink) for outlink in outlinks]
        )


_DETAILS = {
    "missing": "the page says that it is not there",
    "moved": "the address leads to another page of the site",
    "stand_in": "a notice stands in place of the page",
}


def _not_the_page(item: PageItem, reason: str) -> FailureItem:
    """An answer that is not the page that was asked for, as the failure it is."""
    where = item.fetch.final_url or item.target.url
    detail = f"{_DETAILS[reason]}: {item.page.title[:200]} ({where})"
    return FailureItem(
        target=item.target, reason=reason, detail=detail, at=item.fetch.fetched_at, fetch=item.fetch
    )

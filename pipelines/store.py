"""Last: into the database."""

import sqlite3
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.writer import Writer


class Store:
    """Hands items to the writer over the crawl state's own connection and run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer: Writer | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for a crawl."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Begin to write for the spider's run."""
        state = self._crawler.spider.state  # type: ignore[union-attr]
        assert isinstance(state, SqliteCrawlState)
        settings = self._crawler.settings
        self._writer = Writer(
            state.connection,
            state.run_id,
            batch_items=settings.getint("RIVALMAP_BATCH_ITEMS"),
            batch_seconds=settings.getfloat("RIVALMAP_BATCH_SECONDS"),
            folder=Path(settings["RIVALMAP_DATA_DIR"]),
        )

    def process_item(self, item: Any) -> Any:
        """Write the item, with its batch."""
        assert self._writer is not None
        try:
            self._writer.add(item)
        except sqlite3.Error as error:
            self._stop(error)
        return item

    def close_spider(self) -> None:
        """Write what is left of the last batch."""
        assert self._writer is not None
        try:
            self._writer.flush()
        except sqlite3.Error as error:
            self._stop(error)

    def _stop(self, error: sqlite3.Error) -> None:
        """End the crawl: what cannot be stored must not be fetched. Pages that were not written
        are still pending in the frontier, so the next start asks for them.
        """
        self._crawler.spider.stop_for(str(error))  # type: ignore[union-attr]

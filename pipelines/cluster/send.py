"""A worker's last pipeline: to the writer, and the target off the frontier, in one step."""

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawlers.cluster.capture import Capture
from pipelines.cluster.wire import encode


class Send:
    """Hands items to the stream. What needs the database or the salt is done by the writer."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for a crawl."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Send the item.

        :raises DropItem: where its site is not ours any more, or Redis is away: whoever takes the
            site asks for the page again.
        """
        spider: Any = self._crawler.spider
        outlinks = getattr(item, "outlinks", ())
        archive: Any = self._crawler.get_downloader_middleware(Capture)
        fetch = getattr(item, "fetch", None)
        record = archive.taken(fetch.archive_file) if fetch is not None else None
        sent = spider.queue.commit(item.target, encode(item), outlinks, record=record or b"")
        if not sent:
            raise DropItem(f"not ours any more: {item.target.url}", log_level="INFO")
        return item

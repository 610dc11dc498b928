"""Ends the run in the storage: how each source came out, and whether the crawl was whole."""

from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

WHOLE = frozenset({"finished"})
"""Scrapy's close reasons after which nothing was left undone."""


class RunRecord:
    """Judges the sources when a spider closes, after the pipelines have written the last item."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen for the end."""
        extension = cls(crawler)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def closed(self, spider: Spider, reason: str) -> None:
        """Write the run's end and close the state."""
        state = getattr(spider, "state", None)
        if state is None:
            return
        sources = list(spider.by_id.values())  # type: ignore[attr-defined]
        for source in sources:
            source.report.outcome = spider.outcome(source)  # type: ignore[attr-defined]
            source.report.whole = source.closed and not len(source.queue) and not source.left
        spider.whole = reason in WHOLE  # type: ignore[attr-defined]
        complete = spider.whole and spider.complete  # type: ignore[attr-defined]
        state.finish(
            [source.report for source in sources],
            reason=reason if spider.complete else "budget",  # type: ignore[attr-defined]
            stats=self._crawler.stats.get_stats(),
            complete=complete,
        )
        state.close()

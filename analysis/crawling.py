"""Running spiders in this process and judging how the run went."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from scrapy.settings import Settings

from crawlers.market import Market
from crawlers.state import SourceReport
from pipelines.storage.database import DatabaseError

READ = frozenset({"read", "unchanged", "partial"})
CLEAN = frozenset({"read", "unchanged", "robots", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """How a crawl went: a report per source, and whether the run broke or was cut short."""

    reports: tuple[tuple[str, SourceReport], ...]
    broken: bool
    complete: bool

    @property
    def exit_code(self) -> int:
        """The exit code of docs/contract.md."""
        outcomes = {report.outcome for _, report in self.reports}
        if self.broken:
            return 1
        if not outcomes & READ:
            return 6
        return 0 if outcomes <= CLEAN and self.complete else 5


def crawl(
    market: Market,
    spiders: Sequence[str],
    settings: Settings,
    *,
    every: tuple[float, Callable[[], None]] | None = None,
) -> CrawlResult:
    """Run spiders side by side until they are through.

    :param every: (seconds, function) to call in a thread while the crawl goes on.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    settings.set("RIVALMAP_ALLOW_PRIVATE", market.crawl.allow_private, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    quieten()
    crawlers = {name: process.create_crawler(name) for name in spiders}
    for crawler in crawlers.values():
        process.crawl(crawler, market=market.name)
    if every is not None:
        _repeat(*every)
    process.start()
    running: list[Any] = [crawler.spider for crawler in crawlers.values() if crawler.spider]
    for spider in running:
        if spider.storage_error:
            raise DatabaseError(
                f"the database of {market.name} could not be written: {spider.storage_error}. The "
                "crawl was ended; what was stored stays, and the next start asks again for the "
                "rest. Check the disk, and that no other program holds the file"
            )
    reports = tuple(
        (spider.name, source.report) for spider in running for source in spider.by_id.values()
    )
    return CrawlResult(
        reports=reports,
        broken=process.bootstrap_failed
        or len(running) < len(crawlers)
        or any(crawler.stats.get_value("spider_exceptions/count") for crawler in crawlers.values()),
        complete=all(spider.complete and spider.whole for spider in running),
    )


def quieten() -> None:
    """Silence what Scrapy logs of single requests, with tracebacks: the run's table says the same
    with its reason. To be called once the process is made, which sets the levels anew.
    """
    for name in ("downloadermiddlewares.retry", "downloadermiddlewares.robotstxt", "core.scraper"):
        logging.getLogger(f"scrapy.{name}").setLevel(logging.CRITICAL)
    logging.getLogger("twisted").setLevel(logging.CRITICAL)


def _repeat(seconds: float, function: Callable[[], None]) -> None:
    from twisted.internet.task import LoopingCall
    from twisted.internet.threads import deferToThread

    LoopingCall(deferToThread, function).start(seconds, now=False)

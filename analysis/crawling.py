"""Running spiders in this process, one stage after another, and judging how the run went."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any, Protocol

from scrapy.crawler import Crawler
from scrapy.settings import Settings

from analysis.stopping import hearing
from crawlers.base.budget import Requests
from crawlers.market import Market
from crawlers.state import SourceReport
from pipelines.storage.database import DatabaseError

_OPENING_SECONDS = 0.1
"""How often a spider that was still opening is asked anew to stop."""

READ = frozenset({"read", "unchanged", "partial"})
CLEAN = frozenset({"read", "unchanged", "robots", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A spider to run, and its arguments beside the market."""

    spider: str
    arguments: Mapping[str, str] = field(default_factory=dict)


Stage = Callable[[], Sequence[Job]]
"""Says which spiders run side by side now; asked in a thread once the stage before is through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """How a crawl went: a report per source, and whether the run broke, was cut short, or was told
    to stop (SIGTERM, Ctrl-C).
    """

    reports: tuple[tuple[str, SourceReport], ...]
    broken: bool
    complete: bool
    stopped: bool = False

    @property
    def exit_code(self) -> int:
        """The exit code of docs/contract.md."""
        outcomes = {report.outcome for _, report in self.reports}
        # Quick looks at candidates and places of the catalogue are read where they can be; nobody
        # named them, so that one cannot be read is no fault of the run.
        named = {report.outcome for _, report in self.reports if report.origin == "file"}
        if self.broken:
            return 1
        if self.stopped:
            return 5
        if not outcomes & READ and not (outcomes and outcomes <= CLEAN):
            return 6
        return 0 if named <= CLEAN and self.complete else 5


class Crawl(Protocol):
    """How the stages of a run are crawled: :func:`crawl`, or workers on several machines."""

    def __call__(
        self,
        market: Market,
        stages: Sequence[Stage],
        settings: Settings,
        *,
        every: tuple[float, Callable[[], None]] | None = None,
    ) -> CrawlResult:
        """As :func:`crawl`."""
        ...


def crawl(
    market: Market,
    stages: Sequence[Stage],
    settings: Settings,
    *,
    every: tuple[float, Callable[[], None]] | None = None,
) -> CrawlResult:
    """Run stage after stage until all are through; spiders of one stage run side by side.

    A run that is stopped (Ctrl-C, SIGTERM) or whose ``time_budget`` is spent begins no further
    stage; what waits is on the frontier, and the next start goes on with it.

    :param every: (seconds, function) to call in a thread while the crawl goes on.
    :raises DatabaseError: where the storage could not be written.
    :raises Exception: whatever a stage raises when it is asked.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    settings.set("RIVALMAP_ALLOW_PRIVATE", market.crawl.allow_private, priority="cmdline")
    settings.set("RIVALMAP_TIME_BUDGET", market.crawl.time_budget or 0.0, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    quieten()
    course = _Course(process, market, stages)
    if every is not None:
        _repeat(*every)
    course.run()
    running: list[Any] = [crawler.spider for crawler in course.crawlers if crawler.spider]
    for spider in running:
        if spider.storage_error:
            raise DatabaseError(
                f"the database of {market.name} could not be written: {spider.storage_error}. The "
                "crawl was ended; what was stored stays, and the next start asks again for the "
                "rest. Check the disk, and that no other program holds the file"
            )
    if course.error is not None:
        raise course.error
    reports = tuple(
        (spider.name, source.report) for spider in running for source in spider.by_id.values()
    )
    return CrawlResult(
        reports=reports,
        # Told twice to stop, the reactor ends before its spiders do.
        broken=(not course.stopped and process.bootstrap_failed)
        or (not course.stopped and len(running) < len(course.crawlers))
        or any(crawler.stats.get_value("spider_exceptions/count") for crawler in course.crawlers),
        complete=course.through
        and not course.stopped
        and all(spider.complete and spider.whole for spider in running),
        stopped=course.stopped,
    )


class _Course:
    """The stages of one run inside one reactor."""

    def __init__(self, process: Any, market: Market, stages: Sequence[Stage]) -> None:
        self.crawlers: list[Crawler] = []
        self.through = False
        self.error: BaseException | None = None
        self.stopped = False
        self._asked_to_stop = asyncio.Event()
        self._process = process
        self._market = market
        self._stages = stages
        self._began = monotonic()
        self._requests = Requests(market.crawl.request_budget)

    def run(self) -> None:
        """Start the reactor; returns when the last stage is through or the run was stopped."""
        first = list(self._stages[0]())  # what is wrong with it is said before anything starts
        loop = asyncio.get_event_loop()
        # Scrapy's own handlers are there only while its reactor runs, and stay behind it.
        with hearing(
            partial(_soon, loop, self._asked_to_stop.set), partial(_soon, loop, _end_reactor)
        ) as word:
            course = loop.create_task(self._go(first))
            self._process.start(stop_after_crawl=False, install_signal_handlers=False)
            if not course.done():  # told twice to stop
                course.cancel()
                loop.run_until_complete(asyncio.wait([course]))
        self.stopped = word.heard

    async def _go(self, first: list[Job]) -> None:
        try:
            self.through = await self._all(first)
        except Exception as error:
            self.error = error
        finally:
            _end_reactor()

    async def _all(self, first: list[Job]) -> bool:
        await asyncio.sleep(0)  # a word from before the loop ran is heard now
        if not await self._stage(first):
            return False
        for stage in self._stages[1:]:
            jobs = await _in_thread(stage)
            if jobs and not await self._stage(jobs):
                return False
        return not self._asked_to_stop.is_set()

    async def _stage(self, jobs: Sequence[Job]) -> bool:
        """Whether the spiders came to their end by themselves."""
        if self._asked_to_stop.is_set():
            return False
        budget = self._market.crawl.time_budget
        left = budget - (monotonic() - self._began) if budget else None
        if left is not None and left <= 0:
            return False
        crawlers = [self._process.create_crawler(job.spider) for job in jobs]
        tasks = [
            self._process.crawl(
                crawler, market=self._market.name, requests=self._requests, **job.arguments
            )
            for crawler, job in zip(crawlers, jobs, strict=True)
        ]
        # The first stage's spiders keep the budget by themselves.
        late = left if self.crawlers else None
        self.crawlers += crawlers
        alarm = asyncio.create_task(self._stop_in_time(late, crawlers))
        if tasks:
            await asyncio.wait(tasks)
        alarm.cancel()
        spiders: list[Any] = [crawler.spider for crawler in crawlers if crawler.spider]
        return all(spider.whole and not spider.storage_error for spider in spiders)

    async def _stop_in_time(self, seconds: float | None, crawlers: Sequence[Crawler]) -> None:
        """Stop the spiders after so long, or when the run is told to stop."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._asked_to_stop.wait(), seconds)
        while True:  # until this task is cancelled: Scrapy forgets a stop while a spider opens
            ready = [crawler for crawler in crawlers if _runs(crawler)]
            stops = (crawler.stop_async() for crawler in ready)
            await asyncio.gather(*stops, return_exceptions=True)  # one may end by itself meanwhile
            await asyncio.sleep(_OPENING_SECONDS)


def _runs(crawler: Crawler) -> bool:
    try:
        return crawler.engine.running
    except RuntimeError:  # it has none yet
        return False


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """From a signal's handler into the loop; a loop that has ended needs no word."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call)


def _end_reactor() -> None:
    from twisted.internet import reactor

    with contextlib.suppress(RuntimeError):  # stopped already
        reactor.stop()  # type: ignore[misc]


async def _in_thread(stage: Stage) -> Sequence[Job]:
    """In the reactor's own threads: its end waits for them, so a pass is never cut in two."""
    from twisted.internet.threads import deferToThread

    jobs: Sequence[Job] = await deferToThread(stage).asFuture(asyncio.get_running_loop())
    return jobs


def quieten() -> None:
    """Silence what Scrapy logs of single requests, with tracebacks: the run's table says the same
    with its reason. To be called once the process is made, which sets the levels anew.
    """
    for name in (
        "downloadermiddlewares.retry", "downloadermiddlewares.robotstxt", "core.scraper",
        # Answers beyond DOWNLOAD_MAXSIZE:
        "downloadermiddlewares.httpcompression", "core._http2.stream",
        "core.downloader.handlers.http11", "core.downloader.handlers._base_streaming",
    ):  # fmt: skip
        logging.getLogger(f"scrapy.{name}").setLevel(logging.CRITICAL)
    logging.getLogger("twisted").setLevel(logging.CRITICAL)


def _repeat(seconds: float, function: Callable[[], None]) -> None:
    from twisted.internet.task import LoopingCall
    from twisted.internet.threads import deferToThread

    LoopingCall(deferToThread, function).start(seconds, now=False)

"""A worker: takes leases, downloads, reads, sends. Needs the market file and Redis, no database."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from importlib.metadata import version
from time import monotonic
from typing import Any

from redis.exceptions import RedisError
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from analysis.crawling import quieten
from crawlers.cluster.connection import RedisAddressError, connect, require_redis
from crawlers.cluster.frontier import Frontier, worker_name
from crawlers.cluster.keys import MarketKeys
from crawlers.cluster.spider import worker_spider
from crawlers.cluster.stage import Stage
from crawlers.cluster.state import state_at
from crawlers.market import Market, MarketError

logger = logging.getLogger(__name__)

ALONE_SECONDS = 120.0
"""How long a worker that has nothing left to do waits for a writer that is gone."""
LOOK_SECONDS = 0.5
"""Between two looks for the next stage."""


def work(
    market: Market, url: str, settings: Settings, *, say: Callable[[str], None] = lambda text: None
) -> bool:
    """Work at a market's run until it ends; waits for one to begin.

    :returns: whether the run came to its end; false: this worker was stopped.
    :raises RedisAddressError: where Redis cannot be had, or does not come back.
    :raises MarketError: where the run was begun with another market file or version.
    """
    server = require_redis(url)
    _as_worker(settings, market)
    process = AsyncCrawlerProcess(settings)
    quieten()
    course = _Work(process, market, url, server, settings, say)
    course.run()
    if course.error is not None:
        raise course.error
    return course.through


def _as_worker(settings: Settings, market: Market) -> None:
    """What differs from a crawl on one machine: where requests come from and items go to."""
    settings.set("RIVALMAP_ALLOW_PRIVATE", market.crawl.allow_private, priority="cmdline")
    settings.set("SCHEDULER", "crawlers.cluster.scheduler.ClusterScheduler", priority="cmdline")
    settings.set(
        "ITEM_PIPELINES",
        {
            "pipelines.validate.Validate": 100,
            "pipelines.normalise.Normalise": 200,
            # Redacting needs the salt, the rest the database: the writer's side goes on.
            "pipelines.cluster.send.Send": 900,
        },
        priority="cmdline",
    )
    handler = "crawlers.cluster.turns.SharedPaceHandler"
    handlers = {
        **settings.getdict("DOWNLOAD_HANDLERS"), "http": handler, "https": handler,
    }  # fmt: skip
    settings.set("DOWNLOAD_HANDLERS", handlers, priority="cmdline")
    middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES")
    place = middlewares.pop("crawlers.archive.ArchiveMiddleware")
    middlewares["crawlers.cluster.capture.Capture"] = place
    settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority="cmdline")


class _Work:
    """Stage after stage inside one reactor."""

    def __init__(
        self,
        process: Any,
        market: Market,
        url: str,
        server: Any,
        settings: Settings,
        say: Callable[[str], None],
    ) -> None:
        self.through = False
        self.error: BaseException | None = None
        self._process, self._market, self._url = process, market, url
        self._server, self._settings, self._say = server, settings, say
        self._keys = MarketKeys(market.name)
        self._name = worker_name()

    def run(self) -> None:
        """Start the reactor; returns when the run is over or this worker was stopped."""
        loop = asyncio.get_event_loop()
        course = loop.create_task(self._go())
        self._process.start(stop_after_crawl=False)
        if not course.done():
            course.cancel()
            loop.run_until_complete(asyncio.wait([course]))

    async def _go(self) -> None:
        from twisted.internet import reactor

        try:
            await self._stages()
        except Exception as error:
            self.error = error
        finally:
            with contextlib.suppress(RuntimeError):  # stopped already
                reactor.stop()  # type: ignore[misc]

    async def _stages(self) -> None:
        done: str | None = None
        while True:
            stage = await self._next(done)
            if stage is None:
                self.through = True
                return
            if not await self._work_at(stage):
                return
            done = stage.id

    async def _next(self, done: str | None) -> Stage | None:
        """The stage after one we worked at; ``None``: the run is over.

        :raises RedisAddressError: where Redis does not come back.
        """
        tries = int(self._settings.getfloat("RIVALMAP_REDIS_PATIENCE") / LOOK_SECONDS)
        if done is None:
            self._say(f"waiting for scrapy research {self._market.name} --redis ...")
        failed = 0
        seen = monotonic()
        while True:
            try:
                text = self._server.get(self._keys.stage)
                if self._server.exists(self._keys.writer):
                    seen = monotonic()
                over = done is not None and bool(self._server.exists(self._keys.over))
            except RedisError as error:
                failed += 1
                if failed > tries:
                    raise RedisAddressError(f"Redis did not come back: {error}") from None
                text, over = None, False
            else:
                failed = 0
            if text is not None:
                stage = Stage.loads(text)
                if stage.id != done:
                    self._check(stage)
                    return stage
            if over or (done is not None and monotonic() - seen > ALONE_SECONDS):
                return None
            await asyncio.sleep(LOOK_SECONDS)

    def _check(self, stage: Stage) -> None:
        if stage.digest != self._market.digest:
            raise MarketError(
                f"{self._market.path} differs from the market file the run was begun with. Copy "
                "that file to this machine, then start the worker again"
            )
        if stage.version != version("rivalmap"):
            raise MarketError(
                f"the run was begun with Rivalmap {stage.version}, this is {version('rivalmap')}: "
                "install the same version on every machine"
            )

    async def _work_at(self, stage: Stage) -> bool:
        """Whether the stage's spiders came to their end by themselves."""
        crawlers: list[Crawler] = []
        tasks = []
        for job in stage.jobs:
            frontier = Frontier(
                connect(self._url), self._keys, stage, job.spider, worker=self._name,
                seconds=self._settings.getfloat("RIVALMAP_LEASE_SECONDS"),
            )  # fmt: skip
            settings = self._settings.copy()
            settings.set("RIVALMAP_STATE", state_at(frontier), priority="cmdline")
            kind: Any = self._process.spider_loader.load(job.spider)
            crawler = Crawler(worker_spider(kind), settings)
            crawlers.append(crawler)
            tasks.append(self._process.crawl(crawler, market=self._market.name, **job.arguments))
        self._say(f"working: {', '.join(job.spider for job in stage.jobs)}")
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, BaseException):
                raise error
        spiders: list[Any] = [crawler.spider for crawler in crawlers if crawler.spider]
        for spider in spiders:
            if spider.queue.gave_up:
                raise RedisAddressError(spider.queue.gave_up)
        if len(spiders) < len(crawlers):
            raise RuntimeError("a spider did not start; the messages above say why")
        return all(spider.whole for spider in spiders)

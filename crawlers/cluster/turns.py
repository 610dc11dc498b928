"""The rate of a site over all workers: before each request its turn is taken on Redis."""

import asyncio
from typing import Any, Self

from redis.exceptions import RedisError
from scrapy import Request
from scrapy.crawler import Crawler

from crawlers.cluster.errors import NotOursError, TooManyTriesError
from crawlers.cluster.frontier import Lease
from crawlers.middlewares.browser import PART_META
from crawlers.urls import host_of, registrable_domain

_RETRY_SECONDS = 0.5


class Turns:
    """Holds a request back until its site's turn, and for good where the site is not ours.

    A lease keeps two workers from asking one site at once; the turn keeps the pause when a site
    changes hands, and where two sources of different owners lead to one site. The gap is the
    longest that the downloader's own jitter would make, so that a request waits here and not again
    in the downloader: the time on Redis is the time at which it is sent.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._jitter = crawler.settings.getfloat("DOWNLOAD_DELAY_JITTER")
        self._patience = crawler.settings.getfloat("RIVALMAP_REDIS_PATIENCE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the site's turn.

        :raises NotOursError: where the lease under which it was asked for does not hold.
        :raises TooManyTriesError: where too many workers ended over it.
        """
        if PART_META in request.meta:  # of a page being drawn; the pause is kept between pages
            return
        lease: Lease | None = request.meta.get("lease")
        if "tries" in request.meta:
            raise TooManyTriesError(
                f"{request.meta['tries']} workers ended, or lost Redis, while they read this page; "
                "it is left out of this run"
            )
        if lease is None:  # robots.txt: an error here would read as "no rules"
            await self._wait(request, tries=int(self._patience / _RETRY_SECONDS))
            return
        try:
            await self._wait(request, tries=1)
        except RedisError as error:
            raise NotOursError(f"Redis is away: {error}") from error
        if not lease.good:
            raise NotOursError(f"the lease of {lease.site} has run out")

    async def _wait(self, request: Request, *, tries: int) -> None:
        for left in range(tries - 1, -1, -1):
            try:
                seconds = self._turn(request)
            except RedisError:
                if not left:
                    raise
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                if seconds > 0:
                    await asyncio.sleep(seconds)
                return

    def _turn(self, request: Request) -> float:
        spider: Any = self._crawler.spider
        site = registrable_domain(host_of(request.url))
        turn: float = spider.state.frontier.turn(site, self._gap(request))
        return turn

    def _gap(self, request: Request) -> float:
        """The longest pause the downloader would make, in seconds."""
        downloader: Any = self._crawler.engine.downloader
        own = downloader.per_slot_settings.get(downloader.get_slot_key(request), {})
        delay: float = own.get("delay", self._crawler.settings.getfloat("DOWNLOAD_DELAY"))
        return delay * (1 + self._jitter)

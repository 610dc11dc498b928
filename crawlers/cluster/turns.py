"""The rate of a site over all workers: before each request its turn is taken on Redis."""

import asyncio
from typing import Any

from redis.exceptions import RedisError
from scrapy import Request
from scrapy.http import Response

from crawlers.cluster.errors import NotOursError, TooManyTriesError
from crawlers.cluster.frontier import Frontier, Lease
from crawlers.downloading import BoundedDownloadHandler
from crawlers.middlewares.browser import PART_META
from crawlers.urls import host_of, registrable_domain

_RETRY_SECONDS = 0.5
_BUSY_SECONDS = 0.2
_LONGEST_BUSY = 600.0
_HOLD_SECONDS = 5.0
"""Beyond the longest answer: a request whose end was not told to Redis is over then."""


class SharedPaceHandler(BoundedDownloadHandler):
    """A worker's ``DOWNLOAD_HANDLERS`` of http and https.

    A lease keeps two workers from asking one site at once, and :mod:`crawlers.pace` the pause
    within one of them. The turn on Redis keeps both when a site changes hands, and where sources of
    two owners lead to one site (two homes that have moved below one domain): nobody else takes one
    while a request is under way. It is taken where a request leaves, and counted anew from the end
    of its answer.
    """

    async def download_request(self, request: Request) -> Response:
        """Ask when it is the site's turn and the site is ours.

        :raises NotOursError: where the lease under which it was asked for does not hold.
        :raises TooManyTriesError: where too many workers ended over it.
        """
        if PART_META in request.meta:  # of a page being drawn; the pause is kept between pages
            return await super().download_request(request)
        lease: Lease | None = request.meta.get("lease")
        if "tries" in request.meta:
            raise TooManyTriesError(
                f"{request.meta['tries']} workers ended, or lost Redis, while they read this page; "
                "it is left out of this run"
            )
        site = registrable_domain(host_of(request.url))
        if lease is None:  # robots.txt: an error here must not read as "no rules"
            patience = self._crawler.settings.getfloat("RIVALMAP_REDIS_PATIENCE")
            await self._wait(request, site, tries=max(1, int(patience / _RETRY_SECONDS)))
        else:
            try:
                await self._wait(request, site, tries=1)
            except RedisError as error:
                raise NotOursError(f"Redis is away: {error}") from error
        try:
            if lease is not None and not lease.good:
                raise NotOursError(f"the lease of {lease.site} has run out")
            return await super().download_request(request)
        finally:
            self._answered(site)

    async def _wait(self, request: Request, site: str, *, tries: int) -> None:
        hold = self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT") + _HOLD_SECONDS
        lease: Lease | None = request.meta.get("lease")
        for _ in range(int(_LONGEST_BUSY / _BUSY_SECONDS)):
            try:
                seconds = self._frontier.turn(site, self._gap(request), hold=hold)
            except RedisError:
                tries -= 1
                if not tries:
                    raise
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            if seconds is not None:
                await asyncio.sleep(seconds)
                return
            if lease is not None and not lease.good:
                break
            await asyncio.sleep(_BUSY_SECONDS)
        raise NotOursError(f"another worker asks {site}")

    def _answered(self, site: str) -> None:
        try:
            self._frontier.answered(site)
        except RedisError:
            return  # the turn that was taken stands; who begins later waits for its lease anyway

    @property
    def _frontier(self) -> Frontier:
        spider: Any = self._crawler.spider
        frontier: Frontier = spider.state.frontier
        return frontier

    def _gap(self, request: Request) -> float:
        """The pause promised to the site, in seconds: the market's, or what robots.txt asks."""
        settings = self._crawler.settings
        downloader: Any = self._crawler.engine.downloader
        own = downloader.per_slot_settings.get(downloader.get_slot_key(request), {})
        gap: float = own.get("delay", settings.getfloat("DOWNLOAD_DELAY"))
        return gap

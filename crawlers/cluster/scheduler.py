"""scrapy-redis's scheduler over the leased queue; it keeps the leases alive."""

import logging
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.dupefilters import BaseDupeFilter
from scrapy.utils.asyncio import create_looping_call
from scrapy_redis.scheduler import Scheduler

from crawlers.cluster.queue import LeasedQueue

TICK_SECONDS = 0.25
"""Between two looks at the frontier. A look is one command, and renews every lease."""

logger = logging.getLogger(__name__)


class ClusterScheduler(Scheduler):  # type: ignore[misc]
    """Requests come from the frontier of the spider's state; what was asked for is known there."""

    queue: LeasedQueue

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build over the connection of the spider's state."""
        state: Any = crawler.spider.state  # type: ignore[union-attr]
        return cls(
            server=state.frontier.server,
            persist=True,
            queue_key=state.frontier.keys.sites("%(spider)s"),
            queue_cls=LeasedQueue,
            dupefilter=BaseDupeFilter(),
        )

    def open(self, spider: Any) -> None:
        """Begin to take sites."""
        self.spider = spider
        self.queue = self.queue_cls(server=self.server, spider=spider, key=self.queue_key)
        self._ticking = create_looping_call(self.queue.tick)
        self._ticking.start(TICK_SECONDS, now=False)

    def close(self, reason: str) -> None:
        """Give every site back."""
        self._ticking.stop()
        self.queue.give_back_all()
        self.server.close()

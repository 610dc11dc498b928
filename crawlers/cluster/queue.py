"""The queue of the shared frontier: leases of sites, one request in hand for each source.

scrapy-redis's queues pop a request for good: a worker that is killed takes it along. Here a target
stays on the frontier until its item is with the writer; what is leased is the site.
"""

import json
import logging
from collections import deque
from dataclasses import asdict
from math import ceil
from time import monotonic
from typing import Any

from redis.exceptions import RedisError
from scrapy import Request
from scrapy_redis.queue import Base

from crawlers.cluster.frontier import Frontier, Lease, LeaseLostError, Pulse
from crawlers.cluster.reader import MOST_TRIES, Reader
from crawlers.items import Target
from crawlers.state import SourceReport

logger = logging.getLogger(__name__)

CLAIMS_A_TICK = 20
"""Sites taken at once; the rest a tick later, so that workers that start together share them."""


class LeasedQueue(Base):  # type: ignore[misc]
    """Hands out requests for the sites this worker holds.

    ``gave_up`` says why the worker cannot go on; ``""``: it can.
    """

    def __init__(self, server: Any, spider: Any, key: str, serializer: Any = None) -> None:
        super().__init__(server, spider, key, serializer or json)  # its default is pickle
        settings = spider.crawler.settings
        self.frontier: Frontier = spider.state.frontier
        self.most = settings.getint("RIVALMAP_WORKER_SITES")
        self.backlog = settings.getint("RIVALMAP_BACKLOG_ITEMS")
        self.patience = settings.getfloat("RIVALMAP_REDIS_PATIENCE")
        self.leases: dict[str, Lease] = {}
        self.readers: dict[str, Reader] = {}
        self.gave_up = ""
        self._ready: deque[Reader] = deque()
        self._going_on: deque[Request] = deque()
        self._given_back: list[Lease] = []
        self._open = 1  # until the first tick tells
        self._paused = self._stopping = self._closing = False
        self._away_since: float | None = None
        spider.queue = self
        spider.state.lease_of = self.lease_of

    # --- as Scrapy's scheduler sees it ----------------------------------------------------------

    def __len__(self) -> int:
        """What keeps the spider open: sites anybody may still leave to us, and what goes on."""
        return self._open + len(self._going_on)

    def push(self, request: Request) -> None:
        """Keep a request that goes on with a target in hand: a redirect, a second try."""
        self._going_on.append(request)

    def pop(self, timeout: int = 0) -> Request | None:
        """The next request of a site we hold; ``None``: none can be made now."""
        while self._going_on:
            going_on = self._going_on.popleft()
            if not going_on.meta["lease"].lost:
                return going_on
        for _ in range(len(self._ready)):
            if self._paused or self._away_since is not None:
                return None
            reader = self._ready.popleft()
            if reader.lease.lost:
                continue
            try:
                request = self._ask(reader)
            except (RedisError, LeaseLostError):
                self.drop(reader.lease)
                continue
            if request is not None:
                return request
        return None

    def clear(self) -> None:
        """Forget what is in hand; the frontier is the run's."""
        self._going_on.clear()

    # --- leases ---------------------------------------------------------------------------------

    def lease_of(self, source: str) -> Lease | None:
        """The lease under which we hold a source."""
        reader = self.readers.get(source)
        return reader.lease if reader is not None else None

    def tick(self) -> None:
        """Renew what we hold, drop what we lost, take what is free. Called a few times a second."""
        try:
            for lease in self._given_back:
                self.frontier.release(lease)
            self._given_back = []
            pulse = self.frontier.renew(self.leases.values())
            self._heed(pulse)
            if self._open and not self._closing:
                self._claim(pulse)
        except RedisError as error:
            self._away(error)
        else:
            self._away_since = None
        self._nudge()

    def drop(self, lease: Lease) -> None:
        """Hold a site no longer; what was begun there is begun anew by whoever takes it."""
        if self.leases.get(lease.site) is not lease:
            return
        if not lease.lost:  # still ours in Redis: given back as soon as Redis can be asked
            lease.lost = True
            self._given_back.append(lease)
        self._forget(lease)

    def give_back_all(self) -> None:
        """Release every site, at the worker's end."""
        self._closing = True
        for lease in list(self.leases.values()):
            self.drop(lease)
        try:
            for lease in self._given_back:
                self.frontier.release(lease)
        except RedisError as error:
            logger.info("leases were left to run out: %s", error)
        self._given_back = []

    def close_soon(self) -> None:
        """Take nothing more."""
        self._closing = True

    # --- items ----------------------------------------------------------------------------------

    def commit(
        self, target: Target, item: bytes, outlinks: tuple[Target, ...], *, record: bytes = b""
    ) -> bool:
        """Hand an item to the writer; where it is not taken, its page is asked for again."""
        reader = self.readers.get(target.source)
        if reader is None or reader.lease.lost:
            return False
        try:
            self.frontier.commit(reader.lease, target, item, outlinks, reader.book(), record=record)
        except (RedisError, LeaseLostError):
            self.drop(reader.lease)
            return False
        self._ready.append(reader)
        self._nudge()
        return True

    # --- inside ---------------------------------------------------------------------------------

    def _ask(self, reader: Reader) -> Request | None:
        request = None if self._stopping else reader.ask()
        if request is None:
            self._finish(reader)
            return None
        tries, requests = self.frontier.begin(reader.lease, request.meta["target"])
        budget = self.frontier.stage.budget
        if budget is not None and requests > budget:
            self._stopping = True
            self._finish(reader)
            return None
        if tries > MOST_TRIES:
            request.meta["tries"] = tries - 1
        return request

    def _finish(self, reader: Reader) -> None:
        source, lease = reader.source, reader.lease
        report = source.report
        report.outcome = reader.outcome(source)
        report.whole = source.closed and not len(source.queue) and not source.left
        complete = reader.complete and source.closed
        self.frontier.finish(lease, source.id, {"report": asdict(report), "complete": complete})
        self._through(lease, source.id)

    def _through(self, lease: Lease, source: str) -> None:
        self.readers.pop(source, None)
        lease.sources.remove(source)
        if not lease.sources:
            del self.leases[lease.site]

    def _heed(self, pulse: Pulse) -> None:
        stage = pulse.stage
        if stage is None or stage.id != self.frontier.stage.id:
            for lease in list(self.leases.values()):
                lease.lost = True
                self._forget(lease)
            self._open = 0
            return
        self._stopping = self._stopping or stage.stopping
        self._paused = pulse.items >= self.backlog
        self._open = pulse.sites
        for site in pulse.lost:
            self._forget(self.leases[site])

    def _claim(self, pulse: Pulse) -> None:
        share = min(self.most, ceil(pulse.sites / max(1, pulse.workers)))
        for _ in range(min(CLAIMS_A_TICK, share - len(self.leases))):
            lease = self.frontier.claim()
            if lease is None:
                return
            self._take(lease)

    def _take(self, lease: Lease) -> None:
        self.leases[lease.site] = lease
        try:
            for source in list(lease.sources):
                self._take_source(lease, source)
        except RedisError:
            self.drop(lease)
            raise
        except LeaseLostError:
            self.drop(lease)

    def _take_source(self, lease: Lease, source: str) -> None:
        reader = self.spider.reader_for(source)
        if reader is None:
            detail = "the worker's market file or catalogue names no such source"
            report = SourceReport(source=source, name=source, detail=detail)
            self.frontier.finish(lease, source, {"report": asdict(report), "complete": False})
            self._through(lease, source)
            return
        reader.lease, reader.queue = lease, self
        self.readers[source] = reader
        reader.take(*self.frontier.taken_over(source))
        self._ready.append(reader)

    def _forget(self, lease: Lease) -> None:
        self.leases.pop(lease.site, None)
        for source in lease.sources:
            reader = self.readers.get(source)
            if reader is not None and reader.lease is lease:
                del self.readers[source]

    def _away(self, error: RedisError) -> None:
        now = monotonic()
        if self._away_since is None:
            self._away_since = now
            logger.warning("Redis is away (%s); waiting for it", error)
        elif now - self._away_since > self.patience:
            self.gave_up = f"Redis did not come back within {self.patience:g} s: {error}"
            self._open = 0

    def _nudge(self) -> None:
        """Let the engine look for the next request now, not at its own pace of five seconds."""
        engine = self.spider.crawler.engine
        slot = engine._slot if engine is not None else None
        if slot is not None and slot.closing is None:
            slot.nextcall.schedule()
        elif slot is not None:
            self._closing = True

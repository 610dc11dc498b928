"""The loop of :class:`crawlers.base.spider.ResearchSpider`, for one source of a shared frontier.

A worker's spider reads nothing itself: for each source it takes it makes a *reader*, a spider of
the same kind that knows this source only, and throws it away with the lease. So whatever was
learnt of a source is as old as the lease, and what must outlast it stands in the source's book.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from redis.exceptions import RedisError
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.base.browsing import Browsing
from crawlers.base.source import Source
from crawlers.base.spider import ResearchSpider
from crawlers.browser.errors import PutOffError
from crawlers.cluster.errors import NotOursError, TooManyTriesError
from crawlers.cluster.frontier import Lease, LeaseLostError
from crawlers.items import Target
from crawlers.middlewares.robots import RobotsNotHad
from crawlers.state import SoFar

if TYPE_CHECKING:
    from crawlers.cluster.queue import LeasedQueue

MOST_TRIES = 5
"""How often a target is begun with. A page over which five workers ended is left out and told of;
a Redis that is away takes a try, too."""


class Reader(ResearchSpider):
    """Reads one source for as long as its lease lasts."""

    lease: Lease
    source: Source
    queue: "LeasedQueue"

    # --- taking over ----------------------------------------------------------------------------

    def take(
        self, done: Mapping[str, str], pending: Iterable[Target], book: Mapping[str, Any] | None
    ) -> None:
        """Go on where the worker before stopped; a source nobody read yet begins with its seeds.

        :raises LeaseLostError: where the site is not ours.
        :raises redis.exceptions.RedisError: where Redis cannot be asked.
        """
        source = self.source
        source.visited.update(done)
        if book is not None:
            source.queue.resume(book["taken"], book["kinds"])
            source.domains.update(book["domains"])
            source.asked_again = book["asked_again"]
            for name, value in book["report"].items():
                setattr(source.report, name, value)
            source.left.update(book["left"])
            source.before = SoFar(**book["before"])
            source.half_read.update(book["half_read"])
            source.reads_on = book["reads_on"]
            self._recall(book)
        source.take_up(pending)
        if source.off:
            source.closed = True
            return
        self.state.add(source.offer(self.seeds(source)))

    def book(self) -> dict[str, Any]:
        """What the next worker must know of the source: budget, report, domains, what the run had
        of it before it was put up, and what had waited of it.
        """
        source = self.source
        book = {
            "taken": source.queue.taken,
            "kinds": source.queue.taken_of,
            "domains": sorted(source.domains),
            "asked_again": source.asked_again,
            "left": source.left,
            "report": asdict(source.report),
            "before": asdict(source.before),
            "half_read": sorted(source.half_read),
            "reads_on": source.reads_on,
        }
        forum = getattr(self, "forums", {}).get(source.id)
        if forum is not None:
            book |= {"lists": forum.lists, "skipped": forum.skipped, "api": forum.api}
        seen = getattr(self, "seen", None)
        if seen is not None:
            book["seen"] = seen[source.id]
        return book

    def _recall(self, book: Mapping[str, Any]) -> None:
        forum: Any = getattr(self, "forums", {}).get(self.source.id)
        if forum is not None and "lists" in book:
            forum.lists, forum.skipped, forum.api = book["lists"], book["skipped"], book["api"]
        seen: Any = getattr(self, "seen", None)
        if seen is not None and "seen" in book:
            seen[self.source.id] = book["seen"]

    # --- the loop -------------------------------------------------------------------------------

    def ask(self) -> Request | None:
        """The request for the source's next target; ``None``: it is through, or its budget is."""
        request = super().next_request(self.source)
        if request is not None:
            request.meta["lease"] = self.lease
        return request

    def next_request(self, source: Source) -> Request | None:
        """Nothing yet: the queue asks once the item of the last answer is with the writer."""
        return None

    def received(self, response: Response) -> Iterator[Any]:
        """An answer's items, while the site is ours."""
        if self.lease.lost:
            return
        answered = False
        for item in super().received(response):
            answered = True
            if isinstance(item, Request):
                item.meta["lease"] = self.lease
            yield item
        if not answered and not self.lease.lost:
            yield self.done(response.meta["target"])

    def failed(self, failure: Failure) -> Iterator[Any]:
        """No answer: the failure, if it is one of the site's."""
        error = failure.value
        if self.lease.lost:
            return
        if isinstance(error, RobotsNotHad) and isinstance(error.cause, RedisError | NotOursError):
            error = error.cause
        if isinstance(error, NotOursError | PutOffError | RedisError):
            self.queue.drop(self.lease)
            return
        if isinstance(error, TooManyTriesError):
            target = failure.request.meta["target"]  # type: ignore[attr-defined]
            yield self.failure(self.source, target, "worker_ended", str(error))
            return
        yield from self._while_ours(super().failed(failure))

    def _items(self, source: Source, target: Target, response: Response) -> Iterator[Any]:
        yield from self._while_ours(super()._items(source, target, response))

    def _while_ours(self, items: Iterator[Any]) -> Iterator[Any]:
        """Items, until Redis is away or the site somebody else's: that is no fault of the page."""
        try:
            yield from items
        except (RedisError, LeaseLostError):
            self.queue.drop(self.lease)


def reader_of(spider: type[ResearchSpider]) -> type[Reader]:
    """The reader for a kind of spider."""
    return type(f"{spider.__name__}Reader", (Reader, spider), {})


def new_browsing(browsing: Browsing) -> Browsing:
    """What is known of the browser, without how sites fared."""
    return Browsing(wanted=browsing.wanted, found=browsing.found)

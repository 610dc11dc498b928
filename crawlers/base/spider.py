"""The crawl loop every spider shares."""

import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from crawlers.base.answers import BLOCKS, QUIET, WORDLESS, failure_of, refusal
from crawlers.base.budget import Requests
from crawlers.base.source import Source
from crawlers.browser.errors import PutOffError
from crawlers.document import Document
from crawlers.items import DoneItem, FailureItem, Fetch, Target, UnchangedItem
from crawlers.market import Market, data_dir, find_market, load_market
from crawlers.memory import give_back_freed
from crawlers.middlewares.patience import SiteLeft
from crawlers.middlewares.robots import RobotsNotHad, RobotsTooSlow, RobotsUnreachable
from crawlers.readers import ReaderDiedError, Readers, Work, cores, join, leave, readers_for
from crawlers.sources import joined, rows_named
from crawlers.state import CrawlState
from crawlers.urls import canonical_url, host_of, registrable_domain

logger = logging.getLogger(__name__)

ASIDE = frozenset({"sitemap", "feed"})
"""Roles of addresses that may be missing: most sites have none there, and no page is lost."""

Item = Any
"""One of the item classes of :mod:`crawlers.items`."""


class ResearchSpider(Spider):
    """Reads sources best page first, one request at a time each, and can be killed at any moment.

    To make a spider of it:

    1. give it a ``name``; it is started with ``-a market=NAME``, and where public sources are to be
       read beside those of the market file, with ``-a sources=ID,ID``;
    2. ``sources(market)``: what to read, each with its budget of fetches;
    3. ``seeds(source)``: where to begin on a source;
    4. ``read(source, target, document, fetch)``: yield the items of one page. An item's
       ``outlinks`` are built with :meth:`Source.offer`, so that each address is asked for once;
    5. where a source can be read without a fault and still be of no use, ``verdict(source)``;
    6. where the outlinks of an unchanged page are not to be followed as they were,
       ``followed(source, target, link)``;
    7. where a page that was refused can be read in another way, ``instead(source, target)``.

    The loop does the rest: conditional requests, unchanged pages, refusals and failures, the
    frontier (through items, committed by the store with the page they came from), resuming,
    budgets, and a report per source.
    """

    goes_on: ClassVar[bool] = False
    """Whether a source with more pages than its budget is read on by the next run, as a forum of
    the market file is, beside what is new there; of a company's site, and of a source nobody named,
    the best pages are read, and the rest is left."""

    def __init__(
        self, *, market: Market, state: CrawlState, requests: Requests | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.market = market
        self.state: CrawlState = state
        self.by_id: dict[str, Source] = {}
        self.requests = requests or Requests(market.crawl.request_budget)
        self.deadline: float | None = None
        self.complete = True
        self.whole = False
        self.storage_error: str | None = None
        self.readers: Readers | None = None
        self.readers_wanted = "0"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Load the market of ``-a market=NAME``, let it set the manners, open the state.

        :raises crawlers.market.MarketFileError: where the market file is missing or wrong.
        :raises crawlers.sources.CatalogueError: for an id of ``-a sources=ID,ID`` no source has.
        :raises ValueError: without a market, and for a ``RIVALMAP_READERS`` that is no number.
        """
        name = kwargs.pop("market", None)
        if not name:
            raise ValueError(
                f"spider {cls.name!r} needs a market: scrapy crawl {cls.name} -a market=NAME"
            )
        market = load_market(find_market(name)).within(
            time_budget=crawler.settings.getfloat("RIVALMAP_TIME_BUDGET") or None,
        )
        chosen = kwargs.pop("sources", None) or ""
        if chosen:
            market = joined(market, rows_named(market, chosen.split(",")))
        give_back_freed()
        settings, crawl = crawler.settings, market.crawl
        settings.set("RIVALMAP_DELAY", crawl.delay, priority="spider")
        settings.set("DOWNLOAD_DELAY", crawl.delay, priority="spider")
        settings.set("RIVALMAP_ALLOW_PRIVATE", crawl.allow_private, priority="spider")
        settings.set("RIVALMAP_DATA_DIR", str(data_dir(name)), priority="spider")
        settings.set("RIVALMAP_SOURCES", chosen, priority="spider")  # the journal keeps them
        agent = settings["USER_AGENT"] + (f" (+{crawl.contact})" if crawl.contact else "")
        settings.set("USER_AGENT", agent, priority="spider")
        wanted = str(settings["RIVALMAP_READERS"])
        readers_for(wanted, sites=0, delay=crawl.delay, cores=1)  # refuses what is no number
        state_class = load_object(settings["RIVALMAP_STATE"])
        state = state_class.open(market, Path(data_dir(name)), cls.name)
        try:
            spider = super().from_crawler(crawler, *args, market=market, state=state, **kwargs)
            spider.readers_wanted = wanted
            return spider
        except BaseException:
            state.close()
            raise

    # --- hooks --------------------------------------------------------------------------------

    def sources(self, market: Market) -> Iterable[Source]:
        """What to read."""
        raise NotImplementedError

    def seeds(self, source: Source) -> Iterable[Target]:
        """Where to begin on a source."""
        raise NotImplementedError

    def read(
        self, source: Source, target: Target, document: Document, fetch: Fetch
    ) -> Iterable[Item | Request | Work[Any]]:
        """The items of one fetched page; or a request, whose answer then stands for the page.

        What costs time and takes the document alone is yielded as :class:`crawlers.readers.Work`
        before its result is asked for: a process beside this one may do it meanwhile.
        """
        raise NotImplementedError

    def verdict(self, source: Source) -> tuple[str, str] | None:
        """An outcome of its own, with the reason in words, for a source whose pages came."""
        return None

    def followed(self, source: Source, target: Target, link: Target) -> Target | None:
        """An outlink of a page that has not changed, as it is to be followed now; ``None``: not."""
        return link

    def instead(self, source: Source, target: Target, reason: str) -> Iterable[Target]:
        """What to ask for in place of a target that was refused; nothing: the failure stands."""
        return ()

    def last_targets(self, source: Source) -> Iterable[Target]:
        """What to ask for when nothing else waits and the budget is not spent; nothing else."""
        return ()

    # --- the loop -----------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Go on where a run that was cut off stopped; then the seeds, unless it had begun with
        them.
        """
        if self.market.crawl.time_budget:
            self.deadline = monotonic() + self.market.crawl.time_budget
        for source in self.sources(self.market):
            self.by_id[source.id] = source
        for source_id, before in self.state.so_far().items():
            if source_id in self.by_id:
                self.by_id[source_id].before = before
        for url, source_id, role in self.state.visited():
            if source_id in self.by_id:
                self.by_id[source_id].visited.add(url)
                spent = role != "sitemap" and not self.goes_on
                self.by_id[source_id].queue.taken += spent
        for target in self.state.pending():
            if target.source in self.by_id:
                source = self.by_id[target.source]
                source.domains.add(registrable_domain(host_of(target.url)))
                source.take_up([target])
        self._take_readers()
        for source in self.by_id.values():
            if source.off:
                source.closed = True
                continue
            self.state.add(source.offer(self.seeds(source)))
            request = self.next_request(source)
            if request is not None:
                yield request

    def _take_readers(self) -> None:
        number = readers_for(
            self.readers_wanted,
            sites=sum(not source.off for source in self.by_id.values()),
            delay=self.market.crawl.delay,
            cores=cores(),
        )
        self.readers = join(number) if number else None

    def closed(self, reason: str) -> None:
        """Send the readers home; Scrapy calls it when the last page is stored."""
        if self.readers is not None:
            leave(self.readers)
            self.readers = None

    @property
    def callback(self) -> Callable[[Response], Any]:
        """What a page's answer is given to."""
        return self.received if self.readers is None else self.received_beside

    def next_request(self, source: Source) -> Request | None:
        """The request for a source's next target, or ``None`` where it is through."""
        if source.closed:
            return None
        if self.storage_error is not None:
            return None
        if self.deadline is not None and monotonic() > self.deadline:
            self.complete = False
            return None
        if self.requests.spent:
            self.complete = False
            return None
        target = source.queue.pop()
        ends = not (source.asked_again or source.left or source.queue.spent)
        if target is None and ends:
            source.asked_again = True
            self.state.add(source.offer(self.last_targets(source)))
            target = source.queue.pop()
        if target is None:  # through, or its budget is spent: what is left waits (see rest)
            source.closed = True
            return None
        self.requests.take()
        headers = dict(source.headers)
        known = self.state.known(target.url, role=target.role)
        if known is not None and known.archived:
            if known.etag:
                headers["If-None-Match"] = known.etag
            if known.last_modified:
                headers["If-Modified-Since"] = known.last_modified
        return Request(
            target.url,
            callback=self.callback,
            errback=self.failed,
            headers=headers,
            meta={
                "target": target,
                "known": known,
                "source": source.id,
                "download_slot": registrable_domain(host_of(target.url)),
                "asked_at": datetime.now(UTC),
            },
        )

    def received(self, response: Response) -> Iterator[Any]:
        """An answer: its items, then the source's next request."""
        return (step for step in self._answered(response) if not isinstance(step, Work))

    async def received_beside(self, response: Response) -> AsyncIterator[Any]:
        """The same; pages are read by processes beside this one."""
        for step in self._answered(response):
            if not isinstance(step, Work):
                yield step
            elif self.readers is not None:
                await self.readers.do(step)

    def _answered(self, response: Response) -> Iterator[Any]:
        target: Target = response.meta["target"]
        source = self.by_id[response.meta["source"]]
        once_more = False
        try:
            for item in self._items(source, target, response):
                once_more |= isinstance(item, Request)
                yield item
        except ReaderDiedError as error:
            yield self.failure(source, target, "reader_died", str(error))
        except Exception as error:  # a page must not end its source
            logger.exception("reading %s failed", response.url)
            yield self.failure(
                source, target, "internal", f"{type(error).__name__}: {error}; please report it"
            )
        request = None if once_more else self.next_request(source)
        if request is not None:
            yield request

    def failed(self, failure: Failure) -> Iterator[Any]:
        """No answer: the failure as an item, then the source's next request."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, PutOffError):  # the target stays on the frontier
            self.complete = False
            return
        target: Target = request.meta["target"]
        source = self.by_id[target.source]
        error = failure.value or Exception("unknown")
        reason, detail = failure_of(error, request.url)
        if isinstance(error, RobotsTooSlow | RobotsUnreachable | RobotsNotHad):
            source.closed = True
        if isinstance(error, SiteLeft):  # no word on this page: it waits with the others
            item = self.failure(source, target, reason, detail)
            source.leave(error.site, item.detail)
            yield item
        elif target.role in ASIDE:
            yield self.done(target)
        else:
            yield self.refused(source, target, reason, detail)
        following = self.next_request(source)
        if following is not None:
            yield following

    def _items(self, source: Source, target: Target, response: Response) -> Iterator[Item]:
        known = response.meta["known"]
        if response.status == 304 and known is not None:
            yield self._unchanged(source, target, self._fetch(response, known.body_hash), known)
            return
        refused = refusal(response)
        if refused is not None and target.role in ASIDE:
            yield self.done(target)  # looked for at its usual place; most sites have none there
            return
        if refused is not None:
            yield self.refused(source, target, *refused)
            return
        if not source.owns(response.url):
            if target.depth > 0 or source.report.pages:
                yield self.failure(
                    source, target, "left_site", f"redirects to another site: {response.url}"
                )
                return
            source.domains.add(registrable_domain(host_of(response.url)))  # the home has moved
        fetch = self._fetch(response, hashlib.sha256(response.body).hexdigest())
        if known is not None and known.body_hash == fetch.body_hash:
            yield self._unchanged(source, target, fetch, known)
            return
        headers = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        document = Document(
            response.url, response.body, headers=headers, fetched_at=fetch.fetched_at
        )
        yield from self.read(source, target, document, fetch)

    def _unchanged(self, source: Source, target: Target, fetch: Fetch, known: Any) -> Item:
        source.report.unchanged += 1
        # The page may have been stored for a source that had another id then.
        kept = (self.followed(source, target, link) for link in known.outlinks)
        outlinks = source.offer(replace(link, source=source.id) for link in kept if link)
        return UnchangedItem(target=target, fetch=fetch, outlinks=outlinks)

    @staticmethod
    def _fetch(response: Response, body_hash: str) -> Fetch:
        def header(name: str) -> str | None:
            value = response.headers.get(name)
            return value.decode("latin-1") if value else None

        archived = response.meta.get("archived") or (None, None)
        return Fetch(
            url=response.meta["target"].url,
            final_url=response.url,
            status=response.status,
            fetched_at=response.meta.get("received_at") or datetime.now(UTC),
            content_type=(header("Content-Type") or "").split(";")[0].strip().lower(),
            body_hash=body_hash,
            size=len(response.body),
            etag=header("ETag"),
            last_modified=header("Last-Modified"),
            archive_file=archived[0],
            archive_offset=archived[1],
        )

    # --- reports ------------------------------------------------------------------------------

    def refused(
        self, source: Source, target: Target, reason: str, detail: str, fetch: Fetch | None = None
    ) -> Item:
        """A page that was not had or not read: what is asked for instead, else the failure."""
        others = source.offer(self.instead(source, target, reason))
        if others:
            return self.done(target, others)
        return self.failure(source, target, reason, detail, fetch)

    def failure(
        self, source: Source, target: Target, reason: str, detail: str, fetch: Fetch | None = None
    ) -> FailureItem:
        """A failure as an item, counted in its source's report.

        :param fetch: the answer that could not be read: the archive keeps it.
        """
        report = source.report
        report.reasons[reason] = report.reasons.get(reason, 0) + 1
        if reason not in QUIET:
            report.failures += 1
        if fetch is not None and fetch.archive_file:
            place = f"archive/{fetch.archive_file} {fetch.archive_offset}"
            detail = f"{detail}. The page is saved: warcio extract {place}"
        if not report.detail or not (report.pages or report.unchanged):
            report.detail = f"{target.url}: {detail}"
        return FailureItem(
            target=target, reason=reason, detail=detail, at=datetime.now(UTC), fetch=fetch
        )

    def stop_for(self, error: str) -> None:
        """Ask for nothing more: the storage cannot be written. The run stays open for resuming."""
        self.storage_error = self.storage_error or error
        self.complete = False

    def set_delay(self, source_id: str, delay: float) -> None:
        """Note the seconds between requests in force for a source."""
        if source_id in self.by_id:
            self.by_id[source_id].report.delay = delay

    def outcome(self, source: Source) -> str:
        """How a source came out: a word of ``run_sources.outcome``."""
        report = source.report
        outcome = self._outcome(source)
        if source.left:
            wait = f"{source.waiting} addresses wait for the next start"
            left = [f"{site}: {detail}" for site, detail in sorted(source.left.items())]
            report.detail = "; ".join([*left, wait])
        rest = ""
        if outcome == "partial" and source.closed and (many := self.rest(source)):
            rest = f"its budget of pages is spent; {many} addresses wait for the next start"
        words = (report.detail, rest, source.traps.words())
        report.detail = "; ".join(part for part in words if part)
        return outcome

    def rest(self, source: Source) -> int:
        """How many addresses of a source are beyond its budget and wait for the next run."""
        goes_on = self.goes_on and source.report.origin == "file" and source.queue.spent
        return len(source.queue) if goes_on else 0

    def _outcome(self, source: Source) -> str:
        report = source.report
        if source.off:
            report.detail = source.off
            return "off"
        read = report.pages + report.unchanged + source.before.pages
        reasons = report.reasons.keys() | source.before.reasons.keys()
        faults = reasons - QUIET
        if not read and not reasons and not source.closed:
            report.detail = "cut short before its first page; the next start reads it"
            return "partial"
        if not read:
            if reasons & BLOCKS:
                return "blocked"
            if faults & {"no_forum", "empty_topic"}:
                return "empty"
            if "robots" in reasons and not faults:
                return "robots"
            if not reasons & WORDLESS:
                return "failed"
        own = self.verdict(source)
        if own is not None:
            report.detail = own[1]
            return own[0]
        if faults:
            return "partial"
        if not source.closed:  # stopped by a budget, a signal, or an error of ours
            waiting = len(source.queue)
            report.detail = f"cut short; {waiting} addresses wait for the next start"
            return "partial"
        report.detail = ""
        if self.rest(source):
            return "partial"
        return "read" if report.pages or source.before.pages else "unchanged"

    @staticmethod
    def done(target: Target, outlinks: Iterable[Target] = ()) -> DoneItem:
        """A target that holds nothing to store."""
        return DoneItem(target=target, outlinks=tuple(outlinks))

    def address(self, url: str) -> str | None:
        """The canonical form of an address as the frontier keeps it; ``None`` if malformed."""
        try:
            return canonical_url(url)
        except ValueError:
            return None

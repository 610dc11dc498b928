"""Leaves a site alone for as long as it asks, and for longer each time it fails."""

import asyncio
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawlers.browser.errors import PutOffError
from crawlers.patience import (
    FAILING,
    LONGEST_WAIT,
    MOST_FAULTS,
    MOST_REFUSALS,
    RESTING,
    Patience,
    rest_for,
    seconds_asked,
)
from crawlers.resolver import PrivateAddressError
from crawlers.urls import site_of_url

_STEP = 0.5  # seconds; how soon a wait notices that the crawl is ending


class SiteLeft(IgnoreRequest):
    """A site that is asked for nothing more in this run.

    :ivar reason: ``resting`` (it asked for the pause) or ``failing``.
    :ivar site: its registrable domain.
    """

    def __init__(self, site: str, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.site = site
        self.reason = reason


class PatienceMiddleware(RetryMiddleware):
    """Scrapy's second try, with the wait a site asks for or its failures call for before it.

    Stands in the place of Scrapy's own. Every request passes, robots.txt and parts of drawn pages
    too. Rests longer than a crawl waits are kept by the spider's state, where it has one, and hold
    for the next start.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self._patience = Patience(crawler.settings.getfloat("RIVALMAP_DELAY"))
        self._left: dict[str, SiteLeft] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PatienceMiddleware":
        """Build for a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass when its site may be asked.

        :raises SiteLeft: where that is not in this run.
        :raises PutOffError: where the crawl ends before.
        """
        site = site_of(request)
        self._check(site)
        while (wait := self._patience.wait(site, monotonic())) > 0:
            deadline = getattr(self.crawler.spider, "deadline", None)
            late = deadline is not None and monotonic() + wait > deadline
            if late or not self.crawler.crawling:
                raise PutOffError
            await asyncio.sleep(min(wait, _STEP))
            self._check(site)

    def _check(self, site: str) -> None:
        if site not in self._left:
            state = getattr(self.crawler.spider, "state", None)
            rest = state.rest_of(site) if state is not None else None
            if rest is not None and rest.holds(datetime.now(UTC)):
                self._left[site] = SiteLeft(site, RESTING, rest.detail)
        if site in self._left:
            left = self._left[site]
            raise SiteLeft(left.site, left.reason, str(left))

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Request | Response:
        """Let an answer pass; ask once more after one that is a fault of the site.

        :raises SiteLeft: where the site asks not to be asked in this run.
        """
        site, status = site_of(request), response.status
        asked = None
        if status in (429, 503):
            asked = seconds_asked(
                _header(response, "Retry-After"), date=_header(response, "Date"),
                now=datetime.now(UTC),
            )  # fmt: skip
        if status == 429 or asked is not None:
            return self._refused(request, response, site, asked)
        if status not in self.retry_http_codes:
            self._patience.answered(site)
            return response
        if not self._failed(site, f"the last answer was {status}"):
            return response
        return super().process_response(request, response)

    def process_exception(
        self, request: Request, exception: Exception, spider: Any = None
    ) -> Request | Response | None:
        """Ask once more where no answer came."""
        faulty = isinstance(exception, self.exceptions_to_retry)
        if not faulty or isinstance(exception, PrivateAddressError):
            return None
        if not self._failed(site_of(request), f"the last: {type(exception).__name__}"):
            return None
        return super().process_exception(request, exception)

    def _refused(
        self, request: Request, response: Response, site: str, asked: float | None
    ) -> Request | Response:
        goes_on = self._patience.refused(site, monotonic(), asked)
        if goes_on:
            if request.meta.get("dont_retry"):
                return response
            again = {**request.meta, "max_retry_times": MOST_REFUSALS}
            return self._retry(request.replace(meta=again), str(response.status)) or response
        detail = f"the site answered {response.status}"
        if asked is not None and asked > LONGEST_WAIT:
            rest = rest_for(
                asked,
                datetime.now(UTC),
                f"{detail} and asks for a pause of {asked:g} s, longer than a crawl waits",
            )
            detail = rest.detail
            state = getattr(self.crawler.spider, "state", None)
            if state is not None:
                state.keep_rest(site, rest)
        else:
            detail = f"{detail} {MOST_REFUSALS} times in a row; it is left alone for this run"
        self._left[site] = left = SiteLeft(site, RESTING, detail)
        raise left

    def _failed(self, site: str, last: str) -> bool:
        if self._patience.failed(site, monotonic()):
            return True
        self._left.setdefault(
            site,
            SiteLeft(
                site, FAILING,
                f"{MOST_FAULTS} requests in a row failed ({last}); the site is left for this run",
            ),
        )  # fmt: skip
        return False


def site_of(request: Request) -> str:
    """The site a request goes to: the registrable domain of its host."""
    return site_of_url(request.url)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None

"""robots.txt by RFC 9309, where Scrapy's middleware is more lenient than the standard."""

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawlers.patience import LONGEST_WAIT

LONGEST_DELAY = LONGEST_WAIT
"""Seconds. A site that asks for more is skipped and named: a hundred pages would take days."""


class RobotsClosed(IgnoreRequest):
    """robots.txt closes this address to us."""


class RobotsUnreachable(IgnoreRequest):
    """robots.txt cannot be had for a fault of the server; the site is closed until it can."""


class RobotsNotHad(IgnoreRequest):
    """robots.txt cannot be had for ``cause``, a fault of the network; the site is closed too."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class RobotsTooSlow(IgnoreRequest):
    """robots.txt asks for more time between requests than a crawl can give."""


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, with the standard's word on what an answer of the server means.

    RFC 9309 section 2.3.1: a robots.txt that cannot be had for a fault of the server (5xx) or of
    the network closes the whole site; one that is not there (4xx) opens it. Scrapy reads the error
    page as rules, and takes no answer for leave. 429 is no word on whether it is there.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._unreachable: dict[str, int] = {}
        self._not_had: dict[str, Exception] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            response = response.replace(body=b"User-agent: *\nDisallow: /\n")
            self._unreachable[netloc] = response.status
        elif response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest):
            self._not_had[netloc] = exc
        super()._robots_error(exc, netloc)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let an allowed request pass.

        :raises RobotsClosed: for one that robots.txt forbids.
        :raises RobotsUnreachable: where robots.txt could not be had for a fault of the server.
        :raises RobotsNotHad: where it could not for a fault of the network.
        :raises RobotsTooSlow: where its Crawl-delay is above :data:`LONGEST_DELAY`.
        """
        not_had = self._not_had.get(urlsplit(request.url).netloc)
        if not_had is not None:
            raise RobotsNotHad(not_had)
        asked = rp.crawl_delay(self._agent) if rp else None
        if asked and asked > LONGEST_DELAY:
            raise RobotsTooSlow(
                f"robots.txt asks for {asked:g} s between requests; more than {LONGEST_DELAY:g} s "
                "is too slow to watch a site with"
            )
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            status = self._unreachable.get(urlsplit(request.url).netloc)
            if status is not None:
                raise RobotsUnreachable(
                    f"robots.txt answered {status}, which closes the site until it answers; a "
                    "later run tries again"
                ) from error
            raise RobotsClosed(f"robots.txt of {request.url} forbids it") from error

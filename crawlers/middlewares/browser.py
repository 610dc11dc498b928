"""Draws pages in the browser, one at a time, their parts fetched by this crawl's own downloader."""

import asyncio
import logging
from itertools import count
from time import monotonic
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawlers.browser.errors import BrowserUnusableError, DrawingError, PutOffError
from crawlers.browser.visit import Drawing, Part, PartCache, PartRequest, Visit
from crawlers.pace import pace
from crawlers.urls import host_of, registrable_domain

logger = logging.getLogger(__name__)

DRAWING_META = "drawing"
"""Key of a request's meta: the :class:`~crawlers.browser.visit.Drawing` to be drawn."""
PART_META = "part"
"""Key of a request's meta: it is a part of a page, not a page."""
WHOLE_SECONDS = 60.0
"""A page that is not drawn by then never will be; the browser's start is within it."""
_LOADED_SECONDS = 15.0
_CLOSING_SECONDS = 5.0


class BrowserMiddleware:
    """Answers requests that carry a drawing with the drawn page; all others pass.

    scrapy-playwright drives the browser. The requests of the page come back to
    :meth:`crawlers.browser.visit.Visit.answer` and go out as requests of the crawl, through every
    other middleware: robots.txt, private addresses (checked by the resolver that also connects, so
    that a name cannot change its address in between), user agent, sizes, redirects.
    """

    def __init__(self, crawler: Crawler, program: str) -> None:
        self.crawler = crawler
        self._program = program
        self._one = asyncio.Lock()
        self._numbers = count()
        self._cache = PartCache()
        self._handler: Any = None
        self._unusable: BrowserUnusableError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build where the crawl may draw pages: ``RIVALMAP_BROWSER`` names the program.

        :raises NotConfigured: where it may not.
        """
        program = crawler.settings.get("RIVALMAP_BROWSER")
        if not program:
            raise NotConfigured
        middleware = cls(crawler, program)
        crawler.signals.connect(middleware.closed, signal=signals.spider_closed)
        return middleware

    async def process_request(self, request: Request) -> Response | None:
        """Draw a page that is to be drawn.

        :raises DrawingError: where it cannot be.
        :raises PutOffError: where the crawl is ending.
        """
        drawing: Drawing | None = request.meta.pop(DRAWING_META, None)
        if drawing is None:
            return None
        async with self._one:
            spider: Any = self.crawler.spider
            late = spider.deadline is not None and monotonic() > spider.deadline
            if late or not self.crawler.crawling:
                raise PutOffError
            if self._unusable is not None:
                raise self._unusable
            try:
                return await self._draw(request, drawing)
            except BrowserUnusableError as error:
                logger.warning("pages are not drawn: %s", error)
                self._unusable = error
                raise

    async def _draw(self, request: Request, drawing: Drawing) -> Response:
        from playwright.async_api import Error
        from scrapy_playwright.page import PageMethod

        handler = self._browser()
        visit = Visit(drawing, self._fetch, self._cache)
        name = f"visit {next(self._numbers)}"  # nothing is kept from one page to the next
        driven = request.replace(
            meta={
                "playwright": True,
                "playwright_context": name,
                "playwright_context_kwargs": {
                    "user_agent": self.crawler.settings["USER_AGENT"],
                    "service_workers": "block",
                    "accept_downloads": False,
                },
                "playwright_page_init_callback": visit.open,
                "playwright_page_methods": [PageMethod(visit.settle)],
                "playwright_page_goto_kwargs": {
                    "wait_until": "domcontentloaded", "timeout": _LOADED_SECONDS * 1000,
                },
            }
        )  # fmt: skip
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                response: Response = await handler.download_request(driven)
        except TimeoutError as error:
            raise DrawingError(f"not drawn within {WHOLE_SECONDS:g} s") from error
        except Error as error:
            first = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise DrawingError(f"the browser gave up on it: {first[:300]}") from error
        finally:
            await self._close_context(handler, name)
            self._hold(request)
        if len(response.body) > self.crawler.settings.getint("DOWNLOAD_MAXSIZE"):
            raise DrawingError("the drawn page is too large")
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("browser/pages")
        self.crawler.stats.inc_value("browser/parts", visit.parts)
        self.crawler.stats.inc_value("browser/refused", len(visit.refused))
        logger.debug("%s: %d parts; refused: %s", drawing.url, visit.parts, visit.refused)
        return response.replace(request=request)

    def _browser(self) -> Any:
        if self._handler is None:
            from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

            from crawlers.browser.chromium import SystemChromium

            logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)
            self._handler = ScrapyPlaywrightDownloadHandler.from_crawler(self.crawler)
            self._handler.browser_provider = SystemChromium(self._program)
        return self._handler

    async def _fetch(self, asked: PartRequest) -> Part | None:
        """A part of a page, by the crawl's downloader and its rules."""
        spider: Any = self.crawler.spider
        if spider.requests.spent:
            return None
        spider.requests.take()
        engine: Any = self.crawler.engine
        slot = f"parts of {registrable_domain(host_of(asked.url))}"
        # One at a time too; the pause is kept between pages, as a visitor's browser keeps none.
        engine.downloader.per_slot_settings.setdefault(
            slot, {"concurrency": 1, "delay": 0.0, "jitter": 0.0}
        )
        try:
            request = Request(
                asked.url, method=asked.method, headers=asked.headers, body=asked.body,
                callback=NO_CALLBACK,
                meta={
                    PART_META: True, "download_slot": slot, "dont_retry": True,
                    "download_timeout": max(asked.seconds, 1.0),
                },
            )  # fmt: skip
            async with asyncio.timeout(max(asked.seconds, 1.0)):
                response = await engine.download_async(request)
        except Exception as error:  # forbidden, refused, too slow: the page goes on without it
            logger.debug("part %s: %s", asked.url, error)
            return None
        headers = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        return Part(
            url=response.url, status=response.status, headers=headers, body=response.body
        )  # fmt: skip

    def _hold(self, request: Request) -> None:
        """The pause before the site's next page begins when this one's last part has come."""
        engine: Any = self.crawler.engine
        pace.asked(registrable_domain(host_of(request.url)))
        slot = engine.downloader.slots.get(request.meta.get("download_slot"))
        if slot is not None:
            slot.lastseen = monotonic()

    @staticmethod
    async def _close_context(handler: Any, name: str) -> None:
        wrapper = handler.context_wrappers.get(name)
        if wrapper is None:
            return
        try:
            async with asyncio.timeout(_CLOSING_SECONDS):
                await wrapper.context.close()
        except Exception as error:  # a page that hangs: the whole browser goes, the next is new
            logger.debug("closing %s: %s", name, error)
            browser = getattr(handler, "browser", None)
            if browser is not None:
                async with asyncio.timeout(_CLOSING_SECONDS):
                    await browser.close()

    async def closed(self) -> None:
        """End the browser with the crawl."""
        if self._handler is not None:
            try:
                async with asyncio.timeout(2 * _CLOSING_SECONDS):
                    await self._handler.close()
            except Exception as error:  # its driver ends with this process in any case
                logger.debug("closing the browser: %s", error)

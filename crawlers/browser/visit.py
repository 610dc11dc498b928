"""One page being drawn: every request of the browser goes through here, and none past it."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from crawlers.browser.errors import DrawingError
from crawlers.browser.parts import answer_for, asked_headers, given_headers
from crawlers.urls import host_of, registrable_domain

logger = logging.getLogger(__name__)

QUIET_SECONDS = 0.8
"""A page that asked for nothing and did not change for so long is drawn."""
WORDLESS_SECONDS = 4.0
"""A page without a word gets this long at least."""
DRAWN_SECONDS = 12.0
"""After so long what stands on the page is taken, though it still changes."""
MOST_PARTS = 80
"""Requests a page may make."""
MOST_BYTES = 24 * 1024 * 1024
"""Bytes its parts may have together."""
MOST_TURNS = 3
"""How often a page may send the browser on to another address of its site."""
LARGEST_PAGE = 4_000_000
"""Characters a drawn page may have."""

_STEP = 0.2
# Ways to the network that are no requests; the browser is cut off from it, this is the second lock.
FORBIDDING = """for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"])
  { try { delete window[name] } catch (e) {} }
window.open = () => null; navigator.sendBeacon = () => false;"""
_MEASURE = """() => [document.getElementsByTagName("*").length,
  document.body ? document.body.innerText.trim().length : 0]"""
# Shadow trees are not part of a page's source; what is drawn in them is put beside them.
_UNFOLD = """limit => { const open = (root, depth) => {
    for (const element of root.querySelectorAll("*")) { const shadow = element.shadowRoot;
      if (shadow && depth < 20) { open(shadow, depth + 1);
        const copy = document.createElement("div"); copy.innerHTML = shadow.innerHTML;
        element.append(copy); } } };
  open(document, 0); return document.documentElement.outerHTML.length; }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The answer to be drawn: its final address, body, headers."""

    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An answer to one of a page's requests; ``url`` is where it came from, after redirects."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRequest:
    """A request of the page that is to be fetched. ``seconds``: what is left for it."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes
    seconds: float


Fetcher = Callable[[PartRequest], Awaitable[Part | None]]
"""Fetches a part under the crawl's rules; ``None``: they forbid it, or there is none."""


@dataclass(slots=True)
class PartCache:
    """Scripts already fetched: the pages of a site share them."""

    most_bytes: int = 32 * 1024 * 1024
    _parts: OrderedDict[str, Part] = field(default_factory=OrderedDict)
    _size: int = 0

    def get(self, url: str) -> Part | None:
        """The script of an address."""
        return self._parts.get(url)

    def put(self, url: str, part: Part) -> None:
        """Keep a script; the oldest make room."""
        if part.status != 200 or url in self._parts or len(part.body) > self.most_bytes // 4:
            return
        self._parts[url] = part
        self._size += len(part.body)
        while self._size > self.most_bytes:
            self._size -= len(self._parts.popitem(last=False)[1].body)


class Visit:
    """Answers the browser's requests for one page and tells when the page is drawn.

    :param fetch: asks the servers; the page itself is at hand and is not asked for again.
    """

    def __init__(self, drawing: Drawing, fetch: Fetcher, cache: PartCache) -> None:
        self.drawing = drawing
        self.refused: list[str] = []
        self.parts = 0
        self._fetch = fetch
        self._cache = cache
        self._site = registrable_domain(host_of(drawing.url))
        self._turns = 0
        self._bytes = 0
        self._under_way = 0
        self._last = monotonic()
        self._end = monotonic() + DRAWN_SECONDS
        self._given = False

    async def open(self, page: Any, request: object = None) -> None:
        """Put ourselves between a new page and the network, before it asks for anything."""
        context = page.context
        await context.add_init_script(FORBIDDING)
        await context.route("**", self._refuse)  # pop-ups, workers
        await context.route_web_socket("**", lambda socket: socket.close())
        context.on("page", lambda other: asyncio.ensure_future(other.close()))
        await page.route("**", self.answer)
        self._last = monotonic()
        self._end = self._last + DRAWN_SECONDS

    async def settle(self, page: Any) -> None:
        """Wait until the page is drawn.

        :raises DrawingError: where it has grown too large.
        """
        before: object = None
        while monotonic() < self._end:
            await asyncio.sleep(_STEP)
            now = await self._measured(page)
            if now != before:
                before, self._last = now, monotonic()
            still = monotonic() - self._last
            wordless = not (isinstance(now, list) and len(now) == 2 and now[1])
            enough = WORDLESS_SECONDS if wordless else QUIET_SECONDS
            if not self._under_way and still >= enough:
                break
        self._end = monotonic()  # what is asked for from now on comes too late
        size = await page.evaluate(_UNFOLD, None)
        if not isinstance(size, int | float) or size > LARGEST_PAGE:
            raise DrawingError(f"the drawn page is larger than {LARGEST_PAGE:,} characters")

    @staticmethod
    async def _measured(page: Any) -> object:
        from playwright.async_api import Error

        try:
            return await page.evaluate(_MEASURE)
        except Error as error:
            if "context was destroyed" in str(error):  # the page went on to another address
                return None
            raise

    async def answer(self, route: Any, request: Any) -> None:
        """Answer one request of the page."""
        from playwright.async_api import Error

        self._under_way += 1
        try:
            await self._answer(route, request)
        except Error as error:  # the page was closed meanwhile
            logger.debug("%s: %s", self.drawing.url, error)
            with suppress(Error):
                await self._refuse(route)
        finally:
            self._under_way -= 1
            self._last = monotonic()

    async def _answer(self, route: Any, request: Any) -> None:
        url = request.url.split("#")[0]
        main = request.frame.parent_frame is None
        body = request.post_data_buffer or b""
        what = answer_for(
            request.resource_type, request.method, url,
            main=main, navigation=request.is_navigation_request(), own=self._is_own(url),
            body=len(body),
        )  # fmt: skip
        if what == "empty":
            await route.fulfill(status=200, content_type="text/css", body="")
            return
        if what == "page" and not self._given and url == self.drawing.url.split("#")[0]:
            self._given = True
            headers = given_headers(self.drawing.headers)
            await route.fulfill(status=200, headers=headers, body=self.drawing.body)
            return
        part = None
        if what == "page":
            self._turns += 1
            if self._turns <= MOST_TURNS and self._is_own(url):
                part = await self._part(request, url, body)
                if part is not None and not self._is_own(part.url):
                    part = None  # led to another company's page
        elif what == "fetch":
            part = await self._part(request, url, body)
        if part is None:
            self.refused.append(url)
            await self._refuse(route)
            return
        await route.fulfill(status=part.status, headers=given_headers(part.headers), body=part.body)

    def _is_own(self, url: str) -> bool:
        return registrable_domain(host_of(url)) == self._site

    async def _part(self, request: Any, url: str, body: bytes) -> Part | None:
        shared = request.resource_type == "script" and request.method == "GET"
        part = self._cache.get(url) if shared else None
        if part is not None:
            return part
        left = self._end - monotonic()
        if self.parts >= MOST_PARTS or self._bytes >= MOST_BYTES or left <= 0:
            return None
        self.parts += 1
        part = await self._fetch(
            PartRequest(
                url=url, method=request.method, headers=asked_headers(request.headers), body=body,
                seconds=left,
            )
        )  # fmt: skip
        if part is not None:
            self._bytes += len(part.body)
            if shared:
                self._cache.put(url, part)
        return part

    @staticmethod
    async def _refuse(route: Any, request: object = None) -> None:
        await route.abort("blockedbyclient")

"""Scrapy's downloader with one pace for each site and a bound on the head of an answer.

Scrapy bounds a body (``DOWNLOAD_MAXSIZE``) and the time of the whole answer (``DOWNLOAD_TIMEOUT``,
which a server that drips a byte a second does not outlast either). The head it reads to its end:
in half a minute a fast server of endless header lines fills the memory.
"""

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

from crawlers.middlewares.browser import PART_META
from crawlers.pace import pace
from crawlers.urls import registrable_domain, site_of_url

LARGEST_HEAD = 256 * 1024
"""Bytes of status line and headers, those of ``100 Continue`` answers before it too. Browsers take
as much (Chromium: 256 KiB), servers send less than 16."""

HEAD_TOO_LARGE = "the head of the answer is longer than"
"""How the error's text begins; Twisted wraps the exception in one of its own."""


class HeadTooLargeError(Exception):
    """An answer whose headers do not end."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """A connection that is broken off where the head of an answer does not end."""

    _head = 0

    def request(self, request: Any) -> "Deferred[Any]":
        """Send a request; its answer's head is counted from nothing."""
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Read on, unless the head has grown too long."""
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                text = f"{HEAD_TOO_LARGE} {LARGEST_HEAD // 1024} KiB"
                self._giveUp(Failure(HeadTooLargeError(text)))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Builds such connections."""

    def buildProtocol(self, addr: Any) -> BoundedProtocol:  # noqa: N802
        """A connection."""
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """``DOWNLOAD_HANDLERS`` of http and https."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory
        self._delay = crawler.settings.getfloat("RIVALMAP_DELAY")
        registrable_domain("a.example")  # loads the list of suffixes before anything waits for it

    async def download_request(self, request: Request) -> Response:
        """Ask when it is this request's turn. Parts of a drawn page take none: the pause is kept
        between pages, as a visitor's browser keeps none within one.
        """
        if PART_META in request.meta:
            return await super().download_request(request)
        async with pace.turn(site_of_url(request.url), self._delay):
            return await super().download_request(request)

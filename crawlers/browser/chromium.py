"""The system's Chromium, started when the first page is to be drawn. Imports playwright."""

import logging
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from crawlers.browser.errors import BrowserUnusableError
from crawlers.browser.program import sandboxed

logger = logging.getLogger(__name__)

# The browser is cut off from the network: names do not resolve, and every connection would have to
# go through a proxy that is not there (RFC 6761 keeps .invalid from ever existing). What the pages
# need is handed to them; what slips past that (workers, sockets, prefetching) reaches nothing.
_NO_PROXY = "http://none.invalid:1"
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--dns-prefetch-disable",
    "--disable-quic",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--no-pings",
    "--disable-gpu",
    "--mute-audio",
    "--js-flags=--max-old-space-size=512",  # a page that eats memory dies alone
)
_START_SECONDS = 30


class SystemChromium:
    """A browser provider of scrapy-playwright: a program of the system, in its sandbox."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._playwright: Playwright | None = None

    async def start(self) -> None:
        """Nothing yet: most crawls that may draw pages meet none that need it."""

    async def launch_browser(self) -> Browser:
        """Start the program.

        :raises BrowserUnusableError: where it does not start, with what it said.
        """
        try:
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            return await self._playwright.chromium.launch(
                executable_path=self._program,
                chromium_sandbox=sandboxed(),
                args=list(_ARGUMENTS),
                ignore_default_args=["--disable-popup-blocking"],
                proxy={"server": _NO_PROXY, "bypass": "<-loopback>"},
                timeout=_START_SECONDS * 1000,
                handle_sigint=False,  # Ctrl-C ends the crawl, and the crawl ends the browser
            )
        except (Error, OSError) as error:
            if "no usable sandbox" in str(error).lower():
                raise BrowserUnusableError(
                    f"{self._program} does not start: this system gives it no sandbox; allow "
                    "unprivileged user namespaces, or install chromium-sandbox"
                ) from error
            first = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise BrowserUnusableError(f"{self._program} does not start: {first}") from error

    async def launch_persistent_context(self, context_kwargs: dict[str, Any]) -> BrowserContext:
        """Never: nothing is kept between pages."""
        raise NotImplementedError

    async def close(self) -> None:
        """Stop playwright."""
        if self._playwright is not None:
            await self._playwright.stop()
            self._playwright = None

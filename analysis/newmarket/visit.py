"""One polite visit to a site: robots.txt, then one page.

Not through a Scrapy crawl: it is a single page, asked for by its owner, before there is a market.
The manners are the crawl's: robots.txt, one request at a time, sizes and times bounded, private
addresses refused unless they are meant.
"""

import asyncio
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego

from analysis.newmarket.answers import tidy
from crawlers.resolver import PrivateAddressError, is_localhost, is_private

LARGEST_PAGE = 8 * 1024 * 1024
"""Bytes, unpacked: DOWNLOAD_MAXSIZE of the settings."""
LARGEST_ROBOTS = 512 * 1024
"""Bytes of robots.txt that are read; RFC 9309 asks for 500 KiB at least."""
LONGEST = 40.0
"""Seconds for all of it; a drip of bytes ends here."""
SILENCE = 15.0
"""Seconds without a byte."""
REDIRECTS = 5
PAUSE = 1.0
"""Seconds between two pages of one site, where it asks for no more."""
LONGEST_DELAY = 60.0
"""Seconds of Crawl-delay above which a site is left alone."""
_ROBOTS_NAME = "Rivalmap"
_USER_AGENT = "Rivalmap/0.1"
_BLOCKS = frozenset({401, 403, 407, 429, 451, 503})


class HomePageError(Exception):
    """The page could not be had. ``reason`` is a key of ``Phrases.unreachable``."""

    def __init__(self, reason: str, url: str, detail: str = "") -> None:
        super().__init__(f"{url}: {reason} {detail}".strip())
        self.reason = reason
        self.url = url
        self.detail = tidy(detail, longest=160)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server sent: the body unpacked, after ``url`` was reached."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes


def visit(url: str, *, allow_private: bool = False) -> Answer:
    """Fetch one page, redirects followed, as robots.txt of each host on the way allows.

    :param url: absolute http(s) address.
    :param allow_private: whether loopback and private addresses may be asked.
    :raises HomePageError: where it may not be read or cannot be had.
    """
    return asyncio.run(_visited(url, allow_private=allow_private))


async def _visited(url: str, *, allow_private: bool) -> Answer:
    try:
        async with (
            asyncio.timeout(LONGEST),
            httpx.AsyncClient(
                transport=GuardedTransport(allow_private=allow_private),
                headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "gzip"},
                timeout=SILENCE,
                trust_env=False,
            ) as client,
        ):
            return await _Visit(client).page(url)
    except PrivateAddressError as error:
        raise HomePageError("private", url, str(error)) from None
    except (TimeoutError, httpx.TimeoutException):
        raise HomePageError("timeout", url, f"{LONGEST:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, zlib.error) as error:
        raise HomePageError("unreachable", url, str(error) or type(error).__name__) from None


class _Visit:
    """One visit: robots.txt of each host on the way, then the page, redirects followed by hand."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self._rules: dict[str, Protego] = {}
        self._asked: dict[str, float] = {}

    async def page(self, url: str) -> Answer:
        for _ in range(REDIRECTS + 1):
            await self._welcome(url)
            found = await self._get(url, LARGEST_PAGE)
            target = found.headers.get("location")
            if found.status in (301, 302, 303, 307, 308) and target:
                url = _joined(url, target)
                continue
            if found.status in _BLOCKS:
                raise HomePageError("blocked", url, str(found.status))
            if found.status != 200:
                raise HomePageError("status", url, str(found.status))
            return found
        raise HomePageError("redirects", url)

    async def _welcome(self, url: str) -> None:
        """Ask robots.txt, and wait where it (or an earlier request) says so."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if origin not in self._rules:
            self._rules[origin] = await self._robots(origin)
        rules = self._rules[origin]
        if not rules.can_fetch(url, _ROBOTS_NAME):
            raise HomePageError("robots", url)
        delay = float(rules.crawl_delay(_ROBOTS_NAME) or 0)
        if delay > LONGEST_DELAY:
            raise HomePageError("slow", url)
        if origin in self._asked:  # a redirect within the site: its second page
            await asyncio.sleep(max(delay, PAUSE) - (time.monotonic() - self._asked[origin]))
        self._asked[origin] = time.monotonic()

    async def _robots(self, origin: str) -> Protego:
        """The rules of a site. RFC 9309 2.3.1: 4xx opens it, 5xx closes it."""
        url = f"{origin}/robots.txt"
        for _ in range(REDIRECTS + 1):
            found = await self._get(url, LARGEST_ROBOTS, cut=True)
            target = found.headers.get("location")
            if not (300 <= found.status < 400 and target):
                break
            url = _joined(url, target)
        if found.status >= 500:
            return Protego.parse("User-agent: *\nDisallow: /\n")
        text = found.body.decode("utf-8", "replace") if found.status == 200 else ""
        return Protego.parse(text)

    async def _get(self, url: str, limit: int, *, cut: bool = False) -> Answer:
        """One request. A body above the limit is an error, or cut there."""
        async with self.client.stream("GET", url) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            body = bytearray()
            coding = headers.get("content-encoding", "identity").strip().lower()
            if coding not in ("identity", "", "gzip", "x-gzip"):
                raise HomePageError("not_html", url, coding)
            # Unpacked here, with a limit: an archive bomb must not fill the memory.
            unpack = zlib.decompressobj(31) if "gzip" in coding else None
            async for chunk in response.aiter_raw():
                body += unpack.decompress(chunk, limit + 1 - len(body)) if unpack else chunk
                if len(body) > limit:
                    if cut:
                        break
                    raise HomePageError("too_large", url, f"> {limit // 1024 // 1024} MB")
            return Answer(
                url=url, status=response.status_code, headers=headers, body=bytes(body[:limit])
            )


def _joined(url: str, target: str) -> str:
    joined = urljoin(url, target)
    if urlsplit(joined).scheme not in ("http", "https"):
        raise HomePageError("unreachable", url, f"-> {joined}")
    return joined


class GuardedTransport(httpx.AsyncHTTPTransport):
    """Connects to an address that was checked, not to a name that may change its mind after."""

    def __init__(self, *, allow_private: bool) -> None:
        super().__init__(verify=ssl.create_default_context())
        self._allow_private = allow_private

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the address a name has now.

        :raises PrivateAddressError: where it is private and that is not allowed.
        """
        host = request.url.host
        address = await self._address(host, request.url.port)
        named = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,  # the Host header keeps the name
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await super().handle_async_request(named)

    async def _address(self, host: str, port: int | None) -> str:
        if is_localhost(host):  # RFC 6761 6.3; glibc knows the bare name only
            found = ["127.0.0.1"]
        else:
            loop = asyncio.get_running_loop()
            rows = await loop.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
            rows.sort(key=lambda row: row[0] != socket.AF_INET)
            found = [str(row[4][0]) for row in rows]
        if not self._allow_private:
            for address in found:
                if is_private(address):
                    raise PrivateAddressError(address)
        return found[0]

"""Fetching a few addresses for ``inspect`` and ``doctor``, with a crawl's manners and safety."""

from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import Settings

from analysis.crawling import quieten
from analysis.inputs import Input
from crawlers.base.answers import failure_of, refusal
from crawlers.document import Document
from crawlers.urls import host_of, registrable_domain


class _FetchSpider(Spider):
    """Asks for each address once, one at a time of each site; robots.txt is obeyed."""

    name = "inspect"

    def __init__(self, urls: Sequence[str], found: dict[str, Input], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.found = found
        self._waiting: dict[str, deque[str]] = {}
        for url in dict.fromkeys(urls):
            self._waiting.setdefault(registrable_domain(host_of(url)), deque()).append(url)

    async def start(self) -> AsyncIterator[Any]:
        """The first address of each site; an answer leads to the next."""
        for site in self._waiting:
            for request in self._next(site):
                yield request

    def _next(self, site: str) -> Iterator[Request]:
        if self._waiting[site]:
            url = self._waiting[site].popleft()
            yield Request(
                url, callback=self.received, errback=self.failed, dont_filter=True,
                meta={"asked": url, "site": site, "download_slot": site},
            )  # fmt: skip

    def received(self, response: Response) -> Iterator[Request]:
        """Keep the answer, then ask for the site's next."""
        self._keep(response)
        yield from self._next(response.meta["site"])

    def _keep(self, response: Response) -> None:
        asked = response.meta["asked"]
        refused = refusal(response)
        if refused is not None:
            reason, detail = refused
            self.found[asked] = Input(url=asked, error=f"{asked}: {detail}", reason=reason)
            return
        headers = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        document = Document(
            response.url, response.body, headers=headers, fetched_at=datetime.now(UTC)
        )
        self.found[asked] = Input(url=response.url, document=document)

    def failed(self, failure: Any) -> Iterator[Request]:
        """Keep the reason, then ask for the site's next."""
        asked = failure.request.meta["asked"]
        reason, detail = failure_of(failure.value, failure.request.url)
        if reason == "private_address":
            detail = "a private address, or a name that leads to one; --allow-private fetches it"
        self.found[asked] = Input(url=asked, error=f"{asked}: {detail}", reason=reason)
        yield from self._next(failure.request.meta["site"])


def fetch_all(urls: Sequence[str], settings: Settings, *, allow_private: bool) -> dict[str, Input]:
    """Fetch addresses; the answers by the address asked for. Nothing is stored."""
    from scrapy.crawler import AsyncCrawlerProcess

    settings.setdict(
        {
            "RIVALMAP_ALLOW_PRIVATE": allow_private,
            "ITEM_PIPELINES": {},
            "EXTENSIONS": {"crawlers.extensions.crawl_delay.CrawlDelay": 0},
            "DOWNLOADER_MIDDLEWARES": {
                **settings.getdict("DOWNLOADER_MIDDLEWARES"),
                "crawlers.archive.ArchiveMiddleware": None,
            },
        },
        priority="cmdline",
    )
    found: dict[str, Input] = {}
    process = AsyncCrawlerProcess(settings)
    quieten()
    process.crawl(_FetchSpider, urls=urls, found=found)
    process.start()
    return {url: found.get(url) or Input(url=url, error=f"{url}: no answer") for url in urls}

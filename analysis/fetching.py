"""Fetching a few addresses for ``inspect`` and ``doctor``, with a crawl's manners and safety."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import Settings

from analysis.crawling import quieten
from analysis.inputs import Input
from crawlers.base.answers import failure_of, refusal
from crawlers.document import Document


class _FetchSpider(Spider):
    """Asks for each address once; robots.txt is obeyed."""

    name = "inspect"

    def __init__(self, urls: Sequence[str], found: dict[str, Input], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.urls = urls
        self.found = found

    async def start(self) -> AsyncIterator[Any]:
        """One request an address."""
        for url in self.urls:
            yield Request(
                url, callback=self.received, errback=self.failed, meta={"asked": url},
                dont_filter=True,
            )  # fmt: skip

    def received(self, response: Response) -> None:
        """Keep the answer."""
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

    def failed(self, failure: Any) -> None:
        """Keep the reason."""
        asked = failure.request.meta["asked"]
        reason, detail = failure_of(failure.value, asked)
        if reason == "private_address":
            detail = "a private address, or a name that leads to one; --allow-private fetches it"
        self.found[asked] = Input(url=asked, error=f"{asked}: {detail}", reason=reason)


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

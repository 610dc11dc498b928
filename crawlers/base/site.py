"""The loop over a company's site: a budget of pages, spent on the pages that matter."""

import gzip
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import lxml.etree
from scrapy.utils.sitemap import Sitemap

from crawlers.base.source import Source, source
from crawlers.base.spider import ResearchSpider
from crawlers.document import Document
from crawlers.extract import kind_of_link, read_page
from crawlers.items import Fetch, PageItem, Target
from crawlers.market import Market

SITEMAP_ADDRESSES = 5_000
"""How many addresses of a site's sitemaps are looked at."""
SITEMAP_BYTES = 20_000_000
"""How much of a packed sitemap is unpacked."""
SITEMAPS = 5
"""How many sitemap files of a site are fetched."""


class SiteSpider(ResearchSpider):
    """Reads sites page by page. ``companies(market)`` says whose; the rest is in the base."""

    def companies(self, market: Market) -> Iterable[tuple[str, str, str]]:
        """(id, name, home page) of each company to read."""
        raise NotImplementedError

    def sources(self, market: Market) -> Iterable[Source]:
        """One source per company, with the market's page budget."""
        for id_, name, url in self.companies(market):
            yield source(id_, name, url, budget=market.crawl.pages_per_site)

    def seeds(self, source: Source) -> Iterable[Target]:
        """The home page first, then the sitemap at its usual place."""
        home = self.address(source.url) or source.url
        yield Target(source=source.id, url=home, role="page", priority=1000, meta={"kind": "home"})
        sitemap = self.address(home.split("?")[0].rstrip("/") + "/sitemap.xml")
        if sitemap is not None:
            yield Target(source=source.id, url=sitemap, role="sitemap", priority=900)

    def read(
        self, source: Source, target: Target, document: Document, fetch: Fetch
    ) -> Iterator[Any]:
        """A page's facts and where it leads; a sitemap's addresses."""
        if target.role == "sitemap":
            yield self.done(target, source.offer(self._sitemap(source, target, document)))
            return
        if not document.is_html:
            kind = fetch.content_type or "no media type"
            yield self.failure(source, target, "not_html", f"not a web page but {kind}")
            return
        page = read_page(document)
        source.report.pages += 1
        outlinks = source.offer(self._outlinks(source, target, page.links))
        yield PageItem(target=target, fetch=fetch, page=page, outlinks=outlinks)

    def _outlinks(self, source: Source, target: Target, links: Iterable[Any]) -> Iterator[Target]:
        if target.depth >= self.market.crawl.depth:
            return
        for link in links:
            if source.owns(link.url) and "nofollow" not in link.rel:
                yield from self._target(source, link.url, link.text, target.depth + 1)

    def _sitemap(self, source: Source, target: Target, document: Document) -> Iterator[Target]:
        body = document.body
        if body[:2] == b"\x1f\x8b":
            try:
                body = gzip.GzipFile(fileobj=BytesIO(body)).read(SITEMAP_BYTES)
            except (OSError, EOFError):
                return
        try:
            sitemap = Sitemap(body)
            rows = [row["loc"].strip() for row, _ in zip(sitemap, range(SITEMAP_ADDRESSES))]
        except (lxml.etree.Error, StopIteration, KeyError, AttributeError, ValueError):
            return
        for place, url in enumerate(rows):
            if not source.owns(url):
                continue
            if sitemap.type == "sitemapindex":
                address = self.address(url)
                if address is not None and place < SITEMAPS and target.depth == 0:
                    yield Target(
                        source=source.id, url=address, role="sitemap", depth=1, priority=850
                    )
            else:
                yield from self._target(source, url, "", 1)

    def _target(self, source: Source, url: str, text: str, depth: int) -> Iterator[Target]:
        kind, weight = kind_of_link(url, text)
        address = self.address(url)
        if address is None or weight <= 0:
            return
        yield Target(
            source=source.id, url=address, role="page", depth=depth,
            priority=int(weight * 100) - 5 * depth, meta={"kind": kind or "other"},
        )  # fmt: skip

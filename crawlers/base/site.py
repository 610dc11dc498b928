"""The loop over a company's site: a budget of pages, spent on the pages that matter."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawlers.base.browsing import Browsing
from crawlers.base.site_pages import read_site_page
from crawlers.base.sitemaps import read_feed, read_sitemap
from crawlers.base.source import Source, source
from crawlers.base.spider import ASIDE, ResearchSpider
from crawlers.browser.visit import Drawing
from crawlers.document import Document
from crawlers.extract import kind_of_link
from crawlers.items import DoneItem, Fetch, Page, PageItem, SitemapItem, Target
from crawlers.market import Market
from crawlers.readers import Work
from crawlers.urls import host_of, registrable_domain

logger = logging.getLogger(__name__)

DRAWN = "drawn"
"""Key of a target's meta: the answer is the page as the browser drew it."""
NO_WORDS = "the page says nothing without JavaScript"
SITEMAPS = 5
"""How many sitemap files of a site are fetched."""


class SiteSpider(ResearchSpider):
    """Reads sites page by page. ``companies(market)`` says whose; the rest is in the base.

    A page that says nothing without JavaScript is not stored as the company's words: it is drawn
    in the browser where the market allows it, else counted and told of.
    """

    browsing: Browsing

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Find the browser where the market asks for it; without it the crawl goes on.

        :raises crawlers.market.MarketFileError: where the market file is missing or wrong.
        """
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.browsing = Browsing.for_market(spider.market)
        if spider.browsing.on:
            program = spider.browsing.found.program
            crawler.settings.set("RIVALMAP_BROWSER", program, priority="spider")
        elif spider.browsing.wanted:
            logger.warning("%s", spider.browsing.lack)
        return spider

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

    def last_targets(self, source: Source) -> Iterable[Target]:
        """Pages of earlier crawls that nothing leads to any more: are they gone? Not asked for
        where the site does not answer.
        """
        if not (source.report.pages or source.report.unchanged):
            return
        for url, kind in self.state.known_pages(source.id):
            if source.owns(url):
                meta = {"kind": kind, "known": "1"}
                yield Target(source=source.id, url=url, role="page", depth=1, meta=meta)

    def read(
        self, source: Source, target: Target, document: Document, fetch: Fetch
    ) -> Iterator[Any]:
        """A page's facts and where it leads; a sitemap's addresses."""
        if target.role in ASIDE:
            yield self._sitemap(source, target, document, fetch)
            return
        if not document.is_html:
            kind = fetch.content_type or "no media type"
            yield self.failure(source, target, "not_html", f"not a web page but {kind}")
            return
        work = Work(read_site_page, document, drawn=DRAWN in target.meta)
        yield work
        read = work.result()
        page, shell = read.page, read.shell
        if DRAWN in target.meta:
            self.browsing.drew(source)
            if not read.speaks:
                self.browsing.wordless(source, target)
                yield self.failure(
                    source, target, "says_nothing", "the page says nothing, drawn or not", fetch
                )
                return
        elif shell is not None:
            if self.browsing.draws(source):
                yield self._drawing(source, target, document)
            else:
                self.browsing.wordless(source, target)
                detail = f"{NO_WORDS} ({shell.quote}): {self.browsing.why_not(source)}"
                yield self.failure(source, target, "needs_browser", detail)
            return
        source.report.pages += 1
        outlinks = source.offer(
            [*self._feed(source, target, page), *self._outlinks(source, target, page.links)]
        )
        yield PageItem(target=target, fetch=fetch, page=page, outlinks=outlinks)

    def _drawing(self, source: Source, target: Target, document: Document) -> Request:
        """The request whose answer is the page as the browser draws it."""
        return Request(
            document.url,
            callback=self.callback,
            errback=self.failed,
            meta={
                "target": replace(target, meta={**target.meta, DRAWN: "1"}),
                "known": self.state.known(target.url),
                "source": source.id,
                "download_slot": registrable_domain(host_of(target.url)),
                "drawing": Drawing(
                    url=document.url, body=document.body, headers=document.headers
                ),
            },
        )  # fmt: skip

    def refused(
        self, source: Source, target: Target, reason: str, detail: str, fetch: Fetch | None = None
    ) -> Any:
        """A page that was not had; one that the browser could not draw is counted."""
        if reason == "browser_failed":
            self.browsing.failed(source)
        return super().refused(source, target, reason, detail, fetch)

    def verdict(self, source: Source) -> tuple[str, str] | None:
        """A site that says nothing without JavaScript is not read, though its pages came."""
        return self.browsing.verdict(source)

    def _outlinks(self, source: Source, target: Target, links: Iterable[Any]) -> Iterator[Target]:
        if target.depth >= self.market.crawl.depth:
            return
        for link in links:
            if source.owns(link.url) and "nofollow" not in link.rel:
                yield from self._target(source, link.url, link.text, target.depth + 1)

    def _sitemap(
        self, source: Source, target: Target, document: Document, fetch: Fetch
    ) -> SitemapItem | DoneItem:
        """What a sitemap or feed counts; of a sitemap also the pages, of an index the files, it
        leads to.
        """
        reader = read_feed if target.role == "feed" else read_sitemap
        read = reader(document, owns=source.owns)
        if read is None:
            return self.done(target)
        outlinks: Iterable[Target] = ()
        if read.count.kind == "index" and target.depth == 0:
            outlinks = (
                Target(source=source.id, url=address, role="sitemap", depth=1, priority=850)
                for url in read.addresses[:SITEMAPS]
                if (address := self.address(url)) is not None
            )
        elif read.count.kind == "sitemap":
            outlinks = (
                found for url in read.addresses for found in self._target(source, url, "", 1)
            )
        return SitemapItem(
            target=target, fetch=fetch, count=read.count, outlinks=source.offer(outlinks)
        )

    def _feed(self, source: Source, target: Target, page: Page) -> Iterator[Target]:
        """The feed a site's first page names: it tells how often the site publishes."""
        for feed in page.search.feeds[:1] if page.search and target.depth == 0 else ():
            address = self.address(feed)
            if address is not None and source.owns(address):
                yield Target(source=source.id, url=address, role="feed", depth=1, priority=860)

    def _target(self, source: Source, url: str, text: str, depth: int) -> Iterator[Target]:
        kind, weight = kind_of_link(url, text)
        address = self.address(url)
        if address is None or weight <= 0:
            return
        yield Target(
            source=source.id, url=address, role="page", depth=depth,
            priority=int(weight * 100) - 5 * depth, meta=_meta_of(kind or "other"),
        )  # fmt: skip


@cache
def _meta_of(kind: str) -> Mapping[str, str]:
    """One for all targets of a kind: thousands wait at a time."""
    return {"kind": kind}

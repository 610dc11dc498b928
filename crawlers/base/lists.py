"""The loop over sources of companies, and the quick look at the sites of companies found."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from crawlers.base.queries import queries_for
from crawlers.base.relevance import MarketWords
from crawlers.base.site import SiteSpider
from crawlers.base.source import Source, source
from crawlers.document import Document
from crawlers.extract.listing import read_listing, read_results, refusals_of
from crawlers.items import FailureItem, Fetch, Listing, ListingItem, ListLink, Target
from crawlers.market import Market, SourceEntry
from crawlers.patience import RESTING
from crawlers.readers import Work
from crawlers.urls import host_of, registrable_domain, same_site, site_key

QUICK_LOOKS = 30
"""Companies looked at in one run."""
PAGES_OF_A_LOOK = 3
"""The home page and two more: enough to tell what a company sells and to whom."""
_BUDGETS = {"page": 25, "directory": 40, "search": 40}
"""Pages read of one source: enough for a list of some pages and the entries it leads to."""
_DEEPEST = 3  # steps from a source's address
_QUERY, _LIST, _NEXT, _DETAIL = 900, 600, 400, 300
_PRIORITIES = {"list": _LIST, "next": _NEXT, "detail": _DETAIL}
_REFUSED = 2  # queries a search may refuse before it is left alone
GONE = frozenset({"http_404", "http_410", "not_html", "left_site"})
"""Reasons that are no fault of a source for a link of it, and are one for its own address."""
JSON_OFF = (
    "SearXNG ships with JSON switched off: add json to search.formats in the settings.yml of an "
    "instance of your own (and let its limiter pass this computer), then run again"
)
_LIMITED = (
    "It limits how often a program may ask, as public instances do: run again later, or ask an "
    "instance of your own whose limiter lets this computer pass"
)
_ROBOTS = (
    "its robots.txt closes the search to programs, as SearXNG's own does for every instance. If "
    "the instance is yours, let it serve a robots.txt that allows /search to Rivalmap"
)
_NOTHING = (
    "pages came, and none lists companies in a way that can be read. If it is a list, give the "
    "address of the list itself under [[source]]"
)


class ListSpider(SiteSpider):
    """Reads sources of companies (pages, directories, searches), then looks at those found before.

    A source's pages are targets of the roles ``list`` and ``search``; the pages of a look are
    those of any company's site. Of a directory only those lists are followed whose names speak of
    what the market sells; of a search's results those that are lists themselves.
    """

    def sources(self, market: Market) -> Iterable[Source]:
        """One source per list of the market, then one per company to look at."""
        self.lists: dict[str, SourceEntry] = {}
        self.seen: Counter[str] = Counter()
        self.words = MarketWords(market)
        for entry in market.lists:
            self.lists[entry.key] = entry
            place = source(
                entry.key, entry.name or entry.key, entry.url, budget=_BUDGETS[entry.kind]
            )
            place.report.origin = "catalogue" if entry.key in market.joined else "file"
            yield place
        own = {site_key(entry.url) for entry in self.lists.values()}
        for id_, name, site in self.companies(market):
            if id_ not in self.lists and site_key(site) not in own:
                place = source(id_, name, site, budget=PAGES_OF_A_LOOK)
                place.report.origin = "candidate"
                yield place

    def seeds(self, source: Source) -> Iterable[Target]:
        """A list's address; a search's queries; a company's home page."""
        entry = self.lists.get(source.id)
        if entry is None:
            yield next(iter(super().seeds(source)))  # no sitemap: three pages are told by the home
        elif entry.kind == "search":
            for query in queries_for(self.market, entry):
                url = self.address(search_url(entry.url, query.text, query.language))
                if url is not None:
                    yield Target(
                        source=source.id, url=url, role="search", priority=_QUERY,
                        meta={"kind": "query", "query": query.text},
                    )  # fmt: skip
        else:
            url = self.address(entry.url) or entry.url
            yield Target(
                source=source.id, url=url, role="list", priority=1000, meta={"kind": "list"}
            )

    def last_targets(self, source: Source) -> Iterable[Target]:
        """Pages of earlier looks; nothing of a list."""
        return () if source.id in self.lists else super().last_targets(source)

    def read(
        self, source: Source, target: Target, document: Document, fetch: Fetch
    ) -> Iterator[Any]:
        """A source's companies and where it leads; a company's page as on any crawl of its site."""
        if source.id not in self.lists:
            yield from super().read(source, target, document, fetch)
            return
        listing: Listing | None = None
        if target.role == "search":
            listing = read_results(document)
        elif document.is_html:
            work = Work(read_listing, document)
            yield work
            listing = work.result()
        if listing is None:
            kind = fetch.content_type or "no media type"
            if target.role == "search":
                source.closed = not document.is_json or self._is_enough(source)
                yield self.failure(source, target, "no_json", no_results(document), fetch)
            else:
                yield self.failure(source, target, "not_html", f"not a web page but {kind}")
            return
        source.report.pages += 1
        self.seen[source.id] += len(listing.companies) + len(listing.pages) * (
            target.role == "search"
        )
        if target.role == "search" and not listing.companies and not source.report.detail:
            source.report.detail = ", ".join(refusals_of(document))
        outlinks = source.offer(self._onward(source, target, listing))
        yield ListingItem(target=target, fetch=fetch, listing=listing, outlinks=outlinks)

    def followed(self, source: Source, target: Target, link: Target) -> Target | None:
        """Lists that a search leads to lie on other sites."""
        if target.role == "search" and source.id in self.lists:
            source.domains.add(registrable_domain(host_of(link.url)))
        return super().followed(source, target, link)

    def refused(
        self, source: Source, target: Target, reason: str, detail: str, fetch: Fetch | None = None
    ) -> Any:
        """A query that was turned away: how to mend it; after a few the search is left alone."""
        if target.role == "search":
            if reason == "http_403":  # SearXNG's answer where a form is switched off
                detail = f"{detail}. {JSON_OFF}"
            elif reason == "robots":
                detail = _ROBOTS
            source.closed = source.closed or self._is_enough(source)
        return super().refused(source, target, reason, detail, fetch)

    @staticmethod
    def _is_enough(source: Source) -> bool:
        """Whether a search, with the answer just had, has refused so often that it is left."""
        return sum(source.report.reasons.values()) + 1 >= _REFUSED and not source.report.pages

    def failure(
        self, source: Source, target: Target, reason: str, detail: str, fetch: Fetch | None = None
    ) -> FailureItem:
        """A dead link is no fault of a source; that its own address is dead is one."""
        if target.role == "search" and reason == RESTING:
            detail = f"{detail}. {_LIMITED}"
        own = target.role == "search" or target.url in (source.url, self.address(source.url))
        source.report.failures += own and reason in GONE
        return super().failure(source, target, reason, detail, fetch)

    def verdict(self, source: Source) -> tuple[str, str] | None:
        """A source whose pages name no company is of no use, and its reader should know."""
        entry = self.lists.get(source.id)
        if entry is None:
            return super().verdict(source)
        if self.seen[source.id] or source.report.unchanged or not source.report.pages:
            return None
        if entry.kind == "search":
            told = f" Its engines said: {source.report.detail}." if source.report.detail else ""
            return "empty", f"{source.url}: no query found anything.{told}"
        return "empty", f"{source.url}: {_NOTHING}"

    def _onward(self, source: Source, target: Target, listing: Listing) -> Iterator[Target]:
        if target.depth >= _DEEPEST:
            return
        kind = self.lists[source.id].kind
        for link in listing.pages:
            bonus = self._worth(kind, target, link)
            url = self.address(link.url)
            if bonus is None or url is None:
                continue
            if target.role == "search":
                source.domains.add(registrable_domain(host_of(url)))
            elif not same_site(url, listing.url):
                continue
            yield Target(
                source=source.id, url=url, role="list", depth=target.depth + 1,
                priority=_PRIORITIES[link.kind] + bonus, meta={"kind": link.kind},
            )  # fmt: skip

    def _worth(self, kind: str, target: Target, link: ListLink) -> int | None:
        """What makes a link of a list worth more than others of its kind; ``None``: not followed.

        A search's results stand in its order and are about what was asked for. Of a found list
        only its entries are read, of a page's lists none: it was named alone.
        """
        if target.role == "search":
            return min(99, 10 * round(self.words.score(link.text)))
        if link.kind != "list":
            return 0 if link.kind == "detail" or kind != "search" else None
        score = self.words.score(f"{link.text} {urlsplit(link.url).path.replace('-', ' ')}")
        return min(99, 10 * round(score)) if kind == "directory" and score >= 1 else None


def no_results(document: Document) -> str:
    """Why a search's answer holds no results, in words, and how to mend it."""
    if not document.is_json:
        kind = document.content_type or "no media type"
        return f"answered with {kind} in place of JSON. {JSON_OFF}"
    try:
        _ = document.json
    except (ValueError, RecursionError):
        return "its JSON is broken and cannot be read; a later run asks again"
    return (
        'its JSON has no list "results", so it does not answer as SearXNG does: check that the '
        "address is that of a SearXNG-compatible search"
    )


def search_url(url: str, query: str, language: str) -> str:
    """Where a SearXNG instance answers a query in JSON.

    :param url: the instance's address, or that of its search.
    :param language: a code, or ``"all"``.
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if not path.endswith("/search"):
        path += "/search"
    asked = urlencode({"q": query, "format": "json", "language": language, "pageno": 1})
    return urlunsplit((parts.scheme, parts.netloc, path, asked, ""))

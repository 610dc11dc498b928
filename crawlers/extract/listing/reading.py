"""A page of a source in, the companies it lists and where the list goes on out. Pure.

What is seen on a page depends on how it is built, not on whose it is: links to companies' own
sites (cards, rows, items, sections), links to the site's own pages about companies, headings that
count, tables, "X vs Y", structured data. Footers, navigation, networks, stores, adverts and the
site's own pages are no companies.
"""

from collections.abc import Iterable

from crawlers.document import Document
from crawlers.extract.listing.details import entry_page, list_links, own_pages
from crawlers.extract.listing.entries import linked_companies
from crawlers.extract.listing.headings import named_companies
from crawlers.extract.listing.page import ListPage, list_page
from crawlers.extract.listing.sites import alnum
from crawlers.extract.listing.structured import told_companies
from crawlers.items import Listed, Listing, ListLink
from crawlers.urls import site_key

_LIST = 4
"""So many companies make a page's list; the title's promise is kept."""
_MOST = 300
"""Companies kept of one page."""


def read_listing(document: Document) -> Listing:
    """Read a page for the companies it lists.

    :param document: an HTML page; anything else gives a listing without companies.
    :returns: companies in the page's order, each once, with the site where the page leads to it;
        ``pages``: where the list goes on, its next pages first.
    """
    if not document.is_html:
        return Listing(url=document.url)
    page = list_page(document)
    found: list[tuple[int, Listed]] = []
    links: dict[str, ListLink] = {}
    about = entry_page(page)
    if about is not None:
        found.append((0, about))
    else:
        found += linked_companies(page)
    named = list(named_companies(page))
    sure = max(len(found), sum(place > 0 for place, _ in named)) >= _LIST
    for holder, listed, link in own_pages(page, sure=sure):
        found.append((holder, listed))
        links.setdefault(link.url, link)
    found += named
    last = len(page.outline.ends)
    for listed, told in told_companies(page, document):
        found.append((last, listed))
        if told is not None:
            links.setdefault(told.url, told)
    companies = _each_once(page, found)
    sited = {alnum(one.name) for one in companies if one.site is not None}
    details = [link for link in links.values() if alnum(link.text) not in sited]
    return Listing(
        url=document.url,
        title=page.title,
        companies=companies,
        pages=_ordered([*list_links(page, set(links)), *details]),
    )


def _each_once(page: ListPage, found: Iterable[tuple[int, Listed]]) -> tuple[Listed, ...]:
    """Companies in order, those of one name or one site joined; the site's own name left out."""
    own = {alnum(page.head.site_name)} - {""}
    label = site_key(page.url).partition(".")[0]
    own.add(alnum(label))
    by_name: dict[str, tuple[int, Listed]] = {}
    names: dict[str, str] = {}  # site -> key of the name it was given
    for place, one in found:
        key = alnum(one.name)
        if not key or key in own:
            continue
        site = site_key(one.site) if one.site else None
        if site is not None:
            key = names.setdefault(site, key)
        known = by_name.get(key)
        if known is None:
            by_name[key] = (place, one)
        elif known[1].site is None and one.site is not None:
            by_name[key] = (min(known[0], place) or place, one)
    ordered = sorted(by_name.values(), key=lambda pair: pair[0])
    return tuple(one for _, one in ordered[:_MOST])


def _ordered(links: list[ListLink]) -> tuple[ListLink, ...]:
    order = {"next": 0, "detail": 1, "list": 2}
    return tuple(sorted(links, key=lambda link: order[link.kind]))

"""Companies that a site keeps a page of its own for: cards that lead to it, and that page. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from crawlers.extract.addresses import absolute_to
from crawlers.extract.listing.entries import Entry, card_around, entries_of, leads_of
from crawlers.extract.listing.names import is_call, is_list_title, looks_proper, name_in, spells
from crawlers.extract.listing.page import HEADINGS, ListPage
from crawlers.extract.listing.sites import Lead
from crawlers.extract.listing.words import plain, words
from crawlers.extract.outline import Anchor
from crawlers.extract.phones import phone_in
from crawlers.extract.search.keywords import in_articles
from crawlers.items import Listed, ListLink
from crawlers.urls import host_of, registrable_domain

_LEAST = 3
_MOST_DETAILS = 100
_MOST_LISTS = 150
_MOST_NEXT = 3
_CARD_WORDS = 20  # characters of a card beside its link: a description, a rating
_TITLE_LENGTH = 60
_PAGE_NUMBER = re.compile(r"(?:[?&](?:page|p|pg|trang|pageno)=|/(?:page|trang)[/-]?)(\d{1,4})\b")


def own_pages(page: ListPage, *, sure: bool) -> Iterator[tuple[int, Listed, ListLink]]:
    """The companies to which the page gives a card or row that leads to a page of the same site.

    Links alike in address make a group of cards, which say more than the link. It counts where its
    address says so (``/software/x``), where the cards show telephone numbers, or where the page is
    plainly a list by its title.

    :param sure: the title alone is not enough: the page's list was found elsewhere on it.
    """
    groups: dict[tuple[str, ...], list[Anchor]] = defaultdict(list)
    for anchor in page.anchors:
        pattern = _pattern(page, anchor.url or "")
        if pattern is not None:
            groups[pattern].append(anchor)
    leads = leads_of(page)
    for pattern, anchors in groups.items():
        by_url: dict[str, list[Anchor]] = defaultdict(list)
        for anchor in anchors:
            by_url[(anchor.url or "").partition("#")[0]].append(anchor)
        if len(by_url) < _LEAST:
            continue
        known = (page.plainly and not sure) or not words().entry_paths.isdisjoint(pattern)
        cards = list(_cards_of(page, by_url))
        if not known and not _are_addresses(cards):
            continue
        told = sum(len(quote) > len(name) + _CARD_WORDS for _, name, quote, _ in cards)
        proper = sum(looks_proper(name) for _, name, _, _ in cards)
        if len(cards) < _LEAST or 2 * proper < len(cards):
            continue
        if 2 * told >= len(cards):
            for card, name, quote, url in cards[:_MOST_DETAILS]:
                site = _site_in(page, card, leads)
                listed = Listed(name=name, site=site, quote=quote, rule="listing/own_page")
                yield card, listed, ListLink(url=url, text=name, kind="detail")


def _site_in(page: ListPage, card: int, leads: Sequence[tuple[Anchor, Lead]]) -> str | None:
    """The one other site that a card leads to."""
    start = bisect_left(leads, card, key=lambda pair: pair[0].holder)
    end = bisect_right(leads, page.outline.ends[card], key=lambda pair: pair[0].holder)
    homes = {lead.key: lead.home for _, lead in leads[start:end]}
    return next(iter(homes.values())) if len(homes) == 1 else None


def _are_addresses(cards: list[tuple[int, str, str, str]]) -> bool:
    """Whether most cards show a telephone number, as those of a list of businesses do."""
    shown = sum(phone_in(quote) is not None for _, _, quote, _ in cards)
    return len(cards) > _LEAST and 2 * shown >= len(cards)


def _pattern(page: ListPage, url: str) -> tuple[str, ...] | None:
    """What the addresses of a site's entries have in common: the parts before the last."""
    if registrable_domain(host_of(url)) != registrable_domain(host_of(page.url)):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = [part.lower() for part in parts.path.split("/") if part]
    if not path or parts.query or not words().other_paths.isdisjoint(path):
        return None
    if not words().list_paths.isdisjoint(path):
        return None
    if len(path) > 1 and path[-1] in words().entry_paths:  # /company/x/reviews
        path = [*path[:-2], path[-1]]
    else:
        path = path[:-1]
    return (host_of(url), *path)


def _cards_of(
    page: ListPage, by_url: dict[str, list[Anchor]]
) -> Iterator[tuple[int, str, str, str]]:
    """(element, name, quote, address) of each card of a group whose name shows."""
    flat = sorted(((anchor.holder, url) for url, anchors in by_url.items() for anchor in anchors))
    holders = [holder for holder, _ in flat]
    done: set[str] = set()
    for at, (holder, url) in enumerate(flat):
        if url in done:
            continue
        done.add(url)
        last = at
        while last + 1 < len(flat) and flat[last + 1][1] == url:
            last += 1
        card = card_around(page, holder, holders, at, last)
        numbers = page.within(card)
        name = _card_name(page, numbers, by_url[url])
        if name is not None:
            yield card, name, page.text_of(numbers) or name, url


def _card_name(page: ListPage, numbers: range, anchors: list[Anchor]) -> str | None:
    for number in numbers:
        if page.blocks[number].tag in HEADINGS and (name := name_in(page.blocks[number].text)):
            return name
    for anchor in anchors:
        if not is_call(anchor.text) and (name := name_in(anchor.text)):
            return name
    return None


def entry_page(page: ListPage) -> Listed | None:
    """The company that the page is about, where it is an entry of a directory: its heading names
    it, and one link alone says that it leads to the company's own site, or the domain spells it.
    """
    if not page.heading:
        return None
    leads = leads_of(page)
    entries = entries_of(page, leads)
    spelled = [
        entry for entry in entries
        if (name := name_in(page.heading, entry.lead.label)) and spells(name, entry.lead.label)
    ]  # fmt: skip
    visited = [entry for entry in entries if entry.visits]
    chosen: Entry | None = None
    if len(spelled) == 1:
        chosen = spelled[0]
    elif len(visited) == 1 and not page.listed:
        chosen = visited[0]
    name = name_in(page.heading, chosen.lead.label) if chosen else None
    if chosen is None or name is None:
        return None
    quote = " · ".join(part for part in (page.heading, page.head.description[:200]) if part)
    return Listed(name=name, site=chosen.lead.home, quote=quote, rule="listing/entry_page")


def list_links(page: ListPage, taken: set[str]) -> Iterator[ListLink]:
    """Where the list goes on: next pages, then links of the site that may lead to other lists.

    :param taken: addresses already told of.
    """
    seen = {page.url, *taken}
    for rel, href, _ in page.outline.rels:
        if "next" in rel.split() and href:
            yield from _next(page, href, seen)
    here = _number(page.url)
    found = 0
    for anchor in page.outline.anchors:
        url = anchor.url
        if url is None or url in seen or not _own(page, url):
            continue
        text = plain(anchor.text)
        number = _number(url)
        onward = "next" in anchor.rel.split() or text in words().next
        if (onward or (number == here + 1 and text.isdigit())) and found < _MOST_NEXT:
            found += 1
            seen.add(url)
            yield ListLink(url=url, text=anchor.text, kind="next")
    yield from _lists(page, seen)


def _lists(page: ListPage, seen: set[str]) -> Iterator[ListLink]:
    count = 0
    for anchor in page.outline.anchors:
        url = anchor.url
        if url is None or anchor.place == "footer" or not _own(page, url):
            continue
        url = url.partition("#")[0]
        if url in seen or not 2 <= len(anchor.text) <= _TITLE_LENGTH or is_call(anchor.text):
            continue
        path = [part.lower() for part in urlsplit(url).path.split("/") if part]
        if not path or not words().other_paths.isdisjoint(path) or _number(url) > 1:
            continue
        if in_articles(path) and not is_list_title(anchor.text):
            continue
        seen.add(url)
        count += 1
        if count > _MOST_LISTS:
            return
        yield ListLink(url=url, text=anchor.text, kind="list")


def _next(page: ListPage, href: str, seen: set[str]) -> Iterator[ListLink]:
    url = absolute_to(page.outline.base, href)
    if url is not None and url not in seen and _own(page, url):
        seen.add(url)
        yield ListLink(url=url, text="", kind="next")


def _number(url: str) -> int:
    match = _PAGE_NUMBER.search(url)
    return int(match[1]) if match else 1


def _own(page: ListPage, url: str) -> bool:
    return registrable_domain(host_of(url)) == registrable_domain(host_of(page.url))

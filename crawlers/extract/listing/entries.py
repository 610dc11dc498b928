"""Companies that a page's links lead to: cards, rows, items, sections, one company each. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from crawlers.extract.listing.names import is_call, is_name, is_visit, name_in, number_of, spells
from crawlers.extract.listing.page import HEADINGS, ListPage
from crawlers.extract.listing.sites import Lead, bare_domain, lead_of
from crawlers.extract.outline import Anchor
from crawlers.items import Listed

_LEAST = 3
"""Entries from which links to other sites make a page a list, whatever its title."""
_ENTRY_TAGS = frozenset({"li", "td", "th", "dt", "dd", "summary", "figcaption"}) | HEADINGS
_LONG_CARD = 12  # blocks
_SHORT_BLOCK = 80  # characters
_HIGHEST = 40  # elements climbed from a link


@dataclass(slots=True)
class Entry:
    """A company's site as a page leads to it: its links, the element that holds it alone."""

    lead: Lead
    anchors: list[Anchor]
    card: int

    @property
    def holder(self) -> int:
        """Where it stands on the page."""
        return self.anchors[0].holder

    @property
    def visits(self) -> bool:
        """Whether a link says that it leads to the company's own site."""
        return any(is_visit(anchor.text) for anchor in self.anchors)


def linked_companies(page: ListPage) -> list[tuple[int, Listed]]:
    """The companies whose own sites the page links to, with the place each stands at.

    A page lists companies where its title says so, or where :data:`_LEAST` entries or more lead to
    as many sites. Links amid running prose are no entries.
    """
    leads = leads_of(page)
    reader = _Reader(page, leads)
    found = [
        (entry.holder, listed)
        for entry in entries_of(page, leads)
        if (listed := reader.listed(entry)) is not None
    ]
    return found if page.listed or len(found) >= _LEAST else []


def leads_of(page: ListPage) -> list[tuple[Anchor, Lead]]:
    """The links to other sites that may be companies', in the order they stand in."""
    leads: list[tuple[Anchor, Lead]] = []
    for anchor in page.anchors:
        lead = lead_of(anchor.url or "", page.url)
        if lead is not None and (
            not lead.deep or is_call(anchor.text) or spells(anchor.text[:60], lead.label)
        ):
            leads.append((anchor, lead))
    leads.sort(key=lambda pair: pair[0].holder)
    return leads


def entries_of(page: ListPage, leads: list[tuple[Anchor, Lead]]) -> list[Entry]:
    """Every other site the page leads to, first link first, with the card it stands in."""
    by_key: dict[str, Entry] = {}
    for (anchor, lead), card in zip(leads, _cards(page, leads), strict=True):
        entry = by_key.get(lead.key)
        if entry is None:
            by_key[lead.key] = Entry(lead, [anchor], card)
        elif page.outline.ends[entry.card] >= anchor.holder >= entry.card:
            entry.anchors.append(anchor)
    return list(by_key.values())


def _cards(page: ListPage, leads: list[tuple[Anchor, Lead]]) -> list[int]:
    """For each link the largest element that leads to no other company and is no longer than a
    card.
    """
    holders = [anchor.holder for anchor, _ in leads]
    first, last = _runs([lead.key for _, lead in leads])
    return [
        card_around(page, holder, holders, first[at], last[at]) for at, holder in enumerate(holders)
    ]


def card_around(page: ListPage, holder: int, holders: list[int], first: int, last: int) -> int:
    """The largest card around a holder that holds no other entry.

    :param holders: of all entries' links, in order; those from ``first`` to ``last`` are its own.
    """
    outline, card = page.outline, holder
    for _ in range(_HIGHEST):
        above = outline.above[card]
        if above == card or outline.kinds[above] in ("body", "html", "main"):
            break
        low, high = bisect_left(holders, above), bisect_right(holders, outline.ends[above]) - 1
        if low < first or high > last or not page.is_card(page.within(above)):
            break
        card = above
    return card


def _runs(keys: list[str]) -> tuple[list[int], list[int]]:
    """For each place the first and the last of the run of equal keys around it."""
    first, last = list(range(len(keys))), list(range(len(keys)))
    for at in range(1, len(keys)):
        if keys[at] == keys[at - 1]:
            first[at] = first[at - 1]
    for at in range(len(keys) - 2, -1, -1):
        if keys[at] == keys[at + 1]:
            last[at] = last[at + 1]
    return first, last


class _Reader:
    """Reads entries of one page."""

    def __init__(self, page: ListPage, leads: list[tuple[Anchor, Lead]]) -> None:
        self.page = page
        self.holders = [anchor.holder for anchor, _ in leads]
        self.keys = [lead.key for _, lead in leads]

    def listed(self, entry: Entry) -> Listed | None:
        """An entry as a company, where its name shows and it stands as entries do."""
        label = entry.lead.label
        numbers = self.page.within(entry.card)
        around = self.page.block_around(entry.holder)
        if around is not None and around in numbers and len(numbers) > _LONG_CARD:
            quote = self.page.text_of(range(around, min(numbers.stop, around + 3)))
        else:
            quote = self.page.text_of(numbers) or entry.anchors[0].text
        options = list(self.names(entry, numbers))
        best = next((one for one in options if spells(one[0], label)), None)
        if best is None and options:
            best = options[0]
        if best is None and entry.visits and not entry.lead.deep and self.as_entry(entry):
            name = entry.lead.key.partition(".")[0]
            best = (name, "listing/domain", "") if is_name(name) else None
        if best is None:
            return None
        name, rule, where = best
        return Listed(name=name, site=entry.lead.home, quote=where or quote, rule=rule)

    def names(self, entry: Entry, numbers: range) -> Iterator[tuple[str, str, str]]:
        """What the entry may be called, surest first: (name, rule, quote or "")."""
        page, label = self.page, entry.lead.label
        heads = [n for n in numbers if page.blocks[n].tag in HEADINGS]
        heads = [n for n in heads if page.blocks[n].tag != "h1"]
        for number in heads[:2]:
            if name := name_in(page.blocks[number].text, label):
                yield name, "listing/card", page.text_of(range(number, numbers.stop))
        as_entry = self.as_entry(entry)
        if not heads:
            yield from self.of_section(entry)
        for anchor in entry.anchors:
            if is_call(anchor.text) or not as_entry:
                continue
            if bare_domain(anchor.text) is None and (name := name_in(anchor.text, label)):
                yield name, "listing/link", self.words_from(anchor, numbers)
        if as_entry and len(numbers) > 1:
            for number in list(numbers)[:3]:
                text = page.blocks[number].text
                if len(text) <= _SHORT_BLOCK and (name := name_in(text, label)):
                    yield name, "listing/card", page.text_of(range(number, numbers.stop))

    def words_from(self, anchor: Anchor, numbers: range) -> str:
        """The words of a card from a link on: a card may begin with an entry that has no link."""
        around = self.page.block_around(anchor.holder)
        if around is None or around not in numbers:
            return ""
        return self.page.text_of(range(around, numbers.stop))

    def of_section(self, entry: Entry) -> Iterator[tuple[str, str, str]]:
        """The heading above, where it speaks of this company: it is numbered, or spells its
        domain, or the link says that it leads to the company's own site.
        """
        page = self.page
        around = page.block_around(entry.holder)
        above = page.heading_before(around) if around is not None else None
        if above is None:
            return
        text = page.blocks[above].text
        name = name_in(text, entry.lead.label)
        sure = name is not None and spells(name, entry.lead.label)
        if name is None or not (sure or ((number_of(text) or page.listed) and entry.visits)):
            return
        section = page.section_of(above)
        if sure or len(self.keys_in(section)) == 1:
            yield name, "listing/heading", page.text_of(section)

    def keys_in(self, section: range) -> set[str]:
        """The sites that a run of blocks leads to."""
        holders = self.page.holders
        start = bisect_left(self.holders, holders[section.start])
        stop = len(self.holders)
        if section.stop < len(holders):
            stop = bisect_left(self.holders, holders[section.stop])
        return set(self.keys[start:stop])

    def as_entry(self, entry: Entry) -> bool:
        """Whether a link stands as an entry of a list does, not amid prose."""
        page = self.page
        for anchor in entry.anchors:
            number = page.block_around(anchor.holder)
            if number is None or not anchor.text:
                return True  # a picture
            block = page.blocks[number]
            if block.tag in _ENTRY_TAGS or 2 * block.linked >= len(block.text):
                return True
            start = block.text[: len(anchor.text) + 8]
            if anchor.text and anchor.text in start and (page.listed or len(block.text) < 200):
                return True
            if is_visit(anchor.text) and len(block.text) < 300:
                return True
        return False

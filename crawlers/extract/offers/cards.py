"""Many offers on one page: plans of a pricing table, rows of a price list, cards of a shop.

An offer is called what stands in its own row, column, card or item. What a card is, the page's
structure tells: the smallest element around a price that has siblings like it, each with a price
and a name. In flat markup (heading, price, heading, price) the headings between the prices name
them. The page's own title names an offer only where it is the page's single one.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from crawlers.extract.marks import GROUP_BITS
from crawlers.extract.offers.deals import NO_DEAL, Deal, deal_of, offer_of
from crawlers.extract.offers.mentions import Mention, is_label, is_name, mentions_of, with_terms_of
from crawlers.extract.offers.names import HEADINGS, PRICE, SHOPS, TITLE, Names, carries
from crawlers.extract.offers.spots import Spots
from crawlers.extract.offers.tables import named_in_tables, offer_named
from crawlers.extract.outline import Block, Outline
from crawlers.extract.prices.reading import Hints, Price, read_price
from crawlers.items import Offer
from crawlers.words import PageKind

_RELATED = GROUP_BITS["related"]
SILENT = frozenset({
    "article", "documentation", "legal", "careers", "about", "contact", "forum_board",
    "forum_topic",
})  # fmt: skip
_MOST = 80
_MOST_BLOCKS = 4_000
_NEAR = 12  # blocks: within a card
_LONGEST_CARD = 60  # blocks between the two ends of a card


def cards_of(outline: Outline, spots: Spots, hints: Hints, kind: PageKind) -> list[Offer]:
    """Every offer that the page's tables, cards, lists and lines show, in the page's order.

    :param kind: pages that tell of money without selling (articles, terms, jobs) give nothing;
        a sentence gives an offer on pages that sell, and only where nothing else does.
    """
    if kind in SILENT:
        return []
    table = "table" in outline.kinds  # its head may say the currency, its cells bare numbers
    if not (spots.money or spots.words or table):
        return []
    numbers = _readable(outline)
    blocks = [outline.blocks[number] for number in numbers]
    mentions = mentions_of(blocks, numbers, spots, hints)
    if not (mentions or table):
        return []
    if any(not blocks[m.at].hidden for m in mentions if m.form != "word"):
        mentions = [m for m in mentions if not blocks[m.at].hidden]
    names = Names(blocks=blocks, kind=kind, at_mention={m.at: m for m in reversed(mentions)})
    cues, sold = set(spots.promotions), set(spots.sold)
    return _Reading(
        outline=outline,
        blocks=blocks,
        mentions=mentions,
        kind=kind,
        hints=hints,
        names=names,
        promotions=frozenset(at for at, number in enumerate(numbers) if number in cues),
        sales=frozenset(at for at, number in enumerate(numbers) if number in sold),
    ).offers()[:_MOST]


def _readable(outline: Outline) -> list[int]:
    """The numbers of the blocks of the body, and of headers and footers that are parts of
    repeated cards.
    """
    regions: dict[int, tuple[int, int]] = {}
    for block in outline.blocks:
        if block.region and block.place != "body":
            depth, size = regions.get(block.region, (block.depth, 0))
            regions[block.region] = (min(depth, block.depth), size + len(block.text))
    alike = Counter(depth for depth, size in regions.values() if size < 300)
    parts = {r for r, (depth, size) in regions.items() if size < 300 and alike[depth] > 2}
    return [
        number
        for number, block in enumerate(outline.blocks)
        if block.place == "body" or (parts and block.region in parts)
    ][:_MOST_BLOCKS]


_Flat = tuple[list[list[Mention]], list[list[int]], tuple[int, str]]


@dataclass(slots=True, kw_only=True)
class _Reading:
    outline: Outline
    blocks: list[Block]
    mentions: list[Mention]
    kind: PageKind
    hints: Hints
    names: Names
    promotions: frozenset[int]
    sales: frozenset[int]
    groups: dict[int, dict[int, list[Mention]]] = field(default_factory=dict)
    found: dict[tuple[int, int], Offer] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)  # blocks whose name is given
    covered: list[range] = field(default_factory=list)  # cards read
    repeaters: dict[int, dict[int, int]] = field(default_factory=dict)  # holder, card, name

    order: dict[int, int] = field(default_factory=dict)  # of mentions, by identity
    spans: dict[int, range] = field(default_factory=dict)
    good: dict[int, list[int]] = field(default_factory=dict)
    flats: dict[int, _Flat | None] = field(default_factory=dict)

    def offers(self) -> list[Offer]:
        named, decided = named_in_tables(self.outline, self.blocks, self.mentions, self.hints)
        for number, cell in enumerate(named):
            self.found[cell.mention.at, number] = offer_named(cell)
        self.order = {id(mention): number for number, mention in enumerate(self.mentions)}
        rest = [m for m in self.mentions if m.at not in decided]
        carriers = [m for m in rest if carries(m, self.blocks[m.at])]
        for mention in carriers:
            self._group(mention)
        alone = [m for m in carriers if not self._in_structure(m)]
        for mention in alone:
            self._lone(mention)
        self._siblings()
        self._named([m for m in rest if m.form == "named" and not m.old])
        if not self.found:
            self._prose([m for m in rest if m.told and m.form in ("prose", "bare") and not m.old])
        return [self.found[at] for at in sorted(self.found)]

    def _group(self, mention: Mention) -> None:
        """Note the mention with every element around it, and the child of that it stands in, as
        far as the child can be a card.
        """
        groups = self.groups
        for holder, child in self._steps(mention):
            cards = groups.get(holder)
            if cards is None:
                groups[holder] = {child: [mention]}
            elif child in cards:
                cards[child].append(mention)
            else:
                cards[child] = [mention]

    def _steps(self, mention: Mention) -> Iterator[tuple[int, int]]:
        above, spans = self.outline.above, self.spans
        child = self.blocks[mention.at].holder
        while child and len(spans.get(child) or self._span(child, mention.at)) <= _LONGEST_CARD:
            holder = above[child]
            yield holder, child
            child = holder

    def _span(self, holder: int, at: int) -> range:
        """The blocks inside a holder, of which ``at`` is one; cut where too long for a card."""
        if holder in self.spans:
            return self.spans[holder]
        blocks, last = self.blocks, self.outline.ends[holder]
        start = end = at
        floor, limit = max(0, at - _LONGEST_CARD), min(len(blocks) - 1, at + _LONGEST_CARD)
        while start > floor and holder <= blocks[start - 1].holder <= last:
            start -= 1
        while end < limit and holder <= blocks[end + 1].holder <= last:
            end += 1
        self.spans[holder] = range(start, end + 1)
        return self.spans[holder]

    def _in_structure(self, mention: Mention) -> bool:
        """Read the mention as the price of a card or of a flat row; whether it is in one."""
        for holder, child in self._steps(mention):
            cards = self.groups[holder]
            if len(cards) < 2:
                continue
            span = self._span(child, mention.at)
            if self.names.within(span):
                good = self._good(holder)
                if child in good and len(good) > 1 and self._priced(cards, good):
                    self._card(holder, child, span, cards[child])
                    return True
            elif self._flat(holder, mention):
                return True
        return False

    def _good(self, holder: int) -> list[int]:
        """The children of a holder that are cards."""
        if holder not in self.good:
            cards = self.groups[holder]
            self.good[holder] = [c for c, inside in cards.items() if self._is_card(c, inside[0].at)]
        return self.good[holder]

    def _is_card(self, child: int, at: int) -> bool:
        span = self._span(child, at)
        return len(span) <= _LONGEST_CARD and bool(self.names.within(span))

    def _priced(self, cards: dict[int, list[Mention]], good: list[int]) -> bool:
        """Free and ask-us plans count beside plans with a price, or where marked as prices."""
        inside = [m for card in good for m in cards[card]]
        if any(m.form != "word" for m in inside):
            return True
        return self.kind == "pricing" and all(self.blocks[m.at].near & PRICE for m in inside)

    def _card(self, holder: int, child: int, span: range, inside: list[Mention]) -> None:
        if span in self.covered:
            return
        self.covered.append(span)
        mention = self._price_of(inside)
        if mention is None:
            return
        names = self.names
        name_at = max(names.within(span), key=lambda at: names.fitness(at, mention.at, span))
        self.repeaters.setdefault(holder, {})[child] = name_at
        deal = deal_of(mention, inside, span, self.blocks, self.promotions, self.sales, self.hints)
        self._add(mention, name_at, deal)

    def _price_of(self, inside: list[Mention]) -> Mention | None:
        """The price now asked, of those in one card: numbers before words, old ones left out."""
        current = [m for m in inside if not m.old and m.form != "word"]
        current = current or [m for m in inside if not m.old]
        # A card whose only price is a "regular" one is not on sale.
        current = current or [m for m in inside if m.form != "word"]
        if not current:
            return None
        first = current[0]
        if self.kind == "collection" and len(current) > 1:
            second = current[1]
            low, high = second.price.amount, first.price.amount
            if low and high and high / 10 < low < high and second.at - first.at < 3:
                return second  # shops set the old price before the new one
        return first

    def _flat(self, holder: int, mention: Mention) -> bool:
        """Name a price by the headings between the prices of one element's children."""
        if holder not in self.flats:
            self.flats[holder] = self._flat_names(holder, mention)
        flat = self.flats[holder]
        if flat is None:
            return False
        cards, gaps, mark = flat
        mine = next((i for i, inside in enumerate(cards) if mention in inside), None)
        if mine is None:
            return False
        names = [at for at in gaps[mine] if self.names.mark(at) == mark]
        if names and mention is self._price_of(cards[mine]):
            self._add(mention, names[-1])
        return True

    def _flat_names(self, holder: int, mention: Mention) -> _Flat | None:
        """The prices of a holder in order, what may name each, and the mark of those that do."""
        cards = sorted(self.groups[holder].values(), key=lambda inside: inside[0].at)
        span = self._span(holder, mention.at)
        gaps: list[list[int]] = []
        floor = span.start
        for inside in cards:
            gaps.append(self.names.within(range(floor, inside[0].at)))
            floor = inside[-1].at + 1
        counts = Counter(mark for gap in gaps for mark in {self.names.mark(at) for at in gap})
        titled = {mark: n for mark, n in counts.items() if mark[0] < 9 and n > 1}
        if titled:
            # The heading most prices have; of two, the higher one: the lower is its subtitle.
            mark = max(titled, key=lambda mark: (titled[mark], -mark[0]))
        else:
            plain = [mark for mark, n in counts.items() if n == len(gaps) > 1]
            if not plain or any(len(gap) > 2 for gap in gaps[1:]):
                return None
            mark = plain[0]
        return cards, gaps, mark

    def _add(self, mention: Mention, name_at: int, deal: Deal | None = None) -> None:
        if name_at in self.used:
            return  # a second price of the same plan: the yearly one, the old one
        self.used.add(name_at)
        block = self.blocks[name_at]
        name = next((line for line in block.lines if is_name(line)), block.text)
        self._put(mention, name, deal)

    def _put(self, mention: Mention, name: str, deal: Deal | None = None) -> None:
        price = mention.price
        after = self.blocks[mention.at + 1].text if mention.at + 1 < len(self.blocks) else ""
        if mention.form == "bare" and mention.at + 1 not in self.names.at_mention:
            price = with_terms_of(price, after)
        if deal is None and self.blocks[mention.at].struck:
            own = range(mention.at, mention.at + 1)
            deal = deal_of(
                mention, [mention], own, self.blocks, self.promotions, self.sales, self.hints
            )
        offer = offer_of(name, price, deal or NO_DEAL)
        self.found.setdefault((mention.at, self.order[id(mention)]), offer)

    def _lone(self, mention: Mention) -> None:
        """A price in no structure: named by the words after it, or the heading above."""
        if mention.form != "bare" or mention.old or any(mention.at in s for s in self.covered):
            return
        if not (mention.told or self.kind in ("pricing", "collection")):
            return
        if self.blocks[mention.at].near & _RELATED:
            return
        best: tuple[float, int] | None = None
        several = len(self.found) > 0
        for back in range(mention.at - 1, max(-1, mention.at - 9), -1):
            if back in self.names.at_mention and self.names.at_mention[back].form != "word":
                break
            block = self.blocks[back]
            titled = block.tag in HEADINGS or bool(block.near & TITLE) or block.tag == "dt"
            linked = self.kind == "collection" and block.linked * 2 > len(block.text)
            if not self.names.can_be(back) or not (titled or linked or mention.at - back < 2):
                continue
            if block.tag == "h1" and several:
                continue
            score = 2.0 * titled + 1.5 * linked - 0.4 * (mention.at - back)
            if best is None or score > best[0]:
                best = (score, back)
        if best is not None:
            self._add(mention, best[1])
        elif is_name(mention.name) and (mention.told or self.kind == "collection"):
            self._put(mention, mention.name)

    def _siblings(self) -> None:
        """Cards without a price beside cards with one: free plans, plans one has to ask for."""
        if self.kind == "collection":
            return
        for holder, cards in self.repeaters.items():
            if len(cards) < 2:
                continue
            marks = {self.names.mark(at) for at in cards.values()}
            tags = {self.outline.kinds[card] for card in cards}
            for span in self._other_children(holder, set(self.groups[holder]), tags):
                names = [at for at in self.names.within(span) if self.names.mark(at) in marks]
                if not names or len(span) > _LONGEST_CARD:
                    continue
                price = self._told_without_number(span, names[0])
                if price is not None and names[0] not in self.used:
                    self.used.add(names[0])
                    self.found[names[0], 0] = offer_of(self.blocks[names[0]].text, price)

    def _told_without_number(self, span: range, name_at: int) -> Price | None:
        for at in (*(at for at in span if at != name_at), name_at):
            text = self.blocks[at].text
            price = read_price(text) if len(text) <= 60 else None
            if price is not None and (not price.amount):
                return price
        return None

    def _other_children(self, holder: int, known: set[int], tags: set[str]) -> Iterator[range]:
        above, kinds = self.outline.above, self.outline.kinds
        last = self.outline.ends[holder]
        seen: set[int] = set()
        for at, block in enumerate(self.blocks):
            child = block.holder
            if not holder < child <= last:
                continue
            while above[child] != holder:
                child = above[child]
            if child not in known and child not in seen and kinds[child] in tags:
                seen.add(child)
                yield self._span(child, at)

    def _named(self, mentions: list[Mention]) -> None:
        """Items and lines that hold name and price: ``Gói Cơ bản: 199.000đ/tháng``."""
        free = [m for m in mentions if not any(m.at in span for span in self.covered)]
        above = self.outline.above
        beside = Counter(above[self.blocks[m.at].holder] for m in free)
        lines = Counter(m.at for m in free)
        sells = self.kind in ("pricing", "collection")
        for mention in free:
            block = self.blocks[mention.at]
            repeated = beside[above[block.holder]] > 1 or lines[mention.at] > 1
            if repeated or mention.told or sells:
                self._put(self._lower(mention), mention.name)

    def _lower(self, mention: Mention) -> Mention:
        """The lower price right after a named one in a shop: the one before it is the old one."""
        at = self.order[id(mention)] + 1
        after = self.mentions[at] if at < len(self.mentions) else mention
        low, high = after.price.amount, mention.price.amount
        near = after.form == "bare" and after.at - mention.at < 3
        if self.kind in SHOPS and near and low and high and high / 10 < low < high:
            return after
        return mention

    def _prose(self, mentions: list[Mention]) -> None:
        """The first sentence that says what the subject of its heading costs."""
        if self.kind not in ("pricing", "service", "home", "product", "other"):
            return
        for mention in mentions[:5]:
            start = max(0, mention.at - 12)
            above = [
                at
                for at in range(mention.at - 1, start - 1, -1)
                if self.blocks[at].tag in HEADINGS
                and self.names.can_be(at)
                and self.blocks[at].text[-1] not in "?？"
            ]
            if above and not is_label(self.blocks[above[0]].text):
                self._add(mention, above[0])

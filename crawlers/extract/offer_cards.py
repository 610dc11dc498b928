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
from crawlers.extract.offer_mentions import Mention, is_label, is_name, mentions_of, with_terms_of
from crawlers.extract.offer_tables import named_in_tables, offer_named
from crawlers.extract.outline import Block, Outline
from crawlers.extract.prices import Hints, Price, read_price
from crawlers.items import Offer
from crawlers.words import PageKind

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_TITLE, _PRICE = GROUP_BITS["title"], GROUP_BITS["price"]
_SHOPS = frozenset({"collection", "listing"})
_REVIEW = GROUP_BITS["review"]
_BUTTON, _RELATED = GROUP_BITS["button"], GROUP_BITS["related"]
_NO_NAME = frozenset({"li", "button", "label", "del", "option", "summary"})
_SILENT = frozenset({
    "article", "documentation", "legal", "careers", "about", "contact", "forum_board",
    "forum_topic",
})  # fmt: skip
_MOST = 80
_MOST_BLOCKS = 4_000
_NEAR = 12  # blocks: within a card
_LONGEST_CARD = 60  # blocks between the two ends of a card


def cards_of(outline: Outline, hints: Hints, kind: PageKind) -> list[Offer]:
    """Every offer that the page's tables, cards, lists and lines show, in the page's order.

    :param kind: pages that tell of money without selling (articles, terms, jobs) give nothing;
        a sentence gives an offer on pages that sell, and only where nothing else does.
    """
    if kind in _SILENT:
        return []
    blocks = _readable(outline)
    mentions = mentions_of(blocks, hints)
    if any(not blocks[m.at].hidden for m in mentions if m.form != "word"):
        mentions = [m for m in mentions if not blocks[m.at].hidden]
    return _Reading(
        outline=outline, blocks=blocks, mentions=mentions, kind=kind, hints=hints
    ).offers()[:_MOST]


def _readable(outline: Outline) -> list[Block]:
    """The blocks of the body, and of headers and footers that are parts of repeated cards."""
    regions: dict[int, tuple[int, int]] = {}
    for block in outline.blocks:
        if block.region and block.place != "body":
            depth, size = regions.get(block.region, (block.depth, 0))
            regions[block.region] = (min(depth, block.depth), size + len(block.text))
    alike = Counter(depth for depth, size in regions.values() if size < 300)
    parts = {r for r, (depth, size) in regions.items() if size < 300 and alike[depth] > 2}
    return [block for block in outline.blocks if block.place == "body" or block.region in parts][
        :_MOST_BLOCKS
    ]


_Flat = tuple[list[list[Mention]], list[list[int]], tuple[int, str]]


@dataclass(slots=True, kw_only=True)
class _Reading:
    outline: Outline
    blocks: list[Block]
    mentions: list[Mention]
    kind: PageKind
    hints: Hints
    groups: dict[int, dict[int, list[Mention]]] = field(default_factory=dict)
    at_mention: dict[int, Mention] = field(default_factory=dict)
    found: dict[tuple[int, int], Offer] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)  # blocks whose name is given
    covered: list[range] = field(default_factory=list)  # cards read
    repeaters: dict[int, dict[int, int]] = field(default_factory=dict)  # holder, card, name

    order: dict[int, int] = field(default_factory=dict)  # of mentions, by identity
    spans: dict[int, range] = field(default_factory=dict)
    flats: dict[int, _Flat | None] = field(default_factory=dict)
    nameable: dict[int, bool] = field(default_factory=dict)
    often: Counter[str] = field(default_factory=Counter)

    def offers(self) -> list[Offer]:
        self._count_texts()
        named, decided = named_in_tables(self.outline, self.blocks, self.mentions, self.hints)
        for number, cell in enumerate(named):
            self.found[cell.mention.at, number] = offer_named(cell)
        self.order = {id(mention): number for number, mention in enumerate(self.mentions)}
        rest = [m for m in self.mentions if m.at not in decided]
        self.at_mention = {m.at: m for m in reversed(self.mentions)}
        carriers = [m for m in rest if self._carries(m)]
        for mention in carriers:
            for holder, child in self._steps(mention):
                self.groups.setdefault(holder, {}).setdefault(child, []).append(mention)
        alone = [m for m in carriers if not self._in_structure(m)]
        for mention in alone:
            self._lone(mention)
        self._siblings()
        self._named([m for m in rest if m.form == "named" and not m.old])
        if not self.found:
            self._prose([m for m in rest if m.told and m.form in ("prose", "bare") and not m.old])
        return [self.found[at] for at in sorted(self.found)]

    def _count_texts(self) -> None:
        """How often a text stands on the page, said again in the same card counting once: shop
        themes put a product's name on its picture, its title and its "quick add" alike.
        """
        last: dict[str, int] = {}
        for at, block in enumerate(self.blocks):
            if at - last.get(block.text, -_NEAR) >= _NEAR:
                self.often[block.text] += 1
            last[block.text] = at

    def _carries(self, mention: Mention) -> bool:
        """Whether a mention may be the price of a card whose name stands elsewhere in it."""
        block = self.blocks[mention.at]
        if mention.form == "word":
            if block.tag in _HEADINGS or block.tag == "dt" or block.near & _TITLE:
                return False
            return bool(block.near & _PRICE) or not (
                block.linked or block.tag in ("li", "a", "button")
            )
        if mention.form == "prose":
            return mention.told and len(block.text) <= 120
        return mention.form == "bare"

    def _steps(self, mention: Mention) -> Iterator[tuple[int, int]]:
        child = self.blocks[mention.at].holder
        while child:
            holder = self.outline.above[child]
            yield holder, child
            child = holder

    def _span(self, holder: int, at: int) -> range:
        """The blocks inside a holder, of which ``at`` is one."""
        if holder in self.spans:
            return self.spans[holder]
        last = self.outline.ends[holder]
        start = end = at
        while start and holder <= self.blocks[start - 1].holder <= last:
            start -= 1
        while end + 1 < len(self.blocks) and holder <= self.blocks[end + 1].holder <= last:
            end += 1
        self.spans[holder] = range(start, end + 1)
        return self.spans[holder]

    def _names(self, span: range) -> list[int]:
        return [at for at in span if self._can_name(at)]

    def _can_name(self, at: int) -> bool:
        if at not in self.nameable:
            self.nameable[at] = self._judge_name(at)
        return self.nameable[at]

    def _judge_name(self, at: int) -> bool:
        block = self.blocks[at]
        mention = self.at_mention.get(at)
        if mention is not None and (mention.form != "word" or self._carries(mention)):
            return False
        linked = self.kind in _SHOPS and block.linked * 2 > len(block.text)
        if (block.tag in _NO_NAME and not (linked and block.tag == "li")) or block.struck:
            return False
        if block.near & _BUTTON and block.linked and len(block.text) < 25:
            return False
        if self.kind in _SHOPS:
            often = self.often[block.text]
            if often > 3 or (often > 2 and block.tag not in _HEADINGS) or block.near & _REVIEW:
                return False  # "Limited time deal" on every card
        if block.tag in _HEADINGS and block.tag != "h1" and is_label(block.text):
            return any(char.isalpha() for char in block.text)  # a plan may be called "Monthly"
        return is_name(block.text[:140] if linked else block.text)

    def _in_structure(self, mention: Mention) -> bool:
        """Read the mention as the price of a card or of a flat row; whether it is in one."""
        for holder, child in self._steps(mention):
            cards = self.groups[holder]
            if len(cards) < 2:
                continue
            span = self._span(child, mention.at)
            if self._names(span):
                good = [c for c, inside in cards.items() if self._is_card(c, inside[0].at)]
                if child in good and len(good) > 1 and self._priced(cards, good):
                    self._card(holder, child, span, cards[child])
                    return True
            elif self._flat(holder, mention):
                return True
        return False

    def _is_card(self, child: int, at: int) -> bool:
        span = self._span(child, at)
        return len(span) <= _LONGEST_CARD and bool(self._names(span))

    def _priced(self, cards: dict[int, list[Mention]], good: list[int]) -> bool:
        """Free and ask-us plans count beside plans with a price, or where marked as prices."""
        inside = [m for card in good for m in cards[card]]
        if any(m.form != "word" for m in inside):
            return True
        return self.kind == "pricing" and all(self.blocks[m.at].near & _PRICE for m in inside)

    def _card(self, holder: int, child: int, span: range, inside: list[Mention]) -> None:
        if span in self.covered:
            return
        self.covered.append(span)
        mention = self._price_of(inside)
        if mention is None:
            return
        name_at = max(self._names(span), key=lambda at: self._fitness(at, mention.at, span))
        self.repeaters.setdefault(holder, {})[child] = name_at
        self._add(mention, name_at)

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

    def _fitness(self, at: int, price_at: int, span: range) -> float:
        """How well a block of a card fits as its name."""
        block = self.blocks[at]
        shop = self.kind in _SHOPS
        score = -0.15 * abs(at - price_at) if shop else -0.3 * (at - span.start)
        if block.tag in _HEADINGS or block.tag == "dt":
            score += 3
        elif block.near & _TITLE:
            score += 2.5
        if block.linked * 2 > len(block.text):
            score += 1.5 if shop else 0.5
        if at < price_at:
            score += 0.8
        if shop:
            score += min(len(block.text), 60) / 30 - block.text[0].isdigit()
        elif len(block.text) > 60:
            score -= 1
        if block.text[-1] in ".!?。！？" or len(block.text.split()) > 14:
            score -= 2
        if block.hidden:
            score -= 1
        if is_label(block.text):
            score -= 2.5
        return score

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
        names = [at for at in gaps[mine] if self._mark(at) == mark]
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
            gaps.append(self._names(range(floor, inside[0].at)))
            floor = inside[-1].at + 1
        counts = Counter(mark for gap in gaps for mark in {self._mark(at) for at in gap})
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

    def _mark(self, at: int) -> tuple[int, str]:
        block = self.blocks[at]
        if block.tag in _HEADINGS:
            return _HEADINGS[block.tag], block.tag
        if block.tag == "dt" or block.near & _TITLE:
            return 8, "title"
        return 9, block.tag

    def _add(self, mention: Mention, name_at: int) -> None:
        if name_at in self.used:
            return  # a second price of the same plan: the yearly one, the old one
        self.used.add(name_at)
        block = self.blocks[name_at]
        name = next((line for line in block.lines if is_name(line)), block.text)
        self._put(mention, name)

    def _put(self, mention: Mention, name: str) -> None:
        price = mention.price
        after = self.blocks[mention.at + 1].text if mention.at + 1 < len(self.blocks) else ""
        if mention.form == "bare" and mention.at + 1 not in self.at_mention:
            price = with_terms_of(price, after)
        self.found.setdefault((mention.at, self.order[id(mention)]), _offer(name, price))

    def _lone(self, mention: Mention) -> None:
        """A price in no structure: named by the words after it, or the heading above."""
        if mention.form != "bare" or mention.old or any(mention.at in s for s in self.covered):
            return
        if not (mention.told or self.kind in ("pricing", "collection")):
            return
        if self.blocks[mention.at].near & _RELATED:
            return
        best: tuple[float, int] | None = None
        several = len(self.groups.get(0, {})) > 1 or len(self.found) > 0
        for back in range(mention.at - 1, max(-1, mention.at - 9), -1):
            if back in self.at_mention and self.at_mention[back].form != "word":
                break
            block = self.blocks[back]
            titled = block.tag in _HEADINGS or bool(block.near & _TITLE) or block.tag == "dt"
            linked = self.kind == "collection" and block.linked * 2 > len(block.text)
            if not self._can_name(back) or not (titled or linked or mention.at - back < 2):
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
            marks = {self._mark(at) for at in cards.values()}
            tags = {self.outline.kinds[card] for card in cards}
            for span in self._other_children(holder, set(self.groups[holder]), tags):
                names = [at for at in self._names(span) if self._mark(at) in marks]
                if not names or len(span) > _LONGEST_CARD:
                    continue
                price = self._told_without_number(span, names[0])
                if price is not None and names[0] not in self.used:
                    self.used.add(names[0])
                    self.found[names[0], 0] = _offer(self.blocks[names[0]].text, price)

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
        if self.kind in _SHOPS and near and low and high and high / 10 < low < high:
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
                if self.blocks[at].tag in _HEADINGS
                and self._can_name(at)
                and self.blocks[at].text[-1] not in "?？"
            ]
            if above and not is_label(self.blocks[above[0]].text):
                self._add(mention, above[0])


def _offer(name: str, price: Price) -> Offer:
    return Offer(
        name=" ".join(name.split())[:300],
        price=price.amount,
        price_max=price.highest,
        currency=price.currency,
        period=price.period,
        unit=price.unit,
        price_text=price.text[:200],
    )

"""What an offer of many is called: which blocks of a card can name it, and which does it best."""

from collections import Counter
from dataclasses import dataclass, field

from crawlers.extract.marks import GROUP_BITS
from crawlers.extract.offers.mentions import Mention, is_label, is_name
from crawlers.extract.outline import Block
from crawlers.words import PageKind

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
TITLE, PRICE = GROUP_BITS["title"], GROUP_BITS["price"]
SHOPS = frozenset({"collection", "listing"})
_REVIEW, _BUTTON = GROUP_BITS["review"], GROUP_BITS["button"]
_NO_NAME = frozenset({"li", "button", "label", "del", "option", "summary"})
_NEAR = 12  # blocks: within a card


def carries(mention: Mention, block: Block) -> bool:
    """Whether a mention may be the price of a card whose name stands elsewhere in it."""
    if mention.form == "word":
        if block.tag in HEADINGS or block.tag == "dt" or block.near & TITLE:
            return False
        return bool(block.near & PRICE) or not (block.linked or block.tag in ("li", "a", "button"))
    if mention.form == "prose":
        return mention.told and len(block.text) <= 120
    return mention.form == "bare"


@dataclass(slots=True, kw_only=True)
class Names:
    """The blocks of a page that can name an offer; each is judged once."""

    blocks: list[Block]
    kind: PageKind
    at_mention: dict[int, Mention]
    _able: dict[int, bool] = field(default_factory=dict)
    _within: dict[range, list[int]] = field(default_factory=dict)
    _often: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Count how often a text stands on a shop's page, said again in the same card counting
        once: themes put a product's name on its picture, its title and its "quick add" alike.
        """
        if self.kind not in SHOPS:
            return
        last: dict[str, int] = {}
        for at, block in enumerate(self.blocks):
            if at - last.get(block.text, -_NEAR) >= _NEAR:
                self._often[block.text] += 1
            last[block.text] = at

    def within(self, span: range) -> list[int]:
        """The blocks of a span that can name an offer."""
        if span not in self._within:
            self._within[span] = [at for at in span if self.can_be(at)]
        return self._within[span]

    def can_be(self, at: int) -> bool:
        """Whether a block can name an offer."""
        if at not in self._able:
            self._able[at] = self._judge(at)
        return self._able[at]

    def _judge(self, at: int) -> bool:
        block = self.blocks[at]
        mention = self.at_mention.get(at)
        if mention is not None and (mention.form != "word" or carries(mention, block)):
            return False
        linked = self.kind in SHOPS and block.linked * 2 > len(block.text)
        if (block.tag in _NO_NAME and not (linked and block.tag == "li")) or block.struck:
            return False
        titled = block.tag in HEADINGS or bool(block.near & TITLE)
        if block.near & _BUTTON and block.linked and len(block.text) < 25 and not titled:
            return False
        if self.kind in SHOPS:
            often = self._often[block.text]
            if often > 3 or (often > 2 and block.tag not in HEADINGS) or block.near & _REVIEW:
                return False  # "Limited time deal" on every card
        if block.tag in HEADINGS and block.tag != "h1" and is_label(block.text):
            return any(map(str.isalpha, block.text))  # a plan may be called "Monthly"
        return is_name(block.text[:140] if linked else block.text)

    def fitness(self, at: int, price_at: int, span: range) -> float:
        """How well a block of a card fits as its name."""
        block = self.blocks[at]
        shop = self.kind in SHOPS
        score = -0.15 * abs(at - price_at) if shop else -0.3 * (at - span.start)
        if block.tag in HEADINGS or block.tag == "dt":
            score += 3
        elif block.near & TITLE:
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

    def mark(self, at: int) -> tuple[int, str]:
        """What kind of name a block is: its heading's level first, then titles, then the rest."""
        block = self.blocks[at]
        if block.tag in HEADINGS:
            return HEADINGS[block.tag], block.tag
        if block.tag == "dt" or block.near & TITLE:
            return 8, "title"
        return 9, block.tag

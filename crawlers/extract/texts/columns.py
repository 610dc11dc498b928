"""The blocks of a page column by column, and the styles they share.

A page has some three hundred blocks but only some fifty *styles*: the same tag, names and areas
around. What depends on the style alone (most of what tells text from menus, and a list of
products from an article) is counted and weighed once a style. Built once a page, for the readers
of its kind and of its text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from crawlers.spotting import Lines

if TYPE_CHECKING:
    from crawlers.extract.outline import Block

_WORD = re.compile(r"\w+")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HAN_PER_WORD = 1.6  # characters a Chinese word takes on average
_DIGITS = re.compile(r"[0-9][^\n]*")
# Of folded text: "₫" stays, "đ" has become "d".
_PRICE = re.compile(
    r"[$€£¥₫₹฿₩] ?\d|\d(?: ?[€£₫¥元円]| ?(?:vnd|usd|eur)\b|[.,]\d\d(?!\w)|\d\d ?d(?!\w)|k(?!\w))"
)
_PRICE_LENGTH = 100  # characters: a longer text speaks of a price, it is none
_NUMBER_LENGTH = 300  # likewise of a year or a date


class Style(NamedTuple):
    """What the element of a block and those around it say of it: see :class:`Block`."""

    tag: str
    areas: int
    near: int
    far: int
    place: str
    depth: int
    hidden: bool
    struck: bool


class Columns:
    """A page's blocks as columns: ``texts[n]``, ``sizes[n]`` ... are of block ``n``.

    ``words`` are counted as in :func:`word_count`; ``linked`` the characters inside links;
    ``style`` the number of the block's style in ``styles``; ``numbered`` the numbers of short
    blocks with digits, ``priced`` of those that show an amount of money. Style ``s`` has
    ``counts[s]`` blocks with ``chars[s]`` characters, ``link_chars[s]`` of them linked.
    """

    __slots__ = (
        "chars", "counts", "link_chars", "linked", "numbered", "priced", "sizes", "style", "styles",
        "texts", "words",
    )  # fmt: skip

    def __init__(self, blocks: "list[Block]", folded: Lines) -> None:
        texts = self.texts = [block.text for block in blocks]
        self.sizes = [len(text) for text in texts]
        self.linked = [block.linked for block in blocks]
        self.words: list[float]
        if _HAN.search(folded.joined):
            self.words = [word_count(text) for text in texts]
        else:
            self.words = [text.count(" ") + 1 for text in texts]
        known: dict[tuple[object, ...], int] = {}
        number = known.setdefault
        self.style = [
            number(
                (b.tag, b.areas, b.near, b.far, b.place, b.depth, b.hidden, b.struck), len(known)
            )
            for b in blocks
        ]
        self.styles = [Style._make(key) for key in known]
        self.counts = counts = [0] * len(known)
        self.chars = chars = [0] * len(known)
        self.link_chars = link_chars = [0] * len(known)
        for style, size, linked in zip(self.style, self.sizes, self.linked, strict=True):
            counts[style] += 1
            chars[style] += size
            link_chars[style] += linked
        sizes = self.sizes
        self.numbered = [at for at in lines_with(_DIGITS, folded) if sizes[at] < _NUMBER_LENGTH]
        lines = folded.joined.split("\n")
        self.priced = [
            at for at in self.numbered if sizes[at] < _PRICE_LENGTH and _PRICE.search(lines[at])
        ]


def word_count(text: str) -> float:
    """Words of a text; Chinese and Japanese characters count for what a
    word takes of them.
    """
    if text.isascii() or not (han := len(_HAN.findall(text))):
        return len(text.split())
    return han / _HAN_PER_WORD + len(_WORD.findall(_HAN.sub(" ", text)))


def lines_with(pattern: re.Pattern[str], lines: Lines) -> Iterator[int]:
    """The numbers of the lines in which a pattern is found, ascending, each once.

    One search of the whole; the pattern must not match a line break.
    """
    starts, last = lines.starts, -1
    for match in pattern.finditer(lines.joined):
        line = bisect_right(starts, match.start()) - 1
        if line != last:
            yield line
            last = line

"""The main text of a page: the blocks that are its own, without menus, offers of more, footers.

Each block gets a score, the sum of the weights of its marks (``text_marks.py``), which says how
likely it is to be the page's own. The weights are learnt by ``bench/learn.py`` from 461 labelled
pages (WCXB, CC-BY-4.0): a shared set and a correction per page kind, because what is an article's
noise is a list's content. No one threshold serves an article, whose text is plain to see, and a
page of products, where half of everything is doubtful: the text is the set of blocks of which the
best agreement with the true text (F1 of words) is to be expected. Measured beside resiliparse and
trafilatura in ``bench/companies.py``.
"""

import math
import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

from crawlers.extract.marks import AREA_BITS, GROUP_BITS
from crawlers.extract.outline import Block, Outline
from crawlers.extract.texts.columns import Style
from crawlers.extract.texts.marks import (
    BLOCK_NAMES,
    FLAGS,
    LENGTHS,
    LINKS,
    PAGE_NAMES,
    TAGS,
    Shapes,
    page_values,
    sort_marks,
)

_MOST_STYLES = 50_000  # sums kept; sites repeat their styles on every page
_SURE = 4.0  # a score beyond says no more to the neighbours
_REACH = 8  # blocks on either side that a block is judged by, too
_SWAY = 0.35  # their part in the judgement
_DOUBT = 0.45  # what is marked as text is so a little less often than the learnt shares say
_LONG = 25  # characters: longer text that comes twice is told once


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    source = files("crawlers.extract").joinpath("texts/weights.toml").read_text("utf-8")
    return tomllib.loads(source)


class _Flags(dict[int, float]):
    """The weights of sets of flags, each summed once."""

    def __init__(self, weight: dict[str, float]) -> None:
        super().__init__()
        self.single = [weight.get(name, 0.0) for name in FLAGS]

    def __missing__(self, flags: int) -> float:
        value = sum(weight for bit, weight in enumerate(self.single) if flags >> bit & 1)
        self[flags] = value
        return value


class Scale:
    """The weights of one page kind, laid out by the values of the columns."""

    def __init__(self, weight: dict[str, float]) -> None:
        self.weight = weight
        self.flags = _Flags(weight)
        self.tables = {
            column: [weight.get(name, 0.0) for name in names]
            for column, names in BLOCK_NAMES.items()
        }
        self.sorts = {tag: self._sorts(tag) for tag in {*TAGS, "other"}}
        self.page = [[weight.get(name, 0.0) for name in names] for names in PAGE_NAMES]
        self.areas = {bit: weight.get(f"in:{name}", 0.0) for name, bit in AREA_BITS.items()}
        self.near = {bit: weight.get(f"near:{name}", 0.0) for name, bit in GROUP_BITS.items()}
        self.far = {bit: weight.get(f"far:{name}", 0.0) for name, bit in GROUP_BITS.items()}
        self.fixed: dict[Style, float] = {}

    def _sorts(self, tag: str) -> list[float]:
        get = self.weight.get
        return [
            sum(get(mark, 0.0) for mark in sort_marks(tag, sort))
            for sort in range(LENGTHS * len(LINKS))
        ]

    def _of_style(self, shapes: Shapes, number: int, style: Style) -> float:
        fixed = self.fixed.get(style)
        if fixed is None:
            fixed = self._fixed(style)
            if len(self.fixed) >= _MOST_STYLES:
                self.fixed.clear()
            self.fixed[style] = fixed
        a, b, c, d, e, f = page_values(shapes, number)
        main, article, count, share, linked, mean = self.page
        return fixed + main[a] + article[b] + count[c] + share[d] + linked[e] + mean[f]

    def _fixed(self, style: Style) -> float:
        """The sum of the marks of ``text_marks.fixed_marks``."""
        get = self.weight.get
        return (
            get("always", 0.0)
            + get(f"tag:{style.tag if style.tag in TAGS else 'other'}", 0.0)
            + get(f"place:{style.place}", 0.0)
            + get(f"depth:{min(style.depth // 4, 7)}", 0.0)
            + (get("hidden", 0.0) if style.hidden else 0.0)
            + (get("struck", 0.0) if style.struck else 0.0)
            + _of_bits(self.areas, style.areas)
            + _of_bits(self.near, style.near)
            + _of_bits(self.far, style.far)
        )

    def scores(self, shapes: Shapes) -> list[float]:
        """For every block the logarithm of its odds to be the page's own text."""
        columns = shapes.columns
        styles = columns.styles
        base = [self._of_style(shapes, at, style) for at, style in enumerate(styles)]
        other = self.sorts["other"]
        sorts = [self.sorts.get(style.tag, other) for style in styles]
        flags, tables = self.flags, self.tables
        under, since, siblings = tables["under"], tables["since"], tables["siblings"]
        position, from_h1 = tables["position"], tables["from_h1"]
        before, after = tables["before"], tables["after"]
        return [
            base[a] + sorts[a][b] + flags[c] + under[d] + since[e] + siblings[f] + position[g]
            + from_h1[h] + before[i] + after[j]
            for a, b, c, d, e, f, g, h, i, j in zip(
                columns.style, shapes.sort, shapes.flags, shapes.under, shapes.since,
                shapes.siblings, shapes.position, shapes.from_h1, shapes.before, shapes.after,
                strict=True,
            )
        ]  # fmt: skip


def _of_bits(weights: dict[int, float], bits: int) -> float:
    total = 0.0
    while bits:
        bit = bits & -bits
        total += weights[bit]
        bits ^= bit
    return total


@lru_cache(maxsize=32)
def _scale(kind: str) -> Scale:
    return Scale(summed(_weights(), kind))


def summed(tables: dict[str, dict[str, float]], kind: str) -> dict[str, float]:
    """The weights for one kind: the shared ones and its own."""
    own, shared = tables[kind], tables["shared"]
    return {name: shared.get(name, 0.0) + own.get(name, 0.0) for name in {*shared, *own}}


# Kinds the labelled pages have no name for read like one that they have.
LIKE = {
    "home": "service", "pricing": "service", "about": "service", "contact": "service",
    "careers": "service", "legal": "documentation", "other": "article", "forum_board": "forum",
    "forum_topic": "forum",
}  # fmt: skip


def main_blocks(outline: Outline, kind: str, told: str = "") -> list[Block]:
    """The blocks that are the page's own text, in its order, repeated ones once.

    :param kind: the page's kind. :param told: what structured data says of its subject.
    """
    scores = _scale(LIKE.get(kind, kind)).scores(Shapes(outline, told))
    columns = outline.columns
    return [
        outline.blocks[at]
        for at in chosen(scores, columns.words, repeated(columns.texts, columns.sizes))
    ]


def repeated(texts: Sequence[str], sizes: Sequence[int]) -> set[int]:
    """The numbers of longer texts that stood before."""
    if len(set(texts)) == len(texts):
        return set()
    seen: set[str] = set()
    found = set()
    for at, text in enumerate(texts):
        if sizes[at] > _LONG and text in seen:
            found.add(at)
        seen.add(text)
    return found


def chosen(scores: list[float], words: Sequence[float], left_out: set[int]) -> list[int]:
    """The numbers of the blocks that make the text, ascending.

    A block is judged with its neighbours. With probabilities ``p`` and sizes ``n``, the expected
    F1 of a set of blocks is near ``2 sum(p n) / (sum(n) + total)``, ``total`` the sum of ``p n``
    over all; it is greatest for the blocks whose ``p`` is above half of it.

    :param left_out: blocks that are not to be taken.
    """
    clipped = [_SURE if score > _SURE else max(score, -_SURE) for score in scores]
    sums = [0.0] * (_REACH + 1) + list(accumulate(clipped))
    sums += sums[-1:] * _REACH
    part = _SWAY / (2 * _REACH + 1)
    rest = 1 - _SWAY
    exp = math.exp
    shares = [
        1 / (1 + exp(_DOUBT - (rest * score + part * (high - low))))
        for score, low, high in zip(clipped, sums, sums[2 * _REACH + 1 :], strict=False)
    ]
    expected = [share * count for share, count in zip(shares, words, strict=True)]
    for at in left_out:
        expected[at] = 0.0
    total = sum(expected)
    right = size = 0.0
    found = []
    for at in sorted(range(len(shares)), key=shares.__getitem__, reverse=True):
        if at in left_out:
            continue
        if shares[at] * (size + total) < right:
            break
        right += expected[at]
        size += words[at]
        found.append(at)
    return sorted(found)


def join_blocks(blocks: Iterable[Block]) -> str:
    """Blocks as text: one a line."""
    return "\n".join(block.text for block in blocks)

"""The marks by which a block is told to be a page's own text or not.

:class:`Shapes` holds what the weights look at, as small numbers in columns; :func:`marks_of`
gives the same by name, which is what the weights are learnt and written down for.
"""

import re
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from crawlers.extract.marks import AREA_BITS, GROUP_BITS
from crawlers.extract.outline import Outline
from crawlers.extract.texts.columns import Style
from crawlers.folding import fold
from crawlers.spotting import Phrasebook


def _step(value: float, steps: tuple[float, ...]) -> int:
    """How many of the steps a value reaches."""
    return sum(value >= step for step in steps)


_WORD_STEPS = (1, 2, 3, 5, 8, 13, 21, 36, 61, 121)
LENGTHS = len(_WORD_STEPS) + 1
_LENGTH_OF = [_step(words, _WORD_STEPS) for words in range(_WORD_STEPS[-1] + 1)]
LINKS = "0abc"  # share of linked characters: none, below 0.3, below 0.8, more
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
TAGS = _HEADINGS | frozenset(
    "p li div h5 h6 td th dd dt pre button figcaption blockquote summary section article body main"
    " legend address header footer nav aside form caption a".split()
)
FLAGS = ("twice", "again", "stop", "rights", "price", "year", "upper", "told")
_TWICE, _AGAIN, _STOP, _RIGHTS, _PRICED, _YEARLY, _UPPER, _TOLD = (1 << at for at in range(8))
_STOPS = frozenset(".!?。！？:：…")
_YEAR = re.compile(r"(?:19|20)\d\d(?!\w)")
_RIGHTS_WORDS = ("©", "rights reserved", "版权所有", "ban quyen")
_TITLE = GROUP_BITS["title"]
_TITLE_LENGTH = 50
_MAIN, _ARTICLE = AREA_BITS["main"], AREA_BITS["article"]

_ROUGH = ("x", *(f"{size}{links}" for size in "sml" for links in "0ac"))
_ROUGH_OF = [
    1 + 3 * _step(length, (4, 6)) + min(links, 2)
    for links in range(len(LINKS))
    for length in range(LENGTHS)
]
"""By sort: what a neighbour sees of a block, a number in ``_ROUGH``."""
_SINCE = [_step(blocks, (1, 2, 4, 8, 16)) for blocks in range(17)]
_DISTANCES = 9
_AFTER_H1 = [1 + _step(blocks, (1, 3, 6, 12, 25, 50, 100, 200)) for blocks in range(201)]
_BEFORE_H1 = [step + _DISTANCES for step in _AFTER_H1]

# What a style is among the page's others: how often, how much of its text, how linked, how long.
_ALIKE = (2, 4, 8, 16, 32)
_ALIKE_SHARE = (0.01, 0.03, 0.1, 0.25, 0.5)
_ALIKE_LINKED = (0.01, 0.2, 0.5, 0.8)
_ALIKE_MEAN = (12, 25, 50, 100, 200)


@lru_cache(maxsize=1)
def _heading_words() -> dict[str, dict[str, list[str]]]:
    source = files("crawlers.extract").joinpath("texts/words.toml").read_text("utf-8")
    return tomllib.loads(source)


@lru_cache(maxsize=1)
def _heading_book() -> tuple[Phrasebook, tuple[int, ...]]:
    group_of: dict[str, int] = {}
    for number, languages in enumerate(_heading_words().values(), 1):
        for words in languages.values():
            group_of.update(dict.fromkeys(map(fold, words), number))
    return Phrasebook(group_of), tuple(group_of.values())


def _under(heading: str) -> int:
    """The group of ``texts/words.toml`` a folded heading belongs to, the last where several."""
    book, groups = _heading_book()
    return max((groups[which] for which, _, _ in book.spot(heading[:200])), default=0)


class Shapes:
    """What the weights look at; entry ``n`` of a column is of block ``n``.

    ``sort`` is links times ``LENGTHS`` plus length; ``before`` and ``after`` what is seen of its
    neighbours; ``flags`` bits of ``FLAGS``; ``under`` the group of the heading above it, ``since``
    how far that is; ``from_h1`` how far the page's first title; ``siblings`` how many blocks
    share its element; ``position`` the tenth of the page.

    :param told: what structured data says of the page's subject; blocks it repeats are marked.
    """

    __slots__ = (
        "after", "before", "chars", "columns", "flags", "from_h1", "has_article", "has_main",
        "position", "siblings", "since", "sort", "under",
    )  # fmt: skip

    def __init__(self, outline: Outline, told: str = "") -> None:
        columns = self.columns = outline.columns
        total = len(columns.texts)
        self.chars = sum(columns.chars) or 1
        self.has_main = int(any(style.areas & _MAIN for style in columns.styles))
        self.has_article = int(any(style.areas & _ARTICLE for style in columns.styles))
        most, longest = len(_LENGTH_OF) - 1, LENGTHS - 1
        lengths = [_LENGTH_OF[int(words)] if words < most else longest for words in columns.words]
        links = [
            0 if not linked else 1 if linked < 0.3 * size else 2 if linked < 0.8 * size else 3
            for linked, size in zip(columns.linked, columns.sizes, strict=True)
        ]
        self.sort = [LENGTHS * link + length for link, length in zip(links, lengths, strict=True)]
        rough = [_ROUGH_OF[sort] for sort in self.sort]
        self.before = [0, *rough[:-1]] if rough else []
        self.after = [*rough[1:], 0] if rough else []
        self.position = [10 * at // total for at in range(total)]
        outers = [block.outer for block in outline.blocks]
        inside = Counter(outers)
        siblings = {count: _step(count, (2, 4, 9)) for count in set(inside.values())}
        self.siblings = [siblings[inside[outer]] for outer in outers]
        self._find_headings(outline)
        self._find_flags(outline, told)

    def _find_headings(self, outline: Outline) -> None:
        columns = self.columns
        total = len(columns.texts)
        heading = [style.tag in _HEADINGS for style in columns.styles]
        titled = [style.near & _TITLE for style in columns.styles]
        real: list[int] = []
        named: list[int] = []
        for at, style in enumerate(columns.style):
            if heading[style]:
                real.append(at)
                named.append(at)
            elif titled[style] and columns.sizes[at] < _TITLE_LENGTH:
                named.append(at)
        first = next((at for at in real if columns.styles[columns.style[at]].tag == "h1"), -1)
        if first < 0:
            self.from_h1 = [0] * total
        else:
            before = _run(_BEFORE_H1, first + 1)
            self.from_h1 = [*before[:0:-1], *_run(_AFTER_H1, total - first)]
        since = self.since = [_SINCE[-1]] * (real[0] if real else total)
        for start, end in pairwise([*real, total]):
            since += _run(_SINCE, end - start)
        lines = outline.folded.joined.split("\n")
        under = self.under = [0] * (named[0] if named else total)
        for start, end in pairwise([*named, total]):
            under += [_under(lines[start])] * (end - start)

    def _find_flags(self, outline: Outline, told: str) -> None:
        texts, sizes = self.columns.texts, self.columns.sizes
        stops = _STOPS
        flags = self.flags = [_STOP if text[-1] in stops else 0 for text in texts]
        if len(set(texts)) < len(texts):
            counts = Counter(texts)
            seen: set[str] = set()
            for at, text in enumerate(texts):
                if counts[text] > 1:
                    flags[at] |= _TWICE | _AGAIN if text in seen else _TWICE
                    seen.add(text)
        for at in self.columns.priced:
            flags[at] |= _PRICED
        for at in self.columns.numbered:
            if _YEAR.search(texts[at]):
                flags[at] |= _YEARLY
        folded = outline.folded
        for words in _RIGHTS_WORDS:
            start = folded.joined.find(words)
            while start >= 0:
                flags[folded.line_at(start)] |= _RIGHTS
                start = folded.joined.find(words, start + 1)
        for at in [at for at, text in enumerate(texts) if text.isupper()]:
            if sizes[at] > 3:
                flags[at] |= _UPPER
        if told:
            told = told.lower()
            for at in [at for at, size in enumerate(sizes) if size > 12]:
                if texts[at][:60].lower() in told:
                    flags[at] |= _TOLD


def _run(table: list[int], length: int) -> list[int]:
    """The first entries of a table, its last one again and again where it is too short."""
    run = table[:length]
    return run + table[-1:] * (length - len(run))


def fixed_marks(style: Style) -> Iterator[str]:
    """The marks of a style that do not depend on the page."""
    yield f"tag:{style.tag if style.tag in TAGS else 'other'}"
    for name, bit in AREA_BITS.items():
        if style.areas & bit:
            yield f"in:{name}"
    for name, bit in GROUP_BITS.items():
        if style.near & bit:
            yield f"near:{name}"
        if style.far & bit:
            yield f"far:{name}"
    yield f"place:{style.place}"
    yield f"depth:{min(style.depth // 4, 7)}"
    if style.hidden:
        yield "hidden"
    if style.struck:
        yield "struck"


def page_values(shapes: Shapes, number: int) -> tuple[int, int, int, int, int, int]:
    """What a style is on its page; the values stand for the names in ``PAGE_NAMES``."""
    columns = shapes.columns
    areas = columns.styles[number].areas
    count, chars = columns.counts[number], columns.chars[number]
    return (
        shapes.has_main * (1 if areas & _MAIN else 2),
        shapes.has_article * (1 if areas & _ARTICLE else 2),
        bisect_right(_ALIKE, count),
        bisect_right(_ALIKE_SHARE, chars / shapes.chars),
        bisect_right(_ALIKE_LINKED, columns.link_chars[number] / chars),
        bisect_right(_ALIKE_MEAN, chars / count),
    )


PAGE_NAMES: tuple[tuple[str, ...], ...] = (
    ("", "in-main", "out-of-main"),
    ("", "in-article", "out-of-article"),
    tuple(f"alike:{step}" for step in range(len(_ALIKE) + 1)),
    tuple(f"alike-share:{step}" for step in range(len(_ALIKE_SHARE) + 1)),
    tuple(f"alike-linked:{step}" for step in range(len(_ALIKE_LINKED) + 1)),
    tuple(f"alike-mean:{step}" for step in range(len(_ALIKE_MEAN) + 1)),
)


def sort_marks(tag: str, sort: int) -> tuple[str, str, str, str]:
    """The marks of a block's length and links, alone and with its tag."""
    links, length = LINKS[sort // LENGTHS], sort % LENGTHS
    tag = tag if tag in TAGS else "other"
    return (
        f"length:{length}", f"links:{links}", f"links:{links}:{length}", f"tag:{tag}:{links}",
    )  # fmt: skip


def _block_names() -> dict[str, tuple[str, ...]]:
    distances = range(_DISTANCES)
    return {
        "under": ("", *(f"under:{name}" for name in _heading_words())),
        "since": tuple(f"since-heading:{step}" for step in range(_SINCE[-1] + 1)),
        "siblings": tuple(f"siblings:{step}" for step in range(4)),
        "position": tuple(f"position:{tenth}" for tenth in range(10)),
        "from_h1": (
            "",
            *(f"after-h1:{step}" for step in distances),
            *(f"before-h1:{step}" for step in distances),
        ),
        "before": tuple(f"before:{name}" for name in _ROUGH),
        "after": tuple(f"after:{name}" for name in _ROUGH),
    }


BLOCK_NAMES = _block_names()
"""Column of :class:`Shapes` -> the mark each of its values stands for, ``""`` for none."""


def marks_of(shapes: Shapes, at: int) -> Iterator[str]:
    """Every mark of a block, by name; ``""`` where a column has none."""
    number = shapes.columns.style[at]
    style = shapes.columns.styles[number]
    yield from fixed_marks(style)
    values = page_values(shapes, number)
    yield from (names[value] for names, value in zip(PAGE_NAMES, values, strict=True))
    yield from sort_marks(style.tag, shapes.sort[at])
    for bit, name in enumerate(FLAGS):
        if shapes.flags[at] >> bit & 1:
            yield name
    for column, names in BLOCK_NAMES.items():
        yield names[getattr(shapes, column)[at]]

"""The main text of a page: the blocks that are its own, without menus, offers of more, footers.

Each block gets a score, the sum of the weights of its marks (tag, length, share of links, names
around it, neighbours, heading above); those above the kind's threshold are the text. The weights
are learnt by ``bench/learn.py`` from 461 labelled pages (WCXB, CC-BY-4.0): a shared set and a
small correction per page kind, because what is an article's noise is a list's content. Measured
beside resiliparse and trafilatura in ``bench/companies.py``.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from crawlers.extract.marks import AREA_BITS, GROUP_BITS
from crawlers.extract.outline import Block, Outline
from crawlers.folding import fold

_WORD = re.compile(r"\w+")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HAN_PER_WORD = 1.6  # characters a Chinese word takes on average
_PRICE = re.compile(r"[$€£¥₫]\s?\d|\d\s?[$€£¥₫元đ]|\d[.,]\d\d\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_RIGHTS = re.compile(r"©|rights reserved|版权所有|bản quyền", re.IGNORECASE)
_LENGTHS = (0, 1, 2, 4, 7, 12, 20, 35, 60, 120)
_TAGS = frozenset(
    "p li div h1 h2 h3 h4 h5 h6 td th dd dt pre button figcaption blockquote summary section"
    " article body main legend address header footer nav aside form caption a".split()
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_TITLE = GROUP_BITS["title"]
_MAIN, _ARTICLE = AREA_BITS["main"], AREA_BITS["article"]


class Shape(NamedTuple):
    """What is the same for many blocks of a page, so that their scores are summed once."""

    tag: str
    length: int
    links: str
    areas: int
    near: int
    far: int
    place: str
    flags: str
    siblings: int
    depth: int
    under: str
    before: str
    after: str
    position: str


def word_count(text: str) -> float:
    """Words of a text; Chinese and Japanese characters count for what a word takes of them."""
    if text.isascii():
        return len(text.split())
    han = len(_HAN.findall(text))
    if not han:
        return len(text.split())
    return han / _HAN_PER_WORD + len(_WORD.findall(_HAN.sub(" ", text)))


def _length(words: float) -> int:
    for at, limit in enumerate(_LENGTHS):
        if words <= limit:
            return at
    return len(_LENGTHS)


def _links(block: Block) -> str:
    share = block.linked / len(block.text)
    if share == 0:
        return "0"
    return "a" if share < 0.3 else "b" if share < 0.8 else "c"


@lru_cache(maxsize=1)
def _heading_words() -> tuple[tuple[str, tuple[str, ...]], ...]:
    source = files("crawlers.extract").joinpath("text_words.toml").read_text("utf-8")
    return tuple(
        (name, tuple(fold(word) for words in languages.values() for word in words))
        for name, languages in tomllib.loads(source).items()
    )


@lru_cache(maxsize=4_096)
def _under(heading: str) -> str:
    folded = fold(heading)
    found = ""
    for name, words in _heading_words():
        if any(word in folded for word in words):
            found = name
    return found


def shapes(outline: Outline, told: str = "") -> list[Shape]:
    """The shape of every block of an outline.

    :param told: what structured data says of the page's subject; blocks it repeats are marked.
    """
    blocks = outline.blocks
    total = len(blocks)
    texts = Counter(block.text for block in blocks)
    siblings = Counter(block.outer for block in blocks)
    first_h1 = next((at for at, block in enumerate(blocks) if block.tag == "h1"), -1)
    has_main = any(block.areas & _MAIN for block in blocks)
    has_article = any(block.areas & _ARTICLE for block in blocks)
    lengths = [word_count(block.text) for block in blocks]
    linked = [_links(block) for block in blocks]
    rough = [
        ("s" if words <= 3 else "m" if words <= 15 else "l")
        + ("c" if links in "bc" else "0" if links == "0" else "a")
        for words, links in zip(lengths, linked, strict=True)
    ]
    told = told.lower()
    seen: set[str] = set()
    found = []
    under = ""
    for at, block in enumerate(blocks):
        text = block.text
        size = len(text)
        if block.tag in _HEADINGS or (block.near & _TITLE and size < 50):
            under = _under(text[:200])
        flags = []
        if block.hidden:
            flags.append("hidden")
        if texts[text] > 1:
            flags.append("twice")
            if text in seen:
                flags.append("again")
            seen.add(text)
        if first_h1 >= 0:
            flags.append("after-h1" if at > first_h1 else "before-h1" if at < first_h1 else "h1")
        if has_main:
            flags.append("in-main" if block.areas & _MAIN else "out-of-main")
        if has_article:
            flags.append("in-article" if block.areas & _ARTICLE else "out-of-article")
        if text[-1] in ".!?。！？:：…":
            flags.append("stop")
        if size < 300:
            if _RIGHTS.search(text):
                flags.append("rights")
            if size < 100 and _PRICE.search(text):
                flags.append("price")
            if _YEAR.search(text):
                flags.append("year")
        if size > 3 and text.isupper():
            flags.append("upper")
        if block.struck:
            flags.append("struck")
        if told and size > 12 and text[:60].lower() in told:
            flags.append("told")
        count = siblings[block.outer]
        found.append(
            Shape(
                block.tag if block.tag in _TAGS else "other",
                _length(lengths[at]),
                linked[at],
                block.areas,
                block.near,
                block.far,
                block.place,
                " ".join(flags),
                0 if count <= 1 else 1 if count <= 3 else 2 if count <= 8 else 3,
                min(block.depth // 4, 7),
                under,
                rough[at - 1] if at else "x",
                rough[at + 1] if at + 1 < total else "x",
                str(10 * at // total),
            )
        )
    return found


def marks_of(shape: Shape) -> Iterator[str]:
    """The named marks of a shape: what the weights are learnt for."""
    yield f"length:{shape.length}"
    yield f"tag:{shape.tag}"
    yield f"links:{shape.links}"
    yield f"links:{shape.links}:{shape.length}"
    yield f"tag:{shape.tag}:{shape.links}"
    for name, bit in AREA_BITS.items():
        if shape.areas & bit:
            yield f"in:{name}"
    for name, bit in GROUP_BITS.items():
        if shape.near & bit:
            yield f"near:{name}"
        if shape.far & bit:
            yield f"far:{name}"
    yield f"place:{shape.place}"
    yield from shape.flags.split()
    yield f"siblings:{shape.siblings}"
    yield f"depth:{shape.depth}"
    if shape.under:
        yield f"under:{shape.under}"
    yield f"before:{shape.before}"
    yield f"after:{shape.after}"
    yield f"position:{shape.position}"


@lru_cache(maxsize=1)
def _weights() -> dict[str, dict[str, float]]:
    source = files("crawlers.extract").joinpath("text_weights.toml").read_text("utf-8")
    return tomllib.loads(source)


class _Scale:
    """The weights of one page kind, with sums kept by part."""

    def __init__(self, kind: str) -> None:
        tables = _weights()
        own = tables.get(kind, {})
        shared = tables["shared"]
        self.weight = {name: shared.get(name, 0.0) + own.get(name, 0.0) for name in {*shared, *own}}
        self.base = self.weight.pop("always", 0.0) - tables["threshold"].get(kind, 0.0)
        self.bits: dict[tuple[str, int], float] = {}
        self.rest: dict[str, float] = {}

    def _of_bits(self, name: str, table: dict[str, int], bits: int) -> float:
        key = (name, bits)
        value = self.bits.get(key)
        if value is None:
            value = sum(
                self.weight.get(f"{name}:{part}", 0.0) for part, bit in table.items() if bits & bit
            )
            if len(self.bits) < 50_000:
                self.bits[key] = value
        return value

    def _of_flags(self, flags: str) -> float:
        value = self.rest.get(flags)
        if value is None:
            value = sum(self.weight.get(flag, 0.0) for flag in flags.split())
            self.rest[flags] = value
        return value

    def score(self, shape: Shape) -> float:
        """Above zero: the block is the page's own text."""
        get = self.weight.get
        return (
            self.base
            + get(f"length:{shape.length}", 0.0)
            + get(f"tag:{shape.tag}", 0.0)
            + get(f"links:{shape.links}", 0.0)
            + get(f"links:{shape.links}:{shape.length}", 0.0)
            + get(f"tag:{shape.tag}:{shape.links}", 0.0)
            + self._of_bits("in", AREA_BITS, shape.areas)
            + self._of_bits("near", GROUP_BITS, shape.near)
            + self._of_bits("far", GROUP_BITS, shape.far)
            + get(f"place:{shape.place}", 0.0)
            + self._of_flags(shape.flags)
            + get(f"siblings:{shape.siblings}", 0.0)
            + get(f"depth:{shape.depth}", 0.0)
            + (get(f"under:{shape.under}", 0.0) if shape.under else 0.0)
            + get(f"before:{shape.before}", 0.0)
            + get(f"after:{shape.after}", 0.0)
            + get(f"position:{shape.position}", 0.0)
        )


@lru_cache(maxsize=32)
def _scale(kind: str) -> _Scale:
    return _Scale(kind)


# Kinds the labelled pages have no name for read like one that they have.
_LIKE = {
    "home": "service", "pricing": "service", "about": "service", "contact": "service",
    "careers": "service", "legal": "documentation", "other": "article", "forum_board": "forum",
    "forum_topic": "forum",
}  # fmt: skip


def main_blocks(outline: Outline, kind: str, told: str = "") -> list[Block]:
    """The blocks that are the page's own text, in its order, repeated ones once.

    :param kind: the page's kind; ``told``: see :func:`shapes`.
    """
    scale = _scale(_LIKE.get(kind, kind))
    chosen = []
    seen: set[str] = set()
    for block, shape in zip(outline.blocks, shapes(outline, told), strict=True):
        if scale.score(shape) > 0 and not (shape.length > 3 and block.text in seen):
            chosen.append(block)
            seen.add(block.text)
    return chosen


def join_blocks(blocks: Iterable[Block]) -> str:
    """Blocks as text: one a line."""
    return "\n".join(block.text for block in blocks)

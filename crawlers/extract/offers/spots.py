"""Where a page may speak of offers: the few blocks that hold an amount, a stock word, a label.

All phrases of offers are looked for in one scan of the folded page; the careful readers then see
only the blocks found here. A block named here need not hold what it is named for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from crawlers.extract.offers.promotions import CUES
from crawlers.extract.offers.words import offer_words
from crawlers.extract.outline import Outline
from crawlers.extract.prices.money import price_words, signs
from crawlers.folding import fold
from crawlers.spotting import Phrasebook, stands_alone

Sort = Literal[
    "sign",
    "shared",
    "digit",
    "shared_digit",
    "word",
    "state",
    "label",
    "sold",
    "name",
    "promotion",
]
STATES = ("OutOfStock", "PreOrder", "Discontinued", "InStock")
PRICE_LABELS = (
    "到手价", "售价", "现价", "优惠价", "活动价", "促销价", "券后价", "会员价", "特价",
)  # fmt: skip
"""Folded; a number right behind is a price without its sign."""
_SHORT = 3  # letters: shorter signs are looked for together with a digit
_LONGEST_WORD = 60  # characters of a block that says no more than "free" or "ask us"


@dataclass(slots=True)
class Spots:
    """Numbers of blocks, in the page's order: ``money`` may hold an amount, ``words`` say "free" or
    "ask us", ``states`` speak of stock, ``labels`` begin with the label of a number or brand,
    ``sold`` of sales, ``names`` name currencies, ``promotions`` hold a cue of one; ``shared``: an
    amount has a sign of several.
    """

    money: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    states: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    sold: list[int] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    promotions: list[int] = field(default_factory=list)
    shared: bool = False


class _Book(NamedTuple):
    phrases: Phrasebook
    sorts: list[Sort]
    named: list[bool]  # the sign is a currency's name too: "US$", 美元


@lru_cache(maxsize=1)
def _book() -> _Book:
    found: dict[str, Sort] = {}
    names: set[str] = set()
    for phrase, sort in _phrases():
        if phrase.strip():
            found.setdefault(phrase, sort)
            if sort == "name":
                names.add(phrase)
    return _Book(Phrasebook(found), list(found.values()), [phrase in names for phrase in found])


def _phrases() -> Iterator[tuple[str, Sort]]:
    tables = price_words()
    shared = {fold(sign) for sign in tables["family"]}
    for sign in dict.fromkeys(fold(sign) for sign in signs()):
        sort: Sort = "shared" if sign in shared else "sign"
        if sign[0].isascii() and sign[0].isalpha() and len(sign) <= _SHORT:
            digits: Sort = "shared_digit" if sign in shared else "digit"
            yield from ((phrase, digits) for phrase in _with_digit(sign))
        else:
            yield sign, sort
    for word in dict.fromkeys(fold(word) for word in tables["times"]):
        if word.isascii() and len(word) <= _SHORT:
            yield from ((f"{digit}{word}", "digit") for digit in range(10))
            if len(word) > 1 or word == "k":
                yield from ((f"{digit} {word}", "digit") for digit in range(10))
        else:
            yield word, "sign"
    yield "包邮", "sign"
    for word in PRICE_LABELS:
        yield from ((f"{word}{mark}", "sign") for mark in ("", ": "))
    yield from ((f"d{digit}", "digit") for digit in range(10))  # đ1.290.000
    words = offer_words()
    for state in STATES:
        yield from ((word, "state") for word in words[state])
    for group in ("free", "ask"):
        yield from ((fold(word), "word") for word in tables[group]["words"])
    for group in ("sku", "model", "brand"):
        yield from ((f"\n{word}", "label") for word in words[group])
    for word in words["sold"]:
        yield word.replace("*", "").strip(" :"), "sold"
    yield from ((cue, "promotion") for cue in CUES)
    for code, names in tables["stated"].items():
        yield from ((fold(name), "name") for name in (code, *names))


def _with_digit(sign: str) -> Iterator[str]:
    for digit in range(10):
        yield f"{digit}{sign}"
        yield f"{digit} {sign}"
        if len(sign) > 1:
            yield f"{sign}{digit}"
            yield f"{sign} {digit}"


def spots_of(outline: Outline) -> Spots:
    """Look for everything an offer is told by."""
    spots = Spots()
    lines = outline.folded
    text = lines.joined
    book = _book()
    sorts = book.sorts
    line, starts = 0, lines.starts
    limit = starts[1] if len(starts) > 1 else len(text) + 1
    for number, start, end in book.phrases.spot(text):
        while end > limit:  # matches come in the order of their ends
            line += 1
            limit = starts[line + 1] if line + 1 < len(starts) else len(text) + 1
        sort = sorts[number]
        if sort in ("sign", "shared"):
            if not stands_alone(text, start, end):
                continue
            if book.named[number]:
                _put(spots.names, line)
            if _at_number(text, start, end):
                _put(spots.money, line)
                spots.shared = spots.shared or sort == "shared"
        elif sort in ("digit", "shared_digit"):
            if stands_alone(text, start, end):
                _put(spots.money, line)
                spots.shared = spots.shared or sort == "shared_digit"
        elif sort == "state":
            _put(spots.states, line)
        elif sort == "word":
            if limit - starts[line] <= _LONGEST_WORD + 1:
                _put(spots.words, line)
        elif sort == "label":
            _put(spots.labels, line)
        elif sort == "sold":
            _put(spots.sold, line)
        elif sort == "promotion":
            _put(spots.promotions, line)
        elif stands_alone(text, start, end):
            _put(spots.names, line)
    return spots


def may_hold_money(text: str) -> bool:
    """Whether an amount with a sign may stand in a text; sure of most texts that it does not."""
    text = fold(text)
    book = _book()
    for number, start, end in book.phrases.spot(text):
        sort = book.sorts[number]
        signed = sort in ("sign", "shared") and _at_number(text, start, end)
        if (signed or sort in ("digit", "shared_digit")) and stands_alone(text, start, end):
            return True
    return False


def _put(found: list[int], line: int) -> None:
    if not found or found[-1] != line:
        found.append(line)


def _at_number(text: str, start: int, end: int) -> bool:
    """Whether a digit stands right before or after, one space or a dash between at most."""
    return _digit(text[max(0, start - 2) : start]) or _digit(text[end : end + 2])


def _digit(part: str) -> bool:
    return any("0" <= char <= "9" or char in "-–—" for char in part)

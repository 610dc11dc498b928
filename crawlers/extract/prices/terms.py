"""The terms around a price: for how long, of what, "from"."""

import re
from functools import lru_cache
from typing import NamedTuple

from crawlers.extract.prices.money import price_words
from crawlers.spotting import Phrasebook
from crawlers.words import Period

_WIDE_SLASH = re.compile(r"[/／]\s+")
_AMOUNT_OF_UNIT = re.compile(r"/\s?\d{1,4}(?:\.\d)?\s?")
_SHOWN_AFTER = re.compile(
    r"\s?(?:起售?|\+(?![\d\w]))"
    r"|[,，;·]?\s?[(（]?(?:(?:when |if )?(?:billed|paid|charged|invoiced)"
    r" (?:yearly|annually|monthly|quarterly|every year|per year|once a year)"
    r"|(?:thanh toán|trả|tính phí) (?:theo|hàng) (?:năm|tháng|quý)"
    r"|按[年月季](?:付费|付費|支付|计费|計費|付))(?!\w)[)）]?",
    re.IGNORECASE,
)
_PERIOD_WITHIN = 28  # characters after a price in which its period may start
_UNIT_WITHIN = 24
_BESIDE = 12  # terms that start so near belong to the text of the price


class _Term(NamedTuple):
    part: str  # "period" or "unit"
    name: str


@lru_cache(maxsize=1)
def _book() -> tuple[Phrasebook, list[_Term]]:
    terms = {
        word.lower(): _Term(part, name)
        for part in ("unit", "period")
        for name, words in price_words()[part].items()
        for word in words
    }
    return Phrasebook(terms), list(terms.values())


def _found(text: str) -> list[tuple[int, int, _Term]]:
    """The terms in a text, the longest of those that start at one place, none within another."""
    book, terms = _book()
    text = text.lower()
    spotted = book.spot(text)
    if not spotted:
        return []
    spots = sorted(
        (start, -end, number) for number, start, end in spotted if _edged(text, start, end)
    )
    found: list[tuple[int, int, _Term]] = []
    taken = {"period": 0, "unit": 0}
    for start, minus_end, number in spots:
        term = terms[number]
        if start >= taken[term.part]:
            found.append((start, -minus_end, term))
            taken[term.part] = -minus_end
    return found


def _edged(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if first.isalpha() and first < "⺀" and start and _latin(text[start - 1]):
        return False
    after = text[end : end + 1]
    return not (last.isalnum() and last < "⺀" and (_latin(after) or after.isnumeric()))


def _latin(char: str) -> bool:
    return char.isalpha() and char < "⺀"


def squeezed(text: str) -> str:
    """A slash of any width without spaces around it."""
    if "/" not in text and "／" not in text:
        return text
    return _WIDE_SLASH.sub("/", text.replace("／", "/").replace(" /", "/"))


def terms_of(after: str) -> tuple[Period | None, str | None, int]:
    """Period and unit said right after a price, and how many characters they take.

    ``/user/month``, ``per seat, billed annually`` (paid by the month's price: the nearest word
    wins), ``元/人/月``.
    """
    if not after or after.isspace():
        return None, None, 0
    several = _AMOUNT_OF_UNIT.match(after)  # 29.9元/2斤
    found = _found(after)
    if several and not any(start == 0 for start, _, _ in found):
        cut = several.end() - 1
        rest = _found("/" + after[several.end() :])
        found = [(at + cut, end + cut, term) for at, end, term in rest]
    period: Period | None = None
    unit = None
    used = 0
    taken = (-1, -1)
    for start, end, term in found:
        if term.part == "period" and start <= _PERIOD_WITHIN:
            period, taken = _period(term.name), (start, end)
            used = end if start <= _BESIDE else 0
            break
    for start, end, term in found:
        if term.part == "unit" and start <= _UNIT_WITHIN and not taken[0] <= start < taken[1] - 1:
            unit = term.name
            used = max(used, end if start <= _BESIDE else 0)
            break
    return period, unit, min(used, len(after))


def terms_before(before: str) -> tuple[Period | None, str | None]:
    """Period and unit in the words before a price: 每人每月, "monthly", ``mỗi tháng``."""
    if not before or before.isspace():
        return None, None
    period: Period | None = None
    unit = None
    for start, _, term in _found(before):
        if before[start] in "/／":
            continue
        if term.part == "period":
            period = _period(term.name)
        elif term.name != "piece":
            unit = term.name
    return period, unit


def _period(name: str) -> Period:
    return name  # type: ignore[return-value]  # the table's names are the vocabulary's


@lru_cache(maxsize=1)
def _low_words() -> tuple[str, ...]:
    return tuple(word.lower() for word in price_words()["lowest"]["words"])


def says_lowest(before: str, after: str) -> bool:
    """Whether the words beside an amount say that it is the lowest of several."""
    return after.lstrip()[:1] in ("起", "+") or lowest_before(before) > 0


def lowest_before(before: str) -> int:
    """How many characters at the end of a text say that the amount after it is the lowest."""
    bare = before.rstrip(": \u00a0：").lower()
    if not bare.endswith(_low_words()):
        return 0
    sizes = (
        len(word)
        for word in _low_words()
        if bare.endswith(word)
        and not (_latin(word[0]) and _latin(bare[-len(word) - 1 : -len(word)] or " "))
    )
    size = max(sizes, default=0)
    return size + len(before) - len(bare) if size else 0


def shown_after(text: str, end: int) -> int:
    """Where a price's text ends with "from" and how it is billed: ``¥199起``, "billed yearly"."""
    match = _SHOWN_AFTER.match(text, end)
    return match.end() if match else end

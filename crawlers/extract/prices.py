"""Prices as people write them, in the markets we read.

``1.290.000₫``, ``1tr290``, ``850k``, ``10 củ``, ``¥199起``, ``NT$1,280``, ``$9/mo billed yearly``,
``1.5万元/年``, ``免费``, ``liên hệ``, ranges. The words are in ``price_words.toml``. A sign that
several currencies share is told from the page (:class:`Hints`), or the currency stays ``None``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from crawlers.extract.money import (
    BARE_NUMBER,
    MOST,
    NUMBER,
    Hints,
    currency_of,
    machine_amount,
    parse_number,
    price_words,
)
from crawlers.words import Period

__all__ = [
    "Hints",
    "Price",
    "find_prices",
    "machine_amount",
    "parse_number",
    "read_price",
    "terms_of",
]

_LONGEST = 400  # characters of one price text read
_AFTER = 48  # characters after a price in which its period and unit stand
_BEFORE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price read. ``amount`` is ``None`` where the text says to ask; zero where it is free.

    ``highest`` closes a range; ``lowest`` says that the amount is "from"; ``start`` and ``end``
    are where it stands in the text read.
    """

    text: str
    amount: Decimal | None = None
    highest: Decimal | None = None
    currency: str | None = None
    period: Period | None = None
    unit: str | None = None
    lowest: bool = False
    start: int = 0
    end: int = 0


def _any_of(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _edged(signs: list[str]) -> str:
    """Alternatives, longest first; words end at their edge, so that ``đ`` is not in ``đồng``."""
    pieces = []
    for sign in sorted(signs, key=len, reverse=True):
        start = r"(?<![a-zà-ỹ])" if sign[0].isalpha() and sign[0] < "⺀" else ""
        end = r"(?![a-zà-ỹ])" if sign[-1].isalpha() and sign[-1] < "⺀" else ""
        pieces.append(start + re.escape(sign) + end)
    return "|".join(pieces)


_CENTS = re.compile(r" \.?(\d\d)(?=$|[^\w.,%]*$|\s*[$€£/])")


class _Seen(NamedTuple):
    """A number with the sign before or after it and the word that multiplies it."""

    text: str
    number: str
    before: str | None
    times: str | None
    rest: str | None
    after: str | None
    start: int
    end: int


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What stands before a number; the multiplier after it; a sign after it; a code after it."""
    tables = price_words()
    signs = [*tables["sign"], *tables["family"]]
    codes = [sign for sign in tables["sign"] if sign.isascii() and len(sign) == 3]
    # A sign that stands before its number belongs to the next number, if one follows.
    leading = [sign for sign in signs if not sign[-1].isalnum() and sign != "₫"]
    trailing = [sign for sign in signs if sign not in leading]
    times = _any_of(tables["times"])
    flags = re.IGNORECASE
    return (
        re.compile(rf"(?:{_edged(signs)})[ \u00a0]?$", flags),
        re.compile(
            rf"[ \u00a0]?({times})(\d{{1,3}}| \d(?![\d.,\w]))?(?![a-zà-ỹ²])", flags
        ),
        re.compile(
            rf"(?:[.,]-)?[ \u00a0]?((?:{_trailing(trailing)})"
            rf"|(?:{_edged(leading)})(?![ \u00a0]?\d))", flags
        ),
        re.compile(rf"[ \u00a0]?({_trailing(codes)})", flags),
    )  # fmt: skip


_CUE = re.compile(
    r"[$＄€£¥￥₫₹₩฿₱₪₽₺₴₤元块塊円원万萬đĐ]|\d[ \u00a0]?(?:k|tr|ng|tỷ|tỉ|ty|củ|cu|d|w|m)"
    r"|(?<![a-z])(?:[a-z]{3}|kr|rs|rm|rp|lei|kn|ft|zł|kč|руб)\.?[ \u00a0]?\d"
    r"|\d[ \u00a0]?(?:[a-z]{3}|kr|lei|kn|ft|zł|kč|руб|euros?|人民|日元|美|欧|新|港)(?![a-z])",
    re.IGNORECASE,
)


def _numbers(text: str) -> Iterator[_Seen]:
    before, times, sign, code = _patterns()
    for match in BARE_NUMBER.finditer(text):
        start, end = match.span()
        previous = text[max(0, start - 1) : start]
        lead = before.search(text[max(0, start - 8) : start]) if previous else None
        if lead is None and not "⺀" <= previous <= "鿿":
            code_like = previous == "-" and text[max(0, start - 2) : start - 1].isalpha()
            if previous == "_" or previous.isalnum() or code_like:
                continue
        multiplier = times.match(text, end)
        word = rest = None
        if multiplier:
            word, rest = multiplier.groups()
            end = multiplier.end()
        number = match[0]
        if lead and not multiplier:
            cents = _CENTS.match(text, end)
            if cents and number.isdigit():  # "$29 99": the cents stand raised, without a point
                number, end = f"{number}.{cents[1]}", cents.end()
        tail = (code if lead else sign).match(text, end)
        if tail:
            end = tail.end()
        if lead:
            start -= len(lead[0])
        yield _Seen(
            text, number, lead[0].strip() if lead else None, word, rest,
            tail[1] if tail else None, start, end,
        )  # fmt: skip


def _trailing(signs: list[str]) -> str:
    """Signs after a number may touch it: ``49USD``, ``290.000đ``."""
    pieces = []
    for sign in sorted(signs, key=len, reverse=True):
        end = r"(?![a-zà-ỹ])" if sign[-1].isalpha() and sign[-1] < "⺀" else ""
        pieces.append(re.escape(sign) + end)
    return "|".join(pieces)


_RANGE = re.compile(r"^\s*(?:-|–|—|~|～|to|đến|den|tới|至|到)\s*$", re.IGNORECASE)
_LOW = re.compile(r"[/／]\s+")
_VI_TIMES = frozenset(
    {
        "k",
        "nghìn",
        "nghin",
        "ngàn",
        "ngan",
        "ng",
        "tr",
        "triệu",
        "trieu",
        "củ",
        "cu",
        "tỷ",
        "tỉ",
        "ty",
    }
)
_VI_SURE = frozenset({"nghìn", "ngàn", "triệu", "trieu", "củ", "tỷ", "tỉ", "tr"})


@lru_cache(maxsize=2)
def _around(part: str) -> re.Pattern[str]:
    """One pattern for all words of ``period`` or ``unit``."""
    words = [word for group in price_words()[part].values() for word in group]
    pieces = []
    for word in sorted(words, key=len, reverse=True):
        edge = r"(?![a-zà-ỹ0-9])" if word[-1].isalnum() and word[-1] < "⺀" else ""
        start = r"(?<![a-zà-ỹ])" if word[0].isalpha() and word[0] < "⺀" else ""
        pieces.append(start + re.escape(word) + edge)
    return re.compile("|".join(pieces), re.IGNORECASE)


@lru_cache(maxsize=2)
def _word_table(part: str) -> dict[str, str]:
    return {word: name for name, group in price_words()[part].items() for word in group}


def _read(seen: _Seen, hints: Hints) -> Price | None:
    before, after = seen.before, seen.after
    times = (seen.times or "").lower()
    sign = after if before and after else before or after
    if sign and sign.lower() == "d" and not _is_dong(seen.number, hints):
        sign = None
    if sign and sign.lower() == "ft" and (sign != "Ft" or hints.currency not in (None, "HUF")):
        sign = None  # feet
    currency = currency_of(sign, hints) if sign else None
    vietnamese = hints.lang == "vi" or hints.country == "vn" or currency == "VND"
    if not sign:
        if not times:
            return None
        if times in _VI_SURE or (vietnamese and times in _VI_TIMES):
            currency = "VND"
        elif times in ("万", "萬") and seen.text[seen.end : seen.end + 1] == "起":
            currency = price_words()["language"].get(hints.lang)
        else:
            return None  # "10k" alone is a count
    if times in ("w", "m") and not before:
        times = ""
    factor = price_words()["times"].get(times, 1) if times else 1
    if times in _VI_TIMES - {"k"} and currency not in (None, "VND"):
        return None
    amount = _multiplied(seen.number, seen.rest, factor, currency)
    if amount is None:
        return None
    return Price(
        text=seen.text[seen.start : seen.end].strip(),
        amount=amount,
        currency=currency,
        start=seen.start,
        end=seen.end,
    )


def _is_dong(number: str, hints: Hints) -> bool:
    """``290.000d`` is how đồng is typed without accents; ``5d`` are days."""
    return hints.lang == "vi" and bool(re.search(r"[.,]000|\d{4}", number))


def _multiplied(number: str, rest: str | None, factor: int, currency: str | None) -> Decimal | None:
    """``1tr29`` is 1.29 million, ``1,5tr`` one and a half, ``1.200k`` twelve hundred thousand."""
    if factor == 1:
        return parse_number(number, currency)
    simple = re.fullmatch(r"(\d+)[.,](\d{1,3})", number)
    if simple and not (factor == 1000 and len(simple[2]) == 3):
        value: Decimal | None = Decimal(f"{simple[1]}.{simple[2]}")
    else:
        value = parse_number(number, currency)
    if value is None:
        return None
    if rest:
        rest = rest.strip()
        value += Decimal(rest) / (10 ** len(rest))
    value *= factor
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    return value if value < MOST else None


def find_prices(text: str, hints: Hints) -> list[Price]:
    """Every price in a text, ranges joined, period and unit read from the words around.

    :param text: visible text; the first 20,000 characters are read.
    """
    text = text[:20_000]
    if not _CUE.search(text):
        return []
    found: list[Price] = []
    for seen in _numbers(text):
        price = _read(seen, hints)
        if price is None:
            _close_range(found, seen, text)
            continue
        if found:
            last = found[-1]
            between = text[last.end : price.start]
            if _RANGE.match(between) and last.highest is None and last.amount is not None:
                same = last.currency in (None, price.currency) or price.currency is None
                if same and price.amount is not None and price.amount > last.amount:
                    found[-1] = replace(
                        last,
                        highest=price.amount,
                        currency=last.currency or price.currency,
                        end=price.end,
                        text=text[last.start : price.end].strip(),
                    )
                    continue
        price = _open_range(price, text, hints)
        found.append(price)
    return [_with_terms(price, text, found, at) for at, price in enumerate(found)]


def _close_range(found: list[Price], seen: _Seen, text: str) -> None:
    """``¥199-299``: the second number has no sign of its own."""
    if not found or found[-1].highest is not None or found[-1].amount is None:
        return
    last = found[-1]
    if _RANGE.match(text[last.end : seen.start]):
        amount = parse_number(seen.number, last.currency)
        if amount is not None and last.amount is not None and last.amount < amount:
            end = seen.start + len(seen.number)
            found[-1] = replace(last, highest=amount, end=end, text=text[last.start : end].strip())


def _open_range(price: Price, text: str, hints: Hints) -> Price:
    """``100-200k``, ``199-299元``: the first number takes sign and factor of the second."""
    before = text[max(0, price.start - 24) : price.start]
    match = re.search(rf"(?<![\d.,])({NUMBER})\s*[-–~～]\s*$", before)
    if not match or price.amount is None or not price.text[:1].isdigit():
        return price
    low = parse_number(match[1], price.currency)
    if low is None or not low > 0:
        return price
    number = re.match(NUMBER, price.text)
    shown = parse_number(number[0], price.currency) if number else None
    if shown and low < shown:
        factor = price.amount / shown
        start = price.start - (len(before) - match.start())
        return replace(
            price,
            amount=(low * factor).quantize(Decimal(1)) if factor != 1 else low,
            highest=price.amount,
            start=start,
            text=text[start : price.end].strip(),
        )
    return price


def _squeezed(text: str) -> str:
    """A slash of any width without spaces around it."""
    return _LOW.sub("/", text.replace("／", "/").replace(" /", "/"))


def _with_terms(price: Price, text: str, others: list[Price], at: int) -> Price:
    """Add period, unit and "from" of the words around, as far as the next price."""
    limit = others[at + 1].start if at + 1 < len(others) else len(text)
    after = _squeezed(text[price.end : min(limit, price.end + _AFTER)])
    floor = others[at - 1].end if at else 0
    before = text[max(floor, price.start - _BEFORE) : price.start]
    period, unit, used = terms_of(after)
    if period is None:
        match = list(_around("period").finditer(before.lower()))
        if match and match[-1].group()[0] != "/":
            period = _period(_word_table("period")[match[-1].group()])
    low = bool(re.match(r"\s*(?:起|\+)", after)) or _is_low(before)
    end = price.end + used
    while end < len(text) and len(_squeezed(text[price.end : end])) < used:
        end += 1
    return replace(
        price, period=period, unit=unit, lowest=low, text=text[price.start : end].strip(), end=end
    )


@lru_cache(maxsize=1)
def _low_words() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|\W)(?:{_any_of(price_words()['lowest']['words'])})[:\s]*$", re.IGNORECASE
    )


def _is_low(before: str) -> bool:
    return bool(_low_words().search(before))


def _period(name: str) -> Period:
    return name  # type: ignore[return-value]  # the table's names are the vocabulary's


def terms_of(after: str) -> tuple[Period | None, str | None, int]:
    """Period and unit said right after a price, and how many characters they take.

    ``/user/month``, ``per seat, billed annually`` (paid by the month's price: the nearest word
    wins), ``元/人/月``.
    """
    lowered = after.lower()
    periods = list(_around("period").finditer(lowered))
    units = list(_around("unit").finditer(lowered))
    period = unit = None
    used = 0
    if periods and periods[0].start() <= 28:
        period = _period(_word_table("period")[periods[0].group()])
        if periods[0].start() <= 12:
            used = periods[0].end()
    if units and units[0].start() <= 24:
        taken = periods[0].span() if periods else (-1, -1)
        for match in units:
            if match.start() <= 24 and not (taken[0] <= match.start() < taken[1] - 1):
                unit = _word_table("unit")[match.group()]
                used = max(used, match.end() if match.start() <= 12 else 0)
                break
    return period, unit, min(used, len(after))


@lru_cache(maxsize=1)
def _free_words() -> frozenset[str]:
    return frozenset(price_words()["free"]["words"])


@lru_cache(maxsize=1)
def _ask_words() -> frozenset[str]:
    return frozenset(price_words()["ask"]["words"])


def read_price(text: str, hints: Hints | None = None) -> Price | None:
    """The one price a short text states: its first, or "free", or "ask us"; ``None`` for none.

    >>> read_price("1tr290").amount
    Decimal('1290000')
    """
    hints = hints or Hints()
    text = " ".join(text[:_LONGEST].split())
    found = find_prices(text, hints)
    if found:
        return found[0]
    bare = re.sub(r"^[\W_]+|[\W_]+$", "", text).lower()
    if bare in _free_words():
        return Price(text=text, amount=Decimal(0))
    if bare in _ask_words():
        return Price(text=text)
    return None

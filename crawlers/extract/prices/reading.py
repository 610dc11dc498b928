"""Prices as people write them, in the markets we read.

``1.290.000₫``, ``1tr290``, ``850k``, ``10 củ``, ``¥199起``, ``NT$1,280``, ``$9/mo billed yearly``,
``1.5万元/年``, ``免费``, ``liên hệ``, ranges. The words are in ``prices/words.toml``. A sign that
several currencies share is told from the page (:class:`Hints`), or the currency stays ``None``.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from crawlers.extract.prices.money import (
    MOST,
    NUMBER,
    Hints,
    currency_of,
    machine_amount,
    parse_number,
    price_words,
    signs,
)
from crawlers.extract.prices.sense import Sense, counts, sense_of, speaks_of_money
from crawlers.extract.prices.signs import Seen, numbers_with_signs
from crawlers.extract.prices.terms import (
    lowest_before,
    says_lowest,
    shown_after,
    squeezed,
    terms_before,
    terms_of,
)
from crawlers.words import Period

__all__ = [
    "Hints",
    "Price",
    "find_prices",
    "labels_word",
    "machine_amount",
    "parse_number",
    "priced_by_sense",
    "read_price",
    "read_word",
    "squeezed",
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


_TO = r"\s*(?:-|–|—|~|～|\bto\b|đến|den|tới|至|到)\s*"
_RANGE = re.compile(_TO + r"[$€£¥￥]?\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:and|và|和|与|與)\s*$", re.IGNORECASE)
_OPENS_RANGE = re.compile(r"between\W*$|\bgiữa\W*$|\btừ\W*$|介于\W*$", re.IGNORECASE)
_LOW_END = re.compile(rf"(?<![\d.,])({NUMBER})(?:{_TO})$", re.IGNORECASE)
_VI_TIMES = frozenset(
    "k nghìn nghin ngàn ngan ng tr triệu trieu củ cu tỷ tỉ ty lít lit cành".split()
)
_VI_SURE = frozenset("nghìn ngàn triệu trieu củ tỷ tỉ tr".split())
_SLANG = frozenset(("lít", "lit", "m", "cành"))  # litres, metres, twigs
_CENT = "¢"
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_PRICED = re.compile(
    r"(?:到手|售|现|現|优惠|優惠|活动|活動|促销|促銷|券后|券後|会员|會員|特)[价價]\s?[:：]?\s?$"
)
_NO_AMOUNT = re.compile(
    r"\s?(?:[%％折分年月日天个個位件款种種号號倍万萬亿億wk]|-?\d)", re.IGNORECASE
)
_PHONE = re.compile(r"[\s:：(（]\+?\d[\d .()-]{6,18}[)）]?\W{0,3}$")


def _read(seen: Seen, hints: Hints) -> Price | None:
    before, after = seen.before, seen.after
    times = (seen.times or "").lower()
    sign = before or after
    if before and after and isinstance(signs().get(before.lower()), tuple):
        sign = after
    if sign and sign.lower() == "d" and not _is_dong(seen.number, hints):
        sign = None
    if sign == "Ft" and hints.currency not in (None, "HUF"):
        sign = None  # feet
    if sign == "NT" and not (hints.country == "tw" or hints.lang == "zh-hant"):
        sign = None
    currency = currency_of(sign, hints) if sign else None
    vietnamese = hints.lang == "vi" or hints.country == "vn" or currency == "VND"
    if not sign:
        if not times or not _sure_without_sign(seen, times, vietnamese=vietnamese):
            return None
        currency = "VND"
        if times in ("万", "萬", "亿", "億"):
            currency = price_words()["language"].get(hints.lang)
    if times in ("w", "m") and not before and not (times == "m" and vietnamese):
        times = ""
    factor = price_words()["times"].get(times, 1) if times else 1
    if times in _VI_TIMES - {"k"} and currency not in (None, "VND"):
        return None
    amount = _multiplied(seen.number, seen.rest, factor, currency)
    if amount is None:
        return None
    return Price(
        text=seen.text[seen.start : seen.end].strip(),
        amount=amount / 100 if sign == _CENT else amount,
        currency=currency,
        start=seen.start,
        end=seen.end,
    )


def _sure_without_sign(seen: Seen, times: str, *, vietnamese: bool) -> bool:
    """Whether a multiplied number without a sign is money: "10k" alone is a count."""
    before, after = seen.text[: seen.start], seen.text[seen.end :]
    if times in _SLANG:
        return vietnamese and speaks_of_money(before) and (times != "m" or bool(seen.rest))
    if times in ("万", "萬"):
        return (
            bool(seen.rest)
            or after[:1] == "起"
            or bool(re.match(r"[/／](?:㎡|平|m2|m²|台|辆|年)", after))
        )
    known = times in _VI_SURE or (vietnamese and times in _VI_TIMES)
    return known and not counts(before, after)


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
        value += Decimal(rest) / (10 ** len(rest))
    value *= factor
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    return value if value < MOST else None


def find_prices(text: str, hints: Hints) -> list[Price]:
    """Every price in a text, ranges joined, period and unit read from the words around.

    Amounts of money that are no prices (savings, instalments) are among them: see
    :func:`read_price`.

    :param text: visible text; the first 20,000 characters are read.
    """
    text = text[:20_000]
    found: list[Price] = []
    for seen in numbers_with_signs(text):
        plain = seen.before is None and seen.after is None and seen.times is None
        price = None if plain else _read(seen, hints)
        if price is None:
            price = _implied(seen, hints)
        if price is None:
            _close_range(found, seen, text)
            continue
        if found and _joins(found[-1], price, text):
            last = found[-1]
            found[-1] = replace(
                last,
                highest=price.amount,
                currency=last.currency or price.currency,
                end=price.end,
                text=text[last.start : price.end].strip(),
            )
            continue
        found.append(_open_range(price, text))
    return [_with_terms(price, text, found, at) for at, price in enumerate(found)]


def _implied(seen: Seen, hints: Hints) -> Price | None:
    """``到手价 159``: a label says that it is a price; ``9.9包邮``: delivered free for so much, the
    currency left out; ``12.98-18.98万``.
    """
    if seen.text[seen.end : seen.end + 2] == "包邮" and not seen.times:
        amount = parse_number(seen.number)
        currency = price_words()["language"].get(hints.lang)
        if amount is not None:
            return Price(
                text=seen.text[seen.start : seen.end], amount=amount, currency=currency,
                start=seen.start, end=seen.end,
            )  # fmt: skip
    if not seen.times and _PRICED.search(seen.text[max(0, seen.start - 12) : seen.start]):
        tables = price_words()
        currency = tables["country"].get(hints.country) or tables["language"].get(hints.lang)
        amount = parse_number(seen.number, currency)
        if amount and not _NO_AMOUNT.match(seen.text, seen.end):
            return Price(
                text=seen.text[seen.start : seen.end], amount=amount, currency=currency,
                start=seen.start, end=seen.end,
            )  # fmt: skip
    if seen.times in ("万", "萬") and "." in seen.number:
        before = seen.text[max(0, seen.start - 16) : seen.start]
        if re.search(r"(?<![\d.])\d{1,4}\.\d{1,2}\s?[-–~～至]\s?$", before):
            amount = _multiplied(seen.number, None, 10_000, None)
            return Price(
                text=seen.text[seen.start : seen.end], amount=amount,
                currency=price_words()["language"].get(hints.lang),
                start=seen.start, end=seen.end,
            )  # fmt: skip
    return None


def _joins(last: Price, price: Price, text: str) -> bool:
    """Whether a price is the upper end of a range that the one before opens."""
    if last.highest is not None or last.amount is None or price.amount is None:
        return False
    between = text[last.end : price.start]
    if len(between) > 8 or price.amount <= last.amount:
        return False
    same = last.currency in (None, price.currency) or price.currency is None
    opens = _BETWEEN.match(between) and _OPENS_RANGE.search(text[: last.start][-16:])
    return same and bool(_RANGE.match(between) or opens)


def _close_range(found: list[Price], seen: Seen, text: str) -> None:
    """``¥199-299``: the second number has no sign of its own."""
    if not found or seen.start - found[-1].end > 8:
        return
    last = found[-1]
    if last.highest is not None or last.amount is None:
        return
    between = text[last.end : seen.start]
    if _RANGE.match(between) and not seen.times:
        amount = parse_number(seen.number, last.currency)
        if amount is not None and last.amount is not None and last.amount < amount:
            end = seen.start + len(seen.number)
            found[-1] = replace(last, highest=amount, end=end, text=text[last.start : end].strip())


def _open_range(price: Price, text: str) -> Price:
    """``100-200k``, ``199-299元``: the first number takes sign and factor of the second."""
    if price.amount is None or not price.text[:1].isdigit():
        return price
    before = text[max(0, price.start - 24) : price.start]
    if not before[-1:].strip() or before[-1:] in "-–—~～至到":
        match = _LOW_END.search(before)
    else:
        match = None
    low = parse_number(match[1], price.currency) if match else None
    if match is None or low is None or not low > 0:
        return price
    number = re.match(NUMBER, price.text)
    shown = parse_number(number[0], price.currency) if number else None
    if shown and low < shown:
        factor = price.amount / shown
        start = price.start - (len(before) - match.start())
        amount = low * factor if factor != 1 else low
        return replace(
            price,
            amount=amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount,
            highest=price.amount,
            start=start,
            text=text[start : price.end].strip(),
        )
    return price


def _with_terms(price: Price, text: str, others: list[Price], at: int) -> Price:
    """Add period, unit and "from" of the words around, as far as the next price."""
    limit = others[at + 1].start if at + 1 < len(others) else len(text)
    after = squeezed(text[price.end : min(limit, price.end + _AFTER)])
    floor = others[at - 1].end if at else 0
    before = text[max(floor, price.start - _BEFORE) : price.start]
    period, unit, used = terms_of(after)
    if before and (period is None or unit is None):
        told, of = terms_before(before)
        period, unit = period or told, unit or of
    end = price.end + used
    while end < len(text) and len(squeezed(text[price.end : end])) < used:
        end += 1
    begin = price.start - lowest_before(before)
    return Price(  # not replace(): it takes most of the time of a short price
        text=text[begin : shown_after(text, end)].strip(),
        amount=price.amount,
        highest=price.highest,
        currency=price.currency,
        period=period,
        unit=unit,
        lowest=says_lowest(before, after),
        start=price.start,
        end=end,
    )


@lru_cache(maxsize=1)
def _free_words() -> frozenset[str]:
    return frozenset(price_words()["free"]["words"])


@lru_cache(maxsize=1)
def _ask_words() -> frozenset[str]:
    return frozenset(price_words()["ask"]["words"])


@lru_cache(maxsize=1)
def _labelled() -> re.Pattern[str]:
    labels = "|".join(map(re.escape, price_words()["ask"]["labels"]))
    return re.compile(rf"(?:{labels})(?!\w)\s*[:：]?\s*|(?:{labels})(?<=[价價])", re.IGNORECASE)


def labels_word(text: str) -> bool:
    """Whether a text begins with a price's label: "Price: contact us", ``Giá: Liên hệ``."""
    return bool(_labelled().match(text))


def read_word(text: str) -> Price | None:
    """The price a short text states in words: "free", or "ask us"; ``None`` for none.

    A price's label before the words is left out, and so is a telephone number behind those: it
    is where to ask. Without a label, words and number are a contact.
    """
    short = text[:80]
    whole = _EDGE.sub("", short)
    label = _labelled().match(short.lstrip(" \t-–•*"))
    rest = short.lstrip(" \t-–•*")[label.end() :] if label else ""
    for words in (whole, rest.strip(), _PHONE.sub("", rest).strip()):
        bare = _EDGE.sub("", words).lower().replace("’", "'")
        if bare in _free_words():
            return Price(text=text if words == whole else words, amount=Decimal(0))
        if bare in _ask_words():
            return Price(text=text if words == whole else words)
    return None


def read_price(text: str, hints: Hints | None = None) -> Price | None:
    """The one price a short text states, as asked now, or "free", or "ask us"; ``None`` for none.

    Of several the first that is neither struck by its words ("was", 原价) nor other money
    ("save", "4 payments of"); an old price where no other stands.

    >>> read_price("1tr290").amount
    Decimal('1290000')
    """
    hints = hints or Hints()
    text = " ".join(text[:_LONGEST].split())
    old: Price | None = None
    now: Price | None = None
    for price, sense in priced_by_sense(text, hints):
        if sense == "now":
            return price
        if sense == "":
            now = now or price
        elif sense == "old":
            old = old or price
    return now or old or read_word(text)


def priced_by_sense(text: str, hints: Hints) -> list[tuple[Price, Sense]]:
    """Every amount of money in a text, with what the words beside it make of it."""
    prices = find_prices(text, hints)
    found: list[tuple[Price, Sense]] = []
    floor = 0
    for at, price in enumerate(prices):
        limit = prices[at + 1].start if at + 1 < len(prices) else len(text)
        found.append((price, sense_of(text[floor : price.start], text[price.end : limit])))
        floor = price.end
    return found

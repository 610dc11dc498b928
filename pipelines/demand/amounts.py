"""Numbers, lengths of time and sums of money as people say them in the three languages.

"third", "twice", "lần thứ ba", "两年半", "nửa năm"; "15 triệu", "5-7tr", "预算三千", "2k". Sums
with a sign or a unit are read by :mod:`crawlers.extract.prices`; bare ones ("budget is 500",
"预算3000左右") here, without a currency.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from crawlers.extract.prices.money import Hints, parse_number
from crawlers.extract.prices.reading import Price, find_prices
from crawlers.extract.prices.terms import terms_before, terms_of
from pipelines.demand.folded import bare

_EN_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_EN_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
).split()
_NUMBERS = {
    "en": {word: n for n, word in enumerate(_EN_NUMBERS, 1)}
    | {word: n for n, word in enumerate(_EN_ORDINALS, 1)}
    | {"twenty": 20, "once": 1, "twice": 2, "thrice": 3, "a": 1, "an": 1, "single": 1, "other": 2,
       "couple": 2},
    "vi": {bare(word): n for n, word in enumerate(
        "một hai ba bốn năm sáu bảy tám chín mười".split(), 1)}
    | {"tu": 4, "dau": 1, "chuc": 10, "vai": 3},
}  # fmt: skip
_HAN_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_HAN_NUMBER = re.compile("[零一二两三四五六七八九十百千万]+")
_HAN_SUM = re.compile(r"[一二两三四五六七八九十][零一二两三四五六七八九十百千万]*")
_DIGITS = re.compile(r"\d{1,4}")

_MONTHS = {
    "day": 1 / 30, "days": 1 / 30, "ngay": 1 / 30, "天": 1 / 30,
    "week": 7 / 30, "weeks": 7 / 30, "tuan": 7 / 30, "周": 7 / 30, "星期": 7 / 30, "礼拜": 7 / 30,
    "month": 1.0, "months": 1.0, "thang": 1.0, "月": 1.0,
    "year": 12.0, "years": 12.0, "nam": 12.0, "年": 12.0,
}  # fmt: skip
_PER_MONTH = {"day": 30.0, "week": 4.35, "month": 1.0, "year": 1 / 12}
_UNIT = {
    "day": "day", "days": "day", "morning": "day", "night": "day", "evening": "day", "daily": "day",
    "ngay": "day", "天": "day", "每天": "day", "天天": "day", "每日": "day", "ngay nao": "day",
    "moi ngay": "day", "hang ngay": "day",
    "week": "week", "weeks": "week", "weekly": "week", "tuan": "week", "周": "week",
    "星期": "week", "礼拜": "week",
    "month": "month", "months": "month", "monthly": "month", "thang": "month", "月": "month",
    "year": "year", "years": "year", "yearly": "year", "nam": "year", "年": "year",
}  # fmt: skip
_HALF_AFTER = ("and a half", "ruoi")


def count_of(words: str, lang: str) -> int | None:
    """A small whole number in digits or words, ordinals too; ``None`` where there is none."""
    digits = _DIGITS.search(words)
    if digits:
        return int(digits[0])
    if lang == "zh":
        found = _HAN_NUMBER.search(words)
        return _han_number(found[0]) if found else None
    table = _NUMBERS.get(lang, {})
    for word in bare(words).split():
        if word in table:
            return table[word]
    return None


def _han_number(text: str) -> int:
    """Chinese numerals: 三 is 3, 十二 12, 两千 2000, 两千五 2500, 一万二 12000."""
    total = section = digit = 0
    last_unit = 1
    for char in text:
        if char in _HAN_DIGITS:
            digit = _HAN_DIGITS[char]
            if char == "零":
                last_unit = 1
        else:
            unit = _HAN_UNITS[char]
            if unit == 10_000:
                total += (section + digit or 1) * unit
                section = 0
            else:
                section += (digit or 1) * unit
            digit, last_unit = 0, unit
    # "两千五" is 2500: a last digit after a unit stands for the unit below.
    return total + section + digit * (last_unit // 10 if last_unit >= 100 else 1)


def months_of(words: str, lang: str) -> float | None:
    """A length of time in months ("half a year" 6, "一年半" 18, "2 tuần" 0.47)."""
    text = bare(words)
    unit = next((u for u in _in_order(_MONTHS) if u in text), None)
    if unit is None:
        return None
    months = _MONTHS[unit]
    if lang == "zh":
        before, _, after = text.partition(unit)
        number = float(count_of(before, lang) or 0)
        number += 0.5 if "半" in before or after.startswith("半") else 0
    else:
        before = text.rpartition(unit)[0]
        counted = count_of(before, lang)
        if re.search(r"\bhalf a\b|\bnua\b", before):
            number = 0.5
        else:
            number = float(counted or 0) + (0.5 if any(h in text for h in _HALF_AFTER) else 0)
    return round(number * months, 2) if number else None


def _in_order(names: dict[str, float]) -> list[str]:
    return sorted(names, key=len, reverse=True)


def rate_of(count: str | None, every: str | None, unit: str, lang: str) -> tuple[str, float] | None:
    """How often, as normalised text and a number per month ("2 per week", 8.7)."""
    name = _UNIT.get(bare(unit).removesuffix(" nao"))
    if name is None:
        return None
    times = count_of(count, lang) if count else 1
    if every:
        apart = 0.5 if every in ("半", "nửa", "nua") else float(count_of(every, lang) or 1)
    else:
        apart = 1.0
    if not times or not apart:
        return None
    text = f"{times} per {name}" if apart == 1 else f"{times} per {apart:g} {name}s"
    return text, round(times / apart * _PER_MONTH[name], 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A sum of money: ``low`` to ``high`` in whole units, per ``period`` where one is said.

    ``currency`` is ISO 4217, or ``None`` where the post does not tell ("$" alone).
    """

    low: Decimal | None
    high: Decimal
    currency: str | None
    period: str | None

    def text(self) -> str:
        """As stored: "5000000-7000000 per month"; one number where both ends are the same."""
        low = self.high if self.low is None else self.low
        amount = f"{self.high:f}" if low == self.high else f"{low:f}-{self.high:f}"
        return f"{amount} per {self.period}" if self.period else amount


_BARE_SUM = re.compile(
    r"(?P<low>\d[\d.,]*)(?P<low_unit>[kw千万百]?)(?: ?(?:-|~|to|and|到|至|đến|den|tới) ?"
    r"(?P<high>\d[\d.,]*)(?P<high_unit>[kw千万百]?))?"
    r"(?: ?(?P<word>dollars?|bucks|pounds|quid|刀))?(?![\d%])"
)
_TIMES = {"": 1, "k": 1000, "千": 1000, "w": 10_000, "万": 10_000, "百": 100}
_WORDS = {"pounds": "GBP", "quid": "GBP"}
_VI_WORD = re.compile(
    r"\b(một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|mot|bon|nam|sau|bay|tam|chin|muoi)"
    r"(?= (?:triệu|trieu|trăm|tram|nghìn|nghin|ngàn|ngan|củ|cu|tỷ|ty|chục|chuc|đến|tới|-)\b)"
)
_TAEL = re.compile(r"(\d) ?(?:trăm|tram) ?(?:nghìn|nghin|ngàn|ngan|k)\b")
_MORE = re.compile(r"(?<=[\d百千万])[多来](?=[元块百千万]|$)")


def sum_of(words: str, lang: str, *, script: str | None = None) -> Sum | None:
    """The sum of money in a few words of a post, folded to lower case.

    :param script: ``Hant`` keeps 元 and 块 from being read as the mainland's.
    """
    text = words.strip()
    if lang == "zh":
        text = _HAN_SUM.sub(lambda m: str(_han_number(m[0])), _without_months(_MORE.sub("", text)))
    elif lang == "vi":
        text = _VI_WORD.sub(lambda m: str(count_of(m[0], "vi")), text)
        text = _TAEL.sub(r"\g<1>00k", text)
    hints = Hints(lang="zh-hant" if script == "Hant" else lang)
    priced = [p for p in find_prices(text, hints) if p.amount]
    if priced:
        return _of_price(priced[0], words)
    match = _BARE_SUM.search(text)
    return _bare_sum(match, words) if match else None


def _without_months(text: str) -> str:
    """The text with 一个月 and 一年 written as a period, lest they be read as numbers."""
    return re.sub(r"[一1]个?(?=[月年周天])", "每", text)


def _of_price(price: Price, words: str) -> Sum | None:
    if price.amount is None:
        return None
    high = price.highest if price.highest is not None else price.amount
    low = price.amount if price.highest is not None else None
    return _summed(low, high, price.currency, price.period or _period_of(words))


def _bare_sum(match: re.Match[str], words: str) -> Sum | None:
    low, high = parse_number(match["low"]), None
    if low is None:
        return None
    low_unit, high_unit = match["low_unit"], match["high_unit"] or ""
    low *= _TIMES[low_unit or high_unit]
    if match["high"] and (high := parse_number(match["high"])) is not None:
        high *= _TIMES[high_unit]
    currency = _WORDS.get(match["word"] or "")
    if high is None:
        return _summed(None, low, currency, _period_of(words))
    return _summed(low, high, currency, _period_of(words))


def _summed(
    low: Decimal | None, high: Decimal, currency: str | None, period: str | None
) -> Sum | None:
    if high <= 0:
        return None
    return Sum(
        low=None if low is None else min(low, high).quantize(Decimal(1)),
        high=max(high, low or high).quantize(Decimal(1)),
        currency=currency,
        period=period,
    )


def _period_of(words: str) -> str | None:
    """The period said beside a sum, in the words prices are read by."""
    after = re.sub(r"^[^\d一二两三四五六七八九十]*[\d.,一二两三四五六七八九十百千万kw]+", "", words)
    period = terms_of(after)[0] or terms_before(words)[0]
    if period is None:
        head = words[:3]
        named = {"每月": "month", "每个月": "month", "每年": "year", "每周": "week"}
        return next((name for sign, name in named.items() if head.startswith(sign)), None)
    return str(period)

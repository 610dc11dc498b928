"""What an amount is, by the words beside it: asked now, asked before, or no price at all.

"Save $20", ``Giảm 50.000đ``, 满99元包邮 and "4 payments of $25" hold money and are no prices.
"""

import re
from functools import lru_cache
from typing import Literal

from crawlers.extract.offers.words import Words, words_of
from crawlers.extract.prices.money import price_words
from crawlers.folding import fold

Sense = Literal["now", "old", "other", ""]
"""``now`` and ``old`` where words say so, ``other`` for money that is no price, else empty."""

_CLAUSES = re.compile(r"[.;。；！!?？,，|]\s|[。；，！？()（）]")
_TIMES = re.compile(r"\s*[x×*]\s*\d{1,2}\s*(?:期|thang|months?|ky|ki|instal)")
_GIFT = re.compile(r"(?:^|\b(?:duoc|them) )tang(?: ngay| them| den| toi)?\s?:?\s*$")
_NEAR_BEFORE, _NEAR_AFTER = 40, 28


def sense_of(before: str, after: str) -> Sense:
    """What the words right before and after an amount say of it; texts as they stand."""
    left = fold(before[-_NEAR_BEFORE:])
    right = fold(after[:_NEAR_AFTER]).lstrip(" -–,，:：")
    clause = _last_clause(left)
    if _table("instalment", "before").within(clause) or _TIMES.match(right):
        return "other"
    if any(start == 0 for start, _ in _table("instalment", "after").spans(right)):
        return "other"
    against = [end for _, end in words_of("not_before").spans(clause)]
    old = [end for _, end in words_of("old").spans(clause)]
    now = [end for _, end in words_of("current").spans(clause)]
    if against and max(against) >= max([*old, *now, 0]) and not _digits(clause[max(against) :]):
        return "other"
    if gives(clause):
        return "other"
    first = words_of("not_after").spans(right)[:1]
    if first and first[0][0] == 0:
        return "other"
    if old and max(old) > max(now, default=0):
        return "old"
    return "now" if now else ""


def gives(clause: str) -> bool:
    """Whether the folded words before an amount make a gift of it: ``Tặng 500k``; a thing may
    be called a gift and have a price (``Set quà tặng 500k``).
    """
    return _GIFT.search(clause) is not None


def counts(before: str, after: str) -> bool:
    """Whether a number without a currency counts people or things: "15k lượt xem"."""
    right = fold(after[:16]).lstrip(" +")
    if any(start == 0 for start, _ in _table("count", "after").spans(right)):
        return True
    left = fold(before[-16:]).rstrip(" :：")
    return any(end == len(left) for _, end in _table("count", "before").spans(left))


def speaks_of_money(before: str) -> bool:
    """Whether the word before an amount makes money of what may be a size: ``giá 5 lít``."""
    left = fold(before[-16:]).rstrip(" :")
    return any(end == len(left) for _, end in _table("slang", "before").spans(left))


def _last_clause(text: str) -> str:
    return _CLAUSES.split(text)[-1]


def _digits(text: str) -> bool:
    return any(char.isdigit() for char in text)


@lru_cache(maxsize=8)
def _table(part: str, side: str) -> Words:
    return Words(frozenset(price_words()[part][side]))

"""How often a thing was sold and how it is rated, in the words beside it."""

import re
from decimal import Decimal
from functools import lru_cache

from crawlers.extract.offers.words import offer_words
from crawlers.folding import fold

_LONGEST = 60  # characters of a block that says no more than this
_COUNT = r"(\d[\d.,]{0,11})\s?(k|tr|万|w|nghin|ngan)?\+?"
_OF_FIVE = re.compile(
    r"(?<![\d.,/])([0-5](?:[.,]\d{1,2})?)\s?(?:/\s?5(?![\d.,/])|out of 5|(?:of 5 )?stars?\b|sao\b"
    r"|★|⭐|星(?!期))"
)
# Folded: lower case, no accents, simplified characters.
_REVIEWS = re.compile(
    rf"(?<![\d.,]){_COUNT}\s?(?:(?:luot |bai )?(?:danh gia|nhan xet)"
    r"|(?:customer |verified |global )?(?:reviews?|ratings?)\b"
    r"|[条个人则份]?(?:用户|商品|买家)?(?:评价|评论|点评))"
)
_LABELLED = re.compile(
    rf"(?:累计评[价论]|(?:商品|用户|买家|全部)?评[价论](?:数)?|(?:so )?danh gia|reviews?|ratings?)"
    rf"\s?[:：(（]?\s?{_COUNT}(?![\d.,/]|\s?(?:sao|stars?|★|⭐|%|分|星|/))"
)


@lru_cache(maxsize=1)
def _sold_pattern() -> re.Pattern[str]:
    pieces = [
        re.escape(word)
        .replace(r"\*", r"(\d[\d.,]{0,11})\s?(k|tr|万|w|nghin|ngan)?\+?")
        .replace(r"\ ", r"\s*")
        + (r"(?!\s?:?\s?\d)" if word.startswith("*") else "")  # "4.9 Đã bán 300"
        for word in sorted(offer_words()["sold"], key=len, reverse=True)
    ]
    return re.compile("|".join(f"(?:{piece})" for piece in pieces))


def sold_in(text: str) -> int | None:
    """The number sold that a short text tells: "Đã bán 1,2k", 月销 300+."""
    if len(text) > _LONGEST or not any(char.isdigit() for char in text):
        return None
    match = _sold_pattern().search(fold(text))
    return _counted(match) if match else None


def rating_in(text: str) -> Decimal | None:
    """The rating of five in a short text: "4.8/5 (321 đánh giá)", "4,5 out of 5 stars"."""
    if len(text) > _LONGEST or not any(char.isdigit() for char in text):
        return None
    match = _OF_FIVE.search(fold(text))
    value = Decimal(match[1].replace(",", ".")) if match else None
    return value if value is not None and 0 < value <= 5 else None


def reviews_in(text: str) -> int | None:
    """The number of reviews in a short text: "321 đánh giá", 累计评价 1.2万."""
    if len(text) > _LONGEST or not any(char.isdigit() for char in text):
        return None
    folded = fold(text)
    match = _REVIEWS.search(folded) or _LABELLED.search(folded)
    return _counted(match) if match else None


def _counted(match: re.Match[str]) -> int | None:
    groups = [group for group in match.groups() if group]
    return counted(groups[0], groups[1] if len(groups) > 1 else "")


def counted(number: str, times: str) -> int | None:
    """``1,2`` and ``k`` -> 1200; ``1.234`` -> 1234; ``3`` and ``万`` -> 30000."""
    factor = {"k": 1000, "nghin": 1000, "ngan": 1000, "tr": 10**6, "万": 10**4, "w": 10**4}.get(
        times, 1
    )
    number = number.strip(".,")
    if factor > 1 and re.fullmatch(r"\d+[.,]\d{1,2}", number):
        value = Decimal(number.replace(",", "."))
    else:
        digits = re.sub(r"[.,]", "", number)
        if not digits:
            return None
        value = Decimal(digits)
    return int(value * factor)

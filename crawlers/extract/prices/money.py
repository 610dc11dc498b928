"""Numbers and currencies as written: the small parts of which prices are made."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from typing import Any

MOST = Decimal(10) ** 15  # no price of ours is beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the page says of its currency.

    ``currency`` is declared by the page (structured data, meta); ``country`` two lower-case
    letters, from the host's ending or the declared region; ``lang`` a primary language code, or
    ``zh-hant``; ``stated`` are the currencies that the page names in words.
    """

    currency: str | None = None
    stated: tuple[str, ...] = ()
    country: str = ""
    lang: str = ""


@lru_cache(maxsize=1)
def price_words() -> dict[str, Any]:
    """The tables of ``prices/words.toml``."""
    source = files("crawlers.extract").joinpath("prices/words.toml").read_text("utf-8")
    return tomllib.loads(source)


Signs = dict[str, str | tuple[str, ...]]


@lru_cache(maxsize=1)
def signs() -> Signs:
    """Every sign, lower case, with its currency, or the currencies that share it."""
    tables = price_words()
    found: Signs = {sign.lower(): code for sign, code in tables["sign"].items()}
    found.update({sign.lower(): tuple(codes) for sign, codes in tables["family"].items()})
    return found


# Spaces inside numbers: no-break and thin ones only; a plain space parts two numbers.
NUMBER = (
    r"\d{1,2}(?:,\d{2}){1,3},\d{3}(?:\.\d{1,2})?(?!\d)"  # lakhs: 1,49,999
    r"|\d{1,3}(?:[.,'’\u00a0\u202f\u2009]\d{3}){1,4}(?:[.,]\d{1,2})?(?!\d)"
    r"|\d{1,3}(?: \d{3}){1,3}(?:[.,]\d{1,2})?(?![\d.,])"
    r"|\d{1,12}(?:[.,]\d{1,4})?(?!\d)"
)


_SPACES = re.compile(r"[\s'’]+")
BARE_NUMBER = re.compile(r"(?<![\d.,])" + f"(?:{NUMBER})")


def parse_number(text: str, currency: str | None = None) -> Decimal | None:
    """A written number: the last of two kinds of separators parts the decimals; a single one
    before three digits parts thousands. ``None`` for what is no number or beyond 10^15.

    :param currency: currencies without small change read every separator as thousands.
    """
    digits = text[:60]
    if digits.isascii() and digits.isdigit():
        value = Decimal(digits)
        return value if value < MOST else None
    digits = _SPACES.sub("", digits)
    whole = currency in price_words()["whole"]["codes"]
    dot, comma = digits.rfind("."), digits.rfind(",")
    if dot >= 0 and comma >= 0:
        decimal = "." if dot > comma else ","
        digits = digits.replace("," if decimal == "." else ".", "").replace(decimal, ".")
        if digits.count(".") > 1:
            digits = digits.replace(".", "")
    elif dot >= 0 or comma >= 0:
        mark = "." if dot >= 0 else ","
        tail = len(digits) - digits.rfind(mark) - 1
        head = digits.split(mark)[0]
        if (
            digits.count(mark) > 1
            or (tail == 3 and head not in ("", "0") and len(head) <= 3)
            or (whole and tail == 3)
        ):
            digits = digits.replace(mark, "")
        else:
            digits = digits.replace(mark, ".")
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value < MOST else None


def currency_of(sign: str, hints: Hints) -> str | None:
    """The ISO code of a sign; for a shared one (``$``, ``¥``, ``元``) what the page tells."""
    found = signs().get(sign.strip().lower())
    if found is None:
        return None
    if isinstance(found, str):
        return found
    tables = price_words()
    if hints.currency in found:
        return hints.currency
    stated = [code for code in found if code in hints.stated]
    if len(stated) == 1:
        return stated[0]
    by_country = tables["country"].get(hints.country)
    if by_country in found:
        return str(by_country)
    by_language = tables["language"].get(hints.lang)
    if by_language in found:
        return str(by_language)
    if sign.strip() in ("元", "块", "块钱") and not hints.country and hints.lang != "zh-hant":
        return "CNY"
    return None


def machine_amount(value: Any, currency: str | None = None) -> Decimal | None:
    """The number in a field meant for machines: a point is a decimal point.

    Text that people wrote there ("1.290.000 đ", "$1,280") is read as such.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        text = repr(value) if abs(value) < 10**15 else ""
    elif isinstance(value, str):
        text = value.strip()[:60]
    else:
        return None
    if re.fullmatch(r"\d{1,15}(?:\.\d{1,8})?", text):
        amount = Decimal(text)
        return amount if amount < MOST else None
    match = BARE_NUMBER.search(text)
    return parse_number(match[0], currency) if match else None

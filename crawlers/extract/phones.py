"""Telephone numbers in text, as written for callers of the markets we read."""

import re

_PHONE = re.compile(
    r"(?<![\d.,/-])(?:\+\d{1,3}[ .-]?)?(?:\(\+?\d{1,4}\)[ .-]?)?"
    r"\d{2,4}(?:[ .-]?\d{2,4}){1,4}(?![\d,/-])"
)
_NOT_A_PHONE = re.compile(r"[$€£¥₫%]|\d{4}-\d\d-\d\d|©")
# Trunk zero, service numbers, and the country codes of our markets.
_STARTS = ("0", "84", "86", "1", "400", "800", "852", "886", "65", "44")


def phone_in(text: str) -> str | None:
    """The first telephone number of a short text: 8 to 14 digits; no price, no date.

    >>> phone_in("Hotline: 0901 234 567")
    '0901 234 567'
    """
    match = _PHONE.search(text)
    if match is None or _NOT_A_PHONE.search(text):
        return None
    number = match[0].strip()
    digits = re.sub(r"\D", "", number)
    if not 8 <= len(digits) <= 14:
        return None
    return number if digits.startswith(_STARTS) or number.startswith(("+", "(")) else None

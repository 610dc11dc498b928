"""Prices in words."""

import re
from decimal import Decimal

from crawlers.items import Offer

_PERIODS = {
    "once": "once", "day": "a day", "week": "a week", "month": "a month",
    "quarter": "a quarter", "year": "a year",
}  # fmt: skip


def money(offer: Offer) -> str:
    """A price in words: ``$59 a month``, ``1,290,000 VND``, ``free``; the page's own words if there
    is no number.
    """
    return _with_terms(bare_money(offer), offer)


def bare_money(offer: Offer) -> str:
    """The price without period and unit."""
    if offer.price is None:
        return " ".join((offer.price_text or "no price").split())
    sign = sign_of(offer)
    text = amount(offer.price, offer.currency, sign=sign)
    if offer.price_max is not None and offer.price_max != offer.price:
        text += f" to {amount(offer.price_max, offer.currency, sign=sign)}"
    return text


def move(old: Offer, new: Offer) -> str:
    """A price's move: ``$49 -> $59 a month``; the terms stand once where they are the same."""
    alike = (old.period or new.period) == new.period and (old.unit or new.unit) == new.unit
    if alike and old.price is not None and new.price is not None:
        was, now = bare_money(old), bare_money(new)
        if was == now:
            return _terms_move(old, new)
        if old.currency == new.currency and old.price_max is None:
            was = was.removesuffix(f" {old.currency}")
        return _with_terms(f"{was} -> {now}", new)
    return _terms_move(old, new)


def _terms_move(old: Offer, new: Offer) -> str:
    was, now = money(old), money(new)
    if was == now and old.price_text and new.price_text:  # the terms stand in the words alone
        was, now = (" ".join(text.split()) for text in (old.price_text, new.price_text))
    return f"{was} -> {now}"


def amount(value: Decimal, currency: str | None, *, sign: str = "") -> str:
    """An amount with its currency: ``$59``, ``49.90 EUR``, ``1,290,000 VND``, ``free``.

    :param sign: the page's own sign, where the currency cannot be told.
    """
    if value == 0:
        return "free"
    number = f"{value:,f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".") if value % 1 == 0 else number
        if "." in number and len(number.rsplit(".", 1)[1]) == 1:
            number += "0"
    if currency == "USD":
        return f"${number}"
    return f"{number} {currency}" if currency else f"{sign}{number}"


def sign_of(offer: Offer) -> str:
    """The sign of money in a price's own words; ``""`` where there is none."""
    found = re.search(r"[$¥￥€£₫]", offer.price_text or "")
    return found[0].replace("￥", "¥") if found else ""


def _with_terms(text: str, offer: Offer) -> str:
    if offer.price is None or offer.price == 0:
        return text
    unit = f" per {offer.unit}" if offer.unit else ""
    period = _PERIODS.get(offer.period or "")
    return f"{text}{unit} {period}" if period else text + unit

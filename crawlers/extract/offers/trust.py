"""Whom to believe where the parts of a page disagree on what a product costs or is called.

JSON-LD and microdata are written for search engines and mostly right; where they are not, they
are old (a starting bid, the price before the sale), while two others agree against them.
"""

import re
from dataclasses import replace

from crawlers.items import Offer

_LONGEST_CODE = 24


def agreed_price(declared: Offer | None, graph: Offer | None, shown: Offer | None) -> Offer | None:
    """The offer as shown, where OpenGraph and the visible page name one price and the structured
    data another; ``None`` where there is no such quarrel.
    """
    if not (declared and graph and shown and declared.price and graph.price and shown.price):
        return None
    if shown.price != graph.price or declared.price == shown.price:
        return None
    before = declared.price if declared.price > shown.price else None
    return replace(
        shown, name=declared.name or shown.name, sku=None, brand=None, availability=None,
        price_before=before,
    )  # fmt: skip


def trusted_sku(declared: str | None, shown: str | None) -> str | None:
    """The product's number: the one that stands labelled on the page before the declared one,
    which is often the system's own.

    A code with its product's words behind it ("AB-12 Chair") is cut to the code; a name in place
    of a code gives way to a code.
    """
    if declared:
        parts = declared.split()
        if len(parts) > 1 and _is_code(parts[0]) and not _is_code(parts[1]):
            declared = parts[0]
    return shown or declared


def _is_code(text: str) -> bool:
    return len(text) <= _LONGEST_CODE and bool(re.fullmatch(r"(?=.*\d{2})[\w./-]{4,}", text))

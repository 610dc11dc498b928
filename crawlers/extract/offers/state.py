"""What a page's scripts hold of its product: the state from which shops draw their pages.

Next, Nuxt, Redux and Apollo states, Shopify's product JSON, ``dataLayer`` and ``digitalData``
objects all hold a product as an object with a name and a price. No shop's own layout is known
here: the object is taken whose name is the page's, wherever it stands.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crawlers.document import Document
from crawlers.extract.offers.data import availability_of
from crawlers.extract.outline import Outline
from crawlers.extract.prices.money import machine_amount
from crawlers.extract.structured import Thing, text_of
from crawlers.items import Offer
from crawlers.json_text import loads

_JSON = 'script[type="application/json" i], script[type="text/json" i], script#__NEXT_DATA__'
_LONGEST = 1_500_000  # characters of one script
_MOST_NODES = 30_000
_MOST_STARTS = 40  # objects tried in one script
_ASSIGNED = re.compile(r"(?:=|\.push\()\s{0,4}(?=[{\[])")
_HOLDS_DATA = re.compile(
    r"state|data|product|item|meta|layer|props|store|config|__", re.IGNORECASE
)  # in the name of the variable assigned to
_BARE_KEY = re.compile(r"([{,]\s{0,200})([A-Za-z_$][\w$]{0,60})\s{0,4}:")
_SINGLE = re.compile(r"'((?:[^'\\\n]|\\.){0,500})'")
_LONGEST_LOOSE = 6_000  # characters of an object written as JavaScript, not JSON
_NAMES = ("name", "title", "productName", "product_name", "item_name", "productTitle", "itemName")
_PRICES = (
    "salePrice", "sale_price", "specialPrice", "special_price", "currentPrice", "current_price",
    "finalPrice", "final_price", "sellingPrice", "selling_price", "offerPrice", "promoPrice",
    "unit_sale_price", "price", "productPrice", "product_price", "unitPrice", "unit_price",
    "lowPrice", "minPrice", "price_min", "prices", "pricing",
)  # fmt: skip
_BEFORE = (
    "compare_at_price", "compareAtPrice", "originalPrice", "original_price", "listPrice",
    "list_price", "regularPrice", "regular_price", "oldPrice", "old_price", "wasPrice",
    "was_price", "fullPrice", "marketPrice", "market_price", "price_before_discount",
)  # fmt: skip
_AMOUNTS = ("value", "amount", "raw", "centAmount", "current", "price", "sale", "final", "now")
_CURRENCIES = (
    "currency", "currencyCode", "currency_code", "priceCurrency", "currencyIso", "iso_4217",
)  # fmt: skip
_STATES = (
    "availability", "stockStatus", "stock_status", "availabilityStatus", "availability_status",
    "inventoryStatus",
)  # fmt: skip
_FLAGS = (
    "available", "inStock", "in_stock", "isInStock", "is_in_stock", "isAvailable", "is_available",
    "availableForSale", "purchasable",
)  # fmt: skip
_NUMBERS = (
    "sku", "productSKU", "productSku", "product_sku", "skuCode", "item_id", "productId",
    "product_id", "productID", "articleNumber",
)  # fmt: skip
_CODE = re.compile(r"[A-Za-z0-9][\w./-]{2,39}")


@dataclass(frozen=True, slots=True)
class _Candidate:
    thing: Thing
    name: str
    currency: str | None


def state_offer(
    document: Document, outline: Outline, title: str, *, stock_only: bool = False
) -> Offer | None:
    """The page's product as its scripts hold it; ``None`` where none bears the page's name.

    :param title: the page's title and headings, lower case.
    :param stock_only: read only scripts that speak of stock: the price is known.
    """
    wanted = set(_words(title))
    if not wanted:
        return None
    best: tuple[float, Offer] | None = None
    for tree in _trees(document, outline, stock_only=stock_only):
        for candidate in _candidates(tree):
            words = set(_words(candidate.name.lower()))
            shared = len(words & wanted)
            if not words or shared * 3 < len(words) * 2:
                continue
            offer = _offer(candidate)
            if offer is None:
                continue
            known = sum(value is not None for value in (offer.sku, offer.availability))
            score = shared + 0.5 * known + (offer.price is not None)
            if best is None or score > best[0]:
                best = (score, offer)
    return best[1] if best else None


def _words(text: str) -> list[str]:
    return re.findall(r"[\u3400-\u9fff]|\w{2,}", text[:400])


def _trees(document: Document, outline: Outline, *, stock_only: bool) -> Iterator[Any]:
    for node in document.tree.css(_JSON)[:60]:
        source = node.text(deep=True)
        if 20 < len(source) <= _LONGEST and _worth(source, stock_only=stock_only):
            try:
                yield loads(source)
            except (ValueError, RecursionError):
                continue
    for source, _ in outline.inline:
        if len(source) <= _LONGEST and _worth(source, stock_only=stock_only):
            yield from _assigned(source)


def _worth(source: str, *, stock_only: bool) -> bool:
    if stock_only and not ("vailab" in source or "tock" in source):
        return False
    return "rice" in source or "ecommerce" in source


def _assigned(source: str) -> Iterator[Any]:
    """The objects a script assigns or pushes, JSON first, else as JavaScript writes them."""
    decoder = json.JSONDecoder()
    floor = tried = 0
    for match in _ASSIGNED.finditer(source):
        at = match.start()
        if at < floor or not _HOLDS_DATA.search(source, max(0, at - 40), at):
            continue
        tried += 1
        if tried > _MOST_STARTS:
            return
        if "rice" not in source[at : at + _LONGEST_LOOSE] and len(source) - at < _LONGEST_LOOSE:
            continue
        try:
            value, floor = decoder.raw_decode(source, match.end())
        except (ValueError, RecursionError):
            value = _loose(decoder, source[match.end() : match.end() + _LONGEST_LOOSE])
        if value:
            yield value


def _loose(decoder: json.JSONDecoder, source: str) -> Any:
    """An object with bare keys and single quotes."""
    source = _SINGLE.sub(lambda found: json.dumps(found[1]), source)
    source = re.sub(r",(\s{0,50}[}\]])", r"\1", _BARE_KEY.sub(r'\1"\2":', source))
    try:
        return decoder.raw_decode(source)[0]
    except (ValueError, RecursionError):
        return None


def _candidates(tree: Any) -> Iterator[_Candidate]:
    """Every object with a name and a price, with the currency said around it."""
    stack: list[tuple[Any, str | None, int]] = [(tree, None, 0)]
    count = 0
    while stack and count < _MOST_NODES:
        value, currency, depth = stack.pop()
        count += 1
        if isinstance(value, list):
            stack.extend((part, currency, depth + 1) for part in reversed(value[:300]))
        elif isinstance(value, dict):
            currency = _currency_of(value) or currency
            name = next((text_of(value[key], 300) for key in _NAMES if value.get(key)), "")
            if name and any(key in value for key in (*_PRICES, "offers", "variants")):
                yield _Candidate(value, name, currency)
            if depth < 24:
                stack.extend(
                    (part, currency, depth + 1)
                    for part in reversed(list(value.values()))
                    if isinstance(part, dict | list)
                )


def _currency_of(thing: Thing) -> str | None:
    for key in _CURRENCIES:
        code = thing.get(key)
        if isinstance(code, dict):
            code = code.get("code") or code.get("iso_4217")
        if isinstance(code, str) and re.fullmatch(r"[A-Z]{3}", code.strip()):
            return code.strip()
    return None


def _offer(candidate: _Candidate) -> Offer | None:
    thing = candidate.thing
    parts = [thing]
    for key in ("variants", "offers", "skus"):
        value = thing.get(key)
        inner = value if isinstance(value, list) else [value]
        parts.extend(part for part in inner[:20] if isinstance(part, dict))
    currency = candidate.currency or next(filter(None, map(_currency_of, parts)), None)
    cents = "variants" in thing and ("price_varies" in thing or "handle" in thing)
    price = next(filter(None, (_amount(part, _PRICES, currency, cents) for part in parts)), None)
    before = next(filter(None, (_amount(part, _BEFORE, currency, cents) for part in parts)), None)
    states = [_state_of(part) for part in parts]
    state = "InStock" if "InStock" in states else next(filter(None, states), None)
    sku = next(filter(None, map(_number_of, parts)), None)
    if price is None and state is None:
        return None
    return Offer(
        name=candidate.name,
        price=price,
        currency=currency,
        availability=state,  # type: ignore[arg-type]
        sku=sku,
        brand=text_of(thing.get("brand") or thing.get("vendor"), 120) or None,
        price_before=before if before and price and before > price else None,
    )


def _amount(
    thing: Thing, keys: tuple[str, ...], currency: str | None, cents: bool, depth: int = 0
) -> Decimal | None:
    for key in keys:
        value = thing.get(key)
        if isinstance(value, dict) and depth < 3:
            amount = _amount(value, (*_PRICES, *_AMOUNTS), currency, cents, depth + 1)
            if amount and "centAmount" in value:
                amount /= 100
        else:
            amount = machine_amount(value, currency)
            if amount and cents and isinstance(value, int):
                amount /= 100  # whole numbers of hundredths, as shop platforms keep them
        if amount:
            return amount
    return None


def _state_of(thing: Thing) -> str | None:
    for key in _STATES:
        value = thing.get(key)
        if isinstance(value, str) and availability_of(value):
            return availability_of(value)
    for key in _FLAGS:
        if isinstance(thing.get(key), bool):
            return "InStock" if thing[key] else "OutOfStock"
    return None


def _number_of(thing: Thing) -> str | None:
    for key in _NUMBERS:
        text = text_of(thing.get(key), 60)
        if _CODE.fullmatch(text) and any(char.isdigit() for char in text):
            return text
    return None

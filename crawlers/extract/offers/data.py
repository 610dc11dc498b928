"""What structured data says is sold: JSON-LD, microdata, OpenGraph."""

import re
from decimal import Decimal, InvalidOperation

from crawlers.document import Document
from crawlers.extract.head import Head
from crawlers.extract.outline import Outline
from crawlers.extract.prices.reading import Hints, machine_amount, read_price
from crawlers.extract.structured import Thing, all_things, first, text_of, things, types_of
from crawlers.items import Offer
from crawlers.words import AVAILABILITIES, Availability, Period

_SOLD = frozenset({
    "product", "productgroup", "individualproduct", "productmodel", "softwareapplication",
    "mobileapplication", "webapplication", "service", "course", "event", "vehicle", "car", "book",
    "videogame", "hotel", "hotelroom", "apartment", "financialproduct", "menuitem", "trip",
    "touristtrip", "musicevent", "theaterevent", "someproducts", "musicalbum", "movie",
})  # fmt: skip
PRODUCTS = frozenset({"product", "productgroup", "individualproduct", "productmodel", "vehicle",
                       "car", "someproducts"})  # fmt: skip
_AVAILABLE: dict[str, Availability] = {
    re.sub(r"[^a-z]", "", name.lower()): name  # type: ignore[misc]
    for name in AVAILABILITIES
}
_AVAILABLE.update(
    {
        "instock": "InStock", "available": "InStock", "true": "InStock", "yes": "InStock",
        "oos": "OutOfStock", "unavailable": "OutOfStock", "notavailable": "OutOfStock",
        "outofstock": "OutOfStock", "false": "OutOfStock", "availablefororder": "BackOrder",
        "madetoorder": "InStock", "preorder": "PreOrder", "limited": "LimitedAvailability",
        "reserved": "OutOfStock", "pending": "PreOrder", "availableforpreorder": "PreOrder",
    }
)  # fmt: skip
_UNIT_CODES: dict[str, Period] = {
    "DAY": "day", "WEE": "week", "MON": "month", "QAN": "quarter", "ANN": "year", "D": "day",
    "W": "week", "M": "month", "Y": "year",
}  # fmt: skip
_DURATIONS: dict[str, Period] = {
    "P1D": "day", "P1W": "week", "P7D": "week", "P1M": "month", "P3M": "quarter", "P1Y": "year",
    "P12M": "year", "P30D": "month",
}  # fmt: skip


def availability_of(value: object) -> Availability | None:
    """schema.org's name for an availability as written in data."""
    text = text_of(value, 200).rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return _AVAILABLE.get(re.sub(r"[^a-z]", "", text.lower()))


# JSON-LD


def json_ld_offers(document: Document, hints: Hints) -> list[tuple[Offer, bool, str]]:
    """(offer, whether of a product, its address) of every thing sold in JSON-LD."""
    found: list[tuple[Offer, bool, str]] = []
    for thing, depth in all_things(document):
        kinds = types_of(thing)
        if not kinds & _SOLD or len(found) >= 300:
            continue
        if not kinds & PRODUCTS and "offers" not in thing:
            continue
        if depth > 0 and kinds & PRODUCTS and not (thing.get("offers") or thing.get("name")):
            continue
        offer = _of_thing(thing, hints)
        if offer is not None:
            address = text_of(thing.get("url") or thing.get("@id"))
            found.append((offer, bool(kinds & PRODUCTS), address))
    return found


def _of_thing(thing: Thing, hints: Hints) -> Offer | None:
    name = text_of(thing.get("name"), 300) or None
    offers = _flat_offers(thing.get("offers"))
    variants = things(thing.get("hasVariant"))
    if not offers and variants:
        for variant in variants[:100]:
            offers.extend(_flat_offers(variant.get("offers")))
    price, highest, currency, period, unit = _price_of(offers, hints)
    states = [availability_of(offer.get("availability")) for offer in offers]
    state = "InStock" if "InStock" in states else next(filter(None, states), None)
    rating = first(thing.get("aggregateRating"))
    rating = rating if isinstance(rating, dict) else {}
    sku = _sku_of(thing) or next(filter(None, map(_sku_of, offers)), None)
    if sku is None and variants:
        sku = next(filter(None, map(_sku_of, variants[:20])), None)
    if name is None and price is None:
        return None
    before = _list_price(offers, currency)
    return Offer(
        name=name,
        price=price,
        price_max=highest,
        currency=currency,
        period=period,
        unit=unit,
        availability=state,  # type: ignore[arg-type]
        sku=sku,
        brand=text_of(thing.get("brand") or thing.get("manufacturer"), 120) or None,
        rating=_rating(rating.get("ratingValue")),
        review_count=_count(rating.get("reviewCount") or rating.get("ratingCount")),
        price_before=before if before and price and before > price else None,
    )


def _sku_of(thing: Thing) -> str | None:
    for name in ("sku", "productID", "identifier", "productId"):
        value = thing.get(name)
        inner = first(value)
        if isinstance(inner, dict):
            value = inner.get("value") or inner.get("name")
        text = text_of(value, 80)
        if text and not text.startswith(("http:", "https:")):
            return re.sub(r"^(?:sku|mpn|asin|isbn|ean|gtin\d*):\s*", "", text, flags=re.IGNORECASE)
    return None


def _flat_offers(value: object, depth: int = 0) -> list[Thing]:
    found: list[Thing] = []
    for offer in things(value)[:200]:
        inner = offer.get("offers")
        found.append(offer)
        if inner and depth < 3:
            found.extend(_flat_offers(inner, depth + 1))
    return found[:300]


def _price_of(
    offers: list[Thing], hints: Hints
) -> tuple[Decimal | None, Decimal | None, str | None, Period | None, str | None]:
    amounts: list[Decimal] = []
    highest: list[Decimal] = []
    currency: str | None = None
    period: Period | None = None
    unit: str | None = None
    for offer in offers:
        specs = things(offer.get("priceSpecification"))
        specs = [spec for spec in specs if not _is_list_price(spec)] or specs
        code = text_of(offer.get("priceCurrency"), 12)
        code = code or next((text_of(s.get("priceCurrency"), 12) for s in specs), "")
        if re.fullmatch(r"[A-Za-z]{3}", code) and currency is None:
            currency = code.upper()
        given = first(offer.get("price"))
        if given in (None, "") or isinstance(given, dict):
            given = first(offer.get("lowPrice"))
        if given in (None, ""):
            given = next((first(s.get("price")) for s in specs if s.get("price")), None)
        if isinstance(given, str) and currency is None:
            told = read_price(given, hints)
            currency = told.currency if told else None
        amount = machine_amount(given, currency)
        if amount is not None:
            amounts.append(amount)
        top = machine_amount(first(offer.get("highPrice")), currency)
        if top is not None:
            highest.append(top)
        for spec in specs:
            period = period or _period_of(spec)
            unit = unit or text_of(spec.get("unitText"), 30) or None
    if amounts and amounts[0] == 0 and any(amounts):
        amounts = [amount for amount in amounts if amount]
    lowest = amounts[0] if amounts else None
    top_of_all = max([*amounts, *highest], default=None)
    if lowest is not None and len(amounts) > 1 and not highest:
        lowest = amounts[0]
    if top_of_all is None or lowest is None or top_of_all <= lowest:
        top_of_all = None
    return lowest, top_of_all, currency, period, unit


def _list_price(offers: list[Thing], currency: str | None) -> Decimal | None:
    """The price before a sale, where a price specification names one."""
    for offer in offers:
        for spec in things(offer.get("priceSpecification")):
            if _is_list_price(spec):
                return machine_amount(first(spec.get("price")), currency)
    return None


def _is_list_price(spec: Thing) -> bool:
    kind = text_of(spec.get("priceType"), 80).lower()
    return any(word in kind for word in ("listprice", "strikethrough", "msrp", "srp", "regular"))


def _period_of(spec: Thing) -> Period | None:
    duration = text_of(spec.get("billingDuration") or spec.get("billingIncrement"), 20).upper()
    if duration in _DURATIONS:
        return _DURATIONS[duration]
    quantity = first(spec.get("referenceQuantity"))
    code = spec.get("unitCode") or (quantity.get("unitCode") if isinstance(quantity, dict) else "")
    return _UNIT_CODES.get(text_of(code, 10).upper())


def _rating(value: object) -> Decimal | None:
    text = text_of(value, 20).replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= 100 else None


def _count(value: object) -> int | None:
    amount = machine_amount(value if not isinstance(value, list) else first(value))
    return int(amount) if amount is not None and amount == int(amount) else None


# Microdata and OpenGraph


def microdata_offers(
    document: Document, outline: Outline, hints: Hints
) -> list[tuple[Offer, bool, str]]:
    """The same of microdata."""
    kinds = {value.rstrip("/").rsplit("/", 1)[-1].lower() for value, _ in outline.items}
    if not kinds & (_SOLD | {"offer", "aggregateoffer"}):
        return []
    found: list[tuple[Offer, bool, str]] = []
    scopes = document.tree.css('[itemtype*="schema.org/" i][itemscope]')
    sold = [s for s in scopes if _kind(s) in PRODUCTS]
    loose = not sold
    if loose:
        sold = [s for s in scopes if _kind(s) in ("offer", "aggregateoffer")]
    for scope in sold[:100]:
        values: dict[str, list[str]] = {}
        for node in scope.css("[itemprop]")[:400]:
            for name in (node.attributes.get("itemprop") or "").split():
                values.setdefault(name, []).append(_prop_value(node))
        thing: Thing = {"@type": "Product"}
        for name in ("name", "sku", "productID", "mpn", "brand"):
            if values.get(name):
                thing[name] = next(filter(None, values[name]), "")
        offer: Thing = {}
        for name in ("price", "lowPrice", "highPrice", "priceCurrency", "availability"):
            if values.get(name):
                offer[name] = next(filter(None, values[name]), "")
        rating = {
            name: values[name][0]
            for name in ("ratingValue", "reviewCount", "ratingCount")
            if values.get(name)
        }
        thing["offers"] = offer or None
        thing["aggregateRating"] = rating or None
        read = _of_thing(thing, hints)
        if read is not None:
            found.append((read, not loose, values.get("url", [""])[0]))
    return found


def _kind(node: object) -> str:
    value = node.attributes.get("itemtype") or ""  # type: ignore[attr-defined]
    return str(value).split()[0].rstrip("/").rsplit("/", 1)[-1].lower() if value.strip() else ""


def _prop_value(node: object) -> str:
    attributes = node.attributes  # type: ignore[attr-defined]
    for name in ("content", "href", "value", "data-price"):
        if attributes.get(name) and (name != "href" or node.tag in ("link",)):  # type: ignore[attr-defined]
            return str(attributes[name])
    return " ".join(node.text(deep=True)[:500].split())  # type: ignore[attr-defined]


def open_graph_offer(head: Head, hints: Hints) -> Offer | None:
    """The offer that OpenGraph's product tags describe."""
    get = head.metas.get
    amount = get("product:price:amount") or get("og:price:amount")
    amount = amount or get("product:sale_price:amount") or get("price")
    code = (
        (get("product:price:currency") or get("og:price:currency") or get("pricecurrency") or "")
        .strip()
        .upper()
    )
    currency = code if re.fullmatch(r"[A-Z]{3}", code) else None
    price = machine_amount(amount, currency) if amount else None
    state = availability_of(get("product:availability") or get("og:availability") or "")
    sku = get("product:retailer_item_id") or get("product:retailer_part_no")
    brand = get("product:brand") or get("og:brand")
    if price is None and state is None and not sku:
        return None
    return Offer(
        name=get("og:title"),
        price=price,
        currency=currency or (hints.currency if price is not None else None),
        availability=state,
        sku=sku.strip()[:80] if sku else None,
        brand=brand.strip()[:120] if brand else None,
    )

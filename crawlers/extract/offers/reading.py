"""What a page sells: products and plans, the page's main offer first.

In this order, each filling what the one before left open: JSON-LD, microdata, OpenGraph, the page
itself. A product page has one main offer; pricing pages have one per plan, lists one per card.
"""

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from urllib.parse import unquote, urlsplit

from crawlers.document import Document
from crawlers.extract.head import Head
from crawlers.extract.offers.cards import SILENT, cards_of
from crawlers.extract.offers.data import (
    PRODUCTS,
    json_ld_offers,
    microdata_offers,
    open_graph_offer,
)
from crawlers.extract.offers.page import (
    Around,
    can_be_bought,
    current_price,
    labelled,
    page_offer,
    price_before,
    promotion_near,
)
from crawlers.extract.offers.spots import Spots, spots_of
from crawlers.extract.offers.state import state_offer
from crawlers.extract.offers.trust import agreed_price, trusted_sku
from crawlers.extract.outline import Outline
from crawlers.extract.prices.currency import with_stated
from crawlers.extract.prices.reading import Hints
from crawlers.extract.structured import all_things, text_of, types_of
from crawlers.items import Offer
from crawlers.words import PageKind

_MOST = 80  # offers kept of one page
_OF_MANY = frozenset({"collection", "pricing", "listing", "home", "forum_board", "forum_topic"})


def offers_of(
    document: Document, outline: Outline, head: Head, kind: PageKind, hints: Hints
) -> tuple[Offer, ...]:
    """What the page sells, its main offer first; at most eighty.

    :param kind: a product page has one main offer, others as many as they show.
    """
    declared = [*json_ld_offers(document, hints), *microdata_offers(document, outline, hints)]
    main = _main(declared, head, outline, document.url) if declared else None
    graph = open_graph_offer(head, hints)
    if kind in SILENT and main is None and graph is None:
        return ()
    spots = spots_of(outline)
    hints = with_stated(hints, outline, spots)
    cards = [] if kind == "product" else cards_of(outline, spots, hints, kind)
    if (
        kind in ("service", "other", "listing")
        and len(cards) < 3
        and _sells_one(outline, spots, hints, head)
    ):
        kind = "product"
    about_one = kind not in _OF_MANY and (main is not None or graph is not None)
    if kind == "product" or (about_one and (main is None or main[1])):
        around = Around.of(outline, spots, hints, head.title)
        offer = _main_offer(document, outline, around, main, graph, product=kind == "product")
        rest = [other for other, _, _ in declared if main and other is not main[0]]
        return _distinct([offer, *rest]) if offer is not None else ()
    if main is not None and len(declared) == 1 and main[0].price and kind != "pricing":
        # One thing is declared to be sold here, whatever else the page shows.
        around = Around.of(outline, spots, hints, head.title)
        offer = _main_offer(document, outline, around, main, None, product=False)
        return _distinct([offer or main[0], *cards])
    listed = [offer for offer, _, _ in declared if offer.name or offer.price is not None]
    if kind == "pricing":
        return _distinct(cards or listed)
    return _distinct([*listed, *cards] if len(listed) >= len(cards) else cards)


def _main_offer(
    document: Document,
    outline: Outline,
    around: Around,
    main: tuple[Offer, bool] | None,
    graph: Offer | None,
    *,
    product: bool,
) -> Offer | None:
    """The one offer of a page, put together from all that speaks of it."""
    shown = page_offer(around)
    declared = main[0] if main else None
    state: Offer | None = None
    agreed = agreed_price(declared, graph, shown) if product else None
    offer = _merged([agreed, declared, graph, shown if product else None])
    if product and (offer is None or offer.price is None or offer.availability is None):
        title = " ".join((around.title, *(b.text for b in outline.blocks if b.tag == "h1")))
        known = (offer is not None and offer.price is not None) or around.asked is not None
        state = state_offer(document, outline, title.lower(), stock_only=known)
        offer = _merged([offer, state])
    if offer is None:
        return None
    if shown is not None:
        offer = replace(
            offer,
            availability=offer.availability or shown.availability,
            sku=trusted_sku(offer.sku, labelled(around).sku),
        )
    now = current_price(around, offer.price) if offer.price else None
    if now is not None:
        offer = replace(
            offer,
            price=now.amount,
            price_max=None,
            price_text=now.text,
            price_before=offer.price_before or offer.price,
        )
    declares = any(
        found is not None and found.price is not None for found in (declared, graph, state)
    )
    return _finished(
        offer,
        around,
        document,
        product=product or main is not None,
        sold_here=declares or can_be_bought(around),
    )


def _sells_one(outline: Outline, spots: Spots, hints: Hints, head: Head) -> bool:
    """Whether a page of another kind shows one product: a price, its number and stock or a cart,
    or in place of price and stock that one has to ask.
    """
    if not ((spots.money or spots.words) and spots.labels):
        return False
    around = Around.of(outline, spots, hints, head.title)
    found = page_offer(around)
    if found is None or not found.sku:
        return False
    return around.asked is not None or bool(found.price and found.availability)


def _distinct(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    found: dict[tuple[object, ...], Offer] = {}
    for offer in offers:
        name = (offer.name or "").lower()
        key = (name, offer.price, offer.period) if name else (offer.price, offer.price_text)
        found.setdefault(key, offer)
        if len(found) >= _MOST:
            break
    return tuple(found.values())


def _merged(offers: Iterable[Offer | None]) -> Offer | None:
    """The first offer with its gaps filled from the next ones; a price keeps its own currency."""
    result: Offer | None = None
    for offer in offers:
        if offer is None:
            continue
        if result is None:
            result = offer
            continue
        changes = {}
        for field in fields(Offer):
            if getattr(result, field.name) is None:
                changes[field.name] = getattr(offer, field.name)
        if result.price is not None:
            for name in ("price_max", "period", "unit", "price_text"):
                if result.price != offer.price:
                    changes.pop(name, None)
            if result.price != offer.price and offer.price is not None and result.currency is None:
                changes.pop("currency", None)
        result = replace(result, **changes)
    return result


def _finished(
    offer: Offer, around: "Around", document: Document, *, product: bool, sold_here: bool
) -> Offer:
    """Fill the text of the price, and the number from the address where nothing names one.

    :param sold_here: whether data or a button says that the thing can be bought.
    """
    if offer.price is not None and offer.price_text is None:
        offer = replace(offer, price_text=around.text_for(offer.price))
    if offer.sku is None and product:
        number = _id_of(document.url) or _maker_number(document)
        offer = replace(offer, sku=number)
    if product and offer.price == 0 and offer.price_text is None:
        offer = replace(offer, price=None)  # what shops write where a price is missing
    if product and offer.price is None and offer.price_text is None and around.asked:
        offer = replace(offer, price_text=around.asked.text)
    if product and offer.availability is None and offer.price and sold_here:
        # A shop that asks a price, lets one buy and says no word of lack offers it.
        offer = replace(offer, availability="InStock")
    if offer.price:
        offer = replace(
            offer,
            price_before=offer.price_before or price_before(around, offer.price, offer.currency),
            promotion=offer.promotion or promotion_near(around, offer.price),
        )
    return offer


def _maker_number(document: Document) -> str | None:
    for thing, _ in all_things(document):
        text = text_of(thing.get("mpn"), 80) if types_of(thing) & PRODUCTS else ""
        if text:
            return text
    return None


def _id_of(url: str) -> str | None:
    """The number a shop's address carries: the last long run of digits or an article code."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = unquote(parts.path)
    named = re.search(
        r"(?:^|&)(?:sku|childsku|pid|productid|product_id|item_?id|goods_?id|id|variant)=([\w.-]{3,40})(?:&|$)",
        parts.query,
        re.IGNORECASE,
    )
    if named:
        return named[1]
    last = re.sub(r"\.\w{2,5}$", "", path.rstrip("/").rsplit("/", 1)[-1])
    whole = re.fullmatch(r"(?=[\w-]*\d)[A-Za-z0-9]{6,20}", last)
    if whole:
        return last
    runs = re.findall(r"(?<![A-Za-z0-9])[a-zA-Z]?(\d{5,15})(?![A-Za-z0-9])", path)
    return runs[-1] if runs else None


def _main(
    found: list[tuple[Offer, bool, str]], head: Head, outline: Outline, url: str
) -> tuple[Offer, bool] | None:
    """The offer the page is about: its address, its name in the title, a price, the first."""
    title = " ".join((head.title, *(b.text for b in outline.blocks if b.tag == "h1"))).lower()
    best: tuple[float, tuple[Offer, bool]] | None = None
    bare = url.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0].rstrip("/")
    path = "/".join(("", *bare.split("/")[3:]))
    for at, (offer, product, address) in enumerate(found):
        score = -0.01 * at + product * 1.0 + (offer.price is not None) * 1.0
        if offer.name and (offer.name.lower() in title or _shares(offer.name.lower(), title)):
            score += 2
        if path and address.split("#")[0].split("?")[0].rstrip("/").endswith(path):
            score += 1
        if best is None or score > best[0]:
            best = (score, (offer, product))
    return best[1] if best else None


def _shares(name: str, title: str) -> bool:
    words = set(re.findall(r"\w{3,}", name))
    return bool(words) and len(words & set(re.findall(r"\w{3,}", title))) * 3 >= len(words) * 2

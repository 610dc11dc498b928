"""Companies in a page's structured data: lists of things, and the thing a page is about. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.document import Document
from crawlers.extract.addresses import absolute_to
from crawlers.extract.listing.names import is_name, name_in
from crawlers.extract.listing.page import ListPage
from crawlers.extract.listing.sites import lead_of
from crawlers.extract.structured import all_things, text_of, things, types_of
from crawlers.items import Listed, ListLink

_COMPANIES = frozenset({
    "organization", "corporation", "localbusiness", "softwareapplication", "webapplication",
    "mobileapplication", "brand", "store", "onlinestore", "onlinebusiness", "professionalservice",
    "restaurant", "cafeorcoffeeshop", "foodestablishment", "beautysalon", "healthandbeautybusiness",
    "homeandconstructionbusiness", "legalservice", "financialservice", "educationalorganization",
    "school", "lodgingbusiness", "hotel", "travelagency", "realestateagent", "autodealer",
    "medicalbusiness", "dentist", "service",
})  # fmt: skip
_NO_COMPANIES = frozenset({
    "article", "newsarticle", "blogposting", "recipe", "person", "event", "jobposting", "question",
    "howtostep", "webpage", "sitenavigationelement", "imageobject", "videoobject", "movie", "book",
})  # fmt: skip
_MOST = 300


def told_companies(page: ListPage, document: Document) -> Iterator[tuple[Listed, ListLink | None]]:
    """The companies of the page's lists, and those it tells of one by one, with the page of the
    same site that is about each.

    The owner of the site, which most pages state, is none: its address is the page's own.
    """
    for thing, depth in all_things(document)[:_MOST]:
        kinds = types_of(thing)
        if "itemlist" in kinds:
            rows = [*things(thing.get("itemListElement")), *_names(thing.get("itemListElement"))]
            for row in rows[:_MOST]:
                found = _of_row(page, row)
                if found is not None:
                    yield found
        elif kinds & _COMPANIES and (depth or not kinds & {"organization", "corporation"}):
            listed = _of_thing(page, thing, "listing/structured")
            if listed is not None and listed.site is not None:
                yield listed, None


def _names(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list):
        return []
    return [{"name": part} for part in value if isinstance(part, str)]


def _of_row(page: ListPage, row: Mapping[str, Any]) -> tuple[Listed, ListLink | None] | None:
    inner = next(iter(things(row.get("item"))), row)
    kinds = types_of(dict(inner)) - {"listitem"}
    if kinds & _NO_COMPANIES or not (page.listed or kinds & _COMPANIES):
        return None
    if kinds and not kinds & _COMPANIES and "product" not in kinds:
        return None
    listed = _of_thing(page, {**row, **inner}, "listing/structured")
    address = text_of(inner.get("url") or row.get("url") or row.get("item"), 500)
    if listed is None or not (kinds or address):
        return None  # a line of a list of good points
    url = absolute_to(page.url, address) if address else None
    own = url is not None and listed.site is None and lead_of(url, page.url) is None
    link = ListLink(url=url, text=listed.name, kind="detail") if own and url else None
    return listed, link


def _of_thing(page: ListPage, thing: Mapping[str, Any], rule: str) -> Listed | None:
    given = text_of(thing.get("name"), 200)
    name = given if is_name(given) else name_in(given)
    if name is None:
        return None
    site = None
    for key in ("url", "sameAs", "mainEntityOfPage", "@id"):
        values = thing.get(key)
        for value in values[:20] if isinstance(values, list) else [values]:
            address = text_of(value, 500)
            url = absolute_to(page.url, address) if address else None
            lead = lead_of(url, page.url) if url else None
            if lead is not None and not lead.deep and site is None:
                site = lead.home
    told = text_of(thing.get("description"), 200)
    quote = " · ".join(part for part in (given, told) if part)
    return Listed(name=name, site=site, quote=quote, rule=rule)

"""What structured data says of the company: schema.org Organization and its kin, and audiences."""

import re
from collections.abc import Iterator
from typing import Any

from crawlers.extract.company.facts import Facts
from crawlers.extract.structured import Thing, first, text_of, things, types_of

_OWNERS = frozenset({
    "organization", "localbusiness", "corporation", "store", "onlinestore", "onlinebusiness",
    "professionalservice", "homeandconstructionbusiness", "restaurant", "educationalorganization",
    "medicalbusiness", "financialservice", "legalservice", "newsmediaorganization", "brand",
    "electronicsstore", "clothingstore", "hotel", "travelagency", "realestateagent", "school",
    "automotivebusiness", "healthandbeautybusiness", "sportsorganization", "ngo", "furniturestore",
    "generalcontractor", "plumber", "electrician", "movingcompany", "insuranceagency", "dentist",
    "governmentorganization", "collegeoruniversity", "softwarecompany", "foodestablishment",
    "cafeorcoffeeshop", "bakery", "florist", "grocerystore", "jewelrystore", "shoestore",
})  # fmt: skip
_FIRST_CLASS = ("organization", "corporation", "onlinestore", "localbusiness")
_SOLD = frozenset({"product", "productgroup", "service", "softwareapplication", "webapplication",
                   "mobileapplication", "course"})  # fmt: skip


Stated = list[tuple[Thing, int]]
"""The things of a page's data, each with its depth."""


def owners_of(stated: Stated) -> list[Thing]:
    """The organizations a page's data names near its top, those it belongs to first."""
    return sorted(_owners(stated), key=_rank)


def _owners(stated: Stated) -> Iterator[Thing]:
    for thing, depth in stated:
        kinds = types_of(thing)
        if kinds & _OWNERS and depth <= 2 and not (depth and "brand" in kinds):
            yield thing


def _rank(thing: Thing) -> tuple[int, int]:
    kinds = types_of(thing)
    place = next((at for at, name in enumerate(_FIRST_CLASS) if name in kinds), len(_FIRST_CLASS))
    return (9 if "brand" in kinds else place, -len(thing))


def read_owners(facts: Facts, owners: list[Thing]) -> None:
    """Fill what the organizations state; name and description from the first alone."""
    for owner in owners[:6]:
        if owner is owners[0]:
            for field, key, most in (
                ("name", "name", 200),
                ("tagline", "slogan", 300),
                ("description", "description", 2_000),
            ):
                text = text_of(owner.get(key), most)
                facts.set(field, text, text, f"json-ld:{key}")
        _read(facts, owner)


def _read(facts: Facts, owner: Thing) -> None:
    founded = text_of(owner.get("foundingDate"), 40)
    year = re.search(r"(1[6-9]|20)\d\d", founded)
    if year:
        facts.set("founded", int(year[0]), founded, "json-ld:foundingDate")
    size = _size(first(owner.get("numberOfEmployees")))
    facts.set("size", size, size, "json-ld:numberOfEmployees")
    for address in things(owner.get("address"))[:6]:
        place = address_of(address)
        facts.add("places", place, place, "json-ld:address")
    for key in ("areaServed", "serviceArea"):
        for served in _listed(owner.get(key)):
            place = text_of(served, 120)
            facts.add("markets", place, place, f"json-ld:{key}")
    for point in things(owner.get("contactPoint"))[:8]:
        for served in _listed(point.get("areaServed")):
            place = text_of(served, 120)
            facts.add("markets", place, place, "json-ld:areaServed")
    for award in _listed(owner.get("award")):
        text = text_of(award, 200)
        facts.add("trust", text, text, "json-ld:award")
    _read_rating(facts, owner)


def _read_rating(facts: Facts, thing: Thing) -> None:
    rating = first(thing.get("aggregateRating"))
    if not isinstance(rating, dict):
        return
    value = text_of(rating.get("ratingValue"), 10)
    count = text_of(rating.get("reviewCount") or rating.get("ratingCount"), 20)
    if value:
        text = f"{value} ({count})" if count else value
        facts.add("trust", text, text, "json-ld:aggregateRating")
    if count and count != "0":
        facts.add("sales", f"{count} reviews", f"{value} ({count})", "json-ld:aggregateRating")


def read_audiences(facts: Facts, stated: Stated) -> None:
    """Audiences and ratings stated for what is sold (schema.org Audience, PeopleAudience)."""
    for thing, depth in stated:
        if depth > 2 or not types_of(thing) & _SOLD:
            continue
        for key in ("audience", "serviceAudience"):
            for audience in _listed(thing.get(key)):
                text = _audience(audience)
                facts.add("audience", text, text, f"json-ld:{key}")
        if depth <= 1:
            _read_rating(facts, thing)


def _audience(value: Any) -> str:
    if not isinstance(value, dict):
        return text_of(value, 110)
    named = text_of(value.get("audienceType") or value.get("name"), 110)
    gender = text_of(value.get("suggestedGender"), 20).rpartition("/")[2].lower()
    low, high = (text_of(value.get(key), 10) for key in ("suggestedMinAge", "suggestedMaxAge"))
    ages = f"{low}-{high}" if low and high else f"{low}+" if low else ""
    return " ".join(filter(None, (named, gender if gender not in named.lower() else "", ages)))


def _size(staff: Any) -> str:
    if not isinstance(staff, dict):
        return text_of(staff, 40)
    low, high = text_of(staff.get("minValue"), 20), text_of(staff.get("maxValue"), 20)
    return text_of(staff.get("value"), 40) or "-".join(filter(None, (low, high)))


def _listed(value: Any) -> list[Any]:
    return value[:12] if isinstance(value, list) else [value] if value else []


def address_of(address: Thing) -> str:
    """A postal address on one line."""
    parts = (
        text_of(address.get(name), 120)
        for name in (
            "streetAddress",
            "addressLocality",
            "addressRegion",
            "postalCode",
            "addressCountry",
        )
    )
    return ", ".join(dict.fromkeys(filter(None, parts)))

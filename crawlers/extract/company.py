"""What a page says of the company behind it, each filled field with its proof.

From structured data first, then meta tags, then the words of the page. Phrases are kept as they
stand; nothing is inferred from what is not said.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from crawlers.document import Document
from crawlers.extract.company_text import phrases_of, year_of
from crawlers.extract.contacts import accounts_of, contacts_of
from crawlers.extract.head import Head, tidy
from crawlers.extract.marks import GROUP_BITS
from crawlers.extract.outline import Outline
from crawlers.extract.structured import Thing, all_things, first, text_of, things, types_of
from crawlers.items import Company, Evidence
from crawlers.words import PageKind

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
_MOST = 12  # phrases kept of one field
_QUOTE = 300
_SPLIT_TITLE = re.compile(r"\s+[|·•–—:»-]\s+|\s*[|｜_]\s*")
_HERO = GROUP_BITS["hero"]


@dataclass(slots=True)
class _Facts:
    """The company being filled in, with its evidence."""

    url: str
    values: dict[str, object] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)

    def set(self, name: str, value: object, quote: str, rule: str) -> None:
        """Fill a field once, with proof."""
        if value in (None, "", (), {}) or name in self.values:
            return
        self.values[name] = value
        self._prove(name, quote, rule)

    def add(self, name: str, value: str, quote: str, rule: str) -> None:
        """Add a phrase to a list field, distinct, with proof."""
        have = self.values.setdefault(name, ())
        assert isinstance(have, tuple)
        value = value.strip()
        known = {str(part).lower() for part in have}
        if not value or value.lower() in known or len(have) >= _MOST:
            return
        self.values[name] = (*have, value)
        self._prove(name, quote, rule)

    def _prove(self, name: str, quote: str, rule: str) -> None:
        self.evidence.append(
            Evidence(subject=name, quote=tidy(str(quote), _QUOTE), rule=rule, url=self.url or None)
        )


def company_of(
    document: Document, outline: Outline, head: Head, kind: PageKind, main_text: str
) -> Company:
    """The company facts a page states.

    :param main_text: the page's own text; phrases of audience, founding and size are read there
        and in headings, not in menus.
    """
    facts = _Facts(document.url)
    owners = sorted(_owners(document), key=_rank)
    for owner in owners[:6]:
        _structured(facts, owner, owners[0])
    _heads(facts, outline, head, kind)
    texts = _own_texts(outline, main_text)
    for name, phrase, quote, rule in phrases_of(texts, articles=kind in ("article", "legal")):
        if name == "founded":
            facts.set("founded", year_of(phrase, document.fetched_at.year), quote, rule)
        elif name == "size":
            facts.set("size", phrase, quote, rule)
        else:
            facts.add(name, phrase, quote, rule)
    for account, quote in accounts_of(document, outline):
        facts.add("accounts", account, quote, "link:account")
    for owner in owners[:3]:
        for same in owner.get("sameAs") or [] if isinstance(owner.get("sameAs"), list) else []:
            if isinstance(same, str) and same.startswith(("http://", "https://")):
                facts.add("accounts", same[:500], same, "json-ld:sameAs")
    contact = _contacts(facts, document, outline, owners)
    if contact:
        facts.values["contact"] = contact
    return Company(evidence=tuple(facts.evidence), **facts.values)  # type: ignore[arg-type]


def _owners(document: Document) -> Iterator[Thing]:
    for thing, depth in all_things(document):
        kinds = types_of(thing)
        if kinds & _OWNERS and depth <= 2 and not (depth and "brand" in kinds):
            yield thing


def _rank(thing: Thing) -> tuple[int, int]:
    kinds = types_of(thing)
    place = next((at for at, name in enumerate(_FIRST_CLASS) if name in kinds), len(_FIRST_CLASS))
    return (9 if "brand" in kinds else place, -len(thing))


def _structured(facts: _Facts, owner: Thing, best: Thing) -> None:
    if owner is best:
        name = text_of(owner.get("name"), 200)
        facts.set("name", name, name, "json-ld:name")
        slogan = text_of(owner.get("slogan"), 300)
        facts.set("tagline", slogan, slogan, "json-ld:slogan")
        text = text_of(owner.get("description"), 2_000)
        facts.set("description", text, text, "json-ld:description")
    founded = text_of(owner.get("foundingDate"), 40)
    year = re.search(r"(1[6-9]|20)\d\d", founded)
    if year:
        facts.set("founded", int(year[0]), founded, "json-ld:foundingDate")
    staff = first(owner.get("numberOfEmployees"))
    if isinstance(staff, dict):
        low, high = text_of(staff.get("minValue"), 20), text_of(staff.get("maxValue"), 20)
        size = text_of(staff.get("value"), 40) or "-".join(filter(None, (low, high)))
    else:
        size = text_of(staff, 40)
    facts.set("size", size, size, "json-ld:numberOfEmployees")
    for address in things(owner.get("address"))[:6]:
        place = _address(address)
        facts.add("places", place, place, "json-ld:address")
    for served in (
        owner.get("areaServed") or [] if isinstance(owner.get("areaServed"), list) else []
    ):
        place = text_of(served, 120)
        facts.add("places", place, place, "json-ld:areaServed")
    rating = first(owner.get("aggregateRating"))
    if isinstance(rating, dict) and text_of(rating.get("ratingValue"), 10):
        count = text_of(rating.get("reviewCount") or rating.get("ratingCount"), 20)
        text = (
            f"{text_of(rating.get('ratingValue'), 10)} ({count})"
            if count
            else text_of(rating.get("ratingValue"), 10)
        )
        facts.add("trust", text, text, "json-ld:aggregateRating")


def _address(address: Thing) -> str:
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


def _heads(facts: _Facts, outline: Outline, head: Head, kind: PageKind) -> None:
    facts.set("name", head.site_name, head.site_name, "meta:site_name")
    pieces = [piece.strip() for piece in _SPLIT_TITLE.split(head.title) if piece.strip()]
    if pieces and "name" not in facts.values:
        # Inner pages end their title with the company's name, home pages begin with it.
        piece = min(pieces, key=len) if kind == "home" else pieces[-1]
        if len(pieces) > 1 or kind == "home":
            facts.set("name", piece[:120], head.title, "title")
    if kind in ("home", "about"):
        name = str(facts.values.get("name") or "").lower()
        for block in outline.blocks[:400]:
            spoken = block.tag == "h1" or (block.tag == "h2" and block.near & _HERO)
            fits = block.place != "footer" and 8 <= len(block.text) <= 200
            if spoken and fits and block.text.lower() != name:
                facts.set("tagline", block.text, block.text, "page:h1")
                break
        for piece in pieces:
            if len(piece) > 15 and piece.lower() != name:
                facts.set("tagline", piece, head.title, "title")
                break
        facts.set("description", head.description, head.description, "meta:description")


def _own_texts(outline: Outline, main_text: str) -> list[str]:
    """The page's own lines, then the rest of its body and its footer (addresses stand there)."""
    lines = [line for line in main_text.split("\n") if line][:800]
    seen = set(lines)
    for block in outline.blocks[:3_000]:
        if block.text in seen or block.linked * 2 > len(block.text) or len(block.text) > 600:
            continue
        seen.add(block.text)
        if len(block.text) >= 6 and block.place != "header":
            lines.append(block.text)
        if len(lines) > 1_500:
            break
    return lines


def _contacts(
    facts: _Facts, document: Document, outline: Outline, owners: list[Thing]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for owner in owners[:4]:
        points = [owner, *things(owner.get("contactPoint"))]
        for point in points[:8]:
            for name, key in (("email", "email"), ("phone", "telephone")):
                value = text_of(point.get(key), 120).removeprefix("mailto:").removeprefix("tel:")
                if value:
                    found.setdefault(name, {}).setdefault(value, (value, f"json-ld:{key}"))
        for address in things(owner.get("address"))[:4]:
            place = _address(address)
            if place:
                found.setdefault("address", {}).setdefault(place, (place, "json-ld:address"))
    for name, value, quote, rule in contacts_of(document, outline):
        found.setdefault(name, {}).setdefault(value, (quote, rule))
    contact: dict[str, tuple[str, ...]] = {}
    for name, values in found.items():
        kept = _distinct(list(values), _digits if name == "phone" else str.lower)[:8]
        contact[name] = tuple(kept)
        for value in kept:
            quote, rule = values[value]
            facts.evidence.append(
                Evidence(
                    subject="contact",
                    quote=quote[:_QUOTE],
                    rule=rule,
                    url=facts.url or None,
                    value=value,
                )
            )
    return contact


def _digits(value: str) -> str:
    return re.sub(r"\D", "", value)[-9:]


def _distinct(values: list[str], key: Callable[[str], str]) -> list[str]:
    return list({key(value): value for value in reversed(values)}.values())[::-1]

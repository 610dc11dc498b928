"""What a page says of the company behind it, each filled field with its proof.

From structured data first, then meta tags, then the words of the page. Phrases are kept as they
stand; nothing is inferred from what is not said.
"""

import re
from collections.abc import Callable, Iterable

from crawlers.document import Document
from crawlers.extract.company.claims import year_of
from crawlers.extract.company.contacts import accounts_of, contacts_of, marked_links
from crawlers.extract.company.customers import cases_of, cited_of, logos_of, voices_of
from crawlers.extract.company.facts import Facts
from crawlers.extract.company.naming import owned_piece
from crawlers.extract.company.phrases import Said, Spots, said_in, spots_of
from crawlers.extract.company.positioning import positioning_of
from crawlers.extract.company.reach import read_languages, read_regions
from crawlers.extract.company.structured import address_of, owners_of, read_audiences, read_owners
from crawlers.extract.head import Head
from crawlers.extract.kinds.marks import is_root
from crawlers.extract.marks import AREA_BITS, GROUP_BITS
from crawlers.extract.outline import Block, Outline
from crawlers.extract.structured import Thing, all_things, text_of, things
from crawlers.folding import fold
from crawlers.items import Company
from crawlers.spotting import Lines
from crawlers.words import PageKind

_SPLIT_TITLE = re.compile(r"\s+[|·•–—:»-]\s+|\s*[|｜_]\s*")
_RATED = re.compile(
    r"\d.{0,200}(?:review|rating|star|out of|/5|sao|đánh giá|danh gia|[评評]|[颗顆]星)", re.I
)
_HERO = GROUP_BITS["hero"]
_OTHERS = GROUP_BITS["review"] | GROUP_BITS["comment"] | GROUP_BITS["consent"]
_NAV = AREA_BITS["nav"]
_COUNTED = frozenset({"sales", "trust"})
_ARTICLES = frozenset({"article", "legal", "documentation", "forum_board", "forum_topic"})
_OWN_VOICE = frozenset({"home", "about", "service", "pricing", "contact", "other"})
_LISTS = frozenset({"collection", "listing"})
_SHELVES = _LISTS | {"product"}
"""Where logos are those of the brands on sale."""
_LONG = 600  # characters of a block outside the main text; longer ones are other pages' texts
_MOST_LINES = 400


def company_of(
    document: Document, outline: Outline, head: Head, kind: PageKind, main_text: str
) -> Company:
    """The company facts a page states.

    :param main_text: the page's own text: what it says comes before what its frame says.
    """
    if is_root(document.url):
        kind = "home"  # a shop's or a magazine's first page speaks for it too
    facts = Facts(document.url)
    stated = list(all_things(document)) if document.json_ld else []
    owners = owners_of(stated)
    read_owners(facts, owners)
    _read_head(facts, outline, head, kind, document.url)
    read_languages(facts, outline, head)
    spots = spots_of(outline.folded, frame=kind in _ARTICLES)
    links = marked_links(outline)
    if kind not in _ARTICLES:
        read_audiences(facts, stated)
        _read_words(facts, document, kind, _said(outline, head, spots, main_text))
        _read_customers(facts, document, outline, spots, links["case"], kind)
        _read_positioning(facts, outline, head, kind)
    read_regions(facts, head)
    for account, quote in accounts_of(document, outline, links["account"]):
        facts.add("accounts", account, quote, "link:account")
    for owner in owners[:3]:
        for same in owner.get("sameAs") or [] if isinstance(owner.get("sameAs"), list) else []:
            if isinstance(same, str) and same.startswith(("http://", "https://")):
                facts.add("accounts", same[:500], same, "json-ld:sameAs")
    contact = _contacts(facts, outline, owners, spots, links["contact"])
    if contact:
        facts.values["contact"] = contact
    return Company(evidence=tuple(facts.evidence), **facts.values)  # type: ignore[arg-type]


# --- the words of the page -----------------------------------------------------------------------


def _said(outline: Outline, head: Head, spots: Spots, main_text: str) -> Iterable[Said]:
    """What title and description say, then the page's own text, then its frame."""
    first = [text for text in dict.fromkeys((head.title, head.description)) if text]
    if len(outline.blocks) < 40 and len(main_text) > len(spots.whole.joined):
        first += main_text.split("\n")[:200]  # a page built by scripts: its data speaks
    lines = [" ".join(text[:700].split()) for text in first]
    whole = Lines(lines, fold("\n".join(lines)))
    top = spots_of(whole)
    yield from said_in(top, sorted(top.said))
    numbers = _worth_reading(outline, spots, main_text)
    for said in said_in(spots, numbers):
        if said.field in _COUNTED or not _is_others(outline.blocks[said.line]):
            yield said


def _worth_reading(outline: Outline, spots: Spots, main_text: str) -> list[int]:
    """The lines to read, each text once: those of the main text, then the others."""
    main = set(main_text.split("\n"))
    seen: set[str] = set()
    own: list[int] = []
    frame: list[int] = []
    for number in sorted(spots.said):
        block = outline.blocks[number]
        text = block.text
        if text in seen or len(text) < 4:
            continue
        seen.add(text)
        if text in main:
            own.append(number)
        elif (
            len(text) <= _LONG
            and block.linked * 2 <= len(text)
            and (block.place != "header" or block.tag == "h1")
            and not block.areas & _NAV
        ):
            frame.append(number)
    return (own + frame)[:_MOST_LINES]


def _is_others(block: Block) -> bool:
    """Whether the words are a customer's, or those of a notice about cookies."""
    return bool((block.near | block.far) & _OTHERS) or block.tag == "blockquote"


def _read_words(facts: Facts, document: Document, kind: PageKind, said: Iterable[Said]) -> None:
    for one in said:
        if kind in _LISTS and one.field == "trust" and _RATED.search(one.phrase):
            continue  # a product's in the list
        if one.field == "founded":
            year = year_of(one.phrase, document.fetched_at.year)
            facts.set("founded", year, one.quote, one.rule)
        elif one.field == "size":
            facts.set("size", one.phrase, one.quote, one.rule)
        else:
            facts.add(one.field, one.phrase, one.quote, one.rule)


def _read_customers(
    facts: Facts, document: Document, outline: Outline, spots: Spots, cases: list[int],
    kind: PageKind,
) -> None:  # fmt: skip
    for name, quote in logos_of(document, outline, spots, named=kind not in _SHELVES):
        facts.add("customers", name, quote, "page:logo")
    for name, quote in cited_of(document, outline):
        facts.add("customers", name, quote, "page:testimonial")
    for name, quote in voices_of(outline, spots):
        facts.add("customers", name, quote, "page:testimonial")
    for name, quote in cases_of(outline, cases):
        facts.add("customers", name, quote, "link:case_study")


# --- head, tagline, positioning ------------------------------------------------------------------


def _read_head(facts: Facts, outline: Outline, head: Head, kind: PageKind, url: str) -> None:
    facts.set("name", head.site_name, head.site_name, "meta:site_name")
    pieces = [piece.strip() for piece in _SPLIT_TITLE.split(head.title) if piece.strip()]
    if pieces and "name" not in facts.values:
        # Inner pages end their title with the company's name, home pages begin with it.
        piece = min(pieces, key=len) if kind == "home" else pieces[-1]
        if len(pieces) > 1:
            piece = owned_piece(pieces, outline, url) or piece
        if len(pieces) > 1 or kind == "home":
            facts.set("name", piece[:120], head.title, "title")
    if kind in ("home", "about"):
        name = str(facts.values.get("name") or "").lower()
        for block in outline.blocks[:400]:
            if _is_spoken(block) and block.text.lower() != name:
                facts.set("tagline", block.text, block.text, "page:h1")
                break
        for piece in pieces:
            if len(piece) > 15 and piece.lower() != name:
                facts.set("tagline", piece, head.title, "title")
                break
        facts.set("description", head.description, head.description, "meta:description")


def _is_spoken(block: Block) -> bool:
    large = block.tag == "h1" or (block.tag == "h2" and block.near & _HERO)
    return bool(large) and block.place != "footer" and 8 <= len(block.text) <= 200


def _read_positioning(facts: Facts, outline: Outline, head: Head, kind: PageKind) -> None:
    if kind not in _OWN_VOICE:
        return
    candidates = [(head.description, "meta:description")]
    for key in ("og:description", "twitter:description"):
        candidates.append((head.metas.get(key, ""), f"meta:{key}"))
    candidates.append((str(facts.values.get("description") or ""), "json-ld:description"))
    if kind in ("home", "about"):
        spoken = 0
        for block in outline.blocks[:200]:
            if block.place == "body" and (block.tag in ("h1", "h2") or (
                block.tag == "p" and len(block.text) > 30 and not block.linked
            )):  # fmt: skip
                candidates.append((block.text, f"page:{block.tag}"))
                spoken += 1
                if spoken >= 6:
                    break
    distinct = list({text: (text, rule) for text, rule in reversed(candidates) if text}.values())
    found = positioning_of(distinct[::-1], str(facts.values.get("name") or ""))
    if found:
        facts.set("positioning", found[0], found[0], found[1])


# --- contact -------------------------------------------------------------------------------------


def _contacts(
    facts: Facts, outline: Outline, owners: list[Thing], spots: Spots, links: list[int]
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
            place = address_of(address)
            if place:
                found.setdefault("address", {}).setdefault(place, (place, "json-ld:address"))
    for name, value, quote, rule in contacts_of(outline, spots, links):
        found.setdefault(name, {}).setdefault(value, (quote, rule))
    contact: dict[str, tuple[str, ...]] = {}
    for name, values in found.items():
        kept = _distinct(list(values), _digits if name == "phone" else str.lower)[:8]
        contact[name] = tuple(kept)
        for value in kept:
            quote, rule = values[value]
            facts.prove("contact", quote, rule, value)
    return contact


def _digits(value: str) -> str:
    return re.sub(r"\D", "", value)[-9:]


def _distinct(values: list[str], key: Callable[[str], str]) -> list[str]:
    return list({key(value): value for value in reversed(values)}.values())[::-1]

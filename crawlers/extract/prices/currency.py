"""What a page tells of its currency: a bare ``$`` or ``¥`` is read by it, or stays untold.

Asked in this order: what the page declares for machines; what it says in words ("Prices are in
US dollars", 人民币, an ISO code); the country of its address, of its declared language, of its
owner's postal address and telephone.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from crawlers.document import Document
from crawlers.extract.head import Head
from crawlers.extract.offers.spots import Spots
from crawlers.extract.outline import Outline
from crawlers.extract.prices.money import Hints, price_words
from crawlers.extract.structured import all_things, text_of
from crawlers.folding import fold
from crawlers.spotting import Phrasebook, stands_alone
from crawlers.urls import host_of

_COUNTRY_OF_LANG = re.compile(r"^[a-z]{2,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2})\b")
_GENERIC_ENDINGS = frozenset({"co", "io", "ai", "me", "tv", "is", "in", "id", "my", "by", "no"})
_OF_PRICES = re.compile(
    r"\b(?:pric|bill|charg|amount|currenc|pay|fee|cost)|giá|thanh toán|价|價|费|費|计|計|币种|幣別",
    re.IGNORECASE,
)
_MOST_NAMES = 200  # blocks that name currencies
_HANT = re.compile(r"hant|[-_](?:tw|hk|mo)\b", re.IGNORECASE)


def hints_of(document: Document, outline: Outline, head: Head, lang: str) -> Hints:
    """What the page declares of its currency and country; see :func:`with_stated` for its words.

    :param lang: the page's language; written in traditional characters it tells no currency.
    """
    declared = ""
    for name in ("product:price:currency", "og:price:currency", "currency", "pricecurrency"):
        declared = declared or head.metas.get(name, "")
    country = ""
    for thing, _ in all_things(document):
        declared = declared or text_of(thing.get("priceCurrency"), 10)
        found = text_of(thing.get("addressCountry"), 40).strip().lower()
        country = country or price_words()["country_name"].get(found, found)
    declared = declared.strip().upper()
    return Hints(
        currency=declared if re.fullmatch(r"[A-Z]{3}", declared) else None,
        country=_country_of_host(document.url)
        or _country_of_language(head)
        or (country if re.fullmatch(r"[a-z]{2}", country) else "")
        or _country_of_phone(outline),
        lang="zh-hant" if lang == "zh" and _HANT.search(head.lang) else lang,
    )


def _country_of_host(url: str) -> str:
    labels = host_of(url).split(".")
    ending = labels[-1] if labels else ""
    second = labels[-2] if len(labels) > 1 else ""
    if len(ending) != 2 or not ending.isalpha():
        return ""
    if ending in _GENERIC_ENDINGS and second not in ("co", "com", "net", "org"):
        return ""
    return ending


def _country_of_language(head: Head) -> str:
    """The language's region as written: "en-US" is also what untouched templates say, yet a price
    in bare dollars on such a page is in US dollars far more often than not.
    """
    match = _COUNTRY_OF_LANG.match(head.metas.get("og:locale", "") or "")
    match = match or _COUNTRY_OF_LANG.match(head.lang)
    return match[1].lower() if match else ""


def _country_of_phone(outline: Outline) -> str:
    """The one country whose prefix the page's telephone links carry; +1 is of several."""
    found: set[str] = set()
    for anchor in outline.anchors:
        if anchor.href[:4].lower() == "tel:":
            number = re.sub(r"[^\d+]", "", anchor.href[4:40])
            number = f"+{number[2:]}" if number.startswith("00") else number
            found.update(
                country
                for prefix, country in price_words()["dial"].items()
                if number.startswith(prefix)
            )
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=1)
def _names() -> tuple[Phrasebook, list[str]]:
    """The names of currencies, folded, and the code of each."""
    table = {
        fold(word): code
        for code, words in price_words()["stated"].items()
        for word in (code, *words)
    }
    return Phrasebook(table), list(table.values())


def _named_in(line: str) -> Iterator[str]:
    """The codes of the currencies a line names; a code itself counts in capitals only."""
    book, codes = _names()
    folded = fold(line)
    for number, start, end in book.spot(folded):
        name, code = book.phrases[number], codes[number]
        if stands_alone(folded, start, end) and (name != code.lower() or code in line):
            yield code


def with_stated(hints: Hints, outline: Outline, spots: Spots) -> Hints:
    """The hints with the ISO codes of the currencies the page names in words, where a shared sign
    stands on it.

    Where sentences on prices name some of them, only these: a list of the currencies that
    customers may pay in is no price.
    """
    if not spots.shared or not spots.names:
        return hints
    everywhere: dict[str, None] = {}
    of_prices: dict[str, None] = {}
    for number in spots.names[:_MOST_NAMES]:
        text = outline.folded.lines[number]
        codes = dict.fromkeys(_named_in(text))
        everywhere.update(codes)
        if codes and len(text) > 12 and _OF_PRICES.search(text):
            of_prices.update(codes)
    return replace(hints, stated=tuple(of_prices or everywhere))

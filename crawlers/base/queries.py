"""What a search is asked for a market: what it sells, and other names beside those known. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from crawlers.language import language_of
from crawlers.market import Market, SourceEntry
from crawlers.sources import queries_of

MOST_QUERIES = 12
"""Questions to one search in a run; public instances are small."""
_MOST_NAMES = 6
_INSTEAD_OF = {"en": "{} alternatives", "vi": "thay thế {}", "zh": "{} 替代"}


@dataclass(frozen=True, slots=True)
class Query:
    """Words to search for and the language to ask in: a code, or ``all``."""

    text: str
    language: str


def queries_for(market: Market, entry: SourceEntry) -> tuple[Query, ...]:
    """The queries of a ``[[source]]``; where it gives none, those the market itself suggests: its
    keywords and offers, its own name and its rivals' with the words that ask for others.
    """
    if entry.queries:
        return tuple(
            Query(text, entry.language or _spoken(text))
            for text in dict.fromkeys(entry.queries[:MOST_QUERIES])
        )
    languages = _languages(market, entry)
    sold = [Query(text, _spoken(text)) for text in queries_of(market)]
    asked = list(_instead(market, languages))
    room = max(MOST_QUERIES - len(sold), MOST_QUERIES // 2)
    found = dict.fromkeys([*sold[: MOST_QUERIES - min(room, len(asked))], *asked[:room]])
    return tuple(found)[:MOST_QUERIES]


def _instead(market: Market, languages: tuple[str, ...]) -> Iterator[Query]:
    names = [market.business.name, *(entry.name for entry in market.competitors if entry.name)]
    for name in names[:_MOST_NAMES]:
        for language in languages[:2]:
            form = _INSTEAD_OF.get(language, _INSTEAD_OF["en"])
            yield Query(form.format(name), language)


def _languages(market: Market, entry: SourceEntry) -> tuple[str, ...]:
    if entry.language:
        return (entry.language,)
    return market.business.languages or (_spoken(market.business.description),)


def _spoken(text: str) -> str:
    language = language_of(text)
    return language if language in _INSTEAD_OF else "all"

"""A market and chosen public sources, as one market for a run. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import ValidationError

from crawlers.extract.head import Head
from crawlers.extract.search.keywords import keywords_of
from crawlers.folding import fold, search_text
from crawlers.language import language_of
from crawlers.market import ForumEntry, Market, SourceEntry
from crawlers.marketfile.model import place_of
from crawlers.sources.model import PublicSource
from crawlers.words import ENGINES

SEARXNG = "searxng"
"""Engine of a row of kind ``search`` that answers as SearXNG does."""
MOST_QUERIES = 6
"""Queries of a market to one service: what it sells, in its words."""

_READABLE = frozenset({"open", "api_key"})
_TALKS = frozenset({"forum", "questions", "feed", "mailing_list"})
_TALKS_WITH_ENGINE = frozenset({"comments", "search", "social"})
_LISTS = frozenset({"directory", "reviews"})
_OF_NO_SITE = frozenset({"app_store", "feed"})  # engines that need the address of one app, one feed
_LONGEST_QUERY = 60  # characters


def joined(market: Market, rows: Iterable[PublicSource]) -> Market:
    """The market with those rows that can be read for it: talk as forums, lists of companies and
    searches as sources. Their keys stand in ``joined``.

    What the file names itself stays as it is: a row of the same address is left out. Rows that no
    program may read, and kinds nobody reads here (marketplaces, app stores), are left out too. A
    row with an interface that asks for a key is joined; without the key the run says so.
    """
    queries = queries_of(market)
    forums, sources = list(market.forums), list(market.sources)
    places = {_place(entry.url) for entry in market.talk}
    places |= {_place(entry.url) for entry in market.sources}
    keys = {entry.key for entry in market.talk} | {entry.key for entry in market.sources}
    new: set[str] = set()
    for row in rows:
        if row.access not in _READABLE or _place(row.address) in places:
            continue
        entry = _forum(row, queries) or _source(row)
        if entry is None:
            continue
        if entry.key in keys:
            entry = entry.model_copy(update={"name": None})
        if entry.key in keys:
            continue
        keys.add(entry.key)
        new.add(entry.key)
        places.add(_place(row.address))
        if isinstance(entry, ForumEntry):
            forums.append(entry)
        else:
            sources.append(entry)
    if not new:
        return market
    return replace(market, forums=tuple(forums), sources=tuple(sources), joined=market.joined | new)


def readable(row: PublicSource) -> bool:
    """Whether a row is of a kind that :func:`joined` makes an entry of."""
    return row.access in _READABLE and (_talks(row) or _lists(row) is not None)


def queries_of(market: Market, most: int = MOST_QUERIES) -> tuple[str, ...]:
    """What to ask a service for: the market's keywords, then its offers, else the phrases its
    description begins with. Its own name is none.
    """
    business = market.business
    names = {fold(name) for name in (business.name, *business.aliases)}
    named = [*business.keywords, *business.offers]
    if not named:
        named = list(phrases_of(business.description))
    found = dict.fromkeys(
        text for text in (" ".join(one.split()) for one in named)
        if 2 <= len(text) <= _LONGEST_QUERY and fold(text) not in names
    )  # fmt: skip
    return tuple(found)[:most]


def phrases_of(description: str) -> Iterator[str]:
    """The phrases of a description, in its order, the parts of others left out; no single words."""
    text = description[:400]
    phrases = keywords_of("", Head(title=text), (), lang=language_of(text))
    folded = search_text(text)
    for keyword in sorted(phrases, key=lambda one: folded.find(one.folded) % (len(folded) + 1)):
        if " " in keyword.folded:  # one word alone is asked for by everybody
            yield keyword.phrase


def _forum(row: PublicSource, queries: tuple[str, ...]) -> ForumEntry | None:
    if not _talks(row):
        return None
    engine = "feed" if row.kind == "feed" and not row.engine else row.engine
    try:
        return ForumEntry(
            url=row.address,
            name=row.name,
            engine=engine if engine in ENGINES else None,
            language=row.languages[0] if len(row.languages) == 1 else None,
            queries=queries,
        )
    except ValidationError:
        return None  # an address the market file would not take


def _talks(row: PublicSource) -> bool:
    known = row.engine in ENGINES and row.engine not in _OF_NO_SITE
    return row.kind in _TALKS or (row.kind in _TALKS_WITH_ENGINE and known)


def _source(row: PublicSource) -> SourceEntry | None:
    kind = _lists(row)
    if kind is None:
        return None
    language = row.languages[0] if len(row.languages) == 1 else None
    try:
        return SourceEntry.model_validate(
            {"url": row.address, "kind": kind, "name": row.name, "language": language}
        )
    except ValidationError:
        return None


def _lists(row: PublicSource) -> str | None:
    if row.kind == "search":
        return "search" if row.engine == SEARXNG else None
    return "directory" if row.kind in _LISTS else None


def _place(url: str) -> str:
    return place_of(url).removeprefix("www.")

"""Posts that set a candidate beside us: what they were found by is read as posts are.

The demand pass looks for the names of watched competitors only, so comparisons with a candidate
stand in no table before it is accepted.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping

from crawlers.folding import fold
from crawlers.market import Business
from pipelines.demand import Brand, DemandReader, MarketTerms, Reading
from pipelines.tiers import PostFact

POSTS = 20
"""Quotes read of one candidate, the plainest first."""


def posts_beside(
    connection: sqlite3.Connection, business: Business
) -> Mapping[str, tuple[PostFact, ...]]:
    """The posts about each candidate that compare it with us, or tell of a move between the two."""
    ours = {fold(name) for name in (business.name, *business.aliases)}
    quotes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    brands: dict[str, Brand] = {}
    for key, name, aliases, quote, url in connection.execute(
        "SELECT c.id, c.name, c.aliases_json, e.quote, e.url FROM competitors c "
        "JOIN evidence e ON e.claim_table = 'competitors' AND e.claim_key = c.id "
        "WHERE c.status = 'candidate' AND c.is_self = 0 AND e.subject = 'candidate' "
        "AND e.source IN (SELECT id FROM forums) ORDER BY c.id, e.weight DESC, e.id"
    ):
        folded = fold(quote)
        if len(quotes[key]) < POSTS and any(name in folded for name in ours):
            brands[key] = Brand(name=name, aliases=tuple(json.loads(aliases)), key=key)
            quotes[key].append((quote, url))
    if not brands:
        return {}
    reader = DemandReader(
        MarketTerms(
            brands=tuple(brands.values()),
            own=Brand(name=business.name, aliases=business.aliases, key=business.key),
            offers=business.offers,
            keywords=business.keywords,
        )
    )
    found: dict[str, list[PostFact]] = defaultdict(list)
    for key, brand in brands.items():
        theirs = {fold(name) for name in (brand.name, *brand.aliases)}
        for quote, url in quotes[key]:
            fact = _fact(reader.read(quote), url, ours, theirs)
            if fact is not None:
                found[key].append(fact)
    return {key: tuple(facts) for key, facts in found.items()}


def _fact(reading: Reading, url: str, ours: set[str], theirs: set[str]) -> PostFact | None:
    def both(one: str | None, other: str | None) -> bool:
        two = fold(one or ""), fold(other or "")
        return (two[0] in ours and two[1] in theirs) or (two[1] in ours and two[0] in theirs)

    for comparison in reading.comparison or ():
        if both(comparison.preferred, comparison.other):
            return PostFact(quote=comparison.quote, url=url, kind="compared")
    switch = reading.switch
    if switch is not None and both(switch.from_brand, switch.to_brand):
        return PostFact(quote=switch.quote, url=url, kind="switch")
    return None

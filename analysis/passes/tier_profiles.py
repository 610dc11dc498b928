"""What the database knows of a company, as the tiers read it."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from analysis.passes.tier_links import Link
from analysis.questions.sample import OWN
from crawlers.market import Business
from pipelines.storage.money import from_minor
from pipelines.tiers import OfferFact, PostFact, Profile

PAGES = 40
"""Pages of a site that a verdict may rest on, those that know most first."""
PASSAGE_LENGTH = 2_000
POSTS = 40
KEYWORDS = 40
"""Of a site, the weightiest: those of one page alone say little of the company."""

_ASKED_FIRST = (
    "CASE p.kind WHEN 'home' THEN 0 WHEN 'about' THEN 1 WHEN 'product' THEN 2 "
    "WHEN 'service' THEN 3 WHEN 'pricing' THEN 4 WHEN 'collection' THEN 5 WHEN 'careers' THEN 6 "
    "WHEN 'article' THEN 7 ELSE 8 END"
)


def business_profile(
    connection: sqlite3.Connection | None, business: Business, own: str
) -> Profile:
    """Our own business: what the market file says, and what our own site says."""
    said = rival_profile(connection, own) if connection is not None else None
    return Profile(
        name=business.name,
        site=business.site,
        description=business.description,
        texts=said.texts if said else (),
        offers=(
            *(OfferFact(name=offer, price=None, currency=None, url=None)
              for offer in business.offers),
            *(said.offers if said else ()),
        ),
        audience=(*business.audience, *(said.audience if said else ())),
        category=business.category,
        keywords=business.keywords,
        regions=business.regions,
        languages=business.languages,
        news=said.news if said else (),
        searched=(
            *((phrase, business.site) for phrase in business.keywords),
            *(said.searched if said else ()),
        ),
        price_band=business.price_band,
        posts=(),
        pages_seen=said.pages_seen if said else 0,
    )  # fmt: skip


def rival_profile(
    connection: sqlite3.Connection,
    competitor: str,
    beside: Iterable[PostFact] = (),
    linked: tuple[Link, ...] = (),
) -> Profile:
    """What its pages say, and the posts that set it beside us.

    :param beside: such posts of a candidate, which the tables of comparisons do not hold.
    :param linked: its links to sites that others of the market and we link to.
    """
    row = connection.execute(
        "SELECT c.name, c.site, f.description, f.tagline, f.audience_json, f.places_json, "
        "c.aliases_json FROM competitors c LEFT JOIN companies f ON f.competitor = c.id "
        "WHERE c.id = ?",
        (competitor,),
    ).fetchone()
    if row is None:
        return Profile(name=competitor)
    name, site, description, tagline, audience, places, aliases = row
    pages = connection.execute(
        "SELECT p.kind, p.url, p.title, p.description, v.headings_json, v.text, p.lang "
        "FROM pages p JOIN page_versions v ON v.page_id = p.id AND v.version = p.version "
        "WHERE p.competitor = ? AND p.status < 400 "
        f"ORDER BY {_ASKED_FIRST}, length(p.url), p.url LIMIT ?",
        (competitor, PAGES),
    ).fetchall()
    offers = tuple(
        OfferFact(name=offer, price=from_minor(price, currency), currency=currency, url=url)
        for offer, price, currency, url in connection.execute(
            "SELECT o.name, o.price_minor, o.currency, p.url FROM offers o "
            "JOIN pages p ON p.id = o.page_id WHERE o.competitor = ? AND o.name IS NOT NULL "
            "ORDER BY p.kind <> 'pricing', o.position LIMIT 60",
            (competitor,),
        )
    )
    return Profile(
        name=name,
        site=site,
        description="\n".join(part for part in (tagline, description) if part),
        texts=tuple(_heads(pages)) + tuple(_bodies(pages, _TOLD)),
        job_adverts=tuple(_bodies(pages, _ADVERTS)),
        news=(*_titles(pages), *_bodies(pages, _NEWS)),
        offers=offers,
        audience=tuple(json.loads(audience or "[]")),
        regions=tuple(json.loads(places or "[]")),
        languages=tuple(sorted({page[6] for page in pages if page[6] != "und"})),
        aliases=tuple(json.loads(aliases)),
        posts=(*_posts(connection, competitor), *beside),
        searched=tuple(_searched(connection, competitor)),
        linked=linked,
        pages_seen=len(pages),
    )


# Where a company says what it is; elsewhere it talks of customers, of the world, of law.
_HEADED = frozenset({"home", "about", "product", "service", "pricing", "collection"})
_TOLD = frozenset({"home", "about", "product", "service", "collection"})
_ADVERTS = frozenset({"careers"})
_NEWS = frozenset({"article", "listing", "other"})


def _heads(pages: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for kind, url, title, description, headings, _, _ in pages:
        if kind in _HEADED:
            head = [part for part in (title, description, *json.loads(headings)) if part]
            yield "\n".join(head)[:PASSAGE_LENGTH], url


def _titles(pages: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """What articles and lists are called: "A or B?", "the best alternatives to A"."""
    for kind, url, title, _, _, _, _ in pages:
        if kind in _NEWS and title:
            yield title[:PASSAGE_LENGTH], url


def _searched(connection: sqlite3.Connection, competitor: str) -> Iterator[tuple[str, str]]:
    """The keywords its pages are written to be found by, the weightiest first."""
    yield from connection.execute(
        "SELECT min(phrase), min(url) FROM keywords WHERE competitor = ? GROUP BY folded "
        "ORDER BY sum(weight) DESC, folded LIMIT ?",
        (competitor, KEYWORDS),
    )


def _bodies(pages: Iterable[Any], kinds: frozenset[str]) -> Iterator[tuple[str, str]]:
    for kind, url, _, _, _, text, _ in pages:
        if kind in kinds and text:
            yield text[:PASSAGE_LENGTH], url


_NEWEST_POST = "ORDER BY p.posted_at DESC, p.key"
"""By what a post is, not by when it was stored: a crawl that was killed stores in another order."""


def _posts(connection: sqlite3.Connection, competitor: str) -> Iterator[PostFact]:
    """Posts that set a competitor beside us: compared, or left the one for the other."""
    for quote, url in connection.execute(
        "SELECT k.quote, p.url FROM comparisons k JOIN posts p ON p.id = k.post_id "
        "JOIN competitors s ON s.is_self = 1 WHERE ((k.preferred_competitor = ?1 AND "
        "k.other_competitor = s.id) OR (k.other_competitor = ?1 AND k.preferred_competitor = s.id))"
        f" AND p.forum NOT IN {OWN} {_NEWEST_POST} LIMIT ?2",
        (competitor, POSTS),
    ):
        yield PostFact(quote=quote, url=url, kind="compared")
    for quote, url in connection.execute(
        "SELECT w.quote, p.url FROM switches w JOIN posts p ON p.id = w.post_id "
        "JOIN competitors s ON s.is_self = 1 WHERE ((w.from_competitor = ?1 AND "
        "w.to_competitor = s.id) OR (w.to_competitor = ?1 AND w.from_competitor = s.id)) "
        f"AND p.forum NOT IN {OWN} {_NEWEST_POST} LIMIT ?2",
        (competitor, POSTS),
    ):
        yield PostFact(quote=quote, url=url, kind="switch")

"""Sorts every competitor into a tier, over the whole market at once; decisions win."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from analysis.passes import evidence
from crawlers.market import Business, Market, fault_at
from pipelines.storage.database import now_text, transaction
from pipelines.storage.money import from_minor
from pipelines.tiers import (
    RULES_VERSION,
    FlagEvidence,
    OfferFact,
    PostFact,
    Profile,
    TierConfig,
    TierVerdict,
    config_from,
    judge,
)

PAGES = 40
"""Pages of a site that a verdict may rest on, those that know most first."""
PASSAGE_LENGTH = 2_000
POSTS = 40

_ASKED_FIRST = (
    "CASE p.kind WHEN 'home' THEN 0 WHEN 'about' THEN 1 WHEN 'product' THEN 2 "
    "WHEN 'service' THEN 3 WHEN 'pricing' THEN 4 WHEN 'collection' THEN 5 WHEN 'careers' THEN 6 "
    "WHEN 'article' THEN 7 ELSE 8 END"
)


def run(connection: sqlite3.Connection, market: Market) -> None:
    """Judge every watched competitor and candidate, and keep history where a tier moved."""
    own = market.business.key
    rivals = [
        row[0]
        for row in connection.execute(
            "SELECT id FROM competitors WHERE is_self = 0 AND status <> 'ignored' ORDER BY id"
        )
    ]
    focal = business_profile(connection, market.business, own)
    profiles = [_profile(connection, rival) for rival in rivals]
    verdicts = judge(focal, profiles, tier_config(market))
    decisions = _decisions(connection)
    with transaction(connection):
        for rival, verdict in zip(rivals, verdicts, strict=True):
            _write(connection, rival, verdict, decisions.get(rival))


def tier_config(market: Market) -> TierConfig:
    """The weights and thresholds, with the market file's own.

    :raises crawlers.market.MarketFileError: where ``[tiers]`` holds what is none.
    """
    try:
        return config_from(market.tiers)
    except ValueError as error:
        raise fault_at(market, ("tiers",), str(error)) from None


def business_profile(
    connection: sqlite3.Connection | None, business: Business, own: str
) -> Profile:
    """Our own business: what the market file says, and what our own site says."""
    said = _profile(connection, own) if connection is not None else None
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
        posts=(),
        pages_seen=said.pages_seen if said else 0,
    )  # fmt: skip


def _profile(connection: sqlite3.Connection, competitor: str) -> Profile:
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
        news=tuple(_bodies(pages, _NEWS)),
        offers=offers,
        audience=tuple(json.loads(audience or "[]")),
        regions=tuple(json.loads(places or "[]")),
        languages=tuple(sorted({page[6] for page in pages if page[6] != "und"})),
        aliases=tuple(json.loads(aliases)),
        posts=tuple(_posts(connection, competitor)),
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
        "JOIN competitors s ON s.is_self = 1 WHERE (k.preferred_competitor = ?1 AND "
        "k.other_competitor = s.id) OR (k.other_competitor = ?1 AND k.preferred_competitor = s.id)"
        f" {_NEWEST_POST} LIMIT ?2",
        (competitor, POSTS),
    ):
        yield PostFact(quote=quote, url=url, kind="compared")
    for quote, url in connection.execute(
        "SELECT w.quote, p.url FROM switches w JOIN posts p ON p.id = w.post_id "
        "JOIN competitors s ON s.is_self = 1 WHERE (w.from_competitor = ?1 AND "
        "w.to_competitor = s.id) OR (w.to_competitor = ?1 AND w.from_competitor = s.id) "
        f"{_NEWEST_POST} LIMIT ?2",
        (competitor, POSTS),
    ):
        yield PostFact(quote=quote, url=url, kind="switch")


def _decisions(connection: sqlite3.Connection) -> dict[str, tuple[Any, str, str]]:
    """Standing decisions on tiers: competitor -> (tier or None, reason, who)."""
    return {
        subject: (json.loads(value), reason, origin)
        for subject, value, reason, origin in connection.execute(
            "SELECT subject, value, reason, origin FROM current_decisions WHERE field = 'tier' "
            "AND value IS NOT NULL AND value <> 'null'"
        )
    }


def _write(
    connection: sqlite3.Connection,
    rival: str,
    found: TierVerdict,
    decision: tuple[Any, str, str] | None,
) -> None:
    tier, verdict = found.tier, found.verdict
    reason = "; ".join(found.reasons)
    if decision is not None:
        tier, verdict = decision[0], "override"
        reason = f"decided by a researcher ({decision[2]})" + (
            f": {decision[1]}" if decision[1] else ""
        )
    now = now_text()
    before = connection.execute(
        "SELECT tier, verdict, decided_at FROM tiers WHERE competitor = ?", (rival,)
    ).fetchone()
    moved = before is None or tuple(before[:2]) != (tier, verdict)
    connection.execute(
        "INSERT OR REPLACE INTO tiers (competitor, tier, verdict, score, same_product, "
        "same_audience, same_category, substitute, extension, complement, method, rule_version, "
        "decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            rival, tier, verdict, found.score, found.same_product, found.same_audience,
            found.same_category, found.substitute, found.extension, int(found.complement),
            found.method, RULES_VERSION, now if moved else before[2],
        ),
    )  # fmt: skip
    if moved:
        connection.execute(
            "INSERT INTO tier_history (competitor, at, tier, verdict, score, reason) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (rival, now, tier, verdict, found.score, reason),
        )
    evidence.replace(connection, "tiers", rival, _rows(connection, rival, found.evidence))


def _rows(
    connection: sqlite3.Connection, rival: str, found: Iterable[FlagEvidence]
) -> Iterator[evidence.Row]:
    seen = dict(
        connection.execute("SELECT url, last_seen FROM pages WHERE competitor = ?", (rival,))
    )
    home = connection.execute("SELECT site FROM competitors WHERE id = ?", (rival,)).fetchone()
    for row in found:
        url = row.url or (home[0] if home and home[0] else "")
        yield evidence.Row(
            subject=row.flag, source=rival, url=url, fetched_at=seen.get(url) or now_text(),
            quote=row.quote, rule=row.rule, rule_version=RULES_VERSION, weight=row.weight,
        )  # fmt: skip

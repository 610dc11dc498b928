"""Sorts every competitor into a tier, over the whole market at once; decisions win."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from analysis.passes import evidence
from analysis.passes.tier_moves import Proof, State, cause_of, move_in_words, stored_state
from analysis.standing_decisions import is_taken_back, stored_value, tier_of
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
from pipelines.tiers.adapting import Adaptation, Decided, adapt, with_lines

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDecision:
    """A researcher's standing word on a tier; ``value`` as stored: 1, 2, 3, "none", ..."""

    value: object
    reason: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A market's verdicts by its own lines, and how those were learnt.

    ``verdicts`` and ``decisions`` are keyed by competitor; ``mark`` stands for all that is ours in
    them: rules, market file, lines.
    """

    verdicts: Mapping[str, TierVerdict]
    decisions: Mapping[str, TierDecision]
    adaptation: Adaptation
    mark: str


def run(connection: sqlite3.Connection, market: Market) -> Adaptation:
    """Judge every watched competitor and candidate, and keep history where a tier moved.

    :returns: what the researcher's decisions changed.
    """
    found = judged(connection, market)
    with transaction(connection):
        for rival, verdict in found.verdicts.items():
            _write(connection, rival, verdict, found.decisions.get(rival), found.mark)
    return found.adaptation


def judged(connection: sqlite3.Connection, market: Market) -> Judged:
    """The verdicts of all that are not ignored, as they come out now; nothing is written."""
    own = market.business.key
    rivals = _judged_rivals(connection)
    focal = business_profile(connection, market.business, own)
    profiles = [_profile(connection, rival) for rival in rivals]
    shipped = dict(zip(rivals, judge(focal, profiles, tier_config(market)), strict=True))
    decisions = _decisions(connection)
    adaptation = adapt([
        Decided(
            flags=verdict.flags, complement=verdict.complement, tier=tier_of(decisions[rival].value)
        )
        for rival, verdict in shipped.items()
        if rival in decisions and verdict.verdict != "insufficient"
    ])  # fmt: skip
    ours = json.dumps(
        [market.business.model_dump(mode="json"), dict(market.tiers or {}), adaptation.lines],
        sort_keys=True, ensure_ascii=False, default=str,
    )  # fmt: skip
    digest = blake2b(ours.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return Judged(
        verdicts={
            rival: with_lines(verdict, adaptation.lines) for rival, verdict in shipped.items()
        },
        decisions=decisions,
        adaptation=adaptation,
        mark=f"{RULES_VERSION}+{digest}",
    )


def _judged_rivals(connection: sqlite3.Connection) -> list[str]:
    """Everybody who is not ignored, by the market file or by a decision."""
    decided = {
        subject: stored_value(value)
        for subject, value in connection.execute(
            "SELECT subject, value FROM current_decisions WHERE field = 'status'"
        )
    }
    return [
        rival
        for rival, status in connection.execute(
            "SELECT id, status FROM competitors WHERE is_self = 0 ORDER BY id"
        )
        if (decided.get(rival) or status) != "ignored"
    ]


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
        news=said.news if said else (),
        searched=(
            *((phrase, business.site) for phrase in business.keywords),
            *(said.searched if said else ()),
        ),
        price_band=business.price_band,
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
        news=(*_titles(pages), *_bodies(pages, _NEWS)),
        offers=offers,
        audience=tuple(json.loads(audience or "[]")),
        regions=tuple(json.loads(places or "[]")),
        languages=tuple(sorted({page[6] for page in pages if page[6] != "und"})),
        aliases=tuple(json.loads(aliases)),
        posts=tuple(_posts(connection, competitor)),
        searched=tuple(_searched(connection, competitor)),
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


def _decisions(connection: sqlite3.Connection) -> dict[str, TierDecision]:
    """Standing decisions on tiers, but for those taken back."""
    return {
        subject: TierDecision(value=value, reason=reason, origin=origin)
        for subject, text, reason, origin in connection.execute(
            "SELECT subject, value, reason, origin FROM current_decisions WHERE field = 'tier'"
        )
        if not is_taken_back(value := stored_value(text))
    }


def _decided_by(decision: TierDecision) -> str:
    what = " as a partner" if decision.value == "complement" else ""
    why = f": {decision.reason}" if decision.reason else ""
    return f"decided{what} by a researcher ({decision.origin}){why}"


def _write(
    connection: sqlite3.Connection,
    rival: str,
    found: TierVerdict,
    decision: TierDecision | None,
    mark: str,
) -> None:
    rows = list(_rows(connection, rival, found.evidence))
    now = State(
        tier=found.tier if decision is None else tier_of(decision.value),
        verdict=found.verdict if decision is None else "override",
        flags=found.flags, complement=found.complement, rule_version=mark, method=found.method,
        proofs=[Proof(flag=row.subject, quote=row.quote, url=row.url) for row in rows],
    )  # fmt: skip
    before = stored_state(connection, rival)
    at = now_text()
    moved = before is None or (before.tier, before.verdict) != (now.tier, now.verdict)
    if moved:
        cause = cause_of(connection, rival, before, now)
        told = (
            _decided_by(decision)
            if decision is not None
            else move_in_words(before, now, cause, found.reasons)
        )
        connection.execute(
            "INSERT INTO tier_history (competitor, at, tier, verdict, score, reason, cause) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (rival, at, now.tier, now.verdict, found.score, told, cause),
        )
    decided_at = at
    if not moved:
        (decided_at,) = connection.execute(
            "SELECT decided_at FROM tiers WHERE competitor = ?", (rival,)
        ).fetchone()
    connection.execute(
        "INSERT OR REPLACE INTO tiers (competitor, tier, verdict, score, same_product, "
        "same_audience, same_category, substitute, extension, complement, method, rule_version, "
        "decided_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            rival, now.tier, now.verdict, found.score, found.same_product, found.same_audience,
            found.same_category, found.substitute, found.extension, int(found.complement),
            found.method, mark, decided_at,
        ),
    )  # fmt: skip
    evidence.replace(connection, "tiers", rival, rows)


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

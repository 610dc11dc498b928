"""Sorts every competitor into a tier, over the whole market at once; decisions win."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from analysis.passes import evidence
from analysis.passes.candidate_posts import posts_beside
from analysis.passes.tier_evidence import proven, rows_of
from analysis.passes.tier_links import shared_links
from analysis.passes.tier_moves import Proof, State, cause_of, move_in_words, stored_state
from analysis.passes.tier_profiles import business_profile, rival_profile
from analysis.standing_decisions import is_taken_back, stored_value, tier_of
from crawlers.market import Market, fault_at
from pipelines.storage.database import transaction
from pipelines.storage.times import now_text
from pipelines.tiers import RULES_VERSION, TierConfig, TierVerdict, config_from, judge
from pipelines.tiers.adapting import Adaptation, Decided, adapt, with_lines


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
            decision = found.decisions.get(rival)
            _write(connection, rival, verdict, decision, found.mark, market.business.key)
    return found.adaptation


def judged(connection: sqlite3.Connection, market: Market) -> Judged:
    """The verdicts of all that are not ignored, as they come out now; nothing is written."""
    own = market.business.key
    rivals = _judged_rivals(connection)
    focal = business_profile(connection, market.business, own)
    beside = posts_beside(connection, market.business)
    links = shared_links(connection, own)
    profiles = [
        rival_profile(connection, rival, beside.get(rival, ()), links.get(rival, ()))
        for rival in rivals
    ]
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
    own: str,
) -> None:
    rows = rows_of(connection, rival, own, found.evidence)
    found = proven(found, rows)
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
        "decided_at, reasons_json, would_change, seen_from_them) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            rival, now.tier, now.verdict, found.score, found.same_product, found.same_audience,
            found.same_category, found.substitute, found.extension, int(found.complement),
            found.method, mark, decided_at, json.dumps(found.reasons, ensure_ascii=False),
            found.would_change, found.seen_from_them,
        ),
    )  # fmt: skip
    evidence.replace(connection, "tiers", rival, rows)

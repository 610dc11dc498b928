"""Where each competitor stands: the tier that holds now, decisions first.

A decision made on a page wins at once, before any pass has run again; so the page that shows the
board and the pass that counts it read it here. No pandas: pages import this.
"""

import sqlite3
from dataclasses import dataclass
from typing import Literal

from analysis.standing_decisions import is_taken_back, stored_value, tier_of
from pipelines.tiers.decision import YES, decide

Group = Literal[
    "direct", "substitute", "potential", "candidate", "insufficient", "unrelated", "failed",
    "ignored",
]  # fmt: skip

GROUPS: tuple[Group, ...] = (
    "direct", "substitute", "potential", "candidate", "insufficient", "unrelated", "failed",
    "ignored",
)  # fmt: skip
"""Where a company stands. A candidate nobody decided on stands for itself, whatever its tier."""

TIER_GROUPS: dict[int, Group] = {1: "direct", 2: "substitute", 3: "potential"}

UNREAD = frozenset({"failed", "blocked", "robots", "off", "empty"})
"""Outcomes of a source after which nothing is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a researcher decided: the value as stored, why, by whom, when (UTC), where."""

    value: object
    reason: str
    decided_by: str
    decided_at: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A competitor on the board. Flags and score are 0..1, ``None`` before the first verdict.

    ``outcome`` is how its site came out in the latest run that asked for it, ``None`` if none did.
    ``verdict_group`` is where the verdict puts it: a candidate's provisional group, else ``group``.
    Counts are ``None`` before the first summaries pass.
    """

    competitor: str
    name: str
    site: str | None
    status: str
    origin: str
    group: Group
    verdict_group: Group
    tier: int | None
    verdict: str | None
    score: float | None
    flags: dict[str, float | None]
    complement: bool
    decision: Decision | None
    outcome: str | None
    outcome_detail: str
    counts: dict[str, int | None]


_FLAGS = ("same_product", "same_audience", "same_category", "substitute", "extension")
_COUNTS = (
    "pages", "offers", "channels", "mentions", "authors", "pain", "praise", "switched_to",
    "switched_from", "changes", "evidence",
)  # fmt: skip

RIVALS = """
(SELECT r.id FROM competitors r
LEFT JOIN current_decisions s ON s.subject = r.id AND s.field = 'status' AND s.value <> 'null'
LEFT JOIN current_decisions t ON t.subject = r.id AND t.field = 'tier' AND t.value <> 'null'
WHERE r.is_self = 0 AND CASE coalesce(trim(s.value, '"'), r.status)
    WHEN 'ignored' THEN 0 WHEN 'candidate' THEN t.id IS NOT NULL ELSE 1 END)
"""
"""Ids of those whose doings are counted: watched or decided on, not ignored, not ourselves.

A candidate nobody decided on is no competitor yet: in no number but that of the candidates.
"""

_BOARD = """
SELECT c.id AS competitor, c.name, c.site, c.status, c.origin, t.tier, t.verdict, t.score,
       t.same_product, t.same_audience, t.same_category, t.substitute, t.extension, t.complement,
       s.pages, s.offers, s.channels, s.mentions, s.authors, s.pain, s.praise,
       s.switched_to, s.switched_from, s.changes, s.evidence, o.outcome, o.detail
FROM competitors c
LEFT JOIN tiers t ON t.competitor = c.id
LEFT JOIN summary_competitors s ON s.competitor = c.id{of_period}
LEFT JOIN {newest_outcome}
WHERE c.is_self = 0
"""

_NEWEST_OUTCOME = """
run_sources o ON o.source = c.id
AND o.run_id = (SELECT max(run_id) FROM run_sources WHERE source = c.id)
"""
_NEWEST_OUTCOME_UNINDEXED = """
(SELECT rs.source, rs.outcome, rs.detail FROM run_sources rs
JOIN (SELECT source, max(run_id) AS run_id FROM run_sources GROUP BY source) newest
  ON newest.source = rs.source AND newest.run_id = rs.run_id) o ON o.source = c.id
"""
"""Without the index on sources, which an older schema lacks, one pass over all runs is faster."""


def standings(
    conn: sqlite3.Connection, competitor: str | None = None, *, period: str = "all"
) -> list[Standing]:
    """Every competitor (never ourselves), nearest first; or the one asked for.

    Order: group, then score, then how many people speak of it, then name.

    :param period: the time range of the counts of people, posts and changes.
    """
    # A database of an older schema has counts of all time only.
    ranged = conn.execute(
        "SELECT 1 FROM pragma_table_info('summary_competitors') WHERE name = 'period'"
    ).fetchone()
    indexed = conn.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'run_sources_source'"
    ).fetchone()
    board_of = _BOARD.format(
        of_period=" AND s.period = ?" if ranged else "",
        newest_outcome=_NEWEST_OUTCOME if indexed else _NEWEST_OUTCOME_UNINDEXED,
    )
    condition = "" if competitor is None else " AND c.id = ?"
    cursor = conn.execute(
        board_of + condition,
        [*([period] if ranged else []), *([] if competitor is None else [competitor])],
    )
    names = [column[0] for column in cursor.description]
    decisions = current_decisions(conn)
    board = [_standing(dict(zip(names, row, strict=True)), decisions) for row in cursor]
    return sorted(
        board,
        key=lambda s: (
            GROUPS.index(s.group),
            -(s.score or 0),
            -(s.counts["authors"] or 0),
            s.name,
        ),
    )


def current_decisions(conn: sqlite3.Connection) -> dict[tuple[str, str], Decision]:
    """The decision in force for each subject and field."""
    return {
        (subject, field): Decision(
            value=stored_value(value), reason=reason, decided_by=by, decided_at=at, origin=origin
        )
        for subject, field, value, reason, by, at, origin in conn.execute(
            "SELECT subject, field, value, reason, decided_by, decided_at, origin "
            "FROM current_decisions"
        )
    }


def _standing(row: dict[str, object], decisions: dict[tuple[str, str], Decision]) -> Standing:
    key = str(row["competitor"])
    tier, verdict, status = row["tier"], row["verdict"], str(row["status"])
    decision = decisions.get((key, "tier"))
    if decision is not None and is_taken_back(decision.value):
        decision = None
    complement = bool(row["complement"])
    if decision is not None:
        tier, verdict = tier_of(decision.value), "override"
        complement = decision.value == "complement" or (complement and tier is None)
    elif verdict == "override":  # taken back, and no pass has been here since: the rules' word
        tier, verdict = _by_rules(row)
    kept = decisions.get((key, "status"))
    if kept is not None and kept.value in ("watched", "candidate", "ignored"):
        status = str(kept.value)
    outcome = row["outcome"]
    by_verdict = _group(status, tier, verdict, outcome)
    undecided = status == "candidate" and decision is None
    return Standing(
        competitor=key,
        name=str(row["name"]),
        site=None if row["site"] is None else str(row["site"]),
        status=status,
        origin=str(row["origin"]),
        group="candidate" if undecided else by_verdict,
        verdict_group=by_verdict,
        tier=tier if isinstance(tier, int) else None,
        verdict=None if verdict is None else str(verdict),
        score=_number(row["score"]),
        flags={flag: _number(row[flag]) for flag in _FLAGS},
        complement=complement,
        decision=decision,
        outcome=None if outcome is None else str(outcome),
        outcome_detail=str(row["detail"] or ""),
        counts={name: value if isinstance(value := row[name], int) else None for name in _COUNTS},
    )


def _by_rules(row: dict[str, object]) -> tuple[int | None, str | None]:
    """Tier and verdict by the flags alone; the market's own lines, if it has any, wait for a pass.

    ``None, None`` where the rules had too little to go by.
    """
    flags = {flag: _number(row[flag]) for flag in _FLAGS}
    if any(value is None for value in flags.values()):
        return None, None
    tier = decide(**{flag: (value or 0.0) >= YES for flag, value in flags.items()})
    return tier, "unrelated" if tier is None else "decided"


def _group(status: str, tier: object, verdict: object, outcome: object) -> Group:
    if status == "ignored":
        return "ignored"
    if isinstance(tier, int) and tier in TIER_GROUPS:
        return TIER_GROUPS[tier]
    if verdict in ("unrelated", "override"):
        return "unrelated"
    return "failed" if outcome in UNREAD else "insufficient"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None

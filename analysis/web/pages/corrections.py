"""What researchers decided, beside what the rules said: for the pages that show the value."""

import sqlite3
from typing import Any

from analysis.questions.decided import (
    CHANNEL_DECISIONS,
    CHANNEL_TAGS,
    POST_SUBJECT,
    STAGE_FIELD,
)
from analysis.questions.standing import TIER_GROUPS, Decision, Group, Standing, current_decisions
from analysis.standing_decisions import stored_value
from analysis.web.page import dicts
from crawlers.words import CHANNELS, STAGES
from pipelines.tiers.decision import YES, decide

_SAID = "s.reason, s.decided_by, s.decided_at, s.origin"


def rules_group(standing: Standing, *, too_little: bool) -> Group | None:
    """Where the rules put a competitor that a researcher put elsewhere, by its flags.

    :param too_little: whether the rules had too little to go by; then ``None``, as before the
        first verdict.
    """
    if too_little or any(value is None for value in standing.flags.values()):
        return None
    tier = decide(**{flag: (value or 0.0) >= YES for flag, value in standing.flags.items()})
    return "unrelated" if tier is None else TIER_GROUPS[tier]


def status_decision(conn: sqlite3.Connection, key: str) -> Decision | None:
    """What was decided on a candidate, by a person; ``None`` where nothing stands."""
    found = current_decisions(conn).get((key, "status"))
    known = ("watched", "ignored", "candidate")
    return found if found is not None and found.value in known else None


def channel_tags(conn: sqlite3.Connection, key: str) -> list[dict[str, Any]]:
    """The tags of a competitor that hold now, then those a researcher ruled out.

    :returns: of each ``id`` (``None`` for an added one), ``channel``, ``role``, ``platform``,
        ``strength`` (0: ruled out), ``rule`` (the strength by the rules, ``None``: not seen) and
        ``decided`` {reason, decided_by, decided_at, origin} or ``None``.
    """
    tags = dicts(
        conn,
        "SELECT t.id, t.channel, t.role, t.platform, t.strength, t.last_seen, t.decision "
        f"FROM {CHANNEL_TAGS} t JOIN channels c ON c.id = t.channel WHERE t.subject = ? "
        "ORDER BY t.role, t.strength DESC, c.position, t.platform LIMIT 80",
        (key,),
    )
    tags += dicts(
        conn,
        "SELECT NULL AS id, a.channel, 'promotes' AS role, a.platform, 0 AS strength, "
        f"a.decided_at AS last_seen, a.decision FROM {CHANNEL_DECISIONS} a "
        "WHERE a.subject = ? AND a.strength = 0 ORDER BY a.channel, a.platform LIMIT 80",
        (key,),
    )
    seen = {
        (row["channel"], row["platform"]): row
        for row in dicts(
            conn,
            "SELECT id, channel, platform, strength FROM channel_tags "
            "WHERE subject = ? AND role = 'promotes'",
            (key,),
        )
    }
    for tag in tags:
        by_rules = seen.get((tag["channel"], tag["platform"])) if tag["role"] == "promotes" else tag
        tag["rule"] = by_rules["strength"] if by_rules else None
        tag["id"] = tag["id"] or (by_rules["id"] if by_rules else None)
        tag["decided"] = _decision(conn, tag["decision"])
    return tags


def every_channel() -> tuple[str, ...]:
    """The channels a researcher may name."""
    return CHANNELS


def with_stage(conn: sqlite3.Connection, post: dict[str, Any]) -> dict[str, Any]:
    """The post (a row of ``posts`` with its ``stage``) with the stage that holds now.

    :returns: ``stage``, ``stage_by_rules`` and ``stage_decision`` {reason, decided_by, decided_at,
        origin} or ``None`` beside what was there.
    """
    decided = stage_decision(conn, str(post["key"])) if post["stage"] else None
    return {
        **post,
        "stage": decided["stage"] if decided else post["stage"],
        "stage_by_rules": post["stage"],
        "stage_decision": decided,
    }


def stage_decision(conn: sqlite3.Connection, post_key: str) -> dict[str, Any] | None:
    """What was decided on a post's stage: ``stage`` and who, why, when; ``None`` for nothing."""
    rows = dicts(
        conn,
        f"SELECT s.value, {_SAID} FROM decisions s WHERE s.subject = ? AND s.field = ? "
        "ORDER BY s.id DESC LIMIT 1",
        (POST_SUBJECT + post_key, STAGE_FIELD),
    )
    stage = stored_value(rows[0]["value"]) if rows else None
    return {**rows[0], "stage": stage} if stage in STAGES else None


def _decision(conn: sqlite3.Connection, number: int | None) -> dict[str, Any] | None:
    if number is None:
        return None
    rows = dicts(conn, f"SELECT {_SAID} FROM decisions s WHERE s.id = ?", (number,))
    return rows[0] if rows else None

"""Why a competitor stands where it does, as data that a template says in the reader's words."""

import sqlite3
from typing import Any

from analysis.questions.standing import TIER_GROUPS, Standing
from analysis.reviewing.cases import Case, case
from analysis.web.page import dicts, has_column, listed
from pipelines.tiers.decision import YES
from pipelines.tiers.lexicon import load_lexicon
from pipelines.tiers.reasons import NOT_PROVEN, TOO_LITTLE

HISTORY = 8
"""Moves that a page shows; the rest is in the table."""


def verdict(conn: sqlite3.Connection, standing: Standing) -> dict[str, Any] | None:
    """The strongest reasons, what would change the verdict, both ways, the method.

    :returns: ``None`` before the first verdict; else ``reasons`` [{family, what (language -> name)
        or words, quote, url, fetched_at, post, flag}], ``change`` {flags [{flag, yes, value}],
        group} or ``None``, ``them`` (the group they are in for us), ``us`` (the one we are in for
        them; ``None`` where it is not known), ``differ``, ``method``, ``too_little`` (whether the
        rules had too little to go by, whatever a researcher decided).
    """
    columns = "method, verdict"
    if newer := has_column(conn, "tiers", "seen_from_them"):
        columns += ", seen_from_them, reasons_json"
    row = conn.execute(
        f"SELECT {columns} FROM tiers WHERE competitor = ?", (standing.competitor,)
    ).fetchone()
    if row is None:
        return None
    told = case(conn, standing)
    seen = standing.verdict != "insufficient"
    us = _group(row[2]) if newer and row[1] in ("decided", "unrelated") else None
    them = standing.verdict_group
    return {
        "reasons": _reasons(conn, standing, told) if seen else [],
        "change": _change(told) if seen and standing.decision is None else None,
        "them": them,
        "us": us,
        "differ": us is not None and seen and us != them,
        "method": row[0],
        "too_little": row[1] == "insufficient"
        or (newer and bool({NOT_PROVEN, TOO_LITTLE}.intersection(listed(row[3])))),
    }


def _group(tier: object) -> str:
    return TIER_GROUPS[tier] if isinstance(tier, int) and tier in TIER_GROUPS else "unrelated"


def _change(told: Case) -> dict[str, Any] | None:
    if told.change is None:
        return None
    flags = told.standing.flags
    return {
        "flags": [
            {"flag": flag, "yes": (flags[flag] or 0.0) < YES, "value": flags[flag] or 0.0}
            for flag in told.change.flags
        ],
        "group": _group(told.change.tier),
    }


def _reasons(conn: sqlite3.Connection, standing: Standing, told: Case) -> list[dict[str, Any]]:
    fetched = {
        (row["quote"], row["url"]): row["fetched_at"]
        for row in dicts(
            conn,
            "SELECT quote, url, fetched_at FROM evidence WHERE claim_table = 'tiers' "
            "AND claim_key = ?",
            (standing.competitor,),
        )
    }
    return [
        {
            "flag": reason.flag,
            "quote": reason.quote,
            "url": reason.url,
            "fetched_at": fetched.get((reason.quote, reason.url)),
            "post": _post(conn, reason.url) if reason.rule.startswith("post:") else None,
            **_said(reason.rule),
        }
        for reason in told.reasons
    ]


def _post(conn: sqlite3.Connection, url: str) -> int | None:
    row = conn.execute("SELECT id FROM posts WHERE url = ? LIMIT 1", (url,)).fetchone()
    return int(row[0]) if row else None


def _said(rule: str) -> dict[str, Any]:
    """A rule as (family, what it speaks of): the name of a concept in every language, or words."""
    family, _, what = rule.partition(":")
    names = load_lexicon().names
    concepts = [names[part] for part in what.split("~")[:1] if part in names]
    key = f"{family}_{what}" if family == "named" else family
    return {
        "family": key,
        "what": dict(concepts[0]) if concepts else {},
        "words": "" if concepts else what.replace("_", " "),
    }


def history(conn: sqlite3.Connection, key: str) -> list[dict[str, Any]]:
    """The newest verdicts first, each with the one before it, its cause and its reason."""
    cause = "h.cause" if has_column(conn, "tier_history", "cause") else "NULL"
    rows = dicts(
        conn,
        f"SELECT h.at, h.tier, h.verdict, h.score, h.reason, {cause} AS cause FROM tier_history h "
        "WHERE h.competitor = ? ORDER BY h.at DESC, h.id DESC LIMIT ?",
        (key, HISTORY + 1),
    )
    for row in rows:
        row["group"] = "insufficient" if row["verdict"] == "insufficient" else _group(row["tier"])
    for at, row in enumerate(rows):
        row["before"] = rows[at + 1]["group"] if at + 1 < len(rows) else None
    return rows[:HISTORY]

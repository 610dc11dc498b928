"""The tier board: every competitor where it stands, and those nothing could be said of."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Any

from analysis.questions.alerts import recent_alerts
from analysis.questions.candidates import candidates, is_company, waiting
from analysis.questions.standing import GROUPS, RIVALS, Standing, standings
from analysis.web.page import Page, Visit, answers, dicts

FIRST, MOST = 24, 200
"""Candidates shown of all groups together, the nearest first; and of one group asked for."""


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The board by group, in the design's order, and the candidates; or those of the board seen on
    one channel.
    """
    everybody = standings(conn)
    board = [s for s in everybody if s.group != "candidate"]
    channel = visit.query.get("channel", "")[:200]
    tags = _tags(conn, channel)
    if tags is None:
        channel = ""
    else:
        board = [s for s in board if s.competitor in tags]
    groups = {group: [s for s in board if s.group == group] for group in GROUPS}
    return {
        "tiers": {name: groups.pop(name) for name in ("direct", "substitute", "potential")},
        "channel": channel,
        "tags": tags or {},
        "others": {name: members for name, members in groups.items() if members},
        "total": len(board),
        "competitors": sum(s.group != "ignored" for s in board),
        "most_people": max((s.counts["authors"] or 0 for s in board), default=0),
        "alerts": recent_alerts(conn),
        "answers": answers(conn, "competitors"),
        **_candidates(conn, everybody, visit.query.get("provisional", "")),
    }


def _candidates(
    conn: sqlite3.Connection, everybody: Sequence[Standing], asked: str
) -> dict[str, Any]:
    """Those nobody decided on, all or of one provisional group; names without a site apart."""
    counts = Counter(s.verdict_group for s in everybody if s.group == "candidate")
    groups = {name: counts[name] for name in GROUPS if counts[name]}
    provisional = asked if asked in groups else ""
    most = MOST if provisional else FIRST
    shown = candidates(conn, group=provisional, most=most) if groups else []
    return {
        "waiting": groups,
        "found": waiting(everybody),
        "provisional": provisional,
        "candidates": [one for one in shown if is_company(one.standing)],
        "names": [one for one in shown if not is_company(one.standing)],
    }


def _tags(conn: sqlite3.Connection, channel: str) -> dict[str, list[dict[str, Any]]] | None:
    """Tags of promotion through a channel by competitor, as question 2 counts them.

    ``None`` where no channel goes by that name.
    """
    if not conn.execute("SELECT 1 FROM channels WHERE id = ?", (channel,)).fetchone():
        return None
    found: dict[str, list[dict[str, Any]]] = {}
    for tag in dicts(
        conn,
        "SELECT t.id, t.subject, t.platform, t.strength FROM channel_tags t "
        f"WHERE t.subject IN {RIVALS} AND t.channel = ? AND t.role = 'promotes' "
        "ORDER BY t.strength DESC, t.platform",
        (channel,),
    ):
        found.setdefault(tag["subject"], []).append(tag)
    return found


PAGE = Page(
    name="competitors",
    route=r"competitors",
    tables=(
        "tier_board", "tiers", "tier_history", "competitors", "decisions", "channel_tags",
        "evidence", "posts",
    ),
    read=read,
    tab="competitors",
)  # fmt: skip

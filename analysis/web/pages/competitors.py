"""The tier board: every competitor where it stands, and those nothing could be said of."""

import sqlite3
from typing import Any

from analysis.questions.standing import GROUPS, standings
from analysis.web.page import Page, Visit, answers, dicts


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The board by group, in the design's order; or those of it seen on one channel."""
    board = standings(conn)
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
        "most_people": max((s.counts["authors"] or 0 for s in board), default=0),
        "answers": answers(conn, "competitors"),
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
        "JOIN competitors c ON c.id = t.subject AND c.is_self = 0 AND c.status <> 'ignored' "
        "WHERE t.channel = ? AND t.role = 'promotes' ORDER BY t.strength DESC, t.platform",
        (channel,),
    ):
        found.setdefault(tag["subject"], []).append(tag)
    return found


PAGE = Page(
    name="competitors",
    route=r"competitors",
    tables=("tier_board", "tiers", "decisions", "channel_tags"),
    read=read,
    tab="competitors",
)

"""What rivals did: prices that changed, tiers that moved, direct rivals nobody had listed."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from analysis.passes.alert_news import (
    FIRST_READ,
    GOOD,
    NEW_POST,
    REST_DAYS,
    Known,
    Moment,
    News,
    told,
)
from analysis.questions.standing import RIVALS
from analysis.standing_decisions import stored_value

MOST_PRICES = 20
"""Changed prices of a rival that one alert names; it counts all."""
_LONGEST = 300

_READ_BEFORE = (
    "EXISTS (SELECT 1 FROM run_sources s JOIN runs r ON r.id = s.run_id "
    f"WHERE s.source = {{source}} AND s.outcome IN {GOOD} AND r.finished_at <= {{at}})"
)


def prices(connection: sqlite3.Connection, moment: Moment) -> Iterator[News]:
    """The prices a rival changed since the last pass, all in one alert: also those of a sale that
    begins or ends. What goes back and forth is told once a month.
    """
    if moment.known is None:
        return
    rows = connection.execute(
        "SELECT c.competitor, k.name, c.kind, c.field, c.old, c.new, c.words, c.at, p.url "
        "FROM changes c JOIN competitors k ON k.id = c.competitor "
        "LEFT JOIN pages p ON p.id = c.page_id WHERE c.id > ? "
        "AND (c.kind = 'price' OR (c.kind = 'promotion' AND c.field = 'price_before')) "
        f"AND c.competitor IN {RIVALS} "
        f"AND {_READ_BEFORE.format(source='c.competitor', at='c.at')} "
        "ORDER BY c.competitor, c.importance DESC, c.id",
        (moment.known.changes,),
    ).fetchall()
    for rival, group in groupby(rows, key=lambda row: str(row[0])):
        known = {
            change["words"]
            for _, facts in told(connection, "price", rival, moment.ago(REST_DAYS))
            for change in facts["changes"]
        }
        found = {row[6]: row for row in group if row[6][:_LONGEST] not in known}
        if not found:
            continue
        news = list(found.values())
        changes = [
            {
                "kind": kind, "field": field, "old": _cut(old), "new": _cut(new),
                "words": words[:_LONGEST], "url": url,
            }
            for _, _, kind, field, old, new, words, _, url in news[:MOST_PRICES]
        ]  # fmt: skip
        yield News(
            kind="price", subject=rival, competitor=rival, fact="\n".join(sorted(found)),
            at=max(row[7] for row in news), url=news[0][8],
            facts={"name": news[0][1], "count": len(news), "changes": changes},
        )  # fmt: skip


def tiers(connection: sqlite3.Connection, moment: Moment) -> Iterator[News]:
    """Rivals that moved to another tier by what they did, since the last pass: from where they
    stood then to where they stand now, however often they moved between.

    A verdict that only came into sight, or was lost from it, is no move, except into tier 1.
    """
    if moment.known is None:
        return
    rows = connection.execute(
        "SELECT m.competitor, c.name, m.at, m.tier_before, m.verdict_before, m.tier, m.verdict, "
        "m.cause, m.reason FROM tier_moves m JOIN competitors c ON c.id = m.competitor "
        f"WHERE m.id > ? AND m.competitor IN {RIVALS} ORDER BY m.competitor, m.id",
        (moment.known.moves,),
    ).fetchall()
    for rival, group in groupby(rows, key=lambda row: str(row[0])):
        own: list[Any] = []
        for row in group:
            own = [*own, row] if row[7] == "seen" else []  # what is ours ends what was theirs
        if not own:
            continue
        _, name, at, _, _, after, verdict, _, reason = own[-1]
        before, verdict_before = own[0][3], own[0][4]
        sighted = verdict_before == "insufficient" and after != 1
        if not _its_doing(connection, rival, moment.known):
            continue
        if before == after or sighted or verdict not in ("decided", "unrelated"):
            continue
        fact = f"{before}>{after}"
        kind: Any = "direct" if after == 1 else "tier"
        if any(one == fact for one, _ in told(connection, kind, rival, moment.ago(REST_DAYS))):
            continue
        quote, url = _proof(connection, rival)
        yield News(
            kind=kind, subject=rival, competitor=rival, fact=fact, at=at, url=url,
            facts={
                "name": name, "before": before, "after": after, "found": False, "quote": quote,
                "reason": reason[:1_000],
            },
        )  # fmt: skip


def found_rivals(connection: sqlite3.Connection, moment: Moment) -> Iterator[News]:
    """Companies nobody listed that a first look puts into tier 1: each once.

    Not those that a source names which is read for the first time, and none on the night on which
    the rules or the market file changed: they were there before.
    """
    if moment.known is None or not moment.same_rules:
        return
    rows = connection.execute(
        "SELECT c.id, c.name, max(h.at), d.value FROM tier_history h "
        "JOIN competitors c ON c.id = h.competitor JOIN tiers t ON t.competitor = c.id "
        "LEFT JOIN current_decisions d ON d.subject = c.id AND d.field = 'status' "
        "WHERE h.id > ? AND h.cause IN ('first', 'seen') AND c.origin = 'discovered' "
        "AND c.status = 'candidate' AND c.is_self = 0 AND t.tier = 1 AND t.verdict = 'decided' "
        f"AND c.id NOT IN {RIVALS} AND EXISTS (SELECT 1 FROM evidence e "
        "WHERE e.claim_table = 'competitors' AND e.claim_key = c.id AND e.subject = 'candidate' "
        f"AND {_READ_BEFORE.format(source='e.source', at='c.first_seen')}) GROUP BY c.id",
        (moment.known.moves,),
    ).fetchall()
    for rival, name, at, status in rows:
        if stored_value(status) == "ignored" or told(connection, "direct", rival, ""):
            continue
        quote, url = _proof(connection, rival)
        yield News(
            kind="direct", subject=rival, competitor=rival, fact="found", at=at, url=url,
            facts={"name": name, "before": None, "after": 1, "found": True, "quote": quote,
                   "reason": ""},
        )  # fmt: skip


def _its_doing(connection: sqlite3.Connection, rival: str, known: Known) -> bool:
    """Whether a page of it changed since the last pass, or a post that is new names it: one of a
    forum that is read for the first time tells nothing new.
    """
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM pages WHERE competitor = ?1 AND changed_at >= ?2) "
        "OR EXISTS (SELECT 1 FROM changes WHERE competitor = ?1 AND id > ?3) "
        "OR EXISTS (SELECT 1 FROM mentions m JOIN posts p ON p.id = m.post_id "
        f"JOIN ({FIRST_READ}) b ON b.forum = p.forum "
        f"WHERE m.competitor = ?1 AND p.id > ?4 AND {NEW_POST})",
        (rival, known.at, known.changes, known.posts),
    ).fetchone()
    return bool(row[0])


def _proof(connection: sqlite3.Connection, rival: str) -> tuple[str, str | None]:
    """The heaviest quote behind a tier, and its page."""
    row = connection.execute(
        "SELECT quote, url FROM evidence WHERE claim_table = 'tiers' AND claim_key = ? "
        "ORDER BY weight DESC, id LIMIT 1",
        (rival,),
    ).fetchone()
    return (row[0][:_LONGEST], row[1] or None) if row else ("", None)


def _cut(text: str | None) -> str | None:
    return None if text is None else text[:_LONGEST]

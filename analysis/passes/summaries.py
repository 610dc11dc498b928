"""The last whole-market pass: every question answered once, so that no page computes.

Runs after demand, discovery and tiers; reads what they stored, replaces all summaries in one
transaction.
"""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from analysis.questions import (
    SHAPE,
    barriers,
    changes,
    channels,
    competitors,
    customers,
    journeys,
    keyword_gap,
    leaving,
    openings,
    purchase_power,
    search_work,
    sources,
    switching,
    timing,
    topics,
)
from analysis.questions.sample import OWN, PERSON

QUESTIONS: dict[str, Callable[[sqlite3.Connection], dict[str, Any]]] = {
    "competitors": competitors.answer,
    "channels": channels.answer,
    "customers": customers.answer,
    "timing": timing.answer,
    "barriers": barriers.answer,
    "switching": switching.answer,
    "openings": openings.answer,
    "changes": changes.answer,
    "sources": sources.answer,
    "search_work": search_work.answer,
    "keyword_gap": keyword_gap.answer,
    "topics": topics.answer,
    "journeys": journeys.answer,
    "leaving": leaving.answer,
    "purchase_power": purchase_power.answer,
}
"""The key of each answer in ``summaries``."""

_BOARD_LINE = f"""
WITH voices AS (
    SELECT s.competitor, p.id, {PERSON} AS person, s.feeling
    FROM (
        SELECT competitor, post_id, NULL AS feeling FROM mentions
        UNION ALL SELECT competitor, post_id, feeling FROM feelings
    ) s JOIN posts p ON p.id = s.post_id LEFT JOIN demand d ON d.post_id = p.id
    WHERE p.copy_of IS NULL AND coalesce(d.seller, 0) = 0 AND s.competitor IS NOT NULL
      AND p.forum NOT IN {OWN}
),
spoken AS (
    SELECT competitor, count(DISTINCT id) AS mentions, count(DISTINCT person) AS authors,
           count(DISTINCT CASE WHEN feeling = 'pain' THEN person END) AS pain,
           count(DISTINCT CASE WHEN feeling = 'praise' THEN person END) AS praise
    FROM voices GROUP BY competitor
),
moves AS (
    SELECT w.from_competitor, w.to_competitor,
           {PERSON} AS person
    FROM switches w JOIN posts p ON p.id = w.post_id
    LEFT JOIN demand d ON d.post_id = p.id
    WHERE w.status = 'done' AND p.copy_of IS NULL AND coalesce(d.seller, 0) = 0
      AND p.forum NOT IN {OWN}
)
INSERT INTO summary_competitors (competitor, pages, offers, channels, mentions, authors, pain,
                                 praise, switched_to, switched_from, changes, evidence)
SELECT c.id,
       (SELECT count(*) FROM pages WHERE competitor = c.id),
       (SELECT count(*) FROM offers WHERE competitor = c.id),
       (SELECT count(DISTINCT channel) FROM channel_tags
        WHERE subject = c.id AND role = 'promotes'),
       coalesce(s.mentions, 0), coalesce(s.authors, 0), coalesce(s.pain, 0),
       coalesce(s.praise, 0),
       (SELECT count(DISTINCT person) FROM moves WHERE to_competitor = c.id),
       (SELECT count(DISTINCT person) FROM moves WHERE from_competitor = c.id),
       (SELECT count(*) FROM changes WHERE competitor = c.id),
       (SELECT count(*) FROM evidence WHERE claim_table = 'tiers' AND claim_key = c.id)
FROM competitors c LEFT JOIN spoken s ON s.competitor = c.id
"""


def run(conn: sqlite3.Connection, *, now: datetime | None = None) -> None:
    """Answer every question and fill ``summaries`` and ``summary_competitors``, all or nothing.

    :param now: when the answers are computed, aware; the clock's time unless said.
    """
    computed_at = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with conn:
        conn.execute("DELETE FROM summary_competitors")
        conn.execute(_BOARD_LINE)
        conn.execute("DELETE FROM summaries")
        for question, answer in QUESTIONS.items():
            found = answer(conn)
            conn.execute(
                "INSERT INTO summaries (question, answer_json, sample, computed_at) "
                "VALUES (?, ?, ?, ?)",
                (
                    question,
                    json.dumps({**found, "shape": SHAPE}, ensure_ascii=False, allow_nan=False),
                    found["sample"]["posts"],
                    computed_at,
                ),
            )

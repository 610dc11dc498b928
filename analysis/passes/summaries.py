"""The last whole-market pass: every question answered once, so that no page computes.

Runs after demand, discovery and tiers; reads what they stored. Answers are gathered beside their
tables and put in place in one short transaction: computing takes minutes over a million posts, and
a crawl goes on writing meanwhile.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from analysis.passes import facets
from analysis.questions import (
    SHAPE,
    barriers,
    changes,
    channels,
    competitor_voices,
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
    trends,
)
from analysis.questions.claims import claims
from analysis.questions.decided import CHANNEL_TAGS
from analysis.questions.period import ALL, Period, periods, store
from analysis.questions.sample import hearing
from pipelines.storage.database import transaction

Answer = Callable[[sqlite3.Connection, Period], dict[str, Any]]


def _alike(answer: Callable[[sqlite3.Connection], dict[str, Any]]) -> Answer:
    """An answer that looks at ``voices`` only, and so need not be told the range."""
    return lambda conn, _: answer(conn)


QUESTIONS: dict[str, Answer] = {
    "competitors": _alike(competitors.answer),
    "channels": _alike(channels.answer),
    "customers": customers.answer,
    "timing": _alike(timing.answer),
    "barriers": _alike(barriers.answer),
    "switching": _alike(switching.answer),
    "openings": _alike(openings.answer),
    "changes": changes.answer,
    "trends": trends.answer,
    "sources": _alike(sources.answer),
    "search_work": _alike(search_work.answer),
    "keyword_gap": _alike(keyword_gap.answer),
    "topics": _alike(topics.answer),
    "journeys": _alike(journeys.answer),
    "leaving": _alike(leaving.answer),
    "purchase_power": _alike(purchase_power.answer),
}
"""The key of each answer in ``summaries``."""

TIMELESS = frozenset({"sources", "search_work", "keyword_gap"})
"""On what stands today, the same for every range; stored under all time only."""

LOOK_BACK = frozenset({"changes", "trends"})
"""Look before their range too, so they are asked while ``voices`` holds all time."""

_BOARD_LINE = f"""
WITH promoting AS (
    SELECT t.subject, count(DISTINCT t.channel) AS channels FROM {CHANNEL_TAGS} t
    WHERE t.role = 'promotes' GROUP BY t.subject
),
spoken AS (
    SELECT s.competitor, count(DISTINCT v.id) AS mentions, count(DISTINCT v.person) AS authors,
           count(DISTINCT CASE WHEN s.feeling = 'pain' THEN v.person END) AS pain,
           count(DISTINCT CASE WHEN s.feeling = 'praise' THEN v.person END) AS praise
    FROM (
        SELECT competitor, post_id, NULL AS feeling FROM mentions
        UNION ALL SELECT competitor, post_id, feeling FROM feelings
    ) s JOIN voices v ON v.id = s.post_id
    WHERE s.competitor IS NOT NULL GROUP BY s.competitor
),
gained AS (
    SELECT w.to_competitor AS competitor, count(DISTINCT v.person) AS people
    FROM switches w JOIN voices v ON v.id = w.post_id WHERE w.status = 'done' GROUP BY 1
),
lost AS (
    SELECT w.from_competitor AS competitor, count(DISTINCT v.person) AS people
    FROM switches w JOIN voices v ON v.id = w.post_id WHERE w.status = 'done' GROUP BY 1
)
INSERT INTO summary_competitors (competitor, period, pages, offers, channels, mentions, authors,
                                 pain, praise, switched_to, switched_from, changes, evidence)
SELECT c.id, :period,
       (SELECT count(*) FROM pages WHERE competitor = c.id),
       (SELECT count(*) FROM offers WHERE competitor = c.id),
       coalesce(p.channels, 0),
       coalesce(s.mentions, 0), coalesce(s.authors, 0), coalesce(s.pain, 0),
       coalesce(s.praise, 0), coalesce(g.people, 0), coalesce(l.people, 0),
       (SELECT count(*) FROM changes
        WHERE competitor = c.id AND (:since IS NULL OR at >= :since)),
       (SELECT count(*) FROM evidence WHERE claim_table = 'tiers' AND claim_key = c.id)
FROM competitors c LEFT JOIN spoken s ON s.competitor = c.id
LEFT JOIN promoting p ON p.subject = c.id
LEFT JOIN gained g ON g.competitor = c.id LEFT JOIN lost l ON l.competitor = c.id
"""


def run(conn: sqlite3.Connection, *, now: datetime | None = None) -> None:
    """Answer every question for every time range, all or nothing.

    Fills ``periods``, ``summaries``, ``summary_competitors`` and ``summary_voices``.

    :param now: when the answers are computed, aware; the clock's time unless said.
    """
    computed_at = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    conn.commit()  # a caller's rows, on a connection that begins transactions by itself
    with _replacing(conn):
        ranges = periods(conn)
        store(conn, ranges)
        with hearing(conn) as cut:
            for period in ranges:
                for question in sorted(LOOK_BACK | (TIMELESS if period.id == ALL else set())):
                    _keep(conn, question, period, computed_at)
            months = competitor_voices.months(conn)
            read = claims(conn)
            for period in ranges:
                cut(period.since)
                _keep_voices(conn, period, months)
                conn.execute(_BOARD_LINE, {"period": period.id, "since": period.since})
                for question in sorted(QUESTIONS.keys() - LOOK_BACK - TIMELESS - {"openings"}):
                    _keep(conn, question, period, computed_at)
                _store(conn, "openings", period, openings.answer(conn, read), computed_at)
    facets.run(conn)


def renew(conn: sqlite3.Connection, *, now: datetime | None = None) -> None:
    """Let answers stand that rest on the same rows as when they were computed.

    Only how the sources came out, which each run tells anew, is computed, and the moment up to
    which all is known; the answers count as computed now.
    """
    computed_at = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    conn.commit()
    with transaction(conn):
        store(conn, periods(conn))
        conn.execute("DELETE FROM summaries WHERE question = 'sources'")
        conn.execute("UPDATE summaries SET computed_at = ?", (computed_at,))
        for period in periods(conn):
            if period.id == ALL:
                _keep(conn, "sources", period, computed_at)


_WRITTEN = ("periods", "summaries", "summary_competitors", "summary_voices")


@contextmanager
def _replacing(conn: sqlite3.Connection) -> Iterator[None]:
    """Let empty temporary tables stand before those of the answers; at the end, take their place.

    Within, reads see one state of the database, so that answers agree with each other, and nobody
    is kept from writing. Only the copying at the end holds the write lock. Cut off anywhere, the
    former answers stand as they were.
    """
    conn.execute("BEGIN")
    try:
        for table in _WRITTEN:
            conn.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table} WHERE 0")
        yield
    except BaseException:
        conn.rollback()  # the temporary tables go with it
        raise
    conn.commit()
    try:
        with transaction(conn):
            # A crawl may have taken a competitor away that was there when its answer was found.
            for table in ("summary_competitors", "summary_voices"):
                conn.execute(
                    f"DELETE FROM temp.{table} WHERE competitor NOT IN (SELECT id FROM competitors)"
                )
            for table in _WRITTEN:
                conn.execute(f"DELETE FROM main.{table}")
                conn.execute(f"INSERT INTO main.{table} SELECT * FROM temp.{table}")
    finally:
        for table in _WRITTEN:
            conn.execute(f"DROP TABLE temp.{table}")


def _keep_voices(
    conn: sqlite3.Connection, period: Period, months: dict[str, list[dict[str, Any]]]
) -> None:
    conn.executemany(
        "INSERT INTO summary_voices (competitor, period, answer_json) VALUES (?, ?, ?)",
        (
            (key, period.id, _packed({**answer, "months": months.get(key, [])}))
            for key, answer in competitor_voices.answers(conn, period.since).items()
        ),
    )


def _packed(answer: dict[str, Any]) -> str:
    return json.dumps({**answer, "shape": SHAPE}, ensure_ascii=False, allow_nan=False)


def _keep(conn: sqlite3.Connection, question: str, period: Period, computed_at: str) -> None:
    _store(conn, question, period, QUESTIONS[question](conn, period), computed_at)


def _store(
    conn: sqlite3.Connection,
    question: str,
    period: Period,
    found: dict[str, Any],
    computed_at: str,
) -> None:
    conn.execute(
        "INSERT INTO summaries (question, period, answer_json, sample, computed_at) "
        "VALUES (?, ?, ?, ?, ?)",
        (
            question,
            period.id,
            _packed(found),
            found["sample"]["posts"],
            computed_at,
        ),
    )

"""How the collecting goes: thirty nights of every spider, each source, failures by reason."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any

from analysis.alerting.wording import words_of
from analysis.questions.sources import own_sources
from analysis.questions.told import recent
from analysis.web import reasons
from analysis.web.page import Page, Visit, answers, dicts
from analysis.web.pictures.nights import DAYS, nights

MOST_SOURCES, MOST_RUNS, MOST_REASONS = 600, 30, 40

MOST_TOLD = 8
"""Alerts of sources that failed two nights running, of thirty days."""

_NEWEST = (
    "WITH RECURSIVE known (source) AS (SELECT min(source) FROM run_sources UNION ALL "
    "SELECT (SELECT min(source) FROM run_sources WHERE source > known.source) FROM known "
    "WHERE known.source IS NOT NULL), "
    "newest AS MATERIALIZED (SELECT source, "
    "(SELECT max(run_id) FROM run_sources rs WHERE rs.source = known.source) AS run_id "
    "FROM known WHERE source IS NOT NULL), "
    "failed AS MATERIALIZED (SELECT run_id, source, count(*) AS n, "
    "sum(reason = 'robots') AS closed FROM failures "
    "WHERE run_id IN (SELECT run_id FROM newest) GROUP BY run_id, source) "
)
"""The newest run of every source, each found by a step into the index: runs are kept for years."""

_WHOLLY_UNREAD = "('failed', 'blocked', 'empty')"


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """Thirty days of runs, the latest outcome of every source, failures of these runs by reason.

    What a run did is said by its own counters and opens nothing. Every number that opens rows is
    counted from those rows: pages held of a source, and failures, which also stand in the table
    where a run does not hold them against the source (closed by robots.txt, gone). Posts and pages
    of forums are counted by the last pass.
    """
    last = _last_run(conn)
    until = _until(last)
    since = until - timedelta(days=DAYS - 1)
    (first_run,) = conn.execute(
        "SELECT coalesce(min(id), 0) FROM runs WHERE started_at >= ?", (str(since),)
    ).fetchone()
    stored = answers(conn, "sources")
    held = (stored["sources"] or {}).get("held") or {}
    sources = _sources(conn, held)
    floor = min((s["delay"] for s in sources if s["delay"] is not None), default=None)
    return {
        "nights": nights(_days(conn, since), until),
        "until": str(until),
        "idle": (datetime.now(UTC).date() - last).days if last else None,
        "runs": _runs(conn),
        "first_run": first_run,
        "sources": sources,
        "floor": floor,
        "failures": [
            {**row, "advice": reasons.advice(row["reason"])} for row in _failures(conn, first_run)
        ],
        "reason_words": reasons.words,
        "told": recent(conn, most=MOST_TOLD, kind="source"),
        "alert_words": words_of,
        "own": own_sources(conn),
        "answers": stored,
    }


def _last_run(conn: sqlite3.Connection) -> date | None:
    (text,) = conn.execute("SELECT max(started_at) FROM runs").fetchone()
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _until(last: date | None) -> date:
    """The last day shown: today, so that nights without a run show; where none ran for so long
    that nothing would be seen, the day of the last run.
    """
    today = datetime.now(UTC).date()
    return last if last and not 0 <= (today - last).days < DAYS else today


def _days(conn: sqlite3.Connection, since: date) -> list[dict[str, Any]]:
    return dicts(
        conn,
        "SELECT r.spider, substr(r.started_at, 1, 10) AS day, count(*) AS runs, "
        "sum(r.pages) AS pages, sum(r.posts) AS posts, sum(r.status = 'failed') AS failed, "
        "sum(r.status = 'running') AS running, coalesce(sum(s.sources), 0) AS sources, "
        "coalesce(sum(s.unread), 0) AS unread, coalesce(sum(s.wholly), 0) AS wholly FROM runs r "
        "LEFT JOIN (SELECT run_id, count(*) AS sources, "
        f"sum(outcome IN {_WHOLLY_UNREAD}) AS wholly, "
        f"sum(outcome = 'partial' OR outcome IN {_WHOLLY_UNREAD}) AS unread "
        "FROM run_sources WHERE run_id IN "
        "(SELECT id FROM runs WHERE started_at >= :since) GROUP BY run_id) s ON s.run_id = r.id "
        "WHERE r.started_at >= :since GROUP BY r.spider, day",
        {"since": str(since)},
    )


def _runs(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    return dicts(
        conn,
        "SELECT r.id, r.spider, r.status, r.started_at, r.finished_at, r.pages, r.unchanged, "
        "r.posts, r.reason, (SELECT count(*) FROM failures f WHERE f.run_id = r.id) AS failures "
        "FROM runs r ORDER BY r.id DESC LIMIT ?",
        (MOST_RUNS,),
    )


def _sources(conn: sqlite3.Connection, held: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """The latest outcome of each source, those that need a look first."""
    found = dicts(
        conn,
        f"{_NEWEST} SELECT rs.source, rs.outcome, rs.delay, rs.detail, rs.run_id, "
        "r.started_at AS at, (SELECT count(*) FROM pages p WHERE p.competitor = rs.source) "
        "AS pages, coalesce(failed.n, 0) AS failures, "
        "coalesce(failed.closed, 0) AS closed, coalesce(c.name, f.name, rs.source) AS name, "
        "coalesce(c.site, f.url) AS url, c.id AS competitor FROM newest "
        "JOIN run_sources rs ON rs.source = newest.source AND rs.run_id = newest.run_id "
        "JOIN runs r ON r.id = rs.run_id "
        "LEFT JOIN competitors c ON c.id = rs.source LEFT JOIN forums f ON f.id = rs.source "
        "LEFT JOIN failed ON failed.run_id = rs.run_id AND failed.source = rs.source "
        "ORDER BY CASE rs.outcome WHEN 'failed' THEN 0 WHEN 'blocked' THEN 1 WHEN 'empty' THEN 2 "
        "WHEN 'partial' THEN 3 WHEN 'robots' THEN 4 WHEN 'off' THEN 5 ELSE 6 END, "
        "name COLLATE NOCASE, rs.source LIMIT ?",
        (MOST_SOURCES,),
    )
    for row in found:
        counted = held.get(row["source"]) or {}
        row["posts"] = counted.get("posts", 0)
        row["forum_pages"] = counted.get("pages", 0)
    return found


def _failures(conn: sqlite3.Connection, first_run: int) -> list[dict[str, Any]]:
    return dicts(
        conn,
        "SELECT f.reason, count(*) AS failures, count(DISTINCT f.source) AS sources, "
        "max(f.at) AS latest FROM failures f WHERE f.run_id >= ? "
        "GROUP BY f.reason ORDER BY failures DESC, f.reason LIMIT ?",
        (first_run, MOST_REASONS),
    )


PAGE = Page(
    name="collection",
    route=r"collection",
    tables=("runs", "run_sources", "failures", "alerts"),
    read=read,
    tab="collection",
)

"""How the collecting goes: runs, how each source came out, failures by reason."""

import sqlite3
from typing import Any

from analysis.web.page import Page, Visit, answers, dicts


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The last thirty runs, the latest outcome of every source, failures of the latest runs."""
    sources = dicts(
        conn,
        "SELECT rs.source, rs.outcome, rs.pages, rs.posts, rs.failures, rs.delay, rs.detail, "
        "rs.run_id, r.started_at, r.spider, coalesce(c.name, f.name, rs.source) AS name, "
        "coalesce(c.site, f.url) AS url, c.id AS competitor FROM run_sources rs "
        "JOIN (SELECT source, max(run_id) AS run_id FROM run_sources GROUP BY source) newest "
        "ON newest.source = rs.source AND newest.run_id = rs.run_id "
        "JOIN runs r ON r.id = rs.run_id "
        "LEFT JOIN competitors c ON c.id = rs.source LEFT JOIN forums f ON f.id = rs.source "
        "ORDER BY CASE rs.outcome WHEN 'failed' THEN 0 WHEN 'blocked' THEN 1 WHEN 'empty' THEN 2 "
        "WHEN 'partial' THEN 3 WHEN 'robots' THEN 4 ELSE 5 END, name LIMIT 400",
    )
    return {
        "runs": dicts(conn, "SELECT * FROM runs ORDER BY started_at DESC, id DESC LIMIT 30"),
        "sources": sources,
        "failures": dicts(
            conn,
            "SELECT f.reason, count(*) AS failures, count(DISTINCT f.source) AS sources, "
            "max(f.at) AS latest, max(f.detail) AS detail FROM failures f "
            "WHERE f.run_id IN (SELECT id FROM runs ORDER BY started_at DESC, id DESC LIMIT 30) "
            "GROUP BY f.reason ORDER BY failures DESC, f.reason LIMIT 30",
        ),
        "answers": answers(conn, "sources"),
    }


PAGE = Page(
    name="collection",
    route=r"collection",
    tables=("runs", "run_sources", "failures"),
    read=read,
    tab="collection",
)

"""How the collecting goes: runs, how each source came out, failures by reason."""

import sqlite3
from typing import Any

from analysis.questions.sources import own_sources
from analysis.web.page import Page, Visit, answers, dicts

_FAILED = (
    "WITH failed AS (SELECT run_id, source, count(*) AS failures FROM failures "
    "GROUP BY run_id, source)"
)


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The last thirty runs, the latest outcome of every source, failures of these runs.

    What a run did is said by its own counters and opens nothing. Every number that opens rows is
    counted from those rows: pages and posts held of a source, and failures, which also stand in
    the table where a run does not hold them against the source (closed by robots.txt, gone).
    """
    runs = dicts(
        conn,
        f"{_FAILED} SELECT r.id, r.spider, r.status, r.started_at, r.pages, r.posts, "
        "(SELECT coalesce(sum(failures), 0) FROM failed WHERE run_id = r.id) AS failures "
        "FROM runs r ORDER BY r.id DESC LIMIT 30",
    )
    first_run = min((run["id"] for run in runs), default=0)
    sources = dicts(
        conn,
        f"{_FAILED}, pages_of AS "
        "(SELECT competitor, count(*) AS n FROM pages GROUP BY competitor), "
        "topics_of AS (SELECT forum, count(*) AS n FROM forum_pages GROUP BY forum), "
        "posts_of AS (SELECT forum, count(*) AS n FROM posts GROUP BY forum) "
        "SELECT rs.source, rs.outcome, rs.delay, rs.detail, coalesce(pages_of.n, 0) AS pages, "
        "coalesce(topics_of.n, 0) AS forum_pages, coalesce(posts_of.n, 0) AS posts, "
        "coalesce(failed.failures, 0) AS failures, rs.run_id, "
        "coalesce(c.name, f.name, rs.source) AS name, "
        "coalesce(c.site, f.url) AS url, c.id AS competitor FROM run_sources rs "
        "JOIN (SELECT source, max(run_id) AS run_id FROM run_sources GROUP BY source) newest "
        "ON newest.source = rs.source AND newest.run_id = rs.run_id "
        "JOIN runs r ON r.id = rs.run_id "
        "LEFT JOIN competitors c ON c.id = rs.source LEFT JOIN forums f ON f.id = rs.source "
        "LEFT JOIN pages_of ON pages_of.competitor = rs.source "
        "LEFT JOIN topics_of ON topics_of.forum = rs.source "
        "LEFT JOIN posts_of ON posts_of.forum = rs.source "
        "LEFT JOIN failed ON failed.run_id = rs.run_id AND failed.source = rs.source "
        "ORDER BY CASE rs.outcome WHEN 'failed' THEN 0 WHEN 'blocked' THEN 1 WHEN 'empty' THEN 2 "
        "WHEN 'partial' THEN 3 WHEN 'robots' THEN 4 ELSE 5 END, name LIMIT 400",
    )
    return {
        "runs": runs,
        "first_run": first_run,
        "sources": sources,
        "failures": dicts(
            conn,
            "SELECT f.reason, count(*) AS failures, count(DISTINCT f.source) AS sources, "
            "max(f.at) AS latest, max(f.detail) AS detail FROM failures f "
            "WHERE f.run_id >= ? GROUP BY f.reason ORDER BY failures DESC, f.reason LIMIT 30",
            (first_run,),
        ),
        "own": own_sources(conn),
        "answers": answers(conn, "sources"),
    }


PAGE = Page(
    name="collection",
    route=r"collection",
    tables=("runs", "run_sources", "failures"),
    read=read,
    tab="collection",
)

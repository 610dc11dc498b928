"""What the answers rest on: which sources were read, which were not, and why."""

import sqlite3
from typing import Any

from analysis.questions.sample import OWN, PERSON, as_of, one_row


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """The latest outcome of every source, and what was left out of the counts.

    :returns: ``outcomes`` (outcome -> number of sources), ``unread`` [{source, name, outcome,
        detail}], ``sources``, ``running`` spiders, ``posts``, ``people``, ``copies``,
        ``sellers``, ``undated``, ``pages``, ``forums``, ``own`` [{forum, name, posts, people}] (the
        researcher's own texts, in none of the other numbers), ``held`` {forum: {posts, pages}},
        ``until``, ``sample``.
    """
    cursor = conn.execute(
        "SELECT rs.source, coalesce(c.name, f.name, rs.source) AS name, rs.outcome, "
        "rs.detail, CASE WHEN f.id IS NULL THEN 'site' ELSE 'forum' END AS kind "
        "FROM run_sources rs JOIN (SELECT source, max(run_id) AS run_id FROM run_sources "
        "GROUP BY source) newest ON newest.source = rs.source "
        "AND newest.run_id = rs.run_id "
        "LEFT JOIN competitors c ON c.id = rs.source LEFT JOIN forums f ON f.id = rs.source "
        "ORDER BY rs.source"
    )
    names = [column[0] for column in cursor.description]
    latest = [dict(zip(names, row, strict=True)) for row in cursor]
    outcomes: dict[str, int] = {}
    for source in latest:
        outcomes[source["outcome"]] = outcomes.get(source["outcome"], 0) + 1
    posts, people, copies, undated, forums = one_row(
        conn,
        f"SELECT count(*), count(DISTINCT {PERSON}), "
        "coalesce(sum(copy_of IS NOT NULL), 0), coalesce(sum(posted_at IS NULL), 0), "
        f"count(DISTINCT forum) FROM posts p WHERE p.forum NOT IN {OWN}",
    )
    (sellers,) = one_row(
        conn,
        "SELECT count(*) FROM demand d JOIN posts p ON p.id = d.post_id "
        f"WHERE d.seller = 1 AND p.forum NOT IN {OWN}",
    )
    (pages,) = one_row(conn, "SELECT count(*) FROM pages")
    running = [row[0] for row in conn.execute("SELECT spider FROM runs WHERE status = 'running'")]
    return {
        "outcomes": outcomes,
        "unread": [s for s in latest if s["outcome"] not in ("read", "unchanged")][:12],
        "sources": len(latest),
        "running": running,
        "posts": posts,
        "people": people,
        "copies": copies,
        "sellers": sellers,
        "undated": undated,
        "pages": pages,
        "forums": forums,
        "own": own_sources(conn),
        "held": _held(conn),
        "until": as_of(conn),
        "sample": {"posts": posts, "people": people, "enough": posts > 0 or pages > 0},
    }


def _held(conn: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """How many posts and pages are kept of each forum; counting them takes too long for a page."""
    held: dict[str, dict[str, int]] = {}
    for table, name in (("posts", "posts"), ("forum_pages", "pages")):
        for forum, n in conn.execute(f"SELECT forum, count(*) FROM {table} GROUP BY forum"):
            held.setdefault(forum, {"posts": 0, "pages": 0})[name] = n
    return held


def own_sources(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """The sources of the researcher's own texts, most texts first."""
    found = conn.execute(
        f"SELECT f.id, f.name, count(p.id) AS posts, count(DISTINCT {PERSON}) "
        "FROM forums f LEFT JOIN posts p ON p.forum = f.id WHERE f.own = 1 "
        "GROUP BY f.id ORDER BY posts DESC, f.id"
    )
    return [
        {"forum": forum, "name": name, "posts": posts, "people": people if posts else 0}
        for forum, name, posts, people in found
    ]

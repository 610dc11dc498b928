"""What changed on the rivals' sites in a time range; of all time, the last thirty days."""

import sqlite3
from typing import Any

from analysis.frames import frame, rows
from analysis.questions.period import Period
from analysis.questions.sample import as_of, one_row
from analysis.questions.standing import RIVALS

DAYS = 30


def answer(conn: sqlite3.Connection, period: Period | None = None) -> dict[str, Any]:
    """Counts by kind and day, and the changes that matter most.

    :param period: the time range; of all time (and unless said) the last :data:`DAYS` days.

    :returns: ``kinds`` [{kind, changes, competitors}], ``days`` [{day, changes}], ``top`` (up to
        ten, important first, then newest), ``changes`` and ``before`` (of as many days before),
        ``since`` (first day), ``until``, ``days_long``, ``sample``.
    """
    until = as_of(conn)
    long = DAYS if period is None or period.days is None else period.days
    first, earlier = one_row(
        conn, "SELECT date(?, ?), date(?, ?)", (until, f"-{long} days", until, f"-{2 * long} days")
    )
    window = (first, until)
    within = "c.at >= ? AND c.at <= ?"
    watched = f"JOIN competitors k ON k.id = c.competitor AND k.id IN {RIVALS}"
    kinds = frame(
        conn,
        "SELECT c.kind, count(*) AS changes, count(DISTINCT c.competitor) AS competitors "
        f"FROM changes c {watched} WHERE {within} GROUP BY c.kind ORDER BY changes DESC, c.kind",
        window,
        types={"kind": "text", "changes": "integer", "competitors": "integer"},
    )
    days = frame(
        conn,
        "SELECT substr(c.at, 1, 10) AS day, count(*) AS changes "
        f"FROM changes c {watched} WHERE {within} GROUP BY day ORDER BY day",
        window,
        types={"day": "text", "changes": "integer"},
    )
    top = frame(
        conn,
        "SELECT c.id, c.competitor, k.name, c.kind, c.field, c.old, c.new, c.words, "
        f"c.importance, c.at, p.url FROM changes c {watched} LEFT JOIN pages p ON p.id = c.page_id "
        f"WHERE {within} ORDER BY c.importance DESC, c.at DESC, c.id DESC LIMIT 10",
        window,
        types={
            "id": "integer", "competitor": "text", "name": "text", "kind": "text",
            "field": "text", "old": "text", "new": "text", "words": "text",
            "importance": "integer", "at": "text", "url": "text",
        },
    )  # fmt: skip
    (before,) = one_row(
        conn,
        f"SELECT count(*) FROM changes c {watched} WHERE c.at >= ? AND c.at < ?",
        (earlier, first),
    )
    total = int(kinds["changes"].sum())
    (pages,) = one_row(conn, "SELECT count(*) FROM pages")
    return {
        "kinds": rows(kinds),
        "days": rows(days),
        "top": [row | {"words": row["words"][:400]} for row in rows(top)],
        "changes": total,
        "before": before,
        "since": first,
        "until": until,
        "days_long": long,
        "sample": {"posts": 0, "people": 0, "pages": pages, "enough": pages > 0},
    }

"""Question 2: where do our customers gather, and where do rivals promote?"""

import sqlite3
from typing import Any

from analysis.frames import frame, rows
from analysis.questions.sample import COUNTED, one_row, sample
from analysis.questions.standing import RIVALS

NEED = "stage <> 'none'"
"""A post of someone with a need: any stage of demand."""


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Places by the people with a need found there; channels by the rivals seen on them.

    :returns: ``gathers``: {forum, name, posts, people, need_posts, need_people, langs}, most
        people with a need first; ``promotes``: {channel, competitors, strongest, platforms};
        ``sells_space``: channels bought from sites that sell them; ``watched`` rivals read;
        ``sample`` of the posts with a need.
    """
    (read,) = one_row(
        conn,
        f"SELECT count(DISTINCT competitor) FROM pages WHERE competitor IN {RIVALS}",
    )
    return {
        "gathers": _gathers(conn),
        "promotes": _promotes(conn),
        "read": read,
        "sample": sample(conn, NEED),
    }


def _gathers(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    found = frame(
        conn,
        f"WITH {COUNTED} "
        "SELECT c.forum, f.name, f.url, count(*) AS posts, count(DISTINCT person) AS people, "
        f"sum({NEED}) AS need_posts, "
        f"count(DISTINCT CASE WHEN {NEED} THEN person END) AS need_people "
        "FROM counted c JOIN forums f ON f.id = c.forum GROUP BY c.forum "
        "ORDER BY need_people DESC, posts DESC, c.forum",
        types={
            "forum": "text", "name": "text", "url": "text", "posts": "integer",
            "people": "integer", "need_posts": "integer", "need_people": "integer",
        },
    )  # fmt: skip
    found["share"] = (found["need_people"] / found["people"]).round(3)
    return rows(found)


def _promotes(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    found = rows(
        frame(
            conn,
            "SELECT t.channel, count(DISTINCT t.subject) AS competitors, "
            "max(t.strength) AS strongest, "
            "count(DISTINCT CASE WHEN t.strength = 3 THEN t.subject END) AS strong, "
            "group_concat(DISTINCT nullif(t.platform, '')) AS platforms "
            "FROM channel_tags t JOIN channels ch ON ch.id = t.channel "
            f"WHERE t.role = 'promotes' AND t.subject IN {RIVALS} GROUP BY t.channel "
            "ORDER BY competitors DESC, strong DESC, ch.position",
            types={
                "channel": "text", "competitors": "integer", "strongest": "integer",
                "strong": "integer", "platforms": "text",
            },
        )
    )  # fmt: skip
    for channel in found:
        channel["platforms"] = (
            sorted((channel["platforms"] or "").split(",")) if channel["platforms"] else []
        )
    return found

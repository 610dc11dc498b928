"""Question 2: where do our customers gather, and where do rivals promote?"""

import sqlite3
from typing import Any

from analysis.frames import frame, rows
from analysis.questions.promoting import promotes
from analysis.questions.sample import COUNTED, one_row, sample, share
from analysis.questions.standing import RIVALS

NEED = "stage <> 'none'"
"""A post of someone with a need: any stage of demand."""

LATELY_DAYS = 90
"""A place's trend compares so many days with as many before them."""


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Places by the people with a need found there; channels by the rivals seen on them.

    :returns: ``gathers``: {forum, name, url, posts, people, need_posts, need_people, share (of the
        people there), of_all (share fields, of all people with a need), langs [{lang, people}],
        trend}, most people with a need first; ``trend`` {days, now, before} of people with a need
        in the last days against as many before, ``before`` ``None`` where nothing was read from so
        long ago; ``promotes``: {channel, competitors, strongest, platforms}; ``sells``: {subject,
        name, channel, platform} of sites that sell advertising space; ``read``: rivals read;
        ``sample`` of the posts with a need.
    """
    (read,) = one_row(
        conn,
        f"SELECT count(DISTINCT competitor) FROM pages WHERE competitor IN {RIVALS}",
    )
    everyone = sample(conn, NEED)
    return {
        "gathers": _gathers(conn, everyone["people"]),
        "promotes": promotes(conn),
        "sells": _sells(conn),
        "read": read,
        "sample": everyone,
    }


def _gathers(conn: sqlite3.Connection, of: int) -> list[dict[str, Any]]:
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
    found["share"] = (found["need_people"] / found["people"]).round(6)
    places = rows(found)
    spoken: dict[str, list[dict[str, Any]]] = {}
    for forum, lang, people in conn.execute(
        f"WITH {COUNTED} SELECT forum, lang, count(DISTINCT person) AS people FROM counted "
        f"WHERE {NEED} GROUP BY forum, lang ORDER BY people DESC, lang"
    ):
        spoken.setdefault(forum, []).append({"lang": lang, "people": people})
    moves = _moves(conn)
    for place in places:
        place["of_all"] = share(place["need_people"], of)
        place["langs"] = spoken.get(place["forum"], [])[:4]
        place["trend"] = moves.get(place["forum"])
    return places


def _moves(conn: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """People with a need of each place in the last days and in as many before."""
    found: dict[str, dict[str, Any]] = {}
    for forum, now, before, first, start in conn.execute(
        f"WITH {COUNTED}, ends AS (SELECT max(posted_at) AS last, min(posted_at) AS first "
        "FROM counted), cuts AS (SELECT first, "
        f"strftime('%Y-%m-%dT%H:%M:%SZ', last, '-{LATELY_DAYS} days') AS lately, "
        f"strftime('%Y-%m-%dT%H:%M:%SZ', last, '-{2 * LATELY_DAYS} days') AS earlier FROM ends) "
        "SELECT forum, count(DISTINCT CASE WHEN posted_at >= lately THEN person END), "
        "count(DISTINCT CASE WHEN posted_at < lately AND posted_at >= earlier THEN person END), "
        f"first, earlier FROM counted, cuts WHERE {NEED} GROUP BY forum"
    ):
        known = first is not None and start is not None and first <= start
        found[forum] = {"days": LATELY_DAYS, "now": now, "before": before if known else None}
    return found


def _sells(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Sites seen selling advertising space on their pages."""
    return [
        {"subject": subject, "name": name, "channel": channel, "platform": platform}
        for subject, name, channel, platform in conn.execute(
            "SELECT t.subject, c.name, t.channel, t.platform FROM channel_tags t "
            "JOIN competitors c ON c.id = t.subject WHERE t.role = 'sells_space' "
            "ORDER BY c.name, t.channel, t.platform LIMIT 40"
        )
    ]

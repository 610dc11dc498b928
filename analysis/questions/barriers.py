"""Question 5: why don't they buy (yet)?"""

import sqlite3
from collections import defaultdict
from typing import Any

from analysis.questions import said
from analysis.questions.intervals import difference
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, one_row, quotes, sample, share

HESITATES = "(barrier IS NOT NULL OR objection = 1)"
"""A post that says what keeps its author from buying, or finds fault as a prospect does."""

LATELY_DAYS = 90
"""The trend holds so many days, up to the newest post, against all before them."""

_LATELY = (
    f"(posted_at >= strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(posted_at) FROM counted), "
    f"'-{LATELY_DAYS} days'))"
)

Row = dict[str, Any]


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Barriers by distinct person, each with the words of up to three of them.

    Shares are of the people who hesitate (of the group in question); one person may name several.

    :returns: ``barriers`` [{barrier, posts, people, of, share, low, high, enough, quotes,
        trend}], ``trend`` {lately, before, change, low, high, direction}, its ``direction``
        ``rising``, ``falling`` or ``None`` where the interval of the change holds 0 or a period
        has too few people; ``price``: dear and feared as too cheap, apart; ``stages`` and
        ``languages`` [{stage | lang, of, enough, barriers}]; ``topics`` of barriers;
        ``objections`` and ``poor_fit`` samples; ``sample`` of all who hesitate.
    """
    everyone = sample(conn, HESITATES)
    trends = _trends(conn)
    found: list[Row] = []
    for barrier, posts, people in conn.execute(
        f"WITH {COUNTED} SELECT barrier, count(*) AS posts, count(DISTINCT person) AS people "
        "FROM counted WHERE barrier IS NOT NULL GROUP BY barrier "
        "ORDER BY people DESC, posts DESC, barrier"
    ):
        found.append({
            "barrier": barrier, "posts": posts, **share(people, everyone["people"]),
            "quotes": quotes(conn, "barrier", "c.barrier = ?", (barrier,)),
            "trend": trends.get(barrier),
        })  # fmt: skip
    named = {line["barrier"]: line["people"] for line in found}
    return {
        "barriers": found,
        "price": {
            kind: share(named.get(kind, 0), everyone["people"]) for kind in ("price", "too_cheap")
        },
        "stages": _within(conn, "stage"),
        "languages": _within(conn, "lang"),
        "topics": said.topics(conn, "barrier"),
        "objections": sample(conn, "objection = 1"),
        "poor_fit": sample(conn, "poor_fit = 1"),
        "sample": everyone,
    }


def _within(conn: sqlite3.Connection, column: str) -> list[Row]:
    """Barriers among the people of each stage or language, most people first."""
    hesitating = dict(
        conn.execute(
            f"WITH {COUNTED} SELECT {column}, count(DISTINCT person) FROM counted "
            f"WHERE {HESITATES} GROUP BY {column}"
        ).fetchall()
    )
    named: dict[str, list[Row]] = defaultdict(list)
    for value, barrier, people in conn.execute(
        f"WITH {COUNTED} SELECT {column}, barrier, count(DISTINCT person) AS people FROM counted "
        f"WHERE barrier IS NOT NULL GROUP BY {column}, barrier ORDER BY people DESC, barrier"
    ):
        named[value].append({"barrier": barrier, **share(people, hesitating[value])})
    return [
        {column: value, "of": of, "enough": of >= MINIMUM_PEOPLE, "barriers": named[value]}
        for value, of in sorted(hesitating.items(), key=lambda item: (-item[1], item[0]))
    ]


def _trends(conn: sqlite3.Connection) -> dict[str, Row]:
    """Each barrier's share lately against before, of those who hesitate in either time."""
    people = "count(DISTINCT CASE WHEN {} THEN person END)"
    both = f"{people.format(_LATELY)}, {people.format(f'NOT {_LATELY}')}"
    lately_of, before_of = one_row(
        conn, f"WITH {COUNTED} SELECT {both} FROM counted WHERE {HESITATES}"
    )
    trends: dict[str, Row] = {}
    for barrier, lately, before in conn.execute(
        f"WITH {COUNTED} SELECT barrier, {both} FROM counted WHERE barrier IS NOT NULL "
        "GROUP BY barrier"
    ):
        trends[barrier] = trend(lately, lately_of, before, before_of)
    return trends


def trend(lately: int, lately_of: int, before: int, before_of: int) -> Row:
    """A share lately against the share before, with the interval of the change (Newcombe 1998)."""
    low, high = difference(lately, lately_of, before, before_of)
    now, then = share(lately, lately_of), share(before, before_of)
    direction = None
    if now["enough"] and then["enough"]:
        direction = "rising" if low > 0 else "falling" if high < 0 else None
    return {
        "days": LATELY_DAYS,
        "lately": now,
        "before": then,
        "change": round(lately / lately_of - before / before_of, 6)
        if lately_of and before_of
        else None,
        "low": round(low, 6),
        "high": round(high, 6),
        "direction": direction,
    }

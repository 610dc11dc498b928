"""Question 3: who are the customers? A portrait in five parts."""

import sqlite3
from typing import Any

from analysis.frames import frame, rows
from analysis.questions.channels import NEED
from analysis.questions.sample import COUNTED, PERSON, one_row, quotes, sample
from analysis.questions.standing import RIVALS
from crawlers.words import STAGES


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """The portrait of the people with a need, counted by person.

    :returns: ``stages``, ``languages`` (who they are), ``aspects`` (what they weigh when they
        compare), ``places`` (where they get information), ``pains`` (barriers of those in pain),
        ``roles`` (who decides), ``budgets``, ``audiences`` (whom rivals' sites address), quotes
        for needs and pains, ``sellers`` left out, ``sample``.
    """
    stages = {row["stage"]: row for row in _by(conn, "stage", "1")}
    (sellers,) = one_row(
        conn,
        f"SELECT count(DISTINCT {PERSON}) FROM posts p "
        "JOIN demand d ON d.post_id = p.id WHERE d.seller = 1",
    )
    return {
        "stages": [
            {"stage": stage, "posts": 0, "people": 0} | stages.get(stage, {})
            for stage in reversed(STAGES[:-1])
        ],
        "languages": _by(conn, "lang", NEED),
        "aspects": _aspects(conn),
        "places": _places(conn),
        "pains": _by(conn, "barrier", "pain = 1 AND barrier IS NOT NULL"),
        "pain": sample(conn, "pain = 1"),
        "roles": _by(conn, "authority", NEED),
        "budgets": _by(conn, "budget", NEED),
        "audiences": _audiences(conn),
        "need_quotes": quotes(conn, "stage", "c.stage IN ('searching', 'problem_aware')"),
        "pain_quotes": quotes(conn, "pain", "c.pain = 1"),
        "sellers": sellers,
        "sample": sample(conn, NEED),
    }


def _by(conn: sqlite3.Connection, column: str, where: str) -> list[dict[str, Any]]:
    """Posts and people per value of a column of ``counted``; most people first."""
    return rows(
        frame(
            conn,
            f"WITH {COUNTED} SELECT {column}, count(*) AS posts, "
            f"count(DISTINCT person) AS people FROM counted WHERE {where} "
            f"GROUP BY {column} ORDER BY people DESC, posts DESC, {column}",
            types={column: "text", "posts": "integer", "people": "integer"},
        )
    )


def _places(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    names = dict(conn.execute("SELECT id, name FROM forums").fetchall())
    places = _by(conn, "forum", NEED)[:6]
    return [place | {"name": names.get(place["forum"], place["forum"])} for place in places]


def _aspects(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    return rows(
        frame(
            conn,
            f"WITH {COUNTED} SELECT lower(k.aspect) AS aspect, count(*) AS posts, "
            "count(DISTINCT person) AS people FROM comparisons k "
            "JOIN counted c ON c.id = k.post_id WHERE k.aspect <> '' "
            "GROUP BY lower(k.aspect) ORDER BY people DESC, posts DESC, aspect LIMIT 10",
            types={"aspect": "text", "posts": "integer", "people": "integer"},
        )
    )


def _audiences(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    return rows(
        frame(
            conn,
            "SELECT a.value AS audience, count(DISTINCT co.competitor) AS competitors "
            "FROM companies co, json_each(CASE WHEN json_valid(co.audience_json) "
            "THEN co.audience_json "
            f"ELSE '[]' END) a WHERE a.type = 'text' AND co.competitor IN {RIVALS} "
            "GROUP BY a.value ORDER BY competitors DESC, audience LIMIT 10",
            types={"audience": "text", "competitors": "integer"},
        )
    )

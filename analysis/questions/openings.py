"""What the six say together: needs nobody answers, people nobody speaks to, places nobody uses."""

import sqlite3
from typing import Any

from analysis.frames import frame, rows
from analysis.questions.channels import NEED
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, quotes, sample
from analysis.questions.standing import RIVALS


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """The openings, each only where enough people stand behind it.

    :returns: ``needs`` (a sample and quotes of unmet needs said in words), ``languages``
        (people with a need whose language no rival's site speaks), ``places`` (where people with
        a need gather and no rival is named), ``unhappy`` (rivals by the share of those who speak
        of them that complain), ``count`` of all, ``sample``.
    """
    suggestions = sample(conn, "suggestion = 1")
    needs = {**suggestions, "quotes": quotes(conn, "suggestion", "c.suggestion = 1", limit=5)}
    languages = _languages(conn)
    places = _places(conn)
    unhappy = _unhappy(conn)
    return {
        "needs": needs,
        "languages": languages,
        "places": places,
        "unhappy": unhappy,
        "count": int(suggestions["enough"]) + len(languages) + len(places) + len(unhappy),
        "sample": sample(conn, NEED),
    }


def _languages(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    return rows(
        frame(
            conn,
            f"WITH {COUNTED} SELECT lang, count(*) AS posts, count(DISTINCT person) AS people "
            f"FROM counted WHERE {NEED} AND lang <> 'und' AND lang NOT IN "
            f"(SELECT lang FROM pages WHERE competitor IN {RIVALS}) "
            "AND EXISTS (SELECT 1 FROM pages) "
            "GROUP BY lang HAVING people >= ? ORDER BY people DESC, lang",
            (MINIMUM_PEOPLE,),
            types={"lang": "text", "posts": "integer", "people": "integer"},
        )
    )


def _places(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    return rows(
        frame(
            conn,
            f"WITH {COUNTED} SELECT c.forum, f.name, count(*) AS posts, "
            "count(DISTINCT person) AS people FROM counted c JOIN forums f ON f.id = c.forum "
            f"WHERE {NEED} AND NOT EXISTS (SELECT 1 FROM mentions m JOIN posts p "
            "ON p.id = m.post_id JOIN competitors k ON k.id = m.competitor AND k.is_self = 0 "
            "WHERE p.forum = c.forum) "
            "GROUP BY c.forum HAVING people >= ? ORDER BY people DESC, c.forum",
            (MINIMUM_PEOPLE,),
            types={"forum": "text", "name": "text", "posts": "integer", "people": "integer"},
        )
    )


def _unhappy(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    found = rows(
        frame(
            conn,
            f"WITH {COUNTED} SELECT k.id, k.name, count(DISTINCT person) AS people, "
            "count(DISTINCT CASE WHEN c.pain = 1 THEN person END) AS complaining "
            "FROM mentions m JOIN counted c ON c.id = m.post_id "
            "JOIN competitors k ON k.id = m.competitor AND k.is_self = 0 "
            "GROUP BY k.id HAVING people >= ? AND complaining * 3 >= people "
            "ORDER BY 1.0 * complaining / people DESC, complaining DESC, k.name LIMIT 5",
            (MINIMUM_PEOPLE,),
            types={"id": "text", "name": "text", "people": "integer", "complaining": "integer"},
        )
    )
    for rival in found:
        rival["share"] = round(rival["complaining"] / rival["people"], 3)
    return found

"""Question 3: who are the customers? A portrait in five parts."""

import sqlite3
from typing import Any

from analysis.frames import frame, rows
from analysis.questions import journeys, said
from analysis.questions.channels import NEED
from analysis.questions.period import Period
from analysis.questions.sample import COUNTED, OWN, PERSON, one_row, quotes, sample, share
from analysis.questions.standing import RIVALS
from crawlers.words import STAGES


def answer(conn: sqlite3.Connection, period: Period | None = None) -> dict[str, Any]:
    """The portrait of the people with a need, counted by person.

    Every line carries ``people``, ``of``, ``share``, ``low``, ``high`` and ``enough``
    (:func:`~analysis.questions.sample.share`) of the people with a need, or of those it names.

    :param period: the range of ``voices``; those who are in no voice (sellers) are counted in it.
    :returns: who they are: ``stages``, ``languages``, ``segments`` (``segments_told``: how many
        say theirs at all), ``occasions``; goals and values: ``aspects`` (weighed in comparisons),
        ``praised`` (topics of praise), ``wishes`` (topics of suggestions), ``wish_quotes``,
        ``audiences`` (whom rivals' sites address); where they get information: ``places``; pains
        and challenges: ``pain_topics``, ``pains`` (barriers of those in pain), ``pain``;
        barriers and role in the purchase: ``barrier_topics``, ``barriers``, ``roles`` (may they
        decide), ``purchase_roles`` (user, buyer, decider), ``budgets``; quotes for needs and
        pains, ``moving`` (people seen in more than one stage), ``sellers`` left out, ``sample``.
    """
    everyone = sample(conn, NEED)
    people = everyone["people"]
    stages = {row["stage"]: row for row in _by(conn, "stage", NEED, people)}
    (sellers,) = one_row(
        conn,
        f"SELECT count(DISTINCT {PERSON}) FROM posts p JOIN demand d ON d.post_id = p.id "
        f"WHERE d.seller = 1 AND p.forum NOT IN {OWN} AND (?1 IS NULL OR p.posted_at >= ?1)",
        (period.since if period else None,),
    )
    pain = sample(conn, "pain = 1")
    return {
        "stages": [
            {"stage": stage, "posts": 0, **share(0, people)} | stages.get(stage, {})
            for stage in reversed(STAGES[:-1])
        ],
        "languages": _by(conn, "lang", NEED, people),
        "segments": said.facts(conn, "segment", f"c.{NEED}"),
        "segments_told": said.told(conn, "segment", f"c.{NEED}"),
        "occasions": said.facts(conn, "occasion", f"c.{NEED}"),
        "aspects": _aspects(conn),
        "praised": said.topics(conn, "praise"),
        "wishes": said.topics(conn, "suggestion"),
        "wish_quotes": quotes(conn, "suggestion", "c.suggestion = 1"),
        "places": _places(conn, people),
        "pain_topics": said.topics(conn, "pain"),
        "pains": _by(conn, "barrier", "pain = 1 AND barrier IS NOT NULL", pain["people"]),
        "pain": pain,
        "barriers": _by(conn, "barrier", f"{NEED} AND barrier IS NOT NULL", people),
        "barrier_topics": said.topics(conn, "barrier"),
        "roles": _by(conn, "authority", NEED, people),
        "purchase_roles": said.facts(conn, "role", f"c.{NEED}"),
        "roles_told": said.told(conn, "role", f"c.{NEED}"),
        "budgets": _by(conn, "budget", NEED, people),
        "audiences": _audiences(conn),
        "need_quotes": quotes(conn, "stage", "c.stage IN ('searching', 'problem_aware')"),
        "pain_quotes": quotes(conn, "pain", "c.pain = 1"),
        "moving": journeys.moving(conn),
        "sellers": sellers,
        "sample": everyone,
    }


def _by(conn: sqlite3.Connection, column: str, where: str, of: int) -> list[dict[str, Any]]:
    """Posts and people per value of a column of ``counted``, of so many; most people first."""
    return [
        {column: value, "posts": posts, **share(people, of)}
        for value, posts, people in conn.execute(
            f"WITH {COUNTED} SELECT {column}, count(*) AS posts, "
            f"count(DISTINCT person) AS people FROM counted WHERE {where} "
            f"GROUP BY {column} ORDER BY people DESC, posts DESC, {column}"
        )
    ]


def _places(conn: sqlite3.Connection, of: int) -> list[dict[str, Any]]:
    names = dict(conn.execute("SELECT id, name FROM forums").fetchall())
    places = _by(conn, "forum", NEED, of)[:6]
    return [place | {"name": names.get(place["forum"], place["forum"])} for place in places]


def _aspects(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """What is weighed in comparisons; shares of the people who name an aspect."""
    named = "FROM comparisons k JOIN counted c ON c.id = k.post_id WHERE k.aspect <> ''"
    (of,) = one_row(conn, f"WITH {COUNTED} SELECT count(DISTINCT person) {named}")
    return [
        {"aspect": aspect, "posts": posts, **share(people, of)}
        for aspect, posts, people in conn.execute(
            f"WITH {COUNTED} SELECT lower(k.aspect) AS aspect, count(*) AS posts, "
            f"count(DISTINCT person) AS people {named} "
            "GROUP BY lower(k.aspect) ORDER BY people DESC, posts DESC, aspect LIMIT 10"
        )
    ]


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

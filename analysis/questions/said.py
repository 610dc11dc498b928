"""What people said, grouped: topics of their pains and praise, facts about themselves."""

import sqlite3
from typing import Any

from analysis.questions.sample import COUNTED, one_row, share
from pipelines.demand.author import fact_names
from pipelines.demand.topics import names_of

Row = dict[str, Any]

_TOPICS = "SELECT post_id, topic AS value, quote FROM topics WHERE kind = ?"
_FACTS = "SELECT post_id, value, quote FROM author_facts WHERE fact = ?"


def topics(conn: sqlite3.Connection, kind: str, where: str = "1", *, limit: int = 12) -> list[Row]:
    """What pains, praise, barriers or suggestions are about, most people first.

    :param kind: ``pain``, ``praise``, ``barrier`` or ``suggestion``.
    :param where: a condition on ``counted c``, written by us.
    :returns: ``topic``, ``names`` by language, ``posts``, the fields of
        :func:`~analysis.questions.sample.share` among those who named a topic of this kind,
        ``quotes`` (newest, one a person).
    """
    found = _grouped(conn, _TOPICS, kind, "topic", where, limit)
    names = names_of(row["topic"] for row in found)
    return [row | {"names": names.get(row["topic"], {})} for row in found]


def facts(conn: sqlite3.Connection, fact: str, where: str = "1", *, limit: int = 12) -> list[Row]:
    """What authors say of themselves, as :func:`topics`; shares among those who said such a fact.

    :param fact: ``segment``, ``role``, ``occasion``, ``owns``, ... (pipelines/demand/author.py).
    :returns: ``value`` in place of ``topic``; ``names`` of segments, roles and occasions.
    """
    names = fact_names().get(fact, {})
    found = _grouped(conn, _FACTS, fact, "value", where, limit)
    return [row | {"names": names.get(row["value"], {})} for row in found]


def told(conn: sqlite3.Connection, fact: str, where: str = "1") -> Row:
    """How many of the people say such a fact of themselves at all: what the shares rest on."""
    said, of = one_row(
        conn,
        f"WITH {COUNTED} SELECT count(DISTINCT CASE WHEN c.id IN (SELECT post_id "
        "FROM author_facts WHERE fact = ?) THEN person END), count(DISTINCT person) "
        f"FROM counted c WHERE {where}",
        (fact,),
    )
    return share(said, of)


def _grouped(
    conn: sqlite3.Connection, said: str, kind: str, name: str, where: str, limit: int
) -> list[Row]:
    source = f"WITH {COUNTED}, said AS ({said})"
    joined = f"FROM said s JOIN counted c ON c.id = s.post_id WHERE {where}"
    (of,) = one_row(conn, f"{source} SELECT count(DISTINCT c.person) {joined}", (kind,))
    found: dict[str, Row] = {
        value: {name: value, "posts": posts, **share(people, of), "quotes": []}
        for value, posts, people in conn.execute(
            f"{source} SELECT s.value, count(*), count(DISTINCT c.person) AS people {joined} "
            "GROUP BY s.value ORDER BY people DESC, 2 DESC, s.value LIMIT ?",
            (kind, limit),
        )
    }
    for value, post, quote, url, lang, posted_at in conn.execute(
        f"{source}, newest AS (SELECT s.value, c.id, s.quote, c.url, c.lang, c.posted_at, "
        "row_number() OVER (PARTITION BY s.value, c.person ORDER BY c.posted_at DESC, c.id DESC) "
        f"AS own {joined}), ranked AS (SELECT *, row_number() OVER (PARTITION BY value "
        "ORDER BY posted_at DESC, id DESC) AS place FROM newest WHERE own = 1) "
        "SELECT value, id, quote, url, lang, posted_at FROM ranked WHERE place <= 3 "
        "ORDER BY value, place",
        (kind,),
    ):
        if value in found:
            found[value]["quotes"].append({
                "post": post, "quote": quote[:400], "url": url, "lang": lang,
                "posted_at": posted_at,
            })  # fmt: skip
    return list(found.values())

"""What pains, praise, barriers and wishes are about: topics by person, language and month."""

import math
import sqlite3
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from analysis.questions import new_topics
from analysis.questions.period import last_months
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, as_of, one_row, sample, share
from pipelines.demand.topics import KINDS, names_of

Row = dict[str, Any]

MONTHS = 12
WINDOWS = (30, 90)
"""Days of "lately"; each is held against the three times as many days before it."""

RISING = 0.05
"""The chance, over all topics tested in a window together, of calling one rising that is not."""

_VOICE = {
    "pain": "pain = 1",
    "praise": "praise = 1",
    "barrier": "barrier IS NOT NULL",
    "suggestion": "suggestion = 1",
}
_JOINED = f"WITH {COUNTED} SELECT {{}} FROM topics t JOIN counted c ON c.id = t.post_id"


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Topics of each kind of claim, and words that recur and that no topic lists.

    :returns: ``kinds`` [{kind, sample, named: share of the people whose claim of that kind names a
        topic, topics}], ``new`` (:func:`analysis.questions.new_topics.recurring`), ``sample`` of
        all who made such a claim. A topic: ``topic`` (id), ``names`` by language, ``posts``,
        the fields of :func:`~analysis.questions.sample.share` among the people with a claim of the
        kind, ``languages`` {lang: people}, ``months`` [{month, people}] (the last twelve, quiet
        ones too), ``rising`` (the shortest window that shows it, or ``None``), ``quotes``.
    """
    now = as_of(conn)
    return {
        "kinds": [_kind(conn, kind, now) for kind in KINDS],
        "new": new_topics.recurring(conn, now),
        "sample": sample(conn, " OR ".join(f"({where})" for where in _VOICE.values())),
    }


def _kind(conn: sqlite3.Connection, kind: str, now: str | None) -> Row:
    everyone = sample(conn, _VOICE[kind])
    (named,) = one_row(
        conn, _JOINED.format("count(DISTINCT c.person)") + " WHERE t.kind = ?", (kind,)
    )
    of = max(everyone["people"], named)
    languages: dict[str, dict[str, int]] = defaultdict(dict)
    for topic, lang, people in conn.execute(
        _JOINED.format("t.topic, c.lang, count(DISTINCT c.person)")
        + " WHERE t.kind = ? GROUP BY 1, 2 ORDER BY 3 DESC, 2",
        (kind,),
    ):
        languages[topic][lang] = people
    found = conn.execute(
        _JOINED.format("t.topic, count(*), count(DISTINCT c.person) AS people")
        + " WHERE t.kind = ? GROUP BY 1 ORDER BY people DESC, 2 DESC, 1",
        (kind,),
    ).fetchall()
    months, rising = _months(conn, kind, now), _rising(conn, kind, now)
    quotes = _quotes(conn, kind)
    names = names_of(topic for topic, *_ in found)
    return {
        "kind": kind,
        "sample": everyone,
        "named": share(named, of),
        "topics": [
            {
                "topic": topic,
                "names": names.get(topic, {"en": topic}),
                "posts": posts,
                **share(people, of),
                "languages": languages[topic],
                "months": [
                    {"month": month, "people": months.get((topic, month), 0)}
                    for month in last_months(now, MONTHS)
                ],
                "rising": rising.get(topic),
                "quotes": quotes.get(topic, []),
            }
            for topic, posts, people in found
        ],
    }


def _months(conn: sqlite3.Connection, kind: str, now: str | None) -> dict[tuple[str, str], int]:
    first = (last_months(now, MONTHS) or ["9999-12"])[0]
    return {
        (topic, month): people
        for topic, month, people in conn.execute(
            _JOINED.format("t.topic, substr(c.posted_at, 1, 7), count(DISTINCT c.person)")
            + " WHERE t.kind = ? AND c.posted_at >= ? GROUP BY 1, 2",
            (kind, first),
        )
    }


def _rising(conn: sqlite3.Connection, kind: str, now: str | None) -> dict[str, Row]:
    """Topics that a larger part of the people with such a claim name lately than before.

    Fisher's exact test (1935), one-sided, its level shared among the topics tested (Bonferroni;
    Dunn 1961). Too few lately, or too few before to compare with: nothing is claimed.
    """
    found: dict[str, Row] = {}
    if now is None:
        return found
    for days in WINDOWS:
        since, before = _ago(now, days), _ago(now, 4 * days)
        counts = (
            "count(DISTINCT CASE WHEN c.posted_at >= ? THEN c.person END), "
            "count(DISTINCT CASE WHEN c.posted_at < ? THEN c.person END)"
        )
        lately, earlier = one_row(
            conn,
            f"WITH {COUNTED} SELECT {counts} FROM counted c WHERE {_VOICE[kind]} "
            "AND c.posted_at >= ?",
            (since, since, before),
        )
        if min(lately, earlier) < MINIMUM_PEOPLE:
            continue
        rows = [
            row
            for row in conn.execute(
                _JOINED.format(f"t.topic, {counts}")
                + " WHERE t.kind = ? AND c.posted_at >= ? GROUP BY 1",
                (since, since, kind, before),
            )
            if row[1] >= MINIMUM_PEOPLE
        ]
        for topic, people, former in rows:
            chance = at_least(people, lately, former, earlier)
            if topic not in found and chance * len(rows) < RISING:
                found[topic] = {
                    "days": days,
                    "lately": share(people, lately),
                    "before": share(former, earlier),
                    "chance": round(chance, 5),
                }
    return found


def at_least(hits: int, of: int, other_hits: int, other_of: int) -> float:
    """The chance of ``hits`` or more of ``of`` if all hits fell evenly on both samples.

    The upper tail of the hypergeometric distribution: Fisher's exact test, one-sided.
    """
    hits, other_hits = min(hits, of), min(other_hits, other_of)
    both, size = hits + other_hits, of + other_of
    whole = _log_ways(size, both)
    total = sum(
        math.exp(_log_ways(of, n) + _log_ways(other_of, both - n) - whole)
        for n in range(hits, min(of, both) + 1)
        if 0 <= both - n <= other_of
    )
    return min(1.0, total)


def _log_ways(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)


def _ago(now: str, days: int) -> str:
    moment = datetime.fromisoformat(now.replace("Z", "+00:00")).astimezone(UTC)
    return (moment - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _quotes(conn: sqlite3.Connection, kind: str, *, limit: int = 3) -> dict[str, list[Row]]:
    """The newest words on each topic, one a person."""
    found: dict[str, list[Row]] = defaultdict(list)
    heard: set[tuple[str, str]] = set()
    for topic, post, quote, url, lang, posted_at, person in conn.execute(
        f"WITH {COUNTED}, ranked AS (SELECT t.topic, c.id, t.quote, c.url, c.lang, c.posted_at, "
        "c.person, row_number() OVER (PARTITION BY t.topic ORDER BY c.posted_at DESC, c.id DESC) "
        "AS place FROM topics t JOIN counted c ON c.id = t.post_id WHERE t.kind = ?) "
        "SELECT topic, id, quote, url, lang, posted_at, person FROM ranked WHERE place <= 12 "
        "ORDER BY topic, place",
        (kind,),
    ):
        if (topic, person) not in heard and len(found[topic]) < limit:
            heard.add((topic, person))
            found[topic].append({
                "post": post, "quote": quote[:400], "url": url, "lang": lang,
                "posted_at": posted_at,
            })  # fmt: skip
    return found

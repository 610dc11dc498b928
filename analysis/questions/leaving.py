"""Our own customers who think of leaving, or have left: the first thing to know."""

import sqlite3
from collections import Counter
from typing import Any

from analysis.questions import said
from analysis.questions.barriers import LATELY_DAYS, trend
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, one_row, sample, share

_OURS = "SELECT id FROM competitors WHERE is_self = 1"
_LEAVE = f"c.id IN (SELECT post_id FROM switches WHERE from_competitor IN ({_OURS}))"
_SPEAK = (
    f"(c.id IN (SELECT post_id FROM mentions WHERE competitor IN ({_OURS})) "
    f"OR c.id IN (SELECT post_id FROM switches WHERE from_competitor IN ({_OURS})))"
)
_LATELY = (
    "(c.posted_at >= strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(posted_at) FROM counted), "
    f"'-{LATELY_DAYS} days'))"
)

Row = dict[str, Any]


def answer(conn: sqlite3.Connection) -> Row:
    """Who leaves us, by distinct person.

    :returns: ``leavers`` (of all who speak of us, with interval), ``statuses`` (considering, done:
        a person who did both is in ``done``), ``to`` [{id, name, share fields}], ``forces``,
        ``reasons`` (topics of what they complain of, by :func:`said.topics`), ``pulls`` (topics
        they praise), ``complaints``: people who complain of us, of all who speak of us;
        ``quotes`` of up to 10 of them with ``to``, ``status``, ``force``; ``trend`` of the share
        of leavers lately against before; ``enough``; ``sample`` of their posts.
    """
    found = sample(conn, f"id IN (SELECT post_id FROM switches WHERE from_competitor IN ({_OURS}))")
    moves = conn.execute(
        f"WITH {COUNTED} SELECT c.person, w.status, w.force, w.to_competitor, "
        "coalesce(k.name, w.to_brand), w.quote, c.id, c.url, c.lang, c.posted_at "
        "FROM switches w JOIN counted c ON c.id = w.post_id "
        "LEFT JOIN competitors k ON k.id = w.to_competitor "
        f"WHERE w.from_competitor IN ({_OURS}) ORDER BY c.posted_at DESC, c.id DESC"
    ).fetchall()
    people = found["people"]
    done = {move[0] for move in moves if move[1] == "done"}
    lately, lately_of, before, before_of = one_row(
        conn,
        f"WITH {COUNTED} SELECT "
        f"count(DISTINCT CASE WHEN {_LATELY} AND {_LEAVE} THEN person END), "
        f"count(DISTINCT CASE WHEN {_LATELY} THEN person END), "
        f"count(DISTINCT CASE WHEN NOT {_LATELY} AND {_LEAVE} THEN person END), "
        f"count(DISTINCT CASE WHEN NOT {_LATELY} THEN person END) FROM counted c WHERE {_SPEAK}",
    )
    (speaking,) = one_row(
        conn, f"WITH {COUNTED} SELECT count(DISTINCT person) FROM counted c WHERE {_SPEAK}"
    )
    (complaining,) = one_row(
        conn,
        f"WITH {COUNTED} SELECT count(DISTINCT c.person) FROM counted c JOIN feelings f "
        "ON f.post_id = c.id AND f.feeling = 'pain' "
        f"WHERE f.competitor IN ({_OURS}) AND {_SPEAK}",
    )
    return {
        "leavers": share(people, speaking),
        "statuses": {
            "considering": share(people - len(done), people),
            "done": share(len(done), people),
        },
        "to": _to(moves, people),
        "forces": {
            force: share(count, people)
            for force, count in sorted(
                Counter(
                    force for _, force in {(move[0], move[2]) for move in moves} if force
                ).items()
            )
        },
        "reasons": said.topics(conn, "pain", _LEAVE),
        "pulls": said.topics(conn, "praise", _LEAVE),
        "complaints": share(complaining, speaking),
        "quotes": _quotes(moves),
        "trend": trend(lately, lately_of, before, before_of),
        "enough": people >= MINIMUM_PEOPLE,
        "sample": found,
    }


def _to(moves: list[Any], people: int) -> list[Row]:
    """Whom they go to, most people first."""
    names = {move[4]: move[3] for move in reversed(moves) if move[4]}
    going = Counter(name for _, name in {(move[0], move[4]) for move in moves} if name)
    return [
        {"id": names[name], "name": name, **share(count, people)}
        for name, count in sorted(going.items(), key=lambda item: (-item[1], item[0]))
    ]


def _quotes(moves: list[Any]) -> list[Row]:
    """The newest words of each, of up to ten."""
    chosen: dict[str, Row] = {}
    for person, status, force, _, name, quote, post, url, lang, posted_at in moves:
        chosen.setdefault(person, {
            "post": post, "quote": quote[:400], "url": url, "lang": lang, "posted_at": posted_at,
            "to": name, "status": status, "force": force,
        })  # fmt: skip
    return list(chosen.values())[:10]

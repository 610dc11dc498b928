"""What the six say together: needs nobody answers, people nobody speaks to, places nobody uses."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import Any

from analysis.frames import frame, rows
from analysis.questions import keyword_gap, price_audience, said, unused_channels
from analysis.questions.channels import NEED
from analysis.questions.claims import (
    Claims,
    claims,
    names,
    ourselves,
    promotes_at,
    rivals_today,
)
from analysis.questions.phrases import key_of
from analysis.questions.sample import (
    COUNTED,
    MINIMUM_PEOPLE,
    one_row,
    quotes,
    sample,
    share,
)
from crawlers.folding import search_text

_MOST = 10  # openings told of each kind, so that many places leave room for one wish
_PROOF = 20  # posts named behind each
_SILENT = 20  # rivals named that do not answer one
_PAGES = 6  # pages looked at that are named behind each

# Posts of those who use or left one of the rivals (ids as JSON), and complain of it. No subquery
# looks at the post: SQLite would else run each of them once a post.
_CUSTOMERS_PAIN = (
    "(c.stage = 'using' AND c.id IN (SELECT f.post_id FROM feelings f WHERE f.feeling = 'pain' "
    "AND f.competitor IN (SELECT value FROM json_each({ids}))) "
    "OR c.id IN (SELECT f.post_id FROM feelings f JOIN switches w ON w.post_id = f.post_id "
    "AND w.from_competitor = f.competitor WHERE f.feeling = 'pain' "
    "AND f.competitor IN (SELECT value FROM json_each({ids}))))"
)
# People who say that they use or left one of the rivals.
_CUSTOMERS = (
    "(c.stage = 'using' AND c.id IN (SELECT m.post_id FROM mentions m WHERE m.competitor IN "
    "(SELECT value FROM json_each({ids})) UNION ALL SELECT f.post_id FROM feelings f "
    "WHERE f.competitor IN (SELECT value FROM json_each({ids}))) "
    "OR c.id IN (SELECT w.post_id FROM switches w WHERE w.from_competitor IN "
    "(SELECT value FROM json_each({ids}))))"
)

Row = dict[str, Any]


def answer(conn: sqlite3.Connection, read: list[Claims] | None = None) -> dict[str, Any]:
    """The openings, each only where enough people stand behind it.

    All are ranked by one score: the people who are at least behind it (the lower limit of their
    share of the people of its kind, times these) times the share of the rivals looked at that do
    not answer it. A rival is one who stands in a tier today and whose pages were read; where there
    is none, nothing is claimed.

    :param read: what rivals' pages say, where the caller has read them already: the same for every
        time range, and the longest part of this answer.
    :returns: ``ranked`` [{kind, id, name, names (by language, where it has such), share fields,
        of_whom, uncovered {rivals, of, share, silent}, score, posts, quotes, pages, answered,
        best}], the ``best`` of each kind first and then the rest, each by score.
        ``of_whom``: ``need`` (of the people with a need), ``rivals`` (of those
        who use or left a rival). ``pages`` are such of silent rivals, ``answered`` [{competitor,
        url}] those that do answer it. ``kind``: ``need`` (topic of wishes), ``pain`` (topic of
        which rivals' customers complain, and of which no rival's page speaks), ``segment``,
        ``language``, ``place`` (silent: not seen promoting there, which is not absent),
        ``keyword``, ``strength`` (a rival's customers complain of what people praise in us:
        ``topic``, ``rival``, ``our_praise``); ``too_few``: openings left out for want of people;
        ``rivals_read``, ``rivals`` (id -> name of those read); and ``needs`` (a sample and quotes
        of unmet needs said in words), ``channels`` (:mod:`analysis.questions.unused_channels`),
        ``map`` (:mod:`analysis.questions.price_audience`), ``unhappy`` (rivals by the share of
        those who speak of them that complain), ``sample``.
    """
    suggestions = sample(conn, "suggestion = 1")
    needs = {**suggestions, "quotes": quotes(conn, "suggestion", "c.suggestion = 1", limit=5)}
    everyone = sample(conn, NEED)
    read = claims(conn) if read is None else read
    rivals = json.dumps(list(rivals_today(conn)))
    of = everyone["people"]
    found = (
        [
            *_needs(conn, read, of),
            *_pains(conn, read),
            *_segments(conn, read, of),
            *_spoken(conn, read, of),
            *_gatherings(conn, read, of),
            *_keywords(conn, read, of),
            *_strengths(conn, read),
        ]
        if read
        else []
    )
    return {
        "ranked": best_first(
            [line for line in found if line["people"] >= MINIMUM_PEOPLE and line["score"] > 0]
        ),
        "too_few": sum(0 < line["people"] < MINIMUM_PEOPLE for line in found),
        "rivals_read": len(read),
        "rivals": {rival.competitor: rival.name for rival in read},
        "needs": needs,
        "channels": unused_channels.answer(conn, of) if read else [],
        "map": price_audience.answer(conn, read, claims(conn, ourselves(conn))),
        "unhappy": _unhappy(conn, rivals),
        "sample": everyone,
    }


def best_first(lines: list[Row]) -> list[Row]:
    """The best opening of each kind, then the others, each by score; few enough of a kind.

    Scores are people: the many places of a market would else stand before its only wish.
    """
    ranked = sorted(lines, key=_rank)
    of_kind: Counter[str] = Counter()
    best: list[Row] = []
    others: list[Row] = []
    for line in ranked:
        of_kind[line["kind"]] += 1
        place = of_kind[line["kind"]]
        if place <= _MOST:
            (best if place == 1 else others).append({**line, "best": place == 1})
    return best + others


def _rank(line: Row) -> tuple[float, int, str, str]:
    return (-line["score"], -line["people"], line["kind"], line["id"])


def _line(kind: str, key: str, name: str, people: int, of: int, *, silent: list[Claims],
          looked: int) -> Row:  # fmt: skip
    """One opening; ``silent`` are the rivals looked at that do not answer it."""
    people_of = max(of, people)
    part = share(people, people_of)
    uncovered = share(len(silent), looked)
    return {
        "kind": kind, "id": key, "name": name, "names": {}, **part, "of_whom": "need",
        "uncovered": {
            "rivals": len(silent), "of": looked, "share": uncovered["share"],
            "silent": [rival.competitor for rival in silent][:_SILENT],
        },
        "score": round(part["low"] * people_of * (uncovered["share"] or 0), 2),
        "posts": [], "quotes": [],
        "pages": [
            {"competitor": rival.competitor, "url": rival.pages[0]} for rival in silent[:_PAGES]
        ],
        "answered": [],
    }  # fmt: skip


def _answered(read: list[Claims], pages: Callable[[Claims], dict[str, str]], key: str) -> list[Row]:
    """The pages of rivals that name a topic or a segment."""
    found = [(rival.competitor, pages(rival).get(key)) for rival in read]
    return [{"competitor": name, "url": url} for name, url in found if url][:_PAGES]


def _posts(conn: sqlite3.Connection, where: str, parameters: tuple[object, ...] = ()) -> list[int]:
    """The newest posts behind an opening."""
    found = conn.execute(
        f"WITH {COUNTED} SELECT c.id FROM counted c WHERE {where} "
        "ORDER BY c.posted_at DESC, c.id DESC LIMIT ?",
        (*parameters, _PROOF),
    )
    return [row[0] for row in found]


def _needs(conn: sqlite3.Connection, read: list[Claims], of: int) -> list[Row]:
    """Topics of wishes against the topics of rivals' pages."""
    lines = []
    for topic in said.topics(conn, "suggestion", limit=200):
        key = topic["topic"]
        silent = [rival for rival in read if key not in rival.topics]
        line = _line("need", key, key, topic["people"], of, silent=silent, looked=len(read))
        line["names"] = topic["names"]
        line["quotes"] = topic["quotes"]
        line["answered"] = _answered(read, lambda rival: rival.topics, key)
        line["posts"] = _posts(
            conn, "c.id IN (SELECT post_id FROM topics WHERE kind = 'suggestion' AND topic = ?)",
            (key,),
        )  # fmt: skip
        lines.append(line)
    return lines


def _pains(conn: sqlite3.Connection, read: list[Claims]) -> list[Row]:
    """What rivals' own customers complain of, where no rival's page says it does that well.

    That nobody's page speaks of a pain makes no opening: no page promises to be free of faults.
    """
    ids = _literal(json.dumps([rival.competitor for rival in read]))
    complaining, of = _CUSTOMERS_PAIN.format(ids=ids), _people(conn, _CUSTOMERS.format(ids=ids))
    lines = []
    for topic in said.topics(conn, "pain", complaining, limit=200):
        key = topic["topic"]
        if any(key in rival.topics for rival in read):
            continue
        line = _line("pain", key, key, topic["people"], of, silent=read, looked=len(read))
        line |= {"names": topic["names"], "of_whom": "rivals"}
        line["quotes"] = topic["quotes"]
        line["posts"] = _posts(
            conn, f"{complaining} AND c.id IN "
            "(SELECT post_id FROM topics WHERE kind = 'pain' AND topic = ?)", (key,),
        )  # fmt: skip
        lines.append(line)
    return lines


def _people(conn: sqlite3.Connection, where: str) -> int:
    sql = f"WITH {COUNTED} SELECT count(DISTINCT person) FROM counted c WHERE {where}"
    return int(one_row(conn, sql)[0])


def _segments(conn: sqlite3.Connection, read: list[Claims], of: int) -> list[Row]:
    """Who people say they are, against whom rivals' pages speak to. A rival whose pages name
    nobody is not counted as leaving one out.
    """
    naming = [rival for rival in read if rival.segments]
    lines = []
    for segment in said.facts(conn, "segment", f"c.{NEED}", limit=60) if naming else ():
        key = segment["value"]
        silent = [rival for rival in naming if key not in rival.segments]
        line = _line("segment", key, key, segment["people"], of, silent=silent, looked=len(naming))
        line["names"] = segment["names"]
        line["quotes"] = segment["quotes"]
        line["answered"] = _answered(naming, lambda rival: rival.segments, key)
        line["posts"] = _posts(
            conn,
            f"c.{NEED} AND c.id IN "
            "(SELECT post_id FROM author_facts WHERE fact = 'segment' AND value = ?)",
            (key,),
        )
        lines.append(line)
    return lines


def _spoken(conn: sqlite3.Connection, read: list[Claims], of: int) -> list[Row]:
    """Languages of people with a need, against those of rivals' pages."""
    lines = []
    for lang, people in conn.execute(
        f"WITH {COUNTED} SELECT lang, count(DISTINCT person) AS people FROM counted "
        f"WHERE {NEED} AND lang <> 'und' GROUP BY lang ORDER BY people DESC, lang LIMIT 20"
    ).fetchall():
        silent = [rival for rival in read if lang not in rival.langs]
        if len(silent) < len(read):
            continue  # a language some speak is no gap in the market: most sites speak one
        line = _line("language", lang, lang, people, of, silent=silent, looked=len(read))
        line["posts"] = _posts(conn, f"c.{NEED} AND c.lang = ?", (lang,))
        lines.append(line)
    return lines


def _gatherings(conn: sqlite3.Connection, read: list[Claims], of: int) -> list[Row]:
    """Places of people with a need, against the rivals seen promoting there themselves."""
    lines = []
    for forum, name, url, people in conn.execute(
        f"WITH {COUNTED} SELECT c.forum, f.name, f.url, count(DISTINCT person) AS people "
        f"FROM counted c JOIN forums f ON f.id = c.forum WHERE c.{NEED} AND f.kind = 'forum' "
        "GROUP BY c.forum ORDER BY people DESC, c.forum LIMIT 60"
    ).fetchall():
        silent = [rival for rival in read if not promotes_at(rival, forum, url)]
        line = _line("place", forum, name or forum, people, of, silent=silent, looked=len(read))
        line["pages"] = []  # no page of a rival shows that it does not post in a forum
        line["posts"] = _posts(conn, f"c.{NEED} AND c.forum = ?", (forum,))
        lines.append(line)
    return lines


def _keywords(conn: sqlite3.Connection, read: list[Claims], of: int) -> list[Row]:
    """Our keywords that no rival minds, by the people with a need who say them, against the
    rivals whose pages do not hold the words at all.
    """
    lines = []
    for keyword in keyword_gap.answer(conn)["ours"]:
        phrase = keyword["phrase"]
        folded = search_text(phrase).replace('"', " ").strip()
        if not folded:
            continue
        where = f"c.{NEED} AND c.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)"
        asked = (f'"{folded}"',)
        (people,) = one_row(
            conn,
            f"WITH {COUNTED} SELECT count(DISTINCT person) FROM counted c WHERE {where}",
            asked,
        )
        silent = [rival for rival in read if not names(rival, key_of(phrase))]
        line = _line("keyword", phrase, phrase, people, of, silent=silent, looked=len(read))
        line["posts"] = _posts(conn, where, asked)
        lines.append(line)
    return lines


def _strengths(conn: sqlite3.Connection, read: list[Claims]) -> list[Row]:
    """What people praise in us and a rival's customers complain of."""
    ours = {
        topic["topic"]: topic
        for topic in said.topics(
            conn,
            "praise",
            "c.id IN (SELECT f.post_id FROM feelings f JOIN competitors k ON k.id = f.competitor "
            "WHERE f.feeling = 'praise' AND k.is_self = 1)",
            limit=200,
        )
        if topic["people"] >= MINIMUM_PEOPLE
    }
    if not ours:
        return []
    by_id = {rival.competitor: rival for rival in read}
    customers = dict(_by_rival(conn, _LEFT_OR_USES, "competitor", list(by_id)))
    lines = []
    for (key, topic), people in _by_rival(conn, _COMPLAINED, "competitor, topic", list(by_id)):
        if topic not in ours:
            continue
        rival = by_id[key]
        line = _line("strength", f"{key}:{topic}", rival.name, people, customers.get(key, 0),
                     silent=[rival], looked=1)  # fmt: skip
        line |= {"topic": topic, "rival": key, "names": ours[topic]["names"],
                 "of_whom": "rivals", "pages": []}  # fmt: skip
        line["our_praise"] = {
            name: ours[topic][name] for name in ("people", "of", "share", "low", "high")
        }
        lines.append(line)
    lines.sort(key=_rank)
    for line in lines[:_MOST]:  # of the others nothing is shown
        _prove_strength(conn, line)
    return lines


# What the customers of rivals complain of, and whom each rival has or had as a customer.
_COMPLAINED = (
    "SELECT f.competitor, t.topic, c.person FROM feelings f JOIN counted c ON c.id = f.post_id "
    "JOIN topics t ON t.post_id = f.post_id AND t.kind = 'pain' "
    "WHERE f.feeling = 'pain' AND (c.stage = 'using' OR EXISTS (SELECT 1 FROM switches w "
    "WHERE w.post_id = f.post_id AND w.from_competitor = f.competitor))"
)
_LEFT_OR_USES = (
    "SELECT m.competitor, c.person FROM mentions m JOIN counted c ON c.id = m.post_id "
    "WHERE c.stage = 'using' UNION ALL SELECT f.competitor, c.person FROM feelings f "
    "JOIN counted c ON c.id = f.post_id WHERE c.stage = 'using' "
    "UNION ALL SELECT w.from_competitor, c.person FROM switches w "
    "JOIN counted c ON c.id = w.post_id"
)


def _by_rival(
    conn: sqlite3.Connection, sql: str, key: str, rivals: list[str]
) -> list[tuple[Any, int]]:
    """Distinct people of a query's rows by its key (a rival, or a rival and a topic)."""
    return [
        (tuple(row[:-1]) if len(row) > 2 else row[0], row[-1])
        for row in conn.execute(
            f"WITH {COUNTED} SELECT {key}, count(DISTINCT person) FROM ({sql}) "
            f"WHERE competitor IN (SELECT value FROM json_each(?)) GROUP BY {key} ORDER BY {key}",
            (json.dumps(rivals),),
        )
    ]


def _prove_strength(conn: sqlite3.Connection, line: Row) -> None:
    """Add the quotes and the posts of a rival's customers who complain of a topic."""
    complaining = _CUSTOMERS_PAIN.format(ids=_literal(json.dumps([line["rival"]])))
    topic = _literal(line["topic"])
    where = (
        f"{complaining} AND c.id IN "
        f"(SELECT post_id FROM topics WHERE kind = 'pain' AND topic = {topic})"
    )
    for found in said.topics(conn, "pain", where, limit=200):
        if found["topic"] == line["topic"]:
            line["quotes"] = found["quotes"]
    line["posts"] = _posts(conn, where)


def _literal(text: str) -> str:
    """A text as an SQL literal: an id of ours, in a condition that takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _unhappy(conn: sqlite3.Connection, rivals: str) -> list[dict[str, Any]]:
    """Rivals of whom a third or more of those who speak of them complain."""
    found = rows(
        frame(
            conn,
            f"WITH {COUNTED}, spoken AS (SELECT competitor, post_id, NULL AS feeling FROM mentions "
            "UNION ALL SELECT competitor, post_id, feeling FROM feelings) "
            "SELECT k.id, k.name, count(DISTINCT person) AS speaking, "
            "count(DISTINCT CASE WHEN s.feeling = 'pain' THEN person END) AS complaining "
            "FROM spoken s JOIN counted c ON c.id = s.post_id "
            "JOIN competitors k ON k.id = s.competitor "
            "AND k.id IN (SELECT value FROM json_each(?)) "
            "GROUP BY k.id HAVING speaking >= ? AND complaining * 3 >= speaking "
            "ORDER BY 1.0 * complaining / speaking DESC, complaining DESC, k.name LIMIT 5",
            (rivals, MINIMUM_PEOPLE),
            types={"id": "text", "name": "text", "speaking": "integer", "complaining": "integer"},
        )
    )
    for rival in found:
        speaking = rival.pop("speaking")
        # ``people`` are those who speak of it; ``complaining`` of them complain.
        rival.update(share(rival["complaining"], speaking) | {"people": speaking})
    return found

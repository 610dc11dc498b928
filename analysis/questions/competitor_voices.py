"""What people say of each competitor, and whom it wins from and loses to: all of them at once.

One competitor is a page; five hundred are as many pages, so a few grouped queries answer for all.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from analysis.questions.period import last_months
from analysis.questions.sample import COUNTED, OWN, as_of, share

Row = dict[str, Any]

FEELINGS = ("praise", "pain")
TOPICS = 8
"""Topics of praise and of complaint kept for each competitor, most people first."""
QUOTES = 4
BRANDS = 12
NEWEST = 6
MONTHS = 12

_LONGEST = 280  # characters of a quote kept
_FELT = (
    "felt AS (SELECT DISTINCT f.competitor, f.feeling, c.id, c.person, c.posted_at, c.lang, c.url "
    "FROM feelings f JOIN counted c ON c.id = f.post_id WHERE f.competitor IS NOT NULL)"
)
_NAMING = (
    "naming AS (SELECT DISTINCT m.competitor, c.id, c.person, c.posted_at, c.posted_precision, "
    "c.lang FROM mentions m JOIN counted c ON c.id = m.post_id WHERE m.competitor IS NOT NULL)"
)


def answers(conn: sqlite3.Connection, since: str | None = None) -> dict[str, Row]:
    """What is said of each competitor, ourselves too, in the posts ``voices`` holds.

    :param since: first day of the time range ``voices`` is cut to, for the researcher's own texts,
        which it does not hold; ``None`` for all time.
    :returns: by competitor {``people``, ``posts`` that name it, ``until`` (of the posts),
        ``languages`` [{lang, people}], ``praise`` and ``pain``
        {fields of :func:`~analysis.questions.sample.share` among those people; ``named`` people
        who name a topic; ``topics`` [{topic, posts, share fields among those who praise or
        complain, quotes}], ``quotes`` (newest, one a person)}, ``moves`` [{name, competitor,
        is_self, ``won``, ``lost`` (people who changed), ``coming``, ``going`` (who think of
        it)}], ``won``, ``lost``, ``coming``, ``going`` in all, ``newest`` and ``own`` (ids of
        posts)}. One nobody speaks of has zeros and empty lists.
    """
    found = {key: _nobody() for (key,) in conn.execute("SELECT id FROM competitors")}
    _spoken(conn, found)
    for feeling in FEELINGS:
        _felt(conn, found, feeling)
    _moved(conn, found)
    _newest(conn, found, since)
    return found


def months(conn: sqlite3.Connection) -> dict[str, list[Row]]:
    """How many people name each competitor in each of the last twelve months, quiet ones too.

    Must be asked while ``voices`` holds all time.
    """
    last = last_months(as_of(conn), MONTHS)
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for key, month, people in conn.execute(
        f"WITH {COUNTED}, {_NAMING} SELECT competitor, substr(posted_at, 1, 7), "
        "count(DISTINCT person) FROM naming WHERE posted_at >= ? "
        "AND posted_precision NOT IN ('year', 'unknown') GROUP BY 1, 2",
        (last[0] if last else "9999",),
    ):
        counted[key][month] = people
    return {
        key: [{"month": month, "people": of.get(month, 0)} for month in last]
        for key, of in counted.items()
    }


def _nobody() -> Row:
    return {
        "people": 0, "posts": 0, "until": None, "languages": [],
        **{feeling: share(0, 0) | {"named": 0, "topics": [], "quotes": []} for feeling in FEELINGS},
        "moves": [], "won": 0, "lost": 0, "coming": 0, "going": 0, "newest": [], "own": [],
    }  # fmt: skip


def _spoken(conn: sqlite3.Connection, found: Mapping[str, Row]) -> None:
    for key, people, posts, until in conn.execute(
        f"WITH {COUNTED}, {_NAMING} SELECT competitor, count(DISTINCT person), count(*), "
        "max(posted_at) FROM naming GROUP BY 1"
    ):
        found[key] |= {"people": people, "posts": posts, "until": until}
    for key, lang, people in conn.execute(
        f"WITH {COUNTED}, {_NAMING} SELECT competitor, lang, count(DISTINCT person) AS people "
        "FROM naming GROUP BY 1, 2 ORDER BY 3 DESC, 2"
    ):
        found[key]["languages"].append({"lang": lang, "people": people})


def _felt(conn: sqlite3.Connection, found: Mapping[str, Row], feeling: str) -> None:
    of_kind = f"WITH {COUNTED}, {_FELT}"
    topics: dict[tuple[str, str], Row] = {}
    for key, people in conn.execute(
        f"{of_kind} SELECT competitor, count(DISTINCT person) FROM felt WHERE feeling = ? "
        "GROUP BY 1",
        (feeling,),
    ):
        found[key][feeling] |= share(people, max(people, found[key]["people"]))
    joined = "FROM felt f JOIN topics t ON t.post_id = f.id AND t.kind = f.feeling"
    for key, people in conn.execute(
        f"{of_kind} SELECT competitor, count(DISTINCT person) {joined} WHERE feeling = ? "
        "GROUP BY 1",
        (feeling,),
    ):
        found[key][feeling]["named"] = people
    for key, topic, posts, people in conn.execute(
        f"{of_kind} SELECT competitor, t.topic, count(*), count(DISTINCT person) AS people "
        f"{joined} WHERE feeling = ? GROUP BY 1, 2 ORDER BY people DESC, 3 DESC, 2",
        (feeling,),
    ):
        of = found[key][feeling]
        if len(of["topics"]) < TOPICS:
            row = {"topic": topic, "posts": posts, **share(people, of["people"]), "quotes": []}
            topics[key, topic] = row
            of["topics"].append(row)
    for key, topic, *quote in conn.execute(
        f"{of_kind}, ranked AS (SELECT f.competitor, t.topic, f.id, t.quote, f.url, f.lang, "
        "f.posted_at, f.person, row_number() OVER (PARTITION BY f.competitor, t.topic "
        f"ORDER BY f.posted_at DESC, f.id DESC) AS place {joined} WHERE feeling = ?) "
        "SELECT competitor, topic, id, quote, url, lang, posted_at, person FROM ranked "
        "WHERE place <= 4 ORDER BY competitor, topic, place",
        (feeling,),
    ):
        if (key, topic) in topics:
            _say(topics[key, topic]["quotes"], quote, most=2)
    for key, *quote in conn.execute(
        f"WITH {COUNTED}, ranked AS (SELECT f.competitor, c.id, f.quote, c.url, c.lang, "
        "c.posted_at, c.person, row_number() OVER (PARTITION BY f.competitor "
        "ORDER BY c.posted_at DESC, c.id DESC) AS place FROM feelings f "
        "JOIN counted c ON c.id = f.post_id WHERE f.feeling = ? AND f.competitor IS NOT NULL) "
        "SELECT competitor, id, quote, url, lang, posted_at, person FROM ranked "
        "WHERE place <= 16 ORDER BY competitor, place",
        (feeling,),
    ):
        _say(found[key][feeling]["quotes"], quote, most=QUOTES)
    for of in found.values():
        for part in (of[feeling], *of[feeling]["topics"]):
            for said in part["quotes"]:
                del said["person"]


def _say(quotes: list[Row], quote: list[Any], *, most: int) -> None:
    """Keep the newest words, one a person."""
    post, words, url, lang, posted_at, person = quote
    if len(quotes) < most and all(said["person"] != person for said in quotes):
        quotes.append({
            "post": post, "quote": str(words)[:_LONGEST], "url": url, "lang": lang,
            "posted_at": posted_at, "person": person,
        })  # fmt: skip


def _moved(conn: sqlite3.Connection, found: Mapping[str, Row]) -> None:
    brands: dict[str, dict[str, Row]] = defaultdict(dict)
    for mine, other, done, thinking in (("to", "from", "won", "coming"),
                                        ("from", "to", "lost", "going")):  # fmt: skip
        source = (
            f"FROM switches w JOIN counted c ON c.id = w.post_id "
            f"WHERE w.{mine}_competitor IS NOT NULL"
        )
        people = (
            "count(DISTINCT CASE WHEN w.status = 'done' THEN c.person END), "
            "count(DISTINCT CASE WHEN w.status = 'considering' THEN c.person END)"
        )
        for key, changed, think in conn.execute(
            f"WITH {COUNTED} SELECT w.{mine}_competitor, {people} {source} GROUP BY 1"
        ):
            found[key] |= {done: changed, thinking: think}
        for key, brand, competitor, changed, think in conn.execute(
            f"WITH {COUNTED} SELECT w.{mine}_competitor, "
            f"coalesce(w.{other}_competitor, w.{other}_brand), max(w.{other}_competitor), {people} "
            f"{source} AND coalesce(w.{other}_competitor, w.{other}_brand) IS NOT NULL "
            "GROUP BY 1, 2"
        ):
            row = brands[key].setdefault(
                brand,
                {"name": brand, "competitor": competitor, "is_self": False, "won": 0, "lost": 0,
                 "coming": 0, "going": 0},
            )  # fmt: skip
            row |= {done: changed, thinking: think}
    known = {
        key: (name, bool(is_self))
        for key, name, is_self in conn.execute("SELECT id, name, is_self FROM competitors")
    }
    for key, rows in brands.items():
        for row in rows.values():
            if row["competitor"] in known:
                row["name"], row["is_self"] = known[row["competitor"]]
        found[key]["moves"] = sorted(
            rows.values(),
            key=lambda r: (-r["won"] - r["lost"], -r["coming"] - r["going"], str(r["name"])),
        )[:BRANDS]


def _newest(conn: sqlite3.Connection, found: Mapping[str, Row], since: str | None) -> None:
    """The newest posts that name each: the public's, and the researcher's own texts."""
    for name, source in (
        ("newest", "FROM mentions m JOIN counted p ON p.id = m.post_id"),
        ("own", "FROM posts p JOIN mentions m ON m.post_id = p.id "
                f"WHERE p.copy_of IS NULL AND p.forum IN {OWN} "
                "AND (:since IS NULL OR p.posted_at >= :since)"),
    ):  # fmt: skip
        for key, post in conn.execute(
            f"WITH {COUNTED}, named AS (SELECT DISTINCT m.competitor, p.id, p.posted_at {source}), "
            "ranked AS (SELECT competitor, id, row_number() OVER (PARTITION BY competitor "
            "ORDER BY posted_at DESC, id DESC) AS place FROM named WHERE competitor IS NOT NULL) "
            "SELECT competitor, id FROM ranked WHERE place <= :most ORDER BY competitor, place",
            {"most": NEWEST, "since": since},
        ):
            found[key][name].append(post)

"""Posts: search in any spelling, filters with counts, hits marked in the original text."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from analysis.questions import period
from analysis.questions.decided import STAGE_NOW
from analysis.questions.standing import RIVALS
from analysis.web.facets import Selection, known, ranked, searched
from analysis.web.page import Page, Visit, dicts
from analysis.web.postfilter import KEPT, PostFilter, build
from analysis.web.search import marked, parse

PAGE_SIZE = 25
BRANDS = 4  # named in a hit; the post's own page has all
RANKED = 10_000
"""Hits up to which they can be ordered by relevance: each is weighed, which takes 5 ms a thousand.
A word in more posts than this tells little of any."""


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """A page of hits and the counts of every filter among all hits."""
    search = parse(visit.query.get("q", ""))
    own = frozenset(row[0] for row in conn.execute("SELECT id FROM forums WHERE own = 1"))
    kept = _kept(conn, visit.query, own) if own else ""
    query = {**visit.query, "kept": kept} if kept else visit.query
    rivals = frozenset(row[0] for row in conn.execute(f"SELECT id FROM {RIVALS}"))
    since = period.stored(conn, visit.period).since
    chosen = build(query, own=own, rivals=rivals, first_day=since)
    unsearchable = bool(search.text) and not search.match
    found = known(conn)
    ids = searched(conn, search.match if not unsearchable else '""') if search.text else None
    rankable = bool(search.match) and ids is not None and len(ids) <= RANKED
    selection = Selection(conn, found.columns, chosen, ids)
    rows = selection.rows()
    by_rank = rankable and visit.query.get("sort") == "relevance"
    if by_rank:
        page, following = _by_rank(ranked(conn, selection, rows, search.match), visit.query)
    else:
        page, following = _by_time(selection, rows, visit.query)
    hits = _read(conn, page, own)
    for hit in hits:
        hit["pieces"] = marked(hit["text"], search)
        hit["title_pieces"] = marked(hit["thread"], search, width=120)
    return {
        "search": search,
        "chosen": chosen,
        "by_rank": by_rank,
        "rankable": rankable,
        "hits": hits,
        "total": len(rows),
        "people": selection.people(rows),
        "whole": found.whole,
        "facets": {} if unsearchable else selection.facets(),
        "instead": [] if len(rows) else _instead(selection, unsearchable=unsearchable),
        "following": following,
        "first": not (visit.query.get("after") or visit.query.get("page")),
        "query": dict(visit.query),
        "names": _names(conn),
        "kept": kept,
        "apart": _apart(selection, own) if own and not unsearchable else {},
        "has_own": bool(own),
    }


def _kept(conn: sqlite3.Connection, query: Mapping[str, str], own: frozenset[str]) -> str:
    """Whose posts are shown: the public's, unless the address asks for the researcher's own."""
    if query.get("kept") in KEPT:
        return query["kept"]
    if query.get("forum", "").startswith("own:"):
        return "own"
    thread = conn.execute(
        "SELECT forum FROM threads WHERE id = CAST(? AS INTEGER)", (query.get("thread", "")[:18],)
    ).fetchone()
    return "own" if thread and thread[0] in own else "public"


def _apart(selection: Selection, own: frozenset[str]) -> dict[str, int]:
    """How many public and how many own posts the other filters find; never one number of both."""
    rows = selection.rows({"kept"})
    many = selection.own(rows, own)
    return {"public": len(rows) - many, "own": many}


def _by_time(
    selection: Selection, rows: Any, query: Mapping[str, str]
) -> tuple[list[int], dict[str, str] | None]:
    """Ids of this page's posts, newest first, and the query values that lead to the next."""
    at, _, number = query.get("after", "").partition("~")
    keyed = at[:14].isdecimal() and number[:18].isdecimal()
    before = (int(at[:14]), int(number[:18])) if keyed else None
    ids = selection.newest(rows, PAGE_SIZE + 1, before)
    if len(ids) <= PAGE_SIZE:
        return ids, None
    ids = ids[:PAGE_SIZE]
    return ids, {"after": f"{selection.columns.at(ids[-1])}~{ids[-1]}"}


def _by_rank(ids: list[int], query: Mapping[str, str]) -> tuple[list[int], dict[str, str] | None]:
    asked = query.get("page", "")
    page = min(int(asked[:9]), RANKED // PAGE_SIZE) if asked.isdecimal() else 0
    start, end = page * PAGE_SIZE, (page + 1) * PAGE_SIZE
    return ids[start:end], {"page": str(page + 1)} if len(ids) > end else None


def _read(conn: sqlite3.Connection, ids: list[int], own: frozenset[str]) -> list[dict[str, Any]]:
    """What is shown of these posts, in this order."""
    found = dicts(
        conn,
        "SELECT p.id, p.url, p.forum, p.author, p.posted_at, p.posted_precision, p.lang, p.text, "
        "p.copy_of, p.rating, t.title AS thread, d.barrier, d.pain, d.praise, "
        "d.objection, d.poor_fit, d.suggestion, d.seller, w.from_brand, w.to_brand, "
        f"w.status AS switch, {STAGE_NOW} AS stage FROM posts p "
        "JOIN threads t ON t.id = p.thread_id "
        "LEFT JOIN demand d ON d.post_id = p.id LEFT JOIN switches w ON w.post_id = p.id "
        f"WHERE p.id IN ({', '.join('?' * len(ids))})",
        ids,
    )
    brands: dict[int, list[dict[str, Any]]] = {}
    for brand in dicts(
        conn,
        "SELECT post_id, brand, competitor FROM mentions "
        f"WHERE post_id IN ({', '.join('?' * len(ids))}) ORDER BY post_id, brand",
        ids,
    ):
        brands.setdefault(brand["post_id"], []).append(brand)
    place = {number: place for place, number in enumerate(ids)}
    found.sort(key=lambda hit: place[hit["id"]])
    return [
        {**hit, "own": hit["forum"] in own, "brands": brands.get(hit["id"], [])[:BRANDS]}
        for hit in found
    ]


def _instead(selection: Selection, *, unsearchable: bool) -> list[tuple[str, str, int]]:
    """Which one filter to give up where nothing was found: name, value, posts found without it."""
    chosen: PostFilter = selection.chosen
    tried = [*chosen.chosen, ("q", "")] + ([("period", "")] if chosen.first_day else [])
    found = [
        (name, value, len(selection.rows({name})))
        for name, value in tried
        if name == "q" or not unsearchable
    ]
    return sorted((one for one in found if one[2]), key=lambda one: -one[2])


def _names(conn: sqlite3.Connection) -> dict[str, dict[str, str]]:
    return {
        "forum": dict(conn.execute("SELECT id, name FROM forums").fetchall()),
        "competitor": dict(conn.execute("SELECT id, name FROM competitors").fetchall()),
    }


PAGE = Page(
    name="posts",
    route=r"posts",
    tables=(
        "posts", "threads", "demand", "mentions", "switches", "feelings", "topics", "author_facts",
        "comparisons", "forums", "summaries",
    ),
    read=read,
    tab="posts",
)  # fmt: skip

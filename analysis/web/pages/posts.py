"""Posts: search in any spelling, filters with counts, hits marked in the original text."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import Any

from analysis.questions import local_time
from analysis.questions.sample import OWN, PERSON
from analysis.web.page import Page, Visit, dicts
from analysis.web.postfilter import PostFilter, build
from analysis.web.search import Search, marked, parse

PAGE_SIZE = 25
KEPT = ("public", "own")
DEEPEST = 400  # pages by relevance; whoever needs more needs a filter

_POSTS = (
    "FROM posts p JOIN threads t ON t.id = p.thread_id LEFT JOIN demand d ON d.post_id = p.id "
    "LEFT JOIN switches w ON w.post_id = p.id "
)
_FOUND = "JOIN posts_fts ON posts_fts.rowid = p.id "
_FLAGS = ("pain", "praise", "objection", "poor_fit", "suggestion", "seller")


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """A page of hits and the counts of every filter among all hits."""
    local_time.register(conn)
    search = parse(visit.query.get("q", ""))
    has_own = bool(conn.execute(f"SELECT EXISTS {OWN}").fetchone()[0])
    kept = _kept(conn, visit.query) if has_own else ""
    chosen = build(visit.query if not kept else {**visit.query, "kept": kept})
    source, where, parameters = _question(search, chosen)
    by_rank = bool(search.match) and visit.query.get("sort") == "relevance"
    unsearchable = bool(search.text) and not search.match
    hits, following = (
        ([], None)
        if unsearchable
        else _hits(conn, visit, source, where, parameters, by_rank=by_rank)
    )
    for hit in hits:
        hit["pieces"] = marked(hit["text"], search)
        hit["title_pieces"] = marked(hit["thread"], search, width=120)
    facets = {} if unsearchable else _facets(conn, source, where, parameters)
    return {
        "search": search,
        "chosen": chosen,
        "by_rank": by_rank,
        "hits": hits,
        "total": facets.pop("total", 0),
        "people": facets.pop("people", 0),
        "facets": facets,
        "following": following,
        "first": not (visit.query.get("after") or visit.query.get("page")),
        "query": dict(visit.query),
        "names": _names(conn),
        "kept": kept,
        "apart": {} if unsearchable or not has_own else _apart(conn, search, visit.query),
        "has_own": has_own,
    }


def _kept(conn: sqlite3.Connection, query: Mapping[str, str]) -> str:
    """Whose posts are shown: the public's, unless the address asks for the researcher's own."""
    if query.get("kept") in KEPT:
        return query["kept"]
    if query.get("forum", "").startswith("own:"):
        return "own"
    (own,) = conn.execute(
        f"SELECT EXISTS (SELECT 1 FROM threads WHERE id = CAST(? AS INTEGER) AND forum IN {OWN})",
        (query.get("thread", "")[:18],),
    ).fetchone()
    return "own" if own else "public"


def _apart(conn: sqlite3.Connection, search: Search, query: Mapping[str, str]) -> dict[str, int]:
    """How many public and how many own posts the other filters find; never one number of both."""
    found: dict[str, int] = {}
    for kept in KEPT:
        source, where, parameters = _question(search, build({**query, "kept": kept}))
        (found[kept],) = conn.execute(
            f"SELECT count(*) {source} WHERE {where}", parameters
        ).fetchone()
    return found


def _question(search: Search, chosen: PostFilter) -> tuple[str, str, list[object]]:
    conditions, parameters = list(chosen.conditions), list(chosen.parameters)
    source = _POSTS
    if search.match:
        source += _FOUND
        conditions.insert(0, "posts_fts MATCH ?")
        parameters.insert(0, search.match)
    return source, " AND ".join(conditions) or "1", parameters


def _hits(
    conn: sqlite3.Connection,
    visit: Visit,
    source: str,
    where: str,
    parameters: list[object],
    *,
    by_rank: bool,
) -> tuple[list[dict[str, Any]], dict[str, str] | None]:
    """The hits of this page, and the query values that lead to the next."""
    parameters = list(parameters)
    page = _number(visit.query.get("page"), DEEPEST) if by_rank else 0
    if by_rank:
        tail = f"ORDER BY posts_fts.rank LIMIT {PAGE_SIZE + 1} OFFSET {page * PAGE_SIZE}"
    else:
        at, separator, row = visit.query.get("after", "").partition("~")
        if separator and row.isdigit():
            number = int(row[:18])
            if at:
                where += " AND (p.posted_at IS NULL OR (p.posted_at, p.id) < (?, ?))"
                parameters += [at, number]
            else:
                where += " AND p.posted_at IS NULL AND p.id < ?"
                parameters.append(number)
        tail = f"ORDER BY p.posted_at DESC, p.id DESC LIMIT {PAGE_SIZE + 1}"
    hits = dicts(
        conn,
        "SELECT p.id, p.url, p.forum, p.forum IN "
        + OWN
        + " AS own, p.author, p.posted_at, p.posted_precision, p.lang, p.text, "
        "p.copy_of, p.rating, t.title AS thread, d.stage, d.barrier, d.pain, d.praise, "
        "d.objection, d.poor_fit, d.suggestion, d.seller, w.from_brand, w.to_brand, "
        f"w.status AS switch {source} WHERE {where} {tail}",
        parameters,
    )
    if len(hits) <= PAGE_SIZE:
        return hits, None
    hits = hits[:PAGE_SIZE]
    if by_rank:
        return hits, {"page": str(page + 1)}
    return hits, {"after": f"{hits[-1]['posted_at'] or ''}~{hits[-1]['id']}"}


def _facets(
    conn: sqlite3.Connection, source: str, where: str, parameters: list[object]
) -> dict[str, Any]:
    """Counts per value of every filter, from one walk over the hits."""
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("language", "stage", "barrier", "claim", "switch", "forum")
    }
    total = 0
    for lang, stage, barrier, *flags, switch, forum, number in conn.execute(
        "SELECT p.lang, d.stage, d.barrier, d.pain, d.praise, d.objection, d.poor_fit, "
        f"d.suggestion, d.seller, w.status, p.forum, count(*) {source} WHERE {where} "
        "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11",
        parameters,
    ):
        total += number
        for name, value in (
            ("language", lang), ("stage", stage), ("barrier", barrier), ("switch", switch),
            ("forum", forum),
        ):  # fmt: skip
            if value is not None:
                counts[name][value] += number
        for flag, said in zip(_FLAGS, flags, strict=True):
            if said:
                counts["claim"][flag] += number
    competitors = conn.execute(
        f"SELECT m.competitor, count(*) AS n {source} JOIN mentions m ON m.post_id = p.id "
        f"WHERE {where} AND m.competitor IS NOT NULL GROUP BY m.competitor "
        "ORDER BY n DESC, m.competitor LIMIT 12",
        parameters,
    ).fetchall()
    (people,) = conn.execute(
        f"SELECT count(DISTINCT {PERSON}) {source} WHERE {where}",
        parameters,
    ).fetchone()
    return {
        "total": total,
        "people": people,
        **{name: counter.most_common(12) for name, counter in counts.items() if counter},
        **({"competitor": [tuple(row) for row in competitors]} if competitors else {}),
    }


def _names(conn: sqlite3.Connection) -> dict[str, dict[str, str]]:
    return {
        "forum": dict(conn.execute("SELECT id, name FROM forums").fetchall()),
        "competitor": dict(conn.execute("SELECT id, name FROM competitors").fetchall()),
    }


def _number(text: str | None, most: int) -> int:
    return min(int(text[:9]), most) if text and text.isdigit() else 0


PAGE = Page(
    name="posts",
    route=r"posts",
    tables=("posts", "threads", "demand", "mentions", "switches"),
    read=read,
    tab="posts",
)

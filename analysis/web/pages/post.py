"""One post, whole: the words, what was read in them and from which, its neighbours and copies."""

import json
import sqlite3
from typing import Any

from analysis.web.page import Page, Visit, dicts
from analysis.web.pages.corrections import with_stage
from analysis.web.proofs import Said, proofs, stretches
from pipelines.demand.author import fact_names
from pipelines.demand.topics import names_of
from pipelines.storage.write_posts import COPY_LENGTH

_NEIGHBOURS = 2  # before and after
_COPIES = 10
_TEXT = 20_000  # characters shown


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """The post with its reading.

    :raises LookupError: where there is no such post.
    """
    number = int(visit.parts["post"][:18])
    found = dicts(
        conn,
        "SELECT p.*, t.title AS thread, t.url AS thread_url, f.name AS forum_name, f.own, "
        "d.stage, d.need, d.budget, d.authority, d.pain, d.praise, d.objection, d.poor_fit, "
        "d.suggestion, d.seller, d.barrier, d.rule_version FROM posts p "
        "JOIN threads t ON t.id = p.thread_id JOIN forums f ON f.id = p.forum "
        "LEFT JOIN demand d ON d.post_id = p.id WHERE p.id = ?",
        (number,),
    )
    if not found:
        raise LookupError(number)
    post = with_stage(conn, found[0])
    switches = dicts(conn, "SELECT * FROM switches WHERE post_id = ?", (number,))
    topics = dicts(
        conn, "SELECT kind, topic AS id, quote FROM topics WHERE post_id = ? LIMIT 60", (number,)
    )
    facts = dicts(
        conn,
        "SELECT fact AS kind, value AS id, quote FROM author_facts WHERE post_id = ? LIMIT 60",
        (number,),
    )
    feelings = dicts(
        conn,
        "SELECT feeling AS kind, brand AS id, quote FROM feelings WHERE post_id = ? LIMIT 60",
        (number,),
    )
    comparisons = dicts(
        conn,
        "SELECT preferred, other, aspect, quote FROM comparisons WHERE post_id = ? LIMIT 20",
        (number,),
    )
    text = str(post["text"])[:_TEXT]
    proof = proofs(
        text,
        [
            *_claims(conn, number),
            *(Said(what=one["kind"], about=one["id"], quote=one["quote"]) for one in feelings),
            *(Said(what=one["kind"], topic=one["id"], quote=one["quote"]) for one in topics),
            *(Said(fact=one["kind"], topic=one["id"], quote=one["quote"]) for one in facts),
            *(Said(what="switch", quote=one["quote"]) for one in switches),
            *(Said(what="comparison", quote=one["quote"]) for one in comparisons),
        ],
    )
    return {
        "post": post,
        "quoted": _quoted(post["quoted_json"]),
        "stretches": stretches(text, proof),
        "cut": len(str(post["text"])) > _TEXT,
        "proof": proof,
        "mentions": dicts(
            conn,
            "SELECT brand, competitor, text FROM mentions WHERE post_id = ? LIMIT 60",
            (number,),
        ),
        "comparisons": comparisons,
        "switch": switches[0] if switches else None,
        "topics": topics,
        "facts": facts,
        "topic_names": names_of({one["id"] for one in topics}),
        "fact_names": fact_names(),
        "neighbours": _neighbours(conn, post),
        "copies": _copies(conn, post),
    }


def _claims(conn: sqlite3.Connection, number: int) -> list[Said]:
    return [
        Said(what=subject or table, quote=quote, rule=rule)
        for table, subject, quote, rule in conn.execute(
            "SELECT claim_table, subject, quote, rule FROM evidence "
            "WHERE claim_table IN ('demand', 'switches', 'mentions') AND claim_key = ? "
            "ORDER BY claim_table, id LIMIT 60",
            (str(number),),
        )
    ]


def _neighbours(conn: sqlite3.Connection, post: dict[str, Any]) -> list[dict[str, Any]]:
    """The posts stored before and after it in its thread, in that order; itself not among them."""
    columns = "SELECT id, author, posted_at, lang, substr(text, 1, 240) AS text FROM posts"
    key = (post["thread_id"], post["id"], _NEIGHBOURS)
    before = dicts(conn, f"{columns} WHERE thread_id = ? AND id < ? ORDER BY id DESC LIMIT ?", key)
    after = dicts(conn, f"{columns} WHERE thread_id = ? AND id > ? ORDER BY id LIMIT ?", key)
    return [*before[::-1], *after]


def _copies(conn: sqlite3.Connection, post: dict[str, Any]) -> list[dict[str, Any]]:
    """Where else these words were posted; short ones ("me too") are said by many and no copies."""
    if post["copy_of"] is None and len(post["text"]) < COPY_LENGTH:
        return []
    first = post["copy_of"] or post["id"]
    return dicts(
        conn,
        "SELECT p.id, p.author, p.posted_at, f.name AS forum, p.id = ? AS first FROM posts p "
        "JOIN forums f ON f.id = p.forum WHERE p.id <> ? "
        "AND (p.id = ? OR (p.text_hash = ? AND p.copy_of = ?)) ORDER BY p.id LIMIT ?",
        (first, post["id"], first, post["text_hash"], first, _COPIES),
    )


def _quoted(text: object) -> list[dict[str, str]]:
    try:
        value = json.loads(str(text or "[]"))
    except (ValueError, RecursionError):
        return []
    return [
        {"author": str(item.get("author") or ""), "text": str(item.get("text") or "")}
        for item in (value if isinstance(value, list) else [])
        if isinstance(item, dict)
    ][:10]


PAGE = Page(
    name="post",
    route=r"posts/(?P<post>\d{1,18})",
    tables=(
        "posts", "demand", "evidence", "mentions", "switches", "comparisons", "topics",
        "author_facts", "feelings", "threads",
    ),
    read=read,
    tab="posts",
)  # fmt: skip

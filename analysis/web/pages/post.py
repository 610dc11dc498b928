"""One post, whole: the words, what was read in them, and the proof of each claim."""

import json
import sqlite3
from typing import Any

from analysis.web.page import Page, Visit, dicts


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
    switches = dicts(conn, "SELECT * FROM switches WHERE post_id = ?", (number,))
    return {
        "post": found[0],
        "quoted": _quoted(found[0]["quoted_json"]),
        "proof": dicts(
            conn,
            "SELECT claim_table, subject, quote, rule, fetched_at FROM evidence "
            "WHERE claim_table IN ('demand', 'switches', 'mentions') AND claim_key = ? "
            "ORDER BY claim_table, id LIMIT 60",
            (str(number),),
        ),
        "mentions": dicts(
            conn, "SELECT brand, competitor, text FROM mentions WHERE post_id = ?", (number,)
        ),
        "comparisons": dicts(
            conn,
            "SELECT preferred, other, aspect, quote FROM comparisons WHERE post_id = ?",
            (number,),
        ),
        "switch": switches[0] if switches else None,
    }


def _quoted(text: object) -> list[dict[str, str]]:
    try:
        value = json.loads(str(text or "[]"))
    except ValueError:
        return []
    return [
        {"author": str(item.get("author") or ""), "text": str(item.get("text") or "")}
        for item in (value if isinstance(value, list) else [])
        if isinstance(item, dict)
    ][:10]


PAGE = Page(
    name="post",
    route=r"posts/(?P<post>\d{1,18})",
    tables=("posts", "demand", "evidence", "mentions", "switches", "comparisons"),
    read=read,
    tab="posts",
)

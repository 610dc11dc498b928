"""One competitor: what it says of itself, why it stands where it stands, what people say of it."""

import json
import sqlite3
from typing import Any
from urllib.parse import unquote

from analysis.questions import SHAPE
from analysis.questions.alerts import recent_alerts
from analysis.questions.candidates import candidate
from analysis.questions.competitor_voices import FEELINGS
from analysis.questions.decided import CHANNEL_TAGS
from analysis.questions.period import stored
from analysis.questions.standing import Standing, standings
from analysis.web.page import Page, Visit, answers, dicts, has_column, listed
from analysis.web.pages.competitor_offers import offers, promotions
from analysis.web.pages.corrections import (
    channel_tags,
    every_channel,
    rules_group,
    status_decision,
)
from analysis.web.pages.verdict import history, verdict
from pipelines.demand.topics import names_of

_LISTS = (
    "places", "languages", "markets", "audience", "customers", "trust", "after_sales", "sales",
    "accounts",
)  # fmt: skip
FLAGS = ("same_product", "same_audience", "same_category", "substitute", "extension")


def read(conn: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    """Facts, verdict and proof, channels, offers, changes, voices, switches.

    :raises LookupError: where no competitor has this id.
    """
    key = unquote(visit.parts["competitor"])
    found = standings(conn, key, period=visit.period)
    if not found:
        raise LookupError(key)
    standing = found[0]
    read_verdict = verdict(conn, standing)
    since = stored(conn, visit.period).since
    voices = _voices(conn, key, visit.period)
    return {
        "standing": standing,
        "company": _company(conn, key),
        "flags": _flags(conn, standing),
        "verdict": read_verdict,
        "rules": rules_group(
            standing, too_little=read_verdict is None or bool(read_verdict["too_little"])
        ),
        "history": history(conn, key),
        "alert": next((one for one in recent_alerts(conn) if one.competitor == key), None),
        "found": candidate(conn, standing),
        "channels": _channels(conn, key),
        "every_channel": every_channel(),
        "status_decision": status_decision(conn, key),
        "channel_count": conn.execute(
            f"SELECT count(DISTINCT t.channel) FROM {CHANNEL_TAGS} t "
            "WHERE t.subject = ? AND t.role = 'promotes'",
            (key,),
        ).fetchone()[0],
        "offers": offers(conn, key),
        "promotions": promotions(conn, key, since),
        "last_read": conn.execute(
            "SELECT max(last_seen) FROM pages WHERE competitor = ?", (key,)
        ).fetchone()[0],
        **_search(conn, key),
        "changes": dicts(
            conn,
            "SELECT c.id, c.competitor, c.kind, c.field, c.words, c.old, c.new, c.importance, "
            "c.at, p.url FROM changes c LEFT JOIN pages p ON p.id = c.page_id "
            "WHERE c.competitor = ? AND (? IS NULL OR c.at >= ?) "
            ""
            "ORDER BY c.at DESC, c.id DESC LIMIT 8",
            (key, since, since),
        ),
        "voices": voices,
        "posts": _posts(conn, voices["newest"] if voices else []),
        "own_posts": _posts(conn, voices["own"] if voices else []),
    }


def _voices(conn: sqlite3.Connection, key: str, period: str) -> dict[str, Any] | None:
    """The stored answer on what people say of it, topics by name; ``None`` where none is stored.

    Looks like :func:`analysis.questions.competitor_voices.answers`, with ``months``.
    """
    if not has_column(conn, "summary_voices", "answer_json"):
        return None
    row = conn.execute(
        "SELECT answer_json FROM summary_voices WHERE competitor = ? AND period = ?", (key, period)
    ).fetchone()
    try:
        answer = json.loads(row[0]) if row else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or answer.get("shape") != SHAPE:
        return None
    for feeling in FEELINGS:
        names = names_of(row["topic"] for row in answer[feeling]["topics"])
        for topic in answer[feeling]["topics"]:
            topic["names"] = names.get(topic["topic"], {})
    return answer


def _posts(conn: sqlite3.Connection, ids: list[int]) -> list[dict[str, Any]]:
    """The posts of these ids, in their order; those gone since are left out."""
    found = {
        row["id"]: row
        for row in dicts(
            conn,
            "SELECT p.id, substr(p.text, 1, 400) AS text, p.lang, p.posted_at, p.url, "
            "f.name AS forum, f.own FROM posts p JOIN forums f ON f.id = p.forum "
            f"WHERE p.id IN ({', '.join('?' * len(ids))})",
            ids,
        )
    }
    return [found[post] for post in ids if post in found]


def _company(conn: sqlite3.Connection, key: str) -> dict[str, Any] | None:
    rows = dicts(conn, "SELECT * FROM companies WHERE competitor = ?", (key,))
    if not rows:
        return None
    company = rows[0]
    for name in _LISTS:
        company[name] = listed(company[f"{name}_json"])[:12]
    company["contact"] = _contact(company["contact_json"])
    company["proof"] = {
        row["subject"]: row
        for row in dicts(
            conn,
            "SELECT subject, quote, url, fetched_at FROM evidence "
            "WHERE claim_table = 'companies' AND claim_key = ? ORDER BY id DESC",
            (key,),
        )
    }
    return company


def _contact(text: object) -> list[tuple[str, str]]:
    try:
        value = json.loads(str(text or "{}"))
    except (ValueError, RecursionError):
        return []
    if not isinstance(value, dict):
        return []
    return [
        (str(kind), str(item))
        for kind, items in value.items()
        for item in (items if isinstance(items, list) else [items])[:3]
    ][:9]


def _flags(conn: sqlite3.Connection, standing: Standing) -> list[dict[str, Any]]:
    proof = dicts(
        conn,
        "SELECT subject, quote, url, fetched_at, rule, weight FROM evidence "
        "WHERE claim_table = 'tiers' AND claim_key = ? ORDER BY weight DESC, id LIMIT 60",
        (standing.competitor,),
    )
    return [
        {
            "flag": flag,
            "value": standing.flags[flag],
            "yes": (standing.flags[flag] or 0) >= 0.5,
            "proof": [row for row in proof if row["subject"] == flag][:4],
        }
        for flag in FLAGS
    ]


def _channels(conn: sqlite3.Connection, key: str) -> list[dict[str, Any]]:
    """Its tags, each with at most two proofs."""
    tags = channel_tags(conn, key)
    ids = [str(tag["id"]) for tag in tags]
    proof: dict[str, list[dict[str, Any]]] = {}
    for row in dicts(
        conn,
        "SELECT claim_key, quote, url, fetched_at, rule FROM (SELECT *, row_number() OVER "
        "(PARTITION BY claim_key ORDER BY id) AS place FROM evidence "
        f"WHERE claim_table = 'channel_tags' AND claim_key IN ({', '.join('?' * len(ids))})) "
        "WHERE place <= 2 ORDER BY claim_key, place",
        ids,
    ):
        proof.setdefault(row["claim_key"], []).append(row)
    for tag in tags:
        tag["proof"] = proof.get(str(tag["id"]), [])
    return tags


def _search(conn: sqlite3.Connection, key: str) -> dict[str, Any]:
    """The stored answers on search work, as far as they are about this competitor."""
    stored = answers(conn, "search_work", "keyword_gap")
    work, gap = stored["search_work"], stored["keyword_gap"]
    search = work["competitors"].get(key) if work else None
    return {
        "search": search,
        "months": _step_line([m["articles"] for m in search["publishing"]["months"]])
        if search
        else "",
        "gap": [
            {**line, "others": [rival for rival in line["rivals"] if rival["id"] != key],
             "proof": [page for page in line["proof"] if page["competitor"] == key][:1]
             or line["proof"][:1]}
            for line in (gap["gap"] if gap else [])
            if any(rival["id"] == key for rival in line["rivals"])
        ][:12],
        "gap_answer": gap,
    }  # fmt: skip


def _step_line(prices: list[int]) -> str:
    """The path of a step line through prices or counts, in a box of 100 by 20; empty for fewer
    than two.
    """
    if len(prices) < 2:
        return ""
    low, high = min(prices), max(prices)
    width = 100 / len(prices)
    path: list[str] = []
    for place, price in enumerate(prices):
        height = 10.0 if high == low else 18 - 16 * (price - low) / (high - low)
        path.append(f"V{height:.1f}" if place else f"M0 {height:.1f}")
        path.append(f"H{(place + 1) * width:.1f}")
    return "".join(path)


PAGE = Page(
    name="competitor",
    route=r"competitors/(?P<competitor>[^/]+)",
    tables=(
        "tier_board", "tiers", "tier_history", "decisions", "companies", "competitors",
        "channel_tags", "offers", "price_history", "changes", "evidence", "posts", "pages",
        "summaries", "summary_voices", "search_work", "keywords", "sitemaps",
    ),
    read=read,
    tab="competitors",
)  # fmt: skip

"""One competitor: what it says of itself, why it stands where it stands, what people say of it."""

import json
import sqlite3
from typing import Any
from urllib.parse import unquote

from analysis.questions.alerts import recent_alerts
from analysis.questions.candidates import candidate
from analysis.questions.sample import COUNTED
from analysis.questions.standing import Standing, standings
from analysis.web.page import Page, Visit, answers, dicts, listed
from analysis.web.pages.verdict import history, verdict

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
    found = standings(conn, key)
    if not found:
        raise LookupError(key)
    standing = found[0]
    return {
        "standing": standing,
        "company": _company(conn, key),
        "flags": _flags(conn, standing),
        "verdict": verdict(conn, standing),
        "history": history(conn, key),
        "alert": next((one for one in recent_alerts(conn) if one.competitor == key), None),
        "found": candidate(conn, standing),
        "channels": _channels(conn, key),
        "channel_count": conn.execute(
            "SELECT count(DISTINCT channel) FROM channel_tags "
            "WHERE subject = ? AND role = 'promotes'",
            (key,),
        ).fetchone()[0],
        "offers": _offers(conn, key),
        **_search(conn, key),
        "changes": dicts(
            conn,
            "SELECT c.kind, c.words, c.old, c.new, c.importance, c.at, p.url FROM changes c "
            "LEFT JOIN pages p ON p.id = c.page_id WHERE c.competitor = ? "
            "ORDER BY c.at DESC, c.id DESC LIMIT 12",
            (key,),
        ),
        "praise": _voices(conn, key, "praise"),
        "pain": _voices(conn, key, "pain"),
        "won": _moves(conn, key, mine="to", other="from"),
        "lost": _moves(conn, key, mine="from", other="to"),
        "posts": _newest(conn, key, own=False),
        "own_posts": _newest(conn, key, own=True),
    }


def _newest(conn: sqlite3.Connection, key: str, *, own: bool) -> list[dict[str, Any]]:
    """The newest posts that name the competitor: the public's, or the researcher's own texts."""
    return dicts(
        conn,
        "SELECT p.id, p.text, p.lang, p.posted_at, p.url, f.name AS forum, f.own "
        "FROM mentions m JOIN posts p ON p.id = m.post_id JOIN forums f ON f.id = p.forum "
        "WHERE m.competitor = ? AND p.copy_of IS NULL AND f.own = ? "
        "ORDER BY p.posted_at DESC, p.id DESC LIMIT 6",
        (key, own),
    )


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
    except ValueError:
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
    tags = dicts(
        conn,
        "SELECT t.id, t.channel, t.role, t.platform, t.strength, t.last_seen "
        "FROM channel_tags t JOIN channels c ON c.id = t.channel WHERE t.subject = ? "
        "ORDER BY t.role, t.strength DESC, c.position, t.platform LIMIT 80",
        (key,),
    )
    for tag in tags:
        tag["proof"] = dicts(
            conn,
            "SELECT quote, url, fetched_at, rule FROM evidence "
            "WHERE claim_table = 'channel_tags' AND claim_key = ? ORDER BY id LIMIT 2",
            (str(tag["id"]),),
        )
    return tags


def _offers(conn: sqlite3.Connection, key: str) -> list[dict[str, Any]]:
    offers = dicts(
        conn,
        "SELECT o.id, o.name, o.price_minor, o.price_max_minor, o.currency, o.period, o.unit, "
        "o.price_text, o.promotion, o.price_before_minor, o.availability, o.rating, "
        "o.review_count, o.last_seen, p.url "
        "FROM offers o JOIN pages p ON p.id = o.page_id WHERE o.competitor = ? "
        "ORDER BY o.price_minor IS NULL, o.position, o.review_count DESC, o.id LIMIT 12",
        (key,),
    )
    for offer in offers:
        steps = dicts(
            conn,
            "SELECT seen_at, price_minor FROM price_history WHERE offer_id = ? "
            "AND price_minor IS NOT NULL ORDER BY seen_at DESC LIMIT 60",
            (offer["id"],),
        )
        offer["steps"] = _step_line([step["price_minor"] for step in reversed(steps)])
    return offers


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


def _voices(conn: sqlite3.Connection, key: str, claim: str) -> list[dict[str, Any]]:
    """Newest words of praise or complaint in posts that name the competitor, one a person."""
    rows = dicts(
        conn,
        f"WITH {COUNTED} SELECT c.id, c.person, c.lang, c.url, c.posted_at, "
        "coalesce((SELECT e.quote FROM evidence e WHERE e.claim_table = 'demand' "
        f"AND e.claim_key = CAST(c.id AS TEXT) AND e.subject = '{claim}' LIMIT 1), c.text) "
        "AS quote FROM mentions m JOIN counted c ON c.id = m.post_id "
        f"WHERE m.competitor = ? AND c.{claim} = 1 ORDER BY c.posted_at DESC, c.id DESC LIMIT 30",
        (key,),
    )
    return list({row["person"]: row for row in reversed(rows)}.values())[::-1][:4]


def _moves(conn: sqlite3.Connection, key: str, *, mine: str, other: str) -> list[dict[str, Any]]:
    """Whom this competitor won people from, or lost them to; ``mine`` and ``other`` are columns."""
    return dicts(
        conn,
        f"WITH {COUNTED} SELECT coalesce(k.name, w.{other}_brand) AS name, k.id AS competitor, "
        "coalesce(k.is_self, 0) AS is_self, count(DISTINCT c.person) AS people, "
        "count(DISTINCT CASE WHEN w.status = 'done' THEN c.person END) AS done "
        "FROM switches w JOIN counted c ON c.id = w.post_id "
        f"LEFT JOIN competitors k ON k.id = w.{other}_competitor "
        f"WHERE w.{mine}_competitor = ? AND w.{other}_brand IS NOT NULL "
        "GROUP BY 1, 2 ORDER BY people DESC, name LIMIT 8",
        (key,),
    )


PAGE = Page(
    name="competitor",
    route=r"competitors/(?P<competitor>[^/]+)",
    tables=(
        "tier_board", "tiers", "tier_history", "decisions", "companies", "competitors",
        "channel_tags", "offers", "changes", "evidence", "posts", "demand", "mentions",
        "switches", "summaries", "search_work", "keywords", "sitemaps",
    ),
    read=read,
    tab="competitors",
)  # fmt: skip

"""Channels: where rivals promote, from their pages; where customers gather, from posts."""

import json
import sqlite3

from analysis.passes import evidence
from pipelines.channels import SIGNALS_VERSION
from pipelines.storage.database import now_text, transaction

GATHERS = ((3, 20, 50), (2, 5, 10), (1, 1, 1))
"""(strength, least distinct authors, least demand posts) for a place where customers gather. A
place is weighed by posts that show demand, not by all posts."""

CHANNELS_OF_ENGINES = {
    "app_store": "reviews", "youtube": "organic_video", "telegram": "messaging",
    "mastodon": "organic_social", "reddit": "organic_social", "public_inbox": "email",
    "mailman": "email",
}  # fmt: skip
"""The channel of a place by its engine, where it is no forum; ids of GA4 and our extensions."""

RULES_VERSION = "gathers-2"
_DEMAND = "d.stage <> 'none' AND d.seller = 0 AND p.copy_of IS NULL"
_QUOTES = 5


def run(connection: sqlite3.Connection) -> None:
    """Bring ``channel_tags`` and their evidence up to date with pages and posts."""
    now = now_text()
    with transaction(connection):
        kept = _promoted(connection, now) | _gathering(connection, now)
        stored = {row[0] for row in connection.execute("SELECT id FROM channel_tags")}
        for tag_id in stored - kept:
            connection.execute("DELETE FROM channel_tags WHERE id = ?", (tag_id,))
            evidence.replace(connection, "channel_tags", tag_id, ())


def _promoted(connection: sqlite3.Connection, now: str) -> set[int]:
    kept = set()
    tags: dict[tuple[str, str, str, str], list[tuple[int, str, str, str]]] = {}
    for competitor, channel, role, platform, strength, proof, url, seen in connection.execute(
        "SELECT p.competitor, c.channel, c.role, c.platform, c.strength, c.evidence_json, p.url, "
        "p.last_seen FROM page_channels c JOIN pages p ON p.id = c.page_id WHERE p.status < 400"
    ):
        tags.setdefault((competitor, channel, role, platform), []).append(
            (strength, proof, url, seen)
        )
    for (competitor, channel, role, platform), pages in tags.items():
        pages.sort(key=lambda page: (-page[0], len(page[2]), page[2]))
        strength = pages[0][0]
        tag_id = _tag(connection, competitor, channel, role, platform, strength, now)
        kept.add(tag_id)
        rows = [
            evidence.Row(
                subject=channel, source=competitor, url=piece.get("url") or url, fetched_at=seen,
                quote=piece["quote"], rule=piece["rule"], rule_version=SIGNALS_VERSION,
                weight=float(page_strength),
            )
            for page_strength, proof, url, seen in pages
            for piece in json.loads(proof)[:2]
        ]  # fmt: skip
        evidence.replace(connection, "channel_tags", tag_id, _distinct(rows))
    return kept


def _distinct(rows: list[evidence.Row]) -> list[evidence.Row]:
    """One row per quote and rule; a footer's link stands on every page."""
    return list({(row.quote, row.rule): row for row in reversed(rows)}.values())[::-1][:_QUOTES]


def _gathering(connection: sqlite3.Connection, now: str) -> set[int]:
    kept = set()
    rows = connection.execute(
        "SELECT f.id, f.engine, f.kind, count(*), count(DISTINCT coalesce(p.author, p.thread_id)) "
        "FROM posts p JOIN demand d ON d.post_id = p.id JOIN forums f ON f.id = p.forum "
        f"WHERE {_DEMAND} GROUP BY f.id"
    ).fetchall()
    for forum, engine, kind, posts, authors in rows:
        channel = "reviews" if kind == "reviews" else CHANNELS_OF_ENGINES.get(engine or "", "forum")
        strength = next((s for s, a, n in GATHERS if authors >= a and posts >= n), None)
        if strength is None:
            continue
        tag_id = _tag(connection, forum, channel, "gathers", engine or "", strength, now)
        kept.add(tag_id)
        quotes = connection.execute(
            "SELECT p.url, p.last_seen, p.text FROM posts p JOIN demand d ON d.post_id = p.id "
            f"WHERE p.forum = ? AND {_DEMAND} ORDER BY p.posted_at DESC, p.key LIMIT ?",
            (forum, _QUOTES),
        )
        evidence.replace(
            connection,
            "channel_tags",
            tag_id,
            [
                evidence.Row(
                    subject=channel, source=forum, url=url, fetched_at=seen, quote=text,
                    rule="gathers.demand_posts", rule_version=RULES_VERSION,
                )
                for url, seen, text in quotes
            ],
        )  # fmt: skip
    return kept


def _tag(
    connection: sqlite3.Connection,
    subject: str,
    channel: str,
    role: str,
    platform: str,
    strength: int,
    now: str,
) -> int:
    row = connection.execute(
        "INSERT INTO channel_tags (subject, channel, role, platform, strength, first_seen, "
        "last_seen) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subject, channel, role, platform) "
        "DO UPDATE SET strength = excluded.strength, last_seen = excluded.last_seen RETURNING id",
        (subject, channel, role, platform, strength, now, now),
    ).fetchone()
    return int(row[0])

"""Channels: where rivals promote, from their pages; where customers gather, from posts."""

import json
import sqlite3

from analysis.passes import evidence
from pipelines.changes import channel_gone
from pipelines.channels import SIGNALS_VERSION, platform_names
from pipelines.storage.database import transaction
from pipelines.storage.times import now_text
from pipelines.storage.write_changes import insert_change

GATHERS = ((3, 20, 50), (2, 5, 10), (1, 1, 1))
"""(strength, least distinct authors, least demand posts) for a place where customers gather. A
place is weighed by posts that show demand, not by all posts."""

CHANNELS_OF_ENGINES = {
    "app_store": "reviews", "youtube": "organic_video", "telegram": "messaging",
    "mastodon": "organic_social", "reddit": "organic_social", "public_inbox": "email",
    "mailman": "email",
}  # fmt: skip
"""The channel of a place by its engine, where it is no forum; ids of GA4 and our extensions."""

UNSEEN_CRAWLS = 2
"""Whole crawls of a site that must not have seen a channel before it counts as given up: scripts
are loaded by chance, banners turn."""

RULES_VERSION = "gathers-2"
_DEMAND = "d.stage <> 'none' AND d.seller = 0 AND p.copy_of IS NULL"
_QUOTES = 5


def run(connection: sqlite3.Connection, *, everything: bool = False) -> None:
    """Bring ``channel_tags`` and their evidence up to date with pages and posts.

    A rival's channel that its pages show no more stays until :data:`UNSEEN_CRAWLS` whole crawls
    have not seen it, and is then told as a change.

    :param everything: the pages were read again with other rules (``refresh``): what they do not
        see goes at once, and is no change of the site.
    """
    now = now_text()
    with transaction(connection):
        kept = _promoted(connection, now) | _gathering(connection, now)
        if not everything:
            kept |= _unseen(connection, kept, now)
        stored = {row[0] for row in connection.execute("SELECT id FROM channel_tags")}
        for tag_id in stored - kept:
            connection.execute("DELETE FROM channel_tags WHERE id = ?", (tag_id,))
            evidence.replace(connection, "channel_tags", tag_id, ())


def _unseen(connection: sqlite3.Connection, kept: set[int], now: str) -> set[int]:
    """Tags of rivals that no page shows, of those that are not given up yet; tells the others."""
    waiting = set()
    rows = connection.execute(
        "SELECT t.id, t.subject, t.channel, t.role, t.platform, "
        "(SELECT count(*) FROM run_sources s JOIN runs r ON r.id = s.run_id "
        "WHERE s.source = t.subject AND r.status = 'finished' AND r.started_at > t.last_seen "
        "AND s.whole = 1 AND s.outcome IN ('read', 'partial', 'unchanged')), "
        "(SELECT max(e.rule_version) FROM evidence e WHERE e.claim_table = 'channel_tags' "
        "AND e.claim_key = CAST(t.id AS TEXT)) "
        "FROM channel_tags t JOIN competitors c ON c.id = t.subject WHERE t.role <> 'gathers'"
    ).fetchall()
    for tag_id, subject, channel, role, platform, crawls, version in rows:
        if tag_id in kept or version != SIGNALS_VERSION:
            continue
        if crawls < UNSEEN_CRAWLS:
            waiting.add(tag_id)
            continue
        name = platform_names().get(platform, platform)
        change = channel_gone(channel, role, platform=name)
        insert_change(connection, subject, None, change, now)
    return waiting


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
        last = max(page[3] for page in pages)
        tag_id = _tag(connection, competitor, channel, role, platform, strength, now, last)
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
        f"WHERE {_DEMAND} AND f.own = 0 GROUP BY f.id"  # public places only
    ).fetchall()
    for forum, engine, kind, posts, authors in rows:
        channel = "reviews" if kind == "reviews" else CHANNELS_OF_ENGINES.get(engine or "", "forum")
        strength = next((s for s, a, n in GATHERS if authors >= a and posts >= n), None)
        if strength is None:
            continue
        tag_id = _tag(connection, forum, channel, "gathers", engine or "", strength, now, now)
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
    last: str,
) -> int:
    row = connection.execute(
        "INSERT INTO channel_tags (subject, channel, role, platform, strength, first_seen, "
        "last_seen) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subject, channel, role, platform) "
        "DO UPDATE SET strength = excluded.strength, last_seen = excluded.last_seen RETURNING id",
        (subject, channel, role, platform, strength, now, last),
    ).fetchone()
    return int(row[0])

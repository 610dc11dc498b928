"""Reads posts: stage, switches, comparisons, mentions; with today's rules and brands."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable

from analysis.passes import evidence
from analysis.passes.ticking import Tick, no_tick
from crawlers.folding import fold
from crawlers.market import Market
from pipelines.demand import Brand, DemandReader, MarketTerms, Reading, rules_version
from pipelines.demand.topics import topics_of
from pipelines.storage.database import transaction

BATCH = 1_000
"""Posts a transaction holds: short enough to let a crawl write in between."""


_READ_TABLES = ("mentions", "feelings", "topics", "author_facts", "comparisons", "switches")


def run(
    connection: sqlite3.Connection,
    market: Market,
    *,
    everything: bool = False,
    tick: Tick = no_tick,
) -> int:
    """Read the posts that are new or changed, and all where rules or brands have; returns how many.

    The reading of a post and the removal of its dirty mark commit together. A post that a crawl
    wrote anew while it was being read keeps its mark.
    """
    terms = market_terms(connection, market)
    version = f"{rules_version()}+{_digest(terms)}"
    with transaction(connection):
        connection.execute(
            "INSERT OR IGNORE INTO dirty SELECT 'post', CAST(p.id AS TEXT) FROM posts p "
            "LEFT JOIN demand d ON d.post_id = p.id "
            "WHERE ? OR d.post_id IS NULL OR d.rule_version <> ?",
            (everything, version),
        )
    total = connection.execute("SELECT count(*) FROM dirty WHERE kind = 'post'").fetchone()[0]
    if not total:
        return 0
    reader = DemandReader(terms)
    keys = {fold(brand.name): brand.key for brand in _brands(terms)}
    done = 0
    while rows := _dirty(connection):
        readings = [
            (row, reader.read(row[2], lang=row[3] if row[3] != "und" else None)) for row in rows
        ]
        with transaction(connection):
            readings = [(row, reading) for row, reading in readings if _stands(connection, row)]
            ids = [(row[0],) for row, _ in readings]
            for table in _READ_TABLES:
                connection.executemany(f"DELETE FROM {table} WHERE post_id = ?", ids)
            for row, reading in readings:
                _write(connection, row, reading, version, keys)
            connection.executemany(
                "DELETE FROM dirty WHERE kind = 'post' AND key = ?", [(str(id_),) for (id_,) in ids]
            )
        done += len(readings)
        tick("posts", done, total)
    connection.execute(  # marks of posts that are gone
        "DELETE FROM dirty WHERE kind = 'post' "
        "AND CAST(key AS INTEGER) NOT IN (SELECT id FROM posts)"
    )
    return done


def market_terms(connection: sqlite3.Connection, market: Market) -> MarketTerms:
    """What this market sells and which names to look for: ours and every competitor's.

    A candidate's name counts once it is accepted: most of them are no rivals, and half are words.
    Then the terms differ from those the posts were read with, so all are read again.
    """
    business = market.business
    own = Brand(name=business.name, aliases=business.aliases, key=market.business.key)
    rivals = tuple(
        Brand(name=name, aliases=tuple(json.loads(aliases)), key=key)
        for key, name, aliases in connection.execute(
            "SELECT id, name, aliases_json FROM competitors WHERE is_self = 0 "
            "AND status = 'watched' ORDER BY id"
        )
    )
    return MarketTerms(brands=rivals, own=own, offers=business.offers, keywords=business.keywords)


def _brands(terms: MarketTerms) -> Iterable[Brand]:
    return (terms.own, *terms.brands) if terms.own else terms.brands


def _digest(terms: MarketTerms) -> str:
    return hashlib.sha256(repr(terms).encode()).hexdigest()[:8]


_Post = tuple[int, str, str, str, str, str]
"""(id, forum, text, language, url, fetched at)"""


def _dirty(connection: sqlite3.Connection) -> list[_Post]:
    return connection.execute(
        "SELECT p.id, p.forum, p.text, p.lang, p.url, p.last_seen FROM dirty x "
        "JOIN posts p ON p.id = CAST(x.key AS INTEGER) WHERE x.kind = 'post' LIMIT ?",
        (BATCH,),
    ).fetchall()


def _stands(connection: sqlite3.Connection, row: _Post) -> bool:
    """Whether a post still says what was read."""
    found = connection.execute("SELECT text, lang FROM posts WHERE id = ?", (row[0],)).fetchone()
    return bool(found == (row[2], row[3]))


def _write(
    connection: sqlite3.Connection,
    row: _Post,
    reading: Reading,
    version: str,
    keys: dict[str, str | None],
) -> None:
    post_id, forum, text, _, url, fetched_at = row

    def key_of(name: str | None) -> str | None:
        return keys.get(fold(name)) if name else None

    def sentence(words: str) -> str:
        """What a stranger can judge by. The words themselves are found again by the rule (of a
        fact), the topic's list, or the post's evidence (of a feeling).
        """
        return evidence.in_its_sentence(text, words)

    connection.execute(
        "INSERT OR REPLACE INTO demand (post_id, stage, need, budget, authority, pain, praise, "
        "objection, poor_fit, suggestion, seller, barrier, rule_version) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            post_id, reading.stage, reading.need, reading.budget, reading.authority, reading.pain,
            reading.praise, reading.objection, reading.poor_fit, reading.suggestion,
            reading.seller, reading.barrier, version,
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT OR IGNORE INTO mentions (post_id, brand, competitor, text) VALUES (?, ?, ?, ?)",
        [(post_id, m.brand, m.key or key_of(m.brand), m.text) for m in reading.mentions],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO feelings (post_id, brand, competitor, feeling, quote) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            (post_id, f.brand, f.key or key_of(f.brand), f.feeling, sentence(f.quote))
            for f in reading.feelings
        ],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO author_facts (post_id, fact, value, number, currency, quote, rule) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (post_id, a.fact, a.value, a.number, a.currency, sentence(a.quote), a.rule)
            for a in reading.author
            # A feast or a birthday in a post without demand is nobody's occasion of buying.
            if a.fact != "occasion" or reading.stage != "none"
        ],
    )
    connection.executemany(
        "INSERT INTO comparisons (post_id, preferred, other, preferred_competitor, "
        "other_competitor, aspect, quote) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (post_id, c.preferred, c.other, key_of(c.preferred), key_of(c.other), c.aspect, c.quote)
            for c in reading.comparison or ()
        ],
    )
    connection.executemany(
        "INSERT INTO topics (post_id, kind, topic, quote) VALUES (?, ?, ?, ?)",
        [(post_id, t.kind, t.topic, sentence(t.quote)) for t in topics_of(reading, text)],
    )
    switch = reading.switch
    if switch is not None:
        connection.execute(
            "INSERT INTO switches (post_id, from_brand, to_brand, from_competitor, to_competitor, "
            "status, force, quote) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                post_id, switch.from_brand, switch.to_brand, key_of(switch.from_brand),
                key_of(switch.to_brand), switch.status, switch.force, switch.quote,
            ),
        )  # fmt: skip
    evidence.replace(
        connection,
        "demand",
        post_id,
        [
            evidence.Row(
                subject=claim.claim, source=forum, url=url, fetched_at=fetched_at,
                quote=evidence.in_its_sentence(text, claim.quote), rule=claim.rule,
                rule_version=rules_version(),
            )
            for claim in reading.evidence
        ],
    )  # fmt: skip

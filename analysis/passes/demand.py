"""Reads posts: stage, switches, comparisons, mentions; with today's rules and brands."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator

from analysis.passes.ticking import Tick, no_tick
from analysis.rereading import COLUMNS, PostRows, PostsPart, StoredPost, read_posts, rules_mark
from analysis.workers import ALONE, Crew
from crawlers.market import Market
from pipelines.demand import Brand, MarketTerms, rules_version
from pipelines.storage.database import transaction

BATCH = 1_000
"""Posts a transaction holds: short enough to let a crawl write in between."""

_ONCE = frozenset({"mentions", "feelings", "author_facts"})
"""Tables in which a post may say the same twice; it is kept once."""


def run(
    connection: sqlite3.Connection,
    market: Market,
    *,
    everything: bool = False,
    tick: Tick = no_tick,
    crew: Crew = ALONE,
) -> int:
    """Read the posts that are new or changed, and all where rules or brands have; returns how many.

    The reading of a post and the removal of its dirty mark commit together. A post that a crawl
    wrote anew while it was being read keeps its mark.

    :param crew: who reads; with more than one, nobody else may write posts meanwhile.
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
    done, found = 0, True
    while found:  # once more where a crawl has marked posts meanwhile
        found = False
        for part, rows in crew.each(read_posts, _parts(connection, terms, version)):
            with transaction(connection):
                stored = _store(connection, part, rows)
            found = True
            done += stored
            tick("posts", done, max(done, total))
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


def _digest(terms: MarketTerms) -> str:
    return hashlib.sha256(repr(terms).encode()).hexdigest()[:8]


def _parts(connection: sqlite3.Connection, terms: MarketTerms, version: str) -> Iterator[PostsPart]:
    """The dirty posts, a batch at a time. By their marks, since those of a part may still stand
    when the next is taken.
    """
    last = ""
    while rows := connection.execute(
        "SELECT x.key, p.id, p.forum, p.text, p.lang, p.url, p.last_seen FROM dirty x "
        "JOIN posts p ON p.id = CAST(x.key AS INTEGER) WHERE x.kind = 'post' AND x.key > ? "
        "ORDER BY x.key LIMIT ?",
        (last, BATCH),
    ).fetchall():
        last = rows[-1][0]
        posts = tuple(
            StoredPost(id=id_, forum=forum, text=text, lang=lang, url=url, last_seen=seen)
            for _, id_, forum, text, lang, url, seen in rows
        )
        yield PostsPart(rules=rules_mark(), terms=terms, version=version, posts=posts)


def _store(connection: sqlite3.Connection, part: PostsPart, rows: PostRows) -> int:
    """A part's readings in place of the former ones; returns of how many posts.

    A post that says something else by now is left as it is, with its mark.
    """
    posts = [post for post in part.posts if _stands(connection, post)]
    kept: set[object] = {post.id for post in posts} | {str(post.id) for post in posts}
    for table in COLUMNS:
        if table == "evidence":
            query = "DELETE FROM evidence WHERE claim_table = 'demand' AND claim_key = ?"
            connection.executemany(query, [(str(post.id),) for post in posts])
        else:
            query = f"DELETE FROM {table} WHERE post_id = ?"
            connection.executemany(query, [(post.id,) for post in posts])
    for table, columns in COLUMNS.items():
        names = columns.split(", ")
        place = names.index("claim_key" if table == "evidence" else "post_id")
        marks = ", ".join("?" * len(names))
        insert = "INSERT OR IGNORE" if table in _ONCE else "INSERT"
        connection.executemany(
            f"{insert} INTO {table} ({columns}) VALUES ({marks})",
            [row for row in rows[table] if row[place] in kept],
        )
    connection.executemany(
        "DELETE FROM dirty WHERE kind = 'post' AND key = ?",
        [(str(post.id),) for post in posts],
    )
    return len(posts)


def _stands(connection: sqlite3.Connection, post: StoredPost) -> bool:
    """Whether a post still says what was read."""
    found = connection.execute("SELECT text, lang FROM posts WHERE id = ?", (post.id,)).fetchone()
    return found is not None and tuple(found) == (post.text, post.lang)

"""The proof of a tier as rows a reader can open, and what happens where there is too little."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

from analysis.passes import evidence
from crawlers.urls import is_web_url
from pipelines.storage.times import now_text
from pipelines.tiers import RULES_VERSION, FlagEvidence, TierVerdict
from pipelines.tiers.reasons import NOT_PROVEN

LEAST_PROOFS = 2
"""Rows with an address under every tier that is given, each another quote or another flag, and
not what we say of ourselves: that tells nothing of the other.
"""


OUR_WORDS = "we_say"
"""The rule of a quote in which we speak of ourselves."""

_OURS = (OUR_WORDS, "named:we_say")
"""Rules whose quotes stand on our side."""


def proven(verdict: TierVerdict, rows: Sequence[evidence.Row]) -> TierVerdict:
    """The verdict, or "not enough seen" where fewer than :data:`LEAST_PROOFS` of its rows can be
    opened: no tier is shown that a reader cannot check.
    """
    open_rows = {
        (row.subject, row.quote)
        for row in rows
        if row.quote.strip() and is_web_url(row.url) and row.rule != OUR_WORDS
    }
    if verdict.tier is None or len(open_rows) >= LEAST_PROOFS:
        return verdict
    return replace(
        verdict, tier=None, verdict="insufficient", reasons=(NOT_PROVEN,), would_change=None,
        seen_from_them=None,
    )  # fmt: skip


def rows_of(
    connection: sqlite3.Connection, rival: str, own: str, found: Iterable[FlagEvidence]
) -> list[evidence.Row]:
    """The rows of a verdict's quotes: where each stands, and when that was fetched.

    A quote without an address is one of the summed-up facts: it stands on the page the fact was
    taken from, else on the home page. Our own words may have none: they may stand in the market
    file only.

    :param own: the key of our own business.
    """
    found = list(found)
    places = _Places(connection, rival, own)
    if any(row.rule.startswith("post:") for row in found):
        places.add_posts()
    return [places.row(row) for row in found]


class _Places:
    """Where quotes about one rival stand: source, time of the fetch, address of a fact."""

    def __init__(self, connection: sqlite3.Connection, rival: str, own: str) -> None:
        self._connection = connection
        self._rival, self._own = rival, own
        self._fetched = {
            url: (source, seen)
            for url, source, seen in connection.execute(
                "SELECT url, competitor, last_seen FROM pages WHERE competitor IN (?, ?)",
                (rival, own),
            )
        }
        (self._home,) = connection.execute(
            "SELECT site FROM competitors WHERE id = ?", (rival,)
        ).fetchone()
        self._facts = connection.execute(
            "SELECT quote, url FROM evidence WHERE claim_table = 'companies' AND claim_key = ? "
            "ORDER BY id",
            (rival,),
        ).fetchall()

    def add_posts(self) -> None:
        """The posts that may be quoted about it."""
        for url, forum, seen in self._connection.execute(
            "SELECT p.url, p.forum, p.last_seen FROM posts p WHERE p.id IN ("
            "SELECT post_id FROM comparisons WHERE ?1 IN (preferred_competitor, other_competitor) "
            "UNION SELECT post_id FROM switches WHERE ?1 IN (from_competitor, to_competitor)) "
            "UNION ALL SELECT url, source, fetched_at FROM evidence "
            "WHERE claim_table = 'competitors' AND claim_key = ?1",
            (self._rival,),
        ):
            self._fetched.setdefault(url, (forum, seen))

    def row(self, found: FlagEvidence) -> evidence.Row:
        said_by = self._own if found.rule in _OURS else self._rival
        url = found.url or self._page_of(found.quote, said_by) or ""
        source, fetched_at = self._fetched.get(url, (said_by, now_text()))
        return evidence.Row(
            subject=found.flag, source=source, url=url, fetched_at=fetched_at, quote=found.quote,
            rule=found.rule, rule_version=RULES_VERSION, weight=found.weight,
        )  # fmt: skip

    def _page_of(self, quote: str, said_by: str) -> str | None:
        if said_by == self._own:  # of the market file: a page of ours may say the same
            row = self._connection.execute(
                "SELECT p.url FROM pages p JOIN page_versions v ON v.page_id = p.id "
                "AND v.version = p.version WHERE p.competitor = ?1 AND p.status < 400 AND "
                "(instr(v.text, ?2) OR instr(p.description, ?2) OR instr(p.title, ?2)) "
                "ORDER BY length(p.url), p.url LIMIT 1",
                (said_by, quote),
            ).fetchone()
            return str(row[0]) if row else None
        for words, url in self._facts:
            if words and (words in quote or quote in words):
                return str(url)
        return None if self._home is None else str(self._home)

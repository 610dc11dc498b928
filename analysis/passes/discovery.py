"""Candidates nobody listed, from what is stored: posts, comparison pages, links, lists.

Each is a row of ``competitors`` (origin ``discovered``, status ``candidate``); its words are rows
of ``evidence`` (claim ``competitors``, subject ``candidate``), its counts a row of ``candidates``.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from analysis.passes import evidence
from analysis.passes.candidate_merging import Merged, best_quotes, merge
from analysis.passes.candidate_sources import Row, mark_of, named_in, rows_of
from crawlers.market import Market
from crawlers.urls import site_key
from pipelines.discovery import key_of
from pipelines.storage.database import transaction
from pipelines.storage.market_rows import rename
from pipelines.storage.times import now_text

MOST = 200
"""Candidates kept, the best evidenced: nobody looks at more, and a market has fewer rivals."""
ENOUGH = 0.5
"""The weight of a word that makes a candidate alone, more likely a rival's name than not; weaker
ones take as much of two places."""
PLACES = 2
LARGE = 100
"""Threads from which posts alone must name a candidate in two places: what is read wrongly by
chance grows with the threads, while a rival is named again."""
QUOTES = 20
"""Evidence rows kept of one candidate, the plainest first."""
MOST_ALIASES = 12
_MARK = "discovery"


def run(connection: sqlite3.Connection, market: Market, *, everything: bool = False) -> int:
    """Bring the undecided candidates up to date; returns how many there are.

    Competitors of the market file, and candidates a researcher accepted or ignored, stay as they
    are; one that was accepted, or is in the file, by name alone gets the site a list gives it. A
    candidate that nothing stored names any more goes. Nothing is read where nothing changed since
    the last time.
    """
    rows = rows_of(connection)
    mark = mark_of(connection, market, rows)
    former = connection.execute("SELECT mark FROM pass_marks WHERE pass = ?", (_MARK,)).fetchone()
    if former is not None and former[0] == mark and not everything:
        return sum(one.open for one in rows)
    (threads,) = connection.execute("SELECT count(*) FROM threads").fetchone()
    found = [
        one
        for one in merge(named_in(connection, market.business, rows))
        if _is_enough(one, threads)
    ]
    with transaction(connection):
        rows = rows_of(connection)  # a word given meanwhile counts
        kept = _store(connection, found, rows, now_text())
        connection.execute("INSERT OR REPLACE INTO pass_marks VALUES (?, ?)", (_MARK, mark))
    return kept


def decide_statuses(connection: sqlite3.Connection) -> None:
    """Let what was decided on companies found stand in their rows; a decision taken back goes."""
    with transaction(connection):
        connection.executemany(
            "UPDATE competitors SET status = ? WHERE id = ? AND status <> ?",
            [
                (status, one.id, status)
                for one in rows_of(connection)
                if one.found
                for status in (one.status if one.decided else "candidate",)
            ],
        )


def _is_enough(one: Merged, threads: int) -> bool:
    if one.places >= PLACES:
        return one.weight >= ENOUGH
    return any(
        voice.weight >= ENOUGH and (threads < LARGE or voice.kind != "talk") for voice in one.voices
    )


def _store(
    connection: sqlite3.Connection, found: Iterable[Merged], rows: Sequence[Row], now: str
) -> int:
    standing = _Standing(row for row in rows if not row.open)
    former = _Standing(row for row in rows if row.open)
    kept: set[str] = set()
    for one in found:
        if (known := standing.of(one)) is not None:
            _give_site(connection, known, one)
            continue
        if len(kept) == MOST:
            break
        id_, row = one.id, former.of(one)
        if row is not None and row.id not in kept:
            if one.site is None or row.site is not None:
                id_ = row.id  # it keeps the site it was given once
            elif id_ not in former.ids:
                rename(connection, "competitors", row.id, id_)
        if id_ not in kept and id_ not in standing.ids:
            _write(connection, id_, one, now)
            kept.add(id_)
    for row in former.rows:
        if row.id not in kept:
            for table in ("competitors", "tiers", "companies"):
                evidence.replace(connection, table, row.id, ())
            connection.execute("DELETE FROM competitors WHERE id = ?", (row.id,))
    return len(kept)


class _Standing:
    """Rows of ``competitors``, found by site or by any spelling of a name."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = list(rows)
        self.ids = {row.id for row in self.rows}
        self._by_site = {site_key(row.site): row for row in self.rows if row.site}
        self._by_key = {
            key: row for row in self.rows for name in (row.name, *row.aliases)
            if (key := key_of(name))
        }  # fmt: skip

    def of(self, one: Merged) -> Row | None:
        """The row this company is: by its site; by a name, unless each has a site of its own."""
        if one.site and (row := self._by_site.get(site_key(one.site))):
            return row
        for key in sorted(one.keys):
            row = self._by_key.get(key)
            if row is not None and (row.is_self or not (row.found and row.site and one.site)):
                return row
        return None


def _give_site(connection: sqlite3.Connection, row: Row, one: Merged) -> None:
    """A competitor known by name alone, accepted or in the market file, whose site has become
    known can be read from now on; what names it is the proof of its site.
    """
    if row.is_self or row.status != "watched" or row.site is not None or not one.site:
        return
    key = site_key(one.site)
    id_ = one.id if row.found else row.id  # the file's own id stays
    taken = connection.execute(
        "SELECT 1 FROM competitors WHERE (id = ?1 AND (id <> ?2 OR site IS NOT NULL)) "
        "OR (site_key = ?3 AND id <> ?2 AND status <> 'candidate')",
        (id_, row.id, key),
    ).fetchone()
    if taken:  # by another, or by the first of two that are called the same
        return
    if id_ != row.id:
        rename(connection, "competitors", row.id, id_)
    connection.execute(
        "UPDATE competitors SET site = ?, site_key = ? WHERE id = ?", (one.site, key, id_)
    )
    _prove(connection, id_, one)


def _write(connection: sqlite3.Connection, id_: str, one: Merged, now: str) -> None:
    aliases = json.dumps(list(one.aliases[:MOST_ALIASES]), ensure_ascii=False)
    connection.execute(
        "INSERT INTO competitors (id, name, site, site_key, aliases_json, origin, status, note, "
        "first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?5, 'discovered', 'candidate', ?6, ?7, ?7) "
        "ON CONFLICT (id) DO UPDATE SET name = ?2, site = coalesce(?3, site), "
        "site_key = coalesce(?4, site_key), aliases_json = ?5, note = ?6, last_seen = ?7",
        (id_, one.name, one.site, site_key(one.site) if one.site else None, aliases,
         in_words(one), now),
    )  # fmt: skip
    _prove(connection, id_, one)


def _prove(connection: sqlite3.Connection, id_: str, one: Merged) -> None:
    """How often it is named, and the plainest words that do."""
    connection.execute(
        "INSERT OR REPLACE INTO candidates (competitor, times, places, authors, lists, weight) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (id_, len(one.voices), one.places, one.authors, one.lists, one.weight),
    )
    evidence.replace(
        connection, "competitors", id_,
        [
            evidence.Row(
                subject="candidate", source=voice.source, url=voice.url,
                fetched_at=voice.fetched_at, quote=voice.quote, rule=voice.rule,
                rule_version=voice.rule_version, weight=voice.weight,
            )
            for voice in best_quotes(one.voices, QUOTES)
        ],
    )  # fmt: skip


def in_words(one: Merged) -> str:
    """How often and where it is named, for its row's note."""
    parts = [f"named {_counted(len(one.voices), 'time')} in {_counted(one.places, 'place')}"]
    if one.authors:
        parts.append(f"by {_counted(one.authors, 'author')}")
    if one.lists:
        parts.append(f"on {_counted(one.lists, 'list')}")
    return ", ".join(parts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"

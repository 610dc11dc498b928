"""Companies found by themselves that nobody has decided on: how often, where, in whose words."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.questions.standing import Group, Standing, standings

_Said = dict[str, tuple[list[dict[str, Any]], int]]
"""Candidate -> quotes chosen, and how many there are."""

_NEVER_FIRST: tuple[Group, ...] = ("unrelated", "ignored")
_TIERED: tuple[Group, ...] = ("direct", "substitute", "potential")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """How often a candidate was named: ``times`` in all, in so many ``places`` (threads and
    pages), ``lists`` of them pages of sources, by so many ``authors`` of posts.
    """

    times: int
    places: int
    authors: int
    lists: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A candidate with its provisional standing, and what it was named by.

    ``quotes``: {quote, url, fetched_at, post, lang, posted_at}, the plainest first; ``post`` is
    the id of the post they stand in, ``None`` for pages. ``proofs``: how many are kept in all.
    """

    standing: Standing
    named: Named
    quotes: tuple[dict[str, Any], ...]
    proofs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many wait for a researcher's word: ``companies`` with a tier or a site, and ``names``
    that lead to no site yet; ``rivals`` are the companies with a tier.
    """

    companies: int
    names: int
    rivals: int

    def words(self) -> str:
        """For the log; the pages have their own words. ``""`` where nobody waits."""
        told = []
        if self.companies:
            noun = "company was" if self.companies == 1 else "companies were"
            told.append(f"{self.companies} {noun} found that nobody listed")
        if self.names:
            noun = "name that leads" if self.names == 1 else "names that lead"
            told.append(f"{self.names} {noun} to no site yet")
        return ", and ".join(told)


def waiting(board: Iterable[Standing]) -> Waiting:
    """The candidates of a board, counted."""
    found = [one for one in board if one.group == "candidate"]
    companies = sum(is_company(one) for one in found)
    return Waiting(
        companies=companies,
        names=len(found) - companies,
        rivals=sum(one.tier is not None for one in found),
    )


def is_company(one: Standing) -> bool:
    """Whether more than a name is known: a site, or what was said suffices for a tier."""
    return one.tier is not None or bool(one.site)


def candidates(
    conn: sqlite3.Connection,
    *,
    group: str = "",
    most: int = 40,
    quotes: int = 2,
    board: Sequence[Standing] | None = None,
) -> list[Candidate]:
    """At most ``most`` candidates: those with a tier first, the nearest tier first, then those of
    which too little was seen, then partners and strangers; names that lead to no site last. Within
    a group the best evidenced first.

    :param group: only those whose verdict puts them there; ``""`` for all.
    :param board: where everybody stands, if it was read already.
    """
    named = _named(conn)
    found = [
        standing
        for standing in (standings(conn) if board is None else board)
        if standing.group == "candidate" and group in ("", standing.verdict_group)
    ]
    found.sort(key=lambda one: (_place(one), -_of(named, one).weight, one.competitor))
    found = found[:most]
    said = _quotes(conn, [one.competitor for one in found], quotes)
    return [_candidate(one, named, said) for one in found]


def candidate(conn: sqlite3.Connection, standing: Standing, *, quotes: int = 6) -> Candidate | None:
    """One company as a candidate; ``None`` where it was not found by itself."""
    if standing.origin != "discovered":
        return None
    said = _quotes(conn, [standing.competitor], quotes)
    return _candidate(standing, _named(conn), said)


def _candidate(one: Standing, named: dict[str, Named], said: _Said) -> Candidate:
    quotes, proofs = said.get(one.competitor, ([], 0))
    return Candidate(
        standing=one, named=_of(named, one), quotes=tuple(quotes), proofs=proofs
    )  # fmt: skip


def _place(one: Standing) -> int:
    if not is_company(one):
        return len(_TIERED) + 2
    if one.complement or one.verdict_group in _NEVER_FIRST:
        return len(_TIERED) + 1
    if one.verdict_group in _TIERED:
        return _TIERED.index(one.verdict_group)
    return len(_TIERED)


_NOBODY = Named(times=0, places=0, authors=0, lists=0, weight=0.0)


def _of(named: dict[str, Named], one: Standing) -> Named:
    return named.get(one.competitor, _NOBODY)


def _named(conn: sqlite3.Connection) -> dict[str, Named]:
    """Nothing where the database is of an older schema, which a reader does not migrate."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'candidates'").fetchone():
        return {}
    return {
        key: Named(times=times, places=places, authors=authors, lists=lists, weight=weight)
        for key, times, places, authors, lists, weight in conn.execute(
            "SELECT competitor, times, places, authors, lists, weight FROM candidates"
        )
    }


def _quotes(conn: sqlite3.Connection, keys: Sequence[str], most: int) -> _Said:
    """The plainest words about each, from different places if it can be."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for key, quote, url, fetched_at in conn.execute(
        "SELECT claim_key, quote, url, fetched_at FROM evidence WHERE claim_table = 'competitors' "
        f"AND subject = 'candidate' AND claim_key IN ({_marks(keys)}) "
        "ORDER BY weight DESC, id",
        keys,
    ):
        row = {"quote": quote[:400], "url": url, "fetched_at": fetched_at}
        rows.setdefault(key, []).append(row)
    chosen = {key: _of_different_places(found, most) for key, found in rows.items()}
    urls = sorted({row["url"] for found in chosen.values() for row in found})
    posts = {
        url: (post, lang, posted_at)
        for url, post, lang, posted_at in conn.execute(
            f"SELECT url, id, lang, posted_at FROM posts WHERE url IN ({_marks(urls)})", urls
        )
    }
    for found in chosen.values():
        for row in found:
            row["post"], row["lang"], row["posted_at"] = posts.get(row["url"], (None, None, None))
    return {key: (found, len(rows[key])) for key, found in chosen.items()}


def _of_different_places(rows: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    seen: set[str] = set()
    first: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for row in rows:
        (rest if row["url"] in seen else first).append(row)
        seen.add(row["url"])
    return [*first, *rest][:most]


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)

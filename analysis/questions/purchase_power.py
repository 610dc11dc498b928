"""What people say of their buying: how often they bought, what they can spend, who they are."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE, sample, share
from pipelines.demand.author import fact_names

SAID = "id IN (SELECT post_id FROM author_facts)"
"""A post whose author says something of himself or herself."""

_TOP = 10
_QUOTES = 3
_LONGEST_QUOTE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    person: str
    fact: str
    value: str
    number: float | None
    currency: str | None
    quote: dict[str, Any]


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """What authors state of themselves, by distinct person, overall and by segment.

    A person belongs to every segment he or she names, with all he or she says anywhere. Nothing is
    estimated and no money converted: budgets stand per currency and per period as they were said.
    Below ``MINIMUM_PEOPLE`` people a number is ``None`` and ``enough`` false.

    :returns: ``overall`` and ``segments`` (most people first, each with ``segment`` and ``names``),
        of which each has ``people``, ``enough``, ``times_bought`` (``first``, ``again``,
        ``three_and_more``), ``frequency`` (times a month), ``tenure`` (months), ``budgets`` and
        ``spent`` [{currency, period, people, low, median, high}] (quartiles, whole units),
        ``owns``, ``roles``, ``occasions`` [{id or name, people, of, share, ...}], ``quotes`` by
        fact; ``sample``.
    """
    said = _facts(conn)
    members: dict[str, set[str]] = defaultdict(set)
    for row in said:
        if row.fact == "segment":
            members[row.value].add(row.person)
    names = fact_names()["segment"]
    ordered = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "overall": _portrait(said),
        "segments": [
            {
                "segment": segment,
                "names": names.get(segment, {}),
                **_portrait([row for row in said if row.person in people]),
            }
            for segment, people in ordered
        ],
        "sample": sample(conn, SAID),
    }


def _facts(conn: sqlite3.Connection) -> list[_Said]:
    """All facts of counted posts, newest first."""
    found = conn.execute(
        f"WITH {COUNTED} SELECT c.person, f.fact, f.value, f.number, f.currency, f.quote, c.id, "
        "c.url, c.lang, c.posted_at FROM author_facts f JOIN counted c ON c.id = f.post_id "
        "ORDER BY c.posted_at DESC, c.id DESC, f.fact, f.value"
    )
    return [
        _Said(
            person=person, fact=fact, value=value, number=number, currency=currency,
            quote={
                "post": post, "quote": quote[:_LONGEST_QUOTE], "url": url, "lang": lang,
                "posted_at": posted_at,
            },
        )
        for person, fact, value, number, currency, quote, post, url, lang, posted_at in found
    ]  # fmt: skip


def _portrait(said: Sequence[_Said]) -> dict[str, Any]:
    by_fact: dict[str, list[_Said]] = defaultdict(list)
    for row in said:
        by_fact[row.fact].append(row)
    people = len({row.person for row in said})
    return {
        "people": people,
        "enough": people >= MINIMUM_PEOPLE,
        "times_bought": _times_bought(by_fact["times_bought"]),
        "frequency": _middle(_latest(by_fact["frequency"])),
        "tenure": _middle(_latest(by_fact["tenure"])),
        "budgets": _sums(by_fact["budget"]),
        "spent": _sums(by_fact["spent"]),
        "owns": _ranked(by_fact["owns"], "name"),
        "roles": _named(by_fact["role"], "role"),
        "occasions": _named(by_fact["occasion"], "occasion"),
        "quotes": {fact: _quotes(rows) for fact, rows in sorted(by_fact.items()) if rows},
    }


def _times_bought(rows: Iterable[_Said]) -> dict[str, Any]:
    """A person's highest count: who bought a third time also bought a first."""
    highest: dict[str, float] = {}
    for row in rows:
        highest[row.person] = max(highest.get(row.person, 0), row.number or 0)
    counts = list(highest.values())
    of = len(counts)
    return {
        "people": of,
        "enough": of >= MINIMUM_PEOPLE,
        "first": share(sum(n < 2 for n in counts), of),
        "again": share(sum(2 <= n < 3 for n in counts), of),
        "three_and_more": share(sum(n >= 3 for n in counts), of),
    }


def _latest(rows: Iterable[_Said]) -> list[float]:
    """One number a person: the newest said."""
    newest: dict[str, float] = {}
    for row in rows:
        if row.number is not None:
            newest.setdefault(row.person, row.number)
    return list(newest.values())


def _middle(numbers: Sequence[float]) -> dict[str, Any]:
    """Quartiles of the numbers of so many people; ``None`` where they are too few."""
    if len(numbers) < MINIMUM_PEOPLE:
        return {
            "people": len(numbers), "enough": False, "low": None, "median": None, "high": None,
        }  # fmt: skip
    low, _, high = quantiles(numbers, n=4, method="inclusive")
    return {
        "people": len(numbers),
        "enough": True,
        "low": round(low, 2),
        "median": round(median(numbers), 2),
        "high": round(high, 2),
    }


def _sums(rows: Iterable[_Said]) -> list[dict[str, Any]]:
    """Sums by currency and period, the commonest first; an unknown currency stands apart."""
    groups: dict[tuple[str | None, str | None], list[_Said]] = defaultdict(list)
    for row in rows:
        _, per, period = row.value.partition(" per ")
        groups[row.currency, period if per else None].append(row)
    told = [
        {"currency": currency, "period": period, **_middle(_latest(group))}
        for (currency, period), group in groups.items()
    ]
    return sorted(told, key=lambda g: (-g["people"], g["currency"] or "~", g["period"] or ""))


def _ranked(rows: Sequence[_Said], key: str) -> list[dict[str, Any]]:
    """Values by people who name them, of the people who name any."""
    naming: dict[str, set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    for row in rows:
        folded = row.value.casefold()
        naming[folded].add(row.person)
        written.setdefault(folded, row.value)
    of = len({row.person for row in rows})
    ordered = sorted(naming.items(), key=lambda item: (-len(item[1]), item[0]))
    return [{key: written[name], **share(len(people), of)} for name, people in ordered[:_TOP]]


def _named(rows: Sequence[_Said], kind: str) -> list[dict[str, Any]]:
    names = fact_names()[kind]
    return [row | {"names": names.get(row[kind], {})} for row in _ranked(rows, kind)]


def _quotes(rows: Iterable[_Said]) -> list[dict[str, Any]]:
    """The newest words, one a person."""
    heard: dict[str, dict[str, Any]] = {}
    for row in rows:
        heard.setdefault(row.person, row.quote)
    return list(heard.values())[:_QUOTES]

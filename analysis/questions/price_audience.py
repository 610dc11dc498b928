"""Rivals by price and audience: what each asks for, and whom its pages speak to."""

import sqlite3
from collections import Counter, defaultdict
from statistics import median_low
from typing import Any

from analysis.questions import said
from analysis.questions.channels import NEED
from analysis.questions.claims import Claims, ourselves
from analysis.questions.sample import MINIMUM_PEOPLE
from analysis.questions.standing import TIER_GROUPS, standings
from pipelines.demand.author import fact_names

_MOST_ROWS = 10  # segments shown: more no picture holds
_OFFERS = 2000  # main offers read a company

_RIVALS_BESIDE_US = 3  # fewer that ask in our currency and unit are no picture

Row = dict[str, Any]
_Prices = dict[str, dict[tuple[str, str], list[int]]]


def answer(conn: sqlite3.Connection, read: list[Claims], ours: list[Claims]) -> Row:
    """A typical price and the segments spoken to, for each rival in a tier (and for us).

    The price is the median of the main offers' prices (the first of each page) in the currency and
    period (a month, a year, once) that most rivals ask in, ours where as many do: amounts in
    others cannot be compared.

    :param read: rivals whose pages were read; ``ours``: our own business, read alike.
    :returns: ``currency``, ``period`` (``""``: not said), ``rivals`` in a tier, ``priced`` (of
        them, those in the picture), ``elsewhere`` (names of those with other currencies or periods
        only), ``dots`` [{competitor, name, is_self, group, price_minor, offers, segments}], the
        cheapest first, and ``rows`` [{segment, names, people (with a need who say they are that),
        rivals}], most people first: segments that a dot speaks to or enough people belong to.
    """
    groups = {
        one.competitor: one
        for one in standings(conn)
        if one.group in TIER_GROUPS.values() and not one.complement
    }
    own = ourselves(conn)
    prices = _prices(conn, {*groups, *own})
    kinds = Counter(kind for key in groups for kind in prices.get(key, ()))
    if not kinds:
        kinds = Counter(kind for key in own for kind in prices.get(key, ()))
    asked_by_us = {kind for key in own for kind in prices.get(key, ())}
    kind = min(
        kinds,
        # What we ask ourselves is compared where three rivals ask alike; else what most ask.
        key=lambda one: (
            not (one in asked_by_us and kinds[one] >= _RIVALS_BESIDE_US), -kinds[one], one,
        ),
        default=("", ""),
    )  # fmt: skip
    spoken = {rival.competitor: sorted(rival.segments) for rival in (*read, *ours)}
    dots: list[Row] = []
    for key in (*groups, *own):
        asked = prices.get(key, {}).get(kind)
        if asked:
            dots.append({
                "competitor": key, "name": own[key] if key in own else groups[key].name,
                "is_self": key in own, "group": "self" if key in own else groups[key].group,
                "price_minor": median_low(asked), "offers": len(asked),
                "segments": spoken.get(key, []),
            })  # fmt: skip
    dots.sort(key=lambda dot: (dot["price_minor"], dot["name"]))
    rivals = [dot for dot in dots if not dot["is_self"]]
    return {
        "currency": kind[0],
        "period": kind[1],
        "rivals": len(groups),
        "priced": len(rivals),
        "elsewhere": [
            own[key] if key in own else groups[key].name
            for key in (*own, *groups)
            if prices.get(key) and kind not in prices[key]
        ],
        "dots": dots,
        "rows": _rows(conn, dots),
    }


def _prices(conn: sqlite3.Connection, companies: set[str]) -> _Prices:
    """Prices by company, currency and period: of the first priced offer of each page."""
    found: _Prices = defaultdict(lambda: defaultdict(list))
    seen: Counter[str] = Counter()
    for competitor, currency, period, price in conn.execute(
        "SELECT competitor, currency, period, price_minor FROM ("
        "SELECT id, competitor, currency, coalesce(period, '') AS period, price_minor, position, "
        "min(position) OVER (PARTITION BY page_id) AS main FROM offers "
        "WHERE price_minor > 0 AND currency IS NOT NULL) WHERE position = main ORDER BY id"
    ):
        if competitor in companies and seen[competitor] < _OFFERS:
            seen[competitor] += 1
            found[competitor][currency, period].append(price)
    return found


def _rows(conn: sqlite3.Connection, dots: list[Row]) -> list[Row]:
    names = fact_names().get("segment", {})
    people = {
        fact["value"]: fact["people"] for fact in said.facts(conn, "segment", f"c.{NEED}", limit=60)
    }
    speaking = Counter(segment for dot in dots if not dot["is_self"] for segment in dot["segments"])
    ours = {segment for dot in dots if dot["is_self"] for segment in dot["segments"]}
    rows = [
        {
            "segment": segment, "names": names.get(segment, {}),
            "people": people.get(segment, 0), "rivals": speaking[segment],
        }
        for segment in {*speaking, *ours, *people}
        if speaking[segment] or segment in ours or people.get(segment, 0) >= MINIMUM_PEOPLE
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row["people"], -row["rivals"], row["segment"]))
    return rows[:_MOST_ROWS]

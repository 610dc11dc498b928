"""The filters of the posts page: what may stand in its address, and which posts each keeps.

Every number of the desk links to posts through these, so they are a small language of their own:
an unknown name or value is ignored, never an error.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.web.facet_columns import NAMED, NO_TIME, PAIN, PRAISE, Array, Columns, moment
from analysis.web.page import answers
from crawlers.words import BARRIERS, FORCES, STAGES
from pipelines.demand.author import fact_names
from pipelines.demand.topics import names_of

CLAIMS: Final = ("pain", "praise", "objection", "poor_fit", "suggestion", "seller")
KEPT: Final = ("public", "own")
FELT: Final[Mapping[str, int]] = {"pain": PAIN, "praise": PRAISE}
"""Pain or praise beside a competitor is that about it, not any in a post that names it."""

_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_A_DAY: Final = 1_000_000  # of Columns.at: hours, minutes and seconds below the day
_A_MONTH: Final = 100 * _A_DAY

_Test = Callable[[Columns, str], Array]


def felt(columns: Columns, competitors: Collection[str], feeling: str) -> Array:
    """Which posts complain about one of the competitors, or praise one."""
    return columns.saying(competitors, FELT[feeling])


def _equal(column: str) -> _Test:
    def test(columns: Columns, value: str) -> Array:
        mask: Array = columns.arrays[column] == columns.code(column, value)
        return mask

    return test


def _none(columns: Columns, column: str) -> Array:
    mask: Array = columns.arrays[column] == 0
    return mask


def _since(columns: Columns, value: str) -> Array:
    mask: Array = columns.arrays["at"] >= moment(value)
    return mask


def _until(columns: Columns, value: str) -> Array:
    at = columns.arrays["at"]
    mask: Array = (at > 0) & (at < moment(value) + _A_DAY)
    return mask


def _day(columns: Columns, value: str) -> Array:
    at, first = columns.arrays["at"], moment(value)
    mask: Array = (at >= first) & (at < first + _A_DAY) & (columns.arrays["weekday"] != NO_TIME)
    return mask


def _month(columns: Columns, value: str) -> Array:
    at, first = columns.arrays["at"], moment(value)
    mask: Array = (at >= first) & (at < first + _A_MONTH) & columns.flag("monthly")
    return mask


def _stage(columns: Columns, value: str) -> Array:
    if value == "any":
        return ~_none(columns, "stage") & ~_stage(columns, "none")
    if value == "buying":
        return _stage(columns, "searching") | _stage(columns, "comparing")
    return _equal("stage")(columns, value)


def _barrier(columns: Columns, value: str) -> Array:
    some = ~_none(columns, "barrier")
    if value == "any":
        return some
    if value == "hesitates":
        return some | columns.flag("objection")
    return _equal("barrier")(columns, value)


def _switch(columns: Columns, value: str) -> Array:
    if value == "any":
        return ~_none(columns, "switch")
    return _equal("switch")(columns, value)


def _counted(columns: Columns, _: str) -> Array:
    # That they are public is told apart, by ``kept``: among own texts it means own ones.
    return columns.flag("read") & ~columns.flag("copy") & ~columns.flag("seller")


_BY_COLUMN: Final[Mapping[str, _Test]] = {
    "counted": _counted,
    "stage": _stage,
    "barrier": _barrier,
    "switch": _switch,
    "month": _month,
    "day": _day,
    "since": _since,
    "until": _until,
    "claim": lambda columns, value: columns.flag(value),
    "competitor": lambda columns, value: columns.saying([value], NAMED),
    "weekday": lambda columns, value: columns.arrays["weekday"] == int(value),
    "hour": lambda columns, value: columns.arrays["hour"] == int(value),
    **{name: _equal(name) for name in ("language", "forum", "budget", "authority", "force")},
}

_FROM_SELF: Final = (
    "SELECT post_id FROM switches WHERE from_competitor IN "
    "(SELECT id FROM competitors WHERE is_self = 1)"
)
_LEFT_IN_PAIN: Final = (
    "SELECT f.post_id FROM feelings f JOIN switches w ON w.post_id = f.post_id "
    "AND w.from_competitor = f.competitor WHERE f.feeling = 'pain' "
    "AND f.competitor IN (SELECT value FROM json_each(?))"
)
_BY_IDS: Final[Mapping[str, str]] = {
    "thread": "SELECT id FROM posts WHERE thread_id = CAST(? AS INTEGER)",
    "topic": "SELECT post_id FROM topics WHERE kind = ? AND topic = ?",
    "fact": "SELECT post_id FROM author_facts WHERE fact = ? AND value = ?",
    "aspect": "SELECT post_id FROM comparisons WHERE lower(aspect) = ?",
    "from": "SELECT post_id FROM switches WHERE from_competitor = ?1 OR from_brand = ?1",
    "to": "SELECT post_id FROM switches WHERE to_competitor = ?1 OR to_brand = ?1",
}
"""The ids a filter keeps, where no column tells; a value with two marks is ``kind:id``."""

_CLOSED: Final[Mapping[str, frozenset[str]]] = {
    "counted": frozenset({"1"}),
    "named": frozenset({"1"}),
    "kept": frozenset(KEPT),
    "stage": frozenset({"any", "buying", *STAGES}),
    "barrier": frozenset({"any", "hesitates", *BARRIERS}),
    "switch": frozenset({"any", "considering", "done"}),
    "claim": frozenset(CLAIMS),
    "force": frozenset(FORCES),
    "weekday": frozenset(str(day) for day in range(7)),
    "hour": frozenset(str(hour) for hour in range(24)),
}
"""Filters that know their values; any other value is no filter."""

_WRITTEN: Final = {"month": _MONTH, "day": _DAY, "since": _DAY, "until": _DAY}

NAMES: Final = (
    "counted", "language", "stage", "barrier", "claim", "competitor", "named", "switch", "from",
    "to", "customers", "forum", "thread", "month", "day", "since", "until", "weekday", "hour",
    "budget", "authority", "aspect", "kept", "topic", "fact", "force",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFilter:
    """Filters in force: ``chosen`` as (name, value) in the order shown.

    ``own`` forums hold the researcher's own texts; ``rivals`` are those whose doings are counted,
    whom ``named`` means; ``first_day`` of the time range in force (``YYYY-MM-DD``), ``None`` for
    all time.
    """

    chosen: tuple[tuple[str, str], ...]
    own: frozenset[str] = frozenset()
    rivals: frozenset[str] = frozenset()
    first_day: str | None = None

    def has(self, name: str, value: str) -> bool:
        """Whether this filter is in force."""
        return (name, value) in self.chosen

    def value(self, name: str) -> str:
        """What a filter asks for; empty where it is not in force."""
        return dict(self.chosen).get(name, "")

    @staticmethod
    def listed_name(name: str, value: str, language: str) -> str:
        """What a topic or a fact (``kind:id``) is called in a language; its id where unlisted."""
        kind, _, key = value.partition(":")
        names = names_of([key]) if name == "topic" else fact_names().get(kind, {})
        told = names.get(key, {})
        return told.get(language) or told.get("en") or key or value

    def masks(self, conn: sqlite3.Connection, columns: Columns) -> dict[str, Array]:
        """Which posts each filter keeps, by its name.

        ``about`` is both the claim's and the competitor's: the one is about the other, and stands
        for the claim then; ``about_rivals`` likewise the claim's and that of ``named``.
        """
        found: dict[str, Array] = {}
        for name, value in self.chosen:
            if name == "kept":
                codes = [columns.code("forum", forum) for forum in self.own]
                own = np.isin(columns.arrays["forum"], codes)
                found[name] = own if value == "own" else ~own
            elif (name, value) == ("fact", "any"):
                found[name] = columns.flag("tells")
            elif name == "named":
                found[name] = columns.saying(self.rivals, NAMED)
            elif name == "customers":
                found[name] = _customers(conn, columns, value)
            elif name in _BY_IDS:
                found[name] = columns.with_ids(_ids(conn, name, value))
            else:
                found[name] = _BY_COLUMN[name](columns, value)
        claim, competitor = self.value("claim"), self.value("competitor")
        if claim in FELT and competitor:
            found["about"] = felt(columns, [competitor], claim)
        if claim in FELT and self.value("named"):
            found["about_rivals"] = felt(columns, self.rivals, claim)
        if self.first_day:
            found["period"] = _since(columns, self.first_day)
        return found


def build(
    query: Mapping[str, str],
    *,
    own: frozenset[str] = frozenset(),
    rivals: frozenset[str] = frozenset(),
    first_day: str | None = None,
) -> PostFilter:
    """The filters an address names.

    :param own: forums of the researcher's own texts.
    :param rivals: ids of those whose doings are counted.
    :param first_day: of the time range in force.
    """
    chosen = [(name, value) for name in NAMES if _known(name, value := query.get(name, "")[:200])]
    return PostFilter(chosen=tuple(chosen), own=own, rivals=rivals, first_day=first_day)


def _known(name: str, value: str) -> bool:
    if name in _CLOSED:
        return value in _CLOSED[name]
    if name in _WRITTEN:
        return bool(_WRITTEN[name].fullmatch(value))
    return bool(value)


def _customers(conn: sqlite3.Connection, columns: Columns, value: str) -> Array:
    """Which posts complain about a competitor that their author uses or left; ``any``: about one of
    the rivals whose pages were read, as the openings count them.
    """
    competitors: Collection[str] = [value]
    if value == "any":
        openings = answers(conn, "openings")["openings"] or {}
        competitors = list(openings.get("rivals") or {})
    left = conn.execute(_LEFT_IN_PAIN, (json.dumps(competitors),))
    using = felt(columns, competitors, "pain") & _stage(columns, "using")
    return using | columns.with_ids(_numbers(left))


def _ids(conn: sqlite3.Connection, name: str, value: str) -> Array:
    sql = _BY_IDS[name]
    if name == "from" and value == "self":
        found = conn.execute(_FROM_SELF)
    elif sql.count("?") == 2 and "?1" not in sql:
        found = conn.execute(sql, value.partition(":")[::2])
    else:
        found = conn.execute(sql, (value,))
    return _numbers(found)


def _numbers(found: sqlite3.Cursor) -> Array:
    return np.fromiter((row[0] for row in found), dtype=np.int64)

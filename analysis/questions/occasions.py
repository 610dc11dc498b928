"""Whether an occasion moves demand: searches begun per day in its window against beside it."""

import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from analysis.questions import local_time, said
from analysis.questions.intervals import dispersion, rate_ratio
from analysis.questions.occasion_days import Occasion, occasions
from analysis.questions.sample import COUNTED, MINIMUM_PEOPLE

BUYING = "stage IN ('searching', 'comparing')"
"""Near to buying: looks for something to buy, or weighs one against another."""

BESIDE_DAYS = 60
"""Days before and after a window that it is measured against: near enough that a forum that grows,
or is read further back, does not look like an occasion.
"""

QUIET_DAYS = 90
"""A person begins a new search after so many days without a post near to buying."""

_FIRST, _LAST = date(1990, 1, 1), date(2098, 12, 31)  # a stray date must not make a long calendar
_DAY = timedelta(days=1)
_EXACT = "posted_precision IN ('second', 'minute', 'hour', 'day')"

_BEGUN = f"""
WITH {COUNTED},
near AS (
    SELECT person, lang, posted_at, timezone,
           lag(posted_at) OVER (PARTITION BY person ORDER BY posted_at, id) AS before
    FROM counted WHERE {BUYING} AND posted_at IS NOT NULL AND {_EXACT}
)
SELECT dense_rank() OVER (ORDER BY person), lang, local_day(posted_at, timezone)
FROM near WHERE before IS NULL OR julianday(posted_at) - julianday(before) >= {QUIET_DAYS}
"""
"""Searches begun: (person as a number, language, local day)."""


@dataclass(slots=True)
class _Begun:
    """Searches begun in posts of one language, and the days on which posts of it are known."""

    since: date
    until: date
    searches: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class _Counts:
    """An occasion's searches and days, in its windows and beside them, of all its languages."""

    inside: int = 0
    inside_days: int = 0
    outside: int = 0
    outside_days: int = 0
    expected: float = 0.0  # searches that fall inside if days are alike, window by window
    people: set[int] = field(default_factory=set)
    times: set[date] = field(default_factory=set)  # windows seen, by their first day
    beside: list[list[int]] = field(default_factory=list)  # daily counts around each window


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Each occasion's rate of demand, and which of them people name.

    A person counts once a search (posts near to buying, until :data:`QUIET_DAYS` without one), in
    the language of the post, on the day in the forum's own zone. Each window is compared with the
    :data:`BESIDE_DAYS` before and after it. The intervals hold together with 95 %: the level is
    shared among the occasions that were tried (Bonferroni), and counts of days that are more
    unlike than chance makes them are thinned (:func:`~analysis.questions.intervals.rate_ratio`).

    :returns: ``occasions`` [{id, names, langs, regions, people, searches, days, beside_searches,
        beside_days, times, ratio, low, high, enough, stands_out, next}], those that stand out
        first; ``tried`` occasions; ``said``: occasions in people's own words.
    """
    local_time.register(conn)
    begun = _begun(conn)
    counted = [(occasion, _counts(occasion, begun)) for occasion in occasions()]
    tried = sum(_enough(counts) for _, counts in counted)
    newest = max((known.until for known in begun.values()), default=None)
    lines = [_line(occasion, counts, tried, newest) for occasion, counts in counted]
    lines.sort(key=lambda line: (not line["stands_out"], not line["enough"], -(line["low"] or 0)))
    return {"occasions": lines, "tried": tried, "said": said.facts(conn, "occasion")}


def _begun(conn: sqlite3.Connection) -> dict[str, _Begun]:
    found = {
        lang: _Begun(
            since=max(date.fromisoformat(since), _FIRST),
            until=min(date.fromisoformat(until), _LAST),
        )
        for lang, since, until in conn.execute(
            f"WITH {COUNTED} SELECT lang, date(min(posted_at)), date(max(posted_at)) FROM counted "
            f"WHERE posted_at IS NOT NULL AND {_EXACT} GROUP BY lang"
        )
        if since and until
    }
    for person, lang, day in conn.execute(_BEGUN):
        if day and lang in found:
            found[lang].searches[date.fromisoformat(day)].append(person)
    return found


def _counts(occasion: Occasion, begun: dict[str, _Begun]) -> _Counts:
    counts = _Counts()
    for lang in occasion.langs:
        if lang in begun:
            _count(occasion, begun[lang], counts)
    return counts


def _count(occasion: Occasion, known: _Begun, counts: _Counts) -> None:
    """Add one language's days, each to the window it lies in or nearest to."""
    windows = sorted(occasion.windows(known.since - _beside(), known.until + _beside()))
    covered = {day for first, last in windows for day in _days(first, last, known)}
    inside: Counter[int] = Counter()
    inside_days: Counter[int] = Counter()
    outside: dict[int, list[int]] = defaultdict(list)
    for place, (first, last) in enumerate(windows):
        for day in _days(first, last, known):
            searchers = known.searches.get(day, ())
            inside[place] += len(searchers)
            inside_days[place] += 1
            counts.people.update(searchers)
            counts.times.add(first)
    middles = [first.toordinal() + last.toordinal() for first, last in windows]
    nearby = {day for first, last in windows
              for day in _days(first - _beside(), last + _beside(), known)}  # fmt: skip
    for day in nearby - covered:
        outside[_nearest(middles, 2 * day.toordinal())].append(len(known.searches.get(day, ())))
    for place, days in inside_days.items():
        beside = outside.get(place)
        if not beside:
            continue  # nothing to hold it against
        counts.inside += inside[place]
        counts.inside_days += days
        counts.outside += sum(beside)
        counts.outside_days += len(beside)
        counts.expected += (inside[place] + sum(beside)) * days / (days + len(beside))
        counts.beside.append(beside)


def _enough(counts: _Counts) -> bool:
    searches = counts.inside + counts.outside
    return len(counts.people) >= MINIMUM_PEOPLE and searches > 0 and 0 < counts.expected < searches


def _line(occasion: Occasion, counts: _Counts, tried: int, newest: date | None) -> dict[str, Any]:
    line: dict[str, Any] = {
        "id": occasion.id, "names": occasion.names, "langs": list(occasion.langs),
        "regions": list(occasion.regions), "people": len(counts.people),
        "searches": counts.inside, "days": counts.inside_days,
        "beside_searches": counts.outside, "beside_days": counts.outside_days,
        "times": len(counts.times), "ratio": None, "low": None, "high": None,
        "enough": _enough(counts), "stands_out": False, "next": _next(occasion, newest),
    }  # fmt: skip
    if line["enough"]:
        searches = counts.inside + counts.outside
        found = rate_ratio(
            counts.inside, counts.expected, counts.outside, searches - counts.expected,
            comparisons=tried, dispersion=dispersion(counts.beside),
        )  # fmt: skip
        line["ratio"] = None if found.ratio is None else round(found.ratio, 2)
        line["low"] = round(found.low, 2)
        line["high"] = None if found.high is None else round(found.high, 2)
        line["stands_out"] = found.stands_out
    return line


def _next(occasion: Occasion, newest: date | None) -> list[str] | None:
    """First and last day of the window that is open or comes next."""
    if newest is None:
        return None
    windows = sorted(occasion.windows(newest, newest + 400 * _DAY))
    return [day.isoformat() for day in windows[0]] if windows else None


def _beside() -> timedelta:
    return BESIDE_DAYS * _DAY


def _days(first: date, last: date, known: _Begun) -> list[date]:
    """The days of a window on which posts are known."""
    first, last = max(first, known.since), min(last, known.until)
    return [first + number * _DAY for number in range((last - first).days + 1)]


def _nearest(middles: list[int], middle: int) -> int:
    place = bisect_left(middles, middle)
    around = [near for near in (place - 1, place) if 0 <= near < len(middles)]
    return min(around, key=lambda near: abs(middles[near] - middle))

"""The calendar of occasions: what each is called, whom it concerns, on which days it falls."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final

from borax.calendars.lunardate import LunarDate

_YEARS: Final = range(1970, 2100)
"""Years a window is told for: no post is older, and the lunar calendar is known to 2100."""

_DAY: Final = timedelta(days=1)
_RULES: Final = ("day", "lunar", "nth", "span", "monthly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A yearly or monthly occasion.

    ``names`` by language of the interface; ``langs``: of the posts it concerns; ``rule`` and
    ``value``: how its days are found (see occasions.toml); ``before`` and ``after``: days of its
    window around them; ``moved``: days that stand for the lunar one of their year.
    """

    id: str
    names: dict[str, str]
    langs: tuple[str, ...]
    regions: tuple[str, ...]
    rule: str
    value: Any
    before: int
    after: int
    moved: tuple[date, ...] = ()

    def windows(self, since: date, until: date) -> list[tuple[date, date]]:
        """Its windows that touch the days from ``since`` to ``until``: first and last day."""
        years = range(max(since.year - 1, _YEARS.start), min(until.year + 2, _YEARS.stop))
        found = [
            (first - self.before * _DAY, last + self.after * _DAY)
            for year in years
            for first, last in self._days(year)
        ]
        return [(first, last) for first, last in found if last >= since and first <= until]

    def _days(self, year: int) -> Iterator[tuple[date, date]]:
        if self.rule == "monthly":
            first, last = self.value
            for month in range(1, 13):
                begin = date(year, month, first)
                after = date(year + month // 12, month % 12 + 1, 1)
                yield begin, date(year, month, last) if last >= first else after + (last - 1) * _DAY
        elif self.rule == "span":
            first, last = (_on(year, text) for text in self.value)
            yield first, last if last >= first else _on(year + 1, self.value[1])
        else:
            day = self._day(year)
            yield day, day

    def _day(self, year: int) -> date:
        if self.rule == "nth":
            month, weekday, which = self.value
            first = date(year, month, 1)
            until: int = (weekday - first.weekday()) % 7 + 7 * (which - 1)
            return first + until * _DAY
        if self.rule == "lunar":
            month, day = map(int, self.value.split("-"))
            there = [moved for moved in self.moved if moved.year == year]
            return there[0] if there else _solar(year, month, day)
        return _on(year, self.value)


@cache
def occasions() -> tuple[Occasion, ...]:
    """All occasions of occasions.toml.

    :raises ValueError: for an entry without exactly one rule, or named twice.
    """
    source = resources.files("analysis.questions").joinpath("occasions.toml")
    found = tuple(
        _occasion(entry) for entry in tomllib.loads(source.read_text(encoding="utf-8"))["occasion"]
    )
    if len({occasion.id for occasion in found}) != len(found):
        raise ValueError("occasions.toml: an id stands there twice")
    return found


def _occasion(entry: dict[str, Any]) -> Occasion:
    rules = [rule for rule in _RULES if rule in entry]
    if len(rules) != 1:
        raise ValueError(f"occasions.toml: {entry['id']}: one of {', '.join(_RULES)} is needed")
    return Occasion(
        id=entry["id"],
        names={lang: entry[lang] for lang in ("en", "zh", "vi")},
        langs=tuple(entry["langs"]),
        regions=tuple(entry["regions"]),
        rule=rules[0],
        value=entry[rules[0]],
        before=entry["before"],
        after=entry["after"],
        moved=tuple(date.fromisoformat(day) for day in entry.get("moved", ())),
    )


def _solar(year: int, month: int, day: int) -> date:
    found: date = LunarDate(year, month, day).to_solar_date()
    return found


def _on(year: int, text: str) -> date:
    month, day = map(int, text.split("-"))
    return date(year, month, day)

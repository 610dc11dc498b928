"""A calendar of days as weeks by weekdays, coloured by how many people each day has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

PITCH, SIZE = 15, 13
"""Units from one cell to the next, and of a cell."""

LEFT, TOP = 34, 18
"""Room for the weekdays' names and for the months'."""

STEPS = 4
"""Colours beside that of a day with nobody."""

MOST_DAYS = 371
"""The last 53 weeks; what lies further back is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A cell: ``day`` as ``YYYY-MM-DD``, ``step`` 0 (nobody) to :data:`STEPS`."""

    day: str
    people: int
    step: int
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A row of the numbers: seven days from Monday, ``None`` outside the time shown."""

    monday: str
    days: tuple[Day | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """``months`` [(``YYYY-MM``, x)] that have room for a name; ``steps`` [(step, least, most)] of
    the key, those that a whole number of people can have.
    """

    weeks: tuple[Week, ...]
    months: tuple[tuple[str, int], ...]
    steps: tuple[tuple[int, int, int], ...]
    width: int
    height: int

    def cells(self) -> list[Day]:
        """Every day shown, the oldest first."""
        return [day for week in self.weeks for day in week.days if day is not None]

    def busy(self) -> list[Week]:
        """The weeks with anybody, the newest first: the numbers as a table."""
        return [
            week
            for week in reversed(self.weeks)
            if any(day is not None and day.people for day in week.days)
        ]


def calendar(
    days: Sequence[Mapping[str, object]], since: str | None, until: str | None
) -> Calendar | None:
    """Days in columns of weeks.

    :param days: {``day``, ``people``} of days with anybody, in any order.
    :param since: the first day known (``YYYY-MM-DD``); of more than :data:`MOST_DAYS` the last.
    :param until: the last day known.
    :returns: ``None`` where no day is known.
    """
    first, last = _date(since), _date(until)
    if first is None or last is None or first > last:
        return None
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    counts = {str(one["day"]): _count(one["people"]) for one in days}
    shown = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    top = max((counts.get(str(day), 0) for day in shown), default=0)
    start = first - timedelta(days=first.weekday())
    cells: dict[int, list[Day | None]] = {}
    for day in shown:
        column, row = divmod((day - start).days, 7)
        people = counts.get(str(day), 0)
        cells.setdefault(column, [None] * 7)[row] = Day(
            day=str(day), people=people, step=step(people, top),
            x=LEFT + column * PITCH, y=TOP + row * PITCH,
        )  # fmt: skip
    weeks = tuple(
        Week(monday=str(start + timedelta(weeks=column)), days=tuple(row))
        for column, row in sorted(cells.items())
    )
    return Calendar(
        weeks=weeks,
        months=_months(shown, start),
        steps=steps(top),
        width=LEFT + len(weeks) * PITCH,
        height=TOP + 7 * PITCH,
    )


def step(people: int, top: int) -> int:
    """The colour of a day: 0 for nobody, else which quarter of the busiest day's it reaches."""
    return 0 if people <= 0 or top <= 0 else min(-(-STEPS * people // top), STEPS)


def steps(top: int) -> tuple[tuple[int, int, int], ...]:
    """How many people each colour stands for: (step, least, most)."""
    bounds = [(number * top) // STEPS for number in range(STEPS + 1)]
    return tuple(
        (number, low + 1, high)
        for number, (low, high) in enumerate(pairwise(bounds), start=1)
        if high > low
    )


def _months(shown: Sequence[date], start: date) -> tuple[tuple[str, int], ...]:
    """Each month's name over the week it begins in, where the one before leaves room for it."""
    found: list[tuple[str, int]] = []
    for day in shown:
        if day != shown[0] and day.day != 1:
            continue
        x = LEFT + (day - start).days // 7 * PITCH
        if found and x - found[-1][1] < 3 * PITCH:
            found.pop()  # the first days of the first month: too narrow for its name
        found.append((f"{day:%Y-%m}", x))
    return tuple(found)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0

"""Thirty nights of collecting: a row a spider, a cell a day, coloured by how its runs ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 30

PITCH, SIZE = 22, 19
"""Units from one cell to the next, and of a cell."""

LEFT, TOP, RIGHT = 96, 16, 12
"""Room for the spiders' names and for the days'."""

STATES = ("good", "partial", "failed", "running")
"""How a day went: every source as it should be, some not read, a run that failed or read nothing,
one that still runs. A day without a run has none of them: cron did not start.
"""

MARKS = {"good": "", "partial": "!", "failed": "×", "running": "…"}
"""Said in the cell, too: colour alone tells nothing to many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """A spider's runs of a day (``YYYY-MM-DD``, UTC); ``state`` ``None`` where there was none."""

    spider: str
    day: str
    state: str | None
    runs: int
    pages: int
    posts: int
    unread: int
    x: int
    y: int

    @property
    def mark(self) -> str:
        """The sign in the cell."""
        return MARKS.get(self.state or "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """``days`` [(``YYYY-MM-DD``, x)] that are named over the cells."""

    rows: tuple[tuple[str, tuple[Night, ...]], ...]
    days: tuple[tuple[str, int], ...]
    width: int
    height: int

    def told(self) -> list[Night]:
        """The days with a run, the newest first: the numbers as a table."""
        cells = [night for _, row in self.rows for night in row if night.state]
        return sorted(cells, key=lambda night: night.day, reverse=True)


def nights(found: Iterable[Mapping[str, object]], until: date) -> Nights:
    """Days in columns, the last one ``until``.

    :param found: {``spider``, ``day``, ``runs``, ``pages``, ``posts``, ``sources``, ``unread``
        (not or partly read), ``wholly`` (nothing of them read), ``failed``, ``running``} a spider
        and day; days outside the thirty are left out.
    """
    first = until - timedelta(days=DAYS - 1)
    shown = [str(first + timedelta(days=n)) for n in range(DAYS)]
    by_spider: dict[str, dict[str, Mapping[str, object]]] = {}
    for one in found:
        by_spider.setdefault(str(one["spider"]), {})[str(one["day"])] = one
    rows = tuple(
        (
            spider,
            tuple(
                _night(spider, day, days.get(day), LEFT + column * PITCH, TOP + place * PITCH)
                for column, day in enumerate(shown)
            ),
        )
        for place, (spider, days) in enumerate(sorted(by_spider.items()))
    )
    named = tuple(
        (day, LEFT + column * PITCH)
        for column, day in enumerate(shown)
        if (DAYS - 1 - column) % 7 == 0
    )
    return Nights(
        rows=rows, days=named, width=LEFT + DAYS * PITCH + RIGHT, height=TOP + len(rows) * PITCH
    )


def state(one: Mapping[str, object]) -> str:
    """How a day's runs went together: the worst that was seen of them."""
    if one["running"]:
        return "running"
    if one["failed"] or (one["sources"] and one["wholly"] == one["sources"]):
        return "failed"
    return "partial" if one["unread"] else "good"


def _night(spider: str, day: str, one: Mapping[str, object] | None, x: int, y: int) -> Night:
    counts = {
        name: int(str((one or {}).get(name) or 0)) for name in ("runs", "pages", "posts", "unread")
    }
    return Night(spider=spider, day=day, state=state(one) if one else None, x=x, y=y, **counts)

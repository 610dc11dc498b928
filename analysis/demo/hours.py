"""When the sample's members write: a year with its peaks, days and evenings.

Times are UTC; members live at UTC+7. Before Tết (17 February 2026) shops prepare and ask, in the
holiday nobody writes; 11.11 and 12.12 are the other peaks.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from analysis.demo.answers import NOW

FIRST = date(2025, 11, 21)
LAST = date(2026, 11, 18)
_LOCAL = timedelta(hours=7)

_SEASONS = (
    (date(2025, 12, 5), date(2025, 12, 13), 1.7),  # 12.12
    (date(2026, 1, 12), date(2026, 2, 10), 2.8),  # before Tết
    (date(2026, 2, 14), date(2026, 2, 22), 0.2),  # Tết
    (date(2026, 10, 28), date(2026, 11, 13), 3.2),  # 11.11
)
_WEEKDAYS = (1.1, 1.1, 1.0, 1.0, 0.9, 0.8, 1.2)
_HOURS = (
    2, 1, 0, 0, 0, 0, 1, 3, 5, 7, 8, 6, 5, 6, 5, 4, 4, 4, 5, 7, 10, 13, 12, 7,
)  # fmt: skip
"""Weight of each local hour: mornings before customers come, evenings after closing."""


def thread_time(
    place: float, roll: Callable[[], float], first: date | None, last: date | None
) -> datetime:
    """When a thread begins, UTC, between the days given or anywhere in the year.

    :param place: 0..1, where between the first and the last day, peaks counted in.
    :param roll: gives numbers 0 <= n < 1.
    """
    days, weights = _days(first or FIRST, last or LAST)
    day = days[_weighted(weights, place)]
    hour = _weighted(_HOURS, roll())
    minute, second = int(roll() * 60), int(roll() * 60)
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)
    return min(local - _LOCAL, NOW - timedelta(hours=2, minutes=minute))


def reply_delay(roll: Callable[[], float], after: datetime, *, slow: bool = False) -> datetime:
    """When the next reply comes: minutes to a day later, days in a slow thread, not at night."""
    spread = 12 * 24 * 60.0 if slow else 22 * 60.0
    at = after + timedelta(minutes=6 + int(spread * roll() ** 2), seconds=int(roll() * 60))
    if _HOURS[(at + _LOCAL).hour] == 0:
        at += timedelta(hours=6, minutes=int(roll() * 50))
    return at


@lru_cache(maxsize=64)
def _days(first: date, last: date) -> tuple[tuple[date, ...], tuple[float, ...]]:
    days = tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
    return days, tuple(_weight(day) for day in days)


def _weight(day: date) -> float:
    season = next((weight for start, end, weight in _SEASONS if start <= day <= end), 1.0)
    return season * _WEEKDAYS[day.weekday()]


def _weighted(weights: tuple[float, ...] | tuple[int, ...], roll: float) -> int:
    left = roll * sum(weights)
    for index, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return index
    return len(weights) - 1

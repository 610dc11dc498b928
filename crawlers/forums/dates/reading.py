"""When was it posted? The time words of forums in English, Chinese and Vietnamese -> UTC.

Own rules first: the forms engines print are closed and a wrong guess is worse than none; every
other language goes to dateparser, and only where a whole date stands in the text. All rules run on
the folded text (lower case, no diacritics, simplified characters), so ``Hôm qua lúc 10:23``,
``hom qua luc 10:23`` and ``昨天``/``昨日`` need one rule each. Pure.

What a label says at once absolutely and from now ("3 hours ago (11-22-2026)") is read absolutely.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from crawlers.forums.dates import days
from crawlers.forums.dates.clocks import (
    clock_in,
    half_after,
    has_half,
    is_clock,
    time_of_day,
    zone_in,
)
from crawlers.forums.dates.days import Day, Order, date_in, day_named, numbers_only, plain_label
from crawlers.forums.dates.elsewhere import parse_elsewhere
from crawlers.forums.dates.relative import counted_back, counts_back
from crawlers.forums.dates.zones import zone_named
from crawlers.words import Precision

__all__ = ["UNREAD", "DateRead", "Order", "is_relative", "order_of", "read_date"]

_LONGEST = 160  # characters: time labels are short, a paragraph is no time label
_OLDEST = 1980  # Usenet; what is older is the zero of a clock
_AHEAD = timedelta(days=1)
"""Further after the fetch nothing was posted: a local time read as UTC is 14 hours off at most."""

_EPOCH = re.compile(r"([1-9]\d{9})(?:\d{3})?(?:\.\d{1,9})?")
_SOME_DAY = datetime(2024, 2, 29, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DateRead:
    """A time read: aware UTC or ``None``, how exact, and the zone a local time was read in."""

    posted_at: datetime | None
    precision: Precision
    timezone: str | None


UNREAD = DateRead(None, "unknown", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Local:
    """What a label without a zone is read with."""

    now: datetime
    zone: tzinfo | None
    name: str | None
    lang: str | None
    order: Order | None

    @property
    def wall_now(self) -> datetime:
        return self.now.astimezone(self.zone or UTC)

    def read(self, wall: datetime, precision: Precision, offset: str | None = None) -> DateRead:
        if offset:
            stamp = f"{wall.isoformat()}{'+00:00' if offset == 'z' else offset}"
            return DateRead(datetime.fromisoformat(stamp).astimezone(UTC), precision, None)
        at = wall.replace(tzinfo=self.zone or UTC).astimezone(UTC)
        return DateRead(at, precision, self.name)


def read_date(
    text: str | None,
    *,
    fetched_at: datetime,
    timezone: str | None = None,
    lang: str | None = None,
    order: Order | None = None,
) -> DateRead:
    """The time a label tells.

    A label that names its zone (``Z``, ``+07:00``, ``UTC``) or counts back from now ("3 hours
    ago") needs no zone and has ``timezone`` ``None``. A local time is read in ``timezone`` and
    says so; without one it is read as UTC and says nothing. A time more than a day after the fetch
    is not believed, nor one before 1980.

    :param text: the label as it stands; words around the time ("Posted by x on ...") do no harm.
    :param fetched_at: aware time of the fetch; "yesterday" and "3 hours ago" are told from it.
    :param timezone: IANA name, or an offset such as ``UTC+7``; one nobody knows counts as none.
    :param lang: language tag of the page (``vi``, ``en-US``): tells which of ``05/06/2024`` is the
        day. Resolved so, the precision stays ``day``; unresolved, there is no time at all. Where
        one of the two lies after the fetch, it is the other for sure.
    :param order: the order where it is known for sure (the engine's setting, another date of the
        page: see :func:`order_of`).
    """
    if not text or not text.strip():
        return UNREAD
    now = fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC)
    read = _read(" ".join(text[: 2 * _LONGEST].split())[:_LONGEST], now, timezone, lang, order)
    return read if _believed(read.posted_at, now) else UNREAD


def order_of(texts: Iterable[str]) -> Order | None:
    """The order of day and month a page's dates show, where one of them can only be read one way.

    ``None`` where none tells or two contradict each other.
    """
    return days.order_of(texts)


def is_relative(text: str) -> bool:
    """Whether the label counts from now ("3 hours ago", "Yesterday"): it changes by itself.

    One with a date beside it ("Sat Nov 22, 2026", "3 hours ago (11-22-2026)") does not count.
    """
    label = plain_label(text[:_LONGEST])
    try:
        if date_in(label, _SOME_DAY, None, "dmy"):
            return False
    except ValueError:  # a date after that day, or one of no calendar: a date all the same
        return False
    return counts_back(label) or day_named(label, _SOME_DAY, clock=_has_clock(label)) is not None


def _believed(posted_at: datetime | None, now: datetime) -> bool:
    if posted_at is None or posted_at.year < _OLDEST:
        return posted_at is None
    try:
        return posted_at <= now + _AHEAD
    except OverflowError:
        return True


@lru_cache(maxsize=8_192)
def _read(
    text: str, now: datetime, timezone: str | None, lang: str | None, order: Order | None
) -> DateRead:
    zone = zone_named(timezone)
    local = _Local(now=now, zone=zone, name=timezone if zone else None, lang=lang, order=order)
    try:
        label = plain_label(text)
        if found := _EPOCH.fullmatch(label):
            return DateRead(datetime.fromtimestamp(int(found[1]), UTC), "second", None)
        return (
            _dated(label, local)
            or _counted(label, local)
            or _on_a_day(label, local)
            or _today(label, local)
            or _in_other_language(text, label, local)
        )
    except (ValueError, OverflowError):  # 31 February, 25:61: nothing that can be told
        return UNREAD


def _dated(label: str, local: _Local) -> DateRead | None:
    day = date_in(label, local.wall_now, local.lang, local.order)
    if day is None:
        return None
    iso = day.moment
    if iso is None:
        return _with_clock(label, day, local)
    after = label[day.end :]
    since = time_of_day(int(iso[5]), int(iso[6]), int(iso[7] or 0), half_after(after))
    return local.read(day.on + since, "second" if iso[7] else "minute", iso[8] or zone_in(after))


def _counted(label: str, local: _Local) -> DateRead | None:
    """A time counted back; "3 days ago at 10:23" is that day's clock where the forum is."""
    counted = counted_back(label, local.now.astimezone(UTC).replace(microsecond=0))
    if counted is None or counted[1] != "day" or not _has_clock(label):
        return DateRead(*counted, None) if counted else None
    then = counted[0].astimezone(local.zone or UTC)
    day = Day(on=datetime(then.year, then.month, then.day), start=0, end=0)  # noqa: DTZ001
    return _with_clock(label, day, local)


def _on_a_day(label: str, local: _Local) -> DateRead | None:
    day = day_named(label, local.wall_now, clock=_has_clock(label))
    return _with_clock(label, day, local) if day else None


def _today(label: str, local: _Local) -> DateRead | None:
    """A clock alone: the last such time before the fetch.

    In English a bare ``12:30`` is as often how long a film runs; there it needs its AM or PM.
    """
    if not is_clock(label):
        return None
    if (local.lang or "").lower().startswith("en") and not has_half(label):
        return None
    now = local.wall_now
    day = Day(on=datetime(now.year, now.month, now.day), start=0, end=0)  # noqa: DTZ001
    read = _with_clock(label, day, local)
    late = read.posted_at is not None and read.posted_at > local.now + timedelta(minutes=5)
    if late and local.zone is not None and read.posted_at is not None:
        return DateRead(read.posted_at - timedelta(days=1), read.precision, read.timezone)
    return read


def _with_clock(label: str, day: Day, local: _Local) -> DateRead:
    rest = f"{label[: day.start]} | {label[day.end :]}"
    clock = clock_in(rest, day.half) if day.precision == "day" else None
    if clock is None:
        return local.read(day.on, day.precision)
    precision = clock.precision if day.certain else "day"
    return local.read(day.on + clock.since_midnight, precision, zone_in(rest[clock.end :]))


def _has_clock(label: str) -> bool:
    try:
        return clock_in(label) is not None
    except ValueError:
        return False


def _in_other_language(text: str, label: str, local: _Local) -> DateRead:
    if numbers_only(label):  # what is ambiguous to our own rules is not told by another's guess
        return UNREAD
    read = parse_elsewhere(text, local.wall_now, local.lang)
    if read is None:
        return UNREAD
    precision: Precision = "minute" if re.search(r"\d{1,2}:\d{2}", text) else "day"
    if read.tzinfo:
        return DateRead(read.astimezone(UTC), precision, None)
    return local.read(read, precision)

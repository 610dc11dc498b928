"""When was it posted? The time words of forums in English, Chinese and Vietnamese -> UTC.

Own rules first: the forms engines print are closed and a wrong guess is worse than none; every
other language goes to dateparser, and only where a whole date stands in the text. All rules run on
the folded text (lower case, no diacritics, simplified characters), so ``Hôm qua lúc 10:23``,
``hom qua luc 10:23`` and ``昨天``/``昨日`` need one rule each. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

from crawlers.folding import fold
from crawlers.forums.date_words import (
    AFTERNOON,
    DAYS_AGO,
    MONTHS,
    MORNING,
    NOON,
    NUMBERS,
    RELATIVE_FORMS,
    UNITS,
    WEEKDAYS,
    ZONE_OFFSETS,
)
from crawlers.forums.dates_elsewhere import parse_elsewhere
from crawlers.forums.zones import zone_named
from crawlers.words import Precision

Order = Literal["dmy", "mdy"]
"""Which of two small numbers is the day where a year stands last."""

_NEAR = 16  # characters after a clock in which its zone stands
_LONGEST = 160  # characters: time labels are short, a paragraph is no time label
_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_WEEKDAY = "|".join(sorted(map(re.escape, WEEKDAYS), key=len, reverse=True))
_DAY_WORD = "|".join(sorted(map(re.escape, DAYS_AGO), key=len, reverse=True))
_YEAR = r"((?:19|20)\d{2})"

_EPOCH = re.compile(r"[1-9]\d{9}(?:\d{3})?")
_ISO = re.compile(
    r"(?<!\d)" + _YEAR + r"[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"
    r"(?:(?:t|,? {1,3})(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?"
    r" ?(z\b|[+-]\d{2}:?\d{2}(?!\d))?"
)
_HAN_DATE = re.compile(
    r"(?:" + _YEAR + r" ?年 ?)?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?(?:, " + _YEAR + r")?"
)
_VI_DATE = re.compile(
    r"(?:ngay )?(?<!\d)(\d{1,2}) thang (\d{1,2}),?(?: nam)?(?: " + _YEAR + r")?(?!\d)"
)
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -](?:" + _MONTH + r")\b\.?"
    r"(?:,?[ -]" + _YEAR + r"|,? ['’](\d{2}))?(?!\d)"
)
_MONTH_DAY = re.compile(
    r"\b(" + _MONTH + r")\.? (\d{1,2})(?:st|nd|rd|th)?(?!\d|:)"
    r"(?:,? " + _YEAR + r"|,? ['’](\d{2}))?(?!\d)"
)
_MONTH_YEAR = re.compile(r"(" + _MONTH + r")\.? " + _YEAR)
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d.])")
_DAY_NAMED = re.compile(r"(?<![a-z])(" + _DAY_WORD + r")(?![a-z])")
_WEEKDAY_NAMED = re.compile(r"(?<![a-z])(" + _WEEKDAY + r")(?![a-z])")
_CLOCK = re.compile(
    r"(上午|下午|凌晨|早上|中午|晚上|傍晚|清晨|a\.?m\.?|p\.?m\.?)? ?(?<![\d:/.-])"
    r"(\d{1,2})(?::|h|时|点|：)(\d{2})?分?(?:[:：](\d{2}))?(?:\.\d+)?秒?"
    r"(?![\d:])(?: ?(a\.?m\b\.?|p\.?m\b\.?|sa\b|ch\b|a\b|p\b))?"
)
_HOUR_ONLY = re.compile(r"(?<![\d:/.-])(\d{1,2}) ?(a\.?m\b\.?|p\.?m\b\.?)")
_NAMED_HOUR = re.compile(r"\b(noon|midnight)\b")
_OFFSET = re.compile(r"\b(?:utc|gmt)? ?([+-]\d{1,2})(?::?(\d{2}))?(?!\d|[-/.:])")
_ZONE_WORD = re.compile(r"\b(" + "|".join(ZONE_OFFSETS) + r")\b")
_WEEKDAY_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class DateRead:
    """A time read: aware UTC or ``None``, how exact, and the zone a local time was read in."""

    posted_at: datetime | None
    precision: Precision
    timezone: str | None


UNREAD = DateRead(None, "unknown", None)


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
    says so; without one it is read as UTC and says nothing.

    :param text: the label as it stands; words around the time ("Posted by x on ...") do no harm.
    :param fetched_at: aware time of the fetch; "yesterday" and "3 hours ago" are told from it.
    :param timezone: IANA name, or an offset such as ``UTC+7``; one nobody knows counts as none.
    :param lang: language tag of the page (``vi``, ``en-US``): tells which of ``05/06/2024`` is the
        day. Resolved so, the precision stays ``day``; unresolved, there is no time at all.
    :param order: the order where it is known for sure (the engine's setting, another date of the
        page: see :func:`order_of`).
    """
    if not text or not text.strip():
        return UNREAD
    now = fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC)
    return _read(" ".join(text[: 2 * _LONGEST].split())[:_LONGEST], now, timezone, lang, order)


def order_of(texts: Iterable[str]) -> Order | None:
    """The order of day and month a page's dates show, where one of them can only be read one way.

    ``None`` where none tells or two contradict each other.
    """
    seen: set[Order] = set()
    for text in texts:
        found = _NUMERIC.search(text[:_LONGEST])
        if found:
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                seen.add("dmy")
            elif second > 12 >= first:
                seen.add("mdy")
    return seen.pop() if len(seen) == 1 else None


def is_relative(text: str) -> bool:
    """Whether the label counts from now ("3 hours ago", "Yesterday"): it changes by itself."""
    folded = fold(text[:_LONGEST])
    return bool(
        _DAY_NAMED.search(folded)
        or _WEEKDAY_NAMED.search(folded)
        or any(rule.search(folded) for rule, _ in RELATIVE_FORMS)
    )


@lru_cache(maxsize=8_192)
def _read(
    text: str, now: datetime, timezone: str | None, lang: str | None, order: Order | None
) -> DateRead:
    folded = fold(text).replace("’", "'")
    if _EPOCH.fullmatch(folded):
        return _from_epoch(folded, now)
    zone = zone_named(timezone)
    try:
        return (
            _relative(folded, now)
            or _absolute(folded, now, zone, timezone if zone else None, lang, order)
            or _in_other_language(text, now, zone, timezone if zone else None, lang)
        )
    except (ValueError, OverflowError):  # 31 February, year 0: nothing that can be told
        return UNREAD


def _from_epoch(digits: str, now: datetime) -> DateRead:
    seconds = int(digits[:10])
    read = datetime.fromtimestamp(seconds, UTC)
    if not 1985 <= read.year <= now.year + 1:  # a phone number, a post's number
        return UNREAD
    return DateRead(read, "second", None)


def _relative(text: str, now: datetime) -> DateRead | None:
    for rule, whole in RELATIVE_FORMS:
        found = rule.fullmatch(text) if whole else rule.search(text)
        if not found:
            continue
        groups = found.groupdict()
        unit = UNITS[groups["unit"]] if groups.get("unit") else "second"
        count = _count(groups.get("count") or "")
        if count > 20_000:
            return None
        return DateRead(*_before(now.astimezone(UTC), count, unit), None)
    return None


def _count(word: str) -> float:
    word = word.strip()
    return float(word.replace(",", "")) if word[:1].isdigit() else NUMBERS.get(word, 0)


def _before(now: datetime, count: float, unit: str) -> tuple[datetime, Precision]:
    now = now.replace(microsecond=0)
    if unit in ("month", "year"):
        months = round(count * (12 if unit == "year" else 1))
        total = now.year * 12 + now.month - 1 - months
        year, month = divmod(total, 12)
        day = min(now.day, 28) if now.day > 28 else now.day
        return now.replace(year=year, month=month + 1, day=day), (
            "month" if unit == "month" else "year"
        )
    step = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}[unit]
    precision: dict[str, Precision] = {"second": "minute", "minute": "minute", "hour": "hour"}
    return now - timedelta(seconds=count * step), precision.get(unit, "day")


def _absolute(
    text: str,
    now: datetime,
    zone: tzinfo | None,
    zone_name: str | None,
    lang: str | None,
    order: Order | None,
) -> DateRead | None:
    iso = _ISO.search(text)
    if iso and iso[4]:
        offset = iso[7] or _zone_in(text[iso.end() : iso.end() + _NEAR])
        half = _half_of_day(text[iso.end() : iso.end() + 5])
        local = _wall(
            int(iso[1]), int(iso[2]), int(iso[3]), _hour(int(iso[4]), half), int(iso[5]),
            int(iso[6] or 0),
        )  # fmt: skip
        return _in_zone(local, "second" if iso[6] else "minute", zone, zone_name, offset)
    day = _day(text, now.astimezone(zone or UTC), lang, order)
    if day is None:
        return None
    date, start, end, certain, precision = day
    rest = f"{text[:start]} | {text[end:]}"
    clock = _clock(rest) if precision == "day" else None
    offset = None
    if clock:
        hour, minute, second, clock_precision, end = clock
        offset = _zone_in(rest[end : end + _NEAR])
        date = date.replace(hour=hour, minute=minute, second=second)
        precision = clock_precision if certain else "day"
    return _in_zone(date, precision, zone, zone_name, offset)


def _wall(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    """A time on the forum's own clock; which zone that is comes last."""
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001


def _day(
    text: str, now: datetime, lang: str | None, order: Order | None
) -> tuple[datetime, int, int, bool, Precision] | None:
    if found := _ISO.search(text):
        return _dated(found, int(found[1]), int(found[2]), int(found[3]))
    if found := _HAN_DATE.search(text):
        year = _year(found[1] or found[4], found[2], found[3], now)
        return _dated(found, year, int(found[2]), int(found[3]))
    if found := _VI_DATE.search(text):
        return _dated(found, _year(found[3], found[2], found[1], now), int(found[2]), int(found[1]))
    if found := _DAY_MONTH.search(text):
        named = re.search(_MONTH, found[0])
        month = MONTHS[named[0]] if named else 0
        year = _year(found[2], month, found[1], now, found[3])
        return _dated(found, year, month, int(found[1]))
    if found := _MONTH_DAY.search(text):
        month = MONTHS[found[1]]
        year = _year(found[3], month, found[2], now, found[4])
        return _dated(found, year, month, int(found[2]))
    if found := _NUMERIC.search(text):
        return _numeric(found, text, lang, order)
    if found := _DAY_NAMED.search(text):
        date = (now - timedelta(days=DAYS_AGO[found[1]])).date()
        return _dated(found, date.year, date.month, date.day)
    if (found := _WEEKDAY_NAMED.search(text)) and _WEEKDAY_CLOCK.search(text):
        back = (now.weekday() - WEEKDAYS[found[1]]) % 7 or 7
        date = (now - timedelta(days=back)).date()
        return _dated(found, date.year, date.month, date.day)
    if found := _MONTH_YEAR.fullmatch(text):
        start = _wall(int(found[2]), MONTHS[found[1]], 1)
        return start, found.start(), found.end(), True, "month"
    return None


def _dated(
    found: re.Match[str], year: int, month: int, day: int
) -> tuple[datetime, int, int, bool, Precision]:
    return _wall(year, month, day), found.start(), found.end(), True, "day"


def _numeric(
    found: re.Match[str], text: str, lang: str | None, order: Order | None
) -> tuple[datetime, int, int, bool, Precision] | None:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if len(found[4]) == 2:
        year += 2000 if year < 70 else 1900
    certain = True
    if first > 12 or first == second:
        chosen: Order | None = "dmy"
    elif second > 12:
        chosen = "mdy"
    elif order or re.search(r"\b(luc|ngay)\b", text) or found[2] == ".":
        chosen = order or "dmy"  # Vietnamese words; points stand between day and month only
    else:
        chosen, certain = _order_by_language(lang), False
    if chosen is None:
        return None
    day, month = (first, second) if chosen == "dmy" else (second, first)
    return _wall(year, month, day), found.start(), found.end(), certain, "day"


def _order_by_language(lang: str | None) -> Order | None:
    tag = (lang or "").lower().replace("_", "-")
    primary = tag.split("-")[0]
    if primary == "en":  # plain "en" is written both ways
        if tag in ("en-us", "en-ph"):
            return "mdy"
        return "dmy" if "-" in tag and tag not in ("en-ca",) else None
    known = {"vi", "fr", "de", "es", "it", "pt", "nl", "ru", "pl", "id", "th", "tr", "uk", "cs"}
    return "dmy" if primary in known else None


def _year(
    written: str | None, month: int | str, day: int | str, now: datetime, short: str | None = None
) -> int:
    if written:
        return int(written)
    if short:
        return 2000 + int(short)
    month, day = int(month), int(day)
    ahead = (month, day) > ((now + timedelta(days=1)).month, (now + timedelta(days=1)).day)
    return now.year - 1 if ahead else now.year


def _clock(text: str) -> tuple[int, int, int, Precision, int] | None:
    found = _CLOCK.search(text)
    if found and (found[3] or found[0].rstrip().endswith(("时", "点"))):
        hour = _hour(int(found[2]), _half_of_day(found[5] or found[1] or ""))
        precision: Precision = "second" if found[4] else ("minute" if found[3] else "hour")
        return hour, int(found[3] or 0), int(found[4] or 0), precision, found.end()
    if found := _HOUR_ONLY.search(text):  # Django leaves out the minutes of a full hour
        return _hour(int(found[1]), _half_of_day(found[2])), 0, 0, "minute", found.end()
    if found := _NAMED_HOUR.search(text):
        return (12 if found[1] == "noon" else 0), 0, 0, "minute", found.end()
    return None


def _half_of_day(word: str) -> Literal["am", "pm", "noon", ""]:
    word = word.strip().replace(".", "")
    if word in MORNING:
        return "am"
    if word in AFTERNOON:
        return "pm"
    return "noon" if word in NOON else ""


def _hour(hour: int, half: str) -> int:
    if half == "pm" and hour < 12:
        return hour + 12
    if half == "noon" and hour < 3:  # 中午 1 点
        return hour + 12
    return 0 if half == "am" and hour == 12 else hour


def _zone_in(rest: str) -> str | None:
    if found := _OFFSET.search(rest):
        return f"{int(found[1]):+03d}:{found[2] or '00'}"
    found = _ZONE_WORD.search(rest)
    return ZONE_OFFSETS[found[1]] if found else None


def _in_zone(
    local: datetime,
    precision: Precision,
    zone: tzinfo | None,
    zone_name: str | None,
    offset: str | None,
) -> DateRead:
    if offset:
        stamp = f"{local.isoformat()}{'+00:00' if offset == 'z' else offset}"
        return DateRead(datetime.fromisoformat(stamp).astimezone(UTC), precision, None)
    return DateRead(local.replace(tzinfo=zone or UTC).astimezone(UTC), precision, zone_name)


def _in_other_language(
    text: str, now: datetime, zone: tzinfo | None, zone_name: str | None, lang: str | None
) -> DateRead:
    read = (
        None if _NUMERIC.search(text) else parse_elsewhere(text, now.astimezone(zone or UTC), lang)
    )
    if read is None:  # what was ambiguous to our own rules is not told by another's guess
        return UNREAD
    precision: Precision = "minute" if _WEEKDAY_CLOCK.search(text) else "day"
    if read.tzinfo:
        return DateRead(read.astimezone(UTC), precision, None)
    return _in_zone(read, precision, zone, zone_name, None)

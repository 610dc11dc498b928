"""The clock of a time label: hours, minutes, half of the day, zone. Pure, on folded text."""

import re
from dataclasses import dataclass
from datetime import timedelta

from crawlers.forums.dates.words import HALVES, ZONE_OFFSETS, ZONE_PHRASES, Half
from crawlers.words import Precision

_NEAR = 24  # characters after a clock in which its zone stands

_BEFORE = (
    r"上午|下午|凌晨|零晨|早上|早晨|清晨|中午|午后|晚上|晚间|傍晚|深夜|半夜|夜里|夜间|午夜|早|晚"
    r"|\b[ap]\.?m\.?"
)
_AFTER = r"a\.?m\b\.?|p\.?m\b\.?|sa\b|ch\b|sang\b|trua\b|chieu\b|toi\b|dem\b|a\b|p\b"
_COUNTED = r"(?! ?(?:truoc|ago|前|之前|以前|phut truoc))"  # "3 giờ trước" is no clock
_DIGITAL = re.compile(
    rf"(?:({_BEFORE}) ?)?(?<![\d:/.-])(\d{{1,2}}):(\d{{2}})(?::(\d{{2}}))?(?:[.,]\d{{1,9}})?"
    rf"(?![\d:])(?: ?({_AFTER}))?"
)
_FRENCH = re.compile(rf"()(?<![\d:/.-])(\d{{1,2}})h(\d{{2}})()(?!\d)(?: ?({_AFTER}))?")
_SPOKEN = re.compile(
    rf"(?:({_BEFORE}) ?)?(?<![\d:/.-])(\d{{1,2}}) ?(?:时|点钟?|gio\b){_COUNTED}"
    rf"(?: ?(\d{{1,2}}|半) ?(?:分|phut\b){_COUNTED}| ?(半|\d{{2}}(?![\d/.:-])))?"
    rf"(?: ?(\d{{1,2}}) ?(?:秒|giay\b))?(?: ?({_AFTER}))?"
)
_BARE_H = re.compile(
    rf"(?:\b(?:luc|vao|hoi) (\d{{1,2}}) ?h\b(?: ?({_AFTER}))?|\b(\d{{1,2}}) ?h ?({_AFTER}))"
)
_HOUR_H = re.compile(r"(?<![\d:/.-])(\d{1,2}) ?h\b")
_HOUR_ONLY = re.compile(r"(?<![\d:/.-])(\d{1,2}) ?(a\.?m\b\.?|p\.?m\b\.?)")
_NAMED_HOUR = re.compile(r"\b(noon|midnight)\b")
_OFFSET = re.compile(
    r"(?:\b(?:utc|gmt) ?([+-]) ?(\d{1,2})(?::?(\d{2}))?|(?<!\d)([+-])(\d{2}):?(\d{2}))(?![\d:])"
)
_ZONE_WORD = re.compile(r"\b(" + "|".join(ZONE_OFFSETS) + r")\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock as a label shows it; the midnight that ends the day is 24 hours."""

    since_midnight: timedelta
    precision: Precision
    end: int
    """Where in the text it ends."""


def clock_in(text: str, half: Half = "") -> Clock | None:
    """The first clock of a folded label; ``None`` where there is none.

    :param half: the half of the day told elsewhere in the label ("tối qua", "昨晚").
    :raises ValueError: where the numbers are no time of day (``25:61``).
    """
    for rule in (_DIGITAL, _FRENCH):
        if found := rule.search(text):
            precision: Precision = "second" if found[4] else "minute"
            told = half_named(found[1] or found[5] or "") or half
            return _checked(found[2], found[3], found[4], told, precision, found.end())
    if found := _SPOKEN.search(text):
        minute = found[3] or found[4]
        minute = "30" if minute == "半" else minute
        precision = "second" if found[5] else ("minute" if minute else "hour")
        told = half_named(found[1] or found[6] or "") or half
        return _checked(found[2], minute, found[5], told, precision, found.end())
    if found := _BARE_H.search(text):
        told = half_named(found[2] or found[4] or "") or half
        return _checked(found[1] or found[3], None, None, told, "hour", found.end())
    if half and (found := _HOUR_H.search(text)):
        return _checked(found[1], None, None, half, "hour", found.end())
    if found := _HOUR_ONLY.search(text):  # Django leaves out the minutes of a full hour
        return _checked(found[1], None, None, half_named(found[2]), "minute", found.end())
    if found := _NAMED_HOUR.search(text):
        hour = "12" if found[1] == "noon" else "0"
        return _checked(hour, None, None, "", "minute", found.end())
    return None


def is_clock(text: str) -> bool:
    """Whether the whole label is a clock with minutes, be it after a word such as "at"."""
    bare = re.sub(r"^(?:at|luc|vao luc|@) ", "", text.strip())
    found = _DIGITAL.fullmatch(bare)
    return found is not None and found[4] is None


def has_half(text: str) -> bool:
    """Whether a clock of the label names its half of the day: no duration does."""
    found = _DIGITAL.search(text)
    return found is not None and bool(found[1] or found[5])


def half_named(word: str) -> Half:
    """The half of the day a word names; ``""`` where it names none."""
    return HALVES.get(word.strip().replace(".", ""), "")


def half_after(text: str) -> Half:
    """The half of the day that stands right at the start of a text."""
    found = re.match(rf" ?({_AFTER})", text)
    return half_named(found[1]) if found else ""


def hour_of(hour: int, half: Half) -> int:
    """An hour on the clock of 24; the twelve at night is 24, the midnight that ends the day."""
    if half == "am":
        return 0 if hour == 12 else hour
    if half in ("evening", "night") and hour == 12:
        return 24
    if half == "night" and hour < 6:  # "2 giờ đêm"
        return hour
    if half == "noon" and hour > 3:
        return hour
    return hour + 12 if half and hour < 12 else hour


def zone_in(text: str) -> str | None:
    """The zone told within a few characters of a text's start, as ``+07:00``."""
    near = text[:_NEAR]
    if found := _OFFSET.search(near):
        sign, hours, minutes = found[1] or found[4], found[2] or found[5], found[3] or found[6]
        if int(hours) < 15 and int(minutes or 0) < 60:
            return f"{sign}{int(hours):02d}:{minutes or '00'}"
    for phrase, offset in ZONE_PHRASES.items():
        if phrase in near:
            return offset
    word = _ZONE_WORD.search(near)
    return ZONE_OFFSETS[word[1]] if word else None


def time_of_day(hour: int, minute: int, second: int, half: Half = "") -> timedelta:
    """The time since midnight; ``24:00`` is the midnight that ends the day.

    :raises ValueError: where the numbers are no time of day (``25:61``). A leap second is not one.
    """
    if minute > 59 or second > 60 or hour > 24 or (hour == 24 and minute + second):
        raise ValueError("no time of day")
    return timedelta(hours=hour_of(hour, half), minutes=minute, seconds=min(second, 59))


def _checked(
    hour: str, minute: str | None, second: str | None, half: Half, precision: Precision, end: int
) -> Clock:
    since = time_of_day(int(hour), int(minute or 0), int(second or 0), half)
    return Clock(since_midnight=since, precision=precision, end=end)

"""Which day does a time label name? Dates with their month, and days told from now. Pure.

Works on labels as :func:`plain_label` leaves them: folded, one way of writing each thing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawlers.folding import fold
from crawlers.forums.dates.words import DAYS_AGO, MONTHS, WEEKDAYS, Half
from crawlers.words import Precision

Order = Literal["dmy", "mdy"]
"""Which of two small numbers is the day where a year stands last, or none stands at all."""

_AHEAD = timedelta(days=1)
"""A forum's clock is at most 14 hours before UTC; what lies further ahead was not posted yet."""


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_MONTH = _any(MONTHS)
_YEAR = r"((?:19|20)\d{2})"
_HAN_DIGITS = dict(zip("〇零一二三四五六七八九", "00123456789"))

# --- one way of writing each thing -----------------------------------------------------------

_DASH = re.compile("[‐‑‒–—−]")
_HAN_NUMBER = re.compile(r"[〇零一二三四五六七八九十]{1,4}(?= ?[年月日号时点分秒])")
_REPUBLIC = re.compile(r"民国 ?(\d{2,3}) ?(年|[-/.](?=\d))|(?<!\d)(1\d\d) ?(年)(?= ?\d{1,2} ?月)")
_SUFFIX_YEAR = re.compile(  # Sun Nov 22 15:16:08 UTC 2026
    rf"\b((?:{_MONTH})\.? \d{{1,2}}|\d{{1,2}} (?:{_MONTH}))\b,?"
    r" (\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m\b)?(?: [a-z]{2,5}\b| [+-]\d{4}\b)?),? " + _YEAR + r"\b"
)
_YEAR_AFTER_CLOCK = re.compile(rf":\d\d[^|]{{0,24}} {_YEAR}\b")
_JOINED_WORDS = ("join", "register", "member", "tham gia", "thanh vien", "dang ky", "注册", "加入")
_EDITED_WORDS = ("edited", "modified", "updated", "编辑", "修改", "sua")
_NOT_POSTED = re.compile(
    r"(?:\b(?:joined|join date|registered|member since|ngay tham gia|tham gia|thanh vien tu"
    r"|dang ky)\b|注册(?:时间|日期|于)|加入(?:时间|日期|于)).*?"
    r"(?=\b(?:posted|post date|dang luc|gui luc|viet luc)\b|发表|发布|$)"
)
_EDITED = re.compile(
    r"(?<![ (\[|·,;])[ (\[|·,;]*+(?:\b(?:last )?(?:edited|modified|updated)\b|最后编辑|最后修改"
    r"|编辑于|\b(?:chinh )?sua (?:lan cuoi|luc)\b).*"
)

# --- dates -----------------------------------------------------------------------------------

_DIGIT = re.compile(r"\d")
_ISO = re.compile(
    r"(?<![\d.])" + _YEAR + r"(?: ?([-/.]) ?)(\d{1,2}) ?\2 ?(\d{1,2})(?!\.?\d)"
    r"(?:(?:t|,? {1,3})(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?"
    r" ?(z\b|[+-]\d{2}:?\d{2}(?!\d))?"
)
_YEAR_NAMED = re.compile(rf"\b{_YEAR}[- ]({_MONTH})\.?[- ](\d{{1,2}})(?!\d)")
_HAN_DATE = re.compile(
    r"(?:((?:19|20)?\d{2}) ?年 ?)?(?<!\d)(\d{1,2}) ?月 ?(\d{1,2})(?: ?[日号]|(?! ?[天个年月\d]))"
    r"(?:, ?" + _YEAR + r")?"
)
_HAN_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2}) (\d{1,2}) ?月,? " + _YEAR)
_VI_DATE = re.compile(
    r"(?:ngay )?(?<!\d)(\d{1,2}) thang (\d{1,2})(?!\d| ?ngay)(?:,? nam|,| -)? ?(?:"
    + _YEAR
    + r")?(?!\d)"
)
_VI_MONTH_FIRST = re.compile(r"\bthang (\d{1,2}) (\d{1,2}),? " + _YEAR)
_SHORT_YEAR = r"(?:,? ?'|(?<=[a-z])[-/]|,? (?=\d\d(?:$|,| at\b| luc\b| \d{1,2}:)))(\d{2})(?![\d:])"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ /-]({_MONTH})\b\.?"
    rf"(?:,?(?: nam)?[ /-]{_YEAR}|{_SHORT_YEAR})?(?![\d])"
)
_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\.?[ -](\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:)"
    rf"(?:,?(?: nam)?[ -]{_YEAR}|,? ?'(\d{{2}}))?(?!\d)"
)
_NUMERIC = re.compile(r"(?<!\d)(?<!\d[./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d|[./-]\d)")
_SHORT = re.compile(r"(?<!\d)(?<!\d[./-])(\d{1,2})([-/])(\d{1,2})(?!\d|[./-]\d)")
_CLOCK_NEXT = re.compile(r",? (?:at |luc |上午|下午)?\d{1,2}:\d{2}")
_CLOCK_BEFORE = re.compile(r"\d{1,2}:\d{2}(?: ?[ap]m)?,? (?:ngay )?$")
_MONTH_ONLY = (
    re.compile(rf"()({_MONTH})\.?,?(?: nam)? ?(?:{_YEAR}|'(\d{{2}}))"),
    re.compile(rf"(?:{_YEAR}) ?年 ?(\d{{1,2}}) ?月()()"),
    re.compile(r"()thang (\d{1,2})(?: nam |[/, -]{1,2})" + _YEAR + "()"),
    re.compile(rf"{_YEAR}-(\d{{2}})()()"),
    re.compile(rf"()(\d{{1,2}})/{_YEAR}()"),
)

# --- days told from now ----------------------------------------------------------------------

_DAY_NAMED = re.compile(rf"(?<![a-z])({_any(DAYS_AGO)})(?![a-z])")
_WEEKDAY_NAMED = re.compile(
    rf"(?:\b(last|this) |(上上个?|上个?|这个?|本))?(?<![a-z])({_any(WEEKDAYS)})(?![a-z\d])"
    r"(?: (tuan truoc|tuan roi|tuan nay))?"
)
_TWO_DIGIT = re.compile(r"(?<!\d)(\d{2})-(\d{1,2})-(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day as a label names it: midnight on the forum's own clock, and where it stands."""

    on: datetime
    start: int
    end: int
    precision: Precision = "day"
    certain: bool = True
    """``False``: day and month were told apart by the page's language alone."""
    half: Half = ""
    moment: re.Match[str] | None = None
    """An ISO date with its clock, read at once."""


def plain_label(text: str) -> str:
    """A label in one way of writing: folded, plain dashes, Chinese numerals as digits, the years
    of the Republic of China as of our era, the year of a C time beside its month. What tells when
    an author joined or a post was edited is dropped.
    """
    if text.isascii():
        folded = text.lower()
    else:
        text = _DASH.sub("-", text.replace("hôm kìa", "大前天").replace("Hôm kìa", "大前天"))
        folded = fold(text).replace("’", "'").replace("‘", "'").replace("′", "'")
    if any(word in folded for word in _JOINED_WORDS):  # the patterns cost ten times as much
        folded = _NOT_POSTED.sub(" ", folded)
    folded = " ".join(folded.split())
    if any(word in folded for word in _EDITED_WORDS):
        cut = _EDITED.sub("", folded)
        folded = cut if any(c.isdigit() for c in cut) or _DAY_NAMED.search(cut) else folded
    if not folded.isascii():
        folded = _HAN_NUMBER.sub(lambda found: str(han_number(found[0])), folded)
        folded = _REPUBLIC.sub(
            lambda found: f"{int(found[1] or found[3]) + 1911}{found[2] or found[4]}", folded
        )
    if _YEAR_AFTER_CLOCK.search(folded) is None:
        return folded
    return _SUFFIX_YEAR.sub(r"\1, \3, \2", folded)


def han_number(digits: str) -> int:
    """A small number in Chinese: ``二十三``, ``十一``, ``二〇二六``."""
    if "十" not in digits:
        return int("".join(_HAN_DIGITS[digit] for digit in digits))
    tens, _, ones = digits.partition("十")
    return (int(_HAN_DIGITS.get(tens[-1:], "1")) if tens else 1) * 10 + int(
        _HAN_DIGITS.get(ones[:1], "0")
    )


def date_in(text: str, now: datetime, lang: str | None, order: Order | None) -> Day | None:
    """The first date of a plain label; ``None`` where none stands or it cannot be told.

    :param now: the time of the fetch on the forum's clock: a date without its year is the last
        such day before it, and no post is from the future.
    :raises ValueError: for a date no calendar has.
    """
    if _DIGIT.search(text) is None:  # most texts of a page end here
        return None
    if found := _ISO.search(text):
        on = _wall(int(found[1]), int(found[3]), int(found[4]))
        return Day(on=on, start=found.start(), end=found.end(), moment=found if found[5] else None)
    if (found := _TWO_DIGIT.search(text)) and _primary(lang) == "zh" and int(found[2]) <= 12:
        return _day(found, f"20{found[1]}", found[2], found[3], now)  # 26-11-22
    if found := _YEAR_NAMED.search(text):
        return _day(found, found[1], MONTHS[found[2]], found[3], now)
    if found := _HAN_DAY_FIRST.search(text):
        return _day(found, found[3], found[2], found[1], now)
    if found := _HAN_DATE.search(text):
        return _day(found, found[1] or found[4], found[2], found[3], now)
    if found := _VI_MONTH_FIRST.search(text):
        return _day(found, found[3], found[1], found[2], now)
    if found := _VI_DATE.search(text):
        return _day(found, found[3], found[2], found[1], now)
    if found := _DAY_MONTH.search(text):
        return _day(found, found[3] or found[4], MONTHS[found[2]], found[1], now)
    if found := _MONTH_DAY.search(text):
        return _day(found, found[3] or found[4], MONTHS[found[1]], found[2], now)
    if found := _NUMERIC.search(text):
        return _numeric(found, text, now, lang, order)
    if found := _SHORT.search(text):
        return _without_year(found, text, now, lang, order)
    return _month_only(text)


def day_named(text: str, now: datetime, *, clock: bool) -> Day | None:
    """The day a plain label tells from now: "yesterday", "thứ hai", "上周五"; ``None``: none.

    A weekday is the last one before today, as forums print it only where "today" does not hold.

    :param clock: whether a clock stands beside it: a weekday alone in a longer text is no time.
    """
    if found := _DAY_NAMED.search(text):
        back, half = DAYS_AGO[found[1]]
        on = _midnight(now) - timedelta(days=back)
        return Day(on=on, start=found.start(), end=found.end(), half=half)
    found = _WEEKDAY_NAMED.search(text)
    if found is None or not (clock or found[0] == text):
        return None
    weekday, week = WEEKDAYS[found[3]], found[2] or found[4] or ""
    if week:
        weeks = 2 if week.startswith("上上") else int(week[0] == "上" or not week.endswith("nay"))
        weeks = 0 if week[0] in "这本" else weeks
        on = _midnight(now) + timedelta(days=weekday - now.weekday() - 7 * weeks)
    else:
        on = _midnight(now) - timedelta(days=(now.weekday() - weekday) % 7 or 7)
    return Day(on=on, start=found.start(), end=found.end())


def order_of(texts: Iterable[str]) -> Order | None:
    """The order of day and month a page's dates show, where one of them can only be read one way.

    ``None`` where none tells or two contradict each other.
    """
    seen: set[Order] = set()
    for text in texts:
        found = _NUMERIC.search(text[:160])
        if found and not (found[2] == "-" and len(found[4]) == 2):  # 26-11-22 starts with the year
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                seen.add("dmy")
            elif second > 12 >= first:
                seen.add("mdy")
    return seen.pop() if len(seen) == 1 else None


def numbers_only(text: str) -> bool:
    """Whether a label has no other date in it than numbers, or something that looks like one."""
    return _NUMERIC.search(text) is not None or re.fullmatch(r"[\d\s./:,-]*", text) is not None


def _wall(year: int, month: int, day: int) -> datetime:
    """A day on the forum's own clock; which zone that is comes last."""
    return datetime(year, month, day)  # noqa: DTZ001


def _midnight(now: datetime) -> datetime:
    return _wall(now.year, now.month, now.day)


def _day(
    found: re.Match[str], year: str | None, month: str | int, day: str | int, now: datetime
) -> Day:
    on = _dated(year, int(month), int(day), now)
    return Day(on=on, start=found.start(), end=found.end())


def _dated(year: str | None, month: int, day: int, now: datetime) -> datetime:
    if year:
        return _wall(_full_year(year), month, day)
    latest = _midnight(now) + _AHEAD
    for back in range(9):  # 29 February comes back after eight years at the latest
        try:
            on = _wall(latest.year - back, month, day)
        except ValueError:
            continue
        if on <= latest:
            return on
    raise ValueError("no such day")


def _full_year(written: str) -> int:
    year = int(written)
    if len(written) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _numeric(
    found: re.Match[str], text: str, now: datetime, lang: str | None, order: Order | None
) -> Day | None:
    first, second, separator, year = int(found[1]), int(found[3]), found[2], found[4]
    if separator == "." and len(year) == 2 and not _stands_alone(found, text):
        return None  # a version number
    written: Order | None = order
    if written is None and (re.search(r"\b(?:luc|ngay)\b", text) or separator == "."):
        written = "dmy"  # Vietnamese words; points stand between day and month only
    return _ordered(found, first, second, year, written, _order_by_language(lang), now)


def _without_year(
    found: re.Match[str], text: str, now: datetime, lang: str | None, order: Order | None
) -> Day | None:
    """``11/22 15:16``: only with a clock beside it, or where it is all and the order is known."""
    primary = _primary(lang)
    written: Order | None = order or ("mdy" if primary == "zh" else None)
    beside = _CLOCK_NEXT.match(text, found.end()) or _CLOCK_BEFORE.search(text[: found.start()])
    whole = found[0] == text and (order or (written and found[2] == "-"))
    if not beside and not whole:
        return None
    if written is None and re.search(r"\b(?:luc|ngay)\b", text):
        written = "dmy"
    guess = _order_by_language(lang)
    return _ordered(found, int(found[1]), int(found[3]), None, written, guess, now)


def _ordered(
    found: re.Match[str],
    first: int,
    second: int,
    year: str | None,
    written: Order | None,
    guess: Order | None,
    now: datetime,
) -> Day | None:
    """Day and month told apart: by the calendar, by the future, as written, by language."""
    possible: list[tuple[Order, datetime]] = []
    for way, day, month in (("dmy", first, second), ("mdy", second, first)):
        try:
            on = _dated(year, month, day, now)
        except ValueError:
            continue
        if on <= _midnight(now) + _AHEAD:
            possible.append(("dmy" if way == "dmy" else "mdy", on))
    days = dict(possible)
    if not days:
        raise ValueError("no such day")
    only = next(iter(days.values())) if len(set(days.values())) == 1 else None
    on_or_none = only or (days[written] if written else days[guess] if guess else None)
    if on_or_none is None:
        return None
    certain = only is not None or written is not None
    return Day(on=on_or_none, start=found.start(), end=found.end(), certain=certain)


def _stands_alone(found: re.Match[str], text: str) -> bool:
    around = text[: found.start()] + text[found.end() :]
    return re.fullmatch(r"[\s,|-]*(?:\d{1,2}:\d{2}(?::\d{2})?)?[\s,|-]*", around) is not None


def _month_only(text: str) -> Day | None:
    for rule in _MONTH_ONLY:
        if found := rule.fullmatch(text):
            year, month = found[1] or found[3] or found[4], MONTHS.get(found[2]) or int(found[2])
            return Day(
                on=_wall(_full_year(year), month, 1), start=0, end=len(text), precision="month"
            )
    return None


def _primary(lang: str | None) -> str:
    return (lang or "").lower().replace("_", "-").split("-")[0]


def _order_by_language(lang: str | None) -> Order | None:
    tag, primary = (lang or "").lower().replace("_", "-"), _primary(lang)
    if primary == "en":  # plain "en" is written both ways
        if tag in ("en-us", "en-ph"):
            return "mdy"
        return "dmy" if "-" in tag and tag != "en-ca" else None
    return "dmy" if primary in _DAY_FIRST else None


_DAY_FIRST = frozenset(
    "vi fr de es it pt nl ru pl id th tr uk cs da nb no fi el ro bg hr sk sl sr ms".split()
)
"""Languages that write 05/06/2024 for the fifth of June (CLDR, short date formats)."""

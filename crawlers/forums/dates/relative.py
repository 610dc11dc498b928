"""Times counted back from now: "3 hours ago", "2 周前", "cách đây 3 ngày". Folded labels. Pure."""

import re
from calendar import monthrange
from datetime import datetime, timedelta

from crawlers.forums.dates.days import han_number
from crawlers.forums.dates.words import LAST, NUMBERS, UNITS
from crawlers.words import Precision

_LONGEST = {"year": 60, "month": 720, "week": 3_000}
"""More of them back there was no forum; days and smaller units have one bound of their own."""
_MOST = 20_000

_EN_WORDS = "one|two|three|four|five|six|seven|eight|nine|ten"
_EN = (
    r"(?P<count>(?:\d{1,3},\d{3}|\d{1,5}(?:\.\d)?\+?) ?"
    rf"|(?:half an?|an?|{_EN_WORDS}|(?:a )?few|several|(?:a )?couple(?: of)?) )"
    r"(?P<unit>second|sec|minute|min|hour|hr|day|week|wk|month|mth|mo|year|yr|[smhdwy])s?\b\.?"
)
_EN_SHORT = r"(?P<count>\d{1,4}) ?(?P<unit>mo|s|m|h|d|w|y|(?:sec|min|hr|wk|mth|mo|yr)s?\.?)"
_ZH = (
    r"(?P<count>\d{1,5}(?:\.\d)?(?:个半)?|[一两二三四五六七八九十]{1,3}(?:个半)?|半个?|[几数]) ?"
    r"(?P<unit>秒钟|秒|分钟|分|个?小时|个?钟头|天|日|周|个?星期|个?礼拜|个?月|年)"
)
_ZH_WHOLE = r"(?P<count>\d{1,4}) ?(?P<unit>分钟|小时|天|周|个月)"
_VI = (
    r"(?<!thu )(?P<count>\d{1,5}(?:[.,]\d)?|\bmot|\bhai|\bba|\bbon|\bnam|\bsau|\bbay|\btam|\bchin"
    r"|\bmuoi|\bvai|\bnua|\bmay) ?(?P<unit>giay|phut|gio|tieng|ngay|tuan|thang|nam|[hpdmwy])\b"
)


def _unnamed(part: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", part)


_FORMS: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...] = tuple(
    (re.compile(whole_form), re.compile(part), whole)
    for whole_form, part, whole in (
        (rf"(?<![\d.,])(?:\b{_unnamed(_EN)}(?:, and |, | and | )?){{1,5}} ?,?\bago\b", _EN, False),
        (_unnamed(_EN_SHORT), _EN_SHORT, True),
        (rf"(?<![\d.])(?:{_unnamed(_ZH)} ?零?){{1,5}}[之以]?前(?!天)", _ZH, False),
        (_unnamed(_ZH_WHOLE), _ZH_WHOLE, True),
        (
            rf"(?<![\d.])(?:{_unnamed(_VI)} ?(?:va |ruoi )?){{1,5}}(?:dong ho )?truoc\b",
            _VI,
            False,
        ),
        (rf"\bcach day (?:[a-z]{{3,5}} )?(?:{_unnamed(_VI)} ?(?:va |ruoi )?){{1,5}}", _VI, False),
        (_unnamed(_VI), _VI, True),
    )
)  # fmt: skip
_NOW = re.compile(
    r"\b(?:just now|(?:a )?moments? ago|seconds ago)\b|刚刚|刚才|片刻之?前|不久前"
    r"|\b(?:vua xong|vua moi|moi day|luc nay|lat truoc|mot luc truoc)\b"
)
_ALL_NOW = frozenset(("now", "刚", "bay gio", "ngay bay gio"))
_HALF_MORE = re.compile(r"\b(giay|phut|gio|tieng|ngay|tuan|thang|nam) ruoi\b")
_FINENESS = ("second", "minute", "hour", "day", "week", "month", "year")
_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_PRECISIONS: dict[str, Precision] = {
    "second": "minute", "minute": "minute", "hour": "hour", "month": "month", "year": "year",
}  # fmt: skip


def counted_back(text: str, now: datetime) -> tuple[datetime, Precision] | None:
    """The time a plain label counts back from now, and how exact; ``None`` where it does not.

    :raises ValueError, OverflowError: where it counts back too far.
    """
    if text in LAST:
        return _back(now, 1, LAST[text]), _PRECISIONS.get(LAST[text], "day")
    for form, part, whole in _FORMS:
        found = form.fullmatch(text) if whole else form.search(text)
        if not found:
            continue
        read, finest = now, "year"
        for counted in re.finditer(part, found[0]):
            unit = _unit(counted["unit"])
            read = _back(read, _count(counted["count"]), unit)
            finest = min(finest, unit, key=_FINENESS.index)
        for more in _HALF_MORE.finditer(found[0]):
            read = _back(read, 0.5, UNITS[more[1]])
        return read, _PRECISIONS.get(finest, "day")
    return (now, "minute") if _NOW.search(text) or text in _ALL_NOW else None


def counts_back(text: str) -> bool:
    """Whether a plain label counts back from now."""
    return (
        text in LAST
        or text in _ALL_NOW
        or _NOW.search(text) is not None
        or any(form.fullmatch(text) if whole else form.search(text) for form, _, whole in _FORMS)
    )


def _unit(word: str) -> str:
    return UNITS.get(word) or UNITS[word.rstrip(".").removesuffix("s")]


def _count(word: str) -> float:
    word = word.strip()
    half = 0.5 if word.endswith("个半") else 0.0
    word = word.removesuffix("个半")
    if word in NUMBERS:
        return NUMBERS[word] + half
    if word[:1].isdigit():
        plain = word.rstrip("+")
        plain = plain.replace(",", "") if re.fullmatch(r"\d{1,3},\d{3}", plain) else plain
        return float(plain.replace(",", ".")) + half
    return han_number(word) + half


def _back(now: datetime, count: float, unit: str) -> datetime:
    if count > _LONGEST.get(unit, _MOST):
        raise ValueError("no forum is that old")
    months = count * {"year": 12, "month": 1}.get(unit, 0)
    if not months:
        return now - timedelta(seconds=count * _SECONDS.get(unit, 0))
    if months != int(months):  # 半个月
        return now - timedelta(days=30.44 * months)
    year, month = divmod(now.year * 12 + now.month - 1 - int(months), 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)

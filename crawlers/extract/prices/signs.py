"""Numbers with what stands right beside them: a currency's sign, a word that multiplies."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from crawlers.extract.prices.money import BARE_NUMBER, price_words, signs

_CENTS = re.compile(r" \.?(\d\d)(?=$|[^\w.,%]*$|\s*[$€£/])")
_DASH = re.compile(r"[.,][-–—]+")
_REST = re.compile(r"(\d{1,3})(?:k|nghìn|ngàn)?|( [1-9](?:\d\d)?)(?![\d.,\w])")
_HALF = re.compile(r" ?(?:rưỡi|ruoi|半)")
# "2 triệu 1 tháng" is two million a month, not 2.1 million.
_COUNTED = re.compile(
    r"\s*(?:tháng|thang|năm|nam|quý|ngày|ngay|tuần|người|nguoi|cái|chiếc|bộ|đôi|kg|ký|m2|m²|buổi"
    r"|giờ|đêm|lần|khóa|khoá|suất|chỗ|vé|hộp|chai|ly|phần|cặp|con|lít)(?!\w)",
    re.IGNORECASE,
)
_SPACES = " \u00a0"
_LETTER = re.compile(r"[a-zà-ỹ]", re.IGNORECASE)
_EDGE = re.compile(r"[a-zà-ỹ²]", re.IGNORECASE)


class Seen(NamedTuple):
    """A number with the sign before or after it and the word that multiplies it.

    ``rest`` are the digits after that word (``290`` of ``1tr290``); ``start`` and ``end`` enclose
    all of it in ``text``.
    """

    text: str
    number: str
    before: str | None
    times: str | None
    rest: str | None
    after: str | None
    start: int
    end: int


class _Tables(NamedTuple):
    before: frozenset[str]
    after: frozenset[str]
    leading: frozenset[str]  # of ``after``: belong to the next number, where one follows
    codes: frozenset[str]
    exact: dict[str, str]  # lower case -> as it must be written
    times: frozenset[str]
    longest: int
    longest_times: int
    ends: frozenset[str]  # last characters of ``before``
    starts: frozenset[str]  # first characters of ``after``
    times_starts: frozenset[str]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    words = price_words()
    place = {side: {sign.lower() for sign in found} for side, found in words["place"].items()}
    every = set(signs())
    times = frozenset(words["times"])
    before, after = every - place["after"], every - place["before"]
    return _Tables(
        before=frozenset(before),
        after=frozenset(after),
        leading=frozenset(s for s in every if not s[-1].isalnum() and s not in ("₫", "¢")),
        codes=frozenset(s.lower() for s in words["sign"] if s.isascii() and len(s) == 3),
        exact={sign.lower(): sign for sign in words["place"]["exact"]},
        times=times,
        longest=max(map(len, every)),
        longest_times=max(map(len, times)),
        ends=frozenset(sign[-1] for sign in before),
        starts=frozenset(sign[0] for sign in after),
        times_starts=frozenset(word[0] for word in times),
    )


def numbers_with_signs(text: str) -> Iterator[Seen]:
    """Every number of a text that stands for itself, in order: parts of codes and names do not."""
    tables = _tables()
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered
        lowered = text
    last = -1  # where the number before ended
    for match in BARE_NUMBER.finditer(text):
        start, end = match.span()
        previous = text[start - 1] if start else ""
        lead = _sign_before(text, lowered, start, tables) if start else None
        if lead and lead[1] < last:
            lead = None  # the sign of the number before
        if lead is None and not "⺀" <= previous <= "鿿":
            dashed = previous == "-" and start - 1 != last
            code_like = dashed and text[start - 2 : start - 1].isalpha()
            if previous == "_" or previous.isalnum() or code_like:
                continue
        word, rest, end = _multiplier(text, lowered, end, tables)
        number = match[0]
        if lead and not word:
            cents = _CENTS.match(text, end)
            if cents and number.isdigit():  # "$29 99": the cents stand raised, without a point
                number, end = f"{number}.{cents[1]}", cents.end()
        tail, end = _sign_after(text, lowered, end, tables, codes_only=lead is not None)
        if tail in ("块", "塊") and word is None and number.isdigit():
            tenths = re.compile(r"(\d)(?![\d.,%个個])").match(text, end)  # 9块9
            if tenths:
                number, end = f"{number}.{tenths[1]}", end + 1
        last = end
        yield Seen(
            text, number, lead[0] if lead else None, word, rest, tail,
            lead[1] if lead else start, end,
        )  # fmt: skip


def _sign_before(text: str, lowered: str, start: int, tables: _Tables) -> tuple[str, int] | None:
    """The sign before a number, at most one space between, and where it starts."""
    end = start - 1 if text[start - 1] in _SPACES else start
    if lowered[end - 1 : end] not in tables.ends:
        return None
    for size in range(min(tables.longest, end), 0, -1):
        begin = end - size
        if lowered[begin:end] in tables.before:
            sign = text[begin:end]
            if sign[0].isalpha() and begin and sign[0] < "⺀" and _LETTER.match(text[begin - 1]):
                continue
            if tables.exact.get(sign.lower(), sign) == sign:
                return sign, begin
    return None


def _sign_after(
    text: str, lowered: str, end: int, tables: _Tables, *, codes_only: bool
) -> tuple[str | None, int]:
    """The sign after a number and where it ends; ``129,- €`` too."""
    at = end
    dash = _DASH.match(text, at)
    if dash:
        at = dash.end()
    if text[at : at + 1] in _SPACES and at < len(text):
        at += 1
    if lowered[at : at + 1] not in tables.starts:
        return None, dash.end() if dash and codes_only else end
    wanted = tables.codes if codes_only else tables.after
    for size in range(tables.longest, 0, -1):
        stop = at + size
        sign = lowered[at:stop]
        if len(sign) < size or sign not in wanted:
            continue
        if sign[-1].isalpha() and sign[-1] < "⺀" and _LETTER.match(text[stop : stop + 1]):
            continue
        if tables.exact.get(sign, text[at:stop]) != text[at:stop]:
            continue
        if sign in tables.leading and text[stop : stop + 2].lstrip(_SPACES)[:1].isdigit():
            continue
        return text[at:stop], stop
    return None, dash.end() if dash and codes_only else end


def _multiplier(
    text: str, lowered: str, end: int, tables: _Tables
) -> tuple[str | None, str | None, int]:
    at = end + 1 if text[end : end + 1] in _SPACES and end < len(text) else end
    if lowered[at : at + 1] not in tables.times_starts:
        return None, None, end
    for size in range(tables.longest_times, 0, -1):
        stop = at + size
        word = lowered[at:stop]
        if len(word) < size or word not in tables.times:
            continue
        half = _HALF.match(lowered, stop)
        if half:
            return word, "5", half.end()
        rest = _REST.match(lowered, stop)
        if rest and not _EDGE.match(text[rest.end() : rest.end() + 1]):
            spaced = rest[2] is not None
            if not spaced or not (_COUNTED.match(text, rest.end()) or word == "k"):
                return word, (rest[1] or rest[2]).strip(), rest.end()
        if not _EDGE.match(text[stop : stop + 1]):
            return word, None, stop
    return None, None, end

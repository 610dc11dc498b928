"""The words of a review and the label of its time, without what the shop put beside them. Pure."""

import re

from crawlers.extract.reviews.rating import is_rating_line
from crawlers.extract.reviews.words import BY, FOLLOW_UP, LABEL, SELLER, VARIANT
from crawlers.forums.base import Reading
from crawlers.forums.dates.reading import Order, read_date

_ORDERS: tuple[Order, ...] = ("dmy", "mdy")
DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}|\bago\b|trước|前|昨天|今天|hôm|yesterday|today"
    r"|\d{1,2}月\d{1,2}",
    re.IGNORECASE,
)
"""A cheap test for a time before it is read."""
NUMBERS = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-])"
)
_WHOLE_DATE = re.compile(
    r"(?<!\d)\d{1,2}(?:\.|º|er|de)?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?(?:19|20)\d\d(?!\d)"
)


def date_in(text: str, reading: Reading) -> str:
    """The label of a time, as short as it can be told; ``""`` where the text is none."""
    numbers = NUMBERS.search(text)
    if numbers and numbers.start() > 1 and _is_date(text[numbers.start() :], reading):
        return text[numbers.start() :]
    if _is_date(text, reading):
        return text
    named = _WHOLE_DATE.search(text)
    if named and _is_date(named.group(), reading):
        return named.group()
    return ""


def _is_date(text: str, reading: Reading) -> bool:
    """Whether a text tells a time; a day whose order nobody knows is one, too."""
    date = read_date(text, fetched_at=reading.fetched_at, lang=reading.lang or "en")
    for order in _ORDERS:
        if date.posted_at is None:
            date = read_date(text, fetched_at=reading.fetched_at, lang="en", order=order)
    return date.posted_at is not None


def own_lines(text: str, spare: set[str], reading: Reading) -> list[str]:
    """A review's text without the lines that nobody wrote."""
    known = {part.casefold() for part in spare}
    kept: list[str] = []
    replying = False
    for raw in text.split("\n"):
        line = raw.strip()
        if SELLER.search(line):
            replying = True
        elif FOLLOW_UP.search(line):
            replying = False
        if replying or not line or line.casefold() in known or is_label(line):
            continue
        if VARIANT.search(line) and len(line) <= 90:
            continue
        if is_rating_line(line) or (not kept and len(line) < 3 and line.isascii()):
            continue
        if len(line) <= 60 and DATED.search(line) and _is_bare_date(line, reading):
            continue
        if (found := BY.search(line)) and found["who"].casefold() in known:
            continue
        kept.append(line)
    return _once(kept)


def is_label(text: str) -> bool:
    """Whether a text is a button or a badge; longer ones are somebody's words."""
    return len(text) <= 80 and LABEL.fullmatch(text) is not None


def _is_bare_date(line: str, reading: Reading) -> bool:
    """Whether a line is a date and hardly a word more ("Reviewed on 4 May 2026")."""
    words = re.findall(r"[^\W\d_]{2,}", line)
    return (
        len(words) <= 6
        and len(line) <= 45
        and (line[-1] not in ".!?。！？" and bool(date_in(line, reading)))
    )


def _once(lines: list[str]) -> list[str]:
    """Each line once: a cut text goes where the whole one follows, a repeated one too."""
    kept: list[str] = []
    for at, line in enumerate(lines):
        start = line.rstrip(" .…").casefold()
        cut = line.endswith(("...", "…")) and any(
            other.casefold().startswith(start) for other in lines[at + 1 :]
        )
        if not cut and (line not in kept or len(line) < 20):
            kept.append(line)
    return kept

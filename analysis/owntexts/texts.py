"""Rows of a table as texts: who says what, when, in answer to what."""

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from analysis.owntexts.columns import Columns, find_columns
from analysis.owntexts.languages import language_code
from analysis.owntexts.model import (
    MOST_ROWS,
    SAMPLE_ROWS,
    Choices,
    Counts,
    DateOrder,
    OwnText,
    OwnTextsError,
    Table,
    Unreadable,
)
from crawlers.folding import fold
from crawlers.forums.dates.reading import DateRead, is_relative, order_of, read_date

_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,3})?")
_OUT_OF = re.compile(
    r"(\d{1,3}(?:[.,]\d+)?)\s*(?:/|of|out of|trên|分制)\s*(\d{1,3})", re.IGNORECASE
)
_STARS = re.compile(r"[★⭐🌟]")
_HAN_STARS = {"一星": 1, "二星": 2, "两星": 2, "三星": 3, "四星": 4, "五星": 5}
_NO_ANSWER = frozenset(
    "n/a na none null nan nil - -- — . … x no answer khong khong co k 无 没有 沒有 空".split()
)
"""What stands in a cell where nothing was said."""


def texts_of(table: Table, choices: Choices, counts: Counts) -> Iterator[OwnText]:
    """The texts of a table, a row's answers as texts of one person.

    :raises analysis.owntexts.model.ChoiceError: where no text column can be told.
    :raises OwnTextsError: for a table without rows.
    """
    rows = iter(table.rows)
    sample = list(itertools.islice(rows, SAMPLE_ROWS))
    if not sample:
        raise OwnTextsError(
            f"no rows could be read (the first fault: {counts.first_fault})"
            if counts.faulty
            else "no rows: nothing stands below the names of the columns"
        )
    columns = find_columns(table.columns, sample, choices)
    dates = [row.get(columns.date, "") for row in sample] if columns.date else []
    order = choices.order or order_of(dates)
    counts.read_as = {**columns.read_as(), **_told(choices, order, dates)}
    scale = _scale_of([row.get(columns.rating, "") for row in sample]) if columns.rating else None
    now = datetime.now(UTC)

    def time_of(written: str) -> DateRead:
        return _time(written, choices, columns.spoken, order, now)

    seen: Counter[bytes] = Counter()
    for number, row in enumerate(itertools.chain(sample, rows), 1):
        if number > MOST_ROWS:
            counts.cut = True
            return
        if broken := _broken(row, columns):
            counts.fault(f"row {number}: {broken!r} holds a list or an object, no text")
        yield from _of_row(row, columns, counts, seen, time_of, scale)


def _broken(row: Mapping[str, str], columns: Columns) -> str | None:
    """The first column read that holds no text."""
    read = (
        *columns.texts, *columns.authors, columns.date, columns.rating, columns.id,
        columns.language, columns.thread, columns.headline,
    )  # fmt: skip
    return next((name for name in read if name and isinstance(row.get(name), Unreadable)), None)


def _told(choices: Choices, order: DateOrder | None, dates: Sequence[str]) -> dict[str, str]:
    """What else the reading rests on, for the user."""
    if not any(dates):
        return {}
    told = {"timezone": choices.timezone or "UTC, where a time does not say"}
    if order:
        told["date order"] = "day first" if order == "dmy" else "month first"
    return told


def _of_row(
    row: Mapping[str, str],
    columns: Columns,
    counts: Counts,
    seen: Counter[bytes],
    time_of: Callable[[str], DateRead],
    scale: int | None,
) -> Iterator[OwnText]:
    def cell(name: str | None) -> str:
        return row.get(name, "").strip() if name else ""

    said = [(name, cell(name)) for name in columns.texts]
    said = [(name, text) for name, text in said if fold(text) not in _NO_ANSWER and text]
    unread = sum(isinstance(row.get(name), Unreadable) for name in columns.texts)  # told as faults
    counts.empty += len(columns.texts) - len(said) - unread
    if not said:
        return
    written, given = cell(columns.date), cell(columns.id)
    author = next((who for name in columns.authors if (who := cell(name))), "")
    # A row without an id is known by its words: the same row in next month's file is the same.
    mark = given or "\0".join((author.lower(), written, *(text for _, text in said)))
    time = time_of(written)
    if written and time.posted_at is None:
        counts.bad_dates += 1
        counts.first_bad_date = counts.first_bad_date or written[:60]
    headline, rating = cell(columns.headline), _rating(cell(columns.rating), scale)
    place = _again(seen, mark)
    for name, text in said:
        whole = text
        if headline and not fold(text).startswith(fold(headline).rstrip(" .!?…")):
            whole = f"{headline}\n{text}"
        yield OwnText(
            id="\0".join((mark, fold(name), place)),
            author=author.lower() or "\0".join(("row", mark, place)),
            text=whole,
            thread=cell(columns.thread) or (name if len(columns.texts) > 1 else None),
            posted_at=time.posted_at, posted_text=written[:200] or None,
            posted_precision=time.precision, timezone=time.timezone, rating=rating,
            language=columns.spoken or language_code(cell(columns.language)),
        )  # fmt: skip


def _again(seen: Counter[bytes], mark: str) -> str:
    """Which of several rows with the same mark this is: two people may say the same words."""
    short = hashlib.blake2b(mark.encode("utf-8", "replace"), digest_size=10).digest()
    seen[short] += 1
    return str(seen[short]) if seen[short] > 1 else ""


def _time(
    written: str, choices: Choices, language: str | None, order: DateOrder | None, now: datetime
) -> DateRead:
    nothing = DateRead(None, "unknown", None)
    if not written or is_relative(written):  # "3 days ago" in a file says nothing
        return nothing
    if _EPOCH.fullmatch(written):
        seconds = float(written) / (1000 if len(written.partition(".")[0]) == 13 else 1)
        return DateRead(datetime.fromtimestamp(seconds, UTC), "second", choices.timezone)
    read = read_date(
        written, fetched_at=now, timezone=choices.timezone, lang=language, order=order,
    )  # fmt: skip
    # A time that names its own zone is shown in the customers' all the same.
    return replace(read, timezone=read.timezone or choices.timezone) if read.posted_at else nothing


def _scale_of(written: Sequence[str]) -> int:
    """The best rating that can be given: 5, 10 or 100, by the best one seen."""
    best = max((value for text in written if (value := _number(text)) is not None), default=0)
    return 5 if best <= 5 else 10 if best <= 10 else 100


def _rating(written: str, scale: int | None) -> Decimal | None:
    """A rating out of five; ``None`` where there is none, or it cannot be told."""
    if not written:
        return None
    if found := _OUT_OF.search(written[:60]):
        given, scale = _decimal(found[1]), int(found[2])
    else:
        given = _number(written)
    if given is None or not scale or given > scale:
        return None
    return (given * 5 / scale).quantize(Decimal("0.01")).normalize() + 0


def _number(written: str) -> Decimal | None:
    written = written[:60]
    if stars := len(_STARS.findall(written)):
        return Decimal(stars)
    for words, stars in _HAN_STARS.items():
        if words in written:
            return Decimal(stars)
    found = _NUMBER.search(written)
    return _decimal(found[0]) if found and not _OUT_OF.search(written) else None


def _decimal(written: str) -> Decimal | None:
    try:
        return Decimal(written.replace(",", "."))
    except InvalidOperation:
        return None

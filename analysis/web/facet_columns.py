"""Posts as columns: one small number a post and property, so that a million are counted at once.

A row of ``posts`` is wide, and a filter asks three tables of it. The same as arrays (language,
stage, brand named, ...) takes about forty bytes a post; numpy filters and counts a million of them
in milliseconds, so every number of the posts page is exact. The pass ``facets`` stores the arrays
in ``post_columns``; what was gathered since is read from the tables and put behind them.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis.questions.local_time import local_hour, local_weekday
from analysis.questions.sample import PERSON

Array = NDArray[Any]

FLAGS: Final = (
    "pain", "praise", "objection", "poor_fit", "suggestion", "seller",
    "read",  # has a reading at all
    "copy",  # the same text was posted before
    "monthly",  # its month is known
    "tells",  # its author says something of himself or herself
)  # fmt: skip
"""The bits of the column ``flags``, the lowest first."""

CODED: Final = (
    "forum", "language", "stage", "barrier", "budget", "authority", "switch", "force",
)  # fmt: skip
"""Columns of codes: 0 for none, else the place of the value in ``Columns.values``, from 1."""

NAMED, PAIN, PRAISE = 1, 2, 4
"""Bits of ``pair_said``: the post names the competitor, complains about it, praises it."""

NO_TIME: Final = 255
"""In ``weekday`` and ``hour``: not known exactly enough."""

_TYPES: Final[Mapping[str, str]] = {
    "id": "<i8", "at": "<i8", "person": "<u4", "flags": "<u2", "weekday": "u1", "hour": "u1",
    **dict.fromkeys(CODED, "<u2"),
    "pair_row": "<u4", "pair_competitor": "<u2", "pair_said": "u1",
    "people": "<u8",
}  # fmt: skip
_PER_POST: Final = ("id", "at", "person", "flags", "weekday", "hour", *CODED)
_MOST_VALUES: Final = 65_000  # of a coded column; the last code stands for all others

_POSTS = f"""
SELECT p.id, p.posted_at, p.posted_precision, p.timezone, {PERSON}, p.copy_of IS NOT NULL,
       EXISTS (SELECT 1 FROM author_facts a WHERE a.post_id = p.id),
       d.pain, d.praise, d.objection, d.poor_fit, d.suggestion, d.seller, d.post_id IS NOT NULL,
       p.forum, p.lang, d.stage, d.barrier, d.budget, d.authority, w.status, w.force
FROM posts p LEFT JOIN demand d ON d.post_id = p.id LEFT JOIN switches w ON w.post_id = p.id
WHERE p.id > ? ORDER BY p.id
"""
_PAIRS = f"""
SELECT post_id, competitor, {NAMED} FROM mentions WHERE competitor IS NOT NULL AND post_id > ?
UNION ALL
SELECT post_id, competitor, iif(feeling = 'pain', {PAIN}, {PRAISE}) FROM feelings
WHERE competitor IS NOT NULL AND post_id > ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Posts in the order of their ids, one place in every array of ``_PER_POST`` each.

    ``at`` is the time as a number (``20261120063000``, UTC, 0 for none); ``person`` a place in
    ``people``, the sorted hashes of who speaks. ``pair_row``, ``pair_competitor``, ``pair_said``:
    which post says what of which competitor. ``values``: the texts behind codes, by column.
    """

    arrays: Mapping[str, Array]
    values: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.arrays["id"])

    @property
    def newest(self) -> int:
        """The highest id; 0 where there are no posts."""
        return int(self.arrays["id"][-1]) if len(self) else 0

    def code(self, column: str, value: str) -> int:
        """The code of a value; -1, which no post has, for an unknown one."""
        try:
            return self.values[column].index(value) + 1
        except ValueError:
            return -1

    def at(self, post: int) -> int:
        """The time of a post that is there, by its id."""
        return int(self.arrays["at"][np.searchsorted(self.arrays["id"], post)])

    def flag(self, name: str) -> Array:
        """Which posts have a flag."""
        mask: Array = (self.arrays["flags"] & (1 << FLAGS.index(name))) != 0
        return mask

    def with_ids(self, ids: Array) -> Array:
        """Which posts have one of these ids."""
        mask = np.zeros(len(self), dtype=bool)
        places = np.searchsorted(self.arrays["id"], ids)
        inside = places < len(self)
        places, ids = places[inside], ids[inside]
        mask[places[self.arrays["id"][places] == ids]] = True
        return mask

    def saying(self, competitors: Collection[str], said: int) -> Array:
        """Which posts say this of one of these competitors: bits, one of which must be there."""
        mask = np.zeros(len(self), dtype=bool)
        codes = [self.code("competitor", competitor) for competitor in competitors]
        pairs = np.isin(self.arrays["pair_competitor"], codes)
        pairs &= (self.arrays["pair_said"] & said) != 0
        mask[self.arrays["pair_row"][pairs]] = True
        return mask


def corrected(columns: Columns, stages: Mapping[int, str]) -> Columns:
    """The columns with the stages researchers decided, by post, in place of those that were read.

    A post without a reading keeps having none.
    """
    ids = np.fromiter(sorted(stages), dtype=np.int64)
    rows = np.flatnonzero(columns.with_ids(ids) & columns.flag("read"))
    if not len(rows):
        return columns
    book = {value: place + 1 for place, value in enumerate(columns.values["stage"])}
    stage = columns.arrays["stage"].copy()
    stage[rows] = [_code(book, stages[int(post)]) for post in columns.arrays["id"][rows]]
    return Columns(
        arrays={**columns.arrays, "stage": stage}, values={**columns.values, "stage": tuple(book)}
    )


def gather(
    conn: sqlite3.Connection, base: Columns | None = None, *, after: int = 0, most: int = -1
) -> Columns:
    """The columns of the posts whose id is above ``after``, from the tables.

    :param base: columns whose codes go on to be used, so that :func:`joined` can add the two;
        ``people`` then holds only those it does not know.
    :param most: of the posts, the lowest ids first; -1 for all.
    """
    books = {
        name: {value: place + 1 for place, value in enumerate(base.values[name] if base else ())}
        for name in (*CODED, "competitor")
    }
    limit = f"{_POSTS} LIMIT ?"
    parts = [_part(rows, books) for rows in _batches(conn.execute(limit, (after, most)))]
    arrays = {
        name: np.concatenate([part[name] for part in parts]) if parts else _none(name)
        for name in (*_PER_POST, "people")
    }
    known = base.arrays["people"] if base else _none("people")
    arrays["people"], arrays["person"] = _people(arrays["people"], known)
    arrays |= _pairs(conn, arrays["id"], after, books["competitor"])
    return Columns(arrays=arrays, values={name: tuple(book) for name, book in books.items()})


def joined(base: Columns, tail: Columns) -> Columns:
    """Two columns as one; ``tail`` was gathered with ``base``, and all its ids are higher.

    Its ``people`` are in no order any more: nothing can be gathered with it as base.
    """
    arrays = {
        name: np.concatenate((base.arrays[name], tail.arrays[name]))
        for name in (*_PER_POST, "pair_competitor", "pair_said", "people")
    }
    rows = tail.arrays["pair_row"] + np.uint32(len(base))
    arrays["pair_row"] = np.concatenate((base.arrays["pair_row"], rows))
    return Columns(arrays=arrays, values=tail.values)


def packed(columns: Columns) -> Iterator[tuple[str, bytes]]:
    """The columns as named bytes, to be stored."""
    for name, array in columns.arrays.items():
        yield name, array.astype(_TYPES[name], copy=False).tobytes()
    yield "values", json.dumps(columns.values, ensure_ascii=False).encode()


def unpacked(stored: Mapping[str, bytes]) -> Columns:
    """The columns from what was stored.

    :raises KeyError: where a column is missing: stored by another release.
    """
    values = json.loads(stored["values"])
    return Columns(
        arrays={name: np.frombuffer(stored[name], dtype=kind) for name, kind in _TYPES.items()},
        values={name: tuple(values[name]) for name in (*CODED, "competitor")},
    )


def moment(posted_at: object) -> int:
    """A time as a number that sorts as the time does; 0 for none, and for what is none."""
    text = str(posted_at or "")
    if len(text) == 20 and text.isascii():  # as nearly all are written
        digits = text[:4] + text[5:7] + text[8:10] + text[11:13] + text[14:16] + text[17:19]
        if digits.isdigit():
            return int(digits)
    digits = "".join(c for c in text[:19] if c.isascii() and c.isdigit())
    return int(digits.ljust(14, "0")[:14]) if len(digits) >= 4 else 0


def _batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    rows = iter(rows)
    while batch := list(islice(rows, 20_000)):
        yield batch


def _part(rows: list[tuple[Any, ...]], books: dict[str, dict[str, int]]) -> dict[str, Array]:
    ids, times, precisions, zones, people, copies, tells, *rest = zip(*rows, strict=True)
    felt, read, coded = rest[:6], rest[6], rest[7:]
    fine = [
        (NO_TIME, NO_TIME)
        if not at or precise not in ("second", "minute", "hour", "day")
        else _local(at[:14], at[14:16], zone)
        for at, precise, zone in zip(times, precisions, zones, strict=True)
    ]
    flags = np.zeros(len(rows), dtype=np.uint16)
    monthly = [precise not in ("year", "unknown") for precise in precisions]
    for bit, said in enumerate((*felt, read, copies, monthly, tells)):
        flags |= np.array([bool(one) for one in said]).astype(np.uint16) << np.uint16(bit)
    hourly = [precise in ("second", "minute", "hour") for precise in precisions]
    return {
        "id": np.array(ids, dtype=np.int64),
        "at": np.array([moment(at) for at in times], dtype=np.int64),
        "people": np.array([_hashed(person) for person in people], dtype=np.uint64),
        "person": np.zeros(len(rows), dtype=np.uint32),
        "flags": flags,
        "weekday": np.array([day for day, _ in fine], dtype=np.uint8),
        "hour": np.array(
            [hour if known else NO_TIME for (_, hour), known in zip(fine, hourly, strict=True)],
            dtype=np.uint8,
        ),
        **{
            name: np.array([_code(books[name], value) for value in column], dtype=np.uint16)
            for name, column in zip(CODED, coded, strict=True)
        },
    }


def _code(book: dict[str, int], value: str | None) -> int:
    if value is None:
        return 0
    return book.get(value) or book.setdefault(
        value if len(book) < _MOST_VALUES else "", len(book) + 1
    )


@lru_cache(maxsize=50_000)
def _hashed(person: str) -> int:
    return int.from_bytes(blake2b(person.encode(), digest_size=8).digest(), "little")


@lru_cache(maxsize=50_000)
def _quarter(hour: str, quarter: int, zone: str | None) -> tuple[int, int]:
    at = f"{hour}{quarter * 15:02d}:00Z"
    day, clock = local_weekday(at, zone), local_hour(at, zone)
    return (NO_TIME, NO_TIME) if day is None or clock is None else (day, clock)


def _local(hour: str, minute: str, zone: str | None) -> tuple[int, int]:
    """Weekday and hour there; clocks of the world differ by whole quarters of an hour."""
    if len(hour) < 14:
        return _quarter(f"{hour[:10]}T00:", 0, zone)
    return _quarter(hour, int(minute) // 15 if minute.isdigit() else 0, zone)


def _people(hashes: Array, known: Array) -> tuple[Array, Array]:
    """The people not known yet, and the code of each hash: its place in known ones and these."""
    places = np.searchsorted(known, hashes)
    found = np.zeros(len(hashes), dtype=bool)
    inside = places < len(known)
    found[inside] = known[places[inside]] == hashes[inside]
    new, codes = np.unique(hashes[~found], return_inverse=True)
    places[~found] = codes + len(known)
    return new, places.astype(np.uint32)


def _pairs(
    conn: sqlite3.Connection, ids: Array, after: int, book: dict[str, int]
) -> dict[str, Array]:
    last = int(ids[-1]) if len(ids) else after
    found = [
        (post, _code(book, competitor), said)
        for post, competitor, said in conn.execute(_PAIRS, (after, after))
        if post <= last
    ]
    table = np.array(found, dtype=np.int64).reshape(-1, 3)
    rows = np.searchsorted(ids, table[:, 0])
    there = ids[np.minimum(rows, len(ids) - 1)] == table[:, 0] if len(ids) else rows < 0
    table, rows = table[there], rows[there]
    # One pair a post and competitor, whatever it says of it and under how many names.
    keys, places = np.unique(rows * (_MOST_VALUES + 2) + table[:, 1], return_inverse=True)
    said = np.zeros(len(keys), dtype=np.uint8)
    np.bitwise_or.at(said, places, table[:, 2].astype(np.uint8))
    return {
        "pair_row": (keys // (_MOST_VALUES + 2)).astype(np.uint32),
        "pair_competitor": (keys % (_MOST_VALUES + 2)).astype(np.uint16),
        "pair_said": said,
    }


def _none(name: str) -> Array:
    return np.zeros(0, dtype=_TYPES[name])

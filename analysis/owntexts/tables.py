"""CSV, TSV, XLSX and JSON lines as rows, streamed: a file of a million rows is never held whole."""

import codecs
import csv
import gzip
import io
import itertools
import re
import unicodedata
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO, cast

from resiliparse.parse.encoding import detect_encoding

from analysis.owntexts.model import (
    LONGEST_CELL,
    SAMPLE_ROWS,
    ChoiceError,
    Counts,
    OwnTextsError,
    Table,
    Unreadable,
)
from crawlers.json_text import loads
from pipelines.normalise import clean_text

MOST_COLUMNS = 2_000
_MOST_LINES = 2_000
"""Lines of one cell; more, and a quotation mark was opened and never closed."""
_SEPARATORS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")
)  # fmt: skip
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "hz-gb-2312": "gb18030", "big5": "big5hkscs"}
_GUESSED_FROM = 1_000_000
"""Bytes a guess at the encoding rests on."""
_FALLBACK = "cp1252"
_PART = 1 << 18
_END = re.compile(r"\r\n|\n|\r")
_LONGEST_LINE = 2 * LONGEST_CELL
_NO_TEXT_CODECS = frozenset(
    ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape")
)
"""Python's codecs for domain names and source code: their bytes are no file of people's words."""
_JUDGED = 200_000
"""Characters by which a file is judged to be text."""
_MOST_ODD = 0.02
"""Share of characters that stand in no text, beyond which a file is none."""
_LARGEST_SHEET = 2 * 1024**3
"""Bytes a workbook may unpack to."""


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """A file's bytes; ``.gz`` is unpacked as it is read.

    :raises OwnTextsError: where it cannot be read, also later on.
    """
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path) as packed:
                yield cast("BinaryIO", packed)
        else:
            with path.open("rb") as file:
                yield file
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OwnTextsError(f"{path} cannot be read: {reason}") from None


def read_separated(file: BinaryIO, counts: Counts, *, encoding: str | None = None) -> Table:
    """A table of separated values; encoding and separator are told from the file.

    :param file: at its start; can be rewound.
    :param encoding: a Python codec, where the user says it.
    :raises OwnTextsError: for what is no such table.
    """
    if encoding:
        check_codec(encoding)
    codec = encoding or encoding_of(file)
    csv.field_size_limit(LONGEST_CELL)
    file.seek(0)
    text = _lines(file, codec)
    sample = list(itertools.islice(text, 50))
    _check_is_text("".join(sample), codec)
    separator = None
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip()) == 5:
        separator = sample.pop(0).strip()[
            4
        ]  # a line that spreadsheet programs write for themselves
    separator = separator or _separator_of("".join(sample)[:LONGEST_CELL])
    lines = _records(itertools.chain(sample, text), separator)
    header = next(lines, None)
    if header is None:
        raise OwnTextsError("the file is empty")
    if len(header) == 1:  # a list of texts: what stands in a line is one cell
        lines = ([separator.join(record)] for record in lines)
    return _table(header, lines, counts)


def check_codec(codec: str) -> None:
    """Nothing, where a codec's bytes are text.

    :raises ChoiceError: for a name of none, and for codecs of other things (hex, rot13, idna).
    """
    try:
        name = codecs.lookup(codec).name.replace("_", "-")
        b"text".decode(codec, "replace")  # raises LookupError for codecs that give no text
        codecs.getincrementaldecoder(codec)
    except (LookupError, ValueError):
        name = ""
    if not name or name in _NO_TEXT_CODECS:
        raise ChoiceError(
            f"--encoding: no encoding of text is called {codec!r}; write utf-8, gb18030, "
            "windows-1258, ..."
        )


def _check_is_text(start: str, codec: str) -> None:
    """Refuse a file most of which people cannot have written.

    :raises OwnTextsError: with what is wrong.
    """
    start = start[:_JUDGED]
    odd = sum(number for character, number in Counter(start).items() if _is_odd(character))
    if odd > 2 and odd > _MOST_ODD * len(start):
        raise OwnTextsError(
            f"this is no text file, or not one in {codec}: {odd:,} of its first {len(start):,} "
            "characters are no text. Save it as CSV in UTF-8, or name its --encoding"
        )


def _is_odd(character: str) -> bool:
    if character == "\ufffd":
        return True
    return character not in "\t\n\v\f\r\x85" and unicodedata.category(character) in ("Cc", "Cn")


def encoding_of(file: BinaryIO) -> str:
    """The character encoding of a text file: its mark, else UTF-8 where all of it is, else guessed.

    :raises OwnTextsError: for a file that is no text.
    """
    file.seek(0)
    start = file.read(_GUESSED_FROM)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    if start[:2] == b"PK" or start[:4] == b"\xd0\xcf\x11\xe0":
        raise OwnTextsError(
            "this is a workbook: name it .xlsx (an old .xls must be saved as .xlsx)"
        )
    if wide := _wide(start[:4000]):
        return wide
    decoder = codecs.getincrementaldecoder("utf-8")()
    part, unsound = start, b""
    try:
        while part:
            unsound = part
            decoder.decode(part)
            part = file.read(_GUESSED_FROM)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        guessed = (detect_encoding(unsound) or _FALLBACK).lower()
        if guessed.startswith("utf") or guessed == "ascii":
            guessed = _FALLBACK
        return _CHINESE.get(guessed, guessed)
    return "utf-8"


def _lines(file: BinaryIO, codec: str) -> Iterator[str]:
    """The lines of a text, each with its end; bytes that are no characters become U+FFFD.

    A line of over ``_LONGEST_LINE`` characters is cut just beyond them, and has no end.
    """
    decoder = codecs.getincrementaldecoder(codec)("replace")
    rest = ""
    part = file.read(_PART)
    while part or rest:
        # Looked through once: what is left over from the last part holds no end of a line, but
        # for a last "\r".
        seen = max(len(rest) - 1, 0)
        rest += decoder.decode(part, final=not part)
        # The line feed of a last "\r" may be the next part's first.
        ends = len(rest) - (bool(part) and rest.endswith("\r"))
        done = 0
        for end in _END.finditer(rest, seen, ends):
            yield _cut(rest[done : end.end()])
            done = end.end()
        rest = rest[done:]
        if not part:
            if rest:
                yield _cut(rest + "\n")
            return
        if len(rest) > _LONGEST_LINE:  # enough to be told; the rest of the line is passed over
            rest = rest[: _LONGEST_LINE + 1]
        part = file.read(_PART)


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE + 1].rstrip("\r\n") + " "


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: its ASCII characters have a zero each, all on the same side."""
    low, high = start[1::2].count(0), start[::2].count(0)
    if low + high < 2 or min(low, high) * 10 > max(low, high):
        return None
    codec = "utf-16-le" if low > high else "utf-16-be"
    try:
        start[: len(start) // 4 * 4 - 2].decode(codec)
    except UnicodeDecodeError:
        return None
    return codec


def _separator_of(text: str) -> str:
    """The separator that parts the first lines into the same number of columns, at least two."""
    best, most = ",", (0.0, 0)
    for separator in _SEPARATORS:
        try:
            rows = [r for r in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if r]
        except csv.Error:
            continue
        if not rows or len(rows[0]) < 2:
            continue
        whole = rows[:-1] if len(rows) > 2 else rows  # the sample may end inside a row
        same = sum(len(row) == len(rows[0]) for row in whole) / len(whole)
        if (round(same, 1), len(rows[0])) > most:
            best, most = separator, (round(same, 1), len(rows[0]))
    return best


def _records(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    reader = csv.reader(_bounded(lines), delimiter=separator)
    before = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            said = f"a cell of over {LONGEST_CELL:,} characters" if _HUGE in str(error) else error
            raise OwnTextsError(f"line {before + 1}: {said}{_UNCLOSED}") from None
        if reader.line_num - before > _MOST_LINES:
            raise OwnTextsError(
                f"line {before + 1}: a cell of over {_MOST_LINES:,} lines{_UNCLOSED}"
            )
        before = reader.line_num
        if any(record):
            yield record


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if len(line) > _LONGEST_LINE:
            raise OwnTextsError(
                f"line {number}: longer than {_LONGEST_LINE:,} characters. Most likely it is no "
                "table, or its rows do not end in line ends"
            )
        yield line


_HUGE = "field larger than field limit"
"""What the csv module says of a cell beyond the bound."""
_UNCLOSED = (
    ". Most likely a quotation mark is opened there and never closed: close it, or double it"
)


def read_workbook(file: BinaryIO, counts: Counts) -> Table:
    """The first sheet of an XLSX workbook that holds a table; formulas as their values.

    :raises OwnTextsError: for what is no such workbook.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST_SHEET:
                raise OwnTextsError("the workbook unpacks to more than 2 GB; save it as CSV")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions of spreadsheet programs it does not know
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, zlib.error) as error:
        raise OwnTextsError(f"it is no XLSX workbook ({error}); save it as .xlsx or .csv") from None
    for sheet in book.worksheets:
        rows = ([_as_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
        filled = (row for row in rows if any(row))
        header = next(filled, None)
        if header is not None:
            return _table(header, filled, counts)
    raise OwnTextsError("every sheet of the workbook is empty")


def _as_text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, datetime):
        return (
            value.date() if value.time() == time() else value.replace(microsecond=0)
        ).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:LONGEST_CELL]


def read_json_lines(file: BinaryIO, counts: Counts) -> Table:
    """JSON lines: an object a line; what is nested is named ``customer.email``.

    A line that is none is counted and left out.

    :raises OwnTextsError: where the first lines are all none.
    """
    rows = _objects(_lines(file, "utf-8-sig"), counts)
    sample = list(itertools.islice(rows, SAMPLE_ROWS))
    columns = tuple(dict.fromkeys(name for row in sample for name in row))[:MOST_COLUMNS]
    if not columns:
        raise OwnTextsError(counts.first_fault or "the file is empty")
    return Table(columns=columns, rows=itertools.chain(sample, rows))


def _objects(lines: Iterable[str], counts: Counts) -> Iterator[Mapping[str, str]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            if len(line) > LONGEST_CELL:
                raise ValueError(f"longer than {LONGEST_CELL:,} characters")
            value = loads(line)
            if not isinstance(value, dict):
                raise ValueError("no JSON object; every line must be one")
        except (ValueError, RecursionError) as error:
            counts.fault(f"line {number}: {error}")
            continue
        yield dict(_flat(value))


def _flat(value: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, part in value.items():
        name = clean_text(f"{prefix}{key}")
        if isinstance(part, dict) and depth < 3:
            yield from _flat(part, f"{name}.", depth + 1)
        elif isinstance(part, str):
            yield name, part
        elif isinstance(part, list) and all(isinstance(one, str) for one in part):
            yield name, "\n".join(part)
        elif isinstance(part, list | dict):
            yield name, Unreadable()
        else:
            yield name, _as_text(part)


def _table(header: list[str], records: Iterator[list[str]], counts: Counts) -> Table:
    """Rows under a header's names; a name that stands twice gets a number."""
    names: list[str] = []
    for place, cell in enumerate(header[:MOST_COLUMNS]):
        name = " ".join(clean_text(cell).split()) or f"column {place + 1}"
        taken, number = name, 2
        while taken in names:
            taken, number = f"{name} ({number})", number + 1
        names.append(taken)
    while len(names) > 1 and not header[len(names) - 1].strip():
        names.pop()

    def rows() -> Iterator[Mapping[str, str]]:
        for number, record in enumerate(records, 1):
            if any(cell.strip() for cell in record[len(names) :]):
                counts.fault(
                    f"row {number} has {len(record)} cells under {len(names)} names; a separator "
                    "inside a cell must stand in quotation marks"
                )
                continue
            yield dict(zip(names, record))

    return Table(columns=tuple(names), rows=rows())

"""JSON lines in, JSON lines out: the frame of ``read`` and ``tier``."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from analysis.commandline import NOTHING, OK, PARTLY, CommandError
from crawlers.json_text import loads

LONGEST_LINE = 20_000_000
"""Characters of a line that is read; a longer one is an error of its own."""


def lines_of(name: str) -> Iterator[str]:
    """The lines of a file, or of standard input for ``-``; a byte order mark is dropped.

    :raises CommandError: where the file cannot be read.
    """
    if name == "-":
        yield from sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8-sig", errors="replace") as file:
            yield from file
    except OSError as error:
        raise CommandError(
            f"{name}: {error.strerror}; give a file of JSON lines, or -", NOTHING
        ) from None


def text_of(line: dict[str, Any], key: str) -> str:
    """A text an input line must have.

    :raises ValueError: where it has none.
    """
    value = line.get(key)
    if not isinstance(value, str):
        raise ValueError(f'the line needs a "{key}" that is a text')
    return value


def work_through(
    name: str, work: Callable[[dict[str, Any]], dict[str, Any]], *, out: TextIO | None = None
) -> int:
    """Put every line through ``work`` and print the results, one JSON object a line.

    A line that cannot be read becomes an object with ``error`` and its number, and the rest goes
    on. Returns the exit code: 0, 5 where some lines failed, 6 where none could be read.
    """
    stream = out or sys.stdout
    good = bad = 0
    for number, text in enumerate(lines_of(name), 1):
        if not text.strip():
            continue
        line, result, fault = _attempt(text, lambda line: _dumped(work(line)))
        if fault is None:
            good += 1
        else:
            bad += 1
            result = _error_line(line, fault, number)
        stream.write(result + "\n")
    return _exit_code(name, good, bad)


def _attempt(
    text: str, work: Callable[[dict[str, Any]], Any]
) -> tuple[dict[str, Any], Any, str | None]:
    """(the line's object, what ``work`` made of it, what was wrong)."""
    line: dict[str, Any] = {}
    try:
        if len(text) > LONGEST_LINE:
            raise ValueError(f"longer than {LONGEST_LINE:,} characters")
        parsed = loads(text)
        if not isinstance(parsed, dict):
            raise ValueError("not a JSON object")
        line = parsed
        return line, work(line), None
    except (ValueError, RecursionError) as error:
        return line, None, str(error)
    except Exception as error:  # one line must not take the others with it
        return line, None, f"internal error, please report it: {type(error).__name__}: {error}"


def _error_line(line: dict[str, Any], fault: str, number: int) -> str:
    """The line's own keys as given, and what was wrong; without the keys where JSON has none."""
    marks = {"version": 1, "error": fault, "line": number}
    try:
        return _dumped({**line, **marks})
    except (ValueError, RecursionError):
        return _dumped(marks)


def _exit_code(name: str, good: int, bad: int) -> int:
    if not good:
        sys.stderr.write(f"{name}: no line could be read\n")
        return NOTHING
    return PARTLY if bad else OK


def _dumped(result: dict[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=False, default=str, allow_nan=False)


def judge_through(
    name: str,
    prepare: Callable[[dict[str, Any]], Any],
    judge: Callable[[list[Any]], list[dict[str, Any]]],
    *,
    out: TextIO | None = None,
) -> int:
    """As :func:`work_through`, for a judgement that needs all lines at once (shared word weights).

    :param prepare: one line -> what is judged; raises ``ValueError`` for a line that is wrong.
    :param judge: everything prepared -> a result for each, in order.
    """
    entries: list[tuple[int, dict[str, Any], Any, str | None]] = []
    for number, text in enumerate(lines_of(name), 1):
        if text.strip():
            entries.append((number, *_attempt(text, prepare)))
    results = iter(judge([entry[2] for entry in entries if entry[3] is None]))
    stream = out or sys.stdout
    bad = 0
    for number, line, _, fault in entries:
        wrong, written = fault, ""
        if wrong is None:
            result = next(results)
            try:
                written = _dumped({**line, "version": 1, **result})
            except (ValueError, RecursionError) as error:
                wrong = str(error)
        if wrong is not None:
            bad += 1
            written = _error_line(line, wrong, number)
        stream.write(written + "\n")
    return _exit_code(name, len(entries) - bad, bad)

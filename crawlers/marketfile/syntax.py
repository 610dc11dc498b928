"""Bytes to text to tables, and what to say where they are none. A leaf, pure."""

import codecs
import re
import tomllib
from typing import Any

from crawlers.marketfile.errors import Problem
from crawlers.marketfile.lines import MOST_PARTS, Lines

LARGEST_FILE = 1_000_000
"""Bytes. A market of a thousand competitors with notes stays under a fifth of it."""

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16",
}  # fmt: skip
_TYPESET = {
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "＂": '"', "＝": "=", "，": ",",
    "［": "[", "］": "]", "【": "[", "】": "]", "＃": "#", "：": "=", "\u3000": " ",
}  # fmt: skip
# Left of "=" and up to the value's first sign: where a typeset sign is syntax, not text.
_SYNTAX_PART = re.compile(r"^[^\"'#]*")


class Unreadable(Exception):  # noqa: N818 - carries a Problem, is never shown itself
    """Not a TOML text; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def decoded(body: bytes) -> str:
    """The text of a market file: UTF-8, with or without a byte order mark, any line ends.

    :raises Unreadable: for another encoding, or a file too large to have been written by hand.
    """
    if len(body) > LARGEST_FILE:
        raise Unreadable(
            Problem(
                line=1,
                problem=f"the file has {len(body):,} bytes; a market file has at most "
                f"{LARGEST_FILE:,}",
                fix="is it the right file?",
            )
        )
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            raise Unreadable(
                Problem(line=1, problem=f"the file is saved as {encoding}", fix="save it as UTF-8")
            )
    if b"\0" in body:
        raise Unreadable(
            Problem(
                line=body.count(b"\n", 0, body.index(b"\0")) + 1,
                problem="the file holds zero bytes: it is UTF-16 or no text at all",
                fix="save it as UTF-8",
            )
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        guess = _guessed(body)
        raise Unreadable(
            Problem(
                line=line,
                problem="the file is not UTF-8" + (f" (it looks like {guess})" if guess else ""),
                fix="open it in an editor and save it with the encoding UTF-8",
            )
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guessed(body: bytes) -> str | None:
    for encoding, letters in (("gb18030", r"[\u4e00-\u9fff]"), ("big5", r"[\u4e00-\u9fff]")):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(re.findall(letters, text)) >= 2:
            return "GBK" if encoding == "gb18030" else "Big5"
    return None


def tables_of(text: str, lines: Lines) -> dict[str, Any]:
    """The tables of a TOML text.

    :raises Unreadable: where it is none, with the line and a mend.
    """
    if lines.too_deep is not None:
        raise Unreadable(
            Problem(
                line=lines.too_deep,
                problem=f"a key of more than {MOST_PARTS} parts",
                fix="market files know [section] and key = value only",
            )
        )
    try:
        return tomllib.loads(text)
    except RecursionError:
        problem = Problem(line=1, problem="lists or tables nested too deeply", fix="flatten them")
    except ValueError as error:  # TOMLDecodeError, and plain ones for absurd numbers and dates
        problem = _explained(str(error), text, lines)
    raise Unreadable(problem)


def _explained(message: str, text: str, lines: Lines) -> Problem:
    place = _PLACE.search(message)
    said = _PLACE.sub("", message)
    rows = text.split("\n")
    line = int(place[1]) if place and place[1] else _last_line(rows)
    if lines.unclosed is not None and ("nterminated" in said or "end of" in message):
        return Problem(
            line=lines.unclosed,
            problem='a text opened with three quotes (""") is never closed',
            fix='close it with """',
        )
    problem, fix = _mend(said, rows[line - 1] if line <= len(rows) else "")
    return Problem(line=line, problem=problem, fix=fix)


def _last_line(rows: list[str]) -> int:
    return max((n for n, row in enumerate(rows, 1) if row.strip()), default=1)


# What tomllib says (Python 3.11 to 3.14), what it means to someone who never heard of TOML.
_SAID = (
    (r"Expected '\]+'|table declaration", "a section's name is not closed",
     "write [section] or [[section]] on a line of its own"),
    (r"Expected '='", "a key without a value",
     "write key = value, one on a line; a remark begins with #"),
    (r"Invalid initial character for a key", "a line that begins neither a key nor a section",
     "write key = value; a remark begins with #"),
    (r"Unescaped", "a single \\ in a text",
     "write \\\\, or put the text between single quotes '...'"),
    (r"Illegal character '\\n'|Unterminated string", "a text is not closed on its line",
     "close it with the quote it was opened with"),
    (r"Exceeds the limit", "a number far too long", "write a plain number"),
    (r"Invalid statement", "a line that cannot be read",
     "write key = value; a remark begins with #"),
    (r"Illegal character", "a sign that cannot be seen, where none may be", "type the line anew"),
    (r"Unclosed array", "a list is not closed, or a comma is missing in it",
     'write ["one", "another"]'),
    (r"Unclosed inline table|inline table", "a table in braces is not closed on its line",
     'write { key = "value" }'),
    (r"Expected newline", "something stands after the value",
     "one key = value on a line; a text that holds quotes goes between single quotes: "
     "'the \"best\"'"),
)  # fmt: skip


def _mend(said: str, row: str) -> tuple[str, str]:
    bare = row.strip()
    syntax = _SYNTAX_PART.match(row)
    typeset = next((c for c in (syntax[0] if syntax else "") if c in _TYPESET), None)
    if typeset:
        plain = _TYPESET[typeset]
        return (
            f"the sign {typeset.replace(chr(0x3000), 'of a wide blank')} is not one TOML knows",
            f"type {'a plain blank' if plain == ' ' else f'the plain {plain}'} instead",
        )
    if re.search(r"[Cc]annot (?:declare|overwrite|mutate|redefine|add)|Duplicate", said):
        return _written_twice(bare)
    if re.match(r"[\w.-]+\s*:", bare):
        return 'a key is followed by ":"', "write key = value"
    if said.startswith("Invalid value"):
        return _not_a_value(bare)
    if re.search(r"=\s*\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b", bare):
        return "no date that exists", "write year-month-day: 2025-01-31"
    for pattern, problem, fix in _SAID:
        if re.search(pattern, said):
            return problem, fix
    return f"not valid TOML: {said[:200]}", "see https://toml.io/en/ for how values are written"


def _not_a_value(bare: str) -> tuple[str, str]:
    key, _, value = (part.strip() for part in bare.partition("="))
    if not value:
        return "a key without a value", "write a value after =, or take the line out"
    if value.lower() in ("true", "false", "yes", "no", "on", "off"):
        return f"{value} is no value of TOML", "write true or false, in small letters"
    if value[0] in "\"'":  # a whole value: what stands before it is not finished
        return "a list above this line is not closed", 'write ["one", "another"]'
    if value.startswith(("[", "{")):
        return "a list holds a text without quotes", 'write ["one", "another"]'
    if value.lower() in ("none", "null", "nil"):
        return f"{value} is no value of TOML", "take the line out: what is not there is not set"
    return "a text without quotes", f'write {key[:60]} = "..."'


def _written_twice(bare: str) -> tuple[str, str]:
    section = re.match(r"\[+\s*([\w-]+)\s*\]+", bare)
    if section:
        name = section[1]
        if name in ("competitor", "forum", "source"):
            return (
                f"[{name}] stands more than once",
                f"write [[{name}]] with two brackets for each",
            )
        return f"[{name}] stands more than once", "put all its keys under one heading"
    key = bare.partition("=")[0].strip()
    return f'"{key}" is written twice in one section', "keep one of the two"

"""Spreadsheet formulas defused in every CSV that leaves, Datasette's own included.

A cell a spreadsheet would compute (``=HYPERLINK(...)``) gets an apostrophe in front, as OWASP
advises for CSV injection; plain numbers stay numbers.
"""

import codecs
import re

_STARTS = frozenset("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:[.,]\d{1,40}){0,8}%?")
_FIELD = re.compile(r'"[^"]*(?:""[^"]*)*"|[^",\r\n]+')


def defuse(cell: str) -> str:
    """The cell's text, harmless in a spreadsheet."""
    start = cell.lstrip(" \u00a0\ufeff")[:1] or cell[:1]
    if start not in _STARTS or _NUMBER.fullmatch(cell):
        return cell
    return "'" + cell


class DefusedCsv:
    """Rewrites CSV as it streams by; a chunk may end anywhere."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, chunk: bytes, *, last: bool) -> bytes:
        """The part of the output that is complete; all of it on the last chunk."""
        text = self._decoder.decode(chunk, final=last)
        text = self._rest + text
        # Outside quotes at a line's end: whole records; else wait for more.
        whole = last or (text.endswith("\n") and text.count('"') % 2 == 0)
        if not whole:
            self._rest = text
            return b""
        self._rest = ""
        return _FIELD.sub(_defused, text).encode("utf-8")


def _defused(field: re.Match[str]) -> str:
    text = field.group()
    if not text.startswith('"'):
        return defuse(text)
    inner = text[1:-1].replace('""', '"')
    safe = defuse(inner)
    return text if safe == inner else '"' + safe.replace('"', '""') + '"'

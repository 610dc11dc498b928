"""Spreadsheet formulas defused in everything a spreadsheet may open, Datasette's own CSV included.

A cell a spreadsheet would compute (``=HYPERLINK(...)``) gets an apostrophe in front, as OWASP
advises for CSV injection; plain numbers stay numbers. CSV begins with a byte order mark: without
it Excel reads Chinese and Vietnamese in the code page of the machine.
"""

import codecs
import re
import unicodedata

BOM = b"\xef\xbb\xbf"

_FORMULA = frozenset("=+-@＝＋－＠")
_STARTS = _FORMULA | frozenset("\t\r\n")
_NUMBER = re.compile(r"[+-]?\d{1,40}(?:[.,]\d{1,40}){0,8}%?")
_FIELD = re.compile(r'"[^"]*(?:""[^"]*)*"|[^",\r\n]+')
_IGNORED = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))
"""Categories of characters a spreadsheet may drop, or look past, before it sees a formula."""
_INSIDE = re.compile(
    r"(?<=[;|\t\r\n])([ \u00a0\"]{0,8})(?=[=@＝＠]|[+\-＋－][^;|\t\r\n]{0,200}?[(|!])"
)
"""Where a program that parts cells at another mark than the comma would find a formula. A dash or
plus is one only with a call in it: lists in posts begin with dashes."""


def defuse(cell: str) -> str:
    """The cell's text, harmless in a spreadsheet."""
    if cell[:1] not in _STARTS and _first(cell) not in _FORMULA:
        return cell
    return cell if _NUMBER.fullmatch(cell) else "'" + cell


def defuse_for_csv(cell: str) -> str:
    """The cell's text, harmless also where CSV is parted at semicolons, tabs or lines.

    In countries with a decimal comma a spreadsheet parts CSV at semicolons, quotes or not.
    """
    cell = defuse(cell)
    return _INSIDE.sub(r"\1'", cell) if any(mark in cell for mark in ";|\t\r\n") else cell


def _first(cell: str) -> str:
    """The first character that is not invisible; empty where there is none among the first."""
    for character in cell[:64]:
        if unicodedata.category(character) not in _IGNORED:
            return character
    return "=" if len(cell) > 64 else ""  # nobody writes sixty blanks: better a mark too many


class DefusedCsv:
    """Rewrites CSV as it streams by; a chunk may end anywhere.

    :param bom: whether a byte order mark goes in front.
    """

    def __init__(self, *, bom: bool = False) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._mark = BOM if bom else b""

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
        mark, self._mark = self._mark, b""
        return mark + _FIELD.sub(_defused, text).encode("utf-8")


def _defused(field: re.Match[str]) -> str:
    text = field.group()
    if not text.startswith('"'):
        return defuse_for_csv(text)
    inner = text[1:-1].replace('""', '"')
    safe = defuse_for_csv(inner)
    return text if safe == inner else '"' + safe.replace('"', '""') + '"'

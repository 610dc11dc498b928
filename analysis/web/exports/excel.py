"""Rows as an Excel file, written as they come: the memory does not grow with the table.

Every text is stored as text: a formula, an error code or an address in a cell is never one.
openpyxl is imported where a file is made: it takes longer than all the rest of the server.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from analysis.web.exports.tables import Cell
from analysis.web.formulas import defuse

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767
"""Characters of a cell: more, and Excel calls the file damaged."""

_LOOKED_AT = 40
"""Rows held back to find the width of a column."""
_NARROW, _WIDE = 9, 60
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Outside the production Char of XML 1.0."""
_READ_AS_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""ECMA-376, ST_Xstring: ``_x003D_`` would be read as ``=``."""
_IN_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f']")
_LARGEST = 10**15
"""Whole numbers beyond lose digits in a spreadsheet, which counts in doubles: those stay text."""


def text_for_excel(text: str) -> str:
    """A text as a cell may hold it: defused, legal in XML, no longer than Excel allows.

    Lines end as Excel ends them within a cell: a carriage return would show as ``_x000D_``.
    """
    lines = text[: LONGEST + 1].replace("\r\n", "\n").replace("\r", "\n")
    safe = defuse(_ILLEGAL.sub("", lines))
    safe = _READ_AS_ESCAPE.sub("_x005F_", safe)
    return safe if len(safe) <= LONGEST else safe[: LONGEST - 1] + "…"


class ExcelFile:
    """An Excel file of one sheet or more; ``save`` ends it.

    Not for use from two threads at once.
    """

    def __init__(self) -> None:
        from openpyxl import Workbook

        self._book = Workbook(write_only=True)
        self._names: set[str] = set()

    def sheet(self, name: str, columns: Sequence[str]) -> "Sheet":
        """A new sheet with a header that stays in view."""
        title = self._title(name)
        return Sheet(self._book.create_sheet(title), columns)

    def save(self, path: Path) -> None:
        """Write the file; every sheet must be finished."""
        if not self._names:
            self._book.create_sheet(self._title("-"))
        self._book.save(path)
        self._book.close()

    def _title(self, name: str) -> str:
        """A title Excel accepts, once: 31 characters, some marks forbidden."""
        plain = _IN_NO_NAME.sub(" ", _ILLEGAL.sub("", name)).strip() or "-"
        title, number = plain[:31], 2
        while title.lower() in self._names:
            ending = f" {number}"
            title, number = plain[: 31 - len(ending)] + ending, number + 1
        self._names.add(title.lower())
        return title


class Sheet:
    """Rows of one sheet; ``finish`` writes those held back to measure the columns."""

    def __init__(self, sheet: Any, columns: Sequence[str]) -> None:
        from openpyxl.cell import WriteOnlyCell

        self._new_cell = WriteOnlyCell
        self._sheet = sheet
        self._columns = list(columns)
        self._held: list[Sequence[Cell]] | None = []
        self.rows = 0

    def add(self, row: Sequence[Cell]) -> None:
        """One row under the header."""
        self.rows += 1
        if self._held is None:
            self._sheet.append([self._cell(value) for value in row])
            return
        self._held.append(row)
        if len(self._held) >= _LOOKED_AT:
            self._begin()

    def finish(self, *remarks: str) -> None:
        """End the sheet, after remarks in lines of their own."""
        self._begin()
        for remark in remarks:
            self._sheet.append([])
            self._sheet.append([self._cell(remark)])
        self._sheet.close()

    def _begin(self) -> None:
        from openpyxl.styles import Alignment, Font
        from openpyxl.utils import get_column_letter

        if self._held is None:
            return
        held, self._held = self._held, None
        for place, name in enumerate(self._columns):
            lengths = [_length(row[place]) for row in held if place < len(row)]
            width = max([_length(name) + 2, *lengths], default=_NARROW)
            letter = get_column_letter(place + 1)
            self._sheet.column_dimensions[letter].width = min(max(width, _NARROW), _WIDE)
        self._sheet.freeze_panes = "A2"
        header = [self._cell(name or "-") for name in self._columns]
        for cell in header:
            cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top")
        self._sheet.append(header)
        for row in held:
            self._sheet.append([self._cell(value) for value in row])

    def _cell(self, value: Cell) -> Any:
        if isinstance(value, int) and abs(value) >= _LARGEST:
            value = str(value)
        if not isinstance(value, str):
            return value
        if not value:
            return None  # a text cell without text is no cell a reader of the file knows
        cell = self._new_cell(self._sheet, value=text_for_excel(value))
        cell.data_type = "s"  # openpyxl would make an error of "#N/A"
        return cell


def _length(value: Cell) -> int:
    """Columns a value takes on one line; Han characters take two."""
    line = str("" if value is None else value)[:200].split("\n", 1)[0]
    return sum(2 if ord(character) > 0x2E7F else 1 for character in line[:_WIDE]) + 1


def write_tables(path: Path, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]],
                 *, empty: str) -> None:  # fmt: skip
    """An Excel file of tables, each (name, columns, rows); ``empty`` stands where there is none."""
    book = ExcelFile()
    some = False
    for name, columns, rows in sheets:
        some = True
        sheet = book.sheet(name, columns)
        for row in rows:
            sheet.add(row)
        sheet.finish()
    if not some:
        book.sheet("-", []).finish(empty)
    book.save(path)

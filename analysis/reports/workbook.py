"""A report as an Excel workbook: a sheet a question, numbers as numbers, charts beside them."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from analysis.reports.document import Cell, Lines, Part, Report, Section, Table
from analysis.web.formulas import defuse
from analysis.web.pictures.bars import Bar, Bars
from analysis.web.pictures.columns import Columns
from analysis.web.pictures.net import Net
from analysis.web.pictures.stack import Stack

_MOST = 32_000  # characters of a cell: Excel takes 32,767
_CHART_COLUMN = "D"
_CHART_ROWS = 16  # a chart is 7.5 cm high; the next block begins below it
_LOGO_HIGH, _LOGO_WIDE = 84, 260  # pixels
_NO_NAME = re.compile(r"[\[\]:*?/\\']")
_WIDTHS = (38, 18, 44, 44, 18, 18, 18)
_FILLS = {
    "s1": "DBE6F4", "s2": "86A9D6", "s3": "24508F",
    "h1": "D6ECE5", "h2": "9FD2C3", "h3": "3F9C85", "h4": "16594B",
}  # fmt: skip
_NIGHT = "16324F"

Sheet = Any  # openpyxl has no types


def as_workbook(report: Report) -> bytes:
    """The workbook's bytes. All text is stored as text: no cell computes, no address is a link."""
    book = Workbook()
    book.properties.creator = "Rivalmap"
    book.properties.title = clean(f"{report.title}: {report.market}")
    taken: set[str] = set()
    cover = book.active
    cover.title = sheet_name(report.title, taken)
    names = [sheet_name(section.tab, taken) for section in report.sections]
    _cover(cover, report, names)
    for section, name in zip(report.sections, names, strict=True):
        sheet = book.create_sheet(name)
        _section(sheet, section, report)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def clean(text: str) -> str:
    """Text as a cell may hold it: defused, without characters XML has no place for, bounded."""
    return defuse(ILLEGAL_CHARACTERS_RE.sub("", text)[:_MOST])


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes and no other sheet has; adds it to ``taken``."""
    base = _NO_NAME.sub(" ", wanted).strip()[:28] or "Sheet"
    name, number = base, 2
    while name.casefold() in taken:
        name, number = f"{base} {number}", number + 1
    taken.add(name.casefold())
    return name


def _put(sheet: Sheet, row: int, column: int, value: str | float | None, **look: Any) -> Any:
    """One cell; text stays text whatever it looks like."""
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, str) and (shown := clean(value)):
        cell.value = shown
        cell.data_type = "s"
    elif not isinstance(value, str):
        cell.value = value
    cell.alignment = Alignment(wrap_text=look.pop("wrap", True), vertical="top")
    if look:
        cell.font = Font(**look)
    return cell


def _setup(sheet: Sheet) -> None:
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _cover(sheet: Sheet, report: Report, names: Sequence[str]) -> None:
    _setup(sheet)
    row = 1
    if report.logo is not None and report.logo.kind != "svg":
        picture = Image(BytesIO(report.logo.body))
        scale = min(1.0, _LOGO_HIGH / picture.height, _LOGO_WIDE / picture.width)
        picture.width, picture.height = (
            max(1, round(picture.width * scale)), max(1, round(picture.height * scale)),
        )  # fmt: skip
        sheet.add_image(picture, "A1")
        sheet.row_dimensions[1].height = 72
        row = 2
    _put(sheet, row, 1, report.title, wrap=False, color="57606E", bold=True)
    _put(sheet, row + 1, 1, report.market, wrap=False, size=20, bold=True, color=_NIGHT)
    _put(sheet, row + 2, 1, report.description, wrap=False)
    _put(sheet, row + 3, 1, f"{report.date} · {report.period}", wrap=False, color="57606E")
    row += 5
    for section, name in zip(report.sections, names, strict=True):
        number = f"{section.number}. " if section.number else ""
        _put(sheet, row, 1, f"{number}{section.title}", bold=True)
        _put(sheet, row, 2, name, color="57606E")
        _put(sheet, row, 3, section.says)
        sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=7)
        sheet.row_dimensions[row].height = 32
        row += 1
    for note in report.notes:
        row += 1
        _put(sheet, row, 1, note, wrap=False, color="57606E")


def _section(sheet: Sheet, section: Section, report: Report) -> None:
    _setup(sheet)
    number = f"{section.number}. " if section.number else ""
    _put(sheet, 1, 1, f"{number}{section.title}", wrap=False, size=16, bold=True, color=_NIGHT)
    row = 2
    for said in (section.says, section.trend, " · ".join(section.basis)):
        if said:
            _put(sheet, row, 1, said, wrap=False, bold=said == section.says)
            row += 1
    row += 1
    for part in section.parts:
        row = _part(sheet, row, part) + 1
    if section.quotes:
        _quotes(sheet, row, section, report)


def _part(sheet: Sheet, row: int, part: Part) -> int:
    """Write a part from a row on; returns the first free row."""
    if isinstance(part, Lines):
        for said in part.rows:
            _put(sheet, row, 1, said, wrap=False)
            row += 1
        return row
    caption = part.note if isinstance(part, Table) and part.note else part.caption
    _put(sheet, row, 1, caption, wrap=False, bold=True, color="57606E")
    if isinstance(part, Table):
        return _table(sheet, row + 1, part)
    return _picture(sheet, row + 1, part)


def _head(sheet: Sheet, row: int, names: Sequence[str]) -> None:
    for place, name in enumerate(names, start=1):
        cell = _put(sheet, row, place, name, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_NIGHT)


def _table(sheet: Sheet, row: int, table: Table) -> int:
    _head(sheet, row, table.head)
    for line in table.rows:
        row += 1
        for place, cell in enumerate(line, start=1):
            _cell(sheet, row, place, cell)
    return row + 1


def _cell(sheet: Sheet, row: int, column: int, cell: Cell) -> None:
    if cell.value is not None:
        written = _put(sheet, row, column, cell.value)
        if cell.text.endswith("%"):
            written.number_format = "0%"
        if cell.style in _FILLS:
            written.fill = PatternFill("solid", fgColor=_FILLS[cell.style])
            written.font = Font(color="FFFFFF" if cell.style in ("s3", "h4") else "1C2430")
        return
    _put(sheet, row, column, "\n".join(part for part in (cell.text, cell.small, cell.url) if part))


def _picture(sheet: Sheet, row: int, picture: Bars | Columns | Net | Stack) -> int:
    """The numbers of a picture, and a chart of them beside."""
    start = row
    if isinstance(picture, Net):
        _head(sheet, row, (picture.name, picture.won, picture.lost))
        for moves in picture.rows:
            row += 1
            _put(sheet, row, 1, moves.label)
            _put(sheet, row, 2, moves.won)
            _put(sheet, row, 3, moves.lost)
        series = 2
    else:
        _head(sheet, row, (picture.caption, picture.unit))
        for line in picture.rows:
            row += 1
            _put(sheet, row, 1, line.label)
            number = _put(sheet, row, 2, line.n)
            if line.shown.endswith("%"):
                number.number_format = "0%"
            if isinstance(line, Bar) and line.small:
                _put(sheet, row, 3, line.small, color="57606E")
        series = 1
    if row == start:
        return row + 1
    chart = _chart(picture)
    numbers = Reference(sheet, min_col=2, max_col=1 + series, min_row=start, max_row=row)
    chart.add_data(numbers, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=start + 1, max_row=row))
    sheet.add_chart(chart, f"{_CHART_COLUMN}{start}")
    return max(row + 1, start + _CHART_ROWS)


_COLOURS = {
    "": "2F5D9E", "customer": "1F7A66", "pain": "B2452F", "praise": "2F7D4C", "note": "E9B44C",
    "violet": "6B4B9A",
}  # fmt: skip


def _chart(picture: Bars | Columns | Net | Stack) -> Any:
    over_time = isinstance(picture, Columns) and not picture.labelled
    chart: Any = LineChart() if over_time else _Coloured(picture)
    if not over_time:
        chart.type = "col" if isinstance(picture, Columns) else "bar"
        chart.gapWidth = 60
        if chart.type == "bar":
            chart.x_axis.scaling.orientation = "maxMin"  # the first row on top, as in the table
    chart.title = clean(picture.caption)
    chart.height, chart.width = 7.5, 15
    if not isinstance(picture, Net):
        chart.legend = None
    chart.x_axis.delete = chart.y_axis.delete = False  # else newer versions draw no axes
    chart.y_axis.scaling.min = 0
    return chart


class _Coloured(BarChart):  # type: ignore[misc]  # openpyxl has no types
    """Bars in the colours of the pages."""

    tagname = BarChart.tagname

    def __init__(self, picture: Bars | Columns | Net | Stack) -> None:
        super().__init__()
        style = "violet" if isinstance(picture, Net) else getattr(picture, "style", "")
        self._tints = (
            [_COLOURS["praise"], _COLOURS["pain"]]
            if isinstance(picture, Net)
            else [_COLOURS.get(style, _COLOURS[""])]
        )

    def add_data(self, data: Any, **options: Any) -> None:
        """Add the series and colour each."""
        super().add_data(data, **options)
        for series, tint in zip(self.series, self._tints, strict=False):
            series.graphicalProperties.solidFill = tint


def _quotes(sheet: Sheet, row: int, section: Section, report: Report) -> None:
    words = report.words
    _put(sheet, row, 1, section.quotes_title or words["quotes"], bold=True, color="57606E")
    head = (words["quote"], words["date"], words["language"], words["address"])
    _head(sheet, row + 1, head)
    for place, quote in enumerate(section.quotes, start=row + 2):
        _put(sheet, place, 1, quote.text)
        _put(sheet, place, 2, quote.date)
        _put(sheet, place, 3, quote.lang)
        _put(sheet, place, 4, quote.url or "")

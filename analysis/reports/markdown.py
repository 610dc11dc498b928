"""A report as Markdown: tables, pictures as text bars, quotes; nothing crawled is markup."""

import re
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from analysis.reports.document import Cell, Lines, Part, Quote, Report, Section, Table
from analysis.web.formats import host
from analysis.web.pictures.bars import Bars
from analysis.web.pictures.columns import Columns
from analysis.web.pictures.net import Net
from analysis.web.pictures.stack import Stack

WIDTH = 32
"""Characters of the longest bar."""

LABEL = 34
"""Columns a label may take beside a bar; Chinese characters take two."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARKUP = re.compile(r"([\\`*_{}\[\]|~#!])")
_ADDRESS = re.compile(r"(?i)([a-z][a-z0-9+.-]{0,20}):(?=[^\s\d])|\b(www)\.|@(?=\w)")
_AT_START = re.compile(r"^(\s*)([-+=])|^(\s*\d{1,9})([.)])")
_IN_URL = {"<": "%3C", ">": "%3E", "(": "%28", ")": "%29", "\\": "%5C", "`": "%60", "|": "%7C",
           '"': "%22", "[": "%5B", "]": "%5D", "*": "%2A", "_": "%5F"}  # fmt: skip


def as_markdown(report: Report) -> str:
    """The whole text, ending with a line feed."""
    blocks = [f"# {escape(report.title)}: {escape(report.market)}"]
    if report.logo:
        blocks.append(f"![{escape(report.words['logo'])}][logo]")
    if report.description:
        blocks.append(escape(report.description))
    blocks.append(f"{escape(report.date)} · {escape(report.period)}")
    asked = [s for s in report.sections if s.number]
    if asked:
        blocks.append(f"## {escape(report.words['contents'])}")
        blocks.append(
            "\n".join(f"{s.number}. **{escape(s.title)}** {escape(s.says)}" for s in asked)
        )
    for section in report.sections:
        blocks += _section(section, report)
    if report.notes:
        blocks.append("---")
        blocks.append("\n".join(f"- {escape(note)}" for note in report.notes))
    if report.logo:
        blocks.append(f"[logo]: {report.logo.address}")
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Text that is shown as it is: no markup, no HTML, no address that becomes a link by itself."""
    text = re.sub(r"[ \t\r\n\f\v\x85\u2028\u2029]+", " ", text).strip()
    text = _MARKUP.sub(r"\\\1", text)
    for character, entity in _ENTITIES.items():
        text = text.replace(character, entity)
    text = _ADDRESS.sub(_unlinked, text)
    return _AT_START.sub(_unlisted, text)


def _unlinked(found: re.Match[str]) -> str:
    if found[1] is not None:
        return f"{found[1]}&#58;"
    return f"{found[2]}&#46;" if found[2] is not None else "&#64;"


def _unlisted(found: re.Match[str]) -> str:
    if found[2] is not None:
        return f"{found[1]}\\{found[2]}"
    return f"{found[3]}\\{found[4]}"


def link(url: str, label: str) -> str:
    """A link; ``url`` is http or https and holds no blank."""
    safe = "".join(_IN_URL.get(character, character) for character in url)
    return f"[{escape(label)}](<{safe}>)"


def _section(section: Section, report: Report) -> list[str]:
    number = f"{section.number}. " if section.number else ""
    blocks = [f"## {number}{escape(section.title)}"]
    if section.says:
        blocks.append(escape(section.says) if section.few else f"**{escape(section.says)}**")
    if section.trend:
        blocks.append(escape(section.trend))
    if section.basis:
        blocks.append(" · ".join(escape(one) for one in section.basis))
    for part in section.parts:
        blocks += _part(part, captioned=not section.is_title(part))
    if section.quotes:
        blocks.append(f"### {escape(section.quotes_title or report.words['quotes'])}")
        blocks += [_quote(quote) for quote in section.quotes]
    return blocks


def _part(part: Part, *, captioned: bool) -> list[str]:
    if isinstance(part, Lines):
        return ["\n".join(f"- {escape(line)}" for line in part.rows)]
    caption = [f"### {escape(part.caption)}"] if captioned else []
    if isinstance(part, Table):
        note = [escape(part.note)] if part.note else []
        return [*caption, *note, _table(part)]
    return [*caption, fence(_drawn(part))]


def _table(table: Table) -> str:
    lines = [
        "| " + " | ".join(escape(name) for name in table.head) + " |",
        "|" + "|".join("---:" if one else "---" for one in table.numeric) + "|",
    ]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in table.rows]
    return "\n".join(lines)


def _cell(cell: Cell) -> str:
    parts = [escape(cell.text)]
    if cell.small:
        parts.append(f"({escape(cell.small)})")
    if cell.url:
        parts.append(link(cell.url, "↗"))
    return " ".join(parts)


def _quote(quote: Quote) -> str:
    where = [link(quote.url, host(quote.url))] if quote.url else []
    where += [escape(quote.date)] if quote.date else []
    lines = [f"> {escape(quote.text)}"]
    if where:
        lines += [">", f"> {' · '.join(where)}"]
    return "\n".join(lines)


def fence(lines: Sequence[str]) -> str:
    """Lines as they are, in a fence longer than any they hold."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    marks = "`" * max(3, longest + 1)
    return "\n".join([f"{marks}text", *lines, marks])


def _drawn(picture: Bars | Columns | Net | Stack) -> list[str]:
    if isinstance(picture, Net):
        return _net(picture)
    if isinstance(picture, Stack):
        total = sum(row.n for row in picture.rows)
        return _lines([(row.label, row.n, row.shown, "") for row in picture.rows], total)
    top = max((row.n for row in picture.rows), default=0.0)
    if isinstance(picture, Bars) and picture.top is not None:
        top = picture.top
    return _lines([(row.label, row.n, row.shown, row.small) for row in picture.rows], top)


def _lines(rows: Sequence[tuple[str, float, str, str]], top: float) -> list[str]:
    """A line a number: label, bar, number, remark; all begin in the same column."""
    wide = min(LABEL, max((cell_len(row[0]) for row in rows), default=0))
    numbers = max((cell_len(row[2]) for row in rows), default=0)
    return [
        f"{_fit(label, wide)} {_fit(block(n, top), WIDTH)} "
        f"{' ' * (numbers - cell_len(shown))}{shown}{'  ' + small if small else ''}".rstrip()
        for label, n, shown, small in rows
    ]


def block(n: float, top: float) -> str:
    """A bar of whole characters; whatever is more than nothing is seen."""
    if n <= 0 or top <= 0:
        return ""
    return "█" * max(1, round(WIDTH * min(n / top, 1.0)))


def _net(picture: Net) -> list[str]:
    wide = min(LABEL, max((cell_len(row.label) for row in picture.rows), default=0))
    top = max((max(row.won, row.lost) for row in picture.rows), default=0)
    half = WIDTH // 2
    lines = [f"{' ' * wide} {_left(picture.lost, half)} │ {picture.won}"]
    for row in picture.rows:
        lost = "░" * (max(1, round(half * row.lost / top)) if row.lost else 0)
        won = "█" * (max(1, round(half * row.won / top)) if row.won else 0)
        lines.append(
            f"{_fit(row.label, wide)} {_left(lost, half)} │ {_fit(won, half)} {row.won}:{row.lost}"
        )
    return lines


def _fit(text: str, width: int) -> str:
    """Cut or filled up to so many columns."""
    return set_cell_size(text, width)


def _left(text: str, width: int) -> str:
    """Filled up on the left."""
    return " " * max(0, width - cell_len(text)) + text

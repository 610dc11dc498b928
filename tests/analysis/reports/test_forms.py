"""The three forms: whole, well made, and harmless whatever was crawled."""

import html.parser
import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from rich.cells import cell_len

from analysis.reports.build import rendered
from analysis.reports.document import Cell, Lines, Quote, Report, Section, Table
from analysis.reports.logo import MOST_BYTES, LogoError, read_logo
from analysis.reports.markdown import as_markdown, block, escape, link
from analysis.reports.workbook import as_workbook, clean, sheet_name
from analysis.web.pictures.bars import Bar, Bars, length
from analysis.web.pictures.columns import HEIGHT, columns
from analysis.web.pictures.net import Moves, Net
from analysis.web.pictures.stack import Slice, Stack
from tests.analysis.reports.test_build import made

CHROMIUM = Path("/usr/bin/chromium")

ADDRESSES = {"href", "src", "action", "srcset", "data", "poster", "xlink:href"}


class Reader(html.parser.HTMLParser):
    """What a browser would find in a file."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.faults: list[str] = []
        self.links = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.faults.append(f"{tag} {name}")
            if name in ADDRESSES:
                ok = ("http://", "https://", "#") if tag == "a" else ("data:image/",)
                if not str(value).startswith(ok):
                    self.faults.append(f"{tag} {name}={str(value)[:60]}")
            self.links += name == "href" and str(value).startswith("http")


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


@pytest.mark.parametrize("weekly", [False, True])
@pytest.mark.parametrize("folder", ["desks", "attacked"])
def test_html_holds_no_script_and_no_outside_address(
    folder: str, weekly: bool, request: pytest.FixtureRequest
) -> None:
    text = rendered(made(request.getfixturevalue(folder), weekly=weekly), ".html").decode()
    found = read(text)
    assert found.faults == []
    assert not found.tags & {"script", "iframe", "object", "embed", "link", "base", "form", "img"}
    assert "default-src 'none'" in text
    assert text.count("<style>") == 1
    assert text.startswith("<!DOCTYPE html>")
    if folder == "desks":
        assert found.links >= 3


@pytest.mark.parametrize("weekly", [False, True])
def test_markdown_of_hostile_content_holds_no_markup(attacked: Path, weekly: bool) -> None:
    text = rendered(made(attacked, weekly=weekly), ".md").decode()
    outside = re.sub(r"(?ms)^(`{3,})text\n.*?^\1$", "", text)  # fenced: shown as it is
    without = re.sub(r"\(<https?://[^>\s]*>\)", "", outside)
    assert not re.search(r"<[a-zA-Z/!]", without)
    assert not re.search(r"(?i)(javascript|https?|data):", without)
    assert not re.search(r"\]\((?!<https?://)", outside)


@pytest.mark.parametrize("folder", ["desks", "attacked"])
@pytest.mark.parametrize("weekly", [False, True])
def test_workbook_computes_nothing(
    folder: str, weekly: bool, request: pytest.FixtureRequest
) -> None:
    body = rendered(made(request.getfixturevalue(folder), weekly=weekly), ".xlsx")
    book = load_workbook(BytesIO(body))
    for sheet in book:
        assert len(sheet.title) <= 31
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
                if isinstance(cell.value, str):
                    assert not cell.value.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_workbook_has_charts_beside_numbers(desks: Path) -> None:
    report = made(desks)
    book = load_workbook(BytesIO(rendered(report, ".xlsx")))
    assert len(book.worksheets) == 1 + len(report.sections)
    charts = {sheet.title: sheet._charts for sheet in book}
    for section, sheet in zip(report.sections, book.worksheets[1:], strict=True):
        drawn = [p for p in section.parts if not isinstance(p, Table | Lines)]
        assert len(charts[sheet.title]) == len(drawn), section.id
        values = [c.value for row in sheet.iter_rows() for c in row]
        assert not drawn or any(isinstance(v, int | float) for v in values), section.id
        for quote in section.quotes:
            assert quote.url in values
    kinds = {type(chart).__name__ for found in charts.values() for chart in found}
    assert kinds == {"BarChart", "LineChart"}


def png(path: Path, size: tuple[int, int] = (300, 100), kind: str = "PNG") -> Path:
    Image.new("RGB", size, "#e9b44c").save(path, kind)
    return path


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_stands_in_every_form(desks: Path, tmp_path: Path, kind: str) -> None:
    from dataclasses import replace

    logo = read_logo(png(tmp_path / "named.txt", kind=kind))  # its name says nothing
    report = replace(made(desks), logo=logo)
    text = rendered(report, ".html").decode()
    assert f'<img src="data:image/{kind.lower()};base64,' in text
    assert read(text).faults == []
    assert rendered(report, ".md").decode().count("[logo]") == 2
    book = load_workbook(BytesIO(rendered(report, ".xlsx")))
    assert len(book.worksheets[0]._images) == 1
    assert not any(sheet._images for sheet in book.worksheets[1:])


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def test_an_svg_logo_is_an_image_and_not_for_excel(desks: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    (tmp_path / "l.svg").write_bytes(SVG)
    report = replace(made(desks), logo=read_logo(tmp_path / "l.svg"))
    text = rendered(report, ".html").decode()
    assert 'src="data:image/svg+xml;base64,' in text
    with pytest.raises(LogoError, match="PNG or JPEG"):
        rendered(report, ".xlsx")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no PNG, JPEG or SVG"),
        (b"GIF89a" + b"x" * 50, "no PNG, JPEG or SVG"),
        (b"<html><body>hi</body></html>", "no PNG, JPEG or SVG"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "broken PNG"),
        (b"\xff\xd8\xff" + b"x" * 50, "broken JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * MOST_BYTES, "larger than 1 MB"),
        (b"<svg><script>alert(1)</script></svg>", "scripts"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "scripts"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "scripts or entities"),
        (b"<svg><g></svg>", "broken SVG"),
        (b"<html><svg/></html>", "no SVG"),
    ],
)
def test_what_is_no_logo(tmp_path: Path, body: bytes, said: str) -> None:
    (tmp_path / "logo.png").write_bytes(body)
    with pytest.raises(LogoError, match=said):
        read_logo(tmp_path / "logo.png")


def test_a_logo_of_too_many_pixels(tmp_path: Path) -> None:
    Image.new("1", (9_000, 9_000)).save(tmp_path / "big.png")
    with pytest.raises(LogoError, match="too many"):
        read_logo(tmp_path / "big.png")


def test_a_logo_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LogoError, match="No such file"):
        read_logo(tmp_path / "none.png")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("[a](b)", r"\[a\](b)"),
        ("# x", r"\# x"),
        ("- x", r"\- x"),
        ("1. x", r"1\. x"),
        ("a | b", r"a \| b"),
        ("`x`", r"\`x\`"),
        ("javascript:x", "javascript&#58;x"),
        ("see https://a.example", "see https&#58;//a.example"),
        ("at 10:30 sharp", "at 10:30 sharp"),
        ("a\n\n> b", "a &gt; b"),
        ("R&D", "R&amp;D"),
        ("me@x.example", "me&#64;x.example"),
    ],
)
def test_markdown_escapes(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_markdown_addresses_cannot_end_early() -> None:
    assert link("https://a.example/x)(y>_z", "a") == "[a](<https://a.example/x%29%28y%3E%5Fz>)"


SAMPLE = Report(
    language="zh", title="T", market="M", description="", date="d", period="p",
    words={"quotes": "Q", "contents": "C", "quote": "q", "date": "d", "language": "l",
           "address": "a", "logo": "L"},
    sections=(
        Section(
            id="x", tab="a/b:c?", title="标题", says="s", number=1,
            parts=(
                Bars(caption="B", unit="u", rows=(
                    Bar(label="潮办升降桌", n=10, shown="10"), Bar(label="A```b", n=1, shown="1"),
                )),
                Net(caption="N", name="n", won="w", lost="l",
                    rows=(Moves(label="x", won=4, lost=1), Moves(label="坐安", won=0, lost=2))),
                Stack(caption="S", unit="u",
                      rows=(Slice(label="a", n=3, shown="3", style="t1"),)),
            ),
            quotes=(Quote(text="=1+1", url=None, date=""),),
        ),
        Section(id="y", tab="A B C", title="t", says="", parts=(
            Table(caption="t", head=("=a", "b"),
                  rows=((Cell(text="#N/A"), Cell(text="3", value=3)),)),)),
    ),
)  # fmt: skip


def test_text_bars_align() -> None:
    text = as_markdown(SAMPLE)
    fenced = re.search(r"(?ms)^(````+)text\n(.*?)^\1$", text)
    assert fenced, "a fence longer than the marks in a label"
    lines = fenced[2].splitlines()
    assert len({cell_len(line.split("█")[0]) for line in lines}) == 1
    assert len({cell_len(line) for line in lines}) == 1
    assert lines[0].count("█") > lines[1].count("█") == 3
    sides = [line.index("│") for line in text.splitlines() if "│" in line]
    wide = [cell_len(line.split("│")[0]) for line in text.splitlines() if "│" in line]
    assert sides and len(set(wide)) == 1
    assert block(0, 10) == "" and block(0.01, 10) == "█"


def test_cells_and_sheets_take_anything() -> None:
    book = load_workbook(BytesIO(as_workbook(SAMPLE)))
    assert book.sheetnames == ["T", "a b c", "A B C 2"]
    values = [c.value for sheet in book for row in sheet.iter_rows() for c in row]
    assert {"'=1+1", "'=a", "#N/A", 3} <= set(values)
    assert clean("a\x00\x0bb") == "ab"
    assert clean("x" * 40_000) == "x" * 32_000
    taken: set[str] = set()
    names = [sheet_name("[]:*?/\\", taken) for _ in range(3)]
    assert names == ["Sheet", "Sheet 2", "Sheet 3"]


def test_geometry() -> None:
    assert [length(5, 10), length(20, 10), length(1, 0), length(-1, 5)] == [50, 100, 0, 0]
    drawn = columns([0, 1, 2])
    assert [c.height for c in drawn] == [0, 39, 78]
    assert all(c.y + c.height == HEIGHT for c in drawn)
    assert columns([]) == ()
    net = Net(caption="", name="", won="", lost="", rows=(Moves(label="", won=2, lost=1),))
    assert [row[1:] for row in net.geometry()] == [(49.0, 24.5)]
    parts = Stack(caption="", unit="", rows=tuple(
        Slice(label="", n=n, shown="", style="") for n in (1, 3)))  # fmt: skip
    assert [row[1:] for row in parts.geometry()] == [(0.0, 25.0), (25.0, 75.0)]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")
@pytest.mark.parametrize("folder", ["desks", "attacked"])
def test_in_a_browser(folder: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    from dataclasses import replace

    playwright = pytest.importorskip("playwright.sync_api")
    (tmp_path / "l.svg").write_bytes(SVG)
    logo = read_logo(tmp_path / "l.svg")
    faults: list[str] = []
    market = request.getfixturevalue(folder)
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for weekly in (False, True):
            path = tmp_path / "report.html"
            path.write_bytes(rendered(replace(made(market, weekly=weekly), logo=logo), ".html"))
            for width in (1280, 390):
                page = browser.new_page(viewport={"width": width, "height": 844})
                page.on("console", lambda m: faults.append(m.text))
                page.on("pageerror", lambda e: faults.append(str(e)))
                page.on("dialog", lambda d: (faults.append("dialog"), d.dismiss()))
                page.on("request", lambda r: faults.append(r.url)
                        if not r.url.startswith(("file:", "data:image/")) else None)  # fmt: skip
                page.goto(path.as_uri())
                assert page.evaluate("window.pwned") is None
                assert page.evaluate("document.images[0].naturalWidth") == 9
                wide = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert wide <= 0, (weekly, width, wide)
                assert page.evaluate("getComputedStyle(document.querySelector('section'))"
                                     ".backgroundColor") == "rgb(255, 255, 255)"  # fmt: skip
                if weekly and folder == "desks" and width == 1280:
                    pages = page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
                    assert pages == 1
                page.close()
        browser.close()
    assert faults == []

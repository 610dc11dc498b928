"""Files as people save them: encodings, separators, quotation marks, workbooks, broken lines."""

import io
import random
from datetime import datetime
from time import perf_counter

import pytest
from openpyxl import Workbook

from analysis.owntexts.model import ChoiceError, Counts, OwnTextsError, Unreadable
from analysis.owntexts.tables import encoding_of, read_json_lines, read_separated, read_workbook

VIETNAMESE = "Nội dung;Ngày\nMáy tính tiền dùng rất tốt, giao hàng nhanh;2026-05-01\n"
CHINESE = "内容,日期\n收银机很好用，客服也很耐心，值得推荐给开店的朋友们,2026-05-01\n"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (VIETNAMESE, "utf-8"), (VIETNAMESE, "utf-8-sig"), (VIETNAMESE, "utf-16"),
        (CHINESE, "gb18030"), (CHINESE, "utf-16-le"), (CHINESE * 20, "big5hkscs"),
    ],
)  # fmt: skip
def test_encodings(text: str, codec: str) -> None:
    if codec == "big5hkscs":
        text = "內容,日期\n收銀機很好用,2026-05-01\n" + "客服也很耐心,2026-05-02\n" * 20
    table = read_separated(io.BytesIO(text.encode(codec)), Counts())
    assert table.columns == tuple(text.partition("\n")[0].replace(";", ",").split(","))
    assert (
        next(iter(table.rows))[table.columns[0]]
        == text.splitlines()[1].rpartition(";" if ";" in text else ",")[0]
    )


def test_vietnamese_windows_encoding() -> None:
    import unicodedata

    words = "Noi dung\n" + "Máy dùng tốt nhưng giá hơi cao, nhân viên rất nhiệt tình\n" * 5
    # Windows-1258 writes most accents as marks of their own.
    bytes_ = b"".join(
        c.encode("cp1258") if _fits(c) else _parted(c) for c in unicodedata.normalize("NFC", words)
    )
    table = read_separated(io.BytesIO(bytes_), Counts(), encoding="cp1258")
    row = unicodedata.normalize("NFC", next(iter(table.rows))["Noi dung"])
    assert row == words.splitlines()[1]


def _fits(character: str) -> bool:
    try:
        character.encode("cp1258")
    except UnicodeEncodeError:
        return False
    return True


def _parted(character: str) -> bytes:
    import unicodedata

    base, *marks = unicodedata.normalize("NFD", character)
    while marks and _fits(unicodedata.normalize("NFC", base + marks[0])):
        base = unicodedata.normalize("NFC", base + marks.pop(0))
    if marks and len(marks) > 1 and _fits(unicodedata.normalize("NFC", base + marks[1])):
        base = unicodedata.normalize("NFC", base + marks.pop(1))
    return (base + "".join(marks)).encode("cp1258")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_and_quoted_cells(separator: str) -> None:
    written = f'id{separator}comment\n1{separator}"two\nlines, and; a | ""quote"""\n'
    table = read_separated(io.BytesIO(written.encode()), Counts())
    assert list(table.rows) == [{"id": "1", "comment": 'two\nlines, and; a | "quote"'}]


def test_a_spreadsheets_line_about_the_separator() -> None:
    table = read_separated(io.BytesIO(b"sep=|\nid|text\n1|fine\n"), Counts())
    assert list(table.rows) == [{"id": "1", "text": "fine"}]


def test_a_row_with_too_many_cells_is_counted_and_the_rest_is_read() -> None:
    counts = Counts()
    table = read_separated(io.BytesIO(b"id,text\n1,good, but slow\n2,fine\n"), counts)
    assert list(table.rows) == [{"id": "2", "text": "fine"}]
    assert counts.faulty == 1 and "row 1 has 3 cells" in counts.first_fault


def test_a_quotation_mark_never_closed_is_told_with_its_line() -> None:
    written = b'id,text\n1,fine\n2,"never closed\n' + b"3,lost\n" * 5_000
    table = read_separated(io.BytesIO(written), Counts())
    with pytest.raises(OwnTextsError, match=r"line 3.*quotation mark"):
        list(table.rows)


def test_names_that_stand_twice_or_not_at_all() -> None:
    table = read_separated(io.BytesIO(b"a,a,,b\n1,2,3,4\n"), Counts())
    assert table.columns == ("a", "a (2)", "column 3", "b")


@pytest.mark.parametrize("body", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest"])
def test_a_workbook_under_another_name(body: bytes) -> None:
    with pytest.raises(OwnTextsError, match="xlsx"):
        encoding_of(io.BytesIO(body))


def test_an_unknown_encoding() -> None:
    with pytest.raises(ChoiceError, match="utf-9"):
        read_separated(io.BytesIO(b"text\nx\n"), Counts(), encoding="utf-9")


def test_a_workbook() -> None:
    book = Workbook()
    book.active.title = "empty"
    sheet = book.create_sheet("answers")
    sheet.append(["ID", "When", "Answer"])
    sheet.append([7.0, datetime.fromisoformat("2026-05-01T14:30"), "too dear"])
    sheet.append([None, None, None])
    sheet.append([8, datetime.fromisoformat("2026-05-02"), "fine"])
    file = io.BytesIO()
    book.save(file)
    table = read_workbook(file, Counts())
    assert list(table.rows) == [
        {"ID": "7", "When": "2026-05-01T14:30:00", "Answer": "too dear"},
        {"ID": "8", "When": "2026-05-02", "Answer": "fine"},
    ]


@pytest.mark.parametrize("body", [b"", b"no workbook", b"PK\x05\x06" + b"\0" * 18])
def test_no_workbook(body: bytes) -> None:
    with pytest.raises(OwnTextsError):
        read_workbook(io.BytesIO(body), Counts())


def test_json_lines_with_bad_ones_among_them() -> None:
    counts = Counts()
    lines = b'{"text": "a", "user": {"email": "x@y.example"}}\n[1]\n{bad\n{"text": null, "n": 2}\n'
    table = read_json_lines(io.BytesIO(lines), counts)
    assert table.columns == ("text", "user.email", "n")
    assert list(table.rows) == [{"text": "a", "user.email": "x@y.example"}, {"text": "", "n": "2"}]
    assert counts.faulty == 2 and counts.first_fault.startswith("line 2")


def test_a_cell_of_one_long_line_is_read_at_once() -> None:
    written = "id\ttext\n1\t" + "很好用 very good, " * 60_000 + "\n2\tfine\n"
    started = perf_counter()
    table = read_separated(io.BytesIO(written[:900_000].encode()), Counts())
    (row,) = table.rows
    assert perf_counter() - started < 2
    assert row["text"] == written[10:900_000]


def test_line_ends_of_every_kind_across_parts() -> None:
    ends = ("\n", "\r\n", "\r")
    body = "text\n" + "".join(f"row {n:06}" + ends[n % 3] for n in range(60_000))
    found = [row["text"] for row in read_separated(io.BytesIO(body.encode()), Counts()).rows]
    assert found == [f"row {n:06}" for n in range(60_000)]


@pytest.mark.parametrize(
    ("length", "says"),
    [
        (1_000_100, r"line 3: a cell of over 1,000,"),
        (3_000_000, r"line 3: longer than 2,0"),
    ],
)
def test_a_huge_cell_is_told_with_its_line(length: int, says: str) -> None:
    written = b"id,text\n1,fine\n2," + b"x" * length + b"\n3,after\n"
    started = perf_counter()
    table = read_separated(io.BytesIO(written), Counts())
    with pytest.raises(OwnTextsError, match=says):
        list(table.rows)
    assert perf_counter() - started < 2


def test_a_huge_json_line_is_one_fault_and_the_rest_is_read() -> None:
    counts = Counts()
    lines = b'{"text": "a"}\n{"text": "' + b"x" * 5_000_000 + b'"}\n{"text": "b"}\n{\n'
    assert [row["text"] for row in read_json_lines(io.BytesIO(lines), counts).rows] == ["a", "b"]
    assert counts.faulty == 2 and counts.first_fault.startswith("line 2: longer than")


@pytest.mark.parametrize(
    "codec",
    ["rot13", "base64", "hex", "zlib", "idna", "undefined", "punycode", "unicode_escape",
     "raw_unicode_escape", "a\0b", "ü"],
)  # fmt: skip
def test_codecs_of_no_text(codec: str) -> None:
    with pytest.raises(ChoiceError, match="--encoding"):
        read_separated(io.BytesIO(b"text\nx\n"), Counts(), encoding=codec)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-32", "big5", "windows-1258", "latin-1"])
def test_codecs_of_text(codec: str) -> None:
    table = read_separated(io.BytesIO("text\nfine\n".encode(codec)), Counts(), encoding=codec)
    assert list(table.rows) == [{"text": "fine"}]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, None),
        (b"\x7fELF\x02\x01\x01" + bytes(9) + random.Random(6).randbytes(9_000), None),
        (b"id,text\n" + b"1,a\x00\x00\x00b\n" * 50, None),
        (CHINESE.encode("gb18030") * 5, "utf-8"),
    ],
)
def test_a_file_of_no_text(body: bytes, encoding: str | None) -> None:
    with pytest.raises(OwnTextsError, match="no text"):
        read_separated(io.BytesIO(body), Counts(), encoding=encoding)


def test_a_broken_character_among_many_is_no_reason_to_refuse() -> None:
    body = b"text\n" + "máy in hỏng rồi\n".encode() * 50 + b"a\xff\x00b\n"
    assert len(list(read_separated(io.BytesIO(body), Counts(), encoding="utf-8").rows)) == 51


def test_lists_in_json() -> None:
    line = b'{"text": ["too dear", "slow"], "tags": [1, 2], "none": [], "o": {"p": [{"q": 1}]}}\n'
    (row,) = read_json_lines(io.BytesIO(line), Counts()).rows
    assert row == {"text": "too dear\nslow", "tags": "", "none": "", "o.p": ""}
    assert [name for name, cell in row.items() if isinstance(cell, Unreadable)] == ["tags", "o.p"]

import csv
import io

import pytest

from analysis.web import formats
from analysis.web.formulas import DefusedCsv, defuse, defuse_for_csv


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+84 912 000 000", "'+84 912 000 000"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("＝1+1", "'＝1+1"),
        ("-12.50", "-12.50"),
        ("+3", "+3"),
        ("-1,234.5%", "-1,234.5%"),
        ("plain = text", "plain = text"),
        ("", ""),
    ],
)
def test_formulas_are_defused(cell, safe):
    assert defuse(cell) == safe


ROWS = [
    ["id", "text"],
    ["1", "=cmd()"],
    ["2", 'quoted, with "marks"\nand = a second line'],
    ["3", '=HYPERLINK("http://x","y")\n=second'],
    ["4", "-5"],
    ["5", "价格, ＝1"],
    ["6", ""],
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
def test_csv_is_defused_however_it_is_cut(size):
    sink = io.StringIO()
    csv.writer(sink).writerows(ROWS)
    data = sink.getvalue().encode()
    stream = DefusedCsv()
    out = b"".join(stream.feed(data[i : i + size], last=False) for i in range(0, len(data), size))
    out += stream.feed(b"", last=True)
    read = list(csv.reader(io.StringIO(out.decode(), newline="")))
    assert read == [[defuse_for_csv(cell) for cell in row] for row in ROWS]
    assert read[3][1].startswith("'=")


def test_unclosed_quote_ends():
    stream = DefusedCsv()
    assert stream.feed(b'"' + b"a" * 200_000, last=True).startswith(b'"')


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//evil", "/local", "ftp://x",
        "http://", "http://x y", "http://x\n.example", "vbscript:x", None, "",
        "http://" + "a" * 3_000,
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url):
    assert formats.safe_url(url) is None


def test_web_addresses_stand():
    assert formats.safe_url(" https://a.example/x?y=1 ") == "https://a.example/x?y=1"


def test_plain_text_is_harmless_and_short():
    assert formats.plain("a\u202eb\u2066c\u0000\x1b[1m") == "abc[1m"
    assert len(formats.plain("Z" + "\u0335" * 500)) == 4
    assert formats.plain("x" * 1_000, 10) == "x" * 10 + "…"
    assert formats.plain("đặc biệt 价格\n2") == "đặc biệt 价格\n2"
    assert formats.plain(None) == ""


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (49900, "USD", "499 USD"),
        (49950, "USD", "499.50 USD"),
        (7990000, "VND", "7,990,000 VND"),
        (1299, None, "12.99"),
        (None, "USD", ""),
    ],
)
def test_money(minor, currency, text):
    assert formats.money(minor, currency) == text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.example/", "a.example"),
        ("https://a.example/t/1#p2", "a.example/t/1#p2"),
        ("https://a.example/%E4%BB%B7%E6%A0%BC", "a.example/价格"),
        ("https://a.example/%e2%80%aeevil%0a%20x", "a.example/evilx"),
        ("https://a.example/%FF%zz", "a.example/\ufffd%zz"),
        ("https://a.example/" + "x" * 99, "a.example/" + "x" * 31 + "…"),
        ("https://" + "a" * 50 + ".example/long/path", "a" * 50 + ".example/long/pat…"),
        ("", ""),
        (None, ""),
    ],
)
def test_an_address_is_shown_short_and_readable(address, shown):
    assert formats.host(address) == shown

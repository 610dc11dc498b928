"""Lists of companies, however they are built: what is read of pages made up for the purpose."""

import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.document import Document
from crawlers.extract.listing import read_listing

HERE = "https://page.example/list"
PAGES = tomllib.loads((Path(__file__).parent / "pages.toml").read_text(encoding="utf-8"))["page"]


def document(title: str, body: str, url: str = HERE) -> Document:
    html = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return Document(url, html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["name"])
def test_companies_of_a_page(page: dict[str, Any]) -> None:
    listing = read_listing(document(page["title"], page["body"], page.get("url", HERE)))
    assert [f"{one.name} | {one.site or ''}".strip() for one in listing.companies] == page["found"]
    assert listing.title == page["title"]
    told = {
        f"{link.kind} | {urlsplit(link.url).path}{'?' * bool(urlsplit(link.url).query)}"
        f"{urlsplit(link.url).query}"
        for link in listing.pages
    }
    assert set(page.get("pages", ())) <= told
    for one in listing.companies:
        assert one.quote
        assert one.rule.startswith("listing/")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("deep", "<div>" * 30_000 + '<a href="https://a.example/">A</a>'),
        ("links", '<li><a href="https://a{0}.example/">Name {0}</a></li>'),
        (
            "own pages",
            '<div class="card"><a href="/software/x{0}">Name {0}</a><p>words of it</p></div>',
        ),
        ("headings", "<h2>{0}. Name{0}</h2><p>text</p>"),
        ("a table", "<tr><td>Name{0}</td><td>{0}</td></tr>"),
        ("one link again and again", '<p><a href="https://a.example/">Alpha</a></p><!-- {0} -->'),
        ("redirects", '<li><a href="/out?url=/out%3Furl%3D/out{0}">Name{0}</a></li>'),
    ],
    ids=lambda value: value if len(value) < 40 else "",
)
def test_a_page_without_end_is_read_in_time(name: str, body: str) -> None:
    parts = "".join(body.format(number) for number in range(20_000)) if "{0}" in body else body
    table = f"<table><tr><th>Name</th><th>N</th></tr>{parts}</table>" if "<tr>" in body else parts
    page = document("Best names of 2026", f"<h1>Best names</h1>{table}")
    start = time.process_time()
    listing = read_listing(page)
    assert time.process_time() - start < 8
    assert len(listing.companies) <= 300
    assert len(listing.pages) <= 500


LD = '<script type="application/ld+json">{}</script>'
ODD = [
    '<a href="http://[">x</a>',
    '<a href="https://a.example:99999/">x</a>',
    '<a href="//">x</a>',
    '<a href="/out?url=http%3A%2F%2F%5B">Rival</a>',
    '<a href="?url=">Rival</a>',
    '<a href="https://xn--.example/">Rival</a>',
    '<link rel="next" href="http://[">',
    "<h2>1.</h2>",
    "<h2>\u2460</h2>",
    "<h3>\u7b2c1\u540d</h3>",
    "<h1>A vs</h1>",
    "<h1>vs B</h1>",
    "<title>alternatives to</title>",
    "<table></table>",
    "<table><tr></tr><tr><td></td></tr><tr><td>x</td></tr></table>",
    LD.format('{"@type":"ItemList","itemListElement":[1,null,{},"x"]}'),
    LD.format('{"@type":["Brand",3],"name":{"a":[]},"url":[[],3]}'),
]


@given(st.lists(st.sampled_from(ODD) | st.text(max_size=40), max_size=12))
@settings(max_examples=150, deadline=None)
def test_odd_pages_never_raise(parts: list[str]) -> None:
    body = "".join(parts)
    listing = read_listing(document("Best tools vs others", body))
    assert all(one.name and one.site != "" for one in listing.companies)


@pytest.mark.parametrize(
    "title",
    ["1" * 200, "1 " * 100, "the" * 60, "Top 10 best " * 16, " " * 200 + "x", "- " * 100,
     "最佳" * 100, "3个" * 100, "9" * 30 + " alternatives", "a-" * 100],
    ids=lambda title: title[:12].strip() or "blanks",
)  # fmt: skip
def test_no_title_holds_up_a_crawl(title: str) -> None:
    # In a process of its own: an exponential pattern would not come back to fail.
    code = (
        "import sys; from crawlers.document import Document\n"
        "from crawlers.extract.listing import read_listing\n"
        "text = sys.argv[1].encode('utf-8', 'surrogateescape')\n"
        "html = b'<title>' + text + b'</title><h1>' + text + b'</h1><h2>' + text + b'</h2>'\n"
        "kind = {'Content-Type': 'text/html; charset=utf-8'}\n"
        "read_listing(Document('https://a.example/', html, headers=kind))"
    )
    subprocess.run([sys.executable, "-c", code, title], check=True, timeout=20)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Best POS software 2026: 10 alternatives", []),
        ("Top 12 CRM tools alternatives", []),
        ("15 Best ERP Platforms 2026 Alternatives", []),
        ("收银软件 2026：10款替代品", []),
        ("软件平台的替代品", []),
        ("360Learning alternatives", ["360Learning"]),
        ("Top10 Rivalo alternatives", ["Rivalo"]),
        ("The 8 best Rivalo alternatives in 2026", ["Rivalo"]),
        ("Harvest Software alternatives", ["Harvest Software"]),
        ("最佳5个蜂鸟替代品", ["蜂鸟"]),
        ("Alternatives to Sapo POS: 7 tools", ["Sapo POS"]),
    ],
)
def test_who_is_to_be_replaced(title: str, names: list[str]) -> None:
    listing = read_listing(document(title, f"<h1>{title}</h1><p>Words of it.</p>"))
    assert [one.name for one in listing.companies] == names


def test_what_is_no_page_lists_nothing() -> None:
    for body, kind in ((b"%PDF-1.4", "application/pdf"), (b"{}", "application/json"), (b"", "")):
        listing = read_listing(Document(HERE, body, headers={"Content-Type": kind}))
        assert (listing.companies, listing.pages) == ((), ())

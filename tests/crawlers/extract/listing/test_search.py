"""Answers of a SearXNG-compatible search: companies, lists to read on, odd answers."""

import json
from typing import Any

import pytest

from crawlers.document import Document
from crawlers.extract.listing import read_results, refusals_of


def answer(data: Any, kind: str = "application/json") -> Document:
    url = "https://search.com/search?q=tills&format=json"
    return Document(url, json.dumps(data).encode(), headers={"Content-Type": kind})


def row(url: str, title: str, content: str = "") -> dict[str, str]:
    return {"url": url, "title": title, "content": content, "engine": "one"}


@pytest.mark.parametrize(
    ("url", "title", "found"),
    [
        ("https://rivalo.com/", "Rivalo: tills for cafes", ("Rivalo", "https://rivalo.com/")),
        ("https://rivalo.com/", "Tills for cafes | Rivalo", ("Rivalo", "https://rivalo.com/")),
        (
            "https://rivalo.com/",
            "Rivalo - the best POS software",
            ("Rivalo", "https://rivalo.com/"),
        ),
        ("https://rivalo.com/pricing", "Pricing - Rivalo", ("Rivalo", "https://rivalo.com/")),
        ("https://sgs.vn/", "Phần mềm bán hàng - Núi Xanh", ("Núi Xanh", "https://sgs.vn/")),
        ("https://sgsy.cn/", "松果收银_餐饮收银系统", ("松果收银", "https://sgsy.cn/")),
        ("https://rivalo.com/blog/open-late", "Open late | Rivalo", None),
        ("https://blog.rivalo.com/", "Blog | Rivalo", None),
        ("https://news.com/2026/05/cafes", "Cafes open late", None),
        ("https://www.reddit.com/r/cafe", "Which till?", None),
        ("https://rivalo.com/", "", None),
        ("ftp://rivalo.com/", "Rivalo", None),
    ],
)
def test_a_result_as_a_company(url: str, title: str, found: tuple[str, str] | None) -> None:
    listing = read_results(answer({"query": "tills", "results": [row(url, title, "Words.")]}))
    assert listing is not None
    got = [(one.name, one.site) for one in listing.companies]
    assert got == ([found] if found else [])
    for one in listing.companies:
        assert one.rule == "search"
        assert one.quote == f"{title} · Words."


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://mag.com/tills", "9 best tills for cafes"),
        ("https://rivalo.com/compare", "Rivalo vs Tillmoor"),
        ("https://bao.vn/pm", "Top 7 phần mềm bán hàng tốt nhất"),
        ("https://zhan.cn/p/1", "收银系统哪个好？十大品牌推荐"),
    ],
)
def test_a_result_that_is_a_list_is_read_on(url: str, title: str) -> None:
    listing = read_results(answer({"results": [row(url, title)]}))
    assert listing is not None
    assert [(link.url, link.kind) for link in listing.pages] == [(url, "list")]
    assert listing.companies == ()


@pytest.mark.parametrize(
    "data", [{}, [], None, {"results": None}, {"results": "x"}, "x", 3, {"error": "no"}]
)
def test_what_is_no_answer(data: Any) -> None:
    assert read_results(answer(data)) is None


@pytest.mark.parametrize(
    "rows", [[], [None, 3, "x", [], {}], [{"url": 3, "title": []}], [{"url": "http://["}],
             [{"url": "https://[::1]/", "title": "A"}], [{"url": "https://a.com", "title": None}]]
)  # fmt: skip
def test_odd_results_are_left_out(rows: list[Any]) -> None:
    listing = read_results(answer({"results": rows}))
    assert listing is not None
    assert (listing.companies, listing.pages) == ((), ())


def test_html_is_no_answer() -> None:
    page = Document("https://search.com/", b"<html></html>", headers={"Content-Type": "text/html"})
    assert read_results(page) is None
    assert refusals_of(page) == ()


def test_engines_that_refuse_are_told() -> None:
    data = {"results": [], "unresponsive_engines": [["one", "CAPTCHA"], "two", [3], []]}
    assert refusals_of(answer(data)) == ("one: CAPTCHA", "two")

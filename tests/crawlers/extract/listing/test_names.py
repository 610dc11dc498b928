"""Names in the lines of lists, and where their links lead: tables of made-up lines."""

import pytest

from crawlers.extract.listing.names import is_list_title, name_in, number_of, spells
from crawlers.extract.listing.sites import bare_domain, lead_of, unwrapped

PAGE = "https://lists.com/best"


@pytest.mark.parametrize(
    ("line", "label", "name"),
    [
        ("1. Rivalo", "", "Rivalo"),
        ("#3: Rivalo Pro", "", "Rivalo Pro"),
        ("Top 1: Rivalo – tills for cafes", "", "Rivalo"),
        ("Best overall: Rivalo", "rivalo", "Rivalo"),
        ("Best overall: Rivalo", "", "Rivalo"),
        ("Editor's choice - Rivalo", "", "Rivalo"),
        ("Rivalo (free plan)", "", "Rivalo"),
        ("Rivalo Review 2026", "", "Rivalo"),
        ("Rivalo logo", "", "Rivalo"),
        ("Visit Rivalo", "", "Rivalo"),
        ("Till and stock in one | Rivalo", "rivalo", "Rivalo"),
        ("Phần mềm bán hàng Núi Xanh", "", "Núi Xanh"),
        ("2. Đánh giá Núi Xanh", "", "Núi Xanh"),
        ("一、松果收银", "", "松果收银"),
        ("第2名：松果收银（免费）", "", "松果收银"),
        ("④ 松果收银", "", "松果收银"),
        ("十二、松果收银", "", "松果收银"),
        ("松果收银官网", "", "松果收银"),
        ("How to choose a till", "", None),
        ("What is a till?", "", None),
        ("Read more", "", None),
        ("Xem chi tiết", "", None),
        ("查看详情", "", None),
        ("Kết luận", "", None),
        ("总结", "", None),
        ("We sell tills. They are good.", "", None),
        ("https://rivalo.com", "", None),
        ("2026", "", None),
        ("", "", None),
    ],
)
def test_name_in_a_line(line: str, label: str, name: str | None) -> None:
    assert name_in(line, label) == name


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("12. Rivalo", 12), ("3) Rivalo", 3), ("十、松果", 10), ("二十一、松果", 21), ("⑤松果", 5),
        ("Rivalo", None), ("7", None), ("2026 in numbers", None), ("360 Rivalo", 360),
    ],
)  # fmt: skip
def test_number_of_a_line(line: str, number: int | None) -> None:
    found = number_of(line)
    assert (found[0] if found else None) == number


@pytest.mark.parametrize(
    ("title", "listed"),
    [
        ("10 best tills for cafes", True),
        ("Rivalo alternatives", True),
        ("Rivalo vs Tillmoor", True),
        ("Tills: all companies", True),
        ("Top phần mềm bán hàng", True),
        ("So sánh Rivalo và Tillmoor", True),
        ("收银系统排行榜", True),
        ("Rivalo的替代品", True),
        ("7 tips for the best till", False),
        ("5 cách chọn phần mềm", False),
        ("选择收银软件的方法", False),
        ("Our story", False),
        ("Stopgap measures", False),
    ],
)
def test_titles_of_lists(title: str, listed: bool) -> None:
    assert is_list_title(title) == listed


@pytest.mark.parametrize(
    ("url", "home", "deep"),
    [
        ("https://rivalo.com", "https://rivalo.com/", False),
        ("https://www.rivalo.com/?utm_source=lists&aff=3", "https://www.rivalo.com/", False),
        ("https://rivalo.com/en/", "https://rivalo.com/", False),
        ("https://rivalo.com/pricing", "https://rivalo.com/", True),
        ("https://blog.rivalo.com/", "https://blog.rivalo.com/", True),
        ("https://lists.com/out?url=https%3A%2F%2Frivalo.com%2F", "https://rivalo.com/", False),
        ("https://lists.com/go?u=https%253A%252F%252Frivalo.com", "https://rivalo.com/", False),
        ("https://click.net/redirect/https://rivalo.com/x", "https://rivalo.com/", True),
        ("https://track.net/?target=www.rivalo.com", "https://www.rivalo.com/", False),
        ("https://shopee.vn/rivalo", "https://shopee.vn/rivalo", False),
        ("https://other.lists.com/", None, False),
        ("https://www.facebook.com/rivalo", None, False),
        ("https://play.google.com/store/apps/details?id=rivalo", None, False),
        ("/go/rivalo", None, False),
        ("https://[", None, False),
    ],
)
def test_where_a_link_leads(url: str, home: str | None, deep: bool) -> None:
    lead = lead_of(url, PAGE)
    assert (lead.home if lead else None, lead.deep if lead else False) == (home, deep)


def test_unwrapping_ends() -> None:
    url = "https://a.com/?url=" + "https%3A%2F%2Fa.com%2F%3Furl%3D" * 40
    assert unwrapped(url).startswith("https://a.com/")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("www.rivalo.com", "rivalo.com"), ("https://rivalo.com.vn/", "rivalo.com.vn"),
        ("rivalo", None), ("v2.0", None), ("Rivalo, Inc.", None), ("e.g.", None), ("", None),
    ],
)  # fmt: skip
def test_bare_domains(text: str, domain: str | None) -> None:
    assert bare_domain(text) == domain


def test_a_name_and_its_domain_spell_each_other() -> None:
    assert spells("Rivalo", "getrivalo")
    assert spells("Núi Xanh", "nuixanh")
    assert spells("Rivalo POS", "rivalo")
    assert not spells("Go", "google")
    assert not spells("Tillmoor", "rivalo")


def test_a_company_calls_itself_software_without_being_a_list() -> None:
    assert is_list_title("Phần mềm bán hàng")
    assert not is_list_title("Phần mềm bán hàng", anywhere=True)
    assert is_list_title("5 phần mềm bán hàng", anywhere=True)

"""What people type, and what it becomes."""

import pytest

from analysis.newmarket.answers import Rival, answer, listed, rivals, tidy


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cafés, offices", ("cafés", "offices")),
        ("Hà Nội; TP.HCM", ("Hà Nội", "TP.HCM")),
        ("餐馆、酒店，办公室", ("餐馆", "酒店", "办公室")),
        ("Hà Nội, Hà Nội", ("Hà Nội",)),
        (" , ,", ()),
        ("không", ()),
        ("", ()),
        (None, ()),
        ("small shops and market stalls", ("small shops and market stalls",)),
        ("Soap, Inc., Bubble Co., Ltd", ("Soap, Inc", "Bubble Co., Ltd")),
    ],
)
def test_lists(typed: str | None, found: tuple[str, ...]) -> None:
    assert listed(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Lux", [("Lux", None)]),
        ("lux.example", [(None, "https://lux.example")]),
        ("Lux https://www.lux.example/vn", [("Lux", "https://www.lux.example/vn")]),
        ("Lux (lux.example)", [("Lux", "https://lux.example")]),
        ("香皂世界（soap.example）", [("香皂世界", "https://soap.example")]),
        ("Lux: http://lux.example.", [("Lux", "http://lux.example")]),
        ("Lux, dove.example", [("Lux", None), (None, "https://dove.example")]),
        ("shop.localhost:8080", [(None, "http://shop.localhost:8080")]),
        ("https://shopee.vn/xa-phong", [(None, "https://shopee.vn/xa-phong")]),
        ("chưa biết", []),
        ("没有", []),
        ("-", []),
        ("", []),
    ],
)
def test_rivals(typed: str, found: list[tuple[str | None, str | None]]) -> None:
    assert rivals(typed) == tuple(Rival(name=name, site=site) for name, site in found)


def test_texts_become_one_printable_line() -> None:
    assert tidy("  Soap\n\x1b[31m for\u202e all ") == "Soap [31m for all"
    assert tidy("One. Two three four.", longest=10) == "One."
    assert tidy("word " * 100, longest=22) == "word word word word"
    assert len(tidy("肥皂" * 1000, longest=50)) == 50


@pytest.mark.parametrize(
    ("typed", "said"),
    [(" Soap ", "Soap"), ("none", ""), ("No.", ""), ("无", ""), ("khong", ""), (None, "")],
)
def test_nothing_said_in_three_languages(typed: str | None, said: str) -> None:
    assert answer(typed) == said

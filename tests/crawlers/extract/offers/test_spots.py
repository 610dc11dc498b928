"""The one scan of a page must miss nothing that the careful readers would read."""

import tomllib
from pathlib import Path

import pytest

from crawlers.extract.offers.spots import may_hold_money, spots_of
from crawlers.extract.outline import Block, Outline

TABLE = tomllib.loads((Path(__file__).parents[1] / "prices" / "table.toml").read_text("utf-8"))
ROWS = [(row[0], row[2]) for rows in TABLE.values() for row in rows]


def outline(*texts):
    return Outline(
        blocks=[
            Block(
                text=text, tag="p", areas=0, near=0, far=0, linked=0, links=0, box=0, outer=0,
                depth=0, place="body", region=0, hidden=False, struck=False,
            )
            for text in texts
        ]
    )  # fmt: skip


@pytest.mark.parametrize("text", [text for text, amount in ROWS if amount[0].isdigit()])
def test_every_price_of_the_table_is_spotted(text):
    spots = spots_of(outline("Welcome", text, "Bye"))
    assert 1 in spots.money or 1 in spots.words
    assert spots.money in ([], [1])


@pytest.mark.parametrize("text", [text for text, amount in ROWS if amount == "ask"])
def test_words_in_place_of_a_price_are_spotted(text):
    assert spots_of(outline("Welcome", text)).words == [1]


@pytest.mark.parametrize(
    "text",
    ["12 kids", "Open 24/7", "10 days", "3 danh mục", "2025年", "Model XC-4500", "iPhone 15 Pro",
     "Cars 3", "4th floor", "v1.2.3"],
)  # fmt: skip
def test_numbers_without_money_are_passed_over(text):
    assert spots_of(outline("Welcome", text)).money == []
    assert not may_hold_money(text)


@pytest.mark.parametrize(
    ("text", "field"),
    [("Add to cart", "states"), ("Hết hàng", "states"), ("立即购买", "states"),
     ("SKU: A-12", "labels"),
     ("Mã sản phẩm: 12", "labels"), ("Đã bán 1,2k", "sold"), ("月销 300+", "sold"),
     ("Prices in US dollars", "names"), ("单位：人民币", "names"), ("-20%", "promotions"),
     ("Mua 2 tặng 1", "promotions"), ("限時8折", "promotions")],
)  # fmt: skip
def test_other_words_of_offers_are_spotted(text, field):
    assert 1 in getattr(spots_of(outline("Welcome", text)), field)


def test_a_shared_sign_is_noted_only_beside_a_number():
    assert spots_of(outline("Welcome", "only $5")).shared
    assert spots_of(outline("Welcome", "299 kr")).shared
    assert not spots_of(outline("Welcome", "$ and €5")).shared


def test_an_empty_page():
    assert spots_of(Outline()).money == []

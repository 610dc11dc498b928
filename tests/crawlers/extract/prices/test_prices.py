"""Prices as written in the markets we read, exact."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from crawlers.extract.prices.reading import Hints, find_prices, machine_amount, read_price

EN, US, TW = Hints(lang="en"), Hints(lang="en", country="us"), Hints(lang="zh", country="tw")
VI, ZH = Hints(lang="vi", country="vn"), Hints(lang="zh")

# text, hints, amount, highest, currency, period, unit
PRICES = [
    ("1.290.000₫", VI, "1290000", None, "VND", None, None),
    ("1.290.000 đ", VI, "1290000", None, "VND", None, None),
    ("1.290.000 đồng", VI, "1290000", None, "VND", None, None),
    ("Giá: 2.500.000 VNĐ/bộ", VI, "2500000", None, "VND", None, "piece"),
    ("290.000d", VI, "290000", None, "VND", None, None),
    ("1tr290", VI, "1290000", None, "VND", None, None),
    ("1tr2", VI, "1200000", None, "VND", None, None),
    ("850k", VI, "850000", None, "VND", None, None),
    ("850K/hộp", VI, "850000", None, "VND", None, "box"),
    ("10 củ", VI, "10000000", None, "VND", None, None),
    ("1 triệu 5", VI, "1500000", None, "VND", None, None),
    ("2 tỷ 3", VI, "2300000000", None, "VND", None, None),
    ("1,5 triệu/khóa", VI, "1500000", None, "VND", None, "course"),
    ("500 nghìn đồng", VI, "500000", None, "VND", None, None),
    ("chỉ từ 99.000đ/tháng", VI, "99000", None, "VND", "month", None),
    ("99k/tháng/người dùng", VI, "99000", None, "VND", "month", "user"),
    ("100-200k", VI, "100000", "200000", "VND", None, None),
    ("20.000 - 30.000đ", VI, "20000", "30000", "VND", None, None),
    ("¥199起", ZH, "199", None, "CNY", None, None),
    ("￥199.00", ZH, "199.00", None, "CNY", None, None),
    ("¥199-299", ZH, "199", "299", "CNY", None, None),
    ("1.5万元/年", ZH, "15000", None, "CNY", "year", None),
    ("199元/人/月", ZH, "199", None, "CNY", "month", "person"),
    ("每用户每月¥30", ZH, "30", None, "CNY", "month", "user"),
    ("月付 ¥99", ZH, "99", None, "CNY", "month", None),
    ("3980元", ZH, "3980", None, "CNY", None, None),
    ("NT$1,280", TW, "1280", None, "TWD", None, None),
    ("1,280元", TW, "1280", None, "TWD", None, None),
    ("HK$388", EN, "388", None, "HKD", None, None),
    ("$9/mo billed yearly", US, "9", None, "USD", "month", None),
    ("$15 per user/month", US, "15", None, "USD", "month", "user"),
    ("$12 per user per month, billed annually", US, "12", None, "USD", "month", "user"),
    ("US$49.00", EN, "49.00", None, "USD", None, None),
    ("$49 USD", EN, "49", None, "USD", None, None),
    ("$10 - $20", US, "10", "20", "USD", None, None),
    ("$299 one-time", US, "299", None, "USD", "once", None),
    ("£20.50 each", EN, "20.50", None, "GBP", None, "piece"),
    ("€1.299,00", EN, "1299.00", None, "EUR", None, None),
    ("1 299,00 €", EN, "1299.00", None, "EUR", None, None),
    ("129,- €", EN, "129", None, "EUR", None, None),
    ("Rs. 23,450", Hints(country="pk"), "23450", None, "PKR", None, None),
    ("1 299 kr", Hints(country="se"), "1299", None, "SEK", None, None),
    ("24.990 CLP", EN, "24990", None, "CLP", None, None),
    ("$10k", US, "10000", None, "USD", None, None),
]


@pytest.mark.parametrize(
    ("text", "hints", "amount", "highest", "currency", "period", "unit"), PRICES
)
def test_price(text, hints, amount, highest, currency, period, unit):
    price = read_price(text, hints)
    assert price is not None
    assert price.amount == Decimal(amount)
    assert price.highest == (Decimal(highest) if highest else None)
    assert (price.currency, price.period, price.unit) == (currency, period, unit)
    assert price.text in text
    assert "E" not in str(price.amount)


PAGES = {
    "us": Hints(lang="en", country="us"),
    "en": Hints(lang="en"),
    "uk": Hints(lang="en", country="uk"),
    "au": Hints(lang="en", country="au"),
    "se": Hints(country="se"),
    "no": Hints(country="no"),
    "cl": Hints(lang="es", country="cl"),
    "co": Hints(lang="es", country="co"),
    "vi": Hints(lang="vi", country="vn"),
    "vn_us": Hints(lang="vi", stated=("USD",)),
    "zh": Hints(lang="zh"),
    "zh_us": Hints(lang="zh", stated=("USD",)),
    "tw": Hints(lang="zh-hant", country="tw"),
    "hk": Hints(lang="zh-hant", country="hk"),
}
TABLE = tomllib.loads((Path(__file__).parent / "table.toml").read_text("utf-8"))


def test_the_table_is_large_in_every_language():
    assert all(len(rows) >= 70 for rows in TABLE.values())
    assert sorted(TABLE) == ["en", "vi", "zh"]


@pytest.mark.parametrize(
    ("text", "page", "amount", "highest", "currency", "period", "unit"),
    [row for rows in TABLE.values() for row in rows],
)
def test_price_of_the_table(text, page, amount, highest, currency, period, unit):
    price = read_price(text, PAGES[page])
    if amount == "none":
        assert price is None
        return
    assert price is not None
    assert price.amount == (None if amount == "ask" else Decimal(amount))
    assert price.highest == (Decimal(highest) if highest else None)
    assert (price.currency or "", price.period or "", price.unit or "") == (currency, period, unit)


@pytest.mark.parametrize("text", ["$9.99", "$1,234", "¥500"])
def test_a_shared_sign_without_a_hint_has_no_currency(text):
    assert read_price(text, EN).currency is None


@pytest.mark.parametrize(
    ("hints", "currency"),
    [
        (Hints(country="tw"), "TWD"),
        (Hints(country="sg"), "SGD"),
        (Hints(currency="CAD", country="us"), "CAD"),
        (Hints(currency="EUR", country="au"), "AUD"),
    ],
)
def test_dollars_are_told_by_the_page(hints, currency):
    assert read_price("$5", hints).currency == currency


@pytest.mark.parametrize("text", ["Free", "免费", "miễn phí", "$0"])
def test_free_is_zero(text):
    assert read_price(text, US).amount == 0


@pytest.mark.parametrize(
    "text", ["Liên hệ", "Contact sales", "面议", "價格面議".replace("價格", "")]
)
def test_ask_us_has_words_but_no_number(text):
    price = read_price(text, VI)
    assert price is not None
    assert price.amount is None
    assert price.text == text


@pytest.mark.parametrize(
    "text",
    ["12 tháng", "50m2", "iPhone 15 128GB", "5 people came", "2024-05-01", "10k followers", "",
     "A4-80 paper", "v1.2.3", "9" * 10_000, "$" + "9" * 10_000],
)  # fmt: skip
def test_no_price(text):
    assert read_price(text, EN) is None


def test_the_old_price_beside_is_a_price_of_its_own():
    found = find_prices("$59.99 $79.99", US)
    assert [price.amount for price in found] == [Decimal("59.99"), Decimal("79.99")]


def test_lowest_is_marked():
    assert read_price("¥199起", ZH).lowest
    assert read_price("from $5", US).lowest
    assert not read_price("$5", US).lowest


@pytest.mark.parametrize(
    ("value", "currency", "amount"),
    [
        ("1290000", "VND", "1290000"), ("12.50", "USD", "12.50"), (9, None, "9"),
        (9.5, None, "9.5"),
        ("1.290.000 đ", "VND", "1290000"), ("$1,280", "USD", "1280"), ("", None, None),
        ([], None, None), (True, None, None), ({"a": 1}, None, None), ("abc", None, None),
        (1e400, None, None), (float("nan"), None, None), ("-5", None, "5"),
    ],
)  # fmt: skip
def test_machine_amounts(value, currency, amount):
    assert machine_amount(value, currency) == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    ("text", "hints", "shown"),
    [
        ("¥199起", ZH, "¥199起"), ("only from $5 a cup", US, "only from $5"),
        ("Từ 99k", VI, "Từ 99k"), ("$9/mo billed yearly", US, "$9/mo billed yearly"),
        ("$9/mo, billed annually", US, "$9/mo, billed annually"), ("Giá: 99k", VI, "99k"),
        ("Giá: Liên hệ 0901234567", VI, "Liên hệ"),
    ],
)  # fmt: skip
def test_the_text_of_a_price_keeps_what_belongs_to_it(text, hints, shown):
    assert read_price(text, hints).text == shown


def test_a_sign_belongs_to_one_number():
    found = find_prices("1.590.000₫ 1.290.000₫", VI)
    assert [price.text for price in found] == ["1.590.000₫", "1.290.000₫"]


@pytest.mark.parametrize(
    ("text", "hints", "amount", "currency", "period"),
    [
        ("đ1.290.000", VI, 1_290_000, "VND", None), ("1.98万/年", ZH, 19_800, "CNY", "year"),
        ("到手价 159", ZH, 159, "CNY", None), ("售價：1280", TW, 1280, "TWD", None),
        ("年費 NT$5,988", TW, 5988, "TWD", "year"), ("Set quà tặng 500k", VI, 500_000, "VND", None),
    ],
)  # fmt: skip
def test_prices_with_labels_and_signs_before(text, hints, amount, currency, period):
    price = read_price(text, hints)
    assert (price.amount, price.currency, price.period) == (amount, currency, period)


@pytest.mark.parametrize("text", ["Tặng 500k", "Được tặng 500k", "特价5折", "现价 3天"])
def test_gifts_and_counts_are_no_prices(text):
    assert read_price(text, VI) is None

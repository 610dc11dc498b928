"""Phrases in which companies say since when, how large, what they promise, how much they sell."""

from datetime import UTC, datetime
from html import escape

import pytest

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.extract.company.claims import figure, year_of
from crawlers.items import Company

SAID = [
    ("Founded in 2011 in Leeds.", "founded", "2011"),
    ("Family-owned since 1968", "founded", "1968"),
    ("We have been baking bread since 1987.", "founded", "1987"),
    ("Est. 1994", "founded", "1994"),
    ("Công ty được thành lập năm 2009.", "founded", "2009"),
    ("thanh lap nam 2012 tai Hue", "founded", "2012"),
    ("公司成立于2003年。", "founded", "2003"),
    ("本公司創立於1998年", "founded", "1998"),
    ("我们公司自2010年起专注母婴用品", "founded", "2010"),
    ("More than 400 employees work here.", "size", "400 employees"),
    ("We are a team of 35 in three towns", "size", "team of 35"),
    ("Đội ngũ hơn 120 nhân viên", "size", "120 nhân viên"),
    ("Công ty có 80 nhân sự", "size", "80 nhân sự"),
    ("现有员工500余人", "size", "500"),
    ("我们是一支20人的团队", "size", "20人的团队"),
    ("Trusted by 10,000 shops.", "customers", "10,000 shops"),
    ("Join over 25,000 happy customers", "customers", "25,000 happy customers"),
    ("Hơn 5.000 khách hàng tin dùng", "customers", "5.000 khách hàng"),
    ("hon 12000 cua hang dang su dung", "customers", "12000 cua hang"),
    ("累计服务30万家企业", "customers", "30万"),
    ("超過8,000家門店的選擇", "customers", "8,000家門店"),
    ("30-day money-back guarantee", "trust", "money-back guarantee"),
    ("Rated 4.8 out of 5 by owners", "trust", "Rated 4.8 out of 5"),
    ("ISO 9001 certified factory", "trust", "ISO 9001"),
    ("Award-winning service", "trust", "Award-winning"),
    ("2,340 reviews", "trust", "2,340 reviews"),
    ("Cam kết hàng chính hãng", "trust", "hàng chính hãng"),
    ("4,9/5 (1.203 đánh giá)", "trust", "4,9/5"),
    ("Đạt chứng nhận ISO 22000", "trust", "chứng nhận ISO 22000"),
    ("正品保证，假一赔十", "trust", "正品保证"),
    ("已通过ISO9001认证", "trust", "ISO9001"),
    ("評分4.9，1,204則評價", "trust", "1,204則評價"),
    ("Bảo hành 24 tháng, đổi trả trong 7 ngày", "after_sales", "đổi trả trong 7 ngày"),
    ("bao hanh 12 thang", "after_sales", "bao hanh 12 thang"),
    ("Miễn phí vận chuyển cho đơn từ 300k", "after_sales", "Miễn phí vận chuyển"),
    ("Lỗi 1 đổi 1 trong 30 ngày", "after_sales", "1 đổi 1 trong 30 ngày"),
    ("Free returns within 30 days", "after_sales", "Free returns"),
    ("Every stove has a 5-year warranty", "after_sales", "5-year warranty"),
    ("Cancel anytime.", "after_sales", "Cancel anytime"),
    ("全国包邮，七天退换", "after_sales", "七天退换"),
    ("支持7天无理由退货", "after_sales", "7天无理由退货"),
    ("全館滿799免運", "after_sales", "滿799免運"),
    ("整机质保2年", "after_sales", "质保2年"),
    ("Đã bán 1,2k", "sales", "Đã bán 1,2k"),
    ("da ban 350", "sales", "da ban 350"),
    ("2,3k đã bán", "sales", "2,3k đã bán"),
    ("1.204 lượt mua", "sales", "1.204 lượt mua"),
    ("月销 300+", "sales", "月销 300+"),
    ("已售2.1万件", "sales", "已售2.1万"),
    ("已售出 1,024 件", "sales", "已售出 1,024"),
    ("2000+人付款", "sales", "2000+人付款"),
    ("2,300 sold", "sales", "2,300 sold"),
    ("1k+ bought in past month", "sales", "1k+ bought in past month"),
    ("10,000+ downloads", "sales", "10,000+ downloads"),
    ("Headquartered in Da Nang, Vietnam.", "places", "Headquartered in Da Nang"),
    ("Trụ sở: 12 Nguyễn Trãi", "places", "12 Nguyễn Trãi"),
    ("总部位于深圳", "places", "深圳"),
    ("We ship to Canada, Mexico and Japan", "markets", "We ship to Canada, Mexico and Japan"),
    ("Worldwide shipping", "markets", "Worldwide shipping"),
    ("Giao hàng toàn quốc", "markets", "Giao hàng toàn quốc"),
    ("ship cod toan quoc", "markets", "ship cod toan quoc"),
    ("全国包邮", "markets", "全国包邮"),
    ("產品遠銷歐美", "markets", "遠銷歐美"),
]  # fmt: skip

NOT_SAID = [
    ("Prices have been stable since 2019", "founded"),
    ("The fair was opened in 2015 by the mayor", "founded"),
    ("Since 15 people asked, here it is", "founded"),
    ("For companies with 50 employees", "size"),
    ("Dành cho doanh nghiệp dưới 50 nhân viên", "size"),
    ("适合20人以下的团队", "size"),
    ("Minimum 10 team members", "size"),
    ("3 customers wrote to us", "customers"),
    ("5 reasons why our customers stay", "customers"),
    ("The cost is $98 for all users", "customers"),
    ("Open daily but 3/5", "trust"),
    ("Ngày 3/5 nghỉ lễ", "trust"),
    ("He is 4 stars away", "trust"),
    ("Đổi mới sáng tạo mỗi ngày", "after_sales"),
    ("Warranty", "after_sales"),
    ("Sold out", "sales"),
    ("In 2024 sold", "sales"),
    ("A jacket designed to ship to your door", "markets"),
    ("Speak to a doctor based in your town", "places"),
]  # fmt: skip


WHOLE = [
    ("Trusted by 8,000+ crews including Mapleworks, Oakline and Fernhill", "customers",
     ["Trusted by 8,000+ crews including Mapleworks, Oakline and Fernhill"]),
    ("Trusted by 8,000 crews, open every day", "customers", ["Trusted by 8,000 crews"]),
    ("Đối tác: Mây Xanh, Gốm Việt", "customers", ["Mây Xanh, Gốm Việt"]),
    ("Khách hàng tiêu biểu: Trà Lài, Gốm Việt", "customers", ["Trà Lài, Gốm Việt"]),
    ("合作客户:云杉、海星、蓝莓", "customers", ["云杉、海星、蓝莓"]),
    ("合作客户：云杉、海星", "customers", ["云杉、海星"]),
    ("超過2,000家店家使用", "customers", ["2,000家店家"]),
    ("Sold 15,000+ units", "sales", ["Sold 15,000+ units"]),
    ("Sold 30% faster than last year", "sales", []),
    ("Sold 500 times", "sales", []),
    ("Sold 2024 models", "sales", []),
    ("4.7 ★ on Trustpilot", "trust", ["4.7 ★ on Trustpilot"]),
    ("Rated 4.6/5", "trust", ["Rated 4.6/5"]),
    ("100-250 employees", "size", ["100-250 employees"]),
    ("Chúng tôi tự hào là đơn vị với hơn 300 nhân sự", "size", ["300 nhân sự"]),
    ("Phần mềm dành cho công ty có hơn 300 nhân sự", "size", []),
    ("员工超过600人", "size", ["员工超过600人"]),
    ("Ships to the UK, Norway and Japan", "markets", ["Ships to the UK, Norway and Japan"]),
    ("giao hàng toàn quốc", "markets", ["giao hàng toàn quốc"]),
    ("全国包邮", "markets", ["全国包邮"]),
    ("Bảo hành thiết bị 18 tháng", "after_sales", ["Bảo hành thiết bị 18 tháng"]),
    ("60-day money-back guarantee.² See more", "after_sales", ["60-day money-back guarantee"]),
    ("Tents for 5-7 people", "size", []),
    ("两年质保", "after_sales", ["两年质保"]),
    ("一年保固", "after_sales", ["一年保固"]),
    ("10天鑑賞期、兩年保固、滿千免運", "after_sales", ["10天鑑賞期", "兩年保固", "滿千免運"]),
    ("Trụ sở chính: 8 Lê Lai, Quận 1, TP. Hồ Chí Minh", "places",
     ["8 Lê Lai, Quận 1, TP. Hồ Chí Minh"]),
    ("总部在苏州", "places", ["苏州"]),
    ("总部位于苏州,在成都设有分公司", "places", ["苏州"]),
    ("總部位於台中，在高雄設有門市", "places", ["台中"]),
    ("專為小型餐廳與早餐店打造", "audience", ["專為小型餐廳與早餐店打造"]),
    ("面向烘焙、零售门店", "audience", ["面向烘焙、零售门店"]),
    ("面向烘焙、零售的系统", "audience", []),
    ("Dành cho người bán hàng trên Lazada", "audience", ["Dành cho người bán hàng trên Lazada"]),
]  # fmt: skip
"""A line, a field, and all that the field then holds."""

_RATING = "Rated 4.7 out of 5 on G2 (1,105 reviews)."
QUOTED = [
    (_RATING, "sales", _RATING),
    (f"It is quick. {_RATING} Try it.", "sales", _RATING),
    ("Visit tillbee.example for 2,500 reviews.", "sales",
     "Visit tillbee.example for 2,500 reviews."),
    (f"电话 138 1234 1234 微信公众号 {'好' * 68}，已有3000家企业使用", "customers",
     f"微信公众号 {'好' * 68}，已有3000家企业使用"),
    (f"{'Unbreakable ' * 9}2,500 reviews", "sales", f"{'Unbreakable ' * 7}2,500 reviews"),
]  # fmt: skip


def company(line: str, around: str = "") -> Company:
    """What a page that says this line tells of its company."""
    html = f"<html><title>Tillbee</title><main><h1>Count less</h1><p>{escape(line)}</p>{around}"
    document = Document(
        "https://tillbee.example/",
        html.encode(),
        headers={"content-type": "text/html; charset=utf-8"},
        fetched_at=datetime(2026, 6, 10, tzinfo=UTC),
    )
    return read_page(document).company


def values(found: Company, field: str) -> list[str]:
    value = getattr(found, field)
    return list(value) if isinstance(value, tuple) else [str(value)] if value else []


@pytest.mark.parametrize(("line", "field", "part"), SAID)
def test_fields(line: str, field: str, part: str) -> None:
    found = company(line)
    said = values(found, field)
    assert any(part in value for value in said), said
    assert all(value in line for value in said)
    rows = [row for row in found.evidence if row.subject == field]
    assert rows and all(row.quote in line and row.rule == f"text:{field}" for row in rows)


@pytest.mark.parametrize(("line", "field"), NOT_SAID)
def test_what_only_looks_like_it(line: str, field: str) -> None:
    assert not values(company(line), field)


@pytest.mark.parametrize(("line", "field", "whole"), WHOLE)
def test_whole_values(line: str, field: str, whole: list[str]) -> None:
    assert values(company(line), field) == whole


@pytest.mark.parametrize(("line", "field", "quote"), QUOTED)
def test_quotes_cut_no_number_and_no_word(line: str, field: str, quote: str) -> None:
    assert [row.quote for row in company(line).evidence if row.subject == field] == [quote]


def test_years() -> None:
    assert year_of("since 1987", 2026) == 1987
    assert year_of("since 2031", 2026) is None
    assert year_of("since 15", 2026) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,2k", 1200), ("30万家", 300_000), ("10,000+", 10_000), ("5.000", 5_000), ("no", 0),
     ("2.5 million", 2_500_000), ("1 trieu", 1_000_000)],
)  # fmt: skip
def test_figures(text: str, number: float) -> None:
    assert figure(text) == number

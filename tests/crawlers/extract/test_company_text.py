"""Phrases in which companies say whom they serve, since when, what they promise."""

import pytest

from crawlers.extract.company_text import phrases_of, year_of

AUDIENCE = [
    ("Built for small shops.", "Built for small shops"),
    ("A till designed for busy bakeries, with free set-up.", "designed for busy bakeries"),
    ("The app is perfect for freelancers who want to get paid.", "perfect for freelancers"),
    ("We help restaurant owners so that nobody waits.", "We help restaurant owners"),
    ("Ideal for teams of 5 to 50", "Ideal for teams of 5 to 50"),
    ("Phần mềm dành cho chủ shop online.", "dành cho chủ shop online"),
    ("Sữa phù hợp với mẹ bầu và trẻ nhỏ", "phù hợp với mẹ bầu và trẻ nhỏ"),
    ("Giải pháp cho quán cà phê, nhà hàng", "Giải pháp cho quán cà phê"),
    (
        "Được thiết kế dành cho doanh nghiệp vừa và nhỏ.",
        "thiết kế dành cho doanh nghiệp vừa và nhỏ",
    ),
    ("phan mem danh cho cua hang tap hoa", "danh cho cua hang tap hoa"),
    ("适合中小商家使用。", "适合中小商家使用"),
    ("产品适用于办公室白领、学生。", "适用于办公室白领、学生"),
    ("我们专为外贸企业打造，省心。", "专为外贸企业打造"),
    ("面向连锁餐饮企业，提供收银系统。", "面向连锁餐饮企业"),
    ("適合新手媽媽。", "適合新手媽媽"),
]


@pytest.mark.parametrize(("line", "phrase"), AUDIENCE)
def test_audience(line, phrase):
    found = [row for row in phrases_of([line], articles=False) if row[0] == "audience"]
    assert any(phrase in row[1] for row in found), found
    assert all(row[1].split()[0] in line for row in found)
    assert all(row[2] and row[2] in line for row in found)


@pytest.mark.parametrize(
    "line",
    ["This offer is great for the first time.", "Designed for you.", "适合你",
     "Phù hợp với nhu cầu.",
     "The weather is fine.", "Chúng tôi bán áo.", "我们卖衣服。"],
)  # fmt: skip
def test_nobody_is_no_audience(line):
    assert not [row for row in phrases_of([line], articles=False) if row[0] == "audience"]


@pytest.mark.parametrize(
    ("line", "field", "part"),
    [
        ("Founded in 2011 in Leeds.", "founded", "2011"),
        ("Công ty được thành lập năm 2009.", "founded", "2009"),
        ("公司成立于2003年。", "founded", "2003"),
        ("More than 400 employees work here.", "size", "400 employees"),
        ("Đội ngũ hơn 120 nhân viên", "size", "120 nhân viên"),
        ("现有员工500余人", "size", "500"),
        ("Trusted by 10,000 shops.", "customers", "10,000 shops"),
        ("Hơn 5.000 khách hàng tin dùng", "customers", "5.000 khách hàng"),
        ("累计服务30万家企业", "customers", "30万"),
        ("30-day money-back guarantee", "trust", "money-back guarantee"),
        ("Cam kết hàng chính hãng", "trust", "hàng chính hãng"),
        ("正品保证，假一赔十", "trust", "正品保证"),
        ("Bảo hành 24 tháng, đổi trả trong 7 ngày", "after_sales", "đổi trả trong 7 ngày"),
        ("Free returns within 30 days", "after_sales", "Free returns"),
        ("全国包邮，七天退换", "after_sales", "七天退换"),
        ("Headquartered in Da Nang, Vietnam.", "places", "Headquartered in Da Nang"),
        ("Trụ sở: 12 Nguyễn Trãi", "places", "12 Nguyễn Trãi"),
        ("总部位于深圳", "places", "深圳"),
    ],
)
def test_fields(line, field, part):
    found = [row[1] for row in phrases_of([line], articles=False) if row[0] == field]
    assert any(part in phrase for phrase in found), found


def test_an_article_speaks_of_others():
    assert not list(phrases_of(["Founded in 2011, built for small shops"], articles=True))


def test_years():
    assert year_of("since 1987", 2026) == 1987
    assert year_of("since 2031", 2026) is None
    assert year_of("since 15", 2026) is None

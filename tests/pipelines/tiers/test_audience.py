"""Whom a product is for: words count where an audience stands, not wherever people are named."""

import pytest

from pipelines.tiers import OfferFact, Profile, judge
from pipelines.tiers.reading import read_profile


def segments(text: str) -> set[str]:
    return set(read_profile(Profile(name="Qvx", description=text)).segments)


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("Payroll for small shops", "shop_owners"),
        ("A till that shop owners like", "shop_owners"),
        ("Notebooks for families", "parents"),
        ("Holiday planner for busy young families", "parents"),
        ("Bookings for dentists, salons and vets", "salons_gyms"),
        ("Ledger trusted by 900 banks", "banks_fintechs"),
        ("Ledger trusted by over 900 banks", "banks_fintechs"),
        ("Bug reports for developers", "developers"),
        ("It helps teachers mark homework", "teachers_schools"),
        ("We lend to farms and their growers", "farmers"),
        ("Quoting made for general contractors", "contractors"),
        ("Street maps for cities and ports", "governments"),
        ("We match tutors. It serves schools.", "teachers_schools"),
        ("Lịch hẹn cho phụ huynh bận rộn", "parents"),
        ("Sổ chi tiêu dành cho gia đình trẻ", "parents"),
        ("Phần mềm cho ngân hàng và quỹ tín dụng", "banks_fintechs"),
        ("Phan mem ke toan danh cho nha hang, khach san", "hotels"),
        ("Giúp các bệnh viện xếp lịch trực", "clinicians"),
        ("Chủ shop nào cũng dùng được", "shop_owners"),
        ("面向银行的风控系统", "banks_fintechs"),
        ("為年輕家庭設計的記帳本", "parents"),
        ("帮助医院和诊所排班", "clinicians"),
        ("店主都在用的收银机", "shop_owners"),
        ("适合教师的备课工具", "teachers_schools"),
        ("给餐厅、酒店用的财务软件", "hotels"),
    ],
)
def test_an_audience_is_read(text, segment):
    assert segment in segments(text)


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("Online shop builder for small shops", "contractors"),
        ("A plug-in for Qvy and other shop builders", "contractors"),
        ("Family dental clinic near the old pier", "parents"),
        ("A family bakery: bread for early risers", "parents"),
        ("Seven people in Ho Chi Minh City who like boxes", "governments"),
        ("For shops in the biggest cities", "governments"),
        ("A company of 42 engineers", "developers"),
        ("Two designers and twelve developers run it", "developers"),
        ("Made by a team of 30 employees", "employees"),
        ("Sells to shops with up to ten employees", "employees"),
        ("Link it to your bank account", "banks_fintechs"),
        ("Rota for bars. Our engineers answer the phone.", "developers"),
        ("It helps you hire engineers", "developers"),
        ("For small shops, our engineers answer the phone", "developers"),
        ("Cho chủ shop, chúng tôi có nhân viên riêng", "employees"),
        ("Tiệm bánh gia đình ở phố cổ", "parents"),
        ("Tiem banh gia dinh o pho co", "parents"),
        ("Đến nay có 210 nhân viên", "employees"),
        ("Phục vụ cửa hàng có từ một đến mười nhân viên", "employees"),
        ("Tiền về tài khoản ngân hàng", "banks_fintechs"),
        ("Giúp bạn liên kết tài khoản ngân hàng", "banks_fintechs"),
        ("Thức ăn hạt chó bác sĩ khuyên dùng", "clinicians"),
        ("家庭牙科诊所", "parents"),
        ("團隊有 42 人", "employees"),
        ("现有员工三十名", "employees"),
        ("绑定银行账户即可收款", "banks_fintechs"),
        ("为您提供专业团队", "employees"),
        ("二十年后他成为医生", "clinicians"),
        ("Chó mèo và trẻ em đều thích", "parents"),
    ],
)
def test_people_who_are_no_audience_are_not_one(text, segment):
    assert segment not in segments(text)


@pytest.mark.parametrize(
    ("fields", "yes", "no"),
    [
        ({"audience": ("family", "银行")}, {"parents", "banks_fintechs"}, {"employees"}),
        ({"keywords": ("gia đình", "teachers")}, {"parents", "teachers_schools"}, set()),
        ({"keywords": ("tiệm bánh gia đình", "online store builder")}, set(),
         {"parents", "contractors"}),
        ({"category": "Software; schools"}, {"teachers_schools"}, set()),
        ({"offers": (OfferFact(name="Plan for families"),)}, {"parents"}, set()),
        ({"offers": (OfferFact(name="Bank transfer fee"),)}, set(), {"banks_fintechs"}),
    ],
)  # fmt: skip
def test_fields_that_name_an_audience_need_less(fields, yes, no):
    found = set(read_profile(Profile(name="Qvx", **fields)).segments)
    assert yes <= found
    assert not no & found


def test_a_plural_is_sought_as_a_plural():
    assert "restaurants" in segments("Menus for restaurants")
    assert "insurers" not in segments("Menus for the carrier bag")


@pytest.mark.parametrize("text", ["for " * 3_000, "cho các " * 3_000, "为、" * 5_000])
def test_endless_lists_come_to_an_end(text):
    assert segments(text + "families") <= {"parents"}


def test_evidence_of_an_audience_is_where_it_is_addressed():
    ours = Profile(name="We", description="A till for small shops", audience=("gia đình", "shops"))
    theirs = Profile(
        name="They",
        description="Tiệm bánh gia đình",
        texts=(("A till that helps small shops. 12 nhân viên", "https://they.example/"),),
    )
    (verdict,) = judge(ours, [theirs])
    rows = [row for row in verdict.evidence if row.flag == "same_audience"]
    assert {row.rule for row in rows} == {"segment:shop_owners"}
    assert all("helps small shops" in row.quote for row in rows)

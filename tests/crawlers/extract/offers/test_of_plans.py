"""Plans of pricing pages: toggles, split amounts, plans without a number, terms in blocks apart."""

import pytest

from crawlers.document import Document
from crawlers.extract import read_page


def plans(body, *, title="Pricing", path="/pricing", lang="en"):
    """(name, price, period, unit, price before, promotion) of each offer."""
    source = (
        f'<!doctype html><html lang="{lang}"><head><meta charset=utf-8><title>{title}</title>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )
    page = read_page(Document(f"https://tillwise.example{path}", source.encode()))
    return [
        (
            o.name,
            None if o.price is None else str(o.price),
            o.period,
            o.unit,
            None if o.price_before is None else str(o.price_before),
            o.promotion,
        )
        for o in page.offers
    ]


TOGGLE = """<div><button>Monthly</button><button>Yearly</button></div><div class=grid>
<div class=plan><h3>Free</h3><p>$0</p><p>Free forever</p></div>
<div class=plan><h3>Team</h3><p class=m>$12 <span>/user/mo</span></p>
<p class=y>$120 <span>/user/yr</span></p></div>
<div class=plan><h3>Business</h3><p>$25/user/mo</p><p>billed annually</p>
<p>$30 billed monthly</p></div>
<div class=plan><h3>Enterprise</h3><p>Custom</p><a class=btn>Contact sales</a></div></div>"""

TERMS_APART = """<div class=card><h3>Solo</h3><p>Save 20%</p><p>$8</p><p>per seat / month</p>
<p>$96 billed yearly</p></div><div class=card><h3>Crew</h3><p>Save 20%</p><p>$16</p>
<p>per seat / month</p><p>$192 billed yearly</p></div>"""

RAISED = """<div class=plans><div><h2>Starter</h2><div><sup>$</sup>29<sup>99</sup>
<small>/month</small></div></div><div><h2>Growth</h2><div><sup>$</sup>79<sup>99</sup>
<small>/month</small></div></div></div>"""

SPLIT_VI = """<div class=plans><div><h2>Gói Quầy</h2><p>Chỉ từ</p><p><b>199</b>k<span>/tháng</span>
</p></div><div><h2>Gói Chuỗi</h2><p>Chỉ từ</p><p><b>399</b>k<span>/tháng</span></p></div>
<div><h2>Gói Riêng</h2><p>Giá: Liên hệ</p></div></div>"""

STRUCK_ZH = """<div class=row><div class=col><h3>免费版</h3><div class=price>¥0</div></div>
<div class=col><h3>标准版</h3><div class=price><span>¥</span><b>1980</b><i>/年</i></div>
<del>¥2980</del><p>限时6.6折</p></div><div class=col><h3>旗舰版</h3><div class=price>面议</div>
<a class=btn>联系客服</a></div></div>"""

ROWS_VI = """<table><tr><th>Tính năng</th><th>Cơ bản</th><th>Chuyên nghiệp</th>
<th>Doanh nghiệp</th></tr><tr><td>Giá theo tháng</td><td>Miễn phí</td><td>299.000đ</td>
<td>Liên hệ</td></tr><tr><td>Giá theo năm</td><td>Miễn phí</td><td>2.990.000đ</td><td>Liên hệ</td>
</tr><tr><td>Số người dùng</td><td>1</td><td>5</td><td>Không giới hạn</td></tr></table>"""

PAGES = {
    "a toggle": (
        TOGGLE, {},
        [("Free", "0", None, None, None, None), ("Team", "12", "month", "user", None, None),
         ("Business", "25", "month", "user", None, None),
         ("Enterprise", None, None, None, None, None)],
    ),
    "terms in a block of their own": (
        TERMS_APART, {},
        [("Solo", "8", "month", "seat", None, "Save 20%"),
         ("Crew", "16", "month", "seat", None, "Save 20%")],
    ),
    "raised cents": (
        RAISED, {},
        [("Starter", "29.99", "month", None, None, None),
         ("Growth", "79.99", "month", None, None, None)],
    ),
    "thousands apart from their number": (
        SPLIT_VI, {"lang": "vi", "title": "Bảng giá", "path": "/bang-gia"},
        [("Gói Quầy", "199000", "month", None, None, None),
         ("Gói Chuỗi", "399000", "month", None, None, None),
         ("Gói Riêng", None, None, None, None, None)],
    ),
    "a struck price": (
        STRUCK_ZH, {"lang": "zh-CN", "title": "价格", "path": "/price"},
        [("免费版", "0", None, None, None, None),
         ("标准版", "1980", "year", None, "2980", "限时6.6折"),
         ("旗舰版", None, None, None, None, None)],
    ),
    "a row for each period": (
        ROWS_VI, {"lang": "vi", "title": "Bảng giá", "path": "/bang-gia"},
        [("Cơ bản", "0", None, None, None, None),
         ("Chuyên nghiệp", "299000", "month", None, None, None),
         ("Doanh nghiệp", None, None, None, None, None),
         ("Chuyên nghiệp", "2990000", "year", None, None, None)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_plans(name):
    body, options, expected = PAGES[name]
    assert plans(body, **options) == expected

"""Offers of pricing pages, price lists and menus in several kinds of markup."""

import pytest

from crawlers.document import Document
from crawlers.extract import read_page


def offers(body, *, title="Pricing", path="/pricing", lang="en", host="tillwise.example", head=""):
    """(name, price, currency, period) of each offer; prices as text, none as None."""
    source = (
        f'<!doctype html><html lang="{lang}"><head><meta charset=utf-8><title>{title}</title>{head}'
        f"</head><body>{body}</body></html>"
    )
    page = read_page(
        Document(f"https://{host}{path}", source.encode(), headers={"content-type": "text/html"})
    )
    return [
        (o.name, None if o.price is None else str(o.price), o.currency, o.period)
        for o in page.offers
    ]


CARDS_EN = """<main><h1>Simple pricing</h1><p>Prices in US dollars. Cancel whenever you like.</p>
<div class=grid>
<div class=plan><span class=badge>Most popular</span><h3>Basic</h3><p>For one stall</p>
<div><span>$</span><span>12</span><span>/month</span></div>
<ul><li>One till</li><li>Extra staff: $3/month</li></ul><a class=btn href=/a>Get started</a></div>
<div class=plan><h3>Plus</h3><p>For growing shops</p><div><span>$</span><span>30</span>
<span>/month</span></div><div>or $300 billed yearly</div><ul><li>Three tills</li></ul></div>
<div class=plan><h3>Free</h3><p>For trying out</p><div>$0</div></div>
<div class=plan><h3>Chain</h3><p>For many shops</p><ul><li>Own manager</li></ul>
<a class=btn href=/c>Contact sales</a></div></div></main>"""

HEADED_VI = """<h1>Bảng giá</h1><div class="row plans">
<div class="col"><div class="card"><div class="card-header">Khởi đầu</div><div class="card-body">
<div class="price">Miễn phí</div><ul><li>1 quầy</li></ul></div></div></div>
<div class="col"><div class="card"><div class="card-header">Tiêu chuẩn</div><div class="card-body">
<div class="price">180.000đ/tháng</div><ul><li>3 quầy</li></ul></div></div></div>
<div class="col"><div class="card"><div class="card-header">Doanh nghiệp</div>
<div class="card-body"><div class="price">Liên hệ</div><ul><li>Không giới hạn</li></ul></div>
</div></div></div>"""

FLAT_EN = """<h1>Our packages</h1><h2>Housekeeping for offices</h2>
<h3>Weekly visit</h3><p>From £45 per visit</p><ul><li>Kitchen</li></ul>
<h3>Daily visit</h3><p>£690 per month</p><ul><li>Kitchen and desks</li></ul>
<h3>Deep clean</h3><p>£320 one-off fee</p>"""

ROWS_VI = """<h1>Bảng giá dịch vụ spa</h1><table><tr><th>STT</th><th>Dịch vụ</th><th>Thời gian</th>
<th>Giá</th></tr><tr><td>1</td><td>Gội đầu dưỡng sinh</td><td>60 phút</td><td>150.000đ</td></tr>
<tr><td>2</td><td>Chăm sóc da mặt</td><td>75 phút</td><td>350k</td></tr>
<tr><td>3</td><td>Trị mụn</td><td>90 phút</td><td>Liên hệ</td></tr></table>"""

NUMBERS_VI = """<h1>Bảng giá in ấn</h1><table><thead><tr><th>Sản phẩm</th><th>Giá (VNĐ)</th></tr>
</thead><tbody><tr><td>Danh thiếp, hộp 100 tờ</td><td>90.000</td></tr><tr><td>Tờ rơi A5</td>
<td>1.200.000</td></tr></tbody></table>"""

COLUMNS_ZH = """<h1>套餐价格</h1><table><tr><th>功能</th><th>入门版</th><th>专业版</th>
<th>企业版</th></tr><tr><td>价格</td><td>免费</td><td>¥299/月</td><td>面议</td></tr>
<tr><td>门店数</td><td>1</td><td>5</td><td>不限</td></tr>
<tr><td>短信</td><td>¥0.08</td><td>¥0.06</td><td>免费</td></tr></table>"""

ARIA_EN = """<h1>Compare plans</h1><div role=table><div role=row><div role=columnheader></div>
<div role=columnheader>Lite</div><div role=columnheader>Team</div></div>
<div role=row><div role=rowheader>Monthly price</div><div role=cell>€8</div>
<div role=cell>€19</div></div><div role=row><div role=rowheader>Seats</div><div role=cell>1</div>
<div role=cell>10</div></div></div>"""

PERIODS_EN = """<h1>Hosting prices</h1><table><tr><th>Plan</th><th>Monthly</th><th>Yearly</th></tr>
<tr><th>Pebble</th><td>£4</td><td>£40</td></tr><tr><th>Boulder</th><td>£9</td><td>£90</td></tr>
</table>"""

DEFINITIONS_TW = """<h1>收費方式</h1><dl><dt>單店方案</dt><dd>NT$600／月</dd><dt>連鎖方案</dt>
<dd>NT$2,400／月</dd><dt>建置費</dt><dd>NT$8,000 一次性</dd></dl>"""

LIST_EN = """<h1>Prices</h1><h2>Hair</h2><ul><li>Cut and finish £38</li><li>Fringe trim - £8</li>
<li>Colour: from £60</li></ul><h2>Nails</h2><ul><li>Manicure ..... £22</li></ul>"""

MENU_VI = """<h1>Thực đơn</h1><ul class=menu-list><li><span>Phở tái</span> <span>45k</span></li>
<li><span>Bún chả</span> <span>50k</span></li>
<li><span>Nem cua bể</span> <span>60k</span></li></ul>"""

LINES_VI = """<h1>Bảng giá phần mềm</h1><p>Gói Cơ bản: 199.000đ/tháng</p>
<p>Gói Nâng cao: 399.000đ/tháng<br>Gói Chuỗi: 2tr5/năm</p>
<p>Cài đặt tận nơi: 500.000đ trọn gói</p>"""

LINES_ZH = (
    """<h1>价格</h1><p>基础版：99元/月</p><p>高级版：199元/月</p><p>买断版：2999元一次性</p>"""
)

OLD_EN = """<h1>Pricing</h1><div><section><h2>Solo</h2><p><del>$20</del> $15/month USD</p></section>
<section><h2>Duo</h2><p>Was $40</p><p>$28/month</p></section></div>"""

HIDDEN_YEARLY = """<h1>Pick a plan</h1><div class=plans>
<article><h2>Starter</h2><p>Good to begin</p><div class="price monthly">€9<span>/mo</span></div>
<div class="price yearly" style="display:none">€7<span>/mo</span></div></article>
<article><h2>Studio</h2><p>For teams</p><div class="price monthly">€19<span>/mo</span></div>
<div class="price yearly" style="display:none">€15<span>/mo</span></div></article>
<article><h2>Enterprise</h2><p>For large firms</p><div class=price>Custom</div></article></div>"""

LINKS_VI = """<h1>Khoá học</h1><div class=grid><a href=/1><img><h3>Pha chế cơ bản</h3>
<span>1.500.000đ</span></a><a href=/2><h3>Làm bánh</h3><span>2.000.000đ</span></a></div>"""

BROKEN_LINES = """<h1>Our fees</h1><p><strong>Consultation</strong><br>£80</p>
<p><strong>Follow-up</strong><br>£50</p><p><strong>Report</strong><br>£120</p>"""

PRICED_HEADS = """<h1>Compare</h1><table><thead><tr><th></th><th>Basic<br>€9/mo</th>
<th>Pro<br>€19/mo</th></tr></thead><tr><td>Users</td><td>1</td><td>5</td></tr>
<tr><td>Support</td><td>E-mail</td><td>Free</td></tr></table>"""

SHOP = """<h1>Mugs</h1><div class=products><div class=item><a href=/a>Blue mug, 300 ml</a>
<div>£25.00</div><div>£20.00</div></div><div class=item><p>Limited</p><a href=/b>Red mug, 300 ml</a>
<div>£35.00</div></div><div class=item><img><div>£15.00</div><a href=/c>Small mug, 200 ml</a></div>
</div>"""

SINGLE = """<h1>One simple plan</h1><p>Everything included.</p><div class=price>£25 / month</div>"""

PAGES = {
    "hidden yearly prices": (
        HIDDEN_YEARLY, {},
        [("Starter", "9", "EUR", "month"), ("Studio", "19", "EUR", "month"),
         ("Enterprise", None, None, None)],
    ),
    "links as cards": (
        LINKS_VI, {"lang": "vi", "title": "Khoá học", "path": "/khoa-hoc"},
        [("Pha chế cơ bản", "1500000", "VND", None), ("Làm bánh", "2000000", "VND", None)],
    ),
    "name and price parted by a line break": (
        BROKEN_LINES, {"title": "Fees", "path": "/fees"},
        [("Consultation", "80", "GBP", None), ("Follow-up", "50", "GBP", None),
         ("Report", "120", "GBP", None)],
    ),
    "prices in the heads of columns": (
        PRICED_HEADS, {}, [("Basic", "9", "EUR", "month"), ("Pro", "19", "EUR", "month")],
    ),
    "cards of a shop": (
        SHOP, {"title": "Mugs", "path": "/collections/mugs"},
        [("Blue mug, 300 ml", "20.00", "GBP", None), ("Red mug, 300 ml", "35.00", "GBP", None),
         ("Small mug, 200 ml", "15.00", "GBP", None)],
    ),
    "a single plan": (SINGLE, {}, [("One simple plan", "25", "GBP", "month")]),
    "cards with headings": (
        CARDS_EN, {},
        [("Basic", "12", "USD", "month"), ("Plus", "30", "USD", "month"),
         ("Free", "0", "USD", None), ("Chain", None, None, None)],
    ),
    "cards with a header element": (
        HEADED_VI, {"lang": "vi", "title": "Bảng giá", "path": "/bang-gia"},
        [("Khởi đầu", "0", None, None), ("Tiêu chuẩn", "180000", "VND", "month"),
         ("Doanh nghiệp", None, None, None)],
    ),
    "headings between prices": (
        FLAT_EN, {},
        [("Weekly visit", "45", "GBP", None), ("Daily visit", "690", "GBP", "month"),
         ("Deep clean", "320", "GBP", "once")],
    ),
    "rows of a table": (
        ROWS_VI, {"lang": "vi", "title": "Bảng giá dịch vụ", "path": "/bang-gia"},
        [("Gội đầu dưỡng sinh", "150000", "VND", None), ("Chăm sóc da mặt", "350000", "VND", None),
         ("Trị mụn", None, None, None)],
    ),
    "numbers under a currency": (
        NUMBERS_VI, {"lang": "vi", "title": "Bảng giá", "path": "/bang-gia"},
        [("Danh thiếp, hộp 100 tờ", "90000", "VND", None), ("Tờ rơi A5", "1200000", "VND", None)],
    ),
    "columns of a table": (
        COLUMNS_ZH, {"lang": "zh-CN", "title": "套餐价格"},
        [("入门版", "0", None, None), ("专业版", "299", "CNY", "month"),
         ("企业版", None, None, None)],
    ),
    "a table by its roles": (
        ARIA_EN, {}, [("Lite", "8", "EUR", "month"), ("Team", "19", "EUR", "month")],
    ),
    "periods as columns": (
        PERIODS_EN, {},
        [("Pebble", "4", "GBP", "month"), ("Pebble", "40", "GBP", "year"),
         ("Boulder", "9", "GBP", "month"), ("Boulder", "90", "GBP", "year")],
    ),
    "a list of definitions": (
        DEFINITIONS_TW, {"lang": "zh-Hant", "title": "收費方式"},
        [("單店方案", "600", "TWD", "month"), ("連鎖方案", "2400", "TWD", "month"),
         ("建置費", "8000", "TWD", "once")],
    ),
    "a list of prices": (
        LIST_EN, {"title": "Prices", "path": "/prices"},
        [("Cut and finish", "38", "GBP", None), ("Fringe trim", "8", "GBP", None),
         ("Colour", "60", "GBP", None), ("Manicure", "22", "GBP", None)],
    ),
    "a menu": (
        MENU_VI, {"lang": "vi", "title": "Thực đơn", "path": "/thuc-don"},
        [("Phở tái", "45000", "VND", None), ("Bún chả", "50000", "VND", None),
         ("Nem cua bể", "60000", "VND", None)],
    ),
    "lines": (
        LINES_VI, {"lang": "vi", "title": "Bảng giá", "path": "/bang-gia"},
        [("Gói Cơ bản", "199000", "VND", "month"), ("Gói Nâng cao", "399000", "VND", "month"),
         ("Gói Chuỗi", "2500000", "VND", "year"), ("Cài đặt tận nơi", "500000", "VND", "once")],
    ),
    "chinese lines": (
        LINES_ZH, {"lang": "zh-CN", "title": "价格"},
        [("基础版", "99", "CNY", "month"), ("高级版", "199", "CNY", "month"),
         ("买断版", "2999", "CNY", "once")],
    ),
    "old prices": (
        OLD_EN, {}, [("Solo", "15", "USD", "month"), ("Duo", "28", "USD", "month")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_offer_has_its_own_name(name):
    body, options, expected = PAGES[name]
    assert offers(body, **options) == expected


NO_OFFERS = [
    "<p>We raised $43 million to build the till of the future.</p>",
    "<p>Our customers saved $7,500 last year.</p>",
    "<p>Free delivery over $50 in the whole country.</p>",
    "<ul><li>Free delivery on orders over £50</li><li>Returns within 30 days</li></ul>",
    "<div><div><b>$2B</b><p>processed</p></div><div><b>$43M</b><p>raised</p></div></div>",
    "<p>The budget was $10,000 and the salary $90,000 a year.</p>",
    "<p>Công ty vừa gọi vốn 5 triệu USD, doanh thu 20 tỷ đồng.</p>",
    "<p>Miễn phí vận chuyển cho đơn hàng từ 500.000đ.</p>",
    "<p>公司去年完成5000万元融资，年营业额超过2亿元。</p>",
    "<p>满99元包邮，新用户立减20元。</p>",
]


@pytest.mark.parametrize("body", NO_OFFERS)
def test_other_money_is_no_offer(body):
    found = offers(
        f"<h1>What we do for shops</h1><h2>Our services</h2>{body}",
        title="Services",
        path="/services",
    )
    assert found == []


def test_a_sentence_with_a_price_word_is_an_offer_of_its_heading():
    body = (
        "<h1>Services</h1><p>We help small shops.</p><h2>Website care</h2>"
        "<p>We keep your website up to date and safe. Care starts at £35 per month for every shop "
        "that we have built, and you can leave whenever you wish to.</p>"
    )
    found = offers(body, title="Services | Quay", path="/services")
    assert found == [("Website care", "35", "GBP", "month")]


DOLLARS = [
    ("", {}, None),
    ("<p>All prices are in US dollars.</p>", {}, "USD"),
    ("<p>Prices in AUD, GST included.</p>", {}, "AUD"),
    ("<p>Giá tính bằng đô la Mỹ.</p>", {}, "USD"),
    ("<p>价格以美元计。</p>", {}, "USD"),
    ("<p>Sell in USD, AUD, SGD and CAD.</p>", {}, None),
    ("<p>Sell in USD, AUD and SGD.</p><p>Our prices are in Singapore dollars.</p>", {}, "SGD"),
    ("", {"lang": "en-AU"}, "AUD"),
    ("", {"host": "tillwise.co.nz"}, "NZD"),
    ('<p><a href="tel:+85221234567">Call</a></p>', {}, "HKD"),
    ('<p><a href="tel:+12125550100">Call</a></p>', {}, None),
    ("", {"head": '<meta property="product:price:currency" content="CAD">'}, "CAD"),
    ("", {"head": '<script type="application/ld+json">{"@type":"Organization","name":"T","address":'
                  '{"@type":"PostalAddress","addressCountry":"Singapore"}}</script>'}, "SGD"),
]  # fmt: skip


@pytest.mark.parametrize(("extra", "options", "currency"), DOLLARS)
def test_dollars_are_told_by_the_page_or_not_at_all(extra, options, currency):
    body = f"<h1>Pricing</h1><ul><li>Solo: $9/month</li><li>Duo: $15/month</li></ul>{extra}"
    assert [offer[2] for offer in offers(body, **options)] == [currency, currency]


@pytest.mark.parametrize(
    ("extra", "lang", "currency"),
    [("", "zh-CN", "CNY"), ("<p>日本円での価格、JPY</p>", "en", "JPY"), ("", "en", None),
     ("<p>价格单位：人民币</p>", "en", "CNY")],
)  # fmt: skip
def test_yen_and_yuan(extra, lang, currency):
    body = f"<h1>Pricing</h1><ul><li>Solo: ¥90</li><li>Duo: ¥150</li></ul>{extra}"
    assert [offer[2] for offer in offers(body, lang=lang)] == [currency, currency]


@pytest.mark.parametrize(
    "body",
    ["<table>" * 300 + "<tr><td>A<td>$5" * 300, "<li>A: $5" * 3_000, "<div>$5" * 2_000,
     "<table><tr><td colspan=99999999 rowspan=x>A<td>$5</table>", "<dl><dd>$5<dt><dd>$6</dl>",
     "<h3></h3><p>$5</p>" * 500],
)  # fmt: skip
def test_odd_pages_are_bounded(body):
    assert len(offers(body)) <= 80

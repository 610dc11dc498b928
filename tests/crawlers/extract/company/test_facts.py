"""A company page in, facts with their proof out."""

from datetime import UTC, datetime

import pytest

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import Company

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


def company(html: str, url: str = "https://tillbee.example/") -> Company:
    document = Document(
        url, html.encode(), headers={"content-type": "text/html"}, fetched_at=NOW
    )  # fmt: skip
    return read_page(document).company


def proofs(found: Company, field: str) -> list[str]:
    return [row.quote for row in found.evidence if row.subject == field]


ENGLISH = """<!doctype html><html lang="en"><head>
<title>Tillbee | The till for small bakeries</title>
<meta property="og:site_name" content="Tillbee">
<meta name="description" content="Tillbee is the point-of-sale app for small bakeries and cafes.">
<link rel="alternate" hreflang="en-GB" href="/uk/">
<link rel="alternate" hreflang="vi-VN" href="/vn/">
<link rel="alternate" hreflang="x-default" href="/">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Organization",
"name":"Tillbee","foundingDate":"2014","numberOfEmployees":{"minValue":11,"maxValue":50},
"areaServed":["Ireland"],"award":"Best Till 2024"}</script></head>
<body><header><nav><a href="/">Home</a><a href="/zh/">简体中文</a></nav></header>
<main><h1>Sell more bread, count less</h1>
<p>Tillbee takes orders, prints labels and does the books while the oven is hot.</p>
<section><h2>Trusted by 4,000 bakeries</h2>
<img src="a.png" alt="Crumb &amp; Co logo"><img src="b.png" alt="Rye House">
<img src="c.png" alt="Logo of Oven Street">
</section>
<section class="testimonials"><h2>What our customers say</h2>
<blockquote>“We closed the books in ten minutes, and nobody cried this month.”</blockquote>
<p>Jo Marsh, Rye House</p>
<blockquote>“The labels alone are worth what we pay for it every year.”</blockquote>
<p>Read more</p></section>
<p><a href="/case-studies/crumb">How Crumb &amp; Co cut waste by half</a></p>
<p>30-day money-back guarantee. Free returns within 14 days. We ship to Ireland and Wales.</p>
</main><footer><p>Call us: 020 7946 0018 · hello@tillbee.example</p>
<a href="https://www.instagram.com/tillbee">Instagram</a></footer></body></html>"""


def test_an_english_home_page() -> None:
    found = company(ENGLISH)
    assert (found.name, found.founded, found.size) == ("Tillbee", 2014, "11-50")
    assert found.positioning == "Tillbee is the point-of-sale app for small bakeries and cafes."
    assert found.audience == ("for small bakeries", "for small bakeries and cafes")
    assert set(found.languages) == {"en", "vi", "zh"}
    assert {"Ireland", "GB", "VN", "We ship to Ireland and Wales"} == set(found.markets)
    assert "Best Till 2024" in found.trust and "money-back guarantee" in str(found.trust)
    assert "Free returns within 14 days" in found.after_sales
    for who in ("Crumb & Co", "Rye House", "Oven Street", "Jo Marsh, Rye House",
                "How Crumb & Co cut waste by half"):  # fmt: skip
        assert who in found.customers
    assert not any("Read more" in who for who in found.customers)
    assert found.contact["phone"] == ("020 7946 0018",)
    assert found.contact["email"] == ("hello@tillbee.example",)
    assert found.accounts == ("https://www.instagram.com/tillbee",)


def test_each_filled_field_has_its_proof() -> None:
    found = company(ENGLISH)
    for field in ("name", "founded", "size", "positioning", "audience", "languages", "markets",
                  "trust", "after_sales", "customers", "contact", "accounts"):  # fmt: skip
        assert proofs(found, field), field
    assert {row.url for row in found.evidence} == {"https://tillbee.example/"}
    assert all(row.rule and row.quote for row in found.evidence)


def test_a_vietnamese_home_page() -> None:
    found = company(
        """<!doctype html><html lang="vi"><head><title>Sổ Ong - Phần mềm bán hàng</title>
        <meta property="og:site_name" content="Sổ Ong">
        <meta name="description"
        content="Sổ Ong là phần mềm quản lý bán hàng dành cho chủ shop online."></head>
        <body><h1>Bán hàng nhẹ tênh mỗi ngày</h1>
        <p>Công ty thành lập năm 2016, đội ngũ 60 nhân viên.</p>
        <p>Hơn 12.000 cửa hàng đang dùng Sổ Ong.</p><p>Đã bán 1,2k gói</p>
        <p>Giao hàng toàn quốc, đổi trả trong 7 ngày.</p>
        <footer><p>Địa chỉ: 15 Lê Lợi, Quận 1, TP.HCM</p><p>Hotline: 0901 234 567</p></footer>
        </body></html>"""
    )
    assert found.audience == ("dành cho chủ shop online",)
    assert found.positioning == (
        "Sổ Ong là phần mềm quản lý bán hàng dành cho chủ shop online."
    )  # fmt: skip
    assert found.founded == 2016 and found.size is not None and "60 nhân viên" in found.size
    assert "12.000 cửa hàng" in found.customers and "Giao hàng toàn quốc" in found.markets
    assert any("Đã bán 1,2k" in sold for sold in found.sales)
    assert found.after_sales == ("đổi trả trong 7 ngày",)
    assert found.contact["address"] == ("15 Lê Lợi, Quận 1, TP.HCM",)
    assert found.contact["phone"] == ("0901 234 567",)


def test_a_chinese_home_page() -> None:
    found = company(
        """<!doctype html><html lang="zh-CN"><head><title>账小蜂 - 门店收银系统</title>
        <meta property="og:site_name" content="账小蜂">
        <meta name="description" content="账小蜂是专为中小商家打造的收银系统。"></head>
        <body><h1>让小店轻松收银</h1><p>公司成立于2015年，现有员工120人。</p>
        <p>累计服务30万家门店，月销 300+</p><p>七天无理由退货，全国包邮。</p>
        <p>电话：400-820-1234</p></body></html>"""
    )
    assert found.audience == ("专为中小商家打造",)
    assert found.positioning == "账小蜂是专为中小商家打造的收银系统。"
    assert found.founded == 2015 and found.size is not None and "120" in found.size
    assert any("30万" in who for who in found.customers)
    assert "月销 300+" in found.sales and "全国包邮" in found.markets
    assert "七天无理由退货" in found.after_sales
    assert found.contact["phone"] == ("400-820-1234",)


def test_what_customers_write_is_not_what_the_company_says() -> None:
    found = company(
        """<html lang="en"><title>Lamp | Glowery</title><h1>Lamp</h1><button>Add to cart</button>
        <p>A lamp for readers.</p><div class="reviews"><div class="review-item">
        <p>Great for students, and I founded in 2001 my first club with it.</p>
        </div></div></html>""",
        "https://glowery.example/p/lamp",
    )
    assert found.audience == ("for readers",)
    assert found.founded is None


def test_audiences_and_ratings_of_structured_data() -> None:
    found = company(
        """<html lang="en"><title>Boots</title><script type="application/ld+json">
        {"@type":"Product","name":"Boots","audience":{"@type":"PeopleAudience",
        "suggestedGender":"female","suggestedMinAge":18},
        "aggregateRating":{"ratingValue":4.6,"reviewCount":212}}</script><h1>Boots</h1></html>""",
        "https://boots.example/p/1",
    )
    assert found.audience == ("female 18+",)
    assert found.trust == ("4.6 (212)",) and found.sales == ("212 reviews",)


def test_an_article_names_no_audience_of_the_company() -> None:
    found = company(
        """<html lang="en"><head><title>How bread rose</title>
        <meta property="og:type" content="article">
        <script type="application/ld+json">{"@type":"NewsArticle",
        "headline":"How bread rose"}</script>
        </head><body><article><h1>How bread rose</h1><p>"""
        + "The mill was built for poor families, and it was founded in 1840 by a baker. " * 12
        + "</p></article></body></html>",
        "https://paper.example/2026/05/how-bread-rose",
    )
    assert found.audience == () and found.founded is None


WALL = '<img src="a.png" alt="Fernhill"><img src="b.png" alt="Oakline logo">'


@pytest.mark.parametrize(
    "names", ["logos", "client-logos", "home-partners", "clientLogos", "clients"]
)
def test_logos_in_a_section_named_for_customers(names: str) -> None:
    found = company(f'<h1>Sell more bread</h1><div class="{names}"><p>{WALL}</p></div>')
    assert found.customers == ("Fernhill", "Oakline")
    assert proofs(found, "customers") == ["Fernhill", "Oakline logo"]


@pytest.mark.parametrize(
    "html",
    [
        f'<h1>Sell more bread</h1><div class="gallery">{WALL}</div>',
        f'<h1>Sell more bread</h1><footer><div class="logos">{WALL}</div></footer>',
        f'<h1>Sell more bread</h1><div class="customers-also-bought">{WALL}</div>',
        '<h1>Sell</h1><div class="logos"><img alt="Till"><img alt="Till logo"></div>',
    ],
)
def test_images_that_are_no_customers(html: str) -> None:
    assert company(html).customers == ()


_WORDS = "It made the work in our bakery so much easier this year."


@pytest.mark.parametrize(
    "html",
    [
        f"<blockquote>{_WORDS} <cite>Jo Marsh, Rye House</cite></blockquote>",
        f"<blockquote><p>{_WORDS}</p><p>Jo Marsh, Rye House</p></blockquote>",
        f"<blockquote>{_WORDS}</blockquote> <p>— Jo Marsh, Rye House</p>",
        f"<figure><blockquote>{_WORDS}</blockquote>"
        "<figcaption>Jo Marsh, Rye House</figcaption></figure>",
        f"<blockquote>{_WORDS} <footer><b>Jo Marsh</b>, Rye House</footer></blockquote>",
    ],
)
def test_who_is_cited(html: str) -> None:
    found = company(f"<h1>Sell more bread</h1>{html}")
    assert found.customers == ("Jo Marsh, Rye House",)
    assert proofs(found, "customers") == [f"{_WORDS} Jo Marsh, Rye House"]


def test_a_quotation_nobody_signs() -> None:
    assert company(f"<h1>Bread</h1><blockquote>{_WORDS}</blockquote><p>Buy now</p>").customers == ()


def test_places_in_words_beside_those_of_structured_data() -> None:
    found = company(
        """<script type="application/ld+json">{"@type":"Organization","name":"Tillbee",
        "address":{"streetAddress":"1 High St","addressLocality":"Leeds"}}</script>
        <h1>Sell more bread</h1><p>We have offices in Berlin and Oslo.</p><p>总部位于Leeds</p>"""
    )
    assert found.places == ("1 High St, Leeds", "offices in Berlin and Oslo", "Leeds")


def test_a_headline_in_the_header_names_whom_it_is_for() -> None:
    found = company(
        "<header><h1>Bán hàng dễ dàng cho doanh nghiệp nhỏ</h1></header>"
        "<main><p>Tính tiền, in tem, xem sổ.</p></main>"
    )
    assert found.audience == ("cho doanh nghiệp nhỏ",)


_TITLE = "<title>收銀蜂｜餐飲POS系統方案價格</title><h1>方案價格</h1>"


@pytest.mark.parametrize(
    ("html", "url", "name"),
    [
        (f"{_TITLE}<footer><p>© 2026 收銀蜂 All rights reserved</p></footer>", "x", "收銀蜂"),
        (f'<header><img src="a" alt="收銀蜂 logo"></header>{_TITLE}', "x", "收銀蜂"),
        ("<title>Pos Bee | Prices of tills</title><h1>Prices</h1>", "pos-bee", "Pos Bee"),
        (_TITLE, "x", "餐飲POS系統方案價格"),
        (
            '<header><img src="m.jpg" alt="Tills"></header><title>Tills | Bee Shop</title>',
            "x",
            "Bee Shop",
        ),
        ("<title>Prices | Bee</title><footer><h4>Prices</h4></footer>", "x", "Bee"),
        ("<title>Prices | Bee</title><footer><p>© 2026 Beeline</p></footer>", "x", "Bee"),
    ],
)
def test_the_name_in_a_title(html: str, url: str, name: str) -> None:
    assert company(html, f"https://www.{url}.com/pricing").name == name


def test_who_is_cited_beside_a_link_to_the_story() -> None:
    found = company(
        f"<h1>Sell more bread</h1><blockquote>{_WORDS} <footer>Jo Marsh, Rye House"
        '<a href="/s/rye">Read the story</a></footer></blockquote>'
    )
    assert found.customers == ("Jo Marsh, Rye House",)


def test_a_shelf_shows_the_brands_on_sale() -> None:
    buy = "<p>A steel till.</p><p>$20.00</p><button>Add to cart</button>"
    page = '<html><head><meta property="og:type" content="product"></head><h1>Till</h1>'
    found = company(
        f'{page}{buy}<div class="partners">{WALL}</div>', "https://tillbee.example/products/till"
    )
    assert found.customers == ()

"""Whole pages in, facts out."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from crawlers.document import Document
from crawlers.extract import read_page

PAGES = Path(__file__).parents[2] / "pages" / "companies"


def read(name, url):
    return read_page(
        Document(
            url,
            (PAGES / f"{name}.html").read_bytes(),
            headers={"Content-Type": "text/html; charset=utf-8"},
            fetched_at=datetime(2026, 5, 1, tzinfo=UTC),
        )
    )


@pytest.fixture(scope="module")
def pricing():
    return read("en_pricing", "https://tillwise.example/pricing")


@pytest.fixture(scope="module")
def product():
    return read("vi_product", "https://laxanh.vn/san-pham/may-in-k80")


@pytest.fixture(scope="module")
def home():
    return read("zh_home", "https://yunzhangben.cn/")


def test_kinds_languages_scripts(pricing, product, home):
    assert [(page.kind, page.lang, page.script) for page in (pricing, product, home)] == [
        ("pricing", "en", None),
        ("product", "vi", None),
        ("home", "zh", "Hans"),
    ]


def test_pricing_plans(pricing):
    rows = [(o.name, o.price, o.currency, o.period, o.unit, o.price_text) for o in pricing.offers]
    assert rows == [
        ("Starter", Decimal(0), None, None, None, "Free"),
        ("Shop", Decimal(29), "USD", "month", None, "$29/month"),
        ("Chain", Decimal(12), "USD", "month", "user", "$12 per user per month, billed annually"),
        ("Enterprise", None, None, None, None, "Contact sales"),
    ]


def test_product_offer_joins_data_and_page(product):
    offer = product.offers[0]
    assert (offer.name, offer.price, offer.currency) == (
        "Máy in hóa đơn Lá Xanh K80",
        Decimal(1290000),
        "VND",
    )
    assert (offer.price_text, offer.availability, offer.sku) == ("1.290.000₫", "InStock", "LX-K80")
    assert (offer.brand, offer.rating, offer.review_count) == ("Lá Xanh", Decimal("4.7"), 38)
    assert offer.sold_count == 1200
    assert len(product.offers) == 1


def test_company_facts_have_proof(pricing, product, home):
    assert "Built for independent grocers and bakeries" in pricing.company.audience
    assert pricing.company.contact["email"] == ("hello@tillwise.example",)
    assert pricing.company.accounts == ("https://www.facebook.com/tillwise",)
    assert product.company.contact["phone"] == ("0901 234 567",)
    assert "Bảo hành 24 tháng" in product.company.after_sales
    assert (home.company.name, home.company.founded, home.company.size) == (
        "云账本科技有限公司",
        2016,
        "80",
    )
    assert home.company.tagline == "让小店记账更简单"
    assert "适合个体商户和小微企业" in home.company.audience
    for page in (pricing, product, home):
        proven = {row.subject for row in page.company.evidence}
        for name in ("name", "tagline", "description", "founded", "size", "places", "audience",
                     "customers", "trust", "after_sales", "contact", "accounts"):  # fmt: skip
            assert bool(getattr(page.company, name)) == (name in proven), name
        assert all(row.quote and row.rule and row.url for row in page.company.evidence)


def test_main_text_leaves_menus_out(pricing, product):
    assert "Pick the plan" in pricing.text
    assert "Log in" not in pricing.text
    assert "Máy in nhiệt khổ 80 mm" in product.text
    assert "Sản phẩm liên quan" not in product.text


def test_signals_with_places(pricing, home, product):
    marks = {(s.kind, s.value, s.place) for s in pricing.signals}
    assert ("script", "https://www.googletagmanager.com/gtag/js?id=AW-1234567890", "head") in marks
    assert ("link", "tel:+15550100200", "footer") in marks
    assert ("meta", "facebook-domain-verification=k2j4verify", "head") in marks
    assert not any("login" in s.value for s in pricing.signals)
    inline = [s.value for s in home.signals if s.kind == "inline"]
    assert any("hm.baidu.com" in value for value in inline)
    words = " ".join(s.value for s in home.signals if s.kind == "text")
    assert "公众号" in words
    assert "QQ群" in words


def test_a_link_is_an_outlink_or_a_signal_never_both(pricing, product):
    outlinks = {(link.url, link.place) for link in (*pricing.links, *product.links)}
    assert ("https://www.facebook.com/tillwise", "footer") in outlinks
    assert ("https://tillwise.example/affiliate-program", "footer") in outlinks
    assert ("https://laxanh.vn/dai-ly", "footer") in outlinks
    dialled = {s.value for s in (*pricing.signals, *product.signals) if s.kind == "link"}
    assert "tel:+15550100200" in dialled
    assert not dialled & {url for url, _ in outlinks}


def test_links(pricing):
    links = {link.url: link for link in pricing.links}
    assert links["https://tillwise.example/features"].place == "header"
    assert links["https://tillwise.example/features"].text == "Features"
    assert not any(url.startswith(("mailto:", "tel:")) for url in links)


def html(body, url="https://shop.example/p/1", head=""):
    source = f"<html><head>{head}</head><body>{body}</body></html>"
    return read_page(Document(url, source.encode(), headers={"content-type": "text/html"}))


def test_long_inline_scripts_keep_the_windows_that_hold_ids():
    script = "x=1;" * 2000 + "fbq('init','123456789');" + "y=2;" * 2000
    page = html(f"<script>{script}</script>")
    inline = [s.value for s in page.signals if s.kind == "inline"]
    assert any("fbq('init','123456789')" in value for value in inline)
    assert all(len(value) <= 4000 for value in inline)


def test_the_price_beside_its_old_one_wins_over_stale_data():
    ld = (
        '<script type="application/ld+json">{"@type":"Product","name":"Red kettle",'
        '"offers":{"price":"80.00","priceCurrency":"EUR"}}</script>'
    )
    page = html(
        "<h1>Red kettle</h1><div class=price>€80.00 -50%</div><div class=price>€40.00</div>"
        "<button>Add to cart</button>",
        head=f"<title>Red kettle</title>{ld}",
    )
    assert page.offers[0].price == Decimal("40.00")


def test_microdata():
    page = html(
        '<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Red kettle</h1>'
        '<div itemprop="offers" itemscope itemtype="https://schema.org/Offer">'
        '<meta itemprop="price" content="19.90"><meta itemprop="priceCurrency" content="GBP">'
        '<link itemprop="availability" href="http://schema.org/OutOfStock"></div>'
        '<span itemprop="sku">RK-1</span></div>',
        head="<title>Red kettle</title>",
    )
    offer = page.offers[0]
    assert (offer.price, offer.currency, offer.availability, offer.sku) == (
        Decimal("19.90"),
        "GBP",
        "OutOfStock",
        "RK-1",
    )

"""The main offer of a product page where its parts disagree, or say it in their own way."""

import json
from decimal import Decimal

import pytest

from crawlers.document import Document
from crawlers.extract import read_page


def page_of(body="", *, head="", title="Reed lamp, tall", path="/p/reed-lamp", lang="en"):
    source = (
        f'<!doctype html><html lang="{lang}"><head><meta charset=utf-8><title>{title} | Lumen'
        f"</title>{head}</head><body><main><div class=product><h1>{title}</h1>{body}</div></main>"
        "</body></html>"
    )
    document = Document(
        f"https://lumen.example{path}", source.encode(), headers={"content-type": "text/html"}
    )
    return read_page(document)


def main_offer(body="", **options):
    page = page_of(body, **options)
    assert page.offers
    return page.offers[0]


def json_ld(**offer):
    product = {"@type": "Product", "name": "Reed lamp, tall"}
    product |= {key: offer.pop(key) for key in ("sku", "mpn") if key in offer}
    product["offers"] = {"@type": "Offer", "priceCurrency": "EUR", **offer}
    return f'<script type="application/ld+json">{json.dumps(product)}</script>'


CART = "<button class=btn>Add to cart</button>"


def test_two_against_one():
    """The structured data holds yesterday's price: the page and OpenGraph agree on today's."""
    head = json_ld(price="90") + '<meta property="product:price:amount" content="75">'
    offer = main_offer(f"<span class=price>€75</span>{CART}", head=head)
    assert (offer.price, offer.price_before, offer.currency) == (Decimal(75), Decimal(90), "EUR")


def test_structured_data_against_one_is_believed():
    offer = main_offer(f"<span class=price>€75</span>{CART}", head=json_ld(price="90"))
    assert offer.price == 90


@pytest.mark.parametrize(
    ("shown", "promotion"),
    [
        ("<span class=price><del>€90</del> €72</span> <b>-20%</b>", "-20%"),
        ("<p>€90</p><p class=price>€72</p><p>Save 20%</p>", "Save 20%"),
        ("<p class=price>€72</p><p>Was €90</p>", None),
        ("<p class=price>72,00 €</p><p>90,00 €</p><p>Sie sparen 20 %</p>", None),
    ],
)
def test_a_sale_beside_a_declared_old_price(shown, promotion):
    offer = main_offer(f"{shown}{CART}", head=json_ld(price="90"))
    assert (offer.price, offer.price_before) == (Decimal(72), Decimal(90))
    assert offer.promotion == promotion


def test_an_old_price_in_structured_data():
    spec = [
        {"@type": "UnitPriceSpecification", "price": 72, "priceCurrency": "EUR"},
        {"@type": "UnitPriceSpecification", "price": 90, "priceCurrency": "EUR",
         "priceType": "https://schema.org/StrikethroughPrice"},
    ]  # fmt: skip
    offer = main_offer(CART, head=json_ld(priceSpecification=spec))
    assert (offer.price, offer.price_before) == (Decimal(72), Decimal(90))


@pytest.mark.parametrize(
    ("body", "declared", "sku"),
    [
        ("<p>Product code: 55012</p>", "998877", "55012"),
        ("<p>Mã sản phẩm: RL-120</p>", "998877", "RL-120"),
        ("<p>商品编号：7788120</p>", "998877", "7788120"),
        ("<p>Model: RL120T</p>", "998877", "998877"),
        ("<p>Model: RL120T</p>", None, "RL120T"),
        ("", "RL-1204 Lamp, tall", "RL-1204"),
        ("", "REED LAMP 120", "REED LAMP 120"),
    ],
)
def test_whose_number(body, declared, sku):
    head = json_ld(price="90", **({"sku": declared} if declared else {}))
    assert main_offer(f"<p class=price>€90</p>{body}{CART}", head=head).sku == sku


STATES = {
    "next": (
        '<script id="__NEXT_DATA__" type="application/json">'
        + json.dumps({"props": {"pageProps": {"currency": "GBP", "product": {
            "name": "Reed lamp, tall", "sku": "RL-120", "price": {"current": 64.5, "was": 80},
            "availability": "IN_STOCK"}, "related": [{"name": "Clay pot", "price": 9}]}}})
        + "</script>",
        ("64.5", "GBP", "RL-120", "InStock"),
    ),
    "shop platform": (
        '<script type="application/json">'
        + json.dumps({"id": 1, "title": "Reed lamp, tall", "handle": "reed-lamp",
                      "price_varies": False, "variants": [
                          {"price": 6450, "compare_at_price": 8000, "sku": "RL-120",
                           "available": False}]})
        + "</script>",
        ("64.5", None, "RL-120", "OutOfStock"),
    ),
    "data layer": (
        "<script>window.dataLayer = window.dataLayer || []; dataLayer.push({event: 'view_item',"
        " ecommerce: {currency: 'VND', items: [{item_id: 'RL120', item_name: 'Reed lamp, tall',"
        " price: 1290000}]}});</script>",
        ("1290000", "VND", "RL120", "InStock"),
    ),
    "initial state": (
        "<script>window.__INITIAL_STATE__ = "
        + json.dumps({"catalog": {"p1": {"productName": "Reed lamp, tall", "salePrice": "64.50",
                                         "listPrice": "80.00", "currencyCode": "USD",
                                         "inStock": True, "productId": "RL120"}}})
        + ";</script>",
        ("64.50", "USD", "RL120", "InStock"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_a_page_drawn_by_scripts(name):
    source, (price, currency, sku, state) = STATES[name]
    head = '<meta property="og:type" content="product">'
    page = page_of(f"<div id=app></div>{source}", head=head, path="/product/reed-lamp")
    assert page.kind == "product"
    offer = page.offers[0]
    assert (offer.price, offer.currency) == (Decimal(price), currency)
    assert (offer.sku, offer.availability) == (sku, state)


def test_the_state_of_another_product_is_left_alone():
    other = json.dumps({"product": {"name": "Clay pot, small", "price": 9, "sku": "CP-9"}})
    source = f'<script type="application/json">{other}</script>'
    page = page_of(f"<p>Tall and light.</p>{source}", path="/product/reed-lamp")
    assert all(offer.price is None for offer in page.offers)


def test_the_one_thing_declared_comes_first_whatever_the_page_looks_like():
    event = {
        "@type": "Event", "name": "An evening of reeds",
        "offers": {"@type": "Offer", "price": "30", "priceCurrency": "EUR"},
    }  # fmt: skip
    head = f'<script type="application/ld+json">{json.dumps(event)}</script>'
    body = "<p>Tickets: €30</p><a class=btn href=/buy>Buy tickets</a>"
    page = page_of(body, head=head, title="An evening of reeds", path="/events/reeds")
    offer = page.offers[0]
    assert (offer.name, offer.price) == ("An evening of reeds", Decimal(30))
    assert offer.availability == "InStock"


def test_a_product_inside_a_header_element():
    body = (
        "<html><title>Reed lamp | Lumen</title><body><header class=site-header><nav><a href=/>Home"
        "</a></nav></header><header><h1>Reed lamp</h1><p class=price>€90</p>"
        "<button>Add to cart</button></header><p>Tall and light, made of reed.</p></body></html>"
    )
    page = read_page(Document("https://lumen.example/product/reed-lamp", body.encode()))
    assert page.kind == "product"
    assert page.offers[0].price == 90


@pytest.mark.parametrize(
    ("body", "lang", "expected"),
    [
        ("<p class=price>350.000₫</p><p class=price><del>500.000₫</del></p><span>-30%</span>", "vi",
         ("350000", "500000", "-30%")),
        ("<p class=price>Giá: 350.000đ</p><p>Mua 2 tặng 1</p>", "vi",
         ("350000", None, "Mua 2 tặng 1")),
        ("<p class=price>现价 ¥199</p><p>原价 ¥399</p><p>限时8折，领券再减</p>", "zh",
         ("199", "399", "限时8折，领券再减")),
        ("<p class=price>¥199</p><p>满300减30</p>", "zh", ("199", None, "满300减30")),
        ("<p class=price>€64</p><p>Save 20% until Sunday</p>", "en",
         ("64", None, "Save 20% until Sunday")),
        ("<p class=price>€64</p><p>20% of our reeds are grown here.</p>", "en",
         ("64", None, None)),
        ("<p class=price>€64</p><p>or 4 payments of €16.00</p>", "en", ("64", None, None)),
    ],
)  # fmt: skip
def test_what_is_taken_off(body, lang, expected):
    offer = main_offer(f"{body}{CART}", path="/product/reed-lamp", lang=lang)
    price, before, promotion = expected
    assert offer.price == Decimal(price)
    assert offer.price_before == (Decimal(before) if before else None)
    assert offer.promotion == promotion


def test_cards_keep_what_is_taken_off():
    cards = "".join(
        f"<li class=card><h3><a href=/p/{n}>{name}</a></h3><p><s>€{was}</s> €{now}</p><p>-25%</p>"
        "</li>"
        for n, name, was, now in ((1, "Clay lamp", 40, 30), (2, "Reed lamp", 80, 60))
    )
    cards += "<li class=card><h3><a href=/p/3>Paper lamp</a></h3><p>€9</p></li>"
    page = page_of(f"<ul>{cards}</ul>", title="All lamps", path="/collections/all")
    found = [(o.name, o.price, o.price_before, o.promotion) for o in page.offers]
    assert found == [
        ("Clay lamp", Decimal(30), Decimal(40), "-25%"),
        ("Reed lamp", Decimal(60), Decimal(80), "-25%"),
        ("Paper lamp", Decimal(9), None, None),
    ]


@pytest.mark.parametrize(
    "source",
    ["<script>var data = " + "[" * 50_000 + "</script>",
     "<script>window.state = {" + "'a':'b'," * 5_000 + "</script>",
     "<script>" + "x.data = {price" * 3_000 + "</script>",
     '<script type="application/json">{"price": NaN}</script>',
     '<script type="application/json">' + '{"name":"Reed lamp","price":' * 2_000 + "</script>"],
)  # fmt: skip
def test_odd_scripts_are_bounded(source):
    assert len(page_of(f"<p>Reed</p>{source}", path="/product/reed-lamp").offers) <= 80


def test_an_instalment_is_not_the_price():
    body = (
        "<p class=price>1.290.000₫ <del>1.590.000₫</del></p><p>Hoặc trả góp chỉ 107.500đ/tháng</p>"
        "<p>Đã bán 1,2k</p><button>Thêm vào giỏ hàng</button>"
    )
    offer = main_offer(body, title="Đèn mây", path="/san-pham/den-may.html", lang="vi")
    assert (offer.price, offer.price_before) == (Decimal(1_290_000), Decimal(1_590_000))
    assert (offer.period, offer.sold_count) == (None, 1200)


def test_a_cheaper_subscription_is_not_the_price():
    body = (
        "<p class=price>€195.00</p><p>get it for €185.25 (5% off) with auto-refill</p>"
        "<ul><li><label>€185.25 (Save 5%) <s>€195.00</s></label></li></ul>"
    )
    assert main_offer(f"{body}{CART}", head=json_ld(price="195.00")).price == 195

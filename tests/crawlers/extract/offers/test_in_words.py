"""Words in place of prices, and what stands beside a price: sales, ratings, numbers."""

from decimal import Decimal

import pytest

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.extract.offers.counts import rating_in, reviews_in, sold_in


def page_of(body, *, title, path, lang):
    source = (
        f"<html lang={lang}><meta charset=utf-8><title>{title}</title><body>{body}</body></html>"
    )
    return read_page(Document(f"https://tools.example{path}", source.encode())).offers


RELATED = (
    "<section><h2>{}</h2><div>"
    + "".join(
        f"<div class=item><a href=/p/{n}>Model {n} drill</a><span class=price>{{}}</span></div>"
        for n in range(3)
    )
    + "</div></section>"
)


@pytest.mark.parametrize("related", [True, False])
@pytest.mark.parametrize(
    ("lang", "shown", "words", "heading", "others"),
    [
        ("vi", "<p class=price>Liên hệ</p>", "Liên hệ", "Sản phẩm liên quan", "500.000đ"),
        ("vi", "<p>Giá: Liên hệ</p>", "Liên hệ", "Sản phẩm tương tự", "500.000đ"),
        ("vi", "<p>Giá: Liên hệ 0901234567</p>", "Liên hệ", "Sản phẩm khác", "500.000đ"),
        ("en", "<p>Contact us for price</p>", "Contact us for price", "Related products", "$5"),
        ("zh", "<p>价格：面议</p>", "面议", "相关产品", "¥500"),
    ],
)
def test_a_product_one_has_to_ask_for(lang, shown, words, heading, others, related):
    body = f"<main><h1>Drill MK-200</h1>{shown}<p>SKU: MK-200</p><p>Strong.</p></main>"
    if related:
        body += RELATED.format(heading, others, others, others)
    (offer, *_) = page_of(body, title="Drill MK-200", path="/product/mk-200", lang=lang)
    assert (offer.name, offer.price, offer.price_text) == ("Drill MK-200", None, words)


def test_a_way_to_ask_beside_a_price_takes_nothing_from_it():
    body = "<h1>Drill MK-200</h1><p class=price>¥500</p><p>联系我们</p><p>SKU: MK-200</p>"
    (offer, *_) = page_of(body, title="Drill MK-200", path="/product/mk-200", lang="zh")
    assert (offer.price, offer.price_text) == (500, "¥500")


def test_the_price_text_has_no_sign_of_its_neighbour():
    body = (
        "<h1>Nồi gang</h1><p><span class=price-old>1.590.000₫</span> "
        "<span class=price-new>1.290.000₫</span></p><button>Mua ngay</button>"
    )
    (offer, *_) = page_of(body, title="Nồi gang", path="/product/noi-gang", lang="vi")
    assert "₫ 1" not in offer.price_text


@pytest.mark.parametrize("words", ["Let’s talk", "請洽業務", "Giá: Liên hệ 0901234567"])
def test_plans_one_has_to_ask_for(words):
    plans = "".join(
        f"<div class=plan><h3>{name}</h3><p>{price}</p><ul><li>One</li></ul></div>"
        for name, price in (("Basic", "€5"), ("Team", "€9"), ("Chain", words))
    )
    offers = page_of(f"<h1>Plans</h1><div>{plans}</div>", title="Plans", path="/pricing", lang="en")
    assert [(o.name, o.price) for o in offers] == [("Basic", 5), ("Team", 9), ("Chain", None)]
    assert offers[2].price_text == words.removeprefix("Giá: ").removesuffix(" 0901234567")


@pytest.mark.parametrize(
    ("lang", "head", "cell", "price", "currency"),
    [
        ("vi", "Giá", "1.200.000", 1_200_000, "VND"), ("zh", "价格(元)", "199", 199, "CNY"),
        ("zh", "价格", "199", 199, "CNY"), ("en-GB", "Price", "49", 49, "GBP"),
        ("en", "Price", "49", 49, None),
    ],
)  # fmt: skip
def test_bare_amounts_under_the_head_of_prices(lang, head, cell, price, currency):
    body = (
        f"<h1>Salon</h1><table><tr><th>Service</th><th>{head}</th></tr>"
        f"<tr><td>Haircut</td><td>{cell}</td></tr><tr><td>Washing</td><td>{cell}</td></tr></table>"
    )
    offers = page_of(body, title="Salon", path="/pricing", lang=lang)
    assert [(o.name, o.price, o.currency) for o in offers] == [
        ("Haircut", price, currency), ("Washing", price, currency),
    ]  # fmt: skip


def test_rating_sales_and_number_of_a_product():
    body = (
        "<h1>Cà phê rang xay</h1><p>4.8/5 (321 đánh giá)</p><p>Đã bán 1,2k</p>"
        "<p class=price>120.000₫</p><p>Mã: CF500</p><button>Thêm vào giỏ</button>"
    )
    (offer, *_) = page_of(body, title="Cà phê rang xay", path="/product/ca-phe", lang="vi")
    assert (offer.rating, offer.review_count) == (Decimal("4.8"), 321)
    assert (offer.sold_count, offer.sku) == (1200, "CF500")


@pytest.mark.parametrize(("sold", "count"), [("已售2000+", 2000), ("Đã bán 1,2k", 1200)])
def test_sales_of_cards(sold, count):
    cards = "".join(
        f"<li><a href=/p/{n}><h3>Lamp {n}</h3></a><p>€{n}</p><span>{sold}</span></li>"
        for n in ("3", "4", "5")
    )
    offers = page_of(f"<h1>All</h1><ul>{cards}</ul>", title="All", path="/collections/a", lang="zh")
    assert [o.sold_count for o in offers] == [count] * 3


@pytest.mark.parametrize(
    ("text", "rating", "reviews", "sold"),
    [
        ("4,5 out of 5 stars", "4.5", None, None), ("★ 4.9 Đã bán 300", None, None, 300),
        ("累计评价 1.2万", None, 12_000, None), ("1,234 ratings", None, 1234, None),
        ("Size 4/5", "4", None, None), ("24/5/2025", None, None, None), ("9/10", None, None, None),
        ("Đánh giá: 4.5 sao", "4.5", None, None),
    ],
)  # fmt: skip
def test_counts(text, rating, reviews, sold):
    assert rating_in(text) == (Decimal(rating) if rating else None)
    assert (reviews_in(text), sold_in(text)) == (reviews, sold)


@pytest.mark.parametrize(
    ("buying", "state"), [("<button>Add to cart</button>", "InStock"), ("<p>Nice.</p>", None)]
)
def test_a_price_alone_is_no_stock(buying, state):
    body = f"<h1>Clay lamp</h1><p class=price>€25</p><p>SKU: CL-25</p>{buying}"
    (offer, *_) = page_of(body, title="Clay lamp", path="/product/clay-lamp", lang="en")
    assert (offer.price, offer.availability) == (25, state)

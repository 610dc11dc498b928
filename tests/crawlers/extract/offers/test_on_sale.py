"""Cards that show a regular and a sale price, as widespread shop themes write them."""

from decimal import Decimal

import pytest

from crawlers.document import Document
from crawlers.extract import read_page

CARD = """<li><div class="card"><div class="picture"><h3><a href="/p/{n}">{name}</a></h3></div>
<div class="content"><h3><a href="/p/{n}">{name}</a></h3>
<div class="price"><div><span class="visually-hidden">{was}</span> <span>{regular}</span></div>
<div><span>{was}</span> <s></s> <span>{now}</span> <span>{price}</span></div></div>
<div class="quick"><h2>{name}</h2><button>Add to cart</button></div></div></div></li>"""


def prices(
    *cards: tuple[str, str, str], was: str, now: str
) -> list[tuple[str | None, Decimal | None]]:
    items = "".join(
        CARD.format(n=n, name=name, regular=regular, price=price, was=was, now=now)
        for n, (name, regular, price) in enumerate(cards)
    )
    body = f"<html><title>Lamps</title><body><h1>All lamps</h1><ul>{items}</ul></body></html>"
    page = read_page(Document("https://lamps.example/collections/all", body.encode()))
    return [(offer.name, offer.price) for offer in page.offers]


def test_no_sale_and_a_sale() -> None:
    found = prices(
        ("Clay lamp", "€20.00", "€20.00"), ("Reed lamp", "€30.00", "€24.00"),
        ("Paper lamp", "€9.50", "€9.50"), was="Regular price", now="Sale price",
    )  # fmt: skip
    assert found == [
        ("Clay lamp", Decimal("20.00")), ("Reed lamp", Decimal("24.00")),
        ("Paper lamp", Decimal("9.50")),
    ]  # fmt: skip


def test_the_same_in_vietnamese() -> None:
    found = prices(
        ("Đèn gốm", "200.000đ", "150.000đ"), ("Đèn mây", "300.000đ", "300.000đ"),
        was="Giá gốc", now="Giá khuyến mãi",
    )  # fmt: skip
    assert found == [("Đèn gốm", Decimal(150_000)), ("Đèn mây", Decimal(300_000))]


def page_of(body: str, *, title: str, path: str, lang: str) -> list[tuple[str, str, str]]:
    source = (
        f"<html lang={lang}><meta charset=utf-8><title>{title}</title><body>{body}</body></html>"
    )
    page = read_page(Document(f"https://lamps.example{path}", source.encode()))
    return [(str(o.name), str(o.price), str(o.price_before)) for o in page.offers]


SALES = [
    ("en", "<p class=price>$50.00 <del>$70.00</del></p>", "50.00", "70.00"),
    ("en", "<p class=price><ins>$50</ins> <del>$70</del></p>", "50", "70"),
    ("en", "<p><b>$59</b> <s>$70</s></p>", "59", "70"),
    ("en", "<p><s>$70</s> <b>$59</b></p>", "59", "70"),
    ("vi", "<p>590.000₫ <del>790.000₫</del></p>", "590000", "790000"),
    ("zh", "<div><em>¥99</em><del>¥159</del></div>", "99", "159"),
]


@pytest.mark.parametrize(("lang", "price", "now", "before"), SALES)
def test_sale_and_struck_price_in_one_block_of_a_shop(lang, price, now, before):
    cards = "".join(
        f"<li><a href=/p/{name}><h3>{name} lamp</h3></a>{price}<button>Add to cart</button></li>"
        for name in ("Clay", "Reed", "Paper")
    )
    body = f"<h1>All lamps</h1><ul>{cards}</ul>"
    found = page_of(body, title="All lamps", path="/collections/all", lang=lang)
    assert found == [(f"{name} lamp", now, before) for name in ("Clay", "Reed", "Paper")]


@pytest.mark.parametrize(("lang", "price", "now", "before"), SALES)
def test_a_plan_on_sale_stands_beside_the_others(lang, price, now, before):
    plans = "".join(
        f"<div class=plan><h3>{name}</h3>{shown}<ul><li>Two lamps</li></ul></div>"
        for name, shown in (("Basic", "<p>€10</p>"), ("Plus", price), ("Team", "<p>€900</p>"))
    )
    found = page_of(
        f"<h1>Pricing</h1><div>{plans}</div>", title="Pricing", path="/pricing", lang=lang
    )
    assert found == [("Basic", "10", "None"), ("Plus", now, before), ("Team", "900", "None")]


def test_a_fee_and_the_struck_one_before_it():
    body = (
        "<h1>Lớp vẽ màu nước</h1><p>Học tại xưởng cùng họa sĩ.</p>"
        "<p>Học phí: <del>3tr5</del> chỉ còn 1tr990</p><a href=/dk>Đăng ký ngay</a>"
    )
    found = page_of(body, title="Lớp vẽ màu nước", path="/dich-vu/lop-ve", lang="vi")
    assert found == [("Lớp vẽ màu nước", "1990000", "3500000")]


def test_a_card_that_is_one_link_and_says_the_old_price_for_those_who_do_not_see_it():
    """As the most widespread shop software writes it: the title is short and inside the link."""
    amount = "<span class=amount><bdi>{}&nbsp;<span>₫</span></bdi></span>"
    cards = "".join(
        f'<li class=product><a href=/p/{n} class="loop-product__link"><h2>{name}</h2><span'
        f" class=price><del aria-hidden=true>{amount.format(old)}</del> <span class=reader>Giá gốc"
        f" là: {old}&nbsp;₫.</span><ins aria-hidden=true>{amount.format(new)}</ins><span"
        f" class=reader>Giá hiện tại là: {new}&nbsp;₫.</span></span></a></li>"
        for n, (name, old, new) in enumerate(
            [("Đèn gốm", "790.000", "590.000"), ("Đèn mây", "159.000", "99.000")]
        )
    )
    body = f"<h1>Đèn</h1><ul>{cards}</ul>"
    found = page_of(body, title="Đèn", path="/product-category/den/", lang="vi")
    assert found == [("Đèn gốm", "590000", "790000"), ("Đèn mây", "99000", "159000")]

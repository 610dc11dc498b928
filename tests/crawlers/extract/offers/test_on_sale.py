"""Cards that show a regular and a sale price, as widespread shop themes write them."""

from decimal import Decimal

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

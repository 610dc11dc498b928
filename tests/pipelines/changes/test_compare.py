from decimal import Decimal

from crawlers.items import Company, Offer
from pipelines.changes import PageFacts, compare, new_page, removed_page


def facts(*offers: Offer, tagline: str = "Shops made simple", title: str = "Pricing") -> PageFacts:
    return PageFacts(
        url="http://a/pricing", kind="pricing", title=title, description="",
        company=Company(tagline=tagline), offers=offers,
    )  # fmt: skip


def plan(name: str, price: str, currency: str = "USD", **more: object) -> Offer:
    return Offer(name=name, price=Decimal(price), currency=currency, period="month", **more)  # type: ignore[arg-type]


def test_a_price_in_words() -> None:
    (change,) = compare(facts(plan("Pro plan", "49")), facts(plan("Pro plan", "59")))
    assert change.words == "Pro plan: $49 a month -> $59 a month"
    assert (change.kind, change.importance) == ("price", 3)
    (change,) = compare(
        facts(plan("Gói cơ bản", "299000", "VND")), facts(plan("Gói cơ bản", "349000", "VND"))
    )
    assert change.words == "Gói cơ bản: 299,000 VND a month -> 349,000 VND a month"


def test_plans_come_and_go() -> None:
    words = [c.words for c in compare(facts(plan("A", "1")), facts(plan("B", "2")))]
    assert words == ["New offer: B, $2 a month", "Offer gone: A, $1 a month"]


def test_a_page_misread_once_is_no_sale() -> None:
    assert compare(facts(plan("A", "1")), facts()) == ()
    assert compare(facts(), facts(plan("A", "1"))) == ()


def test_noise_is_no_change() -> None:
    old = facts(tagline="Trusted by 10,241 shops", title="Pricing 2025")
    new = facts(tagline="Trusted by 10,977 shops", title="Pricing 2026")
    assert compare(old, new) == ()
    assert compare(facts(plan("Pro", "49.00")), facts(plan("PRO", "49"))) == ()


def test_positioning() -> None:
    (change,) = compare(facts(), facts(tagline="Built for restaurants"))
    assert change.kind == "positioning"
    assert change.words == "Tagline: Shops made simple -> Built for restaurants"


def test_pages_come_and_go() -> None:
    assert new_page(facts()).words == "New pricing page: Pricing"
    gone = removed_page(url="http://a/dealers", title="", kind="other")
    assert gone.words == "Removed other page: http://a/dealers"

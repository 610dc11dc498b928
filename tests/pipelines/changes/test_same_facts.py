"""One fact told once, and only where it is one: bars, teasers, badges, connectives, terms."""

from decimal import Decimal

import pytest

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.items import Company, Evidence, Fetch, Offer, PageItem, Target
from pipelines.changes import PageFacts, compare
from pipelines.changes.model import Change
from pipelines.changes.stating import states
from pipelines.storage.readers import facts_of

PAGE = (
    "<html lang=en><head><title>Ledgerly pricing</title></head><body>{top}<main><h1>Pricing</h1>"
    "<p>Plans for every studio, with all that a small team needs to send its bills.</p>"
    "{below}</main></body></html>"
)


def visit(html: str, path: str = "pricing") -> PageFacts:
    url = f"https://ledgerly.example/{path}"
    page = read_page(Document(url, html.encode()))
    return facts_of(
        PageItem(
            target=Target(source="ledgerly", url=url, role="page"),
            page=page,
            fetch=Fetch(url=url, status=200, fetched_at=Document(url, b"").fetched_at),
        )
    )


def facts(*offers: Offer, kind: str = "home", **more: object) -> PageFacts:
    company = more.pop("company", Company())
    plain = {"url": "http://a/x", "title": "", "description": ""}
    return PageFacts(**{**plain, **more}, kind=kind, company=company, offers=offers)  # type: ignore[arg-type]


def told(old: PageFacts, new: PageFacts) -> list[str]:
    return [f"{change.kind}: {change.words}" for change in compare(old, new)]


BARS = [
    ("<div class=bar>Black Friday: 40% off all plans until Nov 30</div>",
     "Black Friday: 40% off all plans until Nov 30"),
    ('<header><div class="announcement-bar">Summer sale: save 30% today</div></header>',
     "Summer sale: save 30% today"),
    ("<p>Tặng 3 tháng khi mua gói năm</p>", "Tặng 3 tháng khi mua gói năm"),
    ("<p class=promo>Get 3 months free on annual plans</p>", "Get 3 months free on annual plans"),
    ("<div>年付送三个月，限新用户</div>", "年付送三个月，限新用户"),
]  # fmt: skip


@pytest.mark.parametrize(("bar", "words"), BARS)
@pytest.mark.parametrize("path", ["pricing", ""])
def test_a_bar_above_the_page(bar: str, words: str, path: str) -> None:
    without = visit(PAGE.format(top="", below=""), path)
    shown = visit(PAGE.format(top=bar, below=""), path)
    assert told(without, shown) == [f"promotion: New promotion: {words}"]
    assert told(shown, without) == [f"promotion: Promotion ended: {words}"]
    assert told(shown, shown) == []
    (change, *_) = compare(without, shown)
    assert states(shown, change) and not states(without, change)


def test_a_bar_that_moves_into_the_page_is_the_same_promotion() -> None:
    words = "Get 3 months free on annual plans"
    assert told(facts(notices=(words,)), facts(text=words)) == []


def spoken(*said: tuple[str, str]) -> Company:
    evidence = tuple(Evidence(quote=q, rule="text:audience", subject="audience") for _, q in said)
    return Company(audience=tuple(phrase for phrase, _ in said), evidence=evidence)


OURS = ("for agencies", "Invoicing for agencies.")


@pytest.mark.parametrize("heading", [True, False])
def test_a_teaser_that_turns_names_no_audience(heading: bool) -> None:
    title = "Best tools for accountants"
    old = facts(company=spoken(OURS), headings=("Ledgerly", "How to price a retainer"))
    new = facts(
        company=spoken(OURS, ("for accountants", title)),
        headings=("Ledgerly", title) if heading else ("Ledgerly",), text=title,
    )  # fmt: skip
    assert told(old, new) == told(new, old) == []


@pytest.mark.parametrize(
    "quote", ["Built for accountants", "For accountants", "A ledger for accountants, by one."]
)
def test_what_the_company_says_itself_is_an_audience(quote: str) -> None:
    old = facts(company=spoken(OURS), headings=("Ledgerly",))
    new = facts(company=spoken(OURS, ("for accountants", quote)), headings=("Ledgerly", "More"))
    assert told(old, new) == ["audience: New audience: for accountants"]


JOBS = [
    ("Nhân viên kinh doanh", "[HOT] Nhân viên kinh doanh"),
    ("Nhân viên kinh doanh", "Nhân viên kinh doanh - 3 vị trí"),
    ("Nhân viên kinh doanh", "Nhân viên kinh doanh (số lượng: 2) - GẤP!"),
    ("Sales manager", "Sales manager (urgent)"),
    ("Sales manager", "URGENT: Sales manager - 2 openings"),
    ("Sales manager", "[New] Sales manager (Hot)"),
    ("前端工程师", "【急招】前端工程师（3名）"),
    ("前端工程師", "前端工程師 招2人"),
]


@pytest.mark.parametrize(("plain", "badged"), JOBS)
def test_a_badge_makes_no_other_job(plain: str, badged: str) -> None:
    old, new = (facts(kind="careers", text=f"Jobs\nDesigner\n{job}") for job in (plain, badged))
    assert told(old, new) == told(new, old) == []


@pytest.mark.parametrize(
    ("old", "new"), [("Sales manager", "New business manager"), ("Tester", "Tester (Hanoi)")]
)
def test_other_words_make_another_job(old: str, new: str) -> None:
    was, now = (facts(kind="careers", text=f"Jobs\nDesigner\n{job}") for job in (old, new))
    assert told(was, now) == [f"hiring: New job: {new}", f"hiring: Job gone: {old}"]


def saying(sentence: str, *audience: str) -> PageFacts:
    return facts(description=sentence, company=Company(positioning=sentence, audience=audience))


def test_connectives_are_no_change() -> None:
    old = saying("Bills for studios and freelancers that ship", "for studios and freelancers")
    new = saying("Bills for studios & freelancers who ship", "for studios & freelancers")
    assert told(old, new) == []
    assert told(saying("Cho quán và tiệm", "cho quán và tiệm"),
                saying("Cho quán & tiệm", "cho quán & tiệm")) == []  # fmt: skip


def test_another_segment_is_told_as_audience_alone() -> None:
    old = saying("The invoicing tool for freelancers", "for freelancers")
    new = saying("The invoicing tool for restaurants", "for restaurants")
    assert told(old, new) == ["audience: Audience: for freelancers -> for restaurants"]
    other = saying("A bank account for restaurants", "for restaurants")
    assert {change.kind for change in compare(old, other)} == {"positioning", "audience"}


def test_a_promotion_in_the_description_is_told_as_one() -> None:
    old = facts(description="Invoicing made calm.")
    new = facts(description="Invoicing made calm. Get 20% off this week.")
    assert told(old, new) == ["promotion: New promotion: Get 20% off this week."]
    both = facts(description="Banking made calm. Get 20% off this week.")
    assert [change.kind for change in compare(old, both)] == ["promotion", "positioning"]


def priced(text: str, **more: object) -> Offer:
    terms = {"price": Decimal(49), "period": "month", **more}
    return Offer(name="Pro", price_text=text, **terms)  # type: ignore[arg-type]


TERMS = [
    (priced("$49/mo"), priced("€49/mo", currency="EUR"), "Pro: $49 -> 49 EUR a month"),
    (priced("$49 per user / month", unit="user"), priced("$49 per month"),
     "Pro: $49 per user a month -> $49 a month"),
    (priced("$49 per month"), priced("$49 per user / month", unit="user"),
     "Pro: $49 a month -> $49 per user a month"),
    (priced("$49 billed yearly"), priced("$49 billed monthly"),
     "Pro: $49 billed yearly -> $49 billed monthly"),
    (priced("¥49起"), priced("¥49", period=None), "Pro: ¥49起 -> ¥49"),
    (priced("From $49/month"), priced("$49/month"), "Pro: From $49/month -> $49/month"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), TERMS, ids=[row[2] for row in TERMS])
def test_other_terms(old: Offer, new: Offer, words: str) -> None:
    found: tuple[Change, ...] = compare(facts(old, kind="pricing"), facts(new, kind="pricing"))
    assert [(change.kind, change.importance) for change in found] == [("price", 3)]
    if old.period == new.period:
        assert found[0].words == words


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (priced("$49 per user", unit="user"), priced("$49")),
        (priced("$49"), priced("US$49", currency="USD")),
        (priced("￥49"), priced("¥49")),
        (priced("$49/mo billed yearly"), priced("$49/mo")),
    ],
)
def test_terms_that_one_reading_missed(old: Offer, new: Offer) -> None:
    assert told(facts(old, kind="pricing"), facts(new, kind="pricing")) == []


def test_a_free_plan_renamed() -> None:
    paid = Offer(name="专业版", price=Decimal(99), currency="CNY", period="month")
    old, new = (Offer(name=name, price=Decimal(0), currency="CNY") for name in ("免费版", "体验版"))
    assert told(facts(old, paid, kind="pricing"), facts(new, paid, kind="pricing")) == [
        "plan: Plan renamed: 免费版 -> 体验版, free"
    ]

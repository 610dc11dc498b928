"""Pairs of versions of a page, and exactly what a researcher must be told of each."""

from decimal import Decimal

import pytest

from crawlers.items import Company, Offer
from pipelines.changes import PageFacts, compare, new_page, removed_page


def facts(*offers: Offer, kind: str = "pricing", **more: object) -> PageFacts:
    company = Company(
        tagline=more.pop("tagline", None),  # type: ignore[arg-type]
        audience=more.pop("audience", ()),  # type: ignore[arg-type]
        positioning=more.pop("positioning", None),  # type: ignore[arg-type]
    )
    plain = {"url": "http://a/x", "title": "", "description": ""}
    return PageFacts(**{**plain, **more}, kind=kind, company=company, offers=offers)  # type: ignore[arg-type]


def plan(name: str, price: str | None, currency: str | None = "USD", **more: object) -> Offer:
    amount = None if price is None else Decimal(price)
    terms = {"period": "month" if price else None, **more}
    return Offer(name=name, price=amount, currency=currency, **terms)  # type: ignore[arg-type]


def good(name: str, price: str, currency: str | None = "VND", **more: object) -> Offer:
    return plan(name, price, currency, **{"period": None, **more})


def told(old: PageFacts, new: PageFacts) -> list[str]:
    return [f"{change.kind}: {change.words}" for change in compare(old, new)]


PRICES = [
    (plan("Pro plan", "49"), plan("Pro plan", "59"), "Pro plan: $49 -> $59 a month"),
    (plan("Pro", "49"), plan("Pro", "49.50"), "Pro: $49 -> $49.50 a month"),
    (plan("Gói cơ bản", "299000", "VND"), plan("Gói cơ bản", "349000", "VND"),
     "Gói cơ bản: 299,000 -> 349,000 VND a month"),
    (plan("基础版", "199", "CNY"), plan("基础版", "229", "CNY"), "基础版: 199 -> 229 CNY a month"),
    (plan("專業", "2490", "TWD"), plan("專業", "2190", "TWD"), "專業: 2,490 -> 2,190 TWD a month"),
    (plan("Team", "8", unit="user"), plan("Team", "10", unit="user"),
     "Team: $8 -> $10 per user a month"),
    (plan("Pro", "49"), plan("Pro", "490", period="year"), "Pro: $49 a month -> $490 a year"),
    (plan("Chain", None, None, price_text="Contact sales"), plan("Chain", "199"),
     "Chain: Contact sales -> $199 a month"),
    (plan("Chuỗi", "900000", "VND"), plan("Chuỗi", None, None, price_text="Liên hệ"),
     "Chuỗi: 900,000 VND a month -> Liên hệ"),
    (plan("体验版", "0", "CNY"), plan("体验版", "9", "CNY"), "体验版: free -> 9 CNY a month"),
    (plan("Starter", "15"), plan("Starter", "0"), "Starter: $15 -> free"),
    (good("Mật ong 500ml", "290000"), good("Mật ong 500ml", "310000"),
     "Mật ong 500ml: 290,000 -> 310,000 VND"),
    (good("Áo thun", "99000", price_max=Decimal(159000)),
     good("Áo thun", "99000", price_max=Decimal(199000)),
     "Áo thun: 99,000 VND to 159,000 VND -> 99,000 VND to 199,000 VND"),
    (plan("Pro", "49", None, price_text="$49/mo"), plan("Pro", "59", None, price_text="$59.00/mo"),
     "Pro: $49 -> $59 a month"),
    (plan("标准", "99", None, price_text="￥99"), plan("标准", "89", None, price_text="¥89"),
     "标准: ¥99 -> ¥89 a month"),
    (plan("Pro", "49", sku="P1"), plan("Professional", "59", sku="P1"),
     "Professional: $49 -> $59 a month"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), PRICES, ids=[row[2] for row in PRICES])
def test_a_price_in_words(old: Offer, new: Offer, words: str) -> None:
    (change,) = compare(facts(old), facts(new))
    assert (change.kind, change.words, change.importance) == ("price", words, 3)
    assert change.old and change.new and change.old != change.new


SAME_OFFERS = [
    # the same price written otherwise, or read with more or less around it
    (plan("Pro", "49.00"), plan("PRO", "49")),
    (plan("Pro", "49"), plan("Pro", "49", currency=None)),
    (plan("Pro", "49"), plan("Pro", "49", period=None)),
    (plan("Pro", "49"), plan("Pro", "49", price_max=Decimal(99))),
    (plan("Gói cơ bản", "299000", "VND"), plan("GÓI CƠ BẢN", "299000", "VND")),
    (plan("標準", "1490", "TWD"), plan("标准", "1490", "TWD")),
    (plan("Free", "0"), plan("Free", "0", currency=None, period=None)),
    # badges and counters in names
    (plan("Shop", "59"), plan("Shop Most popular", "59")),
    (plan("Nâng cao", "299000", "VND"), plan("Nâng cao Bán chạy nhất", "299000", "VND")),
    (plan("旗舰版", "499", "CNY"), plan("旗舰版 推荐", "499", "CNY")),
    (good("Honey (12 people are viewing)", "29"), good("Honey (3 people are viewing)", "29")),
    (good("Trà sen - Đã bán 1,2k", "90000"), good("Trà sen - Đã bán 1,3k", "90000")),
    (good("茶叶 月销 300+", "90", "CNY"), good("茶叶 月销 500+", "90", "CNY")),
    # counters of the offer itself
    (good("A", "9", review_count=63, rating=Decimal("4.8"), sold_count=1200),
     good("A", "9", review_count=71, rating=Decimal("4.7"), sold_count=1300)),
    (good("A", "9", availability="InStock"), good("A", "9", availability="LimitedAvailability")),
    (good("A", "9", availability="InStock"), good("A", "9")),
    (plan("Chain", None, None, price_text="Contact sales"),
     plan("Chain", None, None, price_text="Talk to us")),
    # a countdown runs
    (good("A", "9", promotion="-20% until Sunday, 2 days left"),
     good("A", "9", promotion="-20% until Sunday, 1 day left")),
    (good("A", "9", promotion="Giảm 20%, còn 02:13:45"),
     good("A", "9", promotion="Giảm 20%, còn 01:02:09")),
    (good("A", "9", promotion="限时8折 剩余3小时"), good("A", "9", promotion="限时8折 剩余2小时")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), SAME_OFFERS, ids=lambda offer: offer.name)
@pytest.mark.parametrize("kind", ["pricing", "product", "collection", "home"])
def test_the_same_offer_told_otherwise(old: Offer, new: Offer, kind: str) -> None:
    assert told(facts(old, kind=kind), facts(new, kind=kind)) == []
    assert told(facts(new, kind=kind), facts(old, kind=kind)) == []


def test_offers_in_another_order_are_the_same() -> None:
    offers = [plan("Solo", "29"), plan("Shop", "59"), plan("Shop", "590", period="year"),
              plan("Chain", None, None, price_text="Contact sales")]  # fmt: skip
    assert told(facts(*offers), facts(*reversed(offers))) == []


def test_variants_of_one_name_in_another_order_are_the_same() -> None:
    sizes = [good("Áo thun", price) for price in ("99000", "119000", "159000")]
    assert told(facts(*sizes, kind="collection"), facts(*sizes[::-1], kind="collection")) == []
    dearer = [good("Áo thun", price) for price in ("99000", "129000", "159000")]
    assert told(facts(*sizes, kind="collection"), facts(*dearer[::-1], kind="collection")) == [
        "price: Áo thun: 119,000 -> 129,000 VND"
    ]


def test_other_related_goods_are_no_change() -> None:
    main = good("Mật ong", "290000")
    old = facts(main, good("Trà", "90000"), good("Gốm", "50000"), kind="product")
    new = facts(main, good("Nón lá", "70000"), good("Trà", "80000"), kind="product")
    assert told(old, new) == []
    assert told(facts(plan("Pro", "9"), good("Desk", "80")),
                facts(plan("Pro", "9"), good("Lamp", "20"))) == []  # fmt: skip
    listed = facts(good("A", "1"), good("B", "2"), kind="collection")
    assert told(listed, facts(good("B", "2"), good("C", "3"), kind="collection")) == []


PLANS = [
    ((plan("A", "1"),), (plan("A", "1"), plan("B", "2")), ["plan: New plan: B, $2 a month"]),
    ((plan("A", "1"), plan("B", "2")), (plan("A", "1"),), ["plan: Plan gone: B, $2 a month"]),
    ((plan("A", "1"), plan("Solo", "2")), (plan("A", "1"), plan("Starter", "2")),
     ["plan: Plan renamed: Solo -> Starter, $2 a month"]),
    ((plan("体验版", "0", "CNY"), plan("基础版", "199", "CNY")),
     (plan("体验版", "0", "CNY"), plan("基础版", "199", "CNY"), plan("连锁版", "1299", "CNY")),
     ["plan: New plan: 连锁版, 1,299 CNY a month"]),
    ((plan("Solo", "29"),), (plan("Solo", "29"),
      plan("Chain", None, None, price_text="Contact sales")),
     ["plan: New plan: Chain, Contact sales"]),
    ((plan("A", "1"),), (plan("B", "2"),),
     ["plan: New plan: B, $2 a month", "plan: Plan gone: A, $1 a month"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), PLANS)
def test_plans_come_and_go(
    old: tuple[Offer, ...], new: tuple[Offer, ...], words: list[str]
) -> None:
    assert told(facts(*old), facts(*new)) == words


def test_a_page_misread_once_is_no_sale() -> None:
    assert compare(facts(plan("A", "1")), facts()) == ()
    assert compare(facts(), facts(plan("A", "1"))) == ()


SALES = [
    (plan("Pro", "49"), plan("Pro", "39", price_before=Decimal(49)),
     ["promotion: Pro: on sale, $39 a month instead of $49"]),
    (plan("Pro", "39", price_before=Decimal(49)), plan("Pro", "49"),
     ["promotion: Pro: sale ended, $39 -> $49 a month"]),
    (good("Áo", "200000"), good("Áo", "150000", price_before=Decimal(200000)),
     ["promotion: Áo: on sale, 150,000 VND instead of 200,000 VND"]),
    (good("A", "9"), good("A", "9", promotion="买一送一"), ["promotion: A: promotion, 买一送一"]),
    (good("A", "9", promotion="Mua 1 tặng 1"), good("A", "9"),
     ["promotion: A: promotion ended, Mua 1 tặng 1"]),
    (good("A", "9", promotion="-20% off"), good("A", "9", promotion="-30% off"),
     ["promotion: A: promotion -20% off -> -30% off"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), SALES)
def test_sales_begin_and_end(old: Offer, new: Offer, words: list[str]) -> None:
    kind = "product" if old.period is None else "pricing"
    assert told(facts(old, kind=kind), facts(new, kind=kind)) == words


STOCK = [
    ("InStock", "OutOfStock", "available -> sold out"),
    ("SoldOut", "InStock", "sold out -> available"),
    ("PreOrder", "InStock", "on order -> available"),
    ("InStock", "Discontinued", "available -> discontinued"),
]


@pytest.mark.parametrize(("old", "new", "words"), STOCK)
def test_availability(old: str, new: str, words: str) -> None:
    was, now = good("A", "9", availability=old), good("A", "9", availability=new)
    assert told(facts(was, kind="product"), facts(now, kind="product")) == [
        f"availability: A: {words}"
    ]


PROMOTIONS = [
    ("Plans for every shop.", "Plans for every shop.\nSave 20% this week only.",
     "New promotion: Save 20% this week only."),
    ("14-day free trial", "30-day free trial", "Promotion: 14-day free trial -> 30-day free trial"),
    ("Dùng thử 7 ngày", "Dùng thử 15 ngày", "Promotion: Dùng thử 7 ngày -> Dùng thử 15 ngày"),
    ("Gói cơ bản", "Gói cơ bản\nGiảm 25% cho năm đầu", "New promotion: Giảm 25% cho năm đầu"),
    ("Giao hàng", "Giao hàng\nMiễn phí vận chuyển toàn quốc",
     "New promotion: Miễn phí vận chuyển toàn quốc"),
    ("价格说明\n限时优惠：买一送一", "价格说明", "Promotion ended: 限时优惠：买一送一"),
    ("价格", "价格\n新用户立享8折", "New promotion: 新用户立享8折"),
    ("年付送两个月", "年付送三个月", "Promotion: 年付送两个月 -> 年付送三个月"),
    ("方案", "方案\n免費試用 30 天", "New promotion: 免費試用 30 天"),
    ("Plans", "Plans\nBlack Friday: use code SHOP30", None),
    ("Plans", "Plans\nFree shipping on all orders", "New promotion: Free shipping on all orders"),
    ("满300减50", "满300减80", "Promotion: 满300减50 -> 满300减80"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), PROMOTIONS)
def test_promotions_of_a_page(old: str, new: str, words: str | None) -> None:
    found = compare(facts(text=old), facts(text=new))
    assert found and all(change.kind == "promotion" for change in found)
    if words is not None:
        assert [change.words for change in found] == [words]


NO_PROMOTION = [
    ("Sale ends in 3 days: save 20%", "Sale ends in 2 days: save 20%"),
    ("Giảm 20%, còn lại 5 suất", "Giảm 20%, còn lại 3 suất"),
    ("限时8折，剩余 02:13:09", "限时8折，剩余 01:00:44"),
    ("Plans", "Plans\nPartners earn 20% commission"),
    ("价格", "价格\n首年返佣 40%，续费返佣 20%"),
    ("Card fees are 1% per order", "Card fees are 2% per order"),
    ("Bảng giá", "Bảng giá\nCộng tác viên nhận hoa hồng 20%"),
    ("周年", "周年 打折扣率说明"),
]


@pytest.mark.parametrize(("old", "new"), NO_PROMOTION)
def test_what_is_no_promotion(old: str, new: str) -> None:
    assert told(facts(text=old), facts(text=new)) == []


def test_articles_talk_of_promotions_and_make_none() -> None:
    old, new = facts(kind="article", text="Tips"), facts(kind="article", text="Black Friday tips")
    assert told(old, new) == []


POSITIONING = [
    ("tagline", "Shops made simple", "Built for restaurants"),
    ("positioning", "The store builder for small shops", "The commerce platform for chains"),
    ("description", "Phần mềm cho cửa hàng nhỏ", "Nền tảng cho chuỗi bán lẻ"),
    ("description", "面向中小商家的开店工具", "面向连锁品牌的经营平台"),
]


@pytest.mark.parametrize(("field", "old", "new"), POSITIONING)
def test_positioning(field: str, old: str, new: str) -> None:
    (change,) = compare(facts(kind="home", **{field: old}), facts(kind="home", **{field: new}))
    assert (change.kind, change.field, change.old, change.new) == ("positioning", field, old, new)
    assert change.words == f"{field.capitalize()}: {old} -> {new}" and change.importance == 2


def test_the_part_of_a_title_that_changed_is_told() -> None:
    old = facts(kind="home", title="Stallbox | Store builder for small shops")
    new = facts(kind="home", title="Stallbox | Commerce for chains")
    assert told(old, new) == ["positioning: Title: Store builder for small shops -> "
                              "Commerce for chains"]  # fmt: skip
    renamed = facts(kind="about", title="About us | Stallbox Group")
    assert told(facts(kind="about", title="About us | Stallbox"), renamed) == [
        "positioning: Title: Stallbox -> Stallbox Group"
    ]


SAME_WORDS = [
    ("Trusted by 10,241 shops", "Trusted by 10,977 shops"),
    ("Trusted by 9,900 shops", "Trusted by 10k+ shops"),
    ("Pricing 2025", "Pricing 2026"),
    ("Best POS (November 2026)", "Best POS (December 2026)"),
    ("Hơn 14.000 cửa hàng tin dùng", "Hơn 15.200 cửa hàng tin dùng"),
    ("已有 3.2 万家小店在使用", "已有 3.3 万家小店在使用"),
    ("“One catalogue” – don’t count twice", '"One catalogue" - don\'t count twice'),
    ("One  catalogue", "One catalogue"),
    ("ＰＯＳ 收銀系統", "POS 收银系统"),
    ("Open today: Sunday", "Open today: Monday"),
    ("Cập nhật 3 phút trước", "Cập nhật 10 giờ trước"),
    ("更新于2026年11月22日", "更新于2026年12月1日"),
    ("From $29 a month", "From $35 a month"),
    ("Giá từ 199.000đ", "Giá từ 1tr290"),
    ("Updated just now", "Updated 2 hours ago"),
    ("12 people are viewing this page. Shops made simple", "Shops made simple"),
    ("Session 8f3a2b1c9d4e Shops", "Session 1a2b3c4d5e6f Shops"),
    ("15 người đang xem Tiệm trà", "3 khách đang xem Tiệm trà"),
    ("3人正在浏览 茶叶店", "12 人正在浏览 茶叶店"),
    ("Shops MADE simple!", "Shops made simple"),
]


@pytest.mark.parametrize(("old", "new"), SAME_WORDS)
@pytest.mark.parametrize("field", ["tagline", "title", "description", "positioning"])
def test_noise_is_no_change(field: str, old: str, new: str) -> None:
    assert told(facts(kind="home", **{field: old}), facts(kind="home", **{field: new})) == []


def test_a_carousel_that_turns_is_no_change() -> None:
    slides = ("Open your shop this weekend", "One till for every branch", "Read our guide")
    old = facts(kind="home", tagline=slides[0], headings=slides, text="\n".join(slides))
    turned = slides[1:] + slides[:1]
    new = facts(kind="home", tagline=turned[0], headings=turned, text="\n".join(turned))
    assert told(old, new) == []


def test_a_product_page_is_about_goods_not_about_the_company() -> None:
    old = facts(good("Honey", "9"), kind="product", title="Honey", description="From the hills")
    new = facts(good("Honey", "9"), kind="product", title="Honey deluxe", description="Wild honey")
    assert told(old, new) == []


def test_audience() -> None:
    old = facts(kind="home", audience=("for small shops", "Made for small shops"))
    new = facts(kind="home", audience=("dành cho chuỗi cửa hàng",))
    assert told(old, new) == ["audience: Audience: for small shops -> dành cho chuỗi cửa hàng"]
    more = facts(kind="home", audience=("for small shops", "for restaurants"))
    assert told(old, more) == ["audience: New audience: for restaurants"]
    assert told(old, facts(kind="home", audience=("For small shops",))) == []
    assert told(old, facts(kind="home")) == []
    said = facts(kind="home", audience=("for restaurants",), text="A till for small shops.")
    assert told(old, said) == ["audience: New audience: for restaurants"]


JOBS = [
    ("Jobs\nSenior engineer, Singapore", "Jobs\nSenior engineer, Singapore\nCountry lead Vietnam",
     [("New job: Country lead Vietnam", 2)]),
    ("Jobs\nSenior engineer\nDesigner", "Jobs\nDesigner", [("Job gone: Senior engineer", 1)]),
    ("Tuyển dụng\nKỹ sư frontend", "Tuyển dụng\nKỹ sư frontend\nNhân viên tư vấn, Cần Thơ",
     [("New job: Nhân viên tư vấn, Cần Thơ", 1)]),
    ("招聘\n高级前端工程师", "招聘\n高级前端工程师\n华南区域经理",
     [("New job: 华南区域经理", 2)]),
    ("Jobs\nDesigner", "Jobs\nNo open positions right now.", [("Job gone: Designer", 1)]),
    # noise
    ("Jobs\nDesigner\nPosted 3 days ago", "Jobs\nDesigner\nPosted 4 days ago", []),
    ("Jobs\nDesigner (12 applicants)", "Jobs\nDesigner (15 applicants)", []),
    ("Jobs\nDesigner\nEngineer", "Jobs\nEngineer\nDesigner", []),
    ("Jobs\nDesigner", "Jobs\nLoading", []),
    ("Jobs\nDesigner", "Jobs\nDesigner\nOur designers and engineers work as one team.", []),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), JOBS)
def test_hiring(old: str, new: str, words: list[tuple[str, int]]) -> None:
    found = compare(facts(kind="careers", text=old), facts(kind="careers", text=new))
    assert [(change.words, change.importance) for change in found] == words
    assert {change.kind for change in found} <= {"hiring"}


def test_pages_come_and_go() -> None:
    new = new_page(facts(title="Pricing"))
    assert (new.words, new.importance) == ("New pricing page: Pricing", 3)
    gone = removed_page(url="http://a/dealers", title="", kind="other")
    assert (gone.words, gone.importance) == ("Removed page: http://a/dealers", 1)

"""How two companies stand to each other: other customers, side matters, prices, both directions."""

from decimal import Decimal

import pytest

from pipelines.tiers import OfferFact, Profile, judge, verdict_as_json
from pipelines.tiers.prices import with_bands


def verdict_of(ours, theirs, *, our_audience=(), their_audience=(), **more):
    focal = Profile(name="Ours", description=ours, audience=tuple(our_audience))
    other = Profile(name="Theirs", description=theirs, audience=tuple(their_audience), **more)
    return judge(focal, [other])[0]


@pytest.mark.parametrize(
    ("ours", "our_audience", "theirs", "their_audience"),
    [
        ("Point of sale software", ["market stalls"], "Point of sale system", ["retail chains"]),
        ("收银系统", ["便利店"], "Point of sale and self checkout", ["supermarket chains"]),
        ("Kem dưỡng và sữa rửa mặt", ["phụ nữ trẻ"], "Skincare: face wash, cleanser", ["men"]),
        ("Learn English in spoken lessons", ["working adults"], "英语培训，外教", ["幼儿园家长"]),
        ("Roasted coffee, coffee beans", ["home coffee drinkers"], "咖啡烘焙", ["独立咖啡馆"]),
    ],
)  # fmt: skip
def test_the_same_for_the_other_end_of_a_scale_is_a_substitute(
    ours, our_audience, theirs, their_audience
):
    found = verdict_of(ours, theirs, our_audience=our_audience, their_audience=their_audience)
    assert found.tier == 2
    same = verdict_of(ours, theirs, our_audience=our_audience, their_audience=our_audience)
    assert same.tier == 1


def test_what_is_sold_beside_does_not_make_a_rival():
    found = verdict_of(
        "Point of sale software, cash register and till software for shops",
        "Wooden toys for children: blocks, puzzles, pretend play, and a toy cash register",
    )
    assert found.tier is None


@pytest.mark.parametrize(
    "theirs",
    [
        "Receipt paper and barcode labels that fit every point of sale",
        "Cổng thanh toán, kết nối sẵn với hầu hết phần mềm bán hàng",
        "電子發票開立，可串接你正在用的收銀系統",
    ],
)
def test_what_goes_with_ours_is_a_partner(theirs):
    found = verdict_of("Point of sale software for small shops", theirs)
    assert found.complement and found.tier is None


def test_a_rival_to_us_to_whom_we_are_none():
    found = verdict_of(
        "Home removals and house moving for families",
        "Same day courier for online shops. Now hiring: crews for our home removals service.",
    )
    assert (found.tier, found.seen_from_them) == (3, None)
    assert verdict_as_json(found)["seen_from_them"] is None


def test_direct_rivals_see_each_other():
    found = verdict_of("Bubble tea for students", "珍珠奶茶店")
    assert (found.tier, found.seen_from_them) == (1, 1)


def test_it_is_said_what_would_change_the_tier():
    found = verdict_of("Bubble tea for students", "Coffee shop in the old town")
    assert found.tier == 2
    assert found.would_change is not None and "now 0." in found.would_change


def test_an_article_that_sets_us_side_by_side_counts():
    ours = Profile(name="Brightstall", description="Point of sale for shops")
    theirs = Profile(
        name="Tillmore", description="Point of sale for shops",
        news=(("Tillmore, the alternative to Brightstall", "http://tillmore.example/vs"),),
    )  # fmt: skip
    rows = judge(ours, [theirs])[0].evidence
    assert ("named:they_say", "http://tillmore.example/vs") in {(row.rule, row.url) for row in rows}


def test_shared_keywords_speak_for_one_trade_and_are_cited():
    words = tuple((phrase, "http://x.example/") for phrase in
                  ("sell handmade soap", "soap shop name", "ship soap abroad", "price soap bars",
                   "soap fair dates"))  # fmt: skip
    ours = Profile(name="A", description="Everything about lather since long", searched=words)
    with_ = Profile(name="B", description="A notebook about many matters", searched=words)
    without = Profile(name="C", description="A notebook about many matters")
    both = judge(ours, [with_, without])
    assert both[0].same_category > both[1].same_category
    assert both[0].same_category < 0.5  # alone they decide nothing
    assert "keyword" in {row.rule for row in both[0].evidence}


def test_bands_are_told_by_the_markets_own_prices():
    def shop(price):
        offer = OfferFact(name="plan", price=Decimal(price), currency="USD")
        return Profile(name=str(price), offers=(offer,))

    said = Profile(name="said", price_band="high")
    bands = [one.price_band for one in with_bands([shop(2), shop(10), shop(11), shop(60), said])]
    assert bands == ["low", "middle", "middle", "high", "high"]
    assert with_bands([shop(1), shop(100)])[0].price_band is None  # two prices have no middle

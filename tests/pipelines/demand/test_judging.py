"""Rules and model together: every claim has its words, and the market bounds what is demand."""

import pytest

from pipelines.demand import Brand, DemandReader, MarketTerms
from pipelines.demand.by_rules import decide
from pipelines.demand.judging import FLAGS, judge, post_features

READER = DemandReader()
TILLS = DemandReader(
    MarketTerms(
        brands=(Brand("Kassa"),), offers=("cash register",), keywords=("till", "cash register")
    )
)

POSTS = [
    "I bought this kettle in May and the lid has already snapped, third one this year.",
    "Mình mua máy này hai tháng, pin tụt nhanh mà nóng nữa, chán.",
    "用了半年，屏幕经常失灵，客服也不理人，后悔买了。",
    "Selling my old phone, 200 dollars, call me, shipping included.",
    "Cần mua nồi chiên tầm 2 triệu, ai có kinh nghiệm tư vấn giúp em với.",
    "想买个降噪耳机，预算一千以内，求推荐。",
    "Wish it had a dark mode, please add one.",
]


@pytest.mark.parametrize("text", POSTS)
def test_every_claim_has_words_of_the_post(text: str) -> None:
    reading = READER.read(text)
    claims = {claim.claim for claim in reading.evidence}
    told = {
        name: getattr(reading, name)
        for name in ("pain", "praise", "objection", "poor_fit", "suggestion", "seller")
    }
    assert {name for name, holds in told.items() if holds} <= claims
    assert (reading.stage != "none") <= ("stage" in claims)
    assert (reading.barrier is not None) <= ("barrier" in claims)
    for name in ("need", "budget", "authority"):
        assert (getattr(reading, name) != "unknown") <= (name in claims)
    assert all(claim.quote and claim.quote in text for claim in reading.evidence)


def test_the_same_post_reads_the_same() -> None:
    for text in POSTS:
        assert READER.read(text) == DemandReader().read(text)


def test_what_sells_other_things_is_no_seller_of_this_market() -> None:
    text = "Selling my old phone, 200 dollars, call me, shipping included."
    assert READER.read(text).seller
    assert not TILLS.read(text, lang="en").seller


def test_needs_of_other_markets_are_no_demand_of_this_one() -> None:
    text = "My kitchen floods every time it rains and I do not know what to do any more."
    assert TILLS.read(text, lang="en").stage == "none"


def test_features_are_words_and_what_the_rules_found() -> None:
    post = READER.weigh("The lid snapped after two days, terrible.", "en")
    there, valued = post_features(post, decide(post))
    assert {"en:lid snapped", "en:terrible"} <= set(there)
    assert any(name.startswith("rules stage ") for name in there)
    assert valued["score pain"] >= 1.0


def test_a_verdict_is_not_changed_in_place() -> None:
    post = READER.weigh(POSTS[0], "en")
    ruled = decide(post)
    before = dict(ruled.flags)
    judged = judge(post, ruled)
    assert ruled.flags == before
    assert set(judged.flags) == {*FLAGS, "seller"} - {"selling"}

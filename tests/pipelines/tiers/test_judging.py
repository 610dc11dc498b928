"""Whole markets: tiers, evidence, complements, names, posts, and what must not break."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from crawlers.words import FLAGS
from pipelines.tiers import (
    OfferFact,
    PostFact,
    Profile,
    decide,
    judge,
    profile_from_json,
    verdict_as_json,
)

HERE = Path(__file__).parent
MARKETS = tomllib.loads((HERE / "markets.toml").read_text("utf-8"))["market"]
SCHEMA = json.loads((HERE.parents[2] / "docs/schemas/tier.schema.json").read_text("utf-8"))

SHOP = Profile(
    name="Gian Hàng Xanh",
    description="Nền tảng tạo website bán hàng dành cho chủ shop nhỏ",
    regions=("VN",),
)


def verdicts_of(market):
    companies = [
        profile_from_json({key: value for key, value in row.items() if key != "tier"})
        for row in market["company"]
    ]
    return list(
        zip(market["company"], judge(profile_from_json(market["focal"]), companies), strict=True)
    )


CASES = [
    pytest.param(row, verdict, id=f"{market['focal']['name']}-{row['name']}")
    for market in MARKETS
    for row, verdict in verdicts_of(market)
]


@pytest.mark.parametrize(("row", "verdict"), CASES)
def test_a_market_in_three_languages(row, verdict):
    seen = verdict.tier or 0
    if verdict.complement:
        seen = "partner"
    elif verdict.verdict == "insufficient":
        seen = "little"
    wanted = row["tier"] if isinstance(row["tier"], list) else [row["tier"]]
    assert seen in wanted, verdict.reasons


@pytest.mark.parametrize(("row", "verdict"), CASES)
def test_the_tier_follows_from_the_flags_shown(row, verdict):
    flags = {flag: getattr(verdict, flag) >= 0.5 for flag in FLAGS}
    if verdict.verdict == "insufficient":
        assert verdict.tier is None
    else:
        assert verdict.tier == decide(**flags)
    assert verdict.verdict == ("decided" if verdict.tier else verdict.verdict)


@pytest.mark.parametrize(("row", "verdict"), CASES)
def test_a_decided_tier_is_proved_by_quotes_of_the_input(row, verdict):
    if verdict.tier is None:
        return
    assert len({(item.flag, item.quote, item.rule) for item in verdict.evidence}) >= 2
    said = json.dumps([row, [market["focal"] for market in MARKETS]], ensure_ascii=False)
    for item in verdict.evidence:
        assert item.quote
        assert json.dumps(item.quote, ensure_ascii=False)[1:-1] in said
        assert 0 <= item.weight <= 1
    assert 1 <= len(verdict.reasons) <= 3


@pytest.mark.parametrize(("row", "verdict"), CASES)
def test_the_json_is_the_contract(row, verdict):
    line = {"version": 1, "name": row["name"], **verdict_as_json(verdict)}
    jsonschema.validate(line, SCHEMA)
    told = set(verdict_as_json(verdict))
    assert told >= set(SCHEMA["required"]) - {"version", "name"}
    assert told <= set(SCHEMA["properties"])


def test_rivals_score_above_partners_above_strangers():
    direct, partner, stranger = judge(
        SHOP,
        [
            Profile(name="A", description="Online store builder for small shops"),
            Profile(name="B", description="Payment gateway for online stores and wallets"),
            Profile(name="C", description="Veterinary clinic for horses and cattle"),
        ],
    )
    assert direct.score > 0.8 > partner.score > stranger.score
    assert stranger.score < 0.1


def test_an_alternative_to_us_by_name_is_found_in_their_words():
    (verdict,) = judge(
        SHOP, [Profile(name="Zed", description="Zed is a cheaper alternative to Gian Hang Xanh.")]
    )
    assert verdict.tier in (1, 2)
    assert any(item.rule == "named:they_say" for item in verdict.evidence)


def test_an_alternative_to_them_by_name_is_found_in_ours():
    ours = Profile(name="Coop", description="The self-hosted Bigbox alternative")
    named, other = judge(
        ours,
        [
            Profile(name="Bigbox", description="Keep your files in one place and share them."),
            Profile(name="Small", description="Keep your files in one place and share them."),
        ],
    )
    assert named.tier in (1, 2)
    assert any(item.quote == ours.description for item in named.evidence)
    assert other.score < named.score


def test_a_name_that_is_a_word_needs_its_capital():
    ours = Profile(name="Notion", description="Team wiki and notes")
    capital, small = judge(
        ours,
        [
            Profile(name="A", description="Roses by post. An alternative to Notion."),
            Profile(name="B", description="Roses by post. An alternative to notion and whim."),
        ],
    )
    assert capital.substitute >= 0.5 > small.substitute


def test_a_plugin_for_us_is_a_partner():
    (verdict,) = judge(
        SHOP, [Profile(name="Tem", description="Giao diện và plugin cho Gian Hàng Xanh")]
    )
    assert verdict.complement
    assert verdict.tier is None
    assert verdict.verdict == "unrelated"


def test_a_partner_that_widens_towards_us_might_enter():
    (verdict,) = judge(
        SHOP,
        [
            Profile(
                name="Payloop",
                description="Payment gateway for shops. Coming soon: our own online store builder.",
            )
        ],
    )
    assert verdict.tier == 3
    assert verdict.extension >= 0.5


def test_signs_of_extension_elsewhere_do_not_count():
    (verdict,) = judge(
        SHOP,
        [
            Profile(
                name="Paws",
                description="Fresh dog food. Coming soon: cat food, and hiring a baker.",
            )
        ],
    )
    assert verdict.extension < 0.5
    assert verdict.tier is None


def test_posts_that_compare_us_count_with_their_address():
    post = PostFact(
        quote="Đang phân vân giữa Gian Hàng Xanh và Zed",
        url="https://dien-dan.example/t/9",
        kind="compared",
    )
    (verdict,) = judge(SHOP, [Profile(name="Zed", posts=(post,))])
    assert verdict.tier == 2
    assert ("post:compared", post.url) in {(item.rule, item.url) for item in verdict.evidence}
    assert len(verdict.evidence) >= 2


def test_evidence_keeps_the_page_it_stands_on():
    url = "https://cartly.example/features"
    (verdict,) = judge(
        SHOP,
        [
            Profile(
                name="Cartly",
                texts=(("Online store builder", url), ("Made for shop owners", url)),
                offers=(OfferFact(name="E-commerce platform, yearly", url=url + "#price"),),
                pages_seen=2,
            )
        ],
    )
    assert verdict.tier == 1
    assert {item.url for item in verdict.evidence} <= {url, url + "#price"}


def test_another_region_makes_another_audience():
    def audience(regions):
        theirs = Profile(
            name="A", description="Sổ quỹ cho chủ shop nhỏ, tạp hoá quê", regions=regions
        )
        return judge(SHOP, [theirs])[0].same_audience

    assert audience(("US",)) < audience(("VN",))
    assert audience(("vn",)) == audience(())


def test_little_said_is_not_decided():
    for profile in (
        Profile(name="X"),
        Profile(name="X", description="Hello there"),
        Profile(name="🙂"),
    ):
        (verdict,) = judge(SHOP, [profile])
        assert verdict.verdict == "insufficient"
        assert verdict.tier is None
        assert verdict.evidence == ()


@pytest.mark.parametrize("name", ["X", "Online Store Builder", "开网店", "Tiệm Bánh Gia Đình"])
def test_a_name_and_a_site_alone_score_nothing(name):
    (verdict,) = judge(SHOP, [Profile(name=name, site="https://x.example/")])
    assert verdict.score == 0.0
    (seen,) = judge(SHOP, [Profile(name=name, description="Hello there")])
    assert seen.score > 0.0


def test_one_sentence_about_us_is_enough():
    (verdict,) = judge(
        Profile(name="We", description="网店系统"),
        [Profile(name="They", description="We host your online store, from theme to checkout")],
    )
    assert verdict.tier == 1


def test_a_market_of_nobody():
    assert judge(SHOP, []) == ()


def test_order_and_figures_do_not_depend_on_chance():
    companies = [
        Profile(name=row["name"], description=row["description"]) for row in MARKETS[0]["company"]
    ]
    first, again = judge(SHOP, companies), judge(SHOP, companies)
    assert first == again
    assert [verdict.name for verdict in first] == [profile.name for profile in companies]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 500_000,
        "bán hàng " * 60_000,
        "开网店" * 50_000,
        "plugin for " * 20_000,
        "\x00\ud800\u202e" + "́" * 10_000,
        "vs " * 30_000 + "Gian Hàng Xanh",
        "." * 200_000,
        "coming soon " * 20_000,
    ],
    ids=["one word", "vi", "zh", "plugin", "controls", "vs", "dots", "soon"],
)
def test_hostile_texts_come_to_an_end(text):
    theirs = Profile(name="Q", description=text, texts=((text, None),) * 5)
    (verdict,) = judge(SHOP, [theirs])
    assert verdict.verdict in ("decided", "unrelated", "insufficient")
    assert all(len(item.quote) < 1_000 for item in verdict.evidence)


def test_a_larger_market_teaches_words_their_trade():
    """Words that only dairies use lead to the dairy trade's companies where many are seen."""
    teachers = [
        Profile(
            name=f"T{at}",
            description=f"Livestock farm number {at} with pasture, udder hygiene and churn",
        )
        for at in range(120)
    ]
    others = [
        Profile(
            name=f"B{at}",
            description=f"Mortgage broker number {at} with rates, deposits and escrow",
        )
        for at in range(120)
    ]
    ours = Profile(name="We", description="Livestock and cattle farms: herd records")
    pasture = Profile(name="P", description="Pasture walks, udder hygiene, a churn for every barn")
    alone = judge(ours, [pasture])[0].same_category
    taught = judge(ours, [pasture, *teachers, *others])[0].same_category
    assert taught > alone

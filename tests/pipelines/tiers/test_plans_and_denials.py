"""Job adverts, news, denials, and work made to order: what is no product of today's."""

from pipelines.tiers import Profile, judge

OURS = Profile(
    name="Shelfling",
    description="Online shop builder software and point of sale for small shops",
    audience=("small shops",),
)


def tier_of(**facts: object) -> tuple[int | None, float, float]:
    (verdict,) = judge(OURS, [Profile(name="Other", **facts)])  # type: ignore[arg-type]
    return verdict.tier, verdict.same_product, verdict.extension


PAYROLL = "Payroll and shift planning software for small shops, cafes and salons"


def test_a_job_advert_for_our_product_is_a_sign_of_extension_and_no_product() -> None:
    adverts = (("Product manager, online store builder. You lead a new team.", "http://x/jobs"),)
    tier, product, extension = tier_of(description=PAYROLL, job_adverts=adverts)
    assert (tier, product < 0.5, extension >= 0.5) == (3, True, True)
    _, product, _ = tier_of(description=PAYROLL, texts=adverts)
    assert product > 0.3  # the same words on another page would be the product


def test_news_counts_where_it_announces() -> None:
    talk = (("Seven tips for your online store this summer.", "http://x/blog"),)
    plan = (("Coming soon: our own online store builder.", "http://x/blog"),)
    assert tier_of(description=PAYROLL, news=talk)[2] < 0.5
    assert tier_of(description=PAYROLL, news=plan)[2] >= 0.5


def test_what_is_denied_is_not_sold() -> None:
    for denial in (
        "Sell by chat, no online store needed.",
        "Không cần website bán hàng, chỉ cần điện thoại.",
        "不用开网店，手机就能记账。",
    ):
        _, product, _ = tier_of(description=f"Bookkeeping for shop owners. {denial}")
        assert product < 0.5, denial


def test_an_agency_stands_in_for_a_builder() -> None:
    text = "A web design agency: our studio and its experts make custom online shops. Full service."
    (verdict,) = judge(OURS, [Profile(name="Studio", description=text)])
    assert verdict.tier == 2
    assert verdict.same_product < 0.5 <= verdict.substitute

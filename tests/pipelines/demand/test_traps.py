"""What looks like one claim and is another: cheapness that frightens, words of others."""

import pytest

from pipelines.demand import Brand, DemandReader, MarketTerms
from pipelines.demand.by_rules import Verdict, decide
from pipelines.demand.context import without_quotations

READER = DemandReader(MarketTerms(brands=(Brand("Slack"), Brand("Teams"))))


def ruled(text: str, lang: str) -> Verdict:
    return decide(READER.weigh(text, lang))


@pytest.mark.parametrize(
    "text",
    [
        "Too cheap, must be fake",
        "It's too cheap, I'm afraid it is a fake",
        "Ridiculously cheap, what's the catch?",
        "Suspiciously cheap, probably counterfeit.",
        "Too good for the price, must be a knock-off",
    ],
)
def test_what_is_too_cheap_is_doubted_and_not_praised(text: str) -> None:
    verdict = ruled(text, "en")
    assert verdict.barrier == "too_cheap"
    assert not verdict.flags["praise"]


def test_what_is_cheap_and_good_is_not_doubted() -> None:
    assert ruled("I bought it last year, so cheap and it works great.", "en").barrier is None
    assert ruled("It is not too cheap, and no fake.", "en").barrier != "too_cheap"


@pytest.mark.parametrize(
    "text",
    [
        'My friend said "Slack is better than Teams" but I disagree',
        'He told me "Slack beats Teams" yesterday.',
        '"Slack beats Teams", says my boss.',
        "My boss says, “Teams is worse than Slack.”",
    ],
)
def test_what_others_say_compares_nothing(text: str) -> None:
    assert READER.read(text, lang="en").comparison is None


def test_short_quoted_words_are_blanked_only_where_another_says_them() -> None:
    assert "slower" not in without_quotations('she says "much slower" of it')
    assert "很难用" not in without_quotations('朋友说"很难用"')
    for own in ('i said "much slower" of it', 'the "much slower" one', '我说"很难用"'):
        assert without_quotations(own) == own


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Slack is better than nothing.", "en"),
        ("Better than nothing I guess.", "en"),
        ("这个客服聊胜于无吧", "zh"),
        ("有这个功能总比没有强", "zh"),
        ("有总比没有好多了。", "zh"),
        ("Slack có còn hơn không.", "vi"),
        ("Tốt hơn là không có.", "vi"),
        ("Tốt hơn không có gì.", "vi"),
    ],
)
def test_better_than_nothing_compares_nothing(text: str, lang: str) -> None:
    assert READER.read(text, lang=lang).comparison is None


def test_a_whole_cut_leaves_what_was_used() -> None:
    text = "Dùng Slack hai năm, tuần rồi mình bỏ hẳn, chuyển qua Teams."
    switch = READER.read(text, lang="vi").switch
    assert switch is not None
    assert (switch.from_brand, switch.to_brand, switch.status) == ("Slack", "Teams", "done")


def test_who_does_not_think_of_changing_does_not_switch() -> None:
    assert READER.read("我不打算换，Slack用惯了，够用就行。", lang="zh").switch is None


@pytest.mark.parametrize(
    ("text", "lang", "barrier"),
    [
        ("一个月200块太贵了，最后没买。", "zh", "price"),
        ("要是界面能显示自己的语言就好了。", "zh", "missing_feature"),
        ("Giá chát quá. Mình bán sách cũ thấy gói 300k là hết lời luôn, nên thôi.", "vi", "price"),
    ],
)
def test_what_holds_back(text: str, lang: str, barrier: str) -> None:
    assert ruled(text, lang).barrier == barrier

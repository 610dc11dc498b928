"""What authors say of themselves: floors under precision and recall, and single readings."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demand import Brand, DemandReader, MarketTerms
from pipelines.demand.amounts import count_of, months_of, rate_of, sum_of
from pipelines.demand.author import MOST_FACTS, fact_names
from pipelines.demand.rulebook import LANGUAGES, _merge, rulebook

GOLD = Path(__file__).parents[2] / "gold"
# Pinned under what was measured when the rules were written; only a better reader raises them.
PRECISION, RECALL = 0.92, 0.90


@pytest.fixture(scope="module")
def reader():
    return DemandReader(MarketTerms(brands=(Brand("Notion"), Brand("Asana"))))


def key(fact):
    if fact["fact"] in ("budget", "spent"):
        return fact["fact"], fact["number"], fact.get("currency")
    if fact["fact"] in ("tenure", "frequency"):
        return fact["fact"], round(fact["number"], 1)
    return fact["fact"], fact["value"]


def said(reader, text, lang):
    return {
        key({"fact": a.fact, "value": a.value, "number": a.number, "currency": a.currency})
        for a in reader.read(text, lang=lang).author
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_precision_and_recall_hold_their_floor(reader, lang):
    right, extra, missed = Counter(), [], []
    for line in (GOLD / f"author_{lang}.jsonl").read_text("utf-8").splitlines():
        post = json.loads(line)
        truth = {key(fact) for fact in post["facts"]}
        read = said(reader, post["text"], lang)
        right.update(fact for fact, *_ in truth & read)
        extra += [(post["id"], fact) for fact in read - truth]
        missed += [(post["id"], fact) for fact in truth - read]
    total = right.total()
    assert total / (total + len(extra)) >= PRECISION, extra
    assert total / (total + len(missed)) >= RECALL, missed


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Are you a student? Then it is free."),
        ("en", "If I had a budget of $900 I would look elsewhere."),
        ("en", "My neighbour ordered it four times."),
        ("zh", "如果我是老师就好了。"),
        ("zh", "他买过三次，我没买过。"),
        ("vi", "Nếu ngân sách 20 triệu thì khác."),
        ("vi", "Bạn đã mua 3 lần chưa?"),
        # What the author sells or is called out of bed by is neither bought nor used so often.
        ("zh", "我做茶叶的，每天30单左右。"),
        ("zh", "每天早上五点被吵醒。"),
        ("zh", "客服天天打电话过来。"),
        ("zh", "天天背指标，很累。"),
        ("zh", "客服让我拍视频。"),
        ("vi", "Mỗi ngày 20 đơn hàng mà app cứ treo."),
        # A shop, its goods and a contract that move are no home that moves.
        ("zh", "上周从易店换到云铺，搬家花一个周末，值得。"),
        ("zh", "店铺搬家工具不好用。"),
        ("zh", "冬天把花搬进室内。"),
        ("vi", "Muốn dời sang nhà mạng khác."),
        ("vi", "muon doi sang nha mang khac"),
        ("vi", "cho minh hoi gia may cat co"),
        ("vi", "Máy chạy bản 14.2, vào cài đặt không thấy mục đó."),
        ("vi", "Phần mềm dễ, nhân viên mới học một buổi là bán được."),
        ("vi", "Thấy bảo xe đó chạy 1 tháng tiền điện có 500k."),
        ("vi", "Tuyển cộng tác viên, mẹ bỉm sữa làm được hết ạ."),
        ("vi", "Quán đông, khách quen đông, doanh thu ổn."),
        ("vi", "dat ten bien sao cho de doc vay moi nguoi"),
        ("zh", "越用越卡，像用了五年。"),
        ("en", "Happy birthday mate, have a good one"),
        ("en", "They hurt me every year and I keep coming back, that's on me"),
        ("en", "I have hesitated for a year about moving."),
    ],
)
def test_others_and_suppositions_say_nothing_of_the_author(reader, lang, text):
    assert said(reader, text, lang) == set()


@pytest.mark.parametrize(
    ("lang", "words", "text", "currency"),
    [
        ("en", "$20 a month", "20 per month", None),
        ("en", "£300", "300", "GBP"),
        ("en", "1000-1500 euros", "1000-1500", "EUR"),
        ("en", "2k", "2000", None),
        ("zh", "两千五", "2500", None),
        ("zh", "4000-5000元", "4000-5000", "CNY"),
        ("zh", "每月100块", "100 per month", "CNY"),
        ("zh", "1.5万", "15000", None),
        ("vi", "5-7 triệu", "5000000-7000000", "VND"),
        ("vi", "3 triệu 2", "3200000", "VND"),
        ("vi", "hai triệu rưỡi", "2500000", "VND"),
        ("vi", "300k một tháng", "300000 per month", "VND"),
    ],
)
def test_sums(lang, words, text, currency):
    amount = sum_of(words, lang)
    assert (amount.text(), amount.currency) == (text, currency)


def test_a_traditional_post_keeps_its_yuan_open():
    assert sum_of("3000元", "zh", script="Hant").currency is None


@pytest.mark.parametrize(
    ("lang", "words", "number"),
    [
        ("en", "third", 3),
        ("en", "twice", 2),
        ("zh", "十二", 12),
        ("vi", "tư", 4),
        ("en", "of", None),
    ],
)
def test_counts(lang, words, number):
    assert count_of(words, lang) == number


@pytest.mark.parametrize(
    ("lang", "words", "months"),
    [("en", "half a year", 6), ("en", "two years and a half", 30), ("zh", "一年半", 18),
     ("zh", "半年", 6), ("vi", "nửa năm", 6), ("vi", "nua nam", 6), ("vi", "năm năm", 60),
     ("zh", "几天", None)],
)  # fmt: skip
def test_lengths_of_time(lang, words, months):
    assert months_of(words, lang) == months


def test_what_is_still_told_beside_what_is_not(reader):
    assert said(reader, "我每天下两单。", "zh") == {("frequency", 60.0)}
    assert said(reader, "我每周点3次外卖。", "zh") == {("frequency", 13.1)}
    assert said(reader, "下个月搬家，求推荐。", "zh") == {("occasion", "moving")}
    assert said(reader, "Tháng sau mình chuyển nhà.", "vi") == {("occasion", "moving")}
    assert said(reader, "Quà 14/2 cho vợ ạ?", "vi") == {("occasion", "valentine")}


def test_rates():
    assert rate_of("hai", None, "tuần", "vi") == ("2 per week", 8.7)
    assert rate_of(None, "two", "weeks", "en") == ("1 per 2 weeks", 2.17)
    assert rate_of(None, None, "每天", "zh") == ("1 per day", 30.0)


def test_every_value_a_rule_gives_has_a_name_in_every_language():
    names = fact_names()
    for lang in LANGUAGES:
        for pattern in rulebook(lang).patterns:
            kind = pattern.rule.group.removeprefix("author_")
            if pattern.rule.group.startswith("author_") and kind in names:
                assert set(names[kind][pattern.rule.value]) == set(LANGUAGES), pattern.rule.id


def test_quotes_stand_in_the_post(reader):
    text = "Em là SINH VIÊN, ngân sách  tầm 5 triệu."
    facts = reader.read(text, lang="vi").author
    assert len(facts) == 2 and all(fact.quote in text for fact in facts)


def test_two_files_must_not_name_one_rule():
    merged = {"words": {"kin": "a"}}
    _merge(merged, {"words": {"boss": "b"}}, "en.x.toml")
    assert merged == {"words": {"kin": "a", "boss": "b"}}
    with pytest.raises(ValueError, match=r"en\.y\.toml: words\.kin is defined in another"):
        _merge(merged, {"words": {"kin": "c"}}, "en.y.toml")


@given(
    st.text(
        alphabet="预算花了一二两千万元半年月买次 $£5-0.9kmua lần triệu budget of twice", max_size=60
    )
)
def test_hostile_text_never_raises(text):
    reader = DemandReader()
    for lang in LANGUAGES:
        assert len(reader.read(text, lang=lang).author) <= MOST_FACTS
        sum_of(text, lang)
        months_of(text, lang)

"""Topics in stretches of text, and what the claims of a post are about."""

import json
import time
from pathlib import Path

import pytest

from pipelines.demand.reading import Claim, Reading
from pipelines.demand.topics import topics_in, topics_of

GOLD = Path(__file__).parent / "gold"
# Written before the table was tuned, by its author: a floor, no measure of unseen text.
FLOORS = {"en": (0.95, 0.92), "zh": (0.95, 0.95), "vi": (0.93, 0.95)}


def _scored(lang: str) -> tuple[float, float]:
    right = found = wanted = 0
    for line in (GOLD / f"{lang}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        topics, expected = set(topics_in(row["text"], lang)), set(row["topics"])
        right += len(topics & expected)
        found += len(topics)
        wanted += len(expected)
    return right / found, right / wanted


@pytest.mark.parametrize("lang", ["en", "zh", "vi"])
def test_precision_and_recall_on_the_check_sentences(lang: str):
    precision, recall = _scored(lang)
    assert precision >= FLOORS[lang][0]
    assert recall >= FLOORS[lang][1]


@pytest.mark.parametrize(
    ("text", "lang", "topic", "words"),
    [
        ("Two batteries died on me", "en", "battery", "batteries"),
        ("It crashed twice", "en", "bugs", "crashed"),
        ("Lighter, but the box was heavier", "en", "weight", "heavier"),
        ("螢幕壞點", "zh", "screen", "螢幕"),
        ("Phí vận chuyển cao", "vi", "shipping_cost", "Phí vận chuyển"),
        ("phi van chuyen cao qua", "vi", "shipping_cost", "phi van chuyen"),
        ("thanh toán bằng hoá đơn điện tử", "vi-VN", "invoices", "hoá đơn điện tử"),
    ],
)
def test_words_are_given_as_written(text: str, lang: str, topic: str, words: str):
    assert topics_in(text, lang).get(topic) == words


@pytest.mark.parametrize(
    ("text", "lang", "topic"),
    [
        ("The shipping cost is a joke", "en", "delivery"),  # a longer phrase covers the shorter
        ("A feather in the comfortless room", "en", "comfort"),  # part of a word
        ("In the long run, feel free to ask", "en", "price"),
        ("今天去打卡了", "zh", "speed"),
        ("Chú vịt đi chợ", "vi", "taste"),  # "vị" within a word
        ("da mua roi", "vi", "skin"),  # "đã", not "da"
    ],
)
def test_what_is_not_meant_is_not_found(text: str, lang: str, topic: str):
    assert topic not in topics_in(text, lang)


def test_words_of_manner_count_only_alone():
    assert set(topics_in("Delivery was slow", "en")) == {"delivery"}
    assert set(topics_in("It is slow", "en")) == {"speed"}


def test_other_languages_and_nothing_at_all():
    assert topics_in("La batería es mala", "es") == {}
    assert topics_in("", "en") == {}
    assert "battery" in topics_in("电池不行", None)


def _reading(lang: str, barrier=None, **claims: str) -> Reading:
    rows = tuple(Claim(claim=kind, quote=quote, rule="x") for kind, quote in claims.items())
    return Reading(lang=lang, script=None, barrier=barrier, evidence=rows)


def test_each_claim_has_the_topics_of_its_own_clause():
    text = "Delivery was fast, but the screen came cracked. Nice box."
    found = topics_of(_reading("en", praise="was fast", pain="came cracked"), text)
    assert {(t.kind, t.topic) for t in found} >= {("praise", "delivery"), ("pain", "screen")}
    assert ("pain", "delivery") not in {(t.kind, t.topic) for t in found}
    assert all(t.quote in text for t in found)


def test_a_clause_without_a_topic_takes_its_neighbour_but_never_over_a_but():
    (near,) = topics_of(_reading("zh", pain="很失望"), "关于续航，很失望。")
    assert (near.topic, near.quote) == ("battery", "关于续航，很失望")
    assert topics_of(_reading("en", pain="hate"), "The battery is great but I hate it.") == ()


def test_another_sentence_says_nothing_of_it():
    assert topics_of(_reading("en", pain="so sad"), "The battery is big. I am so sad.") == ()


def test_a_barrier_names_its_topic_by_its_kind():
    reading = Reading(
        lang="en", script=None, barrier="price",
        evidence=(Claim(claim="barrier", quote="out of my league", rule="x"),),
    )  # fmt: skip
    (found,) = topics_of(reading, "That is out of my league.")
    assert (found.kind, found.topic) == ("barrier", "price")


@pytest.mark.parametrize(
    ("lang", "text", "topic"),
    [
        ("zh", "這點很重要", "weight"),
        ("zh", "看得我心慌", "side_effects"),
        ("zh", "真的头疼", "side_effects"),
        ("zh", "客服讲得清楚", "teaching"),
        ("zh", "差别太大", "size"),
        ("vi", "kiểm kho cũng lệch vài món", "taste"),
        ("vi", "cộng phí ship theo cân nặng", "weight"),
        ("vi", "bận túi bụi", "cleanliness"),
        ("vi", "treo đúng giờ đông khách", "crowding"),
        ("vi", "lỡ họ ôm tiền chạy thì sao", "size"),
        ("vi", "máy in hóa đơn mất kết nối", "import_export"),
        ("en", "more than my shop earns in a quiet week", "noise"),
        ("en", "no multi-location stock", "location"),
        ("en", "a headache to set up", "side_effects"),
    ],
)
def test_figures_of_speech_and_other_trades_words_name_no_topic(lang, text, topic):
    assert topic not in topics_in(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "topic"),
    [
        ("zh", "吃了两片就头疼", "side_effects"),
        ("zh", "机器很重", "weight"),
        ("zh", "库存总是对不上", "inventory"),
        ("zh", "没有库存了", "stock"),
        ("vi", "uống xong đau đầu", "side_effects"),
        ("vi", "món này hơi mặn", "taste"),
        ("vi", "máy in hay kẹt giấy", "printing"),
        ("en", "it double-booked our stock", "inventory"),
        ("en", "out of stock again", "stock"),
    ],
)
def test_and_their_own_trades_words_still_do(lang, text, topic):
    assert topic in topics_in(text, lang)


def test_a_guess_gives_way_to_a_rule_and_implies_nothing():
    text = "We waited four days in the queue."
    rule = Claim(claim="pain", quote="waited four days", rule="en/pain.strong")
    guess = Claim(claim="praise", quote=text, rule="en/learnt.praise")
    both = Reading(lang="en", script=None, evidence=(rule, guess))
    assert {row.kind for row in topics_of(both, text)} == {"pain"}
    alone = Reading(lang="en", script=None, evidence=(guess,))
    assert {row.kind for row in topics_of(alone, text)} == {"praise"}
    weighed = Claim(claim="barrier", quote="We are waiting.", rule="en/learnt.barrier")
    barrier = Reading(lang="en", script=None, barrier="price", evidence=(weighed,))
    assert "price" not in {row.topic for row in topics_of(barrier, "We are waiting.")}


@pytest.mark.parametrize("text", ["\ud83d" * 50, "電" * 5000, "a " * 9000, "\x00", "ế" * 3000])
def test_hostile_text_is_read_without_an_error(text: str):
    for lang in ("en", "zh", "vi", None):
        topics_in(text, lang)
    topics_of(_reading("en", pain=text[:10]), text)


def test_reading_a_post_takes_microseconds():
    texts = {
        "en": "The delivery took two weeks and the screen was scratched, support never answered. "
        "I would not order from them a second time at any price, sorry.",
        "zh": "快递走了两个星期，屏幕还有划痕，客服一直不回，再也不会买了，太贵了。" * 4,
        "vi": "Giao hàng hai tuần mới tới, màn hình bị trầy, nhắn tin shop không trả lời gì cả. "
        "Không bao giờ mua lại ở đây nữa dù giá rẻ.",
    }
    for lang, text in texts.items():
        topics_in(text, lang)
        best = min(_timed(text[:150], lang) for _ in range(5))
        assert best < 300e-6  # measured 25 to 35; a busy machine is no regression


def _timed(text: str, lang: str) -> float:
    start = time.perf_counter()
    for _ in range(50):
        topics_in(text, lang)
    return (time.perf_counter() - start) / 50

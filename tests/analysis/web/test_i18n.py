import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from analysis.passes.tier_moves import Cause
from analysis.questions.standing import GROUPS
from analysis.web import i18n
from analysis.web.desk import TABS, TEMPLATES
from crawlers.words import BARRIERS, CHANNELS, FLAGS, FORCES, STAGES
from pipelines.tiers.reasons import _SAYS
from pipelines.tiers.verdict import Method

FILES = sorted((TEMPLATES / "rivalmap").glob("*.html"))


def _names(forms: tuple[str, ...]) -> set[str]:
    return {name for text in forms for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["zh", "vi"])
def test_catalogues_are_complete(language):
    english, other = i18n.catalogue("en"), i18n.catalogue(language)
    assert english.keys() == other.keys()
    differing = {k for k in english if _names(english[k]) != _names(other[k])}
    assert differing == set()
    assert {key for key, forms in other.items() if not all(forms)} == set()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_babel_finds_no_fault_in_a_catalogue(language):
    with (TEMPLATES.parent / "translations" / language / "LC_MESSAGES/rivalmap.po").open("rb") as f:
        read = read_po(f, locale=language, abort_invalid=True)
    assert [list(message.check()) for message in read if list(message.check())] == []
    assert not [message.id for message in read if message.fuzzy]
    plural = {len(m.string) for m in read if m.pluralizable}
    assert plural == {read.num_plurals}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_markup_in_catalogues(language):
    assert not [k for k, v in i18n.catalogue(language).items() if re.search("[<>&]", str(v))]


def test_every_text_a_template_names_exists():
    used = {
        key
        for file in FILES
        for key in re.findall(r"\bt\('([a-z0-9_.]+)'[,)]", file.read_text(encoding="utf-8"))
    }
    assert len(used) > 100
    assert used - i18n.catalogue("en").keys() == set()


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("channel", CHANNELS), ("barrier", BARRIERS), ("stage", STAGES), ("flag", FLAGS),
        ("force", FORCES), ("tab", [page.tab for page in TABS]), ("cause", get_args(Cause)),
        ("method", get_args(Method)), ("tier", GROUPS), ("tier_note", GROUPS),
        ("rule", [*(_SAYS.keys() - {"named"}), "named_they_say", "named_we_say"]),
    ],
)  # fmt: skip
def test_every_word_of_the_vocabulary_has_a_text(group, words):
    for language in i18n.LANGUAGES:
        assert {w for w in words if f"{group}.{w}" not in i18n.catalogue(language)} == set()


def test_the_words_of_the_design():
    zh, vi = i18n.catalogue("zh"), i18n.catalogue("vi")
    assert [zh[f"tier.{g}"][0] for g in ("direct", "substitute", "potential")] == [
        "直接对手", "替代品", "潜在对手",
    ]  # fmt: skip
    assert [vi[f"tier.{g}"][0] for g in ("direct", "substitute", "potential")] == [
        "Trực tiếp", "Thay thế", "Có thể gia nhập",
    ]  # fmt: skip
    assert zh["openings.title"][0] == "市场空白"
    assert vi["barrier.heading"][0] == "Lý do chưa mua"


@pytest.mark.parametrize(
    ("asked", "cookie", "accept", "language"),
    [
        (None, None, "", "en"),
        (None, None, "zh-TW,zh;q=0.9,en;q=0.8", "zh"),
        (None, None, "fr,vi;q=0.5,en;q=0.4", "vi"),
        (None, None, "en;q=0.1, vi;q=0.9", "vi"),
        (None, None, "zh;q=0, en", "en"),
        (None, "vi", "en", "vi"),
        ("zh", "vi", "en", "zh"),
        ("xx", "yy", "de", "en"),
        (None, None, ";;q=,=,;q=x," * 50, "en"),
    ],
)
def test_choice_of_language(asked, cookie, accept, language):
    assert i18n.choose(asked, cookie, accept) == language


def test_values_are_escaped_and_counted():
    t = i18n.Translator("en")
    assert t("count.people", n=1) == "1 person"
    assert t("count.people", n=1234) == "1,234 people"
    assert i18n.Translator("vi")("count.people", n=1234) == "1.234 người"
    assert "<b>" not in t("timing.says", month="<b>{n}</b>")
    assert t.word("barrier", "brand_new") == "brand new"
    assert t.word("barrier", "<i>") == "&lt;i&gt;"
    assert t.month("2026-08") == "August 2026"


def test_templates_hold_no_inline_style_script_or_outside_address():
    for file in FILES:
        source = Path(file).read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=|https?://|\|safe\b", source), (
            file
        )

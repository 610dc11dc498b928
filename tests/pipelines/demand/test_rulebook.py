import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demand.anchors import leading, needed
from pipelines.demand.folded import Folded
from pipelines.demand.rulebook import LANGUAGES, rulebook

GOLD = Path(__file__).parents[2] / "gold"


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("abc", {"abc"}),
        ("ab?c", {"a"}),
        ("(?:cat|dog)s?", {"cat", "dog"}),
        (r"\d+ ?dollars", {"dollars"}),
        ("(?:x|y)? (?:long|longer)", {"long", "longer"}),
        ("(?!no)(?:yes)", {"yes"}),
        (r"[abc]+", None),
        ("(?:a|[bc])", None),
        ("(?P<from>old) to", {"old", " to"}),
    ],
)
def test_needed_literals(pattern, literals):
    found = needed(pattern)
    assert found == literals or (literals and found and found < literals)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("abc", {"abc"}),
        ("(?:cat|dog)s", {"cat", "dog"}),
        ("(?:very )?good", {"very ", "good"}),
        ("ab?c", {"a"}),
        (r"(?<!\w)(?:hi)(?!\w)", {"hi"}),
        (r"\w+ than", None),
        ("a?", None),
    ],
)
def test_leading_literals(pattern, literals):
    assert leading(pattern) == literals


@given(st.text(alphabet="abcd", max_size=12))
def test_what_matches_holds_what_is_needed(text):
    for pattern in ("a(?:b|cd)?c+", "(?:ab|c)d?(?:a|b)", "(?:a|b)?cd", "[ab]c{2}d?", "b*(?:cab|d)"):
        for match in re.finditer(pattern, text):
            some, first = needed(pattern), leading(pattern)
            assert some is None or any(literal in text for literal in some)
            assert first is None or match[0].startswith(tuple(first))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_short_way_finds_all_that_the_long_way_finds(lang):
    book = rulebook(lang)
    for line in (GOLD / f"demand_{lang}.jsonl").read_text("utf-8").splitlines():
        text = Folded(
            json.loads(line)["text"],
            spelling=book.spelling,
            pattern=book.spelling_pattern,
            tones=lang == "vi",
        ).text
        short = {(h.rule.id, h.start, h.end) for h in book.hits(text)}
        long = {
            (p.rule.id, *m.span())
            for p in book.patterns
            for m in p.regex().finditer(text)
            if m[0] and p.unless_before is None and not (p.unless and p.unless.search(text))
        }
        assert long <= short


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("accents", [True, False])
def test_every_pattern_compiles(lang, accents):
    book = rulebook(lang, accents=accents)
    for pattern in book.patterns:
        assert pattern.regex()
        re.compile(pattern.unless)
        re.compile(pattern.unless_before)
    assert {pattern.rule.group for pattern in book.patterns} >= {
        "seek", "compare", "use", "sell", "pain", "praise", "barrier", "switch", "contrast",
    }  # fmt: skip


def test_a_language_without_rules_is_named():
    with pytest.raises(ValueError, match="no rules for language 'de'"):
        rulebook("de")


@pytest.mark.parametrize(
    ("text", "word", "quote"),
    [
        ("máy  ko   ổn", "không", "ko"),
        ("價格太貴", "价格", "價格"),
        ("ＡＢＣ", "abc", "ＡＢＣ"),
        ("hoà bình", "hòa", "hoà"),
        ("It’s", "it's", "It’s"),
        ("买 iPhone 了", "买iphone了", "买 iPhone 了"),
    ],
)
def test_folded_words_lead_back_to_the_words_as_written(text, word, quote):
    folded = Folded(
        text, spelling={"ko": "không"}, pattern=re.compile(r"(?<!\w)ko(?!\w)"), tones=True
    )
    at = folded.text.index(word)
    assert folded.quote(at, at + len(word)) == quote


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_runs_of_letters_that_are_no_word_match_nothing_and_keep_their_places(lang):
    written = "I paid " + "7a" * 40 + " for it"
    folded = Folded(written)
    assert len(folded.text) == len(written)
    assert folded.quote(0, len(written)) == written
    assert "7a" not in folded.text
    assert not list(rulebook(lang).hits("giảm giá a " + Folded("1" * 30_000).text))
    assert Folded("x" * 63).text == "x" * 63
    assert Folded("汉字" * 60).text == "汉字" * 60

"""Words and phrases with their places."""

import pytest

from pipelines.tiers.terms import PhraseTable, overlap, quote, stem_of, strengths, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tạo website bán hàng!", ["tao", "website", "ban", "hang"]),
        ("開網店，easy", ["开", "网", "店", "easy"]),
        ("e-commerce stores", ["e", "commerce", "store"]),
        ("businesses & companies' analyses", ["business", "company", "analyse"]),
        ("ＡＰＩ ĐƠN", ["api", "don"]),
        ("", []),
        ("🙂 — …", []),
    ],
)
def test_words_are_folded_and_singular(text, words):
    assert [token.word for token in tokens(text)] == words


def test_decomposed_accents_are_one_word():
    import unicodedata

    text = unicodedata.normalize("NFD", "Phần mềm")
    found = tokens(text)
    assert [token.word for token in found] == ["phan", "mem"]
    assert text[found[0].start : found[0].end] == text[: text.index(" ")]


def test_a_key_of_a_thousand_letters_is_no_word():
    assert tokens("a" * 1_000 + " b") == tokens("a" * 1_000 + " b")[-1:]
    assert len(tokens("x " * 9_000, limit=100)) == 100


def test_the_longest_phrase_wins_and_shares_its_labels():
    table = PhraseTable([("online store", "shop"), ("store", "place"), ("online store", "web")])
    words = [token.word for token in tokens("An online store beside a store, online")]
    assert [(hit.labels, hit.first, hit.end) for hit in table.find(words)] == [
        (("shop", "web"), 1, 3),
        (("place",), 5, 6),
    ]


@pytest.mark.parametrize(
    ("text", "inner", "sentence"),
    [
        ("We bake. We sell bread daily! Come in.", "bread", "We sell bread daily"),
        ("我们卖猫粮。欢迎。", "猫粮", "我们卖猫粮"),
        ("Home | Online store | Contact", "Online store", "Online store"),
        ("one\ntwo three\nfour", "two", "two three"),
    ],
)
def test_a_quote_is_the_sentence(text, inner, sentence):
    start = text.index(inner)
    assert quote(text, start, start + len(inner)) == sentence


def test_a_quote_of_an_endless_sentence_is_cut_between_words():
    text = "word " * 200 + "needle " + "word " * 200
    start = text.index("needle")
    found = quote(text, start, start + 6)
    assert "needle" in found
    assert len(found) <= 190
    assert found in text
    assert set(found.split()) == {"word", "needle"}


def test_stems_join_relatives():
    assert stem_of("lending") == stem_of("lender") == "lend"
    assert stem_of("website") != stem_of("web")


def test_overlap_of_lengths_one_is_a_cosine():
    one, two = strengths({"a": 3.0, "b": 4.0}), strengths({"b": 2.0})
    assert overlap(one, two) == pytest.approx(0.8)
    assert overlap(one, one) == pytest.approx(1.0)
    assert strengths({}) == {}

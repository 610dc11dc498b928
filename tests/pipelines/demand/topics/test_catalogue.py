"""The table of topics, and the forms its words are found in."""

import pytest

from pipelines.demand.topics import catalogue, listed_topics, listed_words, names_of
from pipelines.demand.topics.catalogue import book_of, english_forms


def test_every_topic_has_names_and_words_in_three_languages():
    topics = listed_topics()
    assert len(topics) >= 60
    for topic in topics.values():
        assert set(topic.names) == {"en", "zh", "vi"}
        assert all(topic.words[lang] for lang in ("en", "zh", "vi"))


def test_names_tell_topics_apart():
    for lang in ("en", "zh", "vi"):
        names = [topic.names[lang] for topic in listed_topics().values()]
        assert len(set(names)) == len(names)


def test_a_topic_without_words_in_a_language_is_refused(monkeypatch):
    row = {"id": "x", "names": {"en": "X", "zh": "X", "vi": "X"}, "en": "x", "zh": "x"}
    monkeypatch.setattr(catalogue, "_table", lambda: {"topic": [row], "nothing": {}})
    listed_topics.cache_clear()
    with pytest.raises(ValueError, match="'x' needs a name and words in vi"):
        listed_topics()
    listed_topics.cache_clear()


@pytest.mark.parametrize(
    ("entry", "form"),
    [
        ("crash", "crashes"), ("battery", "batteries"), ("charge", "charging"),
        ("drop", "dropped"), ("heavy^", "heavier"), ("big^", "bigger"),
        ("run~ out of", "running out of"), ("customer service", "customer services"),
    ],
)  # fmt: skip
def test_english_words_are_found_in_their_forms(entry: str, form: str):
    assert form in english_forms(entry)


def test_an_exact_entry_has_one_form():
    assert english_forms("on sale", exact=True) == ["on sale"]


def test_vietnamese_without_accents_leaves_out_what_is_ambiguous():
    bare = set(book_of("vi", accents=False).phrases.phrases)
    assert "giao hang" in bare
    assert "pin" in bare
    assert "da" not in bare  # "da" (skin) is spelled like "đã" (already)
    assert "mui" not in bare  # one syllable that loses its marks


def test_names_of_unlisted_topics_are_left_out():
    assert set(names_of(["price", "gone"])) == {"price"}
    assert "warranty" in listed_words("en")

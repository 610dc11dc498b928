"""The words of a post as features."""

import pytest

from pipelines.demand.brands import BRAND_LETTER
from pipelines.demand.learnt.words import MOST_CHARACTERS, words_of


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("it's slow", "en", {"en:it's", "en:slow", "en:it's slow"}),
        ("paid 300 at 12", "en", {"en:paid", "en:0", "en:paid 0", "en:at", "en:0 at", "en:at 0"}),
        ("很慢", "zh", {"zh:很", "zh:慢", "zh:很慢"}),
        ("太慢了ok", "zh", {"zh:太慢了", "zh:太慢", "zh:慢了", "zh:太", "zh:慢", "zh:了", "zh:ok"}),
        ("máy rất lag", "vi", {"vi:máy rất lag", "vi:máy rất", "vi:rất lag", "vi:máy", "vi:rất",
                               "vi:lag"}),
        ("why ??", "en", {"en:why", "en:?", "en:why ?", "en:? ?"}),
        ("", "en", set()),
        ("....", "zh", set()),
    ],
)  # fmt: skip
def test_words_and_their_neighbours(text: str, lang: str, expected: set[str]) -> None:
    assert set(words_of(text, lang)) == expected


def test_names_of_listed_brands_are_no_words() -> None:
    assert set(words_of(f"my {BRAND_LETTER * 4} broke", "en")) == {
        "en:my", "en:broke", "en:my broke",
    }  # fmt: skip


def test_only_the_beginning_of_a_long_post_is_read() -> None:
    assert "en:end" not in words_of("word " * MOST_CHARACTERS + "end", "en")

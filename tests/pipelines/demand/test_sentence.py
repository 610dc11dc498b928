import pytest

from pipelines.demand.sentence import in_its_sentence


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("It was fine. Support never answers! I left.", "never answers", "Support never answers!"),
        ("价格还行。客服三天没回，真失望。算了", "失望", "客服三天没回，真失望。"),
        ("Giá 1.290.000 đ hơi cao\nnhưng chạy ổn", "hơi cao", "Giá 1.290.000 đ hơi cao"),
        ("no end here", "end", "no end here"),
        ("first\nsecond", "first\nsecond", "first\nsecond"),
        ("text", "not in it", "not in it"),
        ("a" * 2_000, "aaa", "aaa"),
    ],
)
def test_the_sentence_around_words(text: str, words: str, sentence: str) -> None:
    assert in_its_sentence(text, words) == sentence

import pytest

from crawlers.spotting import Lines, Phrasebook, stands_alone


def test_every_phrase_is_found_overlaps_too():
    book = Phrasebook(["she", "he", "hers", "价格", "格"])
    text = "ushers 价格"
    found = {(book.phrases[which], text[start:end]) for which, start, end in book.spot(text)}
    assert found == {(word, word) for word in ("she", "he", "hers", "价格", "格")}


def test_offsets_count_characters_not_bytes():
    assert Phrasebook(["zalo"]).spot("gọi zalo 微信") == [(0, 4, 8)]


def test_half_a_character_is_no_obstacle():
    assert Phrasebook(["b"]).spot("a\ud800b") == [(0, 2, 3)]


def test_lines_are_told_from_offsets():
    lines = Lines(["Một", "", "three"], "mot\n\nthree")
    assert [lines.line_at(at) for at in (0, 2, 4, 5, 9)] == [0, 0, 1, 2, 2]
    assert lines.starts == [0, 4, 5]


@pytest.mark.parametrize(
    ("text", "word", "alone"),
    [
        ("our line id is x", "line id", True),
        ("online identity", "line id", False),
        ("line ids", "line id", False),
        ("加line id微信", "line id", True),
        ("请加微信号", "微信", True),
        ("line id", "line id", True),
        ("call:zalo.", "zalo", True),
    ],
)
def test_latin_words_must_be_whole(text, word, alone):
    start = text.index(word)
    assert stands_alone(text, start, start + len(word)) is alone

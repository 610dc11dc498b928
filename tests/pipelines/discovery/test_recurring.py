"""Names of a first reading, sought in all lines."""

from pipelines.discovery.pieces import pieces
from pipelines.discovery.recurring import ReadLine, Recurring, Span


def line(text: str, *spans: tuple[int, int, float]) -> ReadLine:
    found = pieces(text)
    rows = [[f"s={piece.text}"] for piece in found]
    return ReadLine(text, found, rows, [Span(a, b, chance, 0.9) for a, b, chance in spans])


PLAIN = line("We left Penny Fern today", (2, 4, 0.9))
TYPED = line("pennyfern was down")
HAN = line("我用蓝鲸记", (2, 5, 0.8))
TRADITIONAL = line("藍鯨記很慢")


def test_a_name_is_found_in_any_spelling() -> None:
    known = Recurring([PLAIN, TYPED, HAN, TRADITIONAL])
    assert list(known.matches(TYPED.text, TYPED.found)) == [(0, 1, "pennyfern")]
    assert list(known.matches(TRADITIONAL.text, TRADITIONAL.found)) == [(0, 3, "蓝鲸记")]


def test_a_line_is_told_what_the_others_say_and_not_what_it_said_itself() -> None:
    known = Recurring([PLAIN, TYPED])
    assert any(f.startswith("lx=B|") for f in known.rows(TYPED)[0])
    assert known.rows(PLAIN) == [list(row) for row in PLAIN.rows]


def test_a_word_that_stands_with_a_name_only_once_is_no_part_of_it() -> None:
    asked = line("Does Pennyfern print", (0, 2, 0.7))
    said = [line("I like Pennyfern", (2, 3, 0.9)) for _ in range(3)]
    (span,) = Recurring([asked, *said]).settled(asked)
    assert (span.first, span.end) == (1, 2)


def test_a_name_of_two_words_stays_one() -> None:
    both = [line("I like Penny Fern", (2, 4, 0.9)) for _ in range(3)]
    (span,) = Recurring(both).settled(both[0])
    assert (span.first, span.end) == (2, 4)

"""Lines and pieces of a text."""

import pytest

from pipelines.discovery.pieces import LONGEST_LINE, is_han, lines, pieces


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("left Quill.co.uk for Penny & Fern!",
         ["left", "Quill.co.uk", "for", "Penny", "&", "Fern", "!"]),
        ("Anna's, J&T, K-Tea 88...", ["Anna's", ",", "J&T", ",", "K-Tea", "88", ".", ".", "."]),
        ("換到蓝鲸v2吧", ["換", "到", "蓝", "鲸", "v2", "吧"]),
        ("phần mềm Quán Mây", ["phần", "mềm", "Quán", "Mây"]),
        ("pha\u0302\u0300n", ["pha\u0302\u0300n"]),
        ("", []),
    ],
)  # fmt: skip
def test_pieces(line: str, texts: list[str]) -> None:
    found = pieces(line)
    assert [piece.text for piece in found] == texts
    assert all(line[piece.start : piece.end] == piece.text for piece in found)


def test_lines_are_bounded_and_none_is_empty() -> None:
    text = "one\r\n\n  \n" + "x" * (2 * LONGEST_LINE + 5)
    found = list(lines(text))
    assert [len(line) for line in found] == [3, LONGEST_LINE, LONGEST_LINE, 5]


def test_han_characters() -> None:
    assert is_han("鲸")
    assert not is_han("鲸鱼")
    assert not is_han("a")

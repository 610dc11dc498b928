"""The strings that bench/faults/patterns.py makes against a pattern."""

from re import _parser as parser

import pytest

from bench.faults.patterns import everywhere, sample, strings


@pytest.mark.parametrize(
    "pattern", [r"(?:ab|c)+\d{2,}x?", r"\s*[^a-z]+$", r"(a+)+b", r"(?P<x>[1-5])-(?P=x)"]
)
def test_samples_and_strings_of_a_pattern(pattern: str) -> None:
    assert sample(parser.parse(pattern))
    made = strings(pattern, 0)
    assert made and max(map(len, made)) > 2_900


def test_words_stand_everywhere() -> None:
    page = '<a href="/x" title="t">one</a> <p class="k">two</p><br>'
    assert everywhere(page, "7 <") == (
        '<a href="7 &lt;" title="7 &lt;">7 &lt;</a> <p class="k">7 &lt;</p><br>'
    )

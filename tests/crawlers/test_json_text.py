import json

import pytest

from crawlers.json_text import loads


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400 + ".0", "NaN", "-Infinity"])
def test_numbers_that_cannot_be_written_again_are_refused(number):
    with pytest.raises(ValueError, match=r"too large|is no JSON") as caught:
        loads('{"n": [' + number + "]}")
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize("source", ["1e300", "-0.5", "1e-999", "[1, 2.50]", '{"n": 12345678901}'])
def test_other_numbers_are_what_they_are(source):
    assert loads(source) == json.loads(source)


def test_half_a_pair_becomes_a_replacement_and_whole_pairs_are_joined():
    assert loads(r'{"\ud800": ["\ud83d\ude00", "a\udc00"]}') == {"\ufffd": ["😀", "a\ufffd"]}

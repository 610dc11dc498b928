"""What every answer rests on: shares that are written as they are."""

import pytest

from analysis.questions.sample import share
from analysis.web.formats import percent


@pytest.mark.parametrize("of", [3, 7, 29, 97, 240, 977, 2_000])
def test_a_share_and_its_percentage_agree(of):
    """Rounding a rounded share again would make 15.46 % (15 of 97) into 16 %."""
    for people in range(of + 1):
        told = share(people, of)
        assert percent(told["share"]) == percent(people / of), (people, of)
        assert told["low"] <= told["share"] <= told["high"]


def test_nobody_has_no_share():
    told = share(0, 0)
    assert told["share"] is None and (told["low"], told["high"]) == (0, 1) and not told["enough"]

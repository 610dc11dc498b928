"""Which verdicts are uncertain: near the deciding line, or resting on little."""

import pytest

from analysis.reviewing.doubt import doubt, nearest_change
from crawlers.words import FLAGS


def flags(*values):
    return dict(zip(FLAGS, values, strict=True))


SURE = flags(0.97, 0.9, 0.97, 0.0, 0.0)
NEAR = flags(0.52, 0.2, 0.52, 0.0, 0.0)


def level(values, verdict="decided", quotes=6, pages=10):
    return doubt(values, verdict=verdict, quotes=quotes, pages=pages)[0]


def test_near_the_line_is_less_certain_than_far_from_it():
    assert level(NEAR) > 0.9 > 0.4 > level(SURE)


def test_a_near_flag_that_decides_nothing_makes_no_doubt():
    """The audience decides nothing where the product is the same."""
    assert level(flags(0.97, 0.5, 0.97, 0, 0)) == level(flags(0.97, 0.1, 0.97, 0, 0))


def test_thin_evidence_is_less_certain():
    assert level(SURE, quotes=1) > level(SURE, quotes=8)
    nothing = flags(0, 0, 0, 0, 0)
    assert level(nothing, "unrelated", 0, 1) > level(nothing, "unrelated", 0, 30)
    assert level(nothing, "unrelated", 0, 1) == level(nothing, "unrelated", 9, 1)


def test_not_enough_seen_stands_between():
    assert level(SURE) < level(flags(0, 0, 0, 0, 0), "insufficient", 0, 3) < level(NEAR)


@pytest.mark.parametrize(
    ("values", "changed", "tier"),
    [
        ((0.1, 0.1, 0.46, 0.0, 0.0), ("same_category",), 2),
        ((0.1, 0.9, 0.45, 0.0, 0.0), ("same_category",), 1),
        ((0.6, 0.1, 0.95, 0.0, 0.0), ("same_product",), 2),
        # one may not be without the other: the trade is lost with the product
        ((0.55, 0.1, 0.55, 0.0, 0.0), ("same_product",), 2),
        ((0.0, 0.0, 0.0, 0.0, 0.52), ("extension",), None),
    ],
)
def test_the_nearest_change(values, changed, tier):
    found = nearest_change(flags(*values))
    assert (found.flags, found.tier) == (changed, tier)


def test_two_flags_together_where_one_alone_moves_nothing():
    """A product and its trade go together: the verdict of a sure one is moved by both at once."""
    found = nearest_change(flags(0.1, 0.2, 0.9, 0.55, 0.0))
    assert found.flags == ("same_audience",) and found.tier == 1
    found = nearest_change(flags(0.1, 0.05, 0.55, 0.55, 0.0))
    assert set(found.flags) == {"same_category", "substitute"} and found.tier is None

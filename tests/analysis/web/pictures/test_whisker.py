"""Ratios with their intervals on a logarithmic scale."""

from itertools import pairwise

import pytest

from analysis.web.pictures.whisker import WIDTH, scale


def row(low, ratio, high):
    return {"low": low, "ratio": ratio, "high": high}


def test_half_and_twice_lie_equally_far_from_one():
    drawn = scale([row(0.5, 1.0, 2.0)])
    assert drawn.one - drawn.x(0.5) == pytest.approx(drawn.x(2.0) - drawn.one, abs=0.2)


def test_an_interval_lies_within_the_scale_and_its_dot_between_its_ends():
    rows = [row(0.35, 2.83, 18.68), row(0.8, 2.97, 8.81)]
    drawn = scale(rows)
    for one in rows:
        found = drawn.whisker(one)
        assert 0 < found.low < found.dot < found.high < WIDTH
        assert not found.open_low and not found.open_high


def test_an_interval_without_a_limit_runs_out_of_the_picture():
    drawn = scale([row(0.0, 0.0, 3.1), row(1.2, None, None)])
    first, second = drawn.whisker(row(0.0, 0.0, 3.1)), drawn.whisker(row(1.2, None, None))
    assert first.open_low and not first.open_high
    assert second.open_high and second.dot is None
    assert drawn.whisker(row(0.5, 1.0, 900.0)).open_high


def test_one_is_written_and_labels_have_room():
    for high in (2, 5, 30):
        ticks = scale([row(0.07, 1.0, high)]).ticks
        assert "1×" in dict(ticks)
        places = [x for _, x in ticks]
        assert all(b - a >= 30 for a, b in pairwise(places))


def test_no_rows():
    assert scale([]).x(1.0) == pytest.approx(WIDTH / 2, abs=0.1)

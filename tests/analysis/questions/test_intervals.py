"""Intervals against published tables and against counting."""

import math
import random

import pytest

from analysis.questions.intervals import difference, dispersion, exact, rate_ratio, wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_as_published(hits, of, low, high):
    assert wilson(hits, of) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # The same table, method 5 (Clopper and Pearson).
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684),
     (1, 29, 0.0009, 0.1776)],
)  # fmt: skip
def test_exact_as_published(hits, of, low, high):
    assert exact(hits, of) == pytest.approx((low, high), abs=1e-4)


def test_difference_as_published():
    # Newcombe (1998), "Interval estimation for the difference ...", table II, method 10.
    assert difference(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=1e-4)


@pytest.mark.parametrize("of", [5, 37, 400])
def test_exact_limits_leave_the_tail_by_counting(of):
    """At each limit the binomial tail, summed term by term, is 2.5 %."""
    hits = of // 3
    low, high = exact(hits, of)

    def chance(k, p):
        return math.comb(of, k) * p**k * (1 - p) ** (of - k)

    assert sum(chance(k, low) for k in range(hits, of + 1)) == pytest.approx(0.025, rel=1e-6)
    assert sum(chance(k, high) for k in range(hits + 1)) == pytest.approx(0.025, rel=1e-6)


def test_nobody_asked_is_nothing_known():
    assert wilson(0, 0) == (0.0, 1.0)
    assert exact(0, 0) == (0.0, 1.0)
    assert difference(0, 0, 3, 9) == (-1.0, 1.0)


def test_a_rate_ratio_covers_the_truth_and_a_doubled_one_stands_out():
    chance = random.Random(6)
    false = sum(
        rate_ratio(sum(chance.random() < 0.2 for _ in range(200)), 20, 160, 80).stands_out
        for _ in range(200)
    )
    assert false <= 12  # 2.5 % of 200 are 5
    assert rate_ratio(80, 20, 160, 80).stands_out
    assert not rate_ratio(80, 20, 160, 80, dispersion=9.0).stands_out
    one, many = rate_ratio(60, 20, 160, 80), rate_ratio(60, 20, 160, 80, comparisons=20)
    assert one.ratio == many.ratio == 1.5
    assert many.low < one.low and many.high > one.high


def test_a_ratio_to_nothing_is_no_number():
    found = rate_ratio(4, 10, 0, 10)
    assert (found.ratio, found.high) == (None, None) and found.low > 0
    with pytest.raises(ValueError, match="inside and outside"):
        rate_ratio(1, 0, 1, 10)


def test_dispersion_of_even_and_of_clustered_days():
    assert dispersion([[2] * 30]) == 0
    assert dispersion([[0, 0, 0, 0, 0, 0, 14] * 4]) > 10
    assert dispersion([[9, 1]]) == 1.0  # too few days to tell

"""How sure a number from a sample is: intervals and exact tests. Pure arithmetic, no database."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SURE: Final = 0.95
"""The level of every interval, before it is shared out among several comparisons."""

_Z: Final = 1.959963984540054  # of the normal distribution at 0.975
_STEPS: Final = 200  # of a continued fraction or a bisection; both settle long before
_TINY: Final = 1e-300
_PRECISE: Final = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A rate against another. ``high`` is ``None`` where nothing was seen outside."""

    ratio: float | None
    low: float
    high: float | None

    @property
    def stands_out(self) -> bool:
        """Whether the interval lies above 1 altogether."""
        return self.low > 1


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share; (0, 1) where nothing was looked at.

    Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    if of <= 0:
        return 0.0, 1.0
    share, square = hits / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(hits: int, of: int, other_hits: int, other_of: int) -> tuple[float, float]:
    """The 95 % interval of a share less another one, of independent samples.

    Newcombe (1998), "Interval estimation for the difference between independent proportions",
    method 10: Wilson's limits of the two, squared and added.
    """
    if of <= 0 or other_of <= 0:
        return -1.0, 1.0
    share, other = hits / of, other_hits / other_of
    low, high = wilson(hits, of)
    other_low, other_high = wilson(other_hits, other_of)
    below = math.sqrt((share - low) ** 2 + (other_high - other) ** 2)
    above = math.sqrt((high - share) ** 2 + (other - other_low) ** 2)
    return share - other - below, share - other + above


def exact(hits: float, of: float, *, sure: float = SURE) -> tuple[float, float]:
    """The exact interval of a share: Clopper and Pearson (1934).

    Counts may be broken numbers: those thinned for overdispersion are.
    """
    if of <= 0:
        return 0.0, 1.0
    tail = (1 - sure) / 2
    low = 0.0 if hits <= 0 else _solve(lambda p: beta(hits, of - hits + 1, p), tail)
    high = 1.0 if hits >= of else _solve(lambda p: beta(hits + 1, of - hits, p), 1 - tail)
    return low, high


def rate_ratio(
    inside: int,
    inside_days: float,
    outside: int,
    outside_days: float,
    *,
    comparisons: int = 1,
    dispersion: float = 1.0,
) -> Ratio:
    """Events per day inside a window against outside it, with an exact interval.

    Given how many there are in all, those inside are a binomial draw: Przyborowski and Wilenski
    (1940). The level is shared among the comparisons made (Bonferroni; Dunn 1961), so that all
    intervals together hold with 95 %.

    :param comparisons: how many windows are tried beside one another.
    :param dispersion: variance over mean of the daily counts. Above 1 the counts are divided by
        it (quasi-Poisson; Wedderburn 1974): days are more unlike than chance makes them.
    :raises ValueError: for a window without days, or nothing beside it.
    """
    if inside_days <= 0 or outside_days <= 0:
        raise ValueError("a rate needs days inside and outside")
    thinned = max(dispersion, 1.0)
    low, high = exact(
        inside / thinned, (inside + outside) / thinned, sure=1 - (1 - SURE) / max(comparisons, 1)
    )
    scale = outside_days / inside_days
    return Ratio(
        ratio=inside / outside * scale if outside else None,
        low=low / (1 - low) * scale if low < 1 else math.inf,
        high=high / (1 - high) * scale if high < 1 else None,
    )


def dispersion(stretches: list[list[int]]) -> float:
    """Variance over mean of daily counts, each stretch around its own mean (Pearson's chi-square
    over its degrees of freedom); 1 where there are too few days to tell.
    """
    free, square = 0, 0.0
    for counts in stretches:
        mean = sum(counts) / len(counts) if counts else 0.0
        if mean:
            square += sum((count - mean) ** 2 for count in counts) / mean
            free += len(counts) - 1
    return square / free if free >= 14 else 1.0  # two weeks: every weekday twice


def beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
        + a * math.log(x) + b * math.log1p(-x)
    )  # fmt: skip
    value, c, d = 1.0, 1.0, 0.0
    for step in range(_STEPS * 5):
        half = step // 2
        if step == 0:
            term = 1.0
        elif step % 2 == 0:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        else:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        d = 1 + term * d
        d = 1 / (d if abs(d) > _TINY else _TINY)
        c = 1 + term / c
        c = c if abs(c) > _TINY else _TINY
        value *= c * d
        if abs(1 - c * d) < _PRECISE:
            break
    return min(1.0, front * (value - 1) / a)


def _solve(rising: Callable[[float], float], wanted: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if high - low < _PRECISE:
            break
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2

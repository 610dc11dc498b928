"""Rates against the rest: a dot for the ratio, a whisker for its interval, a line at 1×.

The scale is logarithmic: twice and half lie equally far from 1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

WIDTH, HEIGHT = 240, 20
"""Units of a line's picture."""

_EDGE = 12.0  # room for a dot, and half of what is written, at either end
_APART = 30.0  # from one written tick to the next
_TICKS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 20.0)
"""Where the scale may end, and what is written on it; beyond it an interval runs out open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """A line: ``dot`` of the ratio (``None`` for none), from ``low`` to ``high``; each end is
    ``open`` where the interval goes on beyond the picture.
    """

    low: float
    high: float
    dot: float | None
    open_low: bool
    open_high: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From ``least`` to ``most`` times; ``ticks`` [(what is written, x)], ``one`` the x of 1×."""

    least: float
    most: float
    ticks: tuple[tuple[str, float], ...]
    one: float

    def x(self, ratio: float) -> float:
        """Where a ratio lies, at the edge where it lies beyond."""
        inside = min(max(ratio, self.least), self.most)
        part = log(inside / self.least) / log(self.most / self.least)
        return round(_EDGE + part * (WIDTH - 2 * _EDGE), 1)

    def whisker(self, row: Mapping[str, float | None]) -> Whisker:
        """A row's line.

        :param row: ``ratio``, ``low`` and ``high``, each a number or ``None``: no upper limit.
        """
        low, high, ratio = row["low"] or 0.0, row["high"], row["ratio"]
        return Whisker(
            low=self.x(low),
            high=self.x(self.most if high is None else high),
            dot=None if ratio is None else self.x(ratio),
            open_low=low < self.least,
            open_high=high is None or high > self.most,
        )


def scale(rows: Iterable[Mapping[str, float | None]]) -> Scale:
    """The scale that holds the rows' intervals, 1/2 to 2 times at least."""
    ends = [end for row in rows for end in (row["low"], row["high"], row["ratio"]) if end]
    least = max((tick for tick in _TICKS if tick <= min([0.5, *ends])), default=_TICKS[0])
    most = min((tick for tick in _TICKS if tick >= max([2.0, *ends])), default=_TICKS[-1])
    bare = Scale(least=least, most=most, ticks=(), one=0.0)
    written: list[float] = []
    inside = [tick for tick in _TICKS if least <= tick <= most]
    for tick in sorted(inside, key=lambda tick: abs(log(tick))):  # 1× before all others
        if all(abs(bare.x(tick) - bare.x(other)) >= _APART for other in written):
            written.append(tick)
    return Scale(
        least=least,
        most=most,
        ticks=tuple((f"{tick:g}×", bare.x(tick)) for tick in sorted(written)),
        one=bare.x(1.0),
    )

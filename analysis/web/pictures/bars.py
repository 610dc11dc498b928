"""Bars: one number a line, the longest as long as there is room."""

from dataclasses import dataclass
from typing import Literal

Style = Literal["", "customer", "pain", "praise", "note", "violet"]
"""Whose number it is: rivals' (the default), customers', complaint, praise, hesitation, moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A line: ``n`` gives the length, ``shown`` is what is read (``n`` as the language writes it,
    or a share), ``small`` stands under the label, ``href`` opens the rows counted.
    """

    label: str
    n: float
    shown: str
    small: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A table of bars; ``caption`` says what is counted, ``unit`` in what, ``top`` is the value of
    a whole bar (``None``: the largest of the rows).
    """

    caption: str
    unit: str
    rows: tuple[Bar, ...]
    style: Style = ""
    top: float | None = None

    def length(self, bar: Bar) -> float:
        """How much of the room a bar takes, 0..100."""
        return length(bar.n, self.top if self.top is not None else most(self.rows))


def most(rows: tuple[Bar, ...]) -> float:
    """The largest number of the rows; 0 for none."""
    return max((row.n for row in rows), default=0.0)


def length(value: float, top: float) -> float:
    """``value`` of ``top`` as 0..100 with one decimal; 0 where there is nothing to measure by."""
    if top <= 0 or value <= 0:
        return 0.0
    return round(100 * min(value / top, 1.0), 1)

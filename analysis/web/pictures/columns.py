"""Columns: one number a step of time, quiet ones too."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.web.pictures.bars import Bar, Style, length

HEIGHT = 84
"""Units of the picture's height; its width is 100."""

_FILLED = 0.84  # of a column's step; the rest parts it from the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Where a column stands, in units of the picture."""

    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns from the oldest on; ``caption`` and ``unit`` as of bars; ``labelled``: few
    enough that each carries its label and number (weekdays), else the first and last do.
    """

    caption: str
    unit: str
    rows: tuple[Bar, ...]
    style: Style = "customer"
    labelled: bool = False

    def geometry(self) -> tuple[tuple[Bar, Column], ...]:
        """Each row with its column."""
        return tuple(zip(self.rows, columns([row.n for row in self.rows]), strict=True))


def columns(values: Sequence[float]) -> tuple[Column, ...]:
    """Columns side by side over the whole width, the largest value nearly as high as there is
    room.
    """
    step = 100 / (len(values) or 1)
    top = max(values, default=0.0)
    placed = []
    for place, value in enumerate(values):
        height = round(length(value, top) * (HEIGHT - 6) / 100, 1)
        placed.append(
            Column(
                x=round(place * step, 2), width=round(step * _FILLED, 2),
                y=round(HEIGHT - height, 1), height=height,
            )
        )  # fmt: skip
    return tuple(placed)

"""One bar of parts that make a whole."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part: its ``style`` is a class of the stylesheet (``t1``, ``t2``, ``t3``, ``t0``)."""

    label: str
    n: int
    shown: str
    style: str
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Parts in their order, from the left."""

    caption: str
    unit: str
    rows: tuple[Slice, ...]

    def geometry(self) -> tuple[tuple[Slice, float, float], ...]:
        """Each part with its start and width, of 100."""
        return tuple(zip(self.rows, *_spans([row.n for row in self.rows]), strict=True))


def _spans(values: list[int]) -> tuple[list[float], list[float]]:
    total = sum(values)
    starts: list[float] = []
    widths: list[float] = []
    at = 0.0
    for value in values:
        width = 100 * value / total if total else 0.0
        starts.append(round(at, 2))
        widths.append(round(width, 2))
        at += width
    return starts, widths

"""Prices over time as step lines: a price holds until another one is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

WIDTH, HEIGHT = 1000, 220
"""Units of the picture: it is as wide as there is room, and as high in pixels."""

_TOP, _BOTTOM = 14, 206  # of the highest and the lowest price
_APART = 17  # pixels between the labels at the ends of two lines
STYLES = 5
"""Lines that differ by colour and dash alike; more cannot be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A value from a moment on (RFC 3339): ``shown`` is what is read, ``short`` stands beside the
    scale.
    """

    at: str
    value: int
    shown: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line from its first step to ``until``, when it was seen last; ``note`` is what was said
    of it then (a promotion), ``href`` opens its rows.
    """

    label: str
    steps: tuple[Step, ...]
    until: str
    note: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened at a moment: a line from top to bottom."""

    at: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A line as it is drawn: ``path``, where it ends (``x``, ``y``) and the height of its label."""

    line: Line
    number: int
    path: str
    x: float
    y: float
    label_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Step lines on one scale of time and of value; at most ``STYLES`` of them."""

    caption: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def flat(self) -> bool:
        """Whether no price moved."""
        return all(len(line.steps) < 2 for line in self.lines)

    def values(self) -> tuple[Step, ...]:
        """The lowest and the highest step, and only one where all are alike: the labelled ones."""
        steps = sorted((step for line in self.lines for step in line.steps), key=lambda s: s.value)
        if not steps:
            return ()
        return (steps[0], steps[-1]) if steps[0].value < steps[-1].value else (steps[0],)

    def y(self, value: int) -> float:
        """How far below the top a value stands."""
        ends = self.values()
        if len(ends) < 2:
            return (_TOP + _BOTTOM) / 2
        share = (value - ends[0].value) / (ends[1].value - ends[0].value)
        return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)

    def span(self) -> tuple[datetime, datetime] | None:
        """The first and the last moment shown; ``None`` where they are not two."""
        moments = [
            moment
            for line in self.lines
            for at in (*(step.at for step in line.steps), line.until)
            if (moment := _moment(at)) is not None
        ]
        return (min(moments), max(moments)) if moments and min(moments) < max(moments) else None

    def days(self) -> tuple[str, ...]:
        """The days labelled below: first, middle, last."""
        span = self.span()
        if span is None:
            return ()
        first, last = span
        middle = first + (last - first) / 2
        return tuple(dict.fromkeys(str(moment.date()) for moment in (first, middle, last)))

    def x(self, at: str) -> float | None:
        """How far from the left a moment stands; ``None`` outside the picture."""
        span, moment = self.span(), _moment(at)
        if span is None or moment is None or not span[0] <= moment <= span[1]:
            return None
        return round(WIDTH * ((moment - span[0]) / (span[1] - span[0])), 1)

    def drawn(self) -> tuple[Drawn, ...]:
        """The lines that can be drawn, numbered from 1, their labels apart from one another."""
        ready: list[tuple[Line, str, float, float]] = []
        for line in self.lines[:STYLES]:
            placed = [
                (x, self.y(step.value)) for step in line.steps if (x := self.x(step.at)) is not None
            ]
            end = self.x(line.until)
            if placed and end is not None and end > placed[0][0]:
                ready.append((line, _path(placed, end), end, placed[-1][1]))
        heights = spread([y for *_, y in ready])
        return tuple(
            Drawn(line=line, number=place + 1, path=path, x=x, y=y, label_y=heights[place])
            for place, (line, path, x, y) in enumerate(ready)
        )

    def marked(self) -> tuple[tuple[Mark, float], ...]:
        """What happened within the picture, with its place from the left."""
        return tuple((mark, x) for mark in self.marks if (x := self.x(mark.at)) is not None)


def spread(heights: Sequence[float]) -> list[float]:
    """The same heights moved as little as keeps them apart and inside, in their order."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    moved = list(heights)
    lowest = float(_TOP)
    for place in order:
        moved[place] = max(moved[place], lowest)
        lowest = moved[place] + _APART
    highest = float(HEIGHT - 4)
    for place in reversed(order):
        moved[place] = round(min(moved[place], highest), 1)
        highest = moved[place] - _APART
    return moved


def _path(placed: Sequence[tuple[float, float]], end: float) -> str:
    path = f"M{placed[0][0]} {placed[0][1]}"
    for x, y in placed[1:]:
        path += f"H{x}V{y}"
    return f"{path}H{end}"


def _moment(at: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""A small line of the last months: whether a number grows, at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 120, 32
"""Units of the picture; it is drawn as wide as it is, so that its dot stays round."""

_EDGE = 4  # room around the line for its width and for the dot at its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """Where the line goes: ``whole`` months as the points of a polyline, ``running`` the step to
    the last month, which is not over and so drawn apart; ``area`` under both; ``end`` the last.
    """

    whole: str
    running: str
    area: str
    end: tuple[float, float]


def spark(values: Sequence[float]) -> Spark | None:
    """The line of numbers from the oldest on, measured from 0; ``None`` where there is no line to
    draw: fewer than two numbers, or nothing but zeros.
    """
    top = max(values, default=0)
    if len(values) < 2 or top <= 0:
        return None
    step = (WIDTH - 2 * _EDGE) / (len(values) - 1)
    floor = HEIGHT - _EDGE
    points = [
        (round(_EDGE + place * step, 1), round(floor - max(value, 0) / top * (floor - _EDGE), 1))
        for place, value in enumerate(values)
    ]
    return Spark(
        whole=_joined(points[:-1]),
        running=_joined(points[-2:]),
        area=_joined([(points[0][0], floor), *points, (points[-1][0], floor)]),
        end=points[-1],
    )


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)

"""A map of rivals by price and audience: a dot for each segment a rival's pages speak to.

Rows are segments, the price runs to the right on a logarithmic scale: twice as dear lies equally
far everywhere. Dots of a row that would cover each other's names stand under each other.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any, Final

WIDTH: Final = 1000
"""Units of the picture's width; a letter of the stylesheet is 13 units high."""

LEFT: Final = 190
RIGHT: Final = 20
TOP: Final = 34
LANE: Final = 22
"""Room for the segments' names, at the right edge, for the prices, and of a dot with its name."""

LONGEST: Final = 22
"""Letters of a name written beside its dot (half as many Chinese ones)."""

_LETTER = 7.4  # units of a letter of 13 units, a little more than the widest fonts take
_DOT = 8.0
_GAP = 10.0  # between a name and the next dot
_STEPS = (1, 2, 5)
_MOST_TICKS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A rival in a row; its name stands at ``text_x``, before the dot where ``before``."""

    company: Mapping[str, Any]
    label: str
    x: float
    y: float
    text_x: float
    before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A segment (``None``: those whose pages name nobody) from ``y``, ``height`` high."""

    segment: Mapping[str, Any] | None
    y: float
    height: float
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceMap:
    """``ticks`` [(price in minor units, x)]."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[int, float], ...]
    height: float


def price_map(
    dots: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> PriceMap | None:
    """The picture of the answer ``openings``' ``map``.

    :param dots: {``name``, ``price_minor``, ``segments``, ...}, prices above 0.
    :param rows: {``segment``, ...} in their order.
    :returns: ``None`` where nobody has a price.
    """
    if not dots:
        return None
    prices = [dot["price_minor"] for dot in dots]
    low, high = log10(min(prices)), log10(max(prices))
    margin = max(0.08 * (high - low), 0.15)
    low, high = low - margin, high + margin

    def x(price: float) -> float:
        return round(LEFT + (log10(price) - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)

    placed: list[Row] = []
    y = float(TOP)
    shown = {row["segment"] for row in rows}
    groups: list[tuple[Mapping[str, Any] | None, list[Mapping[str, Any]]]] = [
        (row, [dot for dot in dots if row["segment"] in dot["segments"]]) for row in rows
    ]
    nowhere = [dot for dot in dots if not shown.intersection(dot["segments"])]
    if nowhere:
        groups.append((None, nowhere))
    for segment, inside in groups:
        lanes = place([(x(dot["price_minor"]), cut(dot["name"])) for dot in inside])
        height = LANE * (1 + max((lane for lane, _, _ in lanes), default=0)) + 12
        placed.append(
            Row(
                segment=segment, y=y, height=height,
                dots=tuple(
                    Dot(
                        company=dot, label=cut(dot["name"]), x=x(dot["price_minor"]),
                        y=y + 6 + LANE * lane + LANE / 2, text_x=text_x, before=before,
                    )
                    for dot, (lane, text_x, before) in zip(inside, lanes, strict=True)
                ),
            )
        )  # fmt: skip
        y += height
    return PriceMap(
        rows=tuple(placed),
        ticks=tuple((price, x(price)) for price in ticks(low, high)),
        height=y + 4,
    )


def place(labels: Sequence[tuple[float, str]]) -> list[tuple[int, float, bool]]:
    """Where each dot's name goes, so that none covers another's name or dot.

    :param labels: (x of the dot, its name).
    :returns: (lane from the top, x of the name, whether it stands before its dot), in the order
        given: each from the left into the first lane that has room.
    """
    taken: list[list[tuple[float, float]]] = []
    found: dict[int, tuple[int, float, bool]] = {}
    for number in sorted(range(len(labels)), key=lambda one: labels[one][0]):
        at, name = labels[number]
        before = at + _DOT + width(name) > WIDTH
        start = at - _DOT - (width(name) if before else 0)
        end = at + _DOT + (0 if before else width(name))
        lane = next(
            (
                lane
                for lane, spans in enumerate(taken)
                if all(end + _GAP <= left or start >= right + _GAP for left, right in spans)
            ),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((start, end))
        found[number] = (lane, round(at - _DOT if before else at + _DOT, 1), before)
    return [found[number] for number in range(len(labels))]


def ticks(low: float, high: float) -> list[int]:
    """Round prices between two powers of ten: 1, 2, 5 of each, or its 1 alone where too many."""
    powers = range(floor(low), ceil(high) + 1)
    for steps in (_STEPS, (1,)):
        found = [
            step * 10**power
            for power in powers
            for step in steps
            if power >= 0 and low <= log10(step * 10**power) <= high
        ]
        if len(found) <= _MOST_TICKS:
            return found
    return found[:: ceil(len(found) / _MOST_TICKS)]


def width(text: str) -> float:
    """About how wide a text is, in units; Chinese letters are twice as wide."""
    return sum(_LETTER * _wide(letter) for letter in text)


def cut(text: str) -> str:
    """A name as it is written beside its dot."""
    text = " ".join("".join(c for c in text if c.isprintable()).split())
    room = float(LONGEST)
    for place_, letter in enumerate(text):
        room -= _wide(letter)
        if room < 0:
            return text[: max(place_ - 1, 1)] + "…"
    return text


def _wide(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    return 2.0 if unicodedata.east_asian_width(letter) in "WF" else 1.0

"""Who goes to whom: brands left on one side, brands chosen on the other, ribbons between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 640
LEFT: Final = 190.0
RIGHT: Final = 450.0
"""Units of the picture's width, and where the two columns of brands stand."""

BAR: Final = 9.0
"""Width of a brand's bar."""

MOST: Final = 12
"""Ribbons shown; the others stand in the table."""

_ROOM = 200.0  # units of height for all people of a side
_LEAST = 20.0  # height of a brand, so that names do not cover each other
_GAP = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A brand's bar and the people that leave it (or come to it) in the ribbons shown."""

    name: str
    key: str | None
    ours: bool
    people: int
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """People of one flow: the outline of the ribbon, and the answer's row."""

    flow: Mapping[str, Any]
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbons:
    """``left`` and ``right`` brands from the top, the one with most people first."""

    left: tuple[Brand, ...]
    right: tuple[Brand, ...]
    ribbons: tuple[Ribbon, ...]
    height: float


def ribbons(flows: Sequence[Mapping[str, Any]]) -> Ribbons | None:
    """The picture of flows.

    :param flows: {``from``, ``to``, ``from_id``, ``to_id``, ``from_self``, ``to_self``,
        ``people``}, most people first.
    :returns: ``None`` where nobody moved.
    """
    shown = [flow for flow in flows if flow["people"] > 0][:MOST]
    if not shown:
        return None
    unit = _ROOM / sum(flow["people"] for flow in shown)
    left, right = _side(shown, "from", unit), _side(shown, "to", unit)
    at = {(side, brand.name): _start(brand, unit) for side, brands in
          (("from", left), ("to", right)) for brand in brands}  # fmt: skip
    # Ribbons leave a brand in the order of where they go, so that few cross.
    order = {brand.name: number for number, brand in enumerate(right)}
    starts = {brand.name: number for number, brand in enumerate(left)}
    drawn: dict[int, list[float]] = {number: [0.0, 0.0] for number in range(len(shown))}
    for number in sorted(range(len(shown)), key=lambda n: order[shown[n]["to"]]):
        drawn[number][0] = at["from", shown[number]["from"]]
        at["from", shown[number]["from"]] += shown[number]["people"] * unit
    for number in sorted(range(len(shown)), key=lambda n: starts[shown[n]["from"]]):
        drawn[number][1] = at["to", shown[number]["to"]]
        at["to", shown[number]["to"]] += shown[number]["people"] * unit
    return Ribbons(
        left=left,
        right=right,
        ribbons=tuple(
            Ribbon(
                flow=flow, path=outline(drawn[number][0], drawn[number][1], flow["people"] * unit)
            )
            for number, flow in enumerate(shown)
        ),
        height=round(max(side[-1].y + side[-1].height for side in (left, right)) + 6, 1),
    )


def outline(start: float, end: float, thick: float) -> str:
    """A ribbon from one column to the other as an SVG path."""
    one, two = LEFT + BAR, RIGHT
    middle = (one + two) / 2
    return (
        f"M{one:g},{start:.1f} C{middle:g},{start:.1f} {middle:g},{end:.1f} {two:g},{end:.1f} "
        f"V{end + thick:.1f} C{middle:g},{end + thick:.1f} {middle:g},{start + thick:.1f} "
        f"{one:g},{start + thick:.1f} Z"
    )


def _side(flows: Sequence[Mapping[str, Any]], end: str, unit: float) -> tuple[Brand, ...]:
    people: dict[str, int] = {}
    first: dict[str, Mapping[str, Any]] = {}
    for flow in flows:
        people[flow[end]] = people.get(flow[end], 0) + flow["people"]
        first.setdefault(flow[end], flow)
    placed: list[Brand] = []
    y = 4.0
    for name in sorted(people, key=lambda one: (-people[one], one)):
        height = max(people[name] * unit, _LEAST)
        placed.append(
            Brand(
                name=name, key=first[name][f"{end}_id"], ours=bool(first[name][f"{end}_self"]),
                people=people[name], y=round(y, 1), height=round(height, 1),
            )
        )  # fmt: skip
        y += height + _GAP
    return tuple(placed)


def _start(brand: Brand, unit: float) -> float:
    """Where its first ribbon begins: ribbons stand in the middle of a bar higher than they."""
    return brand.y + (brand.height - brand.people * unit) / 2

"""Won and lost on both sides of a middle line."""

from dataclasses import dataclass

_HALF = 49.0  # of 100 units, so that a full bar keeps off the edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """A brand's people won and lost; addresses as of a bar."""

    label: str
    won: int
    lost: int
    href: str | None = None
    won_href: str | None = None
    lost_href: str | None = None

    @property
    def net(self) -> int:
        """More won than lost."""
        return self.won - self.lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """Bars of won to the right and lost to the left, in units of 100."""

    caption: str
    name: str
    won: str
    lost: str
    rows: tuple[Moves, ...]

    def geometry(self) -> tuple[tuple[Moves, float, float], ...]:
        """Each brand with the lengths of its two bars."""
        top = max((max(row.won, row.lost) for row in self.rows), default=0)
        return tuple((row, half(row.won, top), half(row.lost, top)) for row in self.rows)


def half(value: int, top: int) -> float:
    """How far a bar goes from the middle, 0..49."""
    return round(_HALF * min(value / top, 1.0), 1) if top > 0 and value > 0 else 0.0

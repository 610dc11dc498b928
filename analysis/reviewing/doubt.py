"""How uncertain a verdict is, and which flags would have to change to move it. No database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from crawlers.words import FLAGS, Tier
from pipelines.tiers.decision import YES, decide

THIN_SHARE = 0.5
"""How much evidence that is next to nothing adds to the doubt, at most."""
_UNKNOWN = 0.6  # doubt of a company of which not enough was seen: below any flag near its line
_TOGETHER = 2  # flags that may change at once; more is another company


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Flags that would move the verdict if they crossed the line, and the tier it would be."""

    flags: tuple[str, ...]
    tier: Tier | None
    distance: float
    """How far the flags are from the line together, 0..1."""


def nearest_change(flags: Mapping[str, float]) -> Change | None:
    """The change of one or two flags that lies nearest; ``None`` where none moves the tier."""
    yes = {flag: flags[flag] >= YES for flag in FLAGS}
    tier = decide(**yes)
    return min(
        _changes(flags, yes, tier), key=lambda found: (found.distance, found.flags), default=None
    )


def _changes(
    flags: Mapping[str, float], yes: Mapping[str, bool], tier: Tier | None
) -> Iterator[Change]:
    for count in range(1, _TOGETHER + 1):
        for chosen in combinations(FLAGS, count):
            other = {flag: yes[flag] != (flag in chosen) for flag in FLAGS}
            if other["same_product"] and not other["same_category"]:
                continue  # the same product is the same trade
            moved = decide(**other)
            if moved != tier:
                distance = sum(abs(flags[flag] - YES) for flag in chosen)
                yield Change(flags=chosen, tier=moved, distance=round(distance, 3))


def doubt(
    flags: Mapping[str, float], *, verdict: str, quotes: int, pages: int
) -> tuple[float, Change | None]:
    """How uncertain a verdict is, 0..1, and the change that lies nearest.

    Two things make doubt: flags near the line that decide the tier, and thin evidence: few quotes
    under a tier, few pages read where none is given. Score plays no part: a competitor may be far
    away for sure.

    :param quotes: different quotes under the flags that are a yes.
    :param pages: pages of it that were read.
    """
    change = nearest_change(flags)
    near = max(0.0, 1 - change.distance / YES) if change else 0.0
    if verdict == "insufficient":
        near, change = _UNKNOWN, None
    seen = quotes if any(flags[flag] >= YES for flag in FLAGS) else pages
    thin = 1 / (1 + seen)
    return round(1 - (1 - near) * (1 - THIN_SHARE * thin), 4), change

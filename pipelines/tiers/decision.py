"""The table of tiers: five flags in, a tier out. Pure.

The table stands in docs/contract.md; the first row that fits decides.
"""

from crawlers.words import Tier

YES = 0.5
"""A flag of this value or more is a yes."""


def decide(
    *,
    same_product: bool,
    same_audience: bool,
    same_category: bool,
    substitute: bool,
    extension: bool,
) -> Tier | None:
    """1 direct, 2 substitute, 3 potential, ``None`` where no row of the table fits."""
    if same_product or (same_audience and same_category):
        return 1
    if same_category or substitute:
        return 2
    if same_audience or extension:
        return 3
    return None

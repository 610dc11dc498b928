"""Reading demand in posts: stage, switches, comparisons, pains, barriers, in en, zh and vi.

Pure: a text in, a :class:`Reading` out, every claim with the words it rests on.
"""

from pipelines.demand.brands import Brand, MarketTerms
from pipelines.demand.reader import DemandReader
from pipelines.demand.reading import (
    Claim,
    Comparison,
    Mention,
    Reading,
    Switch,
    reading_as_json,
)
from pipelines.demand.rulebook import RULES_VERSION

__all__ = [
    "RULES_VERSION",
    "Brand",
    "Claim",
    "Comparison",
    "DemandReader",
    "MarketTerms",
    "Mention",
    "Reading",
    "Switch",
    "reading_as_json",
]

"""Reading demand in posts: stage, switches, comparisons, pains, barriers, in en, zh and vi.

Pure: a text in, a :class:`Reading` out, every claim with the words it rests on.
"""

from pipelines.demand.brands import Brand, MarketTerms
from pipelines.demand.reader import DemandReader
from pipelines.demand.reading import (
    Claim,
    Comparison,
    Feeling,
    Mention,
    Reading,
    Switch,
    reading_as_json,
)
from pipelines.demand.version import rules_version

__all__ = [
    "Brand",
    "Claim",
    "Comparison",
    "DemandReader",
    "Feeling",
    "MarketTerms",
    "Mention",
    "Reading",
    "Switch",
    "reading_as_json",
    "rules_version",
]

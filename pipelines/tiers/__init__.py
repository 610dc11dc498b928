"""Who competes with us: five flags with evidence, a tier by the table of the contract. Pure.

``judge`` reads a whole market at once; ``profile_from_json`` and ``verdict_as_json`` are the two
ends of ``scrapy tier``. What counts how much: ``weights.toml``; which words say what:
``taxonomy/``, ``audiences.toml``, ``forms.toml``, ``signs.toml``, ``words.toml``; what concepts,
words and sentences lean towards, learnt: ``leanings.json``.
"""

from pipelines.tiers.config import TierConfig, config_from, default_config
from pipelines.tiers.decision import decide
from pipelines.tiers.judging import judge
from pipelines.tiers.profile import OfferFact, PostFact, Profile, profile_from_json
from pipelines.tiers.verdict import FlagEvidence, TierVerdict, verdict_as_json

RULES_VERSION = "2026-11-4"
"""Changes whenever a rule file or a weight does: stored with every verdict."""

__all__ = [
    "RULES_VERSION",
    "FlagEvidence",
    "OfferFact",
    "PostFact",
    "Profile",
    "TierConfig",
    "TierVerdict",
    "config_from",
    "decide",
    "default_config",
    "judge",
    "profile_from_json",
    "verdict_as_json",
]

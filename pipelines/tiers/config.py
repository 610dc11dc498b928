"""Weights and thresholds of the decision: one readable file, changed market by market. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite
from typing import Any

from pipelines.tiers.lexicon import rule_file


@dataclass(frozen=True, slots=True, kw_only=True)
class TierConfig:
    """The numbers of the decision. Values: ``weights.toml``; likenesses and flags run 0..1.

    ``*_line``: the likeness at which a flag is a yes (0.5): of kinds of product and of words
    (same_product), of trades, of audience segments, of kinds that stand in for each other, and
    the weight of a sign of extension. ``meaning_line``: the nearness of sentences at which the
    trade is the same, asked where the kinds of one side are unknown (extra ``semantic``).
    ``named_*``: worth of a quote that names both. ``extension_*``: worth of a sign of widening
    towards our kind, our trade. ``searched``: worth of five keywords that both sites are written
    for. ``linked``: worth of three sites that both and others of the market link to.
    ``partner_cap``: the most a complement's flags may reach. ``minimum_words``,
    ``minimum_words_of_ours``: less is not enough to decide. ``other_region``, ``other_language``:
    factors of the audience where none is shared, ``other_price`` where one is cheap and the other
    dear. ``score_*``: weights of the logistic score. ``semantic_*``: with the extra of that name,
    the bias, the share that the likenesses of words keep, and the weight of the sentences'
    nearness; ``semantic_most``: of how many companies of a market, the nearest by words, sentences
    are read (0: of none). ``learn_*``: how much the market's own words count when trades are told:
    weight, words' shrinkage, and the market's size at which it counts half.
    """

    product_line: float
    words_line: float
    category_line: float
    audience_line: float
    substitute_line: float
    extension_line: float
    meaning_line: float
    named_alternative: float
    named_in_post: float
    extension_kind: float
    extension_trade: float
    partner_cap: float
    minimum_words: float
    minimum_words_of_ours: float
    other_region: float
    other_language: float
    other_price: float
    searched: float
    linked: float
    score_bias: float
    score_words: float
    score_kinds: float
    score_trades: float
    score_fields: float
    score_forms: float
    score_segments: float
    score_leaning: float
    score_named: float
    score_substitute: float
    score_extension: float
    semantic_most: float
    semantic_bias: float
    semantic_share: float
    semantic_meaning: float
    learn_weight: float
    learn_shrink: float
    learn_half: float

    def with_changes(self, changes: Mapping[str, Any]) -> "TierConfig":
        """The same with a market file's ``[tiers]`` over it.

        :raises ValueError: for a key that is none of ours (with the nearest one), a value that is
            no number, a line outside 0..1, or a negative amount.
        """
        known = {field.name for field in fields(self)}
        for key, value in changes.items():
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                raise ValueError(f"[tiers] has no key '{key}'{hint}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
                raise ValueError(f"[tiers] {key} must be a number, not {value!r}")
            if key.startswith(("learn_", "minimum_", "semantic_most")) and value < 0:
                raise ValueError(f"[tiers] {key} must not be negative, but is {value!r}")
            if (
                not key.startswith(("score_", "learn_", "minimum_", "semantic_", "meaning_"))
                and not 0 < value <= 1
            ):
                raise ValueError(f"[tiers] {key} must lie above 0 and at most 1, not {value!r}")
        return replace(self, **{key: float(value) for key, value in changes.items()})


@lru_cache(maxsize=1)
def default_config() -> TierConfig:
    """The weights that ship with the package."""
    return TierConfig(**{key: float(value) for key, value in rule_file("weights.toml").items()})


def config_from(changes: Mapping[str, Any] | None) -> TierConfig:
    """The shipped weights with a market file's ``[tiers]`` over them, if any.

    :raises ValueError: as :meth:`TierConfig.with_changes`.
    """
    return default_config().with_changes(changes or {})

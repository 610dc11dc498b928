"""What is said of a company: tier, flags and their evidence, and its JSON. Pure."""

from dataclasses import dataclass
from typing import Any, Literal

from crawlers.words import FLAGS, Flag, Tier, Verdict

Method = Literal["words", "semantic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagEvidence:
    """Why a flag stands: literal words of the input, how much they count (0..1), the rule, and
    the page they stand on where it is known.
    """

    flag: Flag
    quote: str
    weight: float
    rule: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TierVerdict:
    """A company's tier as seen from the focal one.

    :param verdict: ``decided``, ``insufficient`` or ``unrelated``; a researcher's ``override`` is
        put over it elsewhere.
    :param score: 0..1, how near it is; orders companies across and within tiers;
        0 where nothing but its name was seen.
    :param same_product: the five flags run 0..1, 0.5 and more is a yes.
    :param complement: its product completes ours: a partner, not a rival.
    :param method: whether words alone were compared (``words``) or a sentence model's vectors too
        (``semantic``), which move the score, and a flag only where a row's rule is ``meaning``.
    :param reasons: the strongest reasons in words, at most three.
    :param would_change: the smallest change of one flag that would move the tier, in words.
    :param seen_from_them: the tier we have for them: they may be a rival to us and we none to them.
    """

    name: str
    tier: Tier | None
    verdict: Verdict
    score: float
    same_product: float
    same_audience: float
    same_category: float
    substitute: float
    extension: float
    complement: bool
    method: Method
    evidence: tuple[FlagEvidence, ...]
    reasons: tuple[str, ...]
    would_change: str | None = None
    seen_from_them: Tier | None = None

    @property
    def flags(self) -> dict[str, float]:
        """The five flags by name, in the contract's order."""
        return {flag: getattr(self, flag) for flag in FLAGS}


def verdict_as_json(verdict: TierVerdict) -> dict[str, Any]:
    """The keys of the contract's ``scrapy tier`` line that this verdict fills."""
    return {
        "tier": verdict.tier,
        "verdict": verdict.verdict,
        "score": verdict.score,
        **verdict.flags,
        "complement": verdict.complement,
        "method": verdict.method,
        "seen_from_them": verdict.seen_from_them,
        "reasons": list(verdict.reasons),
        "would_change": verdict.would_change,
        "evidence": [
            {"flag": row.flag, "quote": row.quote, "weight": row.weight, "rule": row.rule}
            for row in verdict.evidence
        ],
    }

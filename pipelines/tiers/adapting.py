"""The lines of a market's flags, learnt from a researcher's decisions. Pure.

A flag is a yes from 0.5 on. Where ten or more decisions stand, a market may have lines of its own:
one that calls a shared trade alone direct, one where a shared audience says nothing. Five numbers
are learnt from few decisions, so the shipped lines weigh much: a line moves only where that mends
two decisions more than it spoils, the nearer the better, and none moves at all unless decisions
that were left out of the learning (leave-one-out) come out better than before.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from crawlers.words import FLAGS, Flag, Tier
from pipelines.tiers.decision import YES, decide
from pipelines.tiers.lexicon import load_lexicon
from pipelines.tiers.reasons import change_of, reasons_of
from pipelines.tiers.verdict import TierVerdict

LEAST_DECISIONS = 10
"""With fewer decisions nothing is learnt."""

_CUTS = tuple(step / 100 for step in range(30, 96, 5))  # up to where a flag is as good as off
_MOVE = 1.5  # a line that moves must mend more decisions than this
_PULL = 0.5  # decisions that a distance of 1 (log odds) from the shipped line weighs, squared
_MOST = 1_000  # decisions that are learnt from
_PARTNERS = frozenset({"same_audience", "same_category", "substitute"})
"""Flags held down where a product completes ours: no line lifts them."""
_LEAST_ROWS = 2  # of evidence under every decided tier

Lines = tuple[float, ...]
"""From which value on each flag of ``FLAGS`` is a yes."""

SHIPPED: Lines = (YES,) * len(FLAGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A company somebody decided on: its flags (0..1) by the shipped lines, whether its product
    completes ours, and the tier that the researcher gave (``None``: no rival).
    """

    flags: Mapping[str, float]
    complement: bool
    tier: Tier | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """What was learnt.

    :param lines: from which value on each flag is a yes, in the order of ``FLAGS``.
    :param decisions: how many were learnt from.
    :param right_before: on how many of them the shipped lines give the researcher's tier.
    :param right_after: on how many the learnt lines do, each line learnt without the decision it
        is tried on; ``None`` where there were too few to learn from.
    :param adapted: whether the learnt lines are used; otherwise ``lines`` are the shipped ones.
    """

    lines: Lines = SHIPPED
    decisions: int = 0
    right_before: int = 0
    right_after: int | None = None
    adapted: bool = False

    @property
    def moved(self) -> dict[str, float]:
        """The lines that are no longer the shipped ones."""
        return {flag: line for flag, line in zip(FLAGS, self.lines, strict=True) if line != YES}


def adapt(decided: Sequence[Decided]) -> Adaptation:
    """Learn a market's lines from its decisions; the shipped ones where that is no gain.

    Equal input gives equal lines; the order of decisions does not matter below a thousand (of
    more, the last thousand count).
    """
    known = list(decided)[-_MOST:]
    wrong = _Wrong(known)
    before = len(known) - sum(wrong.of(SHIPPED))
    if len(known) < LEAST_DECISIONS:
        return Adaptation(decisions=len(known), right_before=before)
    after = 0
    for left_out in range(len(known)):
        after += not wrong.of(_learn(wrong, left_out))[left_out]
    lines = _learn(wrong, None)
    better = after > before and lines != SHIPPED
    return Adaptation(
        lines=lines if better else SHIPPED,
        decisions=len(known),
        right_before=before,
        right_after=after,
        adapted=better,
    )


class _Wrong:
    """Which decisions come out wrong by some lines, kept once asked."""

    def __init__(self, decided: Sequence[Decided]) -> None:
        self._rows = [
            (tuple(row.flags[flag] for flag in FLAGS), row.complement, row.tier) for row in decided
        ]
        self._known: dict[Lines, tuple[tuple[bool, ...], int]] = {}

    def of(self, lines: Lines) -> tuple[bool, ...]:
        return self._of(lines)[0]

    def cost(self, lines: Lines, left_out: int | None) -> float:
        wrong, count = self._of(lines)
        moved = [line for line in lines if line != YES]
        far = sum(_log_odds(line) ** 2 for line in moved)
        count -= wrong[left_out] if left_out is not None else 0
        return count + _MOVE * len(moved) + _PULL * far

    def _of(self, lines: Lines) -> tuple[tuple[bool, ...], int]:
        found = self._known.get(lines)
        if found is None:
            wrong = tuple(
                _tier(values, complement, lines) != tier for values, complement, tier in self._rows
            )
            found = self._known[lines] = (wrong, sum(wrong))
        return found


def _learn(wrong: _Wrong, left_out: int | None) -> Lines:
    """The cheapest lines, moved one or two at a time from the shipped ones."""
    lines = SHIPPED
    cost = wrong.cost(lines, left_out)
    while True:
        best = min(
            ((wrong.cost(other, left_out), other) for other in _neighbours(lines)),
            default=(cost, lines),
        )
        if best[0] >= cost - 1e-9:
            return lines
        cost, lines = best


def _neighbours(lines: Lines) -> list[Lines]:
    places = range(len(lines))
    sets = [(at,) for at in places] + list(combinations(places, 2))
    return [
        tuple(cut if at in chosen else line for at, line in enumerate(lines))
        for chosen in sets
        for cut in _CUTS
    ]


def _log_odds(line: float) -> float:
    return math.log(line / (1 - line))


def _tier(values: Sequence[float], complement: bool, lines: Lines) -> Tier | None:
    return decide(**{
        flag: value >= (YES if complement and flag in _PARTNERS else line)
        for flag, value, line in zip(FLAGS, values, lines, strict=True)
    })  # fmt: skip


def with_lines(verdict: TierVerdict, lines: Lines) -> TierVerdict:
    """The verdict by a market's own lines: its flags are moved so that 0.5 is again a yes.

    What was too little stays so, and no tier is given that two quotes do not stand under.
    """
    if lines == SHIPPED or verdict.verdict not in ("decided", "unrelated"):
        return verdict
    values: dict[Flag, float] = {}
    for flag, line in zip(FLAGS, lines, strict=True):
        held = verdict.complement and flag in _PARTNERS
        value = getattr(verdict, flag)
        values[flag] = value if held else round(moved(value, line), 3)  # type: ignore[index]
    tier = decide(**{str(flag): value >= YES for flag, value in values.items()})
    if tier is not None and len(verdict.evidence) < _LEAST_ROWS:
        return verdict
    if not verdict.complement:
        values["same_category"] = max(values["same_category"], values["same_product"])
    evidence = tuple(
        sorted(verdict.evidence, key=lambda row: (values[row.flag] < YES, -row.weight, row.flag))
    )
    names = load_lexicon().names
    return replace(
        verdict,
        tier=tier,
        verdict="decided" if tier else "unrelated",
        evidence=evidence,
        reasons=reasons_of(
            evidence, values, complement=verdict.complement, enough=True, names=names
        ),
        would_change=None if verdict.complement else change_of(values, tier),
        same_product=values["same_product"],
        same_audience=values["same_audience"],
        same_category=values["same_category"],
        substitute=values["substitute"],
        extension=values["extension"],
    )


def moved(value: float, line: float) -> float:
    """A flag's value where ``line`` is to be 0.5; 0 and 1 stay, the order of values stays."""
    if line == YES or not 0 < value < 1:
        return value
    return 1 / (1 + (1 - value) / value * line / (1 - line))

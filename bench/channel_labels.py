"""Channels told of labelled pages, against what two blind readers agreed on. Used by tests too.

A label file (``tests/gold/channels/*.json``) holds, for each page id, what the ``first`` and the
``second`` reader wrote down: ``{"channel/role": "must" | "may"}``. A pair of page and channel is
*true* where both say must, *false* where neither lists it, and counts neither way otherwise. The
detector asserts a pair when one of its tags has at least medium strength: a weak tag (strength 1)
asserts nothing, it is a hint that stands on the pages as one.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawlers.items import ChannelTag

GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold" / "channels"
ASSERTS = 2  # the least strength with which the detector asserts a channel

Reading = Mapping[str, str]
"""What one reader wrote down of one page: ``{"email/promotes": "must"}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One page: pairs both readers are sure of, pairs neither saw, pairs the detector asserts."""

    id: str
    true: frozenset[str]
    open: frozenset[str]
    told: Mapping[str, ChannelTag] = field(default_factory=dict)

    @property
    def right(self) -> frozenset[str]:
        """Asserted and true."""
        return self.true & self.told.keys()

    @property
    def wrong(self) -> frozenset[str]:
        """Asserted, and neither reader lists it."""
        return frozenset(self.told.keys() - self.true - self.open)

    @property
    def missed(self) -> frozenset[str]:
        """True, not asserted."""
        return self.true - self.told.keys()


def labels_of(name: str) -> dict[str, dict[str, Reading]]:
    """The labels of one set (``real``, ``written``) by page id; empty where there is no file."""
    path = GOLD / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def judged(ident: str, labels: Mapping[str, Reading], tags: Iterable[ChannelTag]) -> Judged:
    """One page's labels beside what the detector says of it."""
    first, second = labels["first"], labels["second"]
    true = frozenset(pair for pair, sure in first.items() if sure == second.get(pair) == "must")
    told: dict[str, ChannelTag] = {}
    for tag in tags:  # strongest first
        if tag.strength >= ASSERTS:
            told.setdefault(f"{tag.channel}/{tag.role}", tag)
    return Judged(id=ident, true=true, open=frozenset({*first, *second}) - true, told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts over pages, with precision and recall (1.0 where there is nothing to count)."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of the pairs asserted that count either way, how many are true."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of the true pairs, how many are asserted."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def score(pages: Sequence[Judged], channel: str | None = None) -> Score:
    """Over all pairs, or those of one ``channel/role``."""

    def count(pairs: frozenset[str]) -> int:
        return len(pairs) if channel is None else int(channel in pairs)

    return Score(
        right=sum(count(page.right) for page in pages),
        wrong=sum(count(page.wrong) for page in pages),
        missed=sum(count(page.missed) for page in pages),
    )


def intervals(pages: Sequence[Judged], *, rounds: int = 2_000) -> tuple[str, str]:
    """95 % intervals of precision and recall: bootstrap over pages, whose pairs hang together."""
    dice = random.Random(1)
    drawn = [score(dice.choices(pages, k=len(pages))) for _ in range(rounds)]
    low, high = round(0.025 * rounds), round(0.975 * rounds) - 1
    told = []
    for values in (sorted(s.precision for s in drawn), sorted(s.recall for s in drawn)):
        told.append(f"[{values[low]:.3f}, {values[high]:.3f}]")
    return told[0], told[1]


def kappa(labels: Mapping[str, Mapping[str, Reading]], *, sure_only: bool = False) -> float:
    """Cohen's kappa of the two readers over every page and every pair anybody wrote down.

    :param sure_only: leave out the cells in which one of them says may.
    """
    pairs = sorted({pair for page in labels.values() for said in page.values() for pair in said})
    cells = [
        (page["first"].get(pair, "none"), page["second"].get(pair, "none"))
        for page in labels.values()
        for pair in pairs
    ]
    if sure_only:
        cells = [cell for cell in cells if "may" not in cell]
    agreed = sum(a == b for a, b in cells) / len(cells)
    by_chance = sum(
        sum(a == word for a, _ in cells) * sum(b == word for _, b in cells) / len(cells) ** 2
        for word in ("must", "may", "none")
    )
    return (agreed - by_chance) / (1 - by_chance)

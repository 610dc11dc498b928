"""Tiers on the written profiles of ``tests/gold/tiers``, labelled by a writer and a second reader.

Each focal company is judged against the market of all other profiles. A pair is of the half it was
given by a hash of its two ids: rules were mended on errors of the even half only.
"""

import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pipelines.tiers import TierConfig, TierVerdict, default_config, judge, profile_from_json

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "gold" / "tiers"
CLASSES = (1, 2, 3, "complement", "none")
ROUNDS = 1_000


@dataclass(frozen=True)
class Judged:
    """A labelled pair and what came out. ``agreed``: both readers gave ``label``."""

    focal: str
    other: str
    label: object
    agreed: bool
    crosses: bool
    half: str
    got: object
    verdict: TierVerdict

    @property
    def right(self) -> bool:
        return self.got == self.label


def judged_pairs(config: TierConfig | None = None) -> list[Judged]:
    """All labelled pairs, judged."""
    lines = (FOLDER / "profiles.jsonl").read_text("utf-8").splitlines()
    companies = {row["id"]: row for row in map(json.loads, lines)}
    profiles = {key: profile_from_json(row) for key, row in companies.items()}
    pairs = defaultdict(list)
    for line in (FOLDER / "pairs.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        pairs[row["focal"]].append(row)
    found = []
    for focal, rows in pairs.items():
        others = [key for key in profiles if key != focal]
        verdicts = judge(profiles[focal], [profiles[key] for key in others], config)
        by_key = dict(zip(others, verdicts, strict=True))
        for row in rows:
            verdict = by_key[row["other"]]
            languages = {companies[key]["lang"][:2] for key in (focal, row["other"])}
            found.append(
                Judged(
                    focal=focal, other=row["other"], label=row["writer"],
                    agreed=row["writer"] == row["reader"], crosses=len(languages) > 1,
                    half=half_of(focal, row["other"]), got=class_of(verdict), verdict=verdict,
                )
            )  # fmt: skip
    return found


def class_of(verdict: TierVerdict) -> object:
    """The label a verdict answers to."""
    return verdict.tier or ("complement" if verdict.complement else "none")


def half_of(one: str, other: str) -> str:
    """``even`` (tuned) or ``odd`` (held out); the same for both directions of a pair."""
    return "odd" if sha256("|".join(sorted((one, other))).encode()).digest()[0] % 2 else "even"


def share(pairs: list[Judged]) -> float:
    return sum(pair.right for pair in pairs) / len(pairs)


def interval(pairs: list[Judged], seed: int = 7) -> str:
    """The share that is right and its 95 % interval when focal companies are drawn anew."""
    by_focal = defaultdict(list)
    for pair in pairs:
        by_focal[pair.focal].append(pair)
    groups, rng = list(by_focal.values()), random.Random(seed)
    drawn = sorted(
        share([pair for group in rng.choices(groups, k=len(groups)) for pair in group])
        for _ in range(ROUNDS)
    )
    low, high = drawn[int(0.025 * ROUNDS)], drawn[int(0.975 * ROUNDS)]
    return f"{share(pairs):.3f} [{low:.3f}, {high:.3f}] of {len(pairs)}"


def measure(*, missed: bool) -> None:
    """Print the figures."""
    pairs = [pair for pair in judged_pairs() if pair.agreed]
    print(f"gold: {len(pairs)} pairs on which both readers agree, five classes")
    for name, kept in (
        ("all", pairs),
        ("tuned half", [pair for pair in pairs if pair.half == "even"]),
        ("held-out half", [pair for pair in pairs if pair.half == "odd"]),
        ("across languages", [pair for pair in pairs if pair.crosses]),
        ("  held out", [pair for pair in pairs if pair.crosses and pair.half == "odd"]),
    ):
        print(f"  {name:17}", interval(kept))
    counts = Counter((pair.label, pair.got) for pair in pairs)
    print("  label: given", *CLASSES)
    for truth in CLASSES:
        print(f"    {truth!s:10}", *(f"{counts[truth, got]:4}" for got in CLASSES))
    for pair in pairs if missed else ():
        if not pair.right:
            print(f"  {pair.focal} {pair.other} {pair.half}: {pair.label}, given {pair.got}")


@lru_cache(maxsize=1)
def words_only() -> TierConfig:
    """The configuration that never asks a sentence model."""
    return default_config().with_changes({"semantic_most": 0})

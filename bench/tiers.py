"""Measures the tiers: ``python -m bench tiers [--seed N] [--words] [--gold]``.

Takes its data from the folder that RIVALMAP_MEASURE_DATA names: ``tiers/companies.json`` (same
sub-industry and two tags in common ~ tier 1, same sub-industry ~ 2, same industry ~ 3, else
unrelated) and ``tiers/named_competitors.json``. Prints figures with 95 % intervals (bootstrap over
focal companies: pairs of one focal company are not independent), and the speed on 10,000 made-up
candidates. ``--words`` leaves the extra ``semantic`` out, where it is installed. ``--gold``
measures the written profiles of ``tests/gold/tiers`` alone. Weights: ``bench/tier_learning.py``.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import tier_gold
from pipelines.tiers import Profile, TierConfig, TierVerdict, default_config, judge

FOCAL, OTHERS, ROUNDS = 300, 300, 400
LIKENESSES = ("words", "kinds", "trades", "fields", "forms", "segments")
UNRELATED, THIRD, SECOND, FIRST = 0, 1, 2, 3


def company(row: dict[str, Any]) -> Profile:
    """What a crawl would see of a company: its name and what it says of itself, no labels."""
    parts = [row.get("one_liner") or "", row.get("long_description") or ""]
    return Profile(name=row["name"], description="\n".join(part for part in parts if part))


def label(one: dict[str, Any], two: dict[str, Any]) -> int:
    if one["subindustry"] == two["subindustry"] and one["subindustry"] != "Unspecified":
        return FIRST if len(set(one["tags"]) & set(two["tags"])) >= 2 else SECOND
    return THIRD if one["industry"] == two["industry"] else UNRELATED


def auc(high: np.ndarray, low: np.ndarray) -> float:
    """The chance that one of ``high`` scores above one of ``low``; ties count half."""
    if not len(high) or not len(low):
        return float("nan")
    _, at, counts = np.unique(np.concatenate([high, low]), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[at]
    size = len(high)
    return float((ranks[:size].sum() - size * (size + 1) / 2) / (size * len(low)))


def rank(values: np.ndarray) -> np.ndarray:
    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[at])


def interval(measure: Any, focal_rows: Sequence[np.ndarray], seed: int) -> str:
    """A measure over all rows and its 95 % interval when focal companies are drawn anew."""
    rng = np.random.default_rng(seed)
    middle = measure(np.concatenate(focal_rows))
    drawn = [
        measure(np.concatenate([focal_rows[at] for at in rng.integers(0, len(focal_rows),
                                                                       len(focal_rows))]))
        for _ in range(ROUNDS)
    ]  # fmt: skip
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return f"{middle:.3f} [{low:.3f}, {high:.3f}]"


def measure_companies(companies: list[dict[str, Any]], seed: int, config: TierConfig) -> None:
    rng = random.Random(seed)
    drawn = rng.sample(companies, FOCAL + OTHERS)
    focal, others = drawn[:FOCAL], drawn[FOCAL:]
    profiles = [company(row) for row in others]
    rows, tiers = [], Counter()
    for row in focal:
        verdicts = judge(company(row), profiles, config)
        labels = [label(row, other) for other in others]
        rows.append(np.array([
            (truth, verdict.score, 4 - verdict.tier if verdict.tier else 0)
            for truth, verdict in zip(labels, verdicts, strict=True)
        ]))  # fmt: skip
        tiers.update((truth, verdict.tier) for truth, verdict in zip(labels, verdicts, strict=True))

    def between(high: int, low: int) -> Any:
        return lambda table: auc(table[table[:, 0] == high, 1], table[table[:, 0] == low, 1])

    def spearman(table: np.ndarray) -> float:
        return float(np.corrcoef(rank(table[:, 1]), rank(table[:, 0]))[0, 1])

    print(f"companies, seed {seed}: {FOCAL} focal x {OTHERS} others")
    print("  AUC tier 1 against unrelated", interval(between(FIRST, UNRELATED), rows, seed))
    print("  AUC tier 1 against tier 3   ", interval(between(FIRST, THIRD), rows, seed))
    print("  AUC tier 2 against unrelated", interval(between(SECOND, UNRELATED), rows, seed))
    print("  Spearman of score and label ", interval(spearman, rows, seed))
    print("  label: share given tier 1 / 2 / 3 / none")
    for truth, name in ((FIRST, "1"), (SECOND, "2"), (THIRD, "3"), (UNRELATED, "none")):
        total = sum(count for (seen, _), count in tiers.items() if seen == truth)
        shares = [tiers[truth, tier] / total for tier in (1, 2, 3, None)]
        print(f"    {name:5}", "  ".join(f"{share:.3f}" for share in shares), f"  of {total}")


def measure_named(
    pairs: list[dict[str, Any]],
    companies: list[dict[str, Any]],
    seed: int,
    config: TierConfig,
    *,
    category: bool,
) -> list[str]:
    """Named competitors found in tier 1 or 2, and random companies of the same call that are."""
    rng = random.Random(seed)
    found, asked, stray, strangers, missed = 0, 0, 0, 0, []
    for pair in pairs:
        if not pair["focal_desc"] or not pair["candidate_desc"]:
            continue
        focal = Profile(
            name=pair["focal"],
            description=pair["focal_desc"],
            category=pair["category"] if category else None,
        )
        named = Profile(name=pair["candidate"], description=pair["candidate_desc"])
        verdicts = judge(focal, [named, *map(company, rng.sample(companies, 100))], config)
        asked += 1
        hit = verdicts[0].tier in (1, 2)
        found += hit
        if not hit:
            missed.append(f"{pair['focal']} / {pair['candidate']}: {show(verdicts[0])}")
        stray += sum(verdict.tier in (1, 2) for verdict in verdicts[1:])
        strangers += len(verdicts) - 1
    said = "with" if category else "without"
    print(f"named competitors, {said} the focal company's category: in tier 1 or 2 {found} of"
          f" {asked} = {found / asked:.3f}; random companies {stray / strangers:.3f}")  # fmt: skip
    return missed


def show(verdict: TierVerdict) -> str:
    flags = " ".join(f"{flag}={value}" for flag, value in verdict.flags.items())
    return f"tier {verdict.tier} {verdict.verdict} score {verdict.score} {flags}"


def measure_speed(companies: list[dict[str, Any]], size: int, config: TierConfig) -> None:
    profiles = [company(companies[at % len(companies)]) for at in range(size)]
    start = time.perf_counter()
    judge(company(companies[0]), profiles, config)
    print(f"speed: {size} candidates in {time.perf_counter() - start:.1f} s on one core")


def main() -> None:
    options = argparse.ArgumentParser(description="Measure the tiers.")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--candidates", type=int, default=10_000)
    options.add_argument("--missed", action="store_true", help="list named competitors missed")
    options.add_argument("--words", action="store_true", help="without the extra 'semantic'")
    options.add_argument("--gold", action="store_true", help="the written profiles alone")
    chosen = options.parse_args()
    if chosen.gold:
        tier_gold.measure(missed=chosen.missed)
        return
    config = tier_gold.words_only() if chosen.words else default_config()
    place = os.environ.get("RIVALMAP_MEASURE_DATA")
    if not place:
        sys.exit("Set RIVALMAP_MEASURE_DATA to the folder of the measuring data.")
    folder = Path(place) / "tiers"
    companies = json.loads((folder / "companies.json").read_text("utf-8"))
    pairs = json.loads((folder / "named_competitors.json").read_text("utf-8"))
    for category in (False, True):
        missed = measure_named(pairs, companies, chosen.seed, config, category=category)
        if chosen.missed:
            print("\n".join(f"  {line}" for line in missed))
    measure_companies(companies, chosen.seed, config)
    if chosen.candidates:
        measure_speed(companies, chosen.candidates, config)


if __name__ == "__main__":
    main()

"""Learn what ``pipelines/tiers/leanings.json`` holds.

    RIVALMAP_MEASURE_DATA=... python -m bench.tier_learning [--check [SEED ...]]

Three linear maps (ridge regression), from the taxonomy's concepts, from English words and from
sentence vectors, to the tags, the sub-industry and the industry of ``tiers/companies.json``, each
of the three blocks shortened to its first directions; then, on pairs of companies the maps have
not seen (each third of the companies by maps of the other two), a logistic regression of "tier 1
or not" that says how much nearness in each block counts. It writes the maps and prints the biases
for ``weights.toml``. ``--check`` writes nothing and prints AUCs on companies left out: for each
seed of ``bench tiers`` everything is learnt anew on the companies that seed does not draw; the
likenesses count as ``weights.toml`` says. What is kept are numbers and single words, no text.
Needs the extra ``semantic``.
"""

import argparse
import base64
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from bench.data import measure_data
from bench.tiers import (  # fmt: skip
    FIRST,
    FOCAL,
    LIKENESSES,
    OTHERS,
    SECOND,
    THIRD,
    UNRELATED,
    auc,
    company,
    label,
    rank,
)
from pipelines.tiers.config import default_config
from pipelines.tiers.leanings import FLOOR, concept_weights, word_weights
from pipelines.tiers.likeness import Market
from pipelines.tiers.meaning import own_words, vectors_of
from pipelines.tiers.reading import Reading, read_profile

SEEDS = (7, 2, 1, 11, 12, 13, 14, 15, 16)
WITHOUT, WITH = ("concepts", "words"), ("concepts", "words", "sentences")
RIDGE = {"concepts": 3.0, "words": 2.0, "sentences": 3.0}  # in mean squared lengths
DIRECTIONS = (40, 44, 8)  # of tags, sub-industry, industry: more adds nothing measurable
LEAST = 8  # companies that carry a tag before it is learnt
LEAST_HOLDERS = 3  # companies that use a word before it is learnt
FOLDS, DRAWN = 3, 500
STRAY = 0.005  # of unrelated pairs that may lie beyond meaning_line
PLACE = Path(__file__).resolve().parents[1] / "pipelines" / "tiers" / "leanings.json"


@dataclass
class Table:
    """Companies as numbers."""

    rows: list[dict[str, Any]]
    readings: list[Reading]
    names: dict[str, list[str]]
    rare: dict[str, float]
    inputs: dict[str, np.ndarray]
    wanted: list[np.ndarray]


@dataclass
class Maps:
    """Into one space: a step for each source; ``usual`` is where nothing is known."""

    usual: np.ndarray
    blocks: list[int]
    start: dict[str, np.ndarray] = field(default_factory=dict)
    rows: dict[str, np.ndarray] = field(default_factory=dict)

    def places(self, table: Table, sources: Sequence[str], who: Sequence[int]) -> np.ndarray:
        steps = [
            table.inputs[name][list(who)] @ self.rows[name] + self.start[name] for name in sources
        ]
        return np.asarray(self.usual + sum(steps) / len(steps))


def table_of(rows: list[dict[str, Any]]) -> Table:
    profiles = [company(row) for row in rows]
    readings = [read_profile(profile) for profile in profiles]
    holders = Counter(word for reading in readings for word in reading.words if " " not in word)
    words = sorted(word for word, count in holders.items() if count >= LEAST_HOLDERS)
    rare = {word: round(log(len(rows) / holders[word]), 1) for word in words}
    rarest = max(rare.values())
    weights = {
        "concepts": [dict(concept_weights(reading)) for reading in readings],
        "words": [word_weights(reading.words, rare, rarest) for reading in readings],
    }
    names = {"concepts": sorted({name for row in weights["concepts"] for name in row}),
             "words": words}  # fmt: skip
    inputs = {source: _dense(weights[source], names[source]) for source in names}
    texts = [own_words(profile) or " " for profile in profiles]
    inputs["sentences"] = np.vstack(
        [vectors_of(texts[at : at + 64]) for at in range(0, len(texts), 64)]
    )
    names["sentences"] = [str(at) for at in range(inputs["sentences"].shape[1])]
    wanted = []
    for labels in (
        [set(row["tags"]) for row in rows],
        [{row["subindustry"]} for row in rows],
        [{row["industry"]} for row in rows],
    ):
        counts = Counter(name for own in labels for name in own)
        kept = sorted(name for name, count in counts.items() if count >= LEAST)
        wanted.append(np.array([[name in own for name in kept] for own in labels], float))
    return Table(rows, readings, names, rare, inputs, wanted)


def _dense(weights: Sequence[dict[str, float]], names: Sequence[str]) -> np.ndarray:
    at = {name: number for number, name in enumerate(names)}
    table = np.zeros((len(weights), len(names)))
    for number, row in enumerate(weights):
        for name, weight in row.items():
            if name in at:
                table[number, at[name]] = weight
    return table


def fit(table: Table, learners: Sequence[int]) -> Maps:
    """The ridge regressions, shortened together so that all lead into one space."""
    wanted = np.hstack(table.wanted)[list(learners)]
    usual = wanted.mean(0)
    slopes, middles, told = {}, {}, usual
    for source, inputs in table.inputs.items():
        seen = inputs[list(learners)]
        middles[source] = seen.mean(0)
        seen = seen - middles[source]
        # The dual form: there may be more words than companies.
        near = seen @ seen.T
        near[np.diag_indices_from(near)] += RIDGE[source] * np.trace(near) / len(near)
        slopes[source] = seen.T @ np.linalg.solve(near, wanted - usual)
        told = told + seen @ slopes[source] / len(table.inputs)
    turns: list[np.ndarray] = []
    blocks: list[int] = []
    begin = 0
    for block, width in zip(table.wanted, DIRECTIONS, strict=True):
        end = begin + block.shape[1]
        # Turned so that the first directions hold what can be told, the usual among it.
        _, _, turned = np.linalg.svd(told[:, begin:end], full_matrices=False)
        turn = np.zeros((wanted.shape[1], min(width, len(turned))))
        turn[begin:end] = turned[:width].T
        turns.append(turn)
        blocks.append((blocks[-1] if blocks else 0) + turn.shape[1])
        begin = end
    whole = np.hstack(turns)
    maps = Maps(usual @ whole, blocks)
    for source, slope in slopes.items():
        maps.rows[source] = slope @ whole
        maps.start[source] = -middles[source] @ maps.rows[source]
    return maps


def nearness(one: np.ndarray, other: np.ndarray, blocks: Sequence[int]) -> np.ndarray:
    """Dot product, cosine and logarithm of the first, block by block, for every pair."""
    found, begin = [], 0
    for end in blocks:
        ours, theirs = one[:, begin:end], other[:, begin:end]
        dots = ours @ theirs.T
        lengths = np.outer(np.linalg.norm(ours, axis=1), np.linalg.norm(theirs, axis=1))
        found += [dots, dots / (lengths + 1e-9), np.log(np.maximum(dots, 0) + FLOOR)]
        begin = end
    return np.stack(found, -1)


def shared(table: Table, ours: Sequence[int], theirs: Sequence[int]) -> np.ndarray:
    """What the likenesses add to the score of every pair, by the shipped weights."""
    config = default_config()
    market = Market([table.readings[at] for at in theirs], config)
    vectors = [market.vectors(table.readings[at]) for at in (*ours, *theirs)]
    total = np.zeros((len(ours), len(theirs)))
    for name in LIKENESSES:
        weights = [dict(getattr(row, name)) for row in vectors]
        found = _dense(weights, sorted({key for row in weights for key in row}))
        total += getattr(config, f"score_{name}") * (found[: len(ours)] @ found[len(ours) :].T)
    return total


def labels_of(table: Table, ours: Sequence[int], theirs: Sequence[int]) -> np.ndarray:
    return np.array([[label(table.rows[one], table.rows[two]) for two in theirs] for one in ours])


def logistic(design: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights (the bias last) that part tier 1 from unrelated and from tier 3 alike."""
    design = np.column_stack([design, np.ones(len(design))])
    counts = [max((labels == truth).sum(), 1) for truth in (UNRELATED, THIRD, SECOND, FIRST)]
    weight = np.array([0.5 / counts[0], 0.5 / counts[1], 0.0, 1.0 / counts[3]])[labels]
    wanted, learnt = (labels == FIRST) * 1.0, np.zeros(design.shape[1])
    for _ in range(25):  # Newton's steps
        chance = 1 / (1 + np.exp(-design @ learnt))
        bend = (design.T * (weight * chance * (1 - chance))) @ design
        slope = design.T @ (weight * (wanted - chance)) - 1e-3 * learnt
        learnt += np.linalg.solve(bend + 1e-3 * np.eye(len(learnt)), slope)
    return learnt


def mixtures(table: Table, learners: Sequence[int]) -> dict[tuple[str, ...], dict[str, Any]]:
    """How much nearness counts, on pairs of learners by maps of the other learners."""
    order = random.Random(5).sample(list(learners), len(learners))
    rows: dict[tuple[str, ...], list[np.ndarray]] = {WITHOUT: [], WITH: []}
    labels = []
    for fold in range(FOLDS):
        left = order[fold::FOLDS]
        maps = fit(table, [at for at in order if at not in set(left)])
        ours, theirs = left[: DRAWN // 2], left[DRAWN // 2 : DRAWN]
        labels.append(labels_of(table, ours, theirs).ravel())
        for sources, found in rows.items():
            near = nearness(maps.places(table, sources, ours), maps.places(table, sources, theirs),
                            maps.blocks)  # fmt: skip
            found.append(near.reshape(-1, near.shape[-1]))
    told, mixed = np.concatenate(labels), {}
    for sources, found in rows.items():
        design = np.concatenate(found)
        learnt = logistic(design, told)
        middle = float((design @ learnt[:-1])[told == UNRELATED].mean())
        near = design @ learnt[:-1] - middle
        line = float(np.quantile(near[told == UNRELATED], 1 - STRAY))
        mixed[sources] = {
            "mix": learnt[:-1],
            "middle": middle,
            "bias": learnt[-1] + middle,
            "line": line,
            "reached": float((near[told == FIRST] >= line).mean()),
        }
    return mixed


def check(table: Table, seeds: Sequence[int]) -> None:
    """AUCs on the pairs of each seed, all learnt on the companies it does not draw."""
    config, found = default_config(), []
    for seed in seeds:
        drawn = random.Random(seed).sample(range(len(table.rows)), FOCAL + OTHERS)
        rest = sorted(set(range(len(table.rows))) - set(drawn))
        ours, theirs = drawn[:FOCAL], drawn[FOCAL:]
        labels, both = labels_of(table, ours, theirs), shared(table, ours, theirs)
        maps, mixed, row = fit(table, rest), mixtures(table, rest), []
        for sources in (WITHOUT, WITH):
            near = nearness(maps.places(table, sources, ours), maps.places(table, sources, theirs),
                            maps.blocks) @ mixed[sources]["mix"]  # fmt: skip
            if sources == WITHOUT:
                score = both + config.score_leaning * near
            else:
                score = config.semantic_share * both + config.semantic_meaning * near
            row += [auc(score[labels == FIRST], score[labels == low]) for low in (UNRELATED, THIRD)]
            row.append(float(np.corrcoef(rank(score.ravel()), rank(labels.ravel()))[0, 1]))
        found.append(row)
        _print_check(f"seed {seed}", row)
    _print_check("mean", np.mean(found, 0))
    _print_check("deviation", np.std(found, 0))


def _print_check(name: str, row: Sequence[float] | np.ndarray) -> None:
    told = [f"{value:.3f}" for value in row]
    print(f"{name:10} tier 1 against unrelated, against tier 3, Spearman: without",
          *told[:3], "semantic", *told[3:], flush=True)  # fmt: skip


def write(table: Table) -> None:
    """The maps, learnt on all companies; the score's biases are printed."""
    everyone = range(len(table.rows))
    maps, mixed = fit(table, everyone), mixtures(table, everyone)
    for sources, name in ((WITHOUT, "score_bias"), (WITH, "semantic_bias")):
        print(f"{name} = {mixed[sources]['bias']:.2f}")
    print(f"meaning_line = {mixed[WITH]['line']:.2f}, reached by {mixed[WITH]['reached']:.2f} of"
          " tier 1")  # fmt: skip
    whole: dict[str, Any] = {
        "made_by": "python -m bench.tier_learning",
        "blocks": maps.blocks,
        "usual": _rounded(maps.usual),
    }
    for sources, name in ((WITHOUT, "by_words"), (WITH, "by_sentences")):
        whole[name] = {
            "mix": _rounded(mixed[sources]["mix"], 3),
            "middle": round(mixed[sources]["middle"], 3),
        }
    for source, rows in maps.rows.items():
        scale = float(np.abs(rows).max() / 127)
        whole[source] = {
            "start": _rounded(maps.start[source]),
            "names": table.names[source],
            "scale": scale,
            "packed": base64.b64encode(np.round(rows / scale).astype(np.int8).tobytes()).decode(),
        }
    whole["words"]["rare"] = [table.rare[word] for word in table.names["words"]]
    lines = (f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"
             for key, value in whole.items())  # fmt: skip
    PLACE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    print(f"{PLACE.name}: {PLACE.stat().st_size} bytes")


def _rounded(values: np.ndarray, digits: int = 4) -> list[float]:
    return [round(float(value), digits) for value in values]


def main() -> None:
    options = argparse.ArgumentParser(description="Learn the leanings of companies.")
    options.add_argument("--check", type=int, nargs="*", metavar="SEED",
                         help="held-out figures, nothing written")  # fmt: skip
    chosen = options.parse_args()
    rows = json.loads((measure_data() / "tiers" / "companies.json").read_text("utf-8"))
    table = table_of(rows)
    write(table) if chosen.check is None else check(table, chosen.check or SEEDS)


if __name__ == "__main__":
    main()

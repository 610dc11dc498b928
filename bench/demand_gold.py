"""What is read of the project's own labelled posts: ``python -m bench demand_gold``.

``tests/gold/demand/LANG.jsonl`` was written and labelled by one reader, ``second/LANG.jsonl``
labelled by another who saw the texts only. A label counts where both agree. Per language and
label: precision, recall, F1, how many are true and how far the two readers agree (kappa); for
stages and barriers the confusion too.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crawlers.words import BARRIERS, STAGES
from pipelines.demand import DemandReader, Reading

GOLD = Path(__file__).resolve().parent.parent / "tests" / "gold" / "demand"
LANGUAGES = ("en", "zh", "vi")
FLAGS = ("pain", "praise", "seller", "objection", "poor_fit", "suggestion")
ANSWERS = ("need", "budget", "authority")

LABELS: dict[str, tuple[tuple[str, ...], Callable[[Reading], str]]] = {
    "stage": (STAGES, lambda r: r.stage),
    "barrier": (BARRIERS, lambda r: r.barrier or "none"),
    "switch": (("done", "considering"), lambda r: r.switch.status if r.switch else "none"),
    "force": (
        ("push", "pull", "anxiety", "habit"),
        lambda r: (r.switch.force if r.switch else None) or "none",
    ),
    **{flag: (("true",), lambda r, f=flag: str(getattr(r, f)).lower()) for flag in FLAGS},  # type: ignore[misc]
    **{name: (("yes", "no"), lambda r, n=name: getattr(r, n)) for name in ANSWERS},  # type: ignore[misc]
}
"""Label -> its values, and what a reading says of it."""

_MISSING = {"stage": "none", "barrier": "none", "switch": "none", "force": "none"}


@dataclass(frozen=True, slots=True)
class Agreed:
    """A post and the labels two readers agree on."""

    id: str
    text: str
    labels: dict[str, str]


def value_of(post: dict[str, Any], label: str) -> str:
    """A label as a reader gave it; what is left out is false, ``none`` or ``unknown``."""
    missing = "unknown" if label in ANSWERS else "false"
    return str(post.get(label) or _MISSING.get(label, missing)).lower()


def both(lang: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each post as its writer and as the second reader labelled it."""
    second = {post["id"]: post for post in _lines(GOLD / "second" / f"{lang}.jsonl")}
    for post in _lines(GOLD / f"{lang}.jsonl"):
        yield post, second[post["id"]]


def agreed(lang: str) -> list[Agreed]:
    """Posts with the labels both readers gave."""
    return [
        Agreed(
            first["id"],
            first["text"],
            {
                label: value_of(first, label)
                for label in LABELS
                if value_of(first, label) == value_of(second, label)
            },
        )
        for first, second in both(lang)
    ]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def kappa(lang: str, label: str) -> float:
    """How far two readers agree beyond chance (Cohen 1960)."""
    pairs = [(value_of(a, label), value_of(b, label)) for a, b in both(lang)]
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[value] * second[value] for value in first) / len(pairs) ** 2
    same = sum(a == b for a, b in pairs) / len(pairs)
    return (same - chance) / (1 - chance) if chance < 1 else 1.0


def f1(pairs: list[tuple[str, str]], value: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of a value over (true, read) pairs."""
    hit = sum(truth == read == value for truth, read in pairs)
    read = sum(r == value for _, r in pairs)
    true = sum(t == value for t, _ in pairs)
    precision, recall = hit / read if read else 0.0, hit / true if true else 0.0
    return precision, recall, 2 * hit / (read + true) if read + true else 0.0


def pairs_of(posts: list[Agreed], readings: list[Reading], label: str) -> list[tuple[str, str]]:
    """(true, read) of the posts whose readers agree on a label."""
    told = LABELS[label][1]
    return [
        (post.labels[label], told(reading))
        for post, reading in zip(posts, readings, strict=True)
        if label in post.labels
    ]


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", choices=[[], *LANGUAGES])
    for lang in parser.parse_args().languages or LANGUAGES:
        posts = agreed(lang)
        reader = DemandReader()
        readings = [reader.read(post.text, lang=lang) for post in posts]
        print(f"{lang}: {len(posts)} posts")
        for label, (values, _) in LABELS.items():
            pairs = pairs_of(posts, readings, label)
            scores = [f1(pairs, value) for value in values]
            mean = sum(score for _, _, score in scores) / len(scores)
            print(
                f"  {label:11} macro-F1 {mean:.3f}  ({len(pairs)} agreed, kappa "
                f"{kappa(lang, label):.2f})"
            )
            for value, (precision, recall, score) in zip(values, scores, strict=True):
                true = sum(t == value for t, _ in pairs)
                print(f"    {value:16} P {precision:.3f}  R {recall:.3f}  F1 {score:.3f}  ({true})")


if __name__ == "__main__":
    main()

"""Floors under what is read of the project's own posts, on the labels two readers agree on.

The posts are dense with labels and traps: most of what is read of them stays below what is read of
ordinary posts. Figures: docs/accuracy.md, ``python -m bench demand_gold``.
"""

from collections import Counter

import pytest

from bench.demand_gold import LABELS, Agreed, agreed, f1, kappa, pairs_of
from pipelines.demand import DemandReader, Reading

LANGUAGES = ("en", "zh", "vi")

FLOORS = {
    "stage": {"en": 0.54, "zh": 0.50, "vi": 0.50},
    "barrier": {"en": 0.32, "zh": 0.42, "vi": 0.50},
    "switch": {"en": 0.34, "zh": 0.58, "vi": 0.54},
    "force": {"en": 0.10, "zh": 0.40, "vi": 0.26},
    "pain": {"en": 0.42, "zh": 0.44, "vi": 0.56},
    "praise": {"en": 0.62, "zh": 0.48, "vi": 0.56},
    "seller": {"en": 0.56, "zh": 0.62, "vi": 0.74},
    "objection": {"en": 0.58, "zh": 0.38, "vi": 0.34},
    "poor_fit": {"en": 0.26, "zh": 0.62, "vi": 0.32},
    "suggestion": {"en": 0.60, "zh": 0.78, "vi": 0.78},
    "need": {"en": 0.58, "zh": 0.72, "vi": 0.48},
    "budget": {"en": 0.66, "zh": 0.74, "vi": 0.58},
    "authority": {"en": 0.48, "zh": 0.58, "vi": 0.70},
}

RARE = {"other": 20, "quality": 28}
"""Values said so rarely, or agreed on so rarely, that there are fewer than thirty."""


@pytest.fixture(scope="module")
def sets() -> dict[str, tuple[list[Agreed], list[Reading]]]:
    reader = DemandReader()
    return {
        lang: (posts := agreed(lang), [reader.read(post.text, lang=lang) for post in posts])
        for lang in LANGUAGES
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("label", LABELS)
def test_what_is_read_holds_its_floor(
    sets: dict[str, tuple[list[Agreed], list[Reading]]], label: str, lang: str
) -> None:
    posts, readings = sets[lang]
    pairs = pairs_of(posts, readings, label)
    values = LABELS[label][0]
    mean = sum(f1(pairs, value)[2] for value in values) / len(values)
    assert mean >= FLOORS[label][lang]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("label", LABELS)
def test_the_two_readers_agree(label: str, lang: str) -> None:
    assert kappa(lang, label) >= (0.5 if label in ("objection", "praise") else 0.8)


def test_there_are_enough_posts_and_values() -> None:
    counts: Counter[str] = Counter()
    for lang in LANGUAGES:
        posts = agreed(lang)
        assert len(posts) >= 200
        assert len({post.text for post in posts}) == len(posts)
        here = Counter(f"{k} {v}" for post in posts for k, v in post.labels.items())
        counts.update(here)
        for value in LABELS["stage"][0]:
            assert here[f"stage {value}"] >= 25, (lang, value)
        for value in LABELS["switch"][0]:
            assert here[f"switch {value}"] >= 30, (lang, value)
    for label, (values, _) in LABELS.items():
        for value in values:
            assert counts[f"{label} {value}"] >= RARE.get(value, 30), (label, value)

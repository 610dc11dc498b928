"""The project's own labelled posts: floors under what the reader tells, per language."""

import json
from pathlib import Path

import pytest

from pipelines.demand import DemandReader

GOLD = Path(__file__).parents[2] / "gold"
LABELS = ("pain", "praise", "seller")


def posts(lang):
    lines = (GOLD / f"demand_{lang}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def agreement(pairs):
    return sum(truth == read for truth, read in pairs) / len(pairs)


@pytest.fixture(scope="module")
def reader():
    return DemandReader()


@pytest.mark.parametrize("lang", ["en", "zh", "vi"])
def test_stages_hold_their_floor(reader, lang):
    pairs = [(p["stage"], reader.read(p["text"], lang=lang).stage) for p in posts(lang)]
    assert agreement(pairs) >= 0.85, [
        (p["id"], t, r) for p, (t, r) in zip(posts(lang), pairs, strict=True) if t != r
    ]


@pytest.mark.parametrize("lang", ["en", "zh", "vi"])
@pytest.mark.parametrize("label", LABELS)
def test_yes_and_no_labels_hold_their_floor(reader, lang, label):
    pairs = [(p[label], getattr(reader.read(p["text"], lang=lang), label)) for p in posts(lang)]
    assert agreement(pairs) >= 0.90, [
        (p["id"], t, r) for p, (t, r) in zip(posts(lang), pairs, strict=True) if t != r
    ]


@pytest.mark.parametrize("lang", ["en", "zh", "vi"])
def test_switches_and_their_direction(reader, lang):
    wrong = []
    for post in posts(lang):
        switch = reader.read(post["text"], lang=lang).switch
        read = (
            (switch.status, switch.from_brand, switch.to_brand) if switch else ("none", None, None)
        )
        truth = (post["switch"], post["switch_from"], post["switch_to"])
        if read != truth:
            wrong.append((post["id"], truth, read))
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize("lang", ["en", "zh", "vi"])
def test_barriers_hold_their_floor(reader, lang):
    pairs = [(p["barrier"], reader.read(p["text"], lang=lang).barrier) for p in posts(lang)]
    assert agreement(pairs) >= 0.90, [
        (p["id"], t, r) for p, (t, r) in zip(posts(lang), pairs, strict=True) if t != r
    ]

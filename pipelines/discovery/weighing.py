"""The chance that a name, in a thread, is a rival's: everything the market says of it, weighed.

A logistic regression over the mentions of a name in its thread and in all threads of the market;
its weights lie in ``models/weights.json`` (``python -m bench.discovery_learning``).
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import exp, log, log1p

from pipelines.discovery.matching import fold_name
from pipelines.discovery.reading import Mention, Reading
from pipelines.discovery.wordlists import (
    chinese_band,
    english_band,
    is_syllable,
    platform_kind,
    vietnamese_band,
)

_HAN = re.compile(r"[\u3400-\u9fff]")
_SOME = 5  # mentions from which what they say on average is taken at its word

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Name:
    """What all mentions of a name say together."""

    times: int
    threads: int
    best: float
    mean: float
    tagged: float
    rival: float
    best_rival: float
    around: float
    best_around: float
    none: float


def _name(mentions: Sequence[Mention]) -> Name:
    size = len(mentions)
    whole = sum(m.name for m in mentions)
    weight = max(1e-6, whole)
    return Name(
        times=size,
        threads=len({m.thread for m in mentions}),
        best=max(m.name for m in mentions),
        mean=whole / size,
        tagged=sum(m.name > 0 for m in mentions) / size,
        rival=sum(m.name * m.rival for m in mentions) / weight,
        best_rival=max(m.name * m.rival for m in mentions),
        around=sum(m.name * m.around for m in mentions) / weight,
        best_around=max(m.around for m in mentions),
        none=sum(m.name * m.none for m in mentions) / weight,
    )


def features(reading: Reading) -> Iterator[tuple[str, str, Features]]:
    """(name's key, thread's key, features) of every name in every thread; our own left out."""
    by_key: dict[str, list[Mention]] = defaultdict(list)
    by_line: dict[tuple[str, int], list[str]] = defaultdict(list)
    by_thread: dict[str, set[str]] = defaultdict(set)
    for mention in reading.mentions:
        by_key[mention.key].append(mention)
        by_line[mention.thread, mention.at].append(mention.key)
        by_thread[mention.thread].add(mention.key)
    names = {key: _name(mentions) for key, mentions in by_key.items()}
    ours = {m.thread for m in reading.mentions if m.key in reading.own}
    strong = {
        key for key, one in names.items()
        if one.rival * one.mean > 0.4 and key not in reading.own
    }  # fmt: skip
    for key, mentions in by_key.items():
        if key in reading.own:
            continue
        shared = _shared(key, mentions, names, by_line, reading, ours)
        threads: dict[str, list[Mention]] = defaultdict(list)
        for mention in mentions:
            threads[mention.thread].append(mention)
        for thread, here in threads.items():
            others = by_thread[thread] - {key}
            topic = reading.topics[thread]
            yield key, thread, {
                **shared,
                "topic_fit": topic.whole_fit,
                "topic_words": log1p(topic.words),
                "topic_title": log1p(topic.in_title),
                "ours_here": float(thread in ours),
                "rivals_here": len(others & strong) / max(1, len(by_thread[thread]) - 1),
                **_here(here, shared),
            }  # fmt: skip


def _shared(
    key: str,
    mentions: Sequence[Mention],
    names: Mapping[str, Name],
    by_line: Mapping[tuple[str, int], list[str]],
    reading: Reading,
    ours: set[str],
) -> Features:
    """What is the same for all threads that name it."""
    one, size = names[key], len(mentions)
    beside = [other for m in mentions for other in by_line[m.thread, m.at] if other != key]
    near = [names[other] for other in beside]
    han = _HAN.search(key) is not None
    written = max(mentions, key=lambda m: m.name).written
    words = [word for word in re.split(r"[\W_]+", fold_name(written)) if word]
    band = chinese_band(key) if han else min(map(_latin_band, words), default=0)
    sure = min(one.times, _SOME) / _SOME
    topics = [reading.topics[m.thread] for m in mentions]
    found: Features = {
        "bias": 1.0,
        "best": one.best, "mean": one.mean, "tagged": one.tagged,
        "times": log(one.times), "threads": log(one.threads), "once": float(one.times == 1),
        "once_rival": float(one.times == 1) * one.rival,
        "once_best": float(one.times == 1) * one.best,
        "mean_logit": _logit(one.mean),
        "rival": one.rival, "rival_logit": _logit(one.rival),
        "rival_sure": _logit(one.rival) * sure,
        "best_rival": one.best_rival, "rival_squared": one.rival**2,
        "rival_mean": one.rival * one.mean,
        "around": one.around, "around_logit": _logit(one.around),
        "around_sure": _logit(one.around) * sure, "best_around": one.best_around,
        "none": one.none, "all_three": one.rival * one.around * one.mean,
        "fit": sum(t.whole_fit for t in topics) / size,
        "words": sum(log1p(t.words) for t in topics) / size,
        "ours": sum(m.thread in ours for m in mentions) / size,
        "beside": float(bool(near)),
        "beside_rival": sum(n.rival * n.mean for n in near) / len(near) if near else 0.0,
        "beside_around": sum(n.around * n.mean for n in near) / len(near) if near else 0.3,
        "beside_platform": (
            sum(platform_kind(other) is not None for other in beside) / len(beside)
            if beside else 0.0
        ),
        "beside_ours": sum(
            any(other in reading.own for other in by_line[m.thread, m.at]) for m in mentions
        ) / size,
        f"band{min(band, 6)}": 1.0,
        "capital": sum(han or not m.written[0].islower() for m in mentions) / size,
        "two": float(len(key) <= 2), "three": float(len(key) == 3),
        "words_more": float(len(words) > 1),
    }  # fmt: skip
    if han:
        found |= {
            "han": 1.0, "han_mean": one.mean, "han_rival": one.rival, "han_tagged": one.tagged,
            "han_times": log(one.times),
        }  # fmt: skip
    if (kind := platform_kind(key)) is not None:
        same = any(kind in topic.fit.kinds for topic in topics)
        found |= {"same_kind": 1.0} if same else {"platform": 1.0, "platform_rival": one.rival}
    return found


def _here(here: Sequence[Mention], shared: Mapping[str, float]) -> Features:
    """What the mentions in one thread say."""
    best = max(m.name for m in here)
    rival = max(m.name * m.rival for m in here)
    found: Features = {
        "here_best": best, "here_rival": rival, "here_rival_logit": _logit(rival),
        "here_times": log(len(here)), "here_mean": sum(m.name for m in here) / len(here),
        "here_around": max(m.name * m.around for m in here),
        "here_none": min(m.none for m in here),
        "here_title": float(any(m.post is None for m in here)),
    }  # fmt: skip
    if "band5" in shared or "band6" in shared:
        found |= {"common_best": best, "common_tagged": shared["tagged"]}
    return found


def _latin_band(word: str) -> int:
    return max(english_band(word), vietnamese_band(word) if is_syllable(word) else 0)


def _logit(chance: float) -> float:
    return log((chance + 0.02) / (1.02 - chance))


@dataclass(frozen=True, slots=True)
class Weights:
    """For each feature its mean and spread where it was learnt, and its weight."""

    rows: Mapping[str, tuple[float, float, float]]

    def chance(self, found: Features) -> float:
        """0..1."""
        total = 0.0
        for name, (mean, spread, weight) in self.rows.items():
            total += weight * (found.get(name, 0.0) - mean) / spread
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The weights that ship with the package."""
    file = resources.files(__package__).joinpath("models", "weights.json")
    table = json.loads(file.read_text("utf-8"))
    return Weights({name: tuple(row) for name, row in table.items()})

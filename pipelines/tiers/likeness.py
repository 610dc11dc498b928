"""How like two companies are, over a whole market: TF-IDF, taxonomy, and words that learn. Pure.

Rareness (idf) is counted in the market, smoothed towards what is usual elsewhere
(``_PRIOR_SIZE`` imagined companies), so that in a market of ten shop builders "shop builder" still
says something. Words learn which trades they go with from the companies whose trade the taxonomy
tells (one step of label propagation), so that a text without any of its terms finds its trade
where the market is large enough to teach it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from pipelines.tiers.config import TierConfig
from pipelines.tiers.leanings import Place, load_leanings
from pipelines.tiers.reading import Reading
from pipelines.tiers.terms import overlap, strengths

Weights = Mapping[str, float]

_PRIOR_SIZE = 200  # imagined companies beside those seen
# The share of companies that usually hold a given word, kind, ...; measured on company texts.
_PRIOR_SHARE = {
    "words": 0.003, "kinds": 0.02, "trades": 0.08, "fields": 0.2, "segments": 0.08, "forms": 0.2,
}  # fmt: skip
_SAMPLE = 2_000  # companies that teach: more add time, hardly knowledge
_TRADES_TAUGHT = 10  # of a company, of a word: the rest is noise
_WORDS_ASKED = 300  # of a company: a long site repeats itself
_SEEN_TWICE = 2  # a word of one company alone teaches nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """A company's weighted sets, each of length 1 (or empty). ``trades`` holds what its words
    suggest beside what the taxonomy says; ``stated`` the latter alone. ``steps``: where its
    concepts and words lead to, ``place`` their mean, see :mod:`pipelines.tiers.leanings`.
    """

    words: Weights
    kinds: Weights
    trades: Weights
    stated: Weights
    fields: Weights
    segments: Weights
    forms: Weights
    steps: tuple[Place, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Cosines, 0..1, of two companies' sets; ``leaning``: how near their concepts and words lead
    them, about nought for strangers.
    """

    words: float
    kinds: float
    trades: float
    fields: float
    segments: float
    forms: float
    leaning: float


def compare(one: Vectors, other: Vectors) -> Likeness:
    """The cosines of two companies' sets."""
    return Likeness(
        words=overlap(one.words, other.words),
        kinds=overlap(one.kinds, other.kinds),
        trades=overlap(one.trades, other.trades),
        fields=overlap(one.fields, other.fields),
        segments=overlap(one.segments, other.segments),
        forms=overlap(one.forms, other.forms),
        leaning=load_leanings().by_words.of(one.place, other.place),
    )


class Market:
    """The rareness and the teachings of a market, from the readings of all its companies."""

    def __init__(self, readings: Sequence[Reading], config: TierConfig) -> None:
        self._rareness = {family: _rareness(readings, family) for family in _PRIOR_SHARE}
        self._config = config
        self._taught = self._teach(readings[:_SAMPLE])
        # A small market teaches little: its word is weighed by its size.
        size = len(readings)
        self._trust = config.learn_weight * size / (size + config.learn_half)

    def vectors(self, reading: Reading) -> Vectors:
        """A company's sets, weighed by rareness."""
        words = self._weigh("words", reading.words)
        stated = self._weigh("trades", reading.trades)
        trades = dict(stated)
        for name, weight in self._suggested(words).items():
            trades[name] = trades.get(name, 0.0) + self._trust * weight
        leanings = load_leanings()
        steps = leanings.steps(reading)
        return Vectors(
            words=words,
            kinds=self._weigh("kinds", reading.kinds),
            trades=strengths(trades),
            stated=stated,
            fields=self._weigh("fields", reading.fields),
            segments=self._weigh("segments", reading.segments),
            forms=self._weigh("forms", reading.forms),
            steps=steps,
            place=leanings.place(steps),
        )

    def _weigh(self, family: str, weights: Weights) -> dict[str, float]:
        rare = self._rareness[family]
        return strengths(
            {
                key: (1 + math.log(weight) if weight > 1 else weight) * rare(key)
                for key, weight in weights.items()
            }
        )

    def _suggested(self, words: Weights) -> dict[str, float]:
        """The trades a company's words go with in this market, as a set of length 1."""
        sums: dict[str, float] = {}
        for word, weight in _heaviest(words, _WORDS_ASKED):
            for name, lean in self._taught.get(word, ()):
                sums[name] = sums.get(name, 0.0) + weight * lean
        return strengths({name: value for name, value in sums.items() if value > 0})

    def _teach(self, readings: Sequence[Reading]) -> dict[str, list[tuple[str, float]]]:
        """How much more than usual the companies with a word lean towards each trade."""
        usual: dict[str, float] = defaultdict(float)
        leans: dict[str, dict[str, float]] = {}
        holders: Counter[str] = Counter()
        repeated = Counter(word for reading in readings for word in reading.words)
        for reading in readings:
            stated = _heaviest(self._weigh("trades", reading.trades), _TRADES_TAUGHT)
            for name, weight in stated:
                usual[name] += weight
            for word in reading.words:
                if repeated[word] >= _SEEN_TWICE:
                    holders[word] += 1
                    lean = leans.setdefault(word, defaultdict(float))
                    for name, weight in stated:
                        lean[name] += weight
        size = len(readings) or 1
        taught: dict[str, list[tuple[str, float]]] = {}
        for word, lean in leans.items():
            share = 1 / (holders[word] + self._config.learn_shrink)
            expected = holders[word] * share / size
            taught[word] = _heaviest(
                {name: weight * share - usual[name] * expected for name, weight in lean.items()},
                _TRADES_TAUGHT,
            )
        return taught


def _heaviest(weights: Weights, most: int) -> list[tuple[str, float]]:
    if len(weights) <= most:
        return list(weights.items())
    return nlargest(most, weights.items(), key=lambda pair: (pair[1], pair[0]))


def _rareness(readings: Iterable[Reading], family: str) -> Callable[[str], float]:
    holders: Counter[str] = Counter()
    size = _PRIOR_SIZE
    for reading in readings:
        holders.update(getattr(reading, family).keys())
        size += 1
    prior = _PRIOR_SIZE * _PRIOR_SHARE[family]
    known: dict[str, float] = {}

    def rare(key: str) -> float:
        value = known.get(key)
        if value is None:
            value = known[key] = max(math.log(size / (holders[key] + prior)), 0.05)
        return value

    return rare

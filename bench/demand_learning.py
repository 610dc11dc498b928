"""Learns the models of the demand reader: ``python -m bench.demand_learning [--check]``.

From ``bench/texts/demand`` (:mod:`bench.demand_texts`): ``posts`` (labels of a post, three
languages together), ``pairs`` (English sentences that compare two names). Logistic regressions;
what margin is enough for a label is told by texts the fold has not seen. ``--check`` writes nothing
and prints, for posts left out (five parts), what the rules read and what both read together.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import demand_texts
from crawlers.words import BARRIERS, STAGES
from pipelines.demand import Brand, DemandReader, MarketTerms
from pipelines.demand.by_rules import decide
from pipelines.demand.comparisons import PAIRS, of_author, pair_rows, told_by_rules
from pipelines.demand.judging import ANSWERS, FLAGS, POSTS, post_features
from pipelines.demand.learnt.linear import SCALE

MODELS = Path(__file__).resolve().parent.parent / "pipelines" / "demand" / "learnt" / "models"
PARTS, SEED = 5, 11
LANGUAGES = ("en", "zh", "vi")
LEAST = 3
"""Posts a feature stands in before anything is learnt of it."""
PAIR_STRENGTH, STRENGTH = 0.01, 0.15
"""How far weights may go (C of the regressions)."""
TRUST = {"flag": 1.0, "stage": 3.0, "barrier": 2.0}
"""How much more the rules are believed than learnt here (log odds, for and against).

The posts written for learning hold far more hard cases than forums and review pages do: there the
rules are right more often. Told by how both read ``dev.jsonl`` and the posts left out."""
SILENT = 1.5
"""The same where the rules have no stage for a post: it may hold a need they have no words for."""
ENOUGH = {"pain": -0.4, "praise": 0.2, "selling": -0.5, "barrier": 0.6, "suggestion": -0.1}
"""Margins that are enough, where ``dev.jsonl``, ``pain_vi`` and ``unmet_need`` told it together
with the posts left out; for other labels the posts left out tell."""
HARD, PAIR_ENOUGH = 0.1, -0.6
"""How much a hard sentence counts beside a plain one, and the margin that is enough for a pair:
hard ones are far rarer in what people post than among those written (told by ``compare_en``)."""
SMALL = 0.004  # weights below change nothing and are not kept

Rows = list[dict[str, float]]


def truths(posts: Sequence[dict[str, Any]]) -> dict[str, np.ndarray]:
    """What is true of each post, per label that holds or does not."""
    told: dict[str, np.ndarray] = {}
    for flag in FLAGS:
        key = "seller" if flag == "selling" else flag
        told[flag] = np.array([bool(post.get(key)) for post in posts])
    told["barrier"] = np.array([post.get("barrier") in BARRIERS for post in posts])
    for answer in ANSWERS:
        name, value = answer.split()
        told[answer] = np.array([post.get(name) == value for post in posts])
    return told


def readings(posts: Sequence[tuple[str, dict[str, Any]]]) -> tuple[Rows, list[Any]]:
    """Features of posts, and what the rules alone read in them."""
    reader = DemandReader()
    rows, verdicts = [], []
    for lang, post in posts:
        weighed = reader.weigh(post["text"], lang)
        verdict = decide(weighed)
        there, valued = post_features(weighed, verdict)
        rows.append(dict.fromkeys(there, 1.0) | valued)
        verdicts.append(verdict)
    return rows, verdicts


def by_rules(verdicts: Sequence[Any], label: str) -> np.ndarray:
    """What the rules alone say of a label."""
    if label in FLAGS:
        return np.array([v.flags["seller" if label == "selling" else label] for v in verdicts])
    if label == "barrier":
        return np.array([v.barrier is not None for v in verdicts])
    name, value = label.split()
    return np.array([v.answers[name] == value for v in verdicts])


def f1(truth: np.ndarray, read: np.ndarray) -> float:
    """F1 of a label."""
    total = int(truth.sum() + read.sum())
    return 2 * float((truth & read).sum()) / total if total else 0.0


def learnt(
    matrix: Any, truth: np.ndarray, strength: float, counted: np.ndarray | None = None
) -> LogisticRegression:
    """A regression of one label (or several that exclude each other).

    :param counted: how much each text counts; alike unless given.
    """
    model = LogisticRegression(C=strength, max_iter=600)
    return model.fit(matrix, truth, sample_weight=counted)


def left_out(matrix: Any, truth: np.ndarray, strength: float) -> np.ndarray:
    """Margins (log odds) of posts by regressions that have not seen them."""
    margins = np.zeros(len(truth))
    for seen, unseen in KFold(PARTS, shuffle=True, random_state=SEED).split(matrix):
        margins[unseen] = learnt(matrix[seen], truth[seen], strength).decision_function(
            matrix[unseen]
        )
    return margins


def enough(truth: np.ndarray, margins: np.ndarray) -> float:
    """The margin from which on a label holds: where F1 is best, smoothed over its neighbours."""
    grid = np.arange(-2.5, 1.51, 0.1)
    scores = np.array([f1(truth, margins > at) for at in grid])
    smooth = np.convolve(scores, np.ones(5) / 5, mode="same")
    return float(grid[2 + int(smooth[2:-2].argmax())])


def matrix_of(rows: Rows) -> tuple[Any, DictVectorizer]:
    """Features of at least :data:`LEAST` posts as a matrix."""
    counts: dict[str, int] = {}
    for row in rows:
        for feature in row:
            counts[feature] = counts.get(feature, 0) + 1
    kept = {feature for feature, count in counts.items() if count >= LEAST}
    vectorizer = DictVectorizer(dtype=np.float32)
    return vectorizer.fit_transform(
        [{f: v for f, v in row.items() if f in kept} for row in rows]
    ), vectorizer


def write(
    name: str,
    labels: Sequence[str],
    weights: np.ndarray,
    bias: np.ndarray,
    bounds: Sequence[float],
    vectorizer: DictVectorizer,
) -> None:
    """A model's file: one line a feature, numbers in thousandths."""
    kept = np.abs(weights).max(axis=0) >= SMALL
    rows = {
        feature: [round(float(value) * SCALE) for value in weights[:, column]]
        for column, feature in enumerate(vectorizer.get_feature_names_out())
        if kept[column]
    }
    head = {
        "labels": list(labels),
        "bias": [round(float(value) * SCALE) for value in bias],
        "enough": [round(float(value) * SCALE) for value in bounds],
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    listed = ",\n".join(
        f"{json.dumps(feature, ensure_ascii=False)}: {json.dumps(row, separators=(',', ':'))}"
        for feature, row in rows.items()
    )
    lines.append(f'"weights": {{\n{listed}\n}}')
    MODELS.mkdir(exist_ok=True)
    path = MODELS / f"{name}.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    print(f"{path.name}: {len(rows)} features, {path.stat().st_size / 1e6:.1f} MB")


TURNED = {"BETTER": "WORSE", "WORSE": "BETTER", "NONE": "NONE"}


def pair_texts() -> tuple[Rows, np.ndarray, np.ndarray]:
    """Features, labels and weights of sentences that do or do not compare two names."""
    rows: Rows = []
    labels: list[str] = []
    weights: list[float] = []
    for pair in demand_texts.pairs("en"):
        reader = DemandReader(MarketTerms(brands=(Brand(pair.first), Brand(pair.second))))
        post = reader.weigh(pair.text, "en")
        found = of_author(post.context, post.found)
        told, denied = told_by_rules(post.context, post.groups["contrast"], found)
        for row in pair_rows(post.context, told, denied, found)[:1]:
            rows.append(dict.fromkeys(row.features, 1.0))
            turned = row.first.brand.name == pair.second
            labels.append(TURNED[pair.label] if turned else pair.label)
            weights.append(1.0 if pair.plain else HARD)
    return rows, np.array(labels), np.array(weights)


def learn_pairs(*, keep: bool) -> None:
    """The model of pairs, and what it reads of sentences left out."""
    rows, labels, counted = pair_texts()
    matrix, vectorizer = matrix_of(rows)
    margins = np.zeros((len(labels), 3))
    for seen, unseen in KFold(PARTS, shuffle=True, random_state=SEED).split(matrix):
        model = learnt(matrix[seen], labels[seen], PAIR_STRENGTH, counted[seen])
        margins[unseen] = model.decision_function(matrix[unseen])
    order = list(model.classes_)
    none = margins[:, order.index("NONE")]
    sides = margins[:, [order.index("BETTER"), order.index("WORSE")]]
    odds = np.log(np.exp(sides).sum(axis=1)) - none
    truth = labels != "NONE"
    at = PAIR_ENOUGH
    right = np.where(sides[:, 0] >= sides[:, 1], "BETTER", "WORSE") == labels
    print(
        f"{len(labels)} pairs, {matrix.shape[1]} features: comparative F1 "
        f"{f1(truth, odds > at):.3f} (from {at:+.1f}), direction {right[truth].mean():.3f}"
    )
    if keep:
        model = learnt(matrix, labels, PAIR_STRENGTH, counted)
        write(PAIRS, order, model.coef_, model.intercept_, [at] * 3, vectorizer)


def all_posts() -> list[tuple[str, dict[str, Any]]]:
    """Posts of the three languages."""
    return [(lang, post) for lang in LANGUAGES for post in demand_texts.posts(lang)]


@dataclass(slots=True)
class Texts:
    """Texts as the model sees them, what the rules alone read in them, their languages."""

    matrix: Any
    verdicts: list[Any]
    langs: np.ndarray

    def some(self, chosen: list[int]) -> "Texts":
        """The chosen ones."""
        verdicts = [self.verdicts[at] for at in chosen]
        return Texts(self.matrix[chosen], verdicts, self.langs[chosen])

    def and_also(self, other: "Texts") -> "Texts":
        """Both together."""
        return Texts(
            sparse.vstack([self.matrix, other.matrix]).tocsr(),
            self.verdicts + other.verdicts,
            np.concatenate([self.langs, other.langs]),
        )


class Learning:
    """The rows of the model of posts as they are learnt."""

    def __init__(self, vectorizer: DictVectorizer) -> None:
        self.vectorizer = vectorizer
        self.names = list(vectorizer.get_feature_names_out())
        self.labels: list[str] = []
        self.bounds: list[float] = []
        self.weights: list[np.ndarray] = []
        self.bias: list[float] = []

    def add(self, label: str, weights: np.ndarray, bias: float, bound: float) -> None:
        """A label learnt."""
        self.labels.append(label)
        self.bounds.append(bound)
        self.weights.append(weights)
        self.bias.append(bias)

    def one(self, label: str, truth: np.ndarray, texts: Texts, usual: np.ndarray) -> None:
        """A label that holds or does not.

        :param usual: which texts carry labels about as often as people's posts do: they tell what
            margin is enough.
        """
        trust = TRUST.get(label, TRUST["flag"])
        ruled = by_rules(texts.verdicts, label)
        margins = left_out(texts.matrix, truth, STRENGTH) + trust * (2.0 * ruled - 1.0)
        at = ENOUGH.get(label, enough(truth[usual], margins[usual]))
        show(label, truth, ruled, margins > at, texts.langs, f"from {at:+.1f}")
        model = learnt(texts.matrix, truth, STRENGTH)
        weights = trusting(model.coef_[0], self.names, SAID.get(label, (label,)), 2 * trust)
        self.add(label, weights, float(model.intercept_[0]) - trust, at)

    def several(self, kind: str, truth: np.ndarray, texts: Texts, names: Sequence[str]) -> None:
        """Labels that exclude each other."""
        ruled = np.array([str(getattr(verdict, kind)) for verdict in texts.verdicts])
        trust = {said: SILENT if said == "none" else TRUST[kind] for said in set(ruled)}
        read = left_out_class(texts.matrix, truth, ruled, trust)
        model = learnt(texts.matrix, truth, STRENGTH)
        order = list(model.classes_)
        for name in names:
            label = f"{kind} {name}"
            show(label, truth == name, ruled == name, read == name, texts.langs)
            row = order.index(name)
            weights = trusting(model.coef_[row], self.names, (label,), trust.get(name, 0.0))
            if name == "problem_aware":
                weights = trusting(weights, self.names, (f"{kind} none",), SILENT)
            self.add(label, weights, float(model.intercept_[row]), 0.0)


def learn_posts(*, keep: bool) -> None:
    """The model of posts; prints what rules alone, and both, read of posts left out."""
    posts = all_posts()
    rows, verdicts = readings(posts)
    matrix, vectorizer = matrix_of(rows)
    texts = Texts(matrix, verdicts, np.array([lang for lang, _ in posts]))
    said = [post for _, post in posts]
    print(f"{len(posts)} posts, {matrix.shape[1]} features: F1 of the rules -> of both")
    learning = Learning(vectorizer)
    usual = np.array([not post["dense"] for post in said])
    for label, truth in truths(said).items():
        if label == "suggestion":
            wishes, wished = wish_texts(vectorizer)
            both = np.concatenate([usual, np.ones(len(wished), bool)])
            learning.one(label, np.concatenate([truth, wished]), texts.and_also(wishes), both)
        else:
            learning.one(label, truth, texts, usual)
    learning.several("stage", np.array([post["stage"] for post in said]), texts, STAGES)
    held = [at for at, post in enumerate(said) if post.get("barrier") in BARRIERS]
    barriers = np.array([said[at]["barrier"] for at in held])
    learning.several("barrier", barriers, texts.some(held), BARRIERS)
    if keep:
        weights, bias = np.array(learning.weights), np.array(learning.bias)
        write(POSTS, learning.labels, weights, bias, learning.bounds, vectorizer)


def wish_texts(vectorizer: DictVectorizer) -> tuple[Texts, np.ndarray]:
    """Sentences of feedback forums: they tell of wishes, and of no other label."""
    wishes = demand_texts.wishes("en")
    rows, verdicts = readings([("en", {"text": text}) for _, text in wishes])
    langs = np.array(["en"] * len(wishes))
    return Texts(vectorizer.transform(rows), verdicts, langs), np.array([w for w, _ in wishes])


SAID = {"selling": ("seller",)}
"""Names under which the rules' word on a label stands among the features, where it is another."""


def trusting(
    weights: np.ndarray, names: Sequence[str], said: Sequence[str], trust: float
) -> np.ndarray:
    """Weights with so much more trust in what the rules say."""
    more = np.array(weights)
    for name in said:
        if f"rules {name}" in names:
            more[names.index(f"rules {name}")] += trust
    return more


def left_out_class(
    matrix: Any, truth: np.ndarray, ruled: np.ndarray, trust: dict[str, float]
) -> np.ndarray:
    """The likeliest of several labels, of posts by regressions that have not seen them.

    :param trust: how much each of the rules' words on it counts on top.
    """
    read = truth.copy()
    for seen, unseen in KFold(PARTS, shuffle=True, random_state=SEED).split(matrix):
        model = learnt(matrix[seen], truth[seen], STRENGTH)
        margins = model.decision_function(matrix[unseen])
        more = np.array([trust[said] for said in ruled[unseen]])[:, None]
        margins += more * (ruled[unseen][:, None] == model.classes_[None, :])
        margins += more * np.outer(ruled[unseen] == "none", model.classes_ == "problem_aware")
        read[unseen] = model.classes_[margins.argmax(axis=1)]
    return read


def show(
    label: str, truth: np.ndarray, ruled: np.ndarray, both: np.ndarray, langs: np.ndarray,
    note: str = "",
) -> None:  # fmt: skip
    """A line: F1 of the rules alone, of both together, and both by language."""
    parts = "  ".join(
        f"{lang} {f1(truth[langs == lang], ruled[langs == lang]):.2f}->"
        f"{f1(truth[langs == lang], both[langs == lang]):.2f}"
        for lang in LANGUAGES
    )
    print(
        f"  {label:24} {int(truth.sum()):4} true  rules {f1(truth, ruled):.3f} -> both "
        f"{f1(truth, both):.3f}  {parts}  {note}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    learn_pairs(keep=not options.check)
    learn_posts(keep=not options.check)


if __name__ == "__main__":
    main()

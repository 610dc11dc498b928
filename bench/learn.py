"""Learn the weights of the main text and of the page kinds from the labelled pages.

    RIVALMAP_MEASURE_DATA=... python bench/learn.py [--check]

``--check`` prints the figures of a cross-validation and writes nothing; without it the weights go
to ``crawlers/extract/{text,kind}_weights.toml``. The pages are WCXB's (CC-BY-4.0); what is kept
are some hundred numbers, no text. Needs numpy (a part of pandas).
"""

import argparse
import gzip
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from crawlers.document import Document
from crawlers.extract.head import head_of
from crawlers.extract.kind_marks import page_marks
from crawlers.extract.outline import Outline, outline_of
from crawlers.extract.text import marks_of, shapes

KINDS = ("article", "service", "product", "collection", "listing", "documentation", "forum")
EXTRACT = Path(__file__).resolve().parents[1] / "crawlers" / "extract"
_WORD = re.compile(r"\w+")
_SEEN_OFTEN = 150  # blocks a mark must stand on to get a weight
_SEEN_ON = 4  # pages a kind's mark must stand on

# What a mark is expected to say, before any page is seen: learning moves away from here only where
# pages disagree. It carries the marks that few English pages show.
_EXPECTED = {
    "type:product": "product", "type:productgroup": "product", "type:article": "article",
    "type:newsarticle": "article", "type:blogposting": "article", "type:itemlist": "collection",
    "type:collectionpage": "listing", "type:discussionforumposting": "forum",
    "type:qapage": "forum", "type:techarticle": "documentation", "type:service": "service",
    "type:localbusiness": "service", "type:softwareapplication": "service",
    "og:product": "product", "og:article": "article", "textarea": "forum",
    "body:single": "article", "body:post": "article", "body:product": "product",
    "body:archive": "listing", "body:category": "listing", "body:collection": "collection",
    "hostword:forum": "forum", "hostword:docs": "documentation", "hostword:bbs": "forum",
    "hostword:community": "forum", "hostword:wiki": "documentation", "root": "service",
    "path:date": "article",
}  # fmt: skip
_EXPECTED_BY_PART = {
    "last": 0.6, "dir": 0.3, "path": 0.3, "word": 0.2, "first": 0.2, "title": 0.4, "h1": 0.3,
    "says": 0.3, "host": 0.3,
}  # fmt: skip
_READ_AS = {"pricing": "service", "about": "service", "contact": "service",
            "service_terms": "service"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A page of the labelled set."""

    document: Document
    outline: Outline
    kind: str
    text: str | None


def pages(root: Path) -> Iterator[Labelled]:
    """The labelled pages under ``root/pages``."""
    for truth in sorted((root / "pages" / "truth").glob("*.json")):
        data = json.loads(truth.read_text("utf-8"))
        body = gzip.decompress((root / "pages" / "html" / f"{truth.stem}.html.gz").read_bytes())
        document = Document(data["url"], body)
        yield Labelled(
            document=document,
            outline=outline_of(document),
            kind=data["_internal"]["page_type"]["primary"],
            text=data["ground_truth"].get("main_content"),
        )


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def f1(found: str, truth: str) -> float:
    """F1 of two bags of words."""
    a, b = Counter(words(found)), Counter(words(truth))
    if not a and not b:
        return 1.0
    return 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values()))


def block_labels(outline: Outline, truth: str) -> list[tuple[bool, int]]:
    """For each block: whether most of its word triples stand in the truth, and its words."""
    wanted = words(truth)
    triples = set(zip(wanted, wanted[1:], wanted[2:], strict=False))
    line = f" {' '.join(wanted)} "
    found = []
    for block in outline.blocks:
        own = words(block.text)
        if len(own) >= 4:
            mine = list(zip(own, own[1:], own[2:], strict=False))
            share = sum(triple in triples for triple in mine) / len(mine)
        else:
            share = float(bool(own) and f" {' '.join(own)} " in line)
        found.append((share >= 0.5, len(own)))
    return found


class TextModel:
    """A shared weight per mark and a correction per kind; logistic regression, Adam."""

    def __init__(self, sets: list[Labelled]) -> None:
        self.pages = sets
        shaped = [
            [list(marks_of(shape)) for shape in shapes(page.outline, told_of(page.document))]
            for page in sets
        ]
        often = Counter(mark for blocks in shaped for marks in blocks for mark in marks)
        self.names = sorted(mark for mark, count in often.items() if count >= _SEEN_OFTEN)
        index = {name: at for at, name in enumerate(self.names)}
        size = sum(len(blocks) for blocks in shaped)
        self.x = np.zeros((size, len(self.names)), np.uint8)
        self.y = np.zeros(size, np.float32)
        self.w = np.zeros(size, np.float32)
        self.page = np.zeros(size, int)
        row = 0
        for number, (page, blocks) in enumerate(zip(sets, shaped, strict=True)):
            labels = block_labels(page.outline, page.text or "")
            total = sum(count for _, count in labels)
            wanted = sum(count for good, count in labels if good)
            for marks, (good, count) in zip(blocks, labels, strict=True):
                for mark in marks:
                    if mark in index:
                        self.x[row, index[mark]] = 1
                self.y[row] = good
                self.w[row] = count / max(30, (total + wanted) / 2)  # every page counts alike
                self.page[row] = number
                row += 1
        self.kind = np.array([KINDS.index(page.kind) for page in sets])[self.page]

    def fit(self, rows: Any, *, shared: float = 1e-3, own: float = 7e-3) -> tuple[Any, Any]:
        """Weights (8 x marks: seven kinds, then the shared ones) and their constants."""
        x, y, kind = self.x[rows], self.y[rows], self.kind[rows]
        w = self.w[rows] / self.w[rows].mean()
        rng = np.random.default_rng(0)
        weights = np.zeros((8, x.shape[1]), np.float32)
        base = np.zeros(8)
        m, v = np.zeros_like(weights), np.zeros_like(weights)
        mb, vb = np.zeros(8), np.zeros(8)
        step, batch, epochs = 0, 4096, 25
        for epoch in range(epochs):
            rate = 0.02 * (1 - epoch / epochs) + 0.001
            for _ in range(0, len(x), batch):
                pick = rng.integers(0, len(x), batch)
                part, kinds = x[pick].astype(np.float32), kind[pick]
                z = part @ weights[7] + np.einsum("ij,ij->i", part, weights[kinds])
                z += base[7] + base[kinds]
                slope = ((1 / (1 + np.exp(-z)) - y[pick]) * w[pick] / batch).astype(np.float32)
                grad = own * weights
                grad[7] = part.T @ slope + shared * weights[7]
                grad_base = np.zeros(8)
                grad_base[7] = slope.sum()
                for number in range(7):
                    mine = kinds == number
                    grad[number] += part[mine].T @ slope[mine]
                    grad_base[number] = slope[mine].sum()
                step += 1
                m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad * grad
                mb, vb = 0.9 * mb + 0.1 * grad_base, 0.999 * vb + 0.001 * grad_base**2
                one, two = 1 - 0.9**step, 1 - 0.999**step
                weights -= rate * (m / one) / (np.sqrt(v / two) + 1e-8)
                base -= rate * (mb / one) / (np.sqrt(vb / two) + 1e-8)
        return weights, base

    def score(self, model: tuple[Any, Any], rows: Any) -> Any:
        weights, base = model
        x, kind = self.x[rows].astype(np.float32), self.kind[rows]
        z = x @ weights[7] + np.einsum("ij,ij->i", x, weights[kind])
        return z + base[7] + base[kind]

    def figures(self, scores: Any, threshold: float) -> dict[str, float]:
        """Mean word F1 by kind at one threshold."""
        found: dict[str, list[float]] = {}
        starts = np.searchsorted(self.page, np.arange(len(self.pages) + 1))
        for number, page in enumerate(self.pages):
            mine = scores[starts[number] : starts[number + 1]]
            seen: set[str] = set()
            kept = []
            for block, score in zip(page.outline.blocks, mine, strict=True):
                if score > threshold and not (len(block.text) > 25 and block.text in seen):
                    kept.append(block.text)
                    seen.add(block.text)
            found.setdefault(page.kind, []).append(f1(" ".join(kept), page.text or ""))
        return {kind: float(np.mean(values)) for kind, values in found.items()}

    def crossed(self, folds: int = 5) -> Any:
        """Scores of every block by a model that has not seen its page."""
        fold = np.random.default_rng(3).integers(0, folds, len(self.pages))[self.page]
        scores = np.zeros(len(self.y), np.float32)
        for number in range(folds):
            model = self.fit(np.where(fold != number)[0])
            rows = np.where(fold == number)[0]
            scores[rows] = self.score(model, rows)
        return scores


def told_of(document: Document) -> str:
    from crawlers.extract.structured import told

    return told(document)


class KindModel:
    """Multinomial regression that starts from what the marks are expected to say."""

    def __init__(self, sets: list[Labelled]) -> None:
        marked = []
        for page in sets:
            head = head_of(page.document, page.outline)
            marked.append(
                page_marks(page.document, page.outline, title=head.title, og_type=head.og_type)
            )
        often = Counter(mark for marks in marked for mark in marks)
        self.names = sorted(mark for mark, count in often.items() if count >= _SEEN_ON)
        index = {name: at for at, name in enumerate(self.names)}
        self.x = np.zeros((len(sets), len(self.names)), np.float32)
        for row, marks in enumerate(marked):
            for mark in marks:
                if mark in index:
                    self.x[row, index[mark]] = 1
        self.y = np.array([KINDS.index(page.kind) for page in sets])
        share = np.array([(self.y == kind).mean() for kind in range(7)])
        weight = 1 / np.sqrt(share)
        self.weight = (weight / weight.mean())[self.y]
        self.prior = np.zeros((len(self.names), 7), np.float32)
        for name, at in index.items():
            for kind, value in expected(name).items():
                self.prior[at, KINDS.index(kind)] = value

    def fit(self, rows: Any, *, pull: float = 0.03, steps: int = 600) -> tuple[Any, Any]:
        x, y, w = self.x[rows], np.eye(7)[self.y[rows]], self.weight[rows]
        weights, base = self.prior.copy(), np.zeros(7)
        m, v = np.zeros_like(weights), np.zeros_like(weights)
        for step in range(1, steps + 1):
            z = x @ weights + base
            p = np.exp(z - z.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            slope = (p - y) * w[:, None]
            grad = x.T @ slope / len(x) + pull * (weights - self.prior)
            base -= 0.25 * slope.mean(0)
            m, v = 0.9 * m + 0.1 * grad, 0.99 * v + 0.01 * grad * grad
            rate = 0.05 * (1 - step / steps)
            weights -= rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
        return weights, base

    def crossed(self, folds: int = 8) -> Any:
        fold = np.random.default_rng(1).integers(0, folds, len(self.y))
        guess = np.zeros(len(self.y), int)
        for number in range(folds):
            weights, base = self.fit(np.where(fold != number)[0])
            rows = fold == number
            guess[rows] = (self.x[rows] @ weights + base).argmax(1)
        return guess


def expected(name: str) -> dict[str, float]:
    """The prior weights of a mark."""
    if name in _EXPECTED:
        return {_EXPECTED[name]: 1.0}
    part, _, rest = name.partition(":")
    kind = rest.split(":")[0]
    kind = _READ_AS.get(kind, kind)
    if part in _EXPECTED_BY_PART and kind in KINDS:
        return {kind: _EXPECTED_BY_PART[part]}
    return {}


def macro_f1(truth: Any, guess: Any) -> float:
    """Mean F1 over the seven kinds."""
    values = []
    for kind in range(7):
        both = int(((truth == kind) & (guess == kind)).sum())
        values.append(2 * both / max(1, int((truth == kind).sum() + (guess == kind).sum())))
    return float(np.mean(values))


def toml_table(name: str, values: dict[str, float], floor: float) -> str:
    rows = [
        f'"{key}" = {value:.2f}' for key, value in sorted(values.items()) if abs(value) >= floor
    ]
    return f"[{name}]\n" + "\n".join(rows) + "\n"


def write_text(model: TextModel, thresholds: dict[str, float]) -> None:
    weights, base = model.fit(np.arange(len(model.y)))
    parts = [
        "# Weights of a text block's marks; written by bench/learn.py, not by hand.\n"
        "# Learnt from the pages of WCXB (CC-BY-4.0). Score = always + sum; the text is what is\n"
        "# above the kind's threshold.\n",
        toml_table("threshold", thresholds, 0),
        toml_table(
            "shared",
            {"always": float(base[7])}
            | dict(zip(model.names, map(float, weights[7]), strict=True)),
            0.03,
        ),
    ]
    for number, kind in enumerate(KINDS):
        own = dict(zip(model.names, map(float, weights[number]), strict=True))
        parts.append(toml_table(kind, {"always": float(base[number])} | own, 0.03))
    (EXTRACT / "text_weights.toml").write_text("\n".join(parts), "utf-8")


def write_kind(model: KindModel) -> None:
    from crawlers.extract.kind_marks import kind_words

    weights, base = model.fit(np.arange(len(model.y)))
    tables: dict[str, dict[str, float]] = {
        kind: {"always": float(base[at])} for at, kind in enumerate(KINDS)
    }
    for at, name in enumerate(model.names):
        for number, kind in enumerate(KINDS):
            tables[kind][name] = float(weights[at, number])
    unseen = {
        f"{part}:{kind}"
        for part in ("last", "dir", "path", "word", "first", "title", "h1", "host")
        for kind in kind_words()
    }
    unseen |= {f"says:{kind}:{level}" for kind in kind_words() for level in (1, 2, 3, 4)}
    for name in (unseen | set(_EXPECTED)) - set(model.names):
        for kind, value in expected(name).items():
            tables[kind][name] = value
    head = (
        "# Weights of a page's marks for each kind; written by bench/learn.py, not by hand.\n"
        "# Learnt from the pages of WCXB (CC-BY-4.0), starting from what each mark is expected to\n"
        "# say.\n"
    )
    body = "\n".join(toml_table(kind, table, 0.03) for kind, table in tables.items())
    (EXTRACT / "kind_weights.toml").write_text(f"{head}\n{body}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate, write nothing")
    parser.add_argument("--only", choices=("text", "kind"), help="one of the two")
    args = parser.parse_args()
    root = os.environ.get("RIVALMAP_MEASURE_DATA")
    if not root:
        sys.exit("RIVALMAP_MEASURE_DATA names no folder: set it to the measuring data")
    sets = list(pages(Path(root)))
    if args.only != "text":
        kinds = KindModel(sets)
        print(f"kind, cross-validated macro-F1: {macro_f1(kinds.y, kinds.crossed()):.3f}")
        if not args.check:
            write_kind(kinds)
    if args.only != "kind":
        texts = TextModel([page for page in sets if page.text is not None])
        scores = texts.crossed()
        steps = (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25)
        table = {step: texts.figures(scores, step) for step in steps}
        thresholds = {kind: max(steps, key=lambda step: table[step][kind]) for kind in KINDS}
        for kind in KINDS:
            at = thresholds[kind]
            print(f"text, cross-validated word F1, {kind}: {table[at][kind]:.3f} at {at}")
        if not args.check:
            write_text(texts, thresholds)


if __name__ == "__main__":
    main()

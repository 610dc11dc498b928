"""Learn the weights of the main text and of the page kinds from the labelled pages.

    RIVALMAP_MEASURE_DATA=... python bench/learn.py [--check]

``--check`` prints the figures of a cross-validation by site and writes nothing; without it the
weights go to the rooms ``texts`` and ``kinds`` of ``crawlers/extract``. In the check every page is
read whole, kind first, then its text as a page of that kind, by weights learnt from pages of other
sites. The pages are WCXB's (CC-BY-4.0); what is kept are some hundred numbers, no text. Needs numpy
(a part of pandas).
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
from crawlers.extract.head import Head, head_of
from crawlers.extract.kinds.marks import page_marks
from crawlers.extract.kinds.reading import settled
from crawlers.extract.kinds.words import kind_words
from crawlers.extract.outline import Outline
from crawlers.extract.structured import told
from crawlers.extract.texts.marks import Shapes, marks_of
from crawlers.extract.texts.reading import LIKE, Scale, chosen, repeated, summed
from crawlers.extract.walk import outline_of
from crawlers.urls import host_of, registrable_domain

KINDS = ("article", "service", "product", "collection", "listing", "documentation", "forum")
EXTRACT = Path(__file__).resolve().parents[1] / "crawlers" / "extract"
_WORD = re.compile(r"\w+")
_SEEN_OFTEN = 150  # blocks a mark must stand on to get a weight
_SEEN_ON = 4  # pages a kind's mark must stand on
_FOLDS = 5
_DROPPED = 0.5  # share of a page's marks hidden in each step: no kind may hang on one word

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
    "path:date": "article", "things:one-product": "product", "things:products": "collection",
}  # fmt: skip
_EXPECTED_BY_PART = {
    "last": 0.6, "dir": 0.3, "path": 0.3, "word": 0.2, "first": 0.2, "title": 0.4, "h1": 0.3,
    "says": 0.3, "host": 0.3,
}  # fmt: skip
_AS_TYPE = {
    "home": "service", "pricing": "service", "about": "service", "contact": "service",
    "careers": "service", "legal": "documentation", "forum_board": "forum",
    "forum_topic": "forum",
}  # fmt: skip
_READ_AS = {"pricing": "service", "about": "service", "contact": "service",
            "service_terms": "service"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A page of the labelled set."""

    document: Document
    outline: Outline
    head: Head
    shapes: Shapes
    marks: set[str]
    kind: str
    text: str | None
    site: str


def pages(root: Path) -> Iterator[Labelled]:
    """The labelled pages under ``root/pages``."""
    for truth in sorted((root / "pages" / "truth").glob("*.json")):
        data = json.loads(truth.read_text("utf-8"))
        body = gzip.decompress((root / "pages" / "html" / f"{truth.stem}.html.gz").read_bytes())
        document = Document(data["url"], body)
        outline = outline_of(document)
        head = head_of(document, outline)
        yield Labelled(
            document=document,
            outline=outline,
            head=head,
            shapes=Shapes(outline, told(document)),
            marks=page_marks(document, outline, title=head.title, og_type=head.og_type),
            kind=data["_internal"]["page_type"]["primary"],
            text=data["ground_truth"].get("main_content"),
            site=registrable_domain(host_of(data["url"])) or data["url"],
        )


def folds(sets: list[Labelled], seed: int) -> Any:
    """The part each page is held out with; pages of a site are held out together."""
    sites = sorted({page.site for page in sets})
    order = np.random.default_rng(seed).permutation(len(sites)) % _FOLDS
    part = dict(zip(sites, map(int, order), strict=True))
    return np.array([part[page.site] for page in sets])


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def f1(found: str, truth: str) -> float:
    """F1 of two bags of words."""
    a, b = Counter(words(found)), Counter(words(truth))
    if not a and not b:
        return 1.0
    return 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values()))


def block_shares(outline: Outline, truth: str) -> list[tuple[float, int]]:
    """For each block: the share of its word triples that stand in the truth, and its words."""
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
        found.append((share, len(own)))
    return found


class Adam:
    """Steps of a size of their own for every weight."""

    def __init__(self, shape: Any) -> None:
        self.mean, self.square, self.step = np.zeros(shape), np.zeros(shape), 0

    def move(self, slope: Any, rate: float) -> Any:
        """What to take off the weights."""
        self.step += 1
        self.mean = 0.9 * self.mean + 0.1 * slope
        self.square = 0.99 * self.square + 0.01 * slope * slope
        mean = self.mean / (1 - 0.9**self.step)
        return rate * mean / (np.sqrt(self.square / (1 - 0.99**self.step)) + 1e-8)


class TextModel:
    """A shared weight per mark and a correction per kind; logistic regression."""

    def __init__(self, sets: list[Labelled]) -> None:
        often: Counter[str] = Counter()
        for page in sets:
            for at in range(len(page.outline.blocks)):
                often.update(marks_of(page.shapes, at))
        self.names = sorted(m for m, count in often.items() if m and count >= _SEEN_OFTEN)
        index = {name: at for at, name in enumerate(self.names)}
        size = sum(len(page.outline.blocks) for page in sets)
        self.x = np.zeros((size, len(self.names)), np.float32)
        self.y, self.w = np.zeros(size, np.float32), np.zeros(size, np.float32)
        self.page, self.kind = np.zeros(size, int), np.zeros(size, int)
        row = 0
        for number, page in enumerate(sets):
            shares = block_shares(page.outline, page.text or "")
            total = sum(count * (1 + share) for share, count in shares) / 2
            for at, (share, count) in enumerate(shares):
                for mark in marks_of(page.shapes, at):
                    if mark in index:
                        self.x[row, index[mark]] = 1
                self.y[row] = share
                self.w[row] = count / max(30, total)  # every page counts alike
                self.page[row], self.kind[row] = number, KINDS.index(page.kind)
                row += 1

    def fit(self, held: Any, *, steps: int = 160) -> dict[str, dict[str, float]]:
        """Weights by kind, and ``shared``, of the pages whose numbers are not held out."""
        rows = np.where(~np.isin(self.page, held))[0]
        rows = rows[np.argsort(self.kind[rows], kind="stable")]
        x, y, w = self.x[rows], self.y[rows], self.w[rows] / self.w[rows].sum()
        ends = np.searchsorted(self.kind[rows], np.arange(8))
        weights, base = np.zeros((8, x.shape[1])), np.zeros(8)
        pull = np.array([[7e-3]] * 7 + [[1e-3]])
        for_weights, for_base = Adam(weights.shape), Adam(8)
        for step in range(1, steps + 1):
            slope, slope_base = np.zeros_like(weights), np.zeros(8)
            for kind in range(7):
                part = slice(ends[kind], ends[kind + 1])
                z = x[part] @ (weights[kind] + weights[7]).astype(np.float32)
                error = (1 / (1 + np.exp(-z - base[kind] - base[7])) - y[part]) * w[part]
                slope[kind] = error.astype(np.float32) @ x[part]
                slope_base[kind] = error.sum()
            slope[7], slope_base[7] = slope[:7].sum(0), slope_base[:7].sum()
            rate = 0.08 * (1 - step / (steps + 1))
            weights -= for_weights.move(slope + pull * weights, rate)
            base -= for_base.move(slope_base, rate)
        return {
            name: {"always": float(base[at])}
            | dict(zip(self.names, map(float, weights[at]), strict=True))
            for at, name in enumerate((*KINDS, "shared"))
        }


def text_f1(page: Labelled, scale: Scale) -> float:
    """Word F1 of a page's text by these weights."""
    columns = page.outline.columns
    taken = chosen(scale.scores(page.shapes), columns.words, repeated(columns.texts, columns.sizes))
    return f1(" ".join(columns.texts[at] for at in taken), page.text or "")


class KindModel:
    """Multinomial regression that starts from what the marks are expected to say."""

    def __init__(self, sets: list[Labelled]) -> None:
        often = Counter(mark for page in sets for mark in page.marks)
        self.names = sorted(mark for mark, count in often.items() if count >= _SEEN_ON)
        index = {name: at for at, name in enumerate(self.names)}
        self.x = np.zeros((len(sets), len(self.names)))
        for row, page in enumerate(sets):
            self.x[row, [index[mark] for mark in page.marks if mark in index]] = 1
        self.y = np.array([KINDS.index(page.kind) for page in sets])
        self.prior = np.zeros((len(self.names), 7))
        for name, at in index.items():
            for kind, value in expected(name).items():
                self.prior[at, KINDS.index(kind)] = value

    def fit(self, rows: Any, *, pull: float = 0.02, steps: int = 400) -> tuple[Any, Any]:
        """Weights (marks x kinds) and constants, from these pages."""
        x, y = self.x[rows], np.eye(7)[self.y[rows]]
        w = 1 / np.sqrt(np.maximum(y.mean(0), 1e-3))  # rare kinds count more
        w = (w / w.mean())[self.y[rows]][:, None]
        rng = np.random.default_rng(0)
        weights, base = self.prior.copy(), np.zeros(7)
        adam = Adam(weights.shape)
        for step in range(1, steps + 1):
            seen = x * (rng.random(x.shape) > _DROPPED) / (1 - _DROPPED)
            z = seen @ weights + base
            p = np.exp(z - z.max(1, keepdims=True))
            slope = (p / p.sum(1, keepdims=True) - y) * w
            base -= 0.25 * slope.mean(0)
            grad = seen.T @ slope / len(x) + pull * (weights - self.prior)
            weights -= adam.move(grad, 0.05 * (1 - step / steps))
        return weights, base

    def crossed(self, part: Any) -> Any:
        """Scores of every page by a model that has not seen its site."""
        scores = np.zeros((len(self.y), 7))
        for number in range(_FOLDS):
            weights, base = self.fit(np.where(part != number)[0])
            scores[part == number] = self.x[part == number] @ weights + base
        return scores


def kinds_by(sets: list[Labelled], scores: Any) -> list[str]:
    """The kind of every page, given the scores of the seven kinds."""
    found: list[str] = []
    for page, row in zip(sets, scores, strict=True):
        powers = np.exp(row - row.max())
        shares = dict(zip(KINDS, map(float, powers / powers.sum()), strict=True))
        found.append(settled(page.document, page.outline, page.head, page.marks, shares))
    return found


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


def macro_f1(truth: list[str], guess: list[str]) -> tuple[float, dict[str, float]]:
    """Mean F1 over the seven types, and each."""
    found = {}
    for kind in KINDS:
        both = sum(a == b == kind for a, b in zip(truth, guess, strict=True))
        found[kind] = 2 * both / max(1, truth.count(kind) + guess.count(kind))
    return float(np.mean(list(found.values()))), found


def toml_table(name: str, values: dict[str, float], floor: float) -> str:
    rows = [
        f'"{key}" = {value:.2f}' for key, value in sorted(values.items()) if abs(value) >= floor
    ]
    return f"[{name}]\n" + "\n".join(rows) + "\n"


def write_text(model: TextModel) -> None:
    tables = model.fit([])
    parts = [
        "# Weights of a text block's marks; written by bench/learn.py, not by hand.\n"
        "# Learnt from the pages of WCXB (CC-BY-4.0). The sum of a block's marks, shared ones and\n"
        "# the kind's own, is the logarithm of its odds to be the page's text.\n",
        *(toml_table(name, tables[name], 0.02) for name in ("shared", *KINDS)),
    ]
    (EXTRACT / "texts/weights.toml").write_text("\n".join(parts), "utf-8")


def write_kind(model: KindModel) -> None:
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
    (EXTRACT / "kinds/weights.toml").write_text(f"{head}\n{body}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate, write nothing")
    parser.add_argument("--only", choices=("text", "kind"), help="one of the two")
    args = parser.parse_args()
    root = os.environ.get("RIVALMAP_MEASURE_DATA")
    if not root:
        sys.exit("RIVALMAP_MEASURE_DATA names no folder: set it to the measuring data")
    sets = list(pages(Path(root)))
    if args.check:
        check(sets)
        return
    if args.only != "text":
        write_kind(KindModel(sets))
    if args.only != "kind":
        write_text(TextModel([page for page in sets if page.text is not None]))


def check(sets: list[Labelled]) -> None:
    """Print what pages of sites never seen are read like."""
    truth = [page.kind for page in sets]
    model = KindModel(sets)
    found = []
    for seed in range(3):
        kinds = kinds_by(sets, model.crossed(folds(sets, seed)))
        total, each = macro_f1(truth, [_AS_TYPE.get(kind, kind) for kind in kinds])
        print(f"kind, held out by site, macro-F1: {total:.3f} (folds {seed})")
        found.append((kinds, each))
    for kind in KINDS:
        print(f"  {kind:14} {np.mean([each[kind] for _, each in found]):.3f}")
    part = folds(sets, 0)
    texts = TextModel(sets)
    told_kind: dict[str, list[float]] = {kind: [] for kind in KINDS}
    own_kind: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(_FOLDS):
        held = np.where(part == number)[0]
        tables = texts.fit(held)
        scales = {kind: Scale(summed(tables, kind)) for kind in KINDS}
        for at in held:
            page = sets[at]
            if page.text is None:
                continue
            kind = found[0][0][at]
            own_kind[page.kind].append(text_f1(page, scales[LIKE.get(kind, kind)]))
            told_kind[page.kind].append(text_f1(page, scales[page.kind]))
    print("text, held out by site, word F1: by the kind as read (by the true kind)")
    for kind in KINDS:
        print(f"  {kind:14} {np.mean(own_kind[kind]):.3f} ({np.mean(told_kind[kind]):.3f})")


if __name__ == "__main__":
    main()

"""Learns the models of discovery: ``python -m bench.discovery_learning [--check]``.

From ``bench/texts/discovery``. Whatever a later stage learns from was read by models that never saw
the business (five parts, by business). Each thread is read twice, as it is and with other rivals
in a small market (:mod:`bench.discovery_swaps`). ``--check`` writes nothing and prints, per
language, what comes out for businesses never seen. Takes about eight minutes of one core.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pycrfsuite

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.discovery_swaps import swapped
from bench.discovery_texts import Marked, load
from pipelines.discovery.matching import key_of
from pipelines.discovery.model import Seeker
from pipelines.discovery.reading import (
    Line,
    Reading,
    _elsewhere,
    again,
    context_rows,
    line_mentions,
    own_of,
    settled,
    thread_lines,
    topics_of,
    with_spans,
)
from pipelines.discovery.recurring import Row
from pipelines.discovery.tagger import LEAST, Judge, Tagger
from pipelines.discovery.weighing import Features, features

MODELS = Path(__file__).resolve().parent.parent / "pipelines" / "discovery" / "models"
PARTS, SEED = 5, 3
TAGGING = {"c1": 0.1, "c2": 0.02, "max_iterations": 80}
JUDGING = {"c1": 0.0, "c2": 1.0, "max_iterations": 80}
RIDGE = 3.0
WRONG_NAME = 0.4
"""A stretch tagged with this chance where no name is teaches the judge what is none."""
ENOUGH = (0.3, 0.4, 0.5, 0.6, 0.7)

Lines = dict[str, list[Line]]
"""Lines by thread."""
Labelled = list[tuple[list[Row], list[str]]]


def learnt(rows: Labelled, settings: dict[str, float]) -> bytes:
    """A model."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for features_, labels in rows:
        trainer.append(features_, labels)
    trainer.set_params({**settings, "feature.possible_transitions": True})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        trainer.train(str(path))
        return path.read_bytes()


def marks_of(line: Line, marked: Marked) -> list[tuple[int, int, str]]:
    """The marks of a line, in pieces."""
    at = 0 if line.post is None else int(line.post.rpartition("/")[2]) + 1
    start = _START[marked.thread.key, line.at]
    found = []
    for begin, end, label in marked.marks[at]:
        inside = [
            i for i, piece in enumerate(line.read.found)
            if piece.start + start < end and piece.end + start > begin
        ]  # fmt: skip
        if inside:
            found.append((inside[0], inside[-1] + 1, label))
    return found


_START: dict[tuple[str, int], int] = {}


def place_lines(lines: Lines, threads: dict[str, Marked]) -> None:
    """Where each line begins in its post: the same line may stand twice."""
    for key, found in lines.items():
        after: dict[str | None, int] = {}
        for line in found:
            at = 0 if line.post is None else int(line.post.rpartition("/")[2]) + 1
            thread = threads[key].thread
            text = thread.title if at == 0 else thread.posts[at - 1].text
            start = text.index(line.read.text, after.get(line.post, 0))
            after[line.post] = start + len(line.read.text)
            _START[key, line.at] = start


def labels_of(line: Line, marked: Marked) -> list[str]:
    """The labels of a line's pieces: a rival or ourselves R, another name N."""
    labels = ["O"] * len(line.read.found)
    for first, end, label in marks_of(line, marked):
        kind = "R" if label in "rs" else "N"
        labels[first:end] = ["B" + kind] + ["I" + kind] * (end - first - 1)
    return labels


class Learner:
    """The texts, and who belongs to which part."""

    def __init__(self) -> None:
        self.seekers, marked = load()
        self.threads = {one.thread.key: one for one in marked}
        self.by_business: dict[str, list[Marked]] = defaultdict(list)
        for one in marked:
            self.by_business[one.business].append(one)
        ids = sorted(self.by_business)
        random.Random(SEED).shuffle(ids)
        self.part = {id_: at % PARTS for at, id_ in enumerate(ids)}
        for id_, few in swapped(self.by_business, self.part, SEED).items():
            business = id_.partition("~")[0]
            self.by_business[id_] = few
            self.seekers[id_] = self.seekers[business]
            self.part[id_] = self.part[business]
            self.threads |= {one.thread.key: one for one in few}

    def lines(self) -> Lines:
        """The features of every line, market by market."""
        found: Lines = defaultdict(list)
        for id_, marked in self.by_business.items():
            seeker, threads = self.seekers[id_], [one.thread for one in marked]
            topics = topics_of(threads, seeker)
            for line in thread_lines(threads, own_of(seeker), topics):
                found[line.thread].append(line)
        place_lines(found, self.threads)
        return dict(found)

    def part_of(self, thread: str) -> int:
        """The part a thread belongs to."""
        return self.part[self.threads[thread].business]

    def tagger(self, lines: Lines, *, han: bool, but: int | None) -> bytes:
        """A tagger learnt from all parts but one."""
        return learnt(
            [
                (line.read.rows, labels_of(line, self.threads[key]))
                for key, found in lines.items()
                if self.part_of(key) != but
                for line in found
                if line.han == han
            ],
            TAGGING,
        )

    def read_by_others(self, lines: Lines, least: float) -> Lines:
        """Each line read by taggers that never saw its business."""
        result: Lines = {}
        for part in range(PARTS):
            taggers = {han: Tagger(self.tagger(lines, han=han, but=part)) for han in (False, True)}
            for key, found in lines.items():
                if self.part_of(key) == part:
                    result[key] = [
                        with_spans(
                            line, line.read.rows, taggers[line.han].spans(line.read.rows, least)
                        )
                        for line in found
                    ]
        return result

    def settled(self, lines: Lines) -> Lines:
        """Read lines with settled names, market by market."""
        result: Lines = defaultdict(list)
        for marked in self.by_business.values():
            for line in settled([line for one in marked for line in lines[one.thread.key]]):
                result[line.thread].append(line)
        return dict(result)

    def second_features(self, lines: Lines) -> Lines:
        """Read lines with the features of the second reading, market by market."""
        result: Lines = defaultdict(list)
        for marked in self.by_business.values():
            flat = [line for one in marked for line in lines[one.thread.key]]
            for line in again(flat):
                result[line.thread].append(line)
        return dict(result)

    def judging(self, lines: Lines, *, but: int | None) -> bytes:
        """The judge of contexts, learnt from all parts but one."""
        rows: Labelled = []
        for id_, marked in self.by_business.items():
            if self.part[id_] == but:
                continue
            seeker = self.seekers[id_]
            own = own_of(seeker)
            topics = topics_of([one.thread for one in marked], seeker)
            for one in marked:
                for line in lines[one.thread.key]:
                    topic = topics[one.thread.key]
                    rows += _true_contexts(line, one, own, topic)
                    rows += _false_contexts(line, one, own, topic)
        return learnt(rows, JUDGING)


def _extent(line: Line, first: int, end: int) -> tuple[int, int]:
    return line.read.found[first].start, line.read.found[end - 1].end


def _true_contexts(line: Line, one: Marked, own: frozenset[str], topic: object) -> Labelled:
    labels = {_extent(line, a, b): label for a, b, label in marks_of(line, one)}
    return [
        ([row], ["N" if labels[span] == "o" else "R"])
        for span, row in context_rows(line, list(labels), topic, own, one.lang)  # type: ignore[arg-type]
        if key_of(line.read.text[span[0] : span[1]]) not in own
    ]


def _false_contexts(line: Line, one: Marked, own: frozenset[str], topic: object) -> Labelled:
    true = {_extent(line, a, b) for a, b, _ in marks_of(line, one)}
    tagged = {_extent(line, span.first, span.end): span.name for span in line.read.spans}
    return [
        ([row], ["X"])
        for span, row in context_rows(line, list(tagged), topic, own, one.lang)  # type: ignore[arg-type]
        if span not in true and tagged[span] >= WRONG_NAME
    ]


Rows = list[tuple[str, str, str, Features, float]]
"""(business, key, thread, features, 1.0 where it is a rival's)"""


def truth_of(one: Marked, own: frozenset[str]) -> set[str]:
    """Keys of the rivals named in a thread."""
    texts = [one.thread.title, *(post.text for post in one.thread.posts)]
    keys = {
        key_of(text[a:b])
        for text, marks in zip(texts, one.marks, strict=True)
        for a, b, label in marks
        if label == "r"
    }
    return {key for key in keys if key} - own


def alike(one: str, other: str) -> bool:
    """The same key, or one a longer form of the other."""
    short, long_ = sorted((one, other), key=len)
    least = 4 if short.isascii() else 2
    return one == other or (len(short) >= least and long_.startswith(short))


def weighed(learner: Learner, lines: Lines, judge: Callable[[int], Judge]) -> Rows:
    """Features and truth of every name in every thread, judged by ``judge(part)``."""
    rows: Rows = []
    for id_, marked in learner.by_business.items():
        seeker: Seeker = learner.seekers[id_]
        own, topics = own_of(seeker), topics_of([one.thread for one in marked], seeker)
        found = [line for one in marked for line in lines[one.thread.key]]
        models = _Only(judge(learner.part[id_]))
        lang = {one.thread.key: one.lang for one in marked}
        mentions = [
            mention
            for line in found
            for mention in line_mentions(
                line,
                topics[line.thread],
                own,
                lang[line.thread],
                models,  # type: ignore[arg-type]
            )
        ]
        mentions += _elsewhere(found, mentions)
        reading = Reading(lines=tuple(found), mentions=tuple(mentions), topics=topics, own=own)
        truth = {one.thread.key: truth_of(one, own) for one in marked}
        for key, thread, said in features(reading):
            right = any(alike(key, name) for name in truth[thread])
            rows.append((id_, key, thread, said, float(right)))
    return rows


class _Only:
    def __init__(self, judge: Judge) -> None:
        self.judge = judge


def regression(table: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's method."""
    weights = np.zeros(table.shape[1])
    for _ in range(40):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (chance - truth) + RIDGE * weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-7:
            break
    return weights


def report(learner: Learner, rows: Rows, chances: Sequence[float]) -> None:
    """Precision and recall per thread and name, per language, at several lines."""
    truth = {
        key: truth_of(one, own_of(learner.seekers[one.business]))
        for key, one in learner.threads.items()
    }
    for lang, small in product(("en", "vi", "zh"), (False, True)):
        keys = {
            key for key, one in learner.threads.items()
            if one.lang == lang and ("~" in one.business) == small
        }  # fmt: skip
        whole = sum(len(truth[key]) for key in keys)
        parts = []
        for least in ENOUGH:
            chosen = [
                (row[1], row[2], row[4])
                for row, chance in zip(rows, chances, strict=True)
                if chance >= least and row[2] in keys
            ]
            got = {
                (thread, name)
                for key, thread, _ in chosen
                for name in truth[thread]
                if alike(key, name)
            }
            precision = sum(right for *_, right in chosen) / max(1, len(chosen))
            parts.append(f"{least}: {precision:.3f} / {len(got) / whole:.3f}")
        print(
            lang,
            "small markets:" if small else "",
            len(keys),
            "threads,",
            whole,
            "names; precision / recall at",
            *parts,
        )


def main() -> None:
    """Learn, write, report."""
    parser = argparse.ArgumentParser(prog="bench discovery_learning")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    learner = Learner()
    plain = learner.lines()
    first = learner.read_by_others(plain, LEAST[0])
    again_ = learner.second_features(first)
    second = learner.settled(learner.read_by_others(again_, LEAST[1]))
    judges = {part: Judge(learner.judging(second, but=part)) for part in range(PARTS)}
    rows = weighed(learner, second, lambda part: judges[part])
    names = sorted({name for row in rows for name in row[3]})
    table = np.array([[row[3].get(name, 0.0) for name in names] for row in rows])
    truth = np.array([row[4] for row in rows])
    mean, spread = table.mean(0), table.std(0) + 1e-9
    bias = names.index("bias")
    mean[bias], spread[bias] = 0.0, 1.0
    table = (table - mean) / spread
    parts = np.array([learner.part[row[0]] for row in rows])
    chances = np.zeros(len(rows))
    for part in range(PARTS):
        weights = regression(table[parts != part], truth[parts != part])
        chances[parts == part] = 1 / (1 + np.exp(-table[parts == part] @ weights))
    report(learner, rows, list(chances))
    if options.check:
        return
    MODELS.mkdir(exist_ok=True)
    for han, script in ((False, "latin"), (True, "han")):
        for name, lines in (("first", plain), ("second", again_)):
            model = learner.tagger(lines, han=han, but=None)
            (MODELS / f"{name}_{script}.crfsuite").write_bytes(model)
    (MODELS / "context.crfsuite").write_bytes(learner.judging(second, but=None))
    weights = regression(table, truth)
    _write_weights(zip(names, mean, spread, weights, strict=True))


def _write_weights(rows: Iterable[tuple[str, float, float, float]]) -> None:
    table = {name: [round(float(x), 6) for x in values] for name, *values in rows}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in table.items())
    (MODELS / "weights.json").write_text(f"{{\n{lines}\n}}\n", "utf-8")


if __name__ == "__main__":
    main()

"""Measures discovery: ``python -m bench discovery [--odd | --even] [--alone] [--show]``.

The gold set ``tests/gold/discovery``: 200 threads for four businesses, the rivals in each named by
a writer who had not seen the rules. A found name is right where it or one of its spellings is one
of the truth's in any spelling of ``names.json``. Precision and recall over the names of all threads
(micro), with 95 % intervals by bootstrap over threads. ``--alone`` reads each thread as a market of
its own. ``--show`` lists what went wrong in even threads. ``--second``: another 200 threads for
eight other businesses, by another writer, marked as the texts to learn from are: a found name is
right where its key is that of a marked rival, or one is a longer form of the other.
"""

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.discovery_learning import alike, truth_of
from bench.discovery_texts import load as load_marked
from pipelines.discovery import Candidate, Post, Seeker, Thread, find_candidates, key_of
from pipelines.discovery.reading import own_of

GOLD = Path(__file__).resolve().parent.parent / "tests" / "gold" / "discovery"
ROUNDS, SEED = 2_000, 5
Counts = tuple[int, int, int]
"""Right, wrong and missed names of a thread."""
Outcome = tuple[Counts, list[str], list[str]]
"""The counts, the wrong names, the missed ones."""


def load(folder: Path = GOLD) -> tuple[list[dict[str, Any]], dict[str, Any], dict[str, Seeker]]:
    """Threads, names, businesses."""
    lines = (folder / "threads.jsonl").read_text("utf-8").splitlines()
    names = json.loads((folder / "names.json").read_text("utf-8"))
    rows = json.loads((folder / "businesses.json").read_text("utf-8"))
    businesses = {
        key: Seeker(
            name=row["name"],
            description=row["description"],
            aliases=tuple(row.get("aliases", ())),
        )
        for key, row in rows.items()
    }
    return [json.loads(line) for line in lines if line.strip()], names, businesses


def thread_of(row: dict[str, Any]) -> Thread:
    """A line of the gold set as the reader takes it."""
    posts = tuple(
        Post(key=str(number), text=post["text"], author=post["author"])
        for number, post in enumerate(row["posts"])
    )
    return Thread(key=row["id"], title=row["title"], posts=posts)


def measure(
    rows: list[dict[str, Any]], names: dict[str, Any], seekers: dict[str, Seeker], *, alone: bool
) -> dict[str, Outcome]:
    """Thread id -> (counts, wrong names, missed names)."""
    canonical = {
        key_of(spelling): name
        for name, row in names.items()
        for spelling in (name, *row.get("aliases", ()))
    }
    found: dict[str, set[str]] = defaultdict(set)
    for business, seeker in seekers.items():
        threads = [thread_of(row) for row in rows if row["business"] == business]
        for market in [[thread] for thread in threads] if alone else [threads]:
            for one in find_candidates(market, seeker):
                name = _canonical(one, canonical)
                for sighting in one.sightings:
                    found[sighting.place].add(name)
    result = {}
    for row in rows:
        truth = {canonical.get(key_of(name), name) for name in row["truth"]}
        got = found[row["id"]]
        wrong, missed = sorted(got - truth), sorted(truth - got)
        result[row["id"]] = ((len(got & truth), len(wrong), len(missed)), wrong, missed)
    return result


def _canonical(one: Candidate, canonical: dict[str, str]) -> str:
    spellings = (one.name, *one.aliases)
    return next((canonical[k] for s in spellings if (k := key_of(s)) in canonical), one.name)


def precision_recall(counts: Iterable[Counts]) -> tuple[float, float]:
    """Over all names."""
    right, wrong, missed = (sum(column) for column in zip(*counts, strict=True))
    return right / max(1, right + wrong), right / max(1, right + missed)


def interval(counts: list[Counts]) -> str:
    """Precision and recall with their 95 % intervals."""
    chance = random.Random(SEED)
    rounds = [precision_recall(chance.choices(counts, k=len(counts))) for _ in range(ROUNDS)]
    parts = []
    for at, value in enumerate(precision_recall(counts)):
        ordered = sorted(one[at] for one in rounds)
        low, high = ordered[int(0.025 * ROUNDS)], ordered[int(0.975 * ROUNDS)]
        parts.append(f"{('precision', 'recall')[at]} {value:.3f} [{low:.3f}, {high:.3f}]")
    return "  ".join(parts)


def measure_second() -> tuple[list[dict[str, Any]], dict[str, Outcome]]:
    """The second set: its threads as rows, and for each what came out."""
    seekers, marked = load_marked(GOLD / "second")
    rows = [
        {"id": one.thread.key, "business": one.business, "lang": one.lang, "truth": []}
        for one in marked
    ]
    result: dict[str, Outcome] = {}
    for business, seeker in seekers.items():
        threads = [one for one in marked if one.business == business]
        found: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for one in find_candidates([m.thread for m in threads], seeker):
            keys = {key_of(name) for name in (one.name, *one.aliases)}
            for sighting in one.sightings:
                found[sighting.place][one.name] = keys
        for one in threads:
            truth, got = truth_of(one, own_of(seeker)), found[one.thread.key]
            right = {
                name: {t for t in truth for key in keys if alike(key, t)}
                for name, keys in got.items()
            }
            wrong = sorted(name for name, hits in right.items() if not hits)
            missed = sorted(truth - set().union(*right.values()))
            counts = (len(truth) - len(missed), len(wrong), len(missed))
            result[one.thread.key] = (counts, wrong, missed)
    return rows, result


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="bench discovery")
    parser.add_argument("--odd", action="store_true", help="only odd threads")
    parser.add_argument("--even", action="store_true", help="only even threads")
    parser.add_argument("--alone", action="store_true", help="each thread by itself")
    parser.add_argument("--second", action="store_true", help="the second set")
    parser.add_argument("--show", action="store_true", help="what went wrong in even threads")
    options = parser.parse_args()
    if options.second:
        rows, result = measure_second()
    else:
        rows, names, seekers = load()
        result = measure(rows, names, seekers, alone=options.alone)

    def number(row: dict[str, Any]) -> int:
        return int(row["id"].rpartition("-")[2])

    if options.odd or options.even:
        rows = [row for row in rows if number(row) % 2 == int(options.odd)]
    groups: dict[str, list[dict[str, Any]]] = {"all": rows}
    groups["odd"] = [row for row in rows if number(row) % 2]
    groups["even"] = [row for row in rows if not number(row) % 2]
    for field in ("business", "lang"):
        for value in sorted({row[field] for row in rows}):
            groups[f"{field} {value}"] = [row for row in rows if row[field] == value]
    for name, group in groups.items():
        if group:
            print(f"{name:16} {len(group):4}  {interval([result[r['id']][0] for r in group])}")
    if options.show:
        for row in groups["even"]:
            _, wrong, missed = result[row["id"]]
            if wrong or missed:
                print(row["id"], row["lang"], "wrong", wrong, "missed", missed)


if __name__ == "__main__":
    main()

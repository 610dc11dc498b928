"""Spoilt inputs through every reader of hostile input: no crash, no hang, no memory over a bound.

    python -m bench.faults.fuzz --inputs 50000 --seed 1 [--from 0] [--jobs 2] [--minutes 18]

Pages (as any page, and as a page of each forum engine), market files, JSON lines of ``read`` and
``tier``, manifests and archive records (tests/fuzz/readers.py), each with one to four mutations
(tests/fuzz/mutations.py). Bounds an input: tests/fuzz/trying.py. Each worker is a process: one that
dies names the input it died of. ``--show N`` writes the bytes of one input to standard output.
Exits 1 where anything was found.
"""

import argparse
import json
import multiprocessing
import queue
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from tests.fuzz.readers import readers
from tests.fuzz.trying import SLOWEST, Tried, attempt, choose, warm


def work(numbers: range, seed: int, until: float, slowest: float, told: "Queue[Any]") -> None:
    """Try inputs; tells (worker's first number, number) before and what came of it after."""
    with tempfile.TemporaryDirectory(prefix="rivalmap-fuzz-") as folder:
        known = readers(Path(folder))
        warm(known)
        for number in numbers:
            if time.monotonic() > until:
                break
            name, body = choose(number, seed, known)
            told.put((numbers.start, number, None))
            tried = attempt(name, known[name], body, number, slowest=slowest)
            told.put((numbers.start, number, tried))
    told.put((numbers.start, None, None))


def run(
    first: int, inputs: int, seed: int, *, jobs: int, until: float, slowest: float = SLOWEST
) -> list[Tried]:
    """Every input's outcome, those a worker died of among them; faults are printed at once."""
    context = multiprocessing.get_context("spawn")
    told: Queue[Any] = context.Queue()
    shares = [range(first + job, first + inputs, jobs) for job in range(jobs)]
    workers = {
        share.start: context.Process(
            target=work, args=(share, seed, until, slowest, told), daemon=True
        )
        for share in shares
    }
    for worker in workers.values():
        worker.start()
    at: dict[int, int | None] = dict.fromkeys(workers, -1)
    found: list[Tried] = []
    while any(number is not None for number in at.values()):
        try:
            start, at_number, tried = told.get(timeout=5)
        except queue.Empty:
            for start, worker in workers.items():
                if at[start] is not None and not worker.is_alive():
                    tried = Tried(
                        number=at[start] or 0, reader="?", size=0, seconds=0, memory=0,
                        fault=f"the worker died, exit code {worker.exitcode}",
                    )  # fmt: skip
                    found.append(tried)
                    print(json.dumps(vars_of(tried)), flush=True)
                    at[start] = None
            continue
        if tried is None:
            at[start] = at_number
        else:
            found.append(tried)
            if tried.fault:
                print(json.dumps(vars_of(tried)), flush=True)
    for worker in workers.values():
        worker.join(timeout=30)
    return found


def vars_of(tried: Tried) -> dict[str, Any]:
    """An outcome as JSON."""
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in vars(tried).items()
    }


def main() -> int:
    """Try so many inputs, or until the time is over."""
    parser = argparse.ArgumentParser(description="spoilt inputs through every reader")
    parser.add_argument("--inputs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--show", type=int, metavar="N", help="write input N and end")
    options = parser.parse_args()
    if options.show is not None:
        with tempfile.TemporaryDirectory() as folder:
            name, body = choose(options.show, options.seed, readers(Path(folder)))
        sys.stderr.write(name + "\n")
        sys.stdout.buffer.write(body)
        return 0
    began = time.monotonic()
    until = began + options.minutes * 60
    found = run(options.first, options.inputs, options.seed, jobs=options.jobs, until=until)
    slowest = max(found, key=lambda tried: tried.seconds, default=None)
    print(json.dumps({
        "seed": options.seed, "from": options.first, "inputs": len(found),
        "last": max((tried.number for tried in found), default=None),
        "by_reader": Counter(tried.reader for tried in found),
        "bytes": sum(tried.size for tried in found),
        "faults": sum(tried.fault is not None for tried in found),
        "slowest": vars_of(slowest) if slowest else None,
        "most_memory_added_mb": max((tried.memory for tried in found), default=0),
        "seconds": round(time.monotonic() - began, 1),
    }))  # fmt: skip
    return int(any(tried.fault for tried in found))


if __name__ == "__main__":
    sys.exit(main())

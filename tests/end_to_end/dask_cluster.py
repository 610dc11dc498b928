"""A Dask cluster of real processes on this machine: a scheduler and workers, on loopback only."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

DASK = str(Path(sys.executable).parent / "dask")
_LOCAL = ("--host", "127.0.0.1", "--no-dashboard")


@dataclass(frozen=True)
class Cluster:
    """The scheduler's address, and its processes."""

    address: str
    scheduler: "subprocess.Popen[bytes]"
    workers: "list[subprocess.Popen[bytes]]"


@contextmanager
def dask_cluster(*, workers: int) -> Iterator[Cluster]:
    """Running until the block ends; the workers start in a folder where nothing of ours lies."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        told = place / "scheduler.json"
        started = []
        try:
            started.append(
                _start(place, "scheduler", *_LOCAL, "--port", "0", "--scheduler-file", str(told))
            )
            deadline = time.monotonic() + 30
            while not (told.exists() and told.read_text().endswith("}")):
                assert time.monotonic() < deadline and started[0].poll() is None
                time.sleep(0.05)
            for _ in range(workers):
                started.append(
                    _start(
                        place, "worker", *_LOCAL, "--nthreads", "1", "--no-nanny",
                        "--scheduler-file", str(told),
                    )
                )  # fmt: skip
            address = json.loads(told.read_text())["address"]
            yield Cluster(address, started[0], started[1:])
        finally:
            for process in reversed(started):
                process.kill()  # a worker that is asked to go first waits for its scheduler
            for process in started:
                process.wait(timeout=20)


def _start(place: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(place)}
    return subprocess.Popen(
        [DASK, *arguments], cwd=place, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

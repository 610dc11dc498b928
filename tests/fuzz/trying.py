"""One spoilt input through one reader: what came of it, in processor time and memory."""

import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from tests.fuzz.mutations import drawn
from tests.fuzz.readers import Reader

SLOWEST = 1.0
"""Seconds of processor time an input may take."""

STUCK = 10.0
"""Seconds of processor time after which an input is given up."""

MOST_MEMORY = 256
"""MB an input may add to the most memory the process has ever held."""


class StuckError(BaseException):
    """An input took too long; no reader catches it."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of an input; ``fault`` is ``None`` where all was well. Seconds are of processor
    time, memory is in MB.
    """

    number: int
    reader: str
    size: int
    seconds: float
    memory: int
    fault: str | None


def choose(number: int, seed: int, readers: Mapping[str, Reader]) -> tuple[str, bytes]:
    """The reader and the bytes of an input: the same for the same numbers."""
    rng = random.Random(f"{seed}/{number}")
    names = list(readers)
    (name,) = rng.choices(names, [readers[name].share for name in names])
    return name, drawn(rng, readers[name].seeds)


def attempt(
    name: str, reader: Reader, body: bytes, number: int, *, slowest: float = SLOWEST
) -> Tried:
    """Read it, and watch."""
    memory, began = _peak(), time.process_time()
    fault = None
    try:
        with _given_up_after(STUCK):
            reader.read(body, number)
    except StuckError:
        fault = "stuck at " + _where(sys.exc_info()[2])
    except Exception as error:
        fault = f"{type(error).__name__}: {str(error)[:300]} at {_where(error.__traceback__)}"
    seconds, memory = time.process_time() - began, _peak() - memory
    if fault is None and seconds > slowest:
        fault = f"took {seconds:.2f} s"
    if fault is None and memory > MOST_MEMORY:
        fault = f"took {memory} MB"
    return Tried(
        number=number, reader=name, size=len(body), seconds=seconds, memory=memory, fault=fault
    )


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _where(trace: object) -> str:
    steps = traceback.extract_tb(trace)  # type: ignore[arg-type]
    ours = [step for step in steps if "site-packages" not in step.filename]
    return " < ".join(
        f"{step.filename.rpartition('/')[2]}:{step.lineno}" for step in reversed(ours[-5:])
    )


@contextmanager
def _given_up_after(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise StuckError

    before: Callable[..., object] | int | None = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def warm(readers: Mapping[str, Reader]) -> None:
    """Let every reader load its models and tables, so that the first input does not pay."""
    for reader in readers.values():
        for number, seed in enumerate(reader.seeds[:40]):
            reader.read(seed, number)

"""Who does the reading of a refresh: this process alone, or processes beside it.

Parts of the work go out in order and come back in order, so that the one writer stores the same
rows in the same order, whoever read.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Protocol, Self, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")

_SPAWN = get_context("spawn")
"""Processes begun anew on every system: a fork copies threads' locks in whatever state they are."""

AHEAD = 2
"""Parts handed out for each reader: one in work, one waiting, so that none stands idle while the
parent writes. More would only fill the memory."""

LOSSES = 3
"""Processes that may die one after the other over the same part, before it is given up."""


class WorkersError(Exception):
    """The readers of a refresh are lost; the message says how, and what to do."""


class Crew(Protocol):
    """Who reads. ``shares_files``: whether it can read the market's folder itself."""

    shares_files: bool

    def each(
        self, work: Callable[[Part], Result], parts: Iterable[Part]
    ) -> Iterator[tuple[Part, Result]]:
        """Each part with what ``work`` makes of it, in the order of the parts.

        Parts are taken as they are needed, a few ahead of what is given back.

        :param work: a function of a module, which others can import; what it raises is raised.
        """


class Alone:
    """This process."""

    shares_files = True

    def each(
        self, work: Callable[[Part], Result], parts: Iterable[Part]
    ) -> Iterator[tuple[Part, Result]]:
        """Each part is taken when the one before it has been dealt with."""
        for part in parts:
            yield part, work(part)


ALONE = Alone()


class Workers:
    """Processes beside this one; a with-statement's.

    One that dies (killed, out of memory) is replaced and what was in work is read again. They end
    with this process, however it ends.

    :param count: how many.
    """

    shares_files = True

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: ProcessPoolExecutor | None = None
        self._heard, self._line = _SPAWN.Pipe(duplex=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if exception[0] is not None:
            self._line.close()  # nobody waits for what is in work any more
        self._end()
        self._line.close()
        self._heard.close()

    def each(
        self, work: Callable[[Part], Result], parts: Iterable[Part]
    ) -> Iterator[tuple[Part, Result]]:
        """Parts are read side by side.

        :raises WorkersError: where processes keep dying over one part.
        """
        source = iter(parts)
        waiting: deque[tuple[Part, Future[Result] | None]] = deque()
        singly, deaths = 0, 0  # so many parts are handed out one at a time; deaths over the first
        while True:
            waiting.extend((part, None) for part in islice(source, self._room(waiting)))
            if not waiting:
                return
            part = waiting[0][0]
            try:
                for place, (one, future) in enumerate(waiting if not singly else [waiting[0]]):
                    if future is None:
                        waiting[place] = (one, self._submit(work, one))
                result = waiting[0][1].result()  # type: ignore[union-attr]
            except BrokenProcessPool:
                # Whose fault it was cannot be told, so all that was in work goes one by one: then a
                # part that kills whoever reads it is found, and no other is blamed.
                self._end()
                deaths = deaths + 1 if singly else 0
                if deaths == LOSSES:
                    raise WorkersError(
                        f"{LOSSES} processes died one after the other over the same part. What was "
                        "stored stays. Is the memory full? Try fewer --workers, or none"
                    ) from None
                singly = singly or len(waiting)
                waiting = deque((one, _kept(future)) for one, future in waiting)
                continue
            waiting.popleft()
            singly, deaths = max(0, singly - 1), 0
            yield part, result

    def _room(self, waiting: deque[Any]) -> int:
        return max(0, self._count * AHEAD - len(waiting))

    def _submit(self, work: Callable[[Part], Result], part: Part) -> "Future[Result]":
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._count, mp_context=_SPAWN, initializer=_begin, initargs=(self._heard,)
            )
        with _deaf():
            return self._pool.submit(work, part)

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _kept(future: "Future[Result] | None") -> "Future[Result] | None":
    """What was read before the loss need not be read again."""
    done = future is not None and future.done() and not future.cancelled()
    return future if done and future is not None and future.exception() is None else None


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes begun here do not hear Ctrl-C, which a terminal sends to all of us: the parent
    stops them. Held back from the start, since it may come while one is still importing.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows: _begin alone
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(line: Connection) -> None:
    """A process's first work: it waits for its parent's end beside its own work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(line,), daemon=True).start()


def _end_with_parent(line: Connection) -> None:
    # Nothing is ever sent. The line ends when the parent closes it or dies, also by kill -9, of
    # which a pool's process would not hear: it would wait for work for ever.
    try:
        line.recv_bytes()
    except (EOFError, OSError):
        os._exit(0)

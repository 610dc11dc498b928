"""Reading pages in processes beside the crawl, where one core is not enough.

A loop hands out :class:`Work`: a pure function and the document it reads. Done by nobody, it is
done where its result is asked for, so that a crawl without readers is the same code. Each reader is
a process with a line of its own to this one: whoever dies, it is known over which page.

No scrapy here: what a reader imports is paid by every reader.
"""

import asyncio
import atexit
import logging
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from math import ceil, inf
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import Empty, PriorityQueue, SimpleQueue
from typing import Any, Generic, TypeVar

from crawlers.document import Document

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

PAGES_A_SECOND = 50
"""Company pages one process reads a second, roughly (docs/performance.md)."""
AHEAD = 2
"""Pages with each reader: one in work, one waiting, so that it does not stand idle while this
process is busy. More would only fill the memory."""
LOSSES = 2
"""Readers that may die over one page before it is given up: the first may have been killed."""
MOST_DEATHS = 20
"""Readers that may die in a crawl; then this process reads what is left."""

_SPAWN = get_context("spawn")
"""Processes begun anew on every system: a fork copies threads' locks in whatever state they are."""
_STARTING = threading.Lock()
_END_SECONDS = 5.0
_FAILED = b"-"
"""What a reader answers where it could not read: whoever asked reads, and sees the error."""


class ReaderDiedError(Exception):
    """The processes that read a page ended over it; the message says so in words."""


class Work(Generic[Result]):
    """The reading of one document.

    :param function: a pure function of a module, which others can import; what it takes and gives
        can be pickled.
    :param how: its arguments beside the document.
    """

    def __init__(self, function: Callable[..., Result], document: Document, **how: Any) -> None:
        self._function = function
        self._document = document
        self._how = how
        self._results: list[Result] = []
        self._error: Exception | None = None

    def result(self) -> Result:
        """What was read; read here and now, where nobody has.

        :raises ReaderDiedError: where it was given up.
        :raises Exception: whatever the function raises.
        """
        if self._error is not None:
            raise self._error
        if not self._results:
            self._results.append(self._function(self._document, **self._how))
        return self._results[0]

    def packed(self) -> bytes:
        """As it is sent to a reader."""
        return pickle.dumps((self._function, self._document, self._how), pickle.HIGHEST_PROTOCOL)

    def take(self, result: Result) -> None:
        """Keep what a reader has read."""
        self._results.append(result)

    def give_up(self, error: Exception) -> None:
        """Nobody is to read it any more."""
        self._error = error


def readers_for(wanted: str, *, sites: int, delay: float, cores: int) -> int:
    """How many processes read for a crawl.

    :param wanted: the setting ``RIVALMAP_READERS``: a number, or ``auto``: as many as the sites'
        pages need at the rate they may be asked for, where this process could not read them all by
        itself; one core is left for it.
    :param delay: seconds between two requests to a site.
    :raises ValueError: where the setting is neither.
    """
    if wanted != "auto":
        if not wanted.isdecimal():
            raise ValueError(f'RIVALMAP_READERS is {wanted!r}; it takes a number, or "auto"')
        return int(wanted)
    pages = sites / max(1.0, delay)
    return min(cores - 1, ceil(pages / PAGES_A_SECOND)) if pages > PAGES_A_SECOND else 0


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True)
class _Asked:
    """A page on its way; ``deaths``: of readers that had it in work."""

    number: int
    work: Work[Any]
    answer: "Future[Any]" = field(default_factory=Future)
    deaths: int = 0

    def end(self, result: list[Any], error: Exception | None = None) -> None:
        """Tell who waits: what was read, or nothing, if it has to be read there."""
        with suppress(InvalidStateError):  # nobody waits any more
            if error is not None:
                self.answer.set_exception(error)
            else:
                self.answer.set_result(result)


class Readers:
    """Processes that read, begun as they are needed; see :func:`join`.

    They end with this process, however it ends, and do not hear Ctrl-C.

    :param most: how many.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.users = 0
        self._queue: PriorityQueue[tuple[float, int, _Asked | None]] = PriorityQueue()
        self._entries = count()
        self._numbers = count()
        self._threads: list[threading.Thread] = []
        self._processes: list[BaseProcess] = []
        self._under_way = 0
        self._room = asyncio.Semaphore(AHEAD * most)
        self._last: asyncio.Event | None = None
        self._deaths = 0
        self._gone = False

    async def do(self, work: Work[Any]) -> None:
        """Have a page read; returns when its turn has come: pages come back as they came in.

        Where no reader could read it, whoever asks for the result does.
        """
        before, self._last = self._last, asyncio.Event()
        mine = self._last
        try:
            async with self._room:
                if not self._gone:
                    await self._read(work)
            if before is not None:
                await before.wait()
        finally:
            mine.set()

    async def _read(self, work: Work[Any]) -> None:
        asked = _Asked(next(self._numbers), work)
        self._under_way += 1
        self._put(asked)
        if len(self._threads) < min(self.most, self._under_way):
            thread = threading.Thread(target=self._serve, daemon=True, name="rivalmap-reader")
            self._threads.append(thread)
            thread.start()
        try:
            for result in await asyncio.wrap_future(asked.answer):
                work.take(result)
        except ReaderDiedError as error:
            work.give_up(error)
        finally:
            self._under_way -= 1

    def _put(self, asked: _Asked | None) -> None:
        place = asked.number if asked is not None else inf  # what is asked anew comes first
        self._queue.put((place, next(self._entries), asked))

    def close(self) -> None:
        """End the processes, whatever they do."""
        self._gone = True
        for process in self._processes if self._under_way else ():
            process.kill()
        for _ in self._threads:
            self._put(None)
        for thread in self._threads:
            thread.join(_END_SECONDS)

    # --- in a thread of each reader -------------------------------------------------------------

    def _serve(self) -> None:
        """Talk with a reader, and with the next one where it dies."""
        if hasattr(signal, "pthread_sigmask"):  # what is begun here has it blocked from its start
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        at_work: deque[_Asked] = deque()
        process: BaseProcess | None = None
        line: Connection | None = None
        while True:
            try:
                _, _, asked = self._queue.get(block=not at_work)
            except Empty:
                asked = None
            else:
                if asked is None:  # the end
                    break
                at_work.append(asked)
                if self._gone:
                    self._hand_back(at_work)
                    continue
            if line is None:
                try:
                    process, line = self._begin()
                except OSError as error:
                    self._go_on_alone(f"cannot be started: {error}")
                    self._hand_back(at_work)
                    continue
            try:
                if asked is not None:
                    line.send_bytes(asked.work.packed())
                    if len(at_work) < AHEAD:
                        continue
                answer = line.recv_bytes()
            except (EOFError, OSError):
                _end(process, line)
                line = None
                self._died(at_work)
                continue
            except Exception as error:  # what cannot be sent is read here
                logger.debug("a page cannot be sent: %r", error)
                at_work.pop().end([])
                continue
            at_work.popleft().end(_unpacked(answer))
        _end(process, line)
        self._hand_back(at_work)

    def _begin(self) -> tuple[BaseProcess, Connection]:
        line, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_reader, args=(theirs,), daemon=True)
        with _STARTING:
            process.start()
        theirs.close()  # else its end would not be heard
        self._processes.append(process)
        return process, line

    def _died(self, at_work: deque[_Asked]) -> None:
        """What was in work is read anew; the first of it was being read."""
        self._deaths += 1
        if self._deaths >= MOST_DEATHS:
            self._go_on_alone(f"died {self._deaths} times")
        at_work[0].deaths += 1
        if at_work[0].deaths == LOSSES:
            error = ReaderDiedError(
                f"{LOSSES} processes ended over this page, one after the other; it is left out of "
                "this run. Is the memory full?"
            )
            at_work.popleft().end([], error)
        while at_work:
            self._put(at_work.popleft())

    def _go_on_alone(self, why: str) -> None:
        if not self._gone:
            logger.warning("processes that read pages %s; this one reads on alone", why)
        self._gone = True

    @staticmethod
    def _hand_back(at_work: deque[_Asked]) -> None:
        while at_work:
            at_work.popleft().end([])


def _end(process: BaseProcess | None, line: Connection | None) -> None:
    """Hang up, which ends a reader, and wait for it."""
    if line is not None:
        line.close()
    if process is not None:
        process.join(_END_SECONDS)
        if process.is_alive():
            process.kill()


def _unpacked(answer: bytes) -> list[Any]:
    if answer == _FAILED:
        return []
    try:
        return [pickle.loads(answer)]  # noqa: S301 - of a process of ours
    except Exception as error:
        logger.debug("what a reader read cannot be taken: %r", error)
        return []


# --- in a reader ------------------------------------------------------------------------------


def _reader(line: Connection) -> None:
    """Read what is sent until the line ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sent: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_hear, args=(line, sent), daemon=True).start()
    while True:
        answer = _answer(sent.get())
        try:
            line.send_bytes(answer)
        except OSError:
            os._exit(0)


def _hear(line: Connection, sent: "SimpleQueue[bytes]") -> None:
    """Take what is sent, beside the reading: so the end of the line, also by kill -9 of who sends,
    is heard at once.
    """
    while True:
        try:
            sent.put(line.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)


def _answer(packed: bytes) -> bytes:
    try:
        function, document, how = pickle.loads(packed)  # noqa: S301 - of a process of ours
        return pickle.dumps(function(document, **how), pickle.HIGHEST_PROTOCOL)
    except Exception:
        return _FAILED


# --- one set of readers for the process -------------------------------------------------------

_shared: Readers | None = None
"""Spiders that run side by side share them: they share the cores."""


def join(number: int) -> Readers:
    """Use the readers of this process; the first who does says how many they are."""
    global _shared  # noqa: PLW0603 - the cores are one
    if _shared is None:
        _shared = Readers(number)
        atexit.register(_shared.close)  # a crawl that is broken off sends nobody home
    _shared.users += 1
    return _shared


def leave(readers: Readers) -> None:
    """Use them no more; with the last user they end."""
    global _shared  # noqa: PLW0603
    readers.users -= 1
    if not readers.users:
        readers.close()
        atexit.unregister(readers.close)
        if _shared is readers:
            _shared = None

"""Stopping in order: SIGTERM and Ctrl-C, at any moment of a run."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

AGAIN_SECONDS = 5.0
"""A word said again within so long is the same word: Ctrl-C reaches a shell's whole group, and what
is being undone is not to be cut short. After that it counts anew, in case a library swallowed it.
"""


class Stopped(KeyboardInterrupt):
    """The run was asked to stop (SIGTERM, Ctrl-C)."""


@dataclass(slots=True)
class Word:
    """Whether a stop was asked for, and when last (of :func:`time.monotonic`)."""

    heard: bool = False
    at: float = float("-inf")

    def stop(self, number: int, frame: FrameType | None) -> None:
        """Hear it: raises :class:`Stopped`, but where it is the same word once more."""
        now = monotonic()
        if now - self.at < AGAIN_SECONDS:
            return
        self.heard, self.at = True, now
        raise Stopped


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGINT end what is inside by :class:`Stopped`, wherever it is.

    What is inside works in transactions: what was begun is undone, what was committed stays. An
    error that a library made of the stop (SQLite does, in functions of ours), and a stop that was
    swallowed, end as :class:`Stopped`, too.
    """
    word = Word()
    with _handled(word.stop):
        try:
            yield
        except Exception as error:
            if word.heard:
                raise Stopped from error
            raise
        if word.heard:
            raise Stopped


@contextmanager
def hearing(*calls: Callable[[], Any]) -> Iterator[Word]:
    """Let the first SIGTERM or SIGINT call the first of some functions, the second the second;
    further ones do nothing. For an event loop, which is ended from within: raising in it leaves
    its callbacks half done.

    :param calls: called in the signal's handler, between any two steps of the main thread.
    """
    word = Word()
    left = list(calls)

    def hear(number: int, frame: FrameType | None) -> None:
        word.heard = True
        if left:
            left.pop(0)()

    with _handled(hear):
        yield word


@contextmanager
def unheard() -> Iterator[None]:
    """Hear no stop while a run says its last words: they take a moment, and its end is near."""
    with _handled(signal.SIG_IGN):
        yield


def hear_no_more() -> None:
    """From here to the process's end its exit code stands, whoever asks it to stop."""
    if _in_main_thread():
        _handle(signal.SIG_IGN)


@contextmanager
def _handled(handler: Any) -> Iterator[None]:
    if not _in_main_thread():
        yield
        return
    former = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        _handle(handler)
        yield
    finally:
        for number, before in former.items():
            signal.signal(number, before)


def _handle(handler: Any) -> None:
    for number in _SIGNALS:
        signal.signal(number, handler)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()

"""Stopping in order where no crawl is running that would see to it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(KeyboardInterrupt):
    """The run was asked to stop (SIGTERM, Ctrl-C)."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGINT end what is inside by :class:`Stopped`, wherever it is.

    Scrapy's handlers stay behind when its reactor has ended, and would do nothing. What is inside
    works in transactions: what was begun is undone, what was committed stays.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)

"""One writer a market over all machines, and waiting for a Redis that is away."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

from redis.exceptions import RedisError

from analysis.lock import LockedError
from crawlers.cluster import scripts
from crawlers.cluster.connection import RedisAddressError
from crawlers.cluster.keys import MarketKeys
from crawlers.market import data_dir

logger = logging.getLogger(__name__)

PEN_SECONDS = 30.0
"""How long the mark of the writer lasts that is not renewed."""
WAIT_SECONDS = 0.25
"""How long to wait for an item before looking at the frontier again."""


def gone(error: RedisError, patience: float) -> RedisAddressError:
    """What to raise where Redis stayed away.

    :param patience: seconds it was waited for.
    """
    return RedisAddressError(
        f"Redis did not come back within {patience:g} s: {error}. What was written stays; the next "
        "start goes on"
    )


def patiently(ask: Callable[[], Any], patience: float) -> Any:
    """An answer of Redis, waited for where it is away.

    :param patience: seconds to wait for it.
    :raises RedisAddressError: where it does not come back.
    """
    began = monotonic()
    while True:
        try:
            return ask()
        except RedisError as error:
            if monotonic() - began > patience:
                raise gone(error, patience) from None
            sleep(WAIT_SECONDS)


@contextmanager
def pen(server: Any, keys: MarketKeys) -> Iterator[threading.Event]:
    """Be the one writer of a market. A start in the same folder may go on for one that was killed:
    the market's lock has told them apart. The event is set where another took the pen, which takes
    a Redis that forgot it.

    :raises LockedError: where another machine writes the market.
    """
    name = f"{socket.gethostname()} {data_dir(keys.market)}"
    take = server.register_script(scripts.TAKE_PEN)

    def held() -> bool:
        return bool(take(keys=[keys.writer], args=[name, round(PEN_SECONDS * 1000)]))

    if not held():
        other = (server.get(keys.writer) or b"").decode("utf-8", "replace")
        raise LockedError(
            f"market {keys.market!r} is written by another machine ({other}). Wait until it ends"
        )
    done, lost = threading.Event(), threading.Event()

    def keep() -> None:
        while not done.wait(PEN_SECONDS / 6):
            try:
                if not held():
                    lost.set()
            except RedisError:
                continue

    thread = threading.Thread(target=keep, name="rivalmap-pen", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        done.set()
        thread.join()
        try:
            server.register_script(scripts.DROP_PEN)(keys=[keys.writer], args=[name])
        except RedisError:
            logger.info("the writer's mark is left to run out")

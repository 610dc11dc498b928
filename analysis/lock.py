"""One run a market: the lock, and who holds it."""

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.storage.database import DatabaseError
from pipelines.storage.times import now_text

LOCK_NAME = "lock"
_HOLDER_NAME = "lock.json"


class LockedError(Exception):
    """Another run holds the market; the message says which, since when, and what to do."""


@contextmanager
def market_lock(folder: Path, command: str) -> Iterator[None]:
    """Hold a market while it is written to. The system frees the lock of a killed process.

    :param folder: the market's data folder.
    :param command: what holds it, for the message another run gets.
    :raises LockedError: where another process holds it.
    """
    lock = FileLock(folder / LOCK_NAME)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError(_held_by(folder)) from None
    except OSError as error:
        raise DatabaseError(
            f"{folder} cannot be written: {error.strerror or error}. Check that it is a folder of "
            "yours, or name another home in RIVALMAP_HOME"
        ) from None
    holder = folder / _HOLDER_NAME
    holds = json.dumps({"pid": os.getpid(), "command": command, "since": now_text()})
    with contextlib.suppress(OSError):  # a full disk: only the other's message is poorer
        holder.write_text(holds, encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def holder_of(folder: Path) -> str | None:
    """Who holds a market now, in words; ``None``: nobody."""
    if not (folder / LOCK_NAME).exists():
        return None
    lock = FileLock(folder / LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return _holder(folder)
    lock.release()
    return None


def _held_by(folder: Path) -> str:
    return (
        f"market {folder.name!r} is held by {_holder(folder)}. Wait until it ends, or stop that "
        "process; what it has stored stays"
    )


def _holder(folder: Path) -> str:
    try:
        held = json.loads((folder / _HOLDER_NAME).read_text(encoding="utf-8"))
        return f"scrapy {held['command']} (process {held['pid']}, since {held['since']})"
    except (OSError, ValueError, KeyError):
        return "another run"

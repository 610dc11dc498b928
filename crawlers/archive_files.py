"""The archive's files on the disk: which last, which go, which a kill left torn.

A file that is being written has a lock beside it (``NAME.warc.gz.open``), which the system frees
when its process dies. So whoever starts next knows which files were cut off, and nobody removes one
that another process still writes.
"""

import logging
import os
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

logger = logging.getLogger(__name__)

ARCHIVE_FOLDER = "archive"
PATTERN = "*.warc.gz"
HAND_SUFFIX = ".open"
_SOON = 0.75
"""What lies deeper in the archive than this part of its bound counts as gone: the page is asked for
again before the bound takes its answer away."""
_CHUNK = 1 << 20


def hand_lock(path: Path) -> FileLock:
    """The lock beside a file that is being written."""
    return FileLock(path.with_name(path.name + HAND_SUFFIX), blocking=False)


def lasting_files(folder: Path, *, days: int, most: int | None = None) -> frozenset[str]:
    """Names of a market's archive files that stay for a while.

    :param folder: the market's data folder.
    :param days: none older than so many days.
    :param most: bytes the whole archive may take; what its bound will soon take is left out.
    """
    limit = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    lasting, size = set(), 0
    for path, modified, bytes_ in reversed(_oldest_first(folder / ARCHIVE_FOLDER)):
        size += bytes_
        if modified >= limit and (most is None or size <= most * _SOON):
            lasting.add(path.name)
    return frozenset(lasting)


def expire(folder: Path, *, days: int) -> int:
    """Remove archive files older than so many days; returns how many.

    :param folder: the archive's own folder, as of all functions below.
    """
    old = expired(folder, days=days)
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def expired(folder: Path, *, days: int) -> list[Path]:
    """The files that are older than so many days, and that nobody writes."""
    limit = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    return [
        path for path, modified, _ in _oldest_first(folder)
        if modified < limit and not in_hand(path)
    ]  # fmt: skip


def trim(folder: Path, *, most: int) -> int:
    """Remove the oldest files until the archive takes ``most`` bytes at most; returns how many.

    Never one that is being written.
    """
    files = _oldest_first(folder)
    size = sum(bytes_ for *_, bytes_ in files)
    removed = 0
    for path, _, bytes_ in files:
        if size <= most:
            break
        if not in_hand(path):
            path.unlink(missing_ok=True)
            size -= bytes_
            removed += 1
    return removed


def mend(folder: Path) -> dict[str, int]:
    """Cut the torn tail off every file whose writer was killed: only whole records stay.

    Rows that name an answer in the part cut off keep their facts; the answer reads as expired.

    :returns: bytes cut off, by name, also where that is 0.
    """
    mended = {}
    for hand in sorted(folder.glob(PATTERN + HAND_SUFFIX)):
        lock = FileLock(hand, blocking=False)
        try:
            lock.acquire()
        except Timeout:
            continue  # somebody is writing it
        try:
            path = hand.with_name(hand.name.removesuffix(HAND_SUFFIX))
            if path.exists():
                mended[path.name] = _cut(path)
        finally:
            lock.release()
            hand.unlink(missing_ok=True)
    return mended


def in_hand(path: Path) -> bool:
    """Whether some process is writing a file, or was until it died and nobody mended it yet."""
    return path.with_name(path.name + HAND_SUFFIX).exists()


def whole_bytes(path: Path) -> int:
    """Where the last whole gzip member of a file ends, from its start.

    Every record is a member of its own, so this is also where the last whole record ends. Read in
    pieces: neither the file nor what it unpacks to is held.
    """
    end, offset = 0, 0
    with path.open("rb") as stream:
        unpacker = zlib.decompressobj(wbits=31)
        data = stream.read(_CHUNK)
        while data:
            try:
                unpacker.decompress(data, _CHUNK)
            except zlib.error:
                return end
            left = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            offset += len(data) - len(left)
            if unpacker.eof:
                end = offset
                unpacker = zlib.decompressobj(wbits=31)
            data = left or stream.read(_CHUNK)
    return end


def size_of(folder: Path) -> tuple[int, int]:
    """How many files the archive has, and how many bytes they take."""
    files = _oldest_first(folder)
    return len(files), sum(bytes_ for *_, bytes_ in files)


def _cut(path: Path) -> int:
    before = path.stat()
    whole = whole_bytes(path)
    torn = before.st_size - whole
    if not whole:
        path.unlink()
    elif torn:
        os.truncate(path, whole)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # it grows no younger by it
    if torn:
        logger.warning(
            "%s ended in the middle of a record, as after a kill: %d bytes cut off", path, torn
        )
    return torn


def _oldest_first(folder: Path) -> list[tuple[Path, float, int]]:
    return sorted(_stated(folder), key=lambda row: (row[1], row[0].name))


def _stated(folder: Path) -> Iterator[tuple[Path, float, int]]:
    for path in folder.glob(PATTERN):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue  # expired meanwhile
        yield path, stat.st_mtime, stat.st_size

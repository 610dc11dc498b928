"""The files of a market's backups: which there are, which go, what a killed one left behind."""

import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from analysis import source_check, starting
from pipelines.redact import SALT_NAME
from pipelines.storage.database import DATABASE_NAME

BACKUP_FOLDER = "backups"
MANIFEST = "manifest.json"
MARKET_FILE = "market.toml"
BESIDE = (SALT_NAME, starting.FILE_NAME, source_check.FILE_NAME)
MEMBERS = frozenset({MANIFEST, DATABASE_NAME, MARKET_FILE, *BESIDE})
"""What a backup may hold."""
ROOM_PREFIX = ".copy-"
"""Of the folder in which a backup is put together or taken apart: it holds database and salt."""
_ROOM = re.compile(rf"{re.escape(ROOM_PREFIX)}\w{{8}}")  # as tempfile ends names
_HALF = re.compile(r"\..+\.tar\.gz\.new")
_STALE = 86_400
"""Seconds without a write, after which nobody is at work on it any more."""
_ENDINGS = ("", "-journal", "-wal", "-shm")


def own_backups(folder: Path, name: str) -> list[Path]:
    """The backups that ``scrapy backup`` named itself, oldest first; no others, such as those of
    before a restore.

    :param folder: the market's data folder.
    """
    named = re.compile(rf"{re.escape(name)}-\d{{8}}T\d{{6}}Z\.tar\.gz")
    files = (folder / BACKUP_FOLDER).glob("*.tar.gz")
    return sorted(path for path in files if named.fullmatch(path.name))


def surplus_backups(folder: Path, name: str, *, keep: int | None) -> list[Path]:
    """Those of them that are too many, the oldest first; ``keep`` None: all stay."""
    return [] if keep is None else own_backups(folder, name)[:-keep]


def newest_backup(folder: Path, name: str) -> Path | None:
    """The newest of them."""
    files = own_backups(folder, name)
    return files[-1] if files else None


def leftovers(folder: Path) -> list[Path]:
    """What backups and restores of a market left behind that were killed.

    :param folder: the market's data folder.
    """
    made = folder / BACKUP_FOLDER
    halves = made.iterdir() if made.is_dir() else ()
    found = [
        path for path in halves
        if _HALF.fullmatch(path.name) and path.is_file() and _is_stale([path])
    ]  # fmt: skip
    return [*rooms_left(folder), *rooms_left(made), *found]


def rooms_left(folder: Path) -> Iterator[Path]:
    """Folders in which a backup was put together until it was killed; nobody else's."""
    for path in folder.glob(f"{ROOM_PREFIX}*"):
        with suppress(OSError):  # as above: it is not even a folder any more
            if _ROOM.fullmatch(path.name) and not path.is_symlink() and path.is_dir():
                inside = list(path.iterdir())
                if all(_is_ours(part) for part in inside) and _is_stale([path, *inside]):
                    yield path


def clear(paths: Iterable[Path]) -> int:
    """Remove files and folders; returns how many."""
    number = 0
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        number += 1
    return number


def _is_ours(path: Path) -> bool:
    names = {f"{member}{ending}" for member in MEMBERS for ending in _ENDINGS}
    return path.name in names and path.is_file() and not path.is_symlink()


def _is_stale(paths: list[Path]) -> bool:
    with suppress(OSError):  # it goes just now: its backup has ended
        return max(path.stat().st_mtime for path in paths) < time.time() - _STALE
    return False

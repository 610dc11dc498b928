"""One file that holds a market, and a market put back from it.

A backup is a gzipped tar of plain names: ``manifest.json`` (what it is, with a SHA-256 of each
member), ``market.db``, ``salt``, ``market.toml``, and the choices of public sources where there are
some. It holds the salt, without which the database's authors would count twice after a restore;
whoever has both can test a name against the pseudonyms, so the file is readable by its owner only
and belongs where secrets belong. The archive of answers is not in it.
"""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.backup_files import (
    BACKUP_FOLDER,
    BESIDE,
    MANIFEST,
    MARKET_FILE,
    MEMBERS,
    ROOM_PREFIX,
    clear,
    rooms_left,
)
from analysis.lock import market_lock
from crawlers.market import data_dir, market_path
from pipelines.redact import SALT_NAME
from pipelines.storage.copies import check_database, copy_database, keep_aside, put_in_place
from pipelines.storage.database import (
    DATABASE_NAME,
    DatabaseError,
    open_database,
    transaction,
)
from pipelines.storage.times import now_text

VERSION = 1
_SMALL = 16 * 1024 * 1024
"""Bytes; every member but the database is far smaller."""


class BackupError(DatabaseError):
    """A backup that cannot be made or put back; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did. ``aside``: where the market there was is kept; ``made_at``: of the
    backup; ``differs``: the market file there is differs from the backup's, and was left alone.
    """

    made_at: str
    aside: tuple[Path, ...]
    differs: bool


def stamp() -> str:
    """The time now, as file names have it: UTC."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")


def backup(name: str, output: Path | None = None) -> Path:
    """Write a market's backup, while it may be crawled and browsed.

    :param output: the file; else one named by the time, in the market's ``backups``.
    :raises BackupError: where there is nothing to back up, or the file is there already.
    """
    folder = data_dir(name)
    database = folder / DATABASE_NAME
    if not database.exists():
        raise BackupError(f"market {name!r} has no data yet; run scrapy research {name} first")
    output = output or folder / BACKUP_FOLDER / f"{name}-{stamp()}.tar.gz"
    if output.exists():
        raise BackupError(f"{output} is there already; name another file")
    output.parent.mkdir(parents=True, exist_ok=True)
    with _room_beside(output) as room:
        copy_database(database, room / DATABASE_NAME)
        for beside in BESIDE:
            if (folder / beside).is_file():
                shutil.copyfile(folder / beside, room / beside)
        if market_path(name).is_file():
            shutil.copyfile(market_path(name), room / MARKET_FILE)
        members = sorted(path.name for path in room.iterdir())
        manifest = {
            "backup": "rivalmap", "version": VERSION, "market": name, "made_at": now_text(),
            "sha256": {member: _digest(room / member) for member in members},
        }  # fmt: skip
        (room / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        _pack(room, [MANIFEST, *members], output)
    return output


def restore(name: str, file: Path, *, rename: bool = False) -> Restored:
    """Put a market back from its backup; the one there was is kept aside.

    The backup is checked whole before anything is touched. The market file is written only where
    there is none.

    :param rename: take a backup of a market of another name, and give it this one.
    :raises analysis.lock.LockedError: while a run holds the market.
    :raises BackupError: for a file that is no backup, a damaged one, or one of another market.
    """
    folder = data_dir(name)
    folder.mkdir(parents=True, exist_ok=True)
    with market_lock(folder, f"restore {name}"), _room_beside(folder / DATABASE_NAME) as room:
        manifest = _unpack(file, room)
        if manifest.get("market") != name and not rename:
            raise BackupError(
                f"{file} is a backup of market {manifest.get('market')!r}, not of {name!r}; "
                "nothing was changed. If it is to become this market all the same: --rename"
            )
        check_database(room / DATABASE_NAME)
        if rename:
            _rename(room / DATABASE_NAME, name)
        _check_salt(room)
        aside = _keep_aside(name, folder)
        put_in_place(room / DATABASE_NAME, folder / DATABASE_NAME)
        for beside in BESIDE:
            if (room / beside).is_file():
                _put(room / beside, folder / beside)
            elif beside != SALT_NAME:
                (folder / beside).unlink(missing_ok=True)
        return Restored(
            made_at=str(manifest["made_at"]), aside=aside, differs=_market_file(name, room)
        )


def _keep_aside(name: str, folder: Path) -> tuple[Path, ...]:
    """The market there is, as a backup; one that is too damaged for that, file by file."""
    if not (folder / DATABASE_NAME).exists():
        return ()
    when = stamp()
    try:
        return (backup(name, folder / BACKUP_FOLDER / f"{name}-before-restore-{when}.tar.gz"),)
    except DatabaseError:
        kept = [folder / f"damaged-{when}-{DATABASE_NAME}"]
        keep_aside(folder / DATABASE_NAME, kept[0])
        if (folder / SALT_NAME).exists():
            kept.append(folder / f"damaged-{when}-{SALT_NAME}")
            _put(folder / SALT_NAME, kept[1])
        return tuple(kept)


def _market_file(name: str, room: Path) -> bool:
    stored, own = room / MARKET_FILE, market_path(name)
    if not stored.is_file():
        return False
    if own.exists():
        return own.read_bytes() != stored.read_bytes()
    own.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(stored, own)
    return False


def _rename(database: Path, name: str) -> None:
    """The pages show the market the database names."""
    with closing(open_database(database)) as connection:
        with transaction(connection):
            connection.execute("UPDATE OR REPLACE market SET name = ?", (name,))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _check_salt(room: Path) -> None:
    with closing(open_database(room / DATABASE_NAME)) as connection:
        (posts,) = connection.execute("SELECT EXISTS (SELECT 1 FROM posts)").fetchone()
    if posts and not (room / SALT_NAME).is_file():
        raise BackupError("the backup holds posts and no salt; it cannot be put back")


def _pack(room: Path, members: list[str], output: Path) -> None:
    """Write the file whole or not at all, for its owner's eyes only."""
    fresh = output.with_name(f".{output.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as tar:
                for member in members:
                    tar.add(room / member, arcname=member, filter=_nobodys)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(output)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _nobodys(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o600
    return info


def _unpack(file: Path, room: Path) -> dict[str, Any]:
    """Take the members out, by name only, and compare each with the manifest.

    :raises BackupError: for anything else than a whole backup.
    """
    try:
        with tarfile.open(file, mode="r:gz") as tar:
            for info in tar:
                if info.name not in MEMBERS or not info.isreg():
                    raise BackupError(f"{file} is no backup of Rivalmap: it holds {info.name!r}")
                if info.name != DATABASE_NAME and info.size > _SMALL:
                    raise BackupError(f"{file}: {info.name} is too large to be what it says")
                if info.size > shutil.disk_usage(room).free:
                    raise BackupError(f"{file}: no room on the disk for its {info.name}")
                taken = tar.extractfile(info)
                assert taken is not None
                with taken, (room / info.name).open("wb") as stream:
                    shutil.copyfileobj(taken, stream)
    except FileNotFoundError:
        raise BackupError(f"{file} does not exist") from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupError(f"{file} is no whole backup: {error}") from error
    try:
        manifest = json.loads((room / MANIFEST).read_bytes())
        digests = dict(manifest["sha256"])
        known = manifest["backup"] == "rivalmap" and "made_at" in manifest
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known or DATABASE_NAME not in digests:
        raise BackupError(f"{file} is no backup of Rivalmap: it has no manifest that fits")
    if manifest.get("version") != VERSION:
        raise BackupError(f"{file} was made by a newer Rivalmap; upgrade to put it back")
    for member, digest in digests.items():
        if member not in MEMBERS or not (room / member).is_file():
            raise BackupError(f"{file} is damaged: {member} is missing")
        if _digest(room / member) != digest:
            raise BackupError(f"{file} is damaged: {member} is not what it was")
    return dict(manifest)


@contextmanager
def _room_beside(path: Path) -> Iterator[Path]:
    """A folder on the same disk, for the owner only; gone at the end, and so are those that killed
    backups left there.
    """
    clear(rooms_left(path.parent))
    with tempfile.TemporaryDirectory(prefix=ROOM_PREFIX, dir=path.parent) as room:
        yield Path(room)


def _put(source: Path, target: Path) -> None:
    fresh = target.with_name(f"{target.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(source.read_bytes())
    fresh.replace(target)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

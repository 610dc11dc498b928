"""A report's file, whole or not at all."""

import os
import tempfile
from pathlib import Path


class WriteError(Exception):
    """A file that cannot be written; the message says why."""


def write_whole(path: Path, body: bytes) -> None:
    """Put ``body`` in place of the file: a reader sees the old one or the new one, never a part.

    :raises WriteError: where the folder or the file cannot be written; the old file stays.
    """
    fresh: Path | None = None
    try:
        if path.is_dir():
            raise WriteError(f"{path} is a folder; name a file")
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        fresh = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(_mode(path))
        fresh.replace(path)
    except OSError as error:
        if fresh is not None:
            fresh.unlink(missing_ok=True)
        raise WriteError(f"{path} cannot be written: {error.strerror or error}") from None


def _mode(path: Path) -> int:
    """The rights of the file that is replaced, else those a new file gets here."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

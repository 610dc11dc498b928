"""What ``scrapy inspect`` reads: files, manifests, addresses -> documents."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.commandline import CommandError
from crawlers.document import Document
from crawlers.json_text import loads
from crawlers.urls import is_web_url

LARGEST = 32 * 1024 * 1024
"""Bytes of a page that are read, unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A page to inspect: a document, or why there is none.

    ``reason`` is the stable word (``crawlers/base/answers.py``) for an address that gave none.
    """

    url: str
    path: str | None = None
    document: Document | None = None
    timezone: str | None = None
    error: str | None = None
    reason: str | None = None


def from_file(
    path: Path,
    *,
    url: str | None = None,
    headers: Mapping[str, str] | None = None,
    fetched_at: datetime | None = None,
    timezone: str | None = None,
    shown: str | None = None,
) -> Input:
    """A saved page; ``.gz`` is unpacked."""
    shown = shown or str(path)
    address = url or path.resolve().as_uri()
    try:
        if path.suffix == ".gz":
            with gzip.open(path) as packed:
                body = packed.read(LARGEST + 1)
        else:
            with path.open("rb") as file:
                body = file.read(LARGEST + 1)
        when = fetched_at or datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Input(url=address, path=shown, error=f"{shown}: {reason}")
    if len(body) > LARGEST:
        return Input(url=address, path=shown, error=f"{shown}: larger than {LARGEST:,} bytes")
    document = Document(address, body, headers=headers, fetched_at=when)
    return Input(url=address, path=shown, document=document, timezone=timezone)


def from_manifest(manifest: Path) -> Iterator[Input]:
    """The pages of a manifest, a JSON object a line (docs/contract.md).

    :raises CommandError: where the manifest itself cannot be read.
    """
    try:
        lines = manifest.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{manifest}: {error}; give a file of JSON lines") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _from_line(loads(line), manifest.parent)
            except (ValueError, OverflowError, RecursionError) as error:
                where = f"{manifest}, line {number}"
                yield Input(url="", path=where, error=f"{where}: {error}")


def _from_line(entry: Any, folder: Path) -> Input:
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        raise ValueError('needs an object with "path" (and "url")')
    url, headers, fetched = entry.get("url"), entry.get("headers"), entry.get("fetched_at")
    zone = entry.get("timezone")
    if url is not None and not (isinstance(url, str) and is_web_url(url)):
        raise ValueError('"url" must be an http or https address')
    if headers is not None and not (
        isinstance(headers, dict) and all(isinstance(v, str) for v in headers.values())
    ):
        raise ValueError('"headers" must be an object of texts')
    if zone is not None and not _is_zone(zone):
        raise ValueError(f'"timezone" {zone!r} is no IANA time zone, such as Asia/Ho_Chi_Minh')
    when = None
    if fetched is not None:
        when = datetime.fromisoformat(str(fetched).replace("Z", "+00:00"))
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return from_file(
        folder / entry["path"], url=url, headers=headers, fetched_at=when, timezone=zone,
        shown=entry["path"],
    )  # fmt: skip


def _is_zone(name: Any) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return False
    return True

"""A worker's archive is the writer's: answers travel there as the WARC records they will be."""

from collections import OrderedDict
from collections.abc import Mapping
from io import BytesIO
from itertools import count
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawlers.archive import ArchiveMiddleware
from crawlers.warc import PackedWriter

MOST_KEPT = 500
"""Records kept for items that are still being made: more than requests are in flight."""


class Capture(ArchiveMiddleware):
    """Makes the record of each answer and keeps it until its item is sent. Writes no file: what a
    worker has on its disk would be lost with it, and torn from the database that names it.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._numbers = count(1)

    def opened(self, spider: Any) -> None:
        """Nothing: the writer mends and bounds the archive."""

    def closed(self, spider: Any, reason: str) -> None:
        """Nothing: the run is ended by who began it."""

    def note(self, entry: Mapping[str, Any]) -> None:
        """Nothing: the writer keeps the journal."""

    def taken(self, name: str | None) -> bytes | None:
        """The record of an answer by the name its fetch gives it, once."""
        return self._kept.pop(name, None) if name is not None else None

    def _write(self, request: Request, response: Response) -> tuple[str, int]:
        name, offset = super()._write(request, response)
        self._kept[name] = self._stream.getvalue()
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return name, offset

    def _ready(self) -> PackedWriter:
        """A stream of its own for each record; a record is a whole member of a gzip file."""
        self._stream = BytesIO()
        self._name = f"sent-{next(self._numbers)}"
        return PackedWriter(self._stream)

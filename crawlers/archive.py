"""The archive: every answer as it was sent, in WARC files next to the database.

Private and never served; it lets ``refresh`` read pages again without the network. WARC 1.1
(ISO 28500:2017), one gzip member a record, so that file and offset find an answer again.
"""

import logging
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.document import Document

logger = logging.getLogger(__name__)

ARCHIVE_FOLDER = "archive"
DRAWN_FLAG = "playwright"
"""What scrapy-playwright marks a response with that the browser drew."""
_HOP_HEADERS = frozenset({b"transfer-encoding", b"set-cookie", b"set-cookie2"})
"""Left out: the body is kept whole, not in chunks; cookies are nobody's business later."""


class ArchiveMiddleware:
    """Writes each answer before anything decodes it; sets ``meta["archived"]`` to (file, offset).

    A page drawn in the browser is no answer of its server: it is written as a ``conversion`` (WARC
    1.1, 6.7), beside the answer it was drawn from.

    Files that are older than the market's ``archive_days`` are removed when a crawl begins.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._folder = Path(crawler.settings["RIVALMAP_DATA_DIR"]) / ARCHIVE_FOLDER
        self._limit = crawler.settings.getint("RIVALMAP_ARCHIVE_BYTES")
        self._stream: Any = None
        self._writer: WARCWriter | None = None
        self._name = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for a crawl; the first answer opens the first file."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.close, signal=signals.spider_closed)
        crawler.signals.connect(middleware.opened, signal=signals.spider_opened)
        return middleware

    def opened(self) -> None:
        """Remove what has expired."""
        days = self._crawler.spider.market.crawl.archive_days  # type: ignore[union-attr]
        expire(self._folder, days=days)

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive a page's answer; robots.txt and errors of the server hold nothing to read."""
        request.meta["received_at"] = datetime.now(UTC)
        if "target" in request.meta and response.status == 200:
            request.meta["archived"] = self._write(request, response)
        return response

    def _write(self, request: Request, response: Response) -> tuple[str, int]:
        if self._stream is None or self._stream.tell() > self._limit:
            self._open()
        assert self._writer is not None
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            if name.lower() not in _HOP_HEADERS
            for value in values
        ]
        stamps = {"WARC-Date": request.meta["received_at"].strftime("%Y-%m-%dT%H:%M:%SZ")}
        drawn = DRAWN_FLAG in response.flags
        if drawn:
            kind = response.headers.get("Content-Type") or b"text/html"
            stamps["Content-Type"] = kind.decode("latin-1")
        record = self._writer.create_warc_record(
            request.url,
            "conversion" if drawn else "response",
            payload=BytesIO(response.body),
            length=len(response.body),
            http_headers=None
            if drawn
            else StatusAndHeaders(f"{response.status} OK", headers, protocol="HTTP/1.1"),
            warc_headers_dict=stamps,
        )
        offset = self._stream.tell()
        self._writer.write_record(record)
        self._stream.flush()  # a row may name this offset before the file is closed
        return self._name, offset

    def _open(self) -> None:
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        spider = self._crawler.spider.name if self._crawler.spider else "crawl"
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        self._name = f"{spider}-{stamp}.warc.gz"
        self._stream = (self._folder / self._name).open("xb")
        self._writer = WARCWriter(self._stream, gzip=True, warc_version="WARC/1.1")
        info = self._writer.create_warcinfo_record(
            self._name, {"software": self._crawler.settings["USER_AGENT"], "format": "WARC 1.1"}
        )
        self._writer.write_record(info)

    def close(self) -> None:
        """Close the file in hand."""
        if self._stream is not None:
            self._stream.close()
            self._stream = self._writer = None


def read_archived(folder: Path, name: str, offset: int, *, url: str) -> Document | None:
    """An archived answer as a document; ``None`` where it has expired, was cut off or is spoilt.

    :param folder: the market's data folder.
    """
    for record in _records(folder / ARCHIVE_FOLDER / name, offset):
        kind = record.rec_headers.get_header("Content-Type") or ""
        headers = (
            dict(record.http_headers.headers) if record.http_headers else {"content-type": kind}
        )
        body = record.content_stream().read()
        stamp = record.rec_headers.get_header("WARC-Date") or ""
        try:
            fetched_at = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError as error:
            logger.info("%s at %d cannot be read: %s", name, offset, error)
            return None
        return Document(url, body, headers=headers, fetched_at=fetched_at)
    return None


def _records(path: Path, offset: int) -> Iterator[Any]:
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            yield from ArchiveIterator(stream)
    except (
        FileNotFoundError, ArchiveLoadFailed, EOFError, zlib.error,
        # What warcio raises for headers that are none:
        AttributeError, TypeError, ValueError, IndexError, KeyError,
    ) as error:  # fmt: skip
        logger.info("%s at %d cannot be read: %s", path.name, offset, error)


def lasting_files(folder: Path, *, days: int) -> frozenset[str]:
    """Names of a market's archive files younger than so many days.

    :param folder: the market's data folder.
    """
    limit = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    files = (folder / ARCHIVE_FOLDER).glob("*.warc.gz")
    return frozenset(path.name for path in files if path.stat().st_mtime >= limit)


def expire(folder: Path, *, days: int) -> int:
    """Remove archive files older than so many days; returns how many."""
    limit = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    removed = 0
    for path in folder.glob("*.warc.gz"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            removed += 1
    return removed

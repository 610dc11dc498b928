"""The archive: every answer as it was sent, in WARC files next to the database.

Private and never served; it lets ``refresh`` read pages again without the network. WARC 1.1
(ISO 28500:2017), one gzip member a record, so that file and offset find an answer again.
"""

import contextlib
import heapq
import json
import logging
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from crawlers import journal
from crawlers.archive_files import ARCHIVE_FOLDER, PATTERN, expire, hand_lock, mend, trim
from crawlers.document import Document
from crawlers.warc import PackedWriter

logger = logging.getLogger(__name__)

DRAWN_FLAG = "playwright"
"""What scrapy-playwright marks a response with that the browser drew."""
_HOP_HEADERS = frozenset({b"transfer-encoding", b"set-cookie", b"set-cookie2"})
"""Left out: the body is kept whole, not in chunks; cookies are nobody's business later."""


class ArchiveMiddleware:
    """Writes each answer before anything decodes it; sets ``meta["archived"]`` to (file, offset).

    A page drawn in the browser is no answer of its server: it is written as a ``conversion`` (WARC
    1.1, 6.7), beside the answer it was drawn from.

    When a crawl begins, and with each new file, what a killed run left torn is cut off, files older
    than the market's ``archive_days`` are removed, and the oldest beyond its
    ``archive_megabytes``. Beside the answers stands the journal (:mod:`crawlers.journal`), from
    which ``refresh --from-archive`` builds every fact again.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._folder = Path(crawler.settings["RIVALMAP_DATA_DIR"]) / ARCHIVE_FOLDER
        self._limit = crawler.settings.getint("RIVALMAP_ARCHIVE_BYTES")
        self._most = 0
        self._stream: Any = None
        self._writer: PackedWriter | None = None
        self._name = ""
        self._hand: Any = None
        self._begun: Mapping[str, Any] | None = None
        self.broken = False
        """Whether it could not be written; nothing more is, and the crawl is ended."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for a crawl."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.opened, signal=signals.spider_opened)
        crawler.signals.connect(middleware.closed, signal=signals.spider_closed)
        return middleware

    def opened(self, spider: Any) -> None:
        """Mend and bound the archive; the journal begins."""
        crawl = spider.market.crawl
        self._most = crawl.archive_megabytes * 1_000_000
        # So that the files of spiders side by side, and those before them, fit below the bound.
        self._limit = min(self._limit, self._most // 8)
        mend(self._folder)
        expire(self._folder, days=crawl.archive_days)
        begun = journal.begun(spider.name, self._crawler.settings.get("RIVALMAP_SOURCES") or "")
        self.note(begun)
        self._begun = begun

    def closed(self, spider: Any, reason: str) -> None:
        """The journal's last word on the run; the file is closed.

        Runs after :class:`crawlers.extensions.run_record.RunRecord`, which judges the sources.
        """
        reports = [source.report for source in spider.by_id.values()]
        reason = reason if spider.complete else "budget"
        complete = spider.whole and spider.complete
        self.note(journal.ended(spider.name, reports, reason=reason, complete=complete))
        self.close()

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive a page's answer; robots.txt and errors of the server hold nothing to read."""
        request.meta["received_at"] = datetime.now(UTC).replace(microsecond=0)  # as records have it
        if "target" in request.meta and response.status == 200 and not self.broken:
            try:
                request.meta["archived"] = self._write(request, response)
            except OSError as error:
                self._fail(error)
        return response

    def _write(self, request: Request, response: Response) -> tuple[str, int]:
        writer = self._ready()
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
        record = writer.create_warc_record(
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
        writer.write_record(record)
        self._stream.flush()  # a row may name this offset before the file is closed
        return self._name, offset

    def keep(self, record: bytes) -> tuple[str, int]:
        """Write an answer that another machine archived.

        :param record: a whole WARC record, compressed, as :meth:`process_response` writes it.
        :returns: the file and the offset it stands at.
        :raises OSError: where it cannot be written.
        """
        self._ready()
        offset = self._stream.tell()
        self._stream.write(record)
        self._stream.flush()
        return self._name, offset

    def note(self, entry: Mapping[str, Any]) -> None:
        """Write an entry of the journal, whole before anything is stored of what it tells."""
        if self.broken:
            return
        try:
            self._note(entry)
        except OSError as error:
            self._fail(error)

    def _note(self, entry: Mapping[str, Any]) -> None:
        self._write_entry(self._ready(), entry)

    def _write_entry(self, writer: PackedWriter, entry: Mapping[str, Any]) -> None:
        body = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace")
        target = entry.get("target")
        record = writer.create_warc_record(
            target[1] if target else f"urn:rivalmap:{entry['entry']}",
            "metadata",
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=journal.MEDIA_TYPE,
            warc_headers_dict={"WARC-Date": entry["at"][:19] + "Z"},
        )
        writer.write_record(record)
        self._stream.flush()

    def _ready(self) -> PackedWriter:
        if self._writer is None or self._stream.tell() > self._limit:
            self._open()
        assert self._writer is not None
        return self._writer

    def _open(self) -> None:
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        hands = sum(1 for _ in self._folder.glob(f"{PATTERN}.open")) + 1
        trim(self._folder, most=max(self._most - hands * self._limit, 0))
        spider = self._crawler.spider.name if self._crawler.spider else "crawl"
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        self._name = f"{spider}-{stamp}.warc.gz"
        path = self._folder / self._name
        self._hand = hand_lock(path)
        self._hand.acquire()
        self._stream = path.open("xb")
        self._writer = PackedWriter(self._stream)
        info = self._writer.create_warcinfo_record(
            self._name, {"software": self._crawler.settings["USER_AGENT"], "format": "WARC 1.1"}
        )
        self._writer.write_record(info)
        if self._begun is not None:  # the run's first file may go before this one
            self._write_entry(self._writer, journal.goes_on(self._begun))

    def _fail(self, error: OSError) -> None:
        """End the crawl; what was written last is torn, and the next start cuts it off."""
        self.broken = True
        with contextlib.suppress(OSError):
            self.close()
        spider: Any = self._crawler.spider
        spider.stop_for(f"the archive could not be written: {error.strerror or error}")

    def close(self) -> None:
        """Close the file in hand."""
        if self._stream is not None:
            try:
                self._stream.close()
            finally:
                self._stream = self._writer = None
                self._hand.release()
            if not self.broken:
                Path(self._hand.lock_file).unlink(missing_ok=True)


class Journal:
    """An item pipeline, the last but the store: what an item tells beside its answer is archived
    before the item is stored, so that the archive never knows less than the database.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for a crawl."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Note the item; it goes on as it came.

        :raises DropItem: where the archive cannot be written; the next start asks for the page.
        """
        archive: Any = self._crawler.get_downloader_middleware(ArchiveMiddleware)
        spider = self._crawler.spider
        assert archive is not None and spider is not None
        archive.note(journal.item_entry(spider.name, item))
        if archive.broken:
            raise DropItem("the archive could not be written", log_level="DEBUG")
        return item


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


def read_journal(folder: Path) -> Iterator[dict[str, Any]]:
    """The journal of a market's whole archive, in the order things happened.

    A file is opened when its time has come; those of spiders that ran side by side are read side by
    side. An entry that is cut off ends its file; one of a newer version is left out.

    :param folder: the market's data folder.
    """
    waiting = sorted((folder / ARCHIVE_FOLDER).glob(PATTERN), key=_begun)
    heap: list[tuple[str, int, dict[str, Any], Iterator[dict[str, Any]]]] = []
    number = 0
    while heap or waiting:
        while waiting and (not heap or _begun(waiting[0]) <= heap[0][0]):
            entries = _entries(waiting.pop(0))
            number += 1
            if (first := next(entries, None)) is not None:
                heapq.heappush(heap, (first["at"], number, first, entries))
        if not heap:
            continue
        _, place, entry, entries = heap[0]
        if (following := next(entries, None)) is not None:
            heapq.heapreplace(heap, (following["at"], place, following, entries))
        else:
            heapq.heappop(heap)
        yield entry


def _begun(path: Path) -> str:
    """When a file was begun, as entries write times: its name says it."""
    stamp = path.name.removesuffix(".warc.gz").rpartition("-")[2]
    try:
        return journal.moment_text(datetime.strptime(stamp, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC))
    except ValueError:
        return ""


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    for record in _records(path, 0):
        if record.rec_type != "metadata":
            continue
        if record.rec_headers.get_header("Content-Type") != journal.MEDIA_TYPE:
            continue
        try:
            entry = json.loads(record.content_stream().read())
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("v") == journal.VERSION and "at" in entry:
            yield entry

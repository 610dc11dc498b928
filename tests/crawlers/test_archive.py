"""The archive's middleware and journal, written and read as a crawl does, and by standard tools."""

import json
import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from crawlers import journal
from crawlers.archive import ArchiveMiddleware, Journal, read_archived, read_journal
from crawlers.items import DoneItem, Target
from crawlers.market import CrawlSettings
from crawlers.state import SourceReport

URL = "https://till.example/"
TARGET = Target(source="till", url=URL, role="page", meta={"title": "收银 ☕"})


class World:
    """A spider's crawl, as far as the archive sees it."""

    def __init__(self, folder: Path, *, file_bytes: int = 10**9, **crawl: Any) -> None:
        self.stopped: list[str] = []
        report = SourceReport(source="till", name="Till", outcome="read", pages=2)
        self.spider = SimpleNamespace(
            name="competitors", market=SimpleNamespace(crawl=CrawlSettings(**crawl)),
            by_id={"till": SimpleNamespace(report=report)}, complete=True, whole=True,
            stop_for=self.stopped.append,
        )  # fmt: skip
        settings = {
            "RIVALMAP_DATA_DIR": str(folder), "RIVALMAP_ARCHIVE_BYTES": file_bytes,
            "USER_AGENT": "Rivalmap/0.1", "RIVALMAP_SOURCES": "a,b",
        }  # fmt: skip
        self.crawler: Any = SimpleNamespace(settings=Settings(settings), spider=self.spider)
        self.crawler.get_downloader_middleware = lambda _: self.archive
        self.archive = ArchiveMiddleware(self.crawler)
        self.archive.opened(self.spider)

    def fetch(self, body: bytes = b"<h1>Till</h1>", url: str = URL) -> tuple[str, int]:
        request = Request(url, meta={"target": TARGET})
        headers = {"Content-Type": "text/html", "Set-Cookie": "a=b"}
        self.archive.process_response(request, HtmlResponse(url, body=body, headers=headers))
        where: tuple[str, int] = request.meta["archived"]
        return where

    def done(self) -> Any:
        return Journal(self.crawler).process_item(DoneItem(target=TARGET))

    def end(self) -> None:
        self.archive.closed(self.spider, "finished")


def test_answers_and_journal_come_back(tmp_path: Path) -> None:
    world = World(tmp_path)
    places = [world.fetch(b"<h1>Till %d</h1>" % number) for number in range(3)]
    world.done()
    world.end()
    for number, (name, offset) in enumerate(places):
        document = read_archived(tmp_path, name, offset, url=URL)
        assert document is not None and document.body == b"<h1>Till %d</h1>" % number
    entries = list(read_journal(tmp_path))
    assert [entry["entry"] for entry in entries] == ["begun", "done", "ended"]
    assert entries[0]["sources"] == "a,b"
    assert journal.target_of(entries[1]) == TARGET
    (report,) = journal.reports_of(entries[2])
    assert (report.source, report.pages, entries[2]["complete"]) == ("till", 2, True)
    assert sorted(path.suffix for path in (tmp_path / "archive").iterdir()) == [".gz"]


def test_standard_tools_read_every_file(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.fetch()
    world.done()
    world.end()
    (path,) = (tmp_path / "archive").iterdir()
    warcio = [sys.executable, "-m", "warcio.cli"]
    for arguments in (["check", str(path)], ["recompress", str(path), str(tmp_path / "again.gz")]):
        run = subprocess.run([*warcio, *arguments], capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stdout + run.stderr
    with path.open("rb") as stream:
        kinds = [
            (record.record_type, record.verify_block_digest())
            for record in ArchiveIterator(stream, parse_http=False)
        ]
    assert [kind for kind, _ in kinds] == [
        WarcRecordType.warcinfo, WarcRecordType.metadata, WarcRecordType.response,
        WarcRecordType.metadata, WarcRecordType.metadata,
    ]  # fmt: skip
    with path.open("rb") as stream:
        for answer in ArchiveIterator(stream, record_types=WarcRecordType.response):
            assert answer.http_headers["content-type"] == "text/html"
            assert "set-cookie" not in answer.http_headers
            assert answer.reader.read() == b"<h1>Till</h1>"


def test_files_rotate_within_the_bound(tmp_path: Path) -> None:
    noise = bytes(range(256)) * 400
    chance = random.Random(8)
    world = World(tmp_path, file_bytes=100_000, archive_megabytes=1)
    for _ in range(40):
        world.fetch(chance.randbytes(60_000) + noise)
    world.end()
    files = sorted((tmp_path / "archive").glob("*.warc.gz"))
    assert 3 <= len(files) <= 12
    assert sum(path.stat().st_size for path in files) <= 1_000_000


def test_the_journal_is_told_in_the_order_things_happened(tmp_path: Path) -> None:
    first, second = World(tmp_path), World(tmp_path)
    second.spider.name = "forums"
    for number in range(30):
        (first if number % 3 else second).archive.note(
            journal._entry("done", spider=str(number), target=["s", URL, "page", 0, 0, {}])
        )
    first.end()
    second.end()
    told = [entry["spider"] for entry in read_journal(tmp_path) if entry["entry"] == "done"]
    assert told == [str(number) for number in range(30)]


def test_a_torn_tail_is_cut_by_the_next_crawl(tmp_path: Path) -> None:
    world = World(tmp_path)
    kept, torn = world.fetch(), world.fetch(b"<h1>Torn</h1>" * 50)
    world.archive._stream.close()
    world.archive._hand.release()  # the system does it for a killed process
    path = tmp_path / "archive" / torn[0]
    path.write_bytes(path.read_bytes()[:-20])
    after = World(tmp_path)
    after.end()
    assert path.stat().st_size == torn[1], "cut where the torn answer began"
    assert read_archived(tmp_path, *kept, url=URL) is not None
    assert read_archived(tmp_path, *torn, url=URL) is None
    check = [sys.executable, "-m", "warcio.cli", "check", str(path)]
    assert subprocess.run(check, capture_output=True, timeout=60).returncode == 0


def test_an_archive_that_cannot_be_written_ends_the_crawl_and_loses_nothing(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.fetch()

    class Full:
        def tell(self) -> int:
            return 0

        def write(self, _: bytes) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            pass

    world.archive._stream.close()
    world.archive._stream = world.archive._writer.out = Full()  # type: ignore[union-attr]
    with pytest.raises(DropItem):
        world.done()  # not stored, so that the next start asks again
    assert world.stopped == ["the archive could not be written: No space left on device"]
    request = Request(URL, meta={"target": TARGET})
    world.archive.process_response(request, HtmlResponse(URL, body=b"x"))
    assert "archived" not in request.meta


def test_entries_that_are_none_of_ours_are_passed_over(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.archive.note({"v": 99, "entry": "later", "at": "2026-11-23T00:00:00.000000Z"})
    world.done()
    world.end()
    assert [entry["entry"] for entry in read_journal(tmp_path)] == ["begun", "done", "ended"]
    (path,) = (tmp_path / "archive").iterdir()
    path.write_bytes(path.read_bytes()[:-30])
    assert [entry["entry"] for entry in read_journal(tmp_path)] == ["begun", "done"]
    assert json.dumps(next(read_journal(tmp_path)))


def test_each_file_of_a_run_says_which_run_it_is_of(tmp_path: Path) -> None:
    """The bound takes a run's first file while the run goes on."""
    world = World(tmp_path, file_bytes=5_000, archive_megabytes=1)
    for number in range(3):
        world.fetch(random.Random(number).randbytes(6_000))
        world.done()
    world.end()
    files = sorted((tmp_path / "archive").iterdir())
    assert len(files) == 4
    entries = list(read_journal(tmp_path))
    told = [(entry["entry"], entry.get("goes_on", False)) for entry in entries]
    assert told.count(("begun", False)) == 1 == told.count(("ended", False))
    assert told.count(("begun", True)) == 3
    files[0].unlink()
    first = next(read_journal(tmp_path))
    assert (first["entry"], first["spider"], first["sources"]) == ("begun", "competitors", "a,b")

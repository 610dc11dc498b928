"""Archive records that are not as they were written: no document, never an error."""

from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.archive import ARCHIVE_FOLDER, read_archived

URL = "https://shop.example/"


def record(*, gzip: bool) -> bytes:
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=gzip, warc_version="WARC/1.1")
    writer.write_record(
        writer.create_warc_record(
            URL, "response", payload=BytesIO(b"<p>words</p>"), length=12,
            http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1"),
            warc_headers_dict={"WARC-Date": "2026-11-20T06:30:00Z"},
        )
    )  # fmt: skip
    return stream.getvalue()


def read(folder: Path, body: bytes) -> bytes | None:
    path = folder / ARCHIVE_FOLDER / "a.warc.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    document = read_archived(folder, "a.warc.gz", 0, url=URL)
    return document.body if document else None


def test_a_record_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, record(gzip=True)) == b"<p>words</p>"
    assert read(tmp_path, record(gzip=False)) == b"<p>words</p>"


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        (b"WARC-Date: 2026-11-20T06:30:00Z", b"WARC-Date: yesterday"),
        (b"WARC-Date: 2026-11-20T06:30:00Z\r\n", b""),
        (b"WARC/1.1", b"WARC/"),
        (b"WARC/1.1", b"\x00\xff"),
    ],
)
def test_spoilt_heads(tmp_path: Path, name: bytes, instead: bytes) -> None:
    whole = record(gzip=False)
    assert name in whole
    assert read(tmp_path, whole.replace(name, instead)) is None


def test_cut_and_flipped_anywhere(tmp_path: Path) -> None:
    for gzip in (True, False):
        whole = record(gzip=gzip)
        for place in range(0, len(whole), 7):
            for body in (whole[:place], whole[:place] + b"\xff" + whole[place + 1 :]):
                found = read(tmp_path, body)
                assert found is None or len(found) <= 100

"""Items over the wire: every kind comes back as it went; anything else is refused."""

import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.forums import read_forum
from crawlers.items import (
    DoneItem,
    FailureItem,
    Fetch,
    ForumItem,
    Listed,
    Listing,
    ListingItem,
    ListLink,
    PageItem,
    SitemapCount,
    SitemapItem,
    Target,
    UnchangedItem,
)
from pipelines.cluster.wire import WireError, decode, encode

NOW = datetime(2026, 11, 3, 4, 5, 6, tzinfo=UTC)
TARGET = Target(source="a", url="http://a.test/", role="page", meta={"kind": "home"})
FETCH = Fetch(url="http://a.test/", status=200, fetched_at=NOW, body_hash="ab", etag='W/"1"')
PAGES = sorted((Path(__file__).parents[2] / "pages").rglob("*.html"))
ITEMS: list[Any] = [
    UnchangedItem(target=TARGET, fetch=FETCH, outlinks=(TARGET,)),
    DoneItem(target=TARGET),
    FailureItem(target=TARGET, reason="timeout", detail="太慢", at=NOW, fetch=FETCH),
    SitemapItem(
        target=TARGET, fetch=FETCH,
        count=SitemapCount(url="http://a.test/s.xml", kind="sitemap", articles={"x": NOW}),
    ),
    ListingItem(
        target=TARGET, fetch=FETCH,
        listing=Listing(
            url="http://a.test/", title="t",
            companies=(Listed(name="B", site=None, quote="B", rule="listing/card"),),
            pages=(ListLink(url="http://a.test/2", text="2", kind="next"),),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: type(item).__name__)
def test_small_items(item: Any) -> None:
    assert decode(encode(item)) == item


@pytest.mark.parametrize("path", PAGES[::9], ids=lambda path: path.name)
def test_pages_as_they_are_read(path: Path) -> None:
    document = Document("http://a.test/x", path.read_bytes(), fetched_at=NOW)
    item: Any = PageItem(target=TARGET, fetch=FETCH, page=read_page(document))
    assert decode(encode(item)) == item
    forum = read_forum(document)
    if forum is not None:
        item = ForumItem(target=TARGET, fetch=FETCH, page=forum, ends=True)
        assert decode(encode(item)) == item


def test_there_are_pages_to_try() -> None:
    assert len(PAGES[::9]) >= 10


def test_a_lone_surrogate_does_not_stop_the_stream() -> None:
    item = FailureItem(target=TARGET, reason="internal", detail="x \ud800 y", at=NOW)
    assert decode(encode(item)).detail == "x ? y"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"PageItem", b"PageItem nonsense", b"os " + zlib.compress(b"{}"),
        b"DoneItem " + zlib.compress(b"{}"), b"DoneItem " + zlib.compress(b"[1]")[:-4],
        b"\xff\xfe x", b"DoneItem " + zlib.compress(b" " * 70_000_000),
    ],
)  # fmt: skip
def test_what_is_no_item_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode(data)

"""What an item says beside its answer, written and read again."""

from datetime import UTC, datetime
from json import dumps, loads
from typing import Any

import pytest

from crawlers.forums.shapes.shape import Shape
from crawlers.items import DoneItem, FailureItem, Fetch, ForumItem, ForumPage, Target, UnchangedItem
from crawlers.journal import (
    fetch_of,
    item_entry,
    outlinks_of,
    plain_item,
    reading,
    shape_of,
    target_of,
)

AT = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
TARGET = Target(
    source="gocviec", url="https://a.example/t/1", role="topic", depth=2, priority=200,
    meta={"title": "Phân vân", "stamp": "9 giờ"},
)  # fmt: skip
FETCH = Fetch(
    url=TARGET.url, status=200, fetched_at=AT, final_url="https://a.example/t/1-x", etag='"x"',
    content_type="text/html", body_hash="ab", size=9, archive_file="f.warc.gz", archive_offset=7,
)  # fmt: skip
LINKS = (Target(source="gocviec", url="https://a.example/t/2", role="topic"),)


def through(item: Any) -> dict[str, Any]:
    entry: dict[str, Any] = loads(dumps(item_entry("forums", item), ensure_ascii=False))
    return entry


@pytest.mark.parametrize(
    "item",
    [
        UnchangedItem(target=TARGET, fetch=FETCH, outlinks=LINKS),
        DoneItem(target=TARGET, outlinks=LINKS),
        DoneItem(target=TARGET),
        FailureItem(target=TARGET, reason="http_403", detail="chặn", at=AT),
        FailureItem(target=TARGET, reason="empty_topic", detail="…", at=AT, fetch=FETCH),
    ],
)
def test_items_without_facts_come_back_as_they_were(item: Any) -> None:
    assert plain_item(through(item)) == item


def test_a_page_of_a_forum_keeps_how_it_was_read_and_none_of_its_words() -> None:
    def where(tag: str) -> Any:
        return ((tag, "c"), ("div", ""))

    inner = Shape(date=where("li"), block=where("b"), author=None, body=where("p"), identifier=None)
    shape = Shape(
        date=where("time"), block=where("article"), author=where("a"), body=where("div"),
        identifier=("id", "post-"), others=(inner,),
    )  # fmt: skip
    page = ForumPage(engine="generic", kind="topic", thread_title="secret words")
    read_as = reading(None, "UTC+7", shape)
    item = ForumItem(
        target=TARGET, fetch=FETCH, page=page, outlinks=LINKS, ends=True, read_as=read_as
    )
    entry = through(item)
    assert plain_item(entry) is None
    assert (target_of(entry), fetch_of(entry), outlinks_of(entry)) == (TARGET, FETCH, LINKS)
    assert entry["ends"] is True and entry["read_as"]["timezone"] == "UTC+7"
    assert shape_of(entry["read_as"]) == shape
    assert "secret words" not in dumps(entry)
    assert shape_of({}) is None

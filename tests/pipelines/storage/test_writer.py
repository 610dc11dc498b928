"""Items in, rows out: batches are whole, a second writing changes nothing that has not changed."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from crawlers.items import (
    ChannelTag,
    Company,
    Evidence,
    Fetch,
    ForumItem,
    ForumPage,
    Offer,
    Page,
    PageItem,
    Post,
    Target,
    UnchangedItem,
)  # fmt: skip
from pipelines.storage.database import open_database
from pipelines.storage.writer import Writer

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOME = Target(source="rival", url="http://rival/", role="page")
TOPIC = Target(
    source="forum", url="http://forum/t1", role="topic",
    meta={"thread": "http://forum/t1", "stamp": "s1"},
)  # fmt: skip


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(tmp_path / "market.db")
    connection.execute(
        "INSERT INTO competitors (id, name, first_seen, last_seen) VALUES ('rival', 'R', 'x', 'x')"
    )
    connection.execute(
        "INSERT INTO forums (id, url, name, first_seen, last_seen) VALUES ('forum','u','F','x','x')"
    )
    for _ in range(2):
        connection.execute(
            "INSERT INTO runs (spider, status, started_at) VALUES ('competitors','finished','x')"
        )
    yield connection
    connection.close()


def write(connection: sqlite3.Connection, *items: object, run: int = 1) -> None:
    writer = Writer(connection, run, batch_items=100, batch_seconds=100)
    for item in items:
        writer.add(item)  # type: ignore[arg-type]
    writer.flush()


def page_item(price: str = "49", day: int = 0, text: str = "We sell shops") -> PageItem:
    page = Page(
        url="http://rival/", kind="pricing", lang="en", title="Rival", text=text,
        offers=(Offer(name="Pro", price=Decimal(price), currency="USD", period="month"),),
        company=Company(name="Rival", evidence=(Evidence(quote="Rival", rule="title"),)),
    )  # fmt: skip
    tag = ChannelTag(
        channel="messaging", role="promotes", platform="zalo", strength=3,
        evidence=(Evidence(quote="https://zalo.me/1", rule="zalo", url="http://rival/"),),
    )  # fmt: skip
    fetch = Fetch(url="http://rival/", status=200, fetched_at=NOW + timedelta(days=day),
                  body_hash=price + text)  # fmt: skip
    out = Target(source="rival", url="http://rival/about", role="page", depth=1)
    return PageItem(target=HOME, fetch=fetch, page=page, channels=(tag,), outlinks=(out,))


def forum_item(*texts: str, day: int = 0, next_page: str | None = None) -> ForumItem:
    posts = tuple(
        Post(id=str(n), key=f"forum:{n}", url=f"http://forum/t1#{n}", author=f"p-{n}", text=text,
             posted_at=NOW, posted_precision="minute", lang="en")
        for n, text in enumerate(texts)
    )  # fmt: skip
    return ForumItem(
        target=TOPIC,
        fetch=Fetch(url=TOPIC.url, status=200, fetched_at=NOW + timedelta(days=day)),
        page=ForumPage(engine="phpbb", kind="topic", posts=posts, thread_title="Phân vân 價格",
                       next=next_page),
    )  # fmt: skip


def count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_page_its_outlinks_and_its_done_mark_commit_together(
    connection: sqlite3.Connection,
) -> None:
    write(connection, page_item())
    assert dict(connection.execute("SELECT url, state FROM frontier")) == {
        "http://rival/": "done",
        "http://rival/about": "pending",
    }
    assert count(connection, "pages") == count(connection, "page_channels") == 1
    assert connection.execute("SELECT price_minor FROM offers").fetchone() == (4_900,)


def test_a_batch_that_fails_leaves_nothing(connection: sqlite3.Connection) -> None:
    stranger = replace(page_item(), target=replace(HOME, source="nobody", url="http://n/"))
    with pytest.raises(sqlite3.IntegrityError):
        write(connection, page_item(), stranger)
    assert count(connection, "pages") == count(connection, "frontier") == 0


def test_writing_again_what_has_not_changed(connection: sqlite3.Connection) -> None:
    write(connection, page_item())
    write(connection, page_item(day=1), run=2)
    assert count(connection, "page_versions") == count(connection, "price_history") == 1
    assert count(connection, "changes") == 0
    row = connection.execute("SELECT first_seen, last_seen, changed_at, version FROM pages")
    assert row.fetchone() == (
        "2026-05-01T12:00:00Z", "2026-05-02T12:00:00Z", "2026-05-01T12:00:00Z", 1,
    )  # fmt: skip


def test_a_changed_price_is_a_change_with_its_history(connection: sqlite3.Connection) -> None:
    write(connection, page_item())
    write(connection, page_item("59", day=1), run=2)
    assert connection.execute("SELECT words FROM changes").fetchall() == [
        ("Pro: $49 -> $59 a month",)
    ]
    assert [row[0] for row in connection.execute("SELECT price_minor FROM price_history")] == [
        4_900, 5_900,
    ]  # fmt: skip
    assert count(connection, "page_versions") == 2


def test_posts_once_edited_posts_rewritten_and_all_found(connection: sqlite3.Connection) -> None:
    write(connection, forum_item("the old words", "a reply"))
    write(connection, forum_item("the new words", "a reply", "late reply", day=1), run=2)
    assert count(connection, "posts") == 3

    def found(words: str) -> int:
        sql = "SELECT count(*) FROM posts_fts WHERE posts_fts MATCH ?"
        return int(connection.execute(sql, (f'"{words}"',)).fetchone()[0])

    assert [found(w) for w in ("old words", "new words", "reply", "phan van", "价 格")] == [
        0, 1, 2, 0, 0,
    ]  # fmt: skip
    connection.execute("INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)")
    assert count(connection, "dirty") == 3


def test_the_title_is_searched_with_the_post_that_opens_the_thread(
    connection: sqlite3.Connection,
) -> None:
    write(connection, forum_item("words", "a reply"))
    sql = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?"
    assert connection.execute(sql, ('"phan van"',)).fetchall() == [(1,)]
    assert connection.execute(sql, ('"价 格"',)).fetchall() == [(1,)]


def test_a_threads_stamp_moves_when_its_last_page_was_read(connection: sqlite3.Connection) -> None:
    write(connection, forum_item("a", next_page="http://forum/t1?p=2"))
    assert connection.execute("SELECT stamp FROM threads").fetchone() == (None,)
    write(connection, forum_item("a"))
    assert connection.execute("SELECT stamp, posts FROM threads").fetchone() == ("s1", 1)


def test_copies_point_to_the_first(connection: sqlite3.Connection) -> None:
    advert = "Giảm giá 50% phần mềm bán hàng, liên hệ ngay hôm nay để nhận ưu đãi nhé cả nhà"
    write(connection, forum_item(advert, "me too", advert, "me too"))
    assert [row[0] for row in connection.execute("SELECT copy_of FROM posts ORDER BY id")] == [
        None, None, 1, None,
    ]  # fmt: skip


def test_an_unchanged_page_was_seen(connection: sqlite3.Connection) -> None:
    write(connection, page_item())
    later = Fetch(url="http://rival/", status=304, fetched_at=NOW + timedelta(days=2))
    write(connection, UnchangedItem(target=HOME, fetch=later), run=2)
    assert connection.execute("SELECT last_seen FROM pages").fetchone() == ("2026-05-03T12:00:00Z",)

"""Posts that are gone, reviews of products, posts of several threads on one page."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from crawlers.items import FailureItem, Fetch, ForumItem, ForumPage, Page, PageItem, Post, Target
from pipelines.storage.database import open_database
from pipelines.storage.writer import Writer

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
THREAD = "http://forum/t1"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(tmp_path / "market.db")
    connection.execute(
        "INSERT INTO competitors (id, name, first_seen, last_seen) VALUES ('rival', 'R', 'x', 'x')"
    )
    connection.execute(
        "INSERT INTO forums (id, url, name, first_seen, last_seen) VALUES ('forum','u','F','x','x')"
    )
    connection.execute(
        "INSERT INTO runs (spider, status, started_at) VALUES ('forums', 'finished', 'x')"
    )
    yield connection
    connection.close()


def write(connection: sqlite3.Connection, *items: object) -> None:
    writer = Writer(connection, 1, batch_items=100, batch_seconds=100)
    for item in items:
        writer.add(item)  # type: ignore[arg-type]
    writer.flush()


def topic(
    *ids: str, url: str = THREAD, next_page: str | None = None, day: int = 0, **meta: str
) -> ForumItem:
    posts = tuple(
        Post(id=i, key=f"forum:{i}", url=f"{THREAD}#{i}", author="p-a", text=f"words {i}")
        for i in ids
    )
    return ForumItem(
        target=Target(source="forum", url=url, role="topic", meta={"thread": THREAD, **meta}),
        fetch=Fetch(url=url, status=200, fetched_at=NOW + timedelta(days=day), body_hash=str(day)),
        page=ForumPage(engine="phpbb", kind="topic", posts=posts, next=next_page),
    )


def gone(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT engine_id FROM posts WHERE gone_at IS NOT NULL")
    return {row[0] for row in rows}


WHOLE = tuple("123456789")
PAGE_2 = f"{THREAD}?p=2"


@pytest.mark.parametrize(
    ("later", "missing"),
    [
        pytest.param([topic(*"12356789", first="yes")], {"4"}, id="from a whole thread"),
        pytest.param([topic(*"98765321", first="yes")], {"4"}, id="whole, newest first"),
        pytest.param([topic("1", first="yes")], set("23456789"), id="all but the first"),
        pytest.param(
            [topic(*"1245", first="yes", next_page=PAGE_2)], {"3"}, id="inside the first page"
        ),
        pytest.param([topic(*"6789", url=PAGE_2)], set(), id="the page before is not missing"),
        pytest.param([topic(*"689", url=PAGE_2)], {"7"}, id="inside the last page"),
        pytest.param([topic(*"678", url=PAGE_2)], {"9"}, id="at the end of the last page"),
        pytest.param(
            [topic(*"789", url=PAGE_2, after="5")], {"6"}, id="at the page's beginning"
        ),
        pytest.param([topic(*"1789", url=PAGE_2)], set(), id="an opening post on every page"),
        pytest.param([topic(*"9867", url=PAGE_2)], set(), id="a part in another order"),
        pytest.param(
            [topic(*"12356789", first="yes"), topic(*WHOLE, first="yes", day=2)], set(),
            id="it came back",
        ),
    ],
)  # fmt: skip
def test_what_a_page_no_longer_shows(
    connection: sqlite3.Connection, later: list[ForumItem], missing: set[str]
) -> None:
    write(connection, topic(*WHOLE, first="yes"))
    write(connection, *later)
    assert gone(connection) == missing
    assert connection.execute("SELECT count(*) FROM posts").fetchone() == (9,)


def test_a_thread_that_answers_404(connection: sqlite3.Connection) -> None:
    write(connection, topic(*WHOLE, first="yes"))
    page = Target(source="forum", url=PAGE_2, role="topic", meta={"thread": THREAD})
    write(connection, FailureItem(target=page, reason="http_404", detail="", at=NOW))
    assert gone(connection) == set()
    whole = Target(
        source="forum", url=THREAD, role="topic", meta={"thread": THREAD, "first": "yes"}
    )
    write(connection, FailureItem(target=whole, reason="http_404", detail="", at=NOW))
    assert gone(connection) == set(WHOLE)
    (at,) = connection.execute("SELECT gone_at FROM threads").fetchone()
    assert at == "2026-05-01T12:00:00Z"
    write(connection, topic(*WHOLE, first="yes", day=3))
    assert connection.execute("SELECT gone_at FROM threads").fetchone() == (None,)


def test_posts_of_several_threads_on_one_page(connection: sqlite3.Connection) -> None:
    posts = tuple(
        Post(
            id=str(n), key=f"forum:{n}", url=f"http://forum/s{n}", author="p-a", text=f"words {n}",
            thread_url=f"http://forum/s{n % 2}", thread_title=f"Talk {n % 2}",
        )
        for n in range(5)
    )  # fmt: skip
    feed = Target(source="forum", url="http://forum/feed", role="index")
    fetch = Fetch(url=feed.url, status=200, fetched_at=NOW, body_hash="x")
    write(connection, ForumItem(target=feed, fetch=fetch, page=ForumPage(
        engine="feed", kind="topic", posts=posts)))  # fmt: skip
    assert connection.execute("SELECT url, title, posts FROM threads ORDER BY url").fetchall() == [
        ("http://forum/s0", "Talk 0", 3), ("http://forum/s1", "Talk 1", 2),
    ]  # fmt: skip


def test_reviews_are_posts_of_a_forum_of_their_own(connection: sqlite3.Connection) -> None:
    review = Post(
        id=None, key="reviews:rival:h:1", url="http://rival/p#r1", author="p-a", text="Broke soon",
        rating=Decimal("2"), thread_title="Desk One",
    )  # fmt: skip
    page = Page(url="http://rival/p", kind="product", lang="en", title="P", reviews=(review,))
    target = Target(source="rival", url="http://rival/p", role="page")
    fetch = Fetch(url=target.url, status=200, fetched_at=NOW, body_hash="x")
    for _ in range(2):
        write(connection, PageItem(target=target, fetch=fetch, page=page))
    assert connection.execute(
        "SELECT f.id, f.name, f.kind, f.competitor, t.title, p.text, p.rating FROM posts p "
        "JOIN threads t ON t.id = p.thread_id JOIN forums f ON f.id = p.forum"
    ).fetchall() == [("reviews:rival", "R ★", "reviews", "rival", "Desk One", "Broke soon", 2.0)]
    assert connection.execute("SELECT kind FROM dirty WHERE kind = 'post'").fetchall() == [
        ("post",)
    ]

"""The writer: what was committed and not acknowledged is not written twice, nothing is lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from crawlers.cluster.keys import MarketKeys, StageKeys
from crawlers.items import DoneItem, Fetch, ForumItem, ForumPage, Post, Target
from crawlers.market import Market, parse_market
from pipelines.cluster.intake import GROUP, Intake
from pipelines.cluster.putting_up import Running
from pipelines.cluster.wire import encode
from pipelines.storage.crawl_state import SqliteCrawlState
from tests.redis_server import RedisServer

MARKET = """
[business]
name = "Hatchcart"
description = "Online shop builder"

[[forum]]
url = "http://f.test/"
"""
NOW = datetime(2026, 11, 3, 4, 5, tzinfo=UTC)


class Desk:
    """A stage's stream and the writer's database."""

    def __init__(self, server: Any, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.names = StageKeys(MarketKeys(f"m-{uuid4().hex[:8]}").of_stage("s").prefix)
        self.market: Market = parse_market(MARKET, path=folder / "shop.toml")
        self.forum = self.market.forums[0].key
        self.states: list[SqliteCrawlState] = []

    def intake(self, server: Any = None) -> Intake:
        """As a start of the writer makes it, resuming the run."""
        state = SqliteCrawlState.open(self.market, self.folder, "forums")
        self.states.append(state)
        job = Running(spider="forums", state=state, sources=(), goes_on=True)
        intake = Intake(server or self.server, self.names, {"forums": job}, self.folder)
        intake.open()
        return intake

    def send(self, item: Any, **more: str) -> None:
        fields = {"spider": "forums", "source": self.forum, "item": encode(item), **more}
        self.server.xadd(self.names.items, fields)

    def rows(self, sql: str) -> list[Any]:
        rows: list[Any] = self.states[-1].connection.execute(sql).fetchall()
        return rows

    def waiting(self) -> tuple[int, int]:
        """Entries of the stream, and those read and not acknowledged."""
        pending = self.server.xpending(self.names.items, GROUP)["pending"]
        return self.server.xlen(self.names.items), pending


@pytest.fixture
def desk(redis: RedisServer, tmp_path: Path) -> Iterator[Desk]:
    client = redis.client()
    desk = Desk(client, tmp_path)
    yield desk
    for state in desk.states:
        state.close()
    client.close()


def topic(forum: str, number: int, **meta: str) -> ForumItem:
    url = f"http://f.test/t/{number}"
    target = Target(source=forum, url=url, role="topic", meta={"thread": url, **meta})
    post = Post(
        id=str(number), url=url, author="Lan", text=f"Post {number}, call 0912 345 678",
        posted_at=NOW,
    )  # fmt: skip
    page = ForumPage(engine="generic", kind="topic", posts=(post,), thread_title=f"Thread {number}")
    fetch = Fetch(url=url, status=200, fetched_at=NOW, body_hash=f"{number:064}")
    return ForumItem(target=target, fetch=fetch, page=page)


class CutOff:
    """A connection that is lost after the commit and before the acknowledgement."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def pipeline(self) -> Any:
        raise RedisConnectionError("gone")


def test_written_then_acknowledged(desk: Desk) -> None:
    intake = desk.intake()
    for number in range(120):
        desk.send(topic(desk.forum, number))
    assert [intake.take(seconds=0.01) for _ in range(4)] == [50, 50, 20, 0]
    assert desk.waiting() == (0, 0)
    assert desk.rows("SELECT count(*), count(DISTINCT author) FROM posts") == [(120, 1)]
    author, text = desk.rows("SELECT author, text FROM posts LIMIT 1")[0]
    assert author.startswith("p-"), "the names end with the writer"
    assert "[phone]" in text


def test_killed_between_commit_and_acknowledgement(desk: Desk) -> None:
    cut = desk.intake(CutOff(desk.server))
    for number in range(3):
        desk.send(topic(desk.forum, number))
    with pytest.raises(RedisConnectionError):
        cut.take(seconds=0.01)
    assert desk.waiting() == (3, 3)
    before = desk.rows("SELECT * FROM posts ORDER BY id")
    assert len(before) == 3
    frontier = desk.rows("SELECT url, state, attempts FROM frontier ORDER BY url")

    desk.send(topic(desk.forum, 3))
    again = desk.intake()
    assert [again.take(seconds=0.01) for _ in range(3)] == [3, 1, 0]
    assert desk.waiting() == (0, 0)
    assert desk.rows("SELECT * FROM posts ORDER BY id")[:3] == before
    found = desk.rows("SELECT url, state, attempts FROM frontier ORDER BY url")
    assert found[:3] == frontier
    assert len(found) == 4


def test_the_acknowledgement_is_made_up_for_when_redis_is_back(desk: Desk) -> None:
    line = CutOff(desk.server)
    intake = desk.intake(line)
    desk.send(topic(desk.forum, 1))
    with pytest.raises(RedisConnectionError):
        intake.take(seconds=0.01)
    line.pipeline = desk.server.pipeline  # type: ignore[method-assign]
    intake.open()
    assert [intake.take(seconds=0.01) for _ in range(2)] == [1, 0]
    assert desk.waiting() == (0, 0)
    assert desk.rows("SELECT attempts FROM frontier") == [(1,)]


def test_the_same_page_sent_twice_is_written_once(desk: Desk) -> None:
    intake = desk.intake()
    for _ in range(2):
        desk.send(topic(desk.forum, 1))
    intake.take(seconds=0.01)
    desk.send(topic(desk.forum, 1))
    intake.take(seconds=0.01)
    assert desk.rows("SELECT attempts FROM frontier") == [(1,)]


def test_a_page_asked_for_again_is_written_again(desk: Desk) -> None:
    intake = desk.intake()
    second = topic(desk.forum, 1, again="yes")
    first = topic(desk.forum, 1).target
    desk.send(DoneItem(target=first, outlinks=(second.target,)))
    assert intake.take(seconds=0.01) == 1
    assert desk.rows("SELECT state FROM frontier") == [("pending",)]
    for _ in range(2):
        desk.send(second)
    assert intake.take(seconds=0.01) == 2
    assert desk.rows("SELECT state, attempts FROM frontier") == [("done", 2)]
    assert desk.rows("SELECT count(*) FROM posts") == [(1,)]


def test_nothing_is_acknowledged_that_could_not_be_written(desk: Desk) -> None:
    import sqlite3

    intake = desk.intake()
    desk.send(topic(desk.forum, 1))
    desk.states[-1].connection.execute("PRAGMA query_only = ON")
    with pytest.raises(sqlite3.OperationalError):
        intake.take(seconds=0.01)
    assert desk.waiting() == (1, 1)
    assert desk.intake().take(seconds=0.01) == 1
    assert desk.rows("SELECT count(*) FROM posts") == [(1,)]


def test_an_entry_that_holds_no_item_is_told_of_and_stops_nobody(desk: Desk) -> None:
    intake = desk.intake()
    desk.server.xadd(desk.names.items, {"spider": "forums", "item": "ForumItem rubbish"})
    desk.send(topic(desk.forum, 1))
    desk.server.xadd(desk.names.items, {"spider": "nobody", "item": ""})
    assert intake.take(seconds=0.01) == 3
    assert intake.broken == 1
    assert desk.waiting() == (0, 0)
    assert desk.rows("SELECT count(*) FROM posts") == [(1,)]


def test_a_zone_that_a_worker_learnt_is_kept(desk: Desk) -> None:
    intake = desk.intake()
    desk.server.xadd(
        desk.names.items,
        {"spider": "forums", "source": desk.forum, "word": "zone", "value": "Asia/Ho_Chi_Minh"},
    )
    assert intake.take(seconds=0.01) == 1
    assert desk.rows("SELECT learnt_timezone FROM forums") == [("Asia/Ho_Chi_Minh",)]


def test_a_rest_that_a_site_asked_a_worker_for_is_kept(desk: Desk) -> None:
    intake = desk.intake()
    until = "2999-01-01T00:00:00+00:00"
    desk.server.xadd(
        desk.names.items,
        {"spider": "forums", "source": "f.test", "word": "rest",
         "value": json.dumps([NOW.isoformat(), until, "429"])},
    )  # fmt: skip
    assert intake.take(seconds=0.01) == 1
    rest = desk.states[-1].rest_of("f.test")
    assert rest is not None
    assert (rest.detail, rest.until.isoformat()) == ("429", until)

"""The queue of one worker, on a real Redis: what it takes, holds, hands out and lets go of."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from scrapy import Request
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawlers.base.browsing import Browsing
from crawlers.cluster.errors import NotOursError, TooManyTriesError
from crawlers.cluster.frontier import Frontier
from crawlers.cluster.keys import MarketKeys
from crawlers.cluster.queue import LeasedQueue
from crawlers.cluster.spider import WorkerSpider, worker_spider
from crawlers.cluster.stage import Stage, StageJob
from crawlers.cluster.state import state_at
from crawlers.items import FailureItem, Target
from crawlers.market import parse_market
from crawlers.spiders.competitors import CompetitorsSpider
from tests.redis_server import RedisServer

MARKET = """
[business]
name = "Hatchcart"
description = "Online shop builder"
""" + "".join(
    f'\n[[competitor]]\nid = "{name}"\nname = "{name}"\nsite = "http://{name}.test/"\n'
    for name in ("a", "b", "c")
)  # fmt: skip
SETTINGS = {
    "RIVALMAP_WORKER_SITES": 200, "RIVALMAP_BACKLOG_ITEMS": 3, "RIVALMAP_REDIS_PATIENCE": 0.0,
}  # fmt: skip


class Board:
    """A stage of three sites, and workers' queues at it."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.market = parse_market(MARKET, path=Path("shop.toml"))
        self.keys = MarketKeys(f"m-{uuid4().hex[:8]}")
        self.names = self.keys.of_stage("s")
        for name in ("a", "b", "c"):
            server.zadd(self.names.sites("competitors"), {f"{name}.test": 0})
            server.sadd(self.names.sources("competitors", f"{name}.test"), name)
        self.put()

    def put(self, **more: Any) -> Stage:
        stage = Stage(
            id=more.pop("id", "s"), digest="", version="",
            jobs=(StageJob(spider="competitors", run=1),), **more,
        )  # fmt: skip
        self.server.set(self.keys.stage, stage.dumps())
        return stage

    def queue(self, name: str, *, server: Any = None, **more: Any) -> LeasedQueue:
        frontier = Frontier(
            server or self.server, self.keys, self.put(**more), "competitors",
            worker=name, seconds=30,
        )  # fmt: skip
        kind: type[WorkerSpider] = worker_spider(CompetitorsSpider)
        spider = kind(market=self.market, state=state_at(frontier)())
        spider.crawler = SimpleNamespace(settings=Settings(SETTINGS), engine=None)  # type: ignore[assignment]
        spider.browsing = Browsing.for_market(self.market)  # type: ignore[attr-defined]
        return LeasedQueue(self.server, spider, "sites")

    def report(self, source: str) -> dict[str, Any]:
        text = self.server.hget(self.names.reports, f"competitors {source}")
        report: dict[str, Any] = json.loads(text)
        return report


@pytest.fixture
def board(redis: RedisServer) -> Iterator[Board]:
    client = redis.client()
    yield Board(client)
    client.close()


def popped(queue: LeasedQueue) -> dict[str, Request]:
    found = {}
    while (request := queue.pop()) is not None:
        found[request.meta["source"]] = request
    return found


def committed(queue: LeasedQueue, request: Request, *outlinks: Target) -> bool:
    return queue.commit(request.meta["target"], b"item", outlinks)


def test_one_request_a_source_until_its_item_is_sent(board: Board) -> None:
    queue = board.queue("one")
    queue.tick()
    first = popped(queue)
    assert {name: request.url for name, request in first.items()} == {
        name: f"http://{name}.test/" for name in ("a", "b", "c")
    }
    assert popped(queue) == {}
    assert committed(queue, first["a"])
    assert [request.url for request in popped(queue).values()] == ["http://a.test/sitemap.xml"]


def test_workers_share_the_sites(board: Board) -> None:
    one, two = board.queue("one"), board.queue("two")
    two.frontier.renew([])  # so that both are known before the first of them takes
    one.tick()
    two.tick()
    assert len(one.leases) == 2
    assert len(two.leases) == 1
    assert not set(one.leases) & set(two.leases)


def test_another_worker_goes_on_with_order_budget_and_counts(board: Board) -> None:
    one = board.queue("one")
    one.tick()
    reader = one.readers["a"]
    home = popped(one)["a"]
    reader.source.report.pages = 1
    reader.source.domains.add("moved.test")
    kinds = {"kind": "pricing"}
    outlinks = [
        Target(source="a", url=f"http://a.test/{n}", role="page", depth=1, priority=50, meta=kinds)
        for n in (3, 1, 2)
    ]
    reader.source.offer(outlinks)
    assert committed(one, home, *outlinks)
    assert popped(one)["a"].url == "http://a.test/sitemap.xml"
    one.give_back_all()
    assert len(one.leases) == 0

    two = board.queue("two")
    two.tick()
    taken = two.readers["a"].source
    assert (taken.queue.taken, taken.report.pages) == (1, 1)
    assert "moved.test" in taken.domains
    order = []
    while (request := popped(two).get("a")) is not None:
        order.append(request.url.rpartition("/")[2])
        committed(two, request)
    assert order == ["sitemap.xml", "3", "1", "2"], "as it would have been"
    report = board.report("a")
    assert (report["complete"], report["report"]["outcome"]) == (True, "read")


def test_a_reader_without_its_lease_says_nothing(board: Board) -> None:
    one = board.queue("one")
    one.tick()
    reader, request = one.readers["a"], popped(one)["a"]
    board.server.hset(board.names.owners("competitors"), "a.test", "somebody else")
    assert not committed(one, request)
    assert reader.lease.lost
    assert "a" not in one.readers
    error = Failure(NotOursError("gone"))
    error.request = request  # type: ignore[attr-defined]
    assert list(reader.failed(error)) == []
    assert board.server.xlen(board.names.items) == 0


def test_the_backlog_is_bounded(board: Board) -> None:
    queue = board.queue("one")
    queue.tick()
    for request in popped(queue).values():
        committed(queue, request)
    queue.tick()
    assert popped(queue) == {}, "three items wait, which is as many as may"
    board.server.xtrim(board.names.items, maxlen=0)
    queue.tick()
    assert len(popped(queue)) == 3


def test_the_budget_of_the_run_ends_every_source(board: Board) -> None:
    queue = board.queue("one", budget=2)
    queue.tick()
    first = popped(queue)
    assert len(first) == 2
    for request in first.values():
        committed(queue, request)
    assert popped(queue) == {}
    assert [board.report(name)["complete"] for name in ("a", "b", "c")] == [False] * 3
    queue.tick()
    assert len(queue) == 0, "nothing keeps the spider open"


def test_a_stage_that_is_to_stop_or_is_gone_is_left(board: Board) -> None:
    queue = board.queue("one")
    queue.tick()
    request = popped(queue)["a"]
    board.put(stopping=True)
    queue.tick()
    committed(queue, request)
    assert popped(queue) == {}
    assert board.report("a")["complete"] is False
    board.put(id="another")
    queue.tick()
    assert len(queue) == 0
    assert queue.readers == {}


def test_a_page_over_which_workers_end_is_left_out_and_told_of(board: Board) -> None:
    for number in range(6):
        queue = board.queue(f"worker-{number}")
        queue.tick()
        request = popped(queue)["a"]
        if number < 5:
            assert "tries" not in request.meta
            queue.give_back_all()
    assert request.meta["tries"] == 5
    error = Failure(TooManyTriesError("5 workers ended"))
    error.request = request  # type: ignore[attr-defined]
    (item,) = queue.readers["a"].failed(error)
    assert isinstance(item, FailureItem)
    assert item.reason == "worker_ended"
    assert item.target == request.meta["target"]


def test_redis_that_does_not_come_back_ends_the_worker(board: Board, tmp_path: Path) -> None:
    from tests.redis_server import running_redis

    with running_redis(tmp_path) as other:
        client = other.client()
        away = Board(client)
        queue = away.queue("one")
        queue.tick()
        assert len(popped(queue)) == 3
        other.stop()
        queue.tick()
        assert len(queue) > 0, "it may come back"
        assert popped(queue) == {}
        queue.tick()
        assert "did not come back" in queue.gave_up
        assert len(queue) == 0
        client.close()

"""Leases on a real Redis: one owner a site, nothing lost with a worker, nothing done twice."""

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from crawlers.cluster.frontier import Frontier, LeaseLostError, target_from, target_text
from crawlers.cluster.keys import MarketKeys
from crawlers.cluster.stage import Stage, StageJob
from crawlers.items import Target
from tests.redis_server import RedisServer

SITES = {"a.test": ["a"], "b.test": ["b", "bb"]}


class Board:
    """A stage on Redis with two spiders, and workers that come to it."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.keys = MarketKeys(f"m-{uuid4().hex[:8]}")
        self.stage = Stage(
            id="s1", digest="d", version="1",
            jobs=(StageJob(spider="competitors", run=1), StageJob(spider="forums", run=2)),
        )  # fmt: skip
        self.names = self.keys.of_stage("s1")
        for site, sources in SITES.items():
            server.zadd(self.names.sites("competitors"), {site: 0})
            server.sadd(self.names.sources("competitors", site), *sources)
        server.set(self.keys.stage, self.stage.dumps())

    def worker(self, name: str, spider: str = "competitors", seconds: float = 30.0) -> Frontier:
        return Frontier(
            self.server, self.keys, self.stage, spider, worker=name, seconds=seconds
        )  # fmt: skip

    def stream(self) -> list[bytes]:
        return [fields[b"item"] for _, fields in self.server.xrange(self.names.items)]


@pytest.fixture
def board(redis: RedisServer) -> Iterator[Board]:
    client = redis.client()
    yield Board(client)
    client.close()


def target(url: str, source: str = "a", **meta: str) -> Target:
    return Target(source=source, url=url, role="page", priority=3, meta=meta)


def test_each_site_has_one_owner(board: Board) -> None:
    one, two = board.worker("one"), board.worker("two")
    first, second = one.claim(), two.claim()
    assert first is not None
    assert second is not None
    assert {first.site, second.site} == set(SITES)
    assert {lease.site: lease.sources for lease in (first, second)} == SITES
    assert one.claim() is None
    assert two.claim() is None
    one.release(first)
    taken = two.claim()
    assert taken is not None
    assert taken.site == first.site


def test_a_host_belongs_to_one_worker_across_spiders(board: Board) -> None:
    board.server.zadd(board.names.sites("forums"), {"a.test": 0})
    board.server.sadd(board.names.sources("forums", "a.test"), "forum")
    held = board.worker("one").claim()
    assert held is not None
    assert held.site == "a.test"
    assert board.worker("two", "forums").claim() is None
    own = board.worker("one", "forums").claim()
    assert own is not None
    assert own.site == "a.test"


def test_what_a_dead_worker_held_returns_whole(board: Board) -> None:
    dead, living = board.worker("dead", seconds=0.2), board.worker("living")
    lease = dead.claim()
    assert lease is not None
    dead.add(lease, "a", [target("http://a.test/2"), target("http://a.test/1")])
    assert dead.begin(lease, target("http://a.test/2")) == (1, 1)
    other = living.claim()
    assert other is not None
    assert other.site == "b.test"
    time.sleep(0.25)
    assert not lease.good
    taken = living.claim()
    assert taken is not None
    assert taken.site == "a.test"
    done, waiting, book = living.taken_over("a")
    assert (done, book) == ({}, None)
    assert [one.url for one in waiting] == ["http://a.test/2", "http://a.test/1"]
    assert living.begin(taken, waiting[0]) == (2, 2), "the second try of the second request"


def test_a_slow_old_worker_can_do_no_harm(board: Board) -> None:
    slow, quick = board.worker("slow", seconds=0.1), board.worker("quick")
    old = slow.claim()
    assert old is not None
    slow.add(old, "a", [target("http://a.test/")])
    time.sleep(0.15)
    assert slow.renew([old]).lost == (), "nobody took it: it is still his"
    time.sleep(0.15)
    sites = {quick.claim().site, quick.claim().site}  # type: ignore[union-attr]
    assert sites == set(SITES)
    with pytest.raises(LeaseLostError):
        slow.commit(old, target("http://a.test/"), b"late", [], {})
    with pytest.raises(LeaseLostError):
        slow.add(old, "a", [target("http://a.test/3")])
    with pytest.raises(LeaseLostError):
        slow.finish(old, "a", {})
    slow.release(old)
    assert slow.renew([old]).lost == ("a.test",)
    assert board.stream() == []
    assert [one.url for one in quick.taken_over("a")[1]] == ["http://a.test/"]
    assert quick.claim() is None, "his release gave nothing away"


def test_an_item_and_its_outlinks_move_once(board: Board) -> None:
    worker = board.worker("one")
    lease = worker.claim()
    assert lease is not None
    home, page = target("http://a.test/"), target("http://a.test/1", kind="pricing")
    worker.add(lease, "a", [home])
    for _ in range(2):  # the answer to the first was lost on its way, say
        worker.commit(lease, home, b"item", [page, home], {"taken": 1})
    assert board.stream() == [b"item"]
    done, waiting, book = worker.taken_over("a")
    assert done == {"http://a.test/": "page"}
    assert waiting == [page]
    assert book == {"taken": 1}


def test_an_address_may_be_asked_for_again_when_its_target_says_so(board: Board) -> None:
    worker = board.worker("one")
    lease = worker.claim()
    assert lease is not None
    plain, again = target("http://a.test/"), target("http://a.test/", again="yes")
    worker.add(lease, "a", [plain])
    worker.commit(lease, plain, b"first", [again], {})
    assert worker.taken_over("a")[1] == [again]
    worker.commit(lease, again, b"second", [], {})
    assert board.stream() == [b"first", b"second"]
    assert worker.taken_over("a")[1] == []


def test_a_site_is_through_with_the_last_of_its_sources(board: Board) -> None:
    worker = board.worker("one")
    leases = {lease.site: lease for lease in (worker.claim(), worker.claim()) if lease}
    lease = leases["b.test"]
    worker.finish(lease, "b", {"complete": True})
    assert worker.renew(leases.values()).sites == 2
    worker.finish(lease, "bb", {"complete": False})
    worker.finish(leases["a.test"], "a", {"complete": True})
    pulse = worker.renew([])
    assert (pulse.sites, pulse.workers, pulse.items) == (0, 1, 0)
    reports = board.server.hgetall(board.names.reports)
    assert {name.decode(): json.loads(text)["complete"] for name, text in reports.items()} == {
        "competitors a": True, "competitors b": True, "competitors bb": False,
    }  # fmt: skip


def test_a_new_stage_ends_the_leases_of_the_old(board: Board) -> None:
    worker = board.worker("one")
    lease = worker.claim()
    assert lease is not None
    board.server.delete(board.keys.stage, board.names.owners("competitors"))
    pulse = worker.renew([lease])
    assert pulse.stage is None
    assert lease.lost


def turn(worker: Frontier, site: str = "a.test", gap: float = 0.0) -> float | None:
    return worker.turn(site, gap, hold=30)


def test_turns_of_a_site_keep_the_longest_gap_anybody_named(board: Board) -> None:
    one, two = board.worker("one"), board.worker("two", "forums")
    assert turn(one, gap=0.3) == 0
    one.answered("a.test")
    assert 0.25 < (turn(two, gap=0.1) or 0) <= 0.3, "the other knows of no longer gap"
    two.answered("a.test")
    assert 0.85 < (turn(one, gap=0.6) or 0) <= 0.9
    assert turn(two, "b.test", gap=0.1) == 0


def test_nobody_asks_a_site_while_another_workers_request_is_open(board: Board) -> None:
    one, two = board.worker("one"), board.worker("two")
    for worker in (one, two):
        worker.renew([])
    assert turn(one) == 0
    assert turn(two) is None
    assert turn(two, "b.test") == 0
    assert turn(one) is None, "who waits comes next"
    one.answered("a.test")
    assert turn(one) is None
    assert turn(two) == 0
    assert turn(one) is None
    two.answered("a.test")
    assert turn(one) == 0
    assert turn(one) == 0, "a worker keeps its own requests apart itself"
    one.answered("a.test")
    assert turn(two) is None, "one of its two is open still"
    one.answered("a.test")
    assert turn(two) == 0


def test_a_dead_workers_request_keeps_nobody_waiting_longer_than_its_lease(board: Board) -> None:
    one, two = board.worker("one", seconds=0.3), board.worker("two")
    for worker in (one, two):
        worker.renew([])
    assert turn(one) == 0
    assert turn(two) is None
    time.sleep(0.35)
    assert turn(two) == 0
    two.answered("a.test")
    assert two.turn("a.test", 0, hold=0.1) == 0  # whose end is never told
    one.renew([])
    assert turn(one) is None
    time.sleep(0.15)
    assert turn(one) == 0


def test_targets_come_back_as_they_went() -> None:
    one = Target(
        source="a", url="http://a.test/价格", role="topic", depth=2, priority=-5,
        meta={"title": "Bán hàng \udc80", "again": "yes"},
    )  # fmt: skip
    assert target_from(target_text(one).encode("ascii")) == one

"""What a run puts up of the database: sources go on as they would in one process."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from scrapy.settings import Settings

from crawlers.base.browsing import Browsing
from crawlers.base.spider import ResearchSpider
from crawlers.cluster.frontier import Frontier
from crawlers.cluster.keys import MarketKeys
from crawlers.cluster.queue import LeasedQueue
from crawlers.cluster.spider import worker_spider
from crawlers.cluster.stage import Stage, StageJob
from crawlers.cluster.state import state_at
from crawlers.items import DoneItem, Target
from crawlers.market import load_market
from crawlers.spiders.competitors import CompetitorsSpider
from crawlers.spiders.forums import ForumsSpider
from crawlers.state import SourceReport
from pipelines.cluster.putting_up import put_up, running
from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.writer import Writer
from tests.redis_server import RedisServer

MARKET = """
[business]
name = "Hatchcart"
description = "Online shop builder"

[crawl]
pages_per_forum = 3

[[competitor]]
id = "a"
name = "a"
site = "http://a.test/"

[[forum]]
name = "f"
url = "http://f.test/"
"""
SETTINGS = {
    "RIVALMAP_WORKER_SITES": 200, "RIVALMAP_BACKLOG_ITEMS": 100, "RIVALMAP_REDIS_PATIENCE": 0.0,
}  # fmt: skip


class Cluster:
    """A market's database, and a worker at what is put up of it."""

    def __init__(self, server: Any, folder: Path) -> None:
        self.server, self.folder = server, folder
        (folder / "shop.toml").write_text(MARKET, encoding="utf-8")
        self.market = load_market(folder / "shop.toml")
        self.keys = MarketKeys(f"m-{uuid4().hex[:8]}")

    def state(self, spider: str) -> SqliteCrawlState:
        return SqliteCrawlState.open(self.market, self.folder, spider)

    def worker(self, kind: type[ResearchSpider], state: SqliteCrawlState) -> LeasedQueue:
        stage = Stage(
            id=uuid4().hex, digest="", version="",
            jobs=(StageJob(spider=kind.name, run=state.run_id),),
        )  # fmt: skip
        put_up(self.server, self.keys, stage, [running(kind, self.market, state)])
        frontier = Frontier(
            self.server, self.keys, stage, kind.name, worker=uuid4().hex, seconds=30
        )
        spider = worker_spider(kind)(market=self.market, state=state_at(frontier)())
        spider.crawler = SimpleNamespace(settings=Settings(SETTINGS), engine=None)  # type: ignore[assignment]
        spider.browsing = Browsing.for_market(self.market)  # type: ignore[attr-defined]
        queue = LeasedQueue(self.server, spider, "sites")
        queue.tick()
        return queue

    def report(self, queue: LeasedQueue, source: str) -> dict[str, Any]:
        text = self.server.hget(queue.frontier.keys.reports, f"{queue.frontier.spider} {source}")
        report: dict[str, Any] = json.loads(text)
        return report


@pytest.fixture
def cluster(redis: RedisServer, tmp_path: Path) -> Iterator[Cluster]:
    client = redis.client()
    yield Cluster(client, tmp_path)
    client.close()


def through(state: SqliteCrawlState, *paths: tuple[str, str]) -> None:
    writer = Writer(state.connection, state.run_id, batch_items=1, batch_seconds=0)
    for url, role in paths:
        writer.add(DoneItem(target=Target(source="a", url=f"http://a.test{url}", role=role)))


def test_a_site_that_was_through_before_the_cut_is_judged_by_the_whole_run(
    cluster: Cluster,
) -> None:
    state = cluster.state("competitors")
    usual = [("/", "page"), ("/sitemap.xml", "sitemap"), ("/pricing", "page")]
    through(state, *usual)
    # Redis forgets all while the run goes on, a worker takes what is put up again and hands it on.
    first = cluster.worker(CompetitorsSpider, state)
    assert first.readers["a"].source.before.pages == 2
    first.give_back_all()
    state.add([Target(source="a", url="http://a.test/left", role="page")])
    state.finish([SourceReport(source="a", name="a")], reason="budget", stats={}, complete=False)
    state.close()
    again = cluster.state("competitors")
    assert again.resumed
    through(again, ("/left", "page"))
    queue = cluster.worker(CompetitorsSpider, again)
    asked = queue.pop()
    while asked is not None:  # a feed that may be looked for
        queue.commit(asked.meta["target"], b"item", ())
        asked = queue.pop()
    report = cluster.report(queue, "a")
    assert (report["complete"], report["report"]["outcome"]) == (True, "read")
    again.close()


def test_another_worker_knows_what_the_run_had_before(cluster: Cluster) -> None:
    state = cluster.state("competitors")
    through(state, ("/", "page"), ("/sitemap.xml", "sitemap"))
    state.add([Target(source="a", url="http://a.test/left", role="page")])
    queue = cluster.worker(CompetitorsSpider, state)
    asked = queue.pop()
    assert asked is not None
    assert queue.commit(asked.meta["target"], b"item", ())
    queue.give_back_all()
    queue._closing = False
    queue.tick()
    assert queue.readers["a"].source.before.pages == 1
    state.close()


def test_a_large_forum_ends_its_night_and_is_read_on_by_the_next(cluster: Cluster) -> None:
    front = "http://f.test/"
    asked: list[list[str]] = []
    for night in range(2):
        state = cluster.state("forums")
        queue = cluster.worker(ForumsSpider, state)
        source, seen = queue.readers["f"].source, []
        while (request := queue.pop()) is not None:
            target = request.meta["target"]
            seen.append(target.url)
            paths = ["new"] if night else ["t1", "t2", "t3", "t4"]
            links = [topic(f"{front}{path}") for path in paths] if target.url == front else []
            outlinks = source.offer(links)
            writer = Writer(state.connection, state.run_id, batch_items=1, batch_seconds=0)
            writer.add(DoneItem(target=target, outlinks=outlinks))
            source.report.pages += 1
            source.report.posts += 1
            queue.commit(target, b"item", outlinks)
        asked.append([url.removeprefix(front) for url in seen])
        report = cluster.report(queue, "f")
        assert report["complete"]
        found = SourceReport(**report["report"])
        assert (found.outcome, found.whole) == ("partial", False)
        assert "addresses wait for the next start" in found.detail
        state.finish([found], reason="finished", stats={}, complete=report["complete"])
        state.close()
    assert asked == [["", "t1", "t2"], ["", "t3", "new"]]


def test_another_worker_knows_which_threads_had_waited_in_the_middle(cluster: Cluster) -> None:
    page, thread = "http://f.test/t1?page=3", "http://f.test/t1"
    state = cluster.state("forums")
    meta = {"kind": "forum", "thread": thread, "like": "x"}
    state.add([Target(source="f", url=page, role="topic", depth=1, priority=201, meta=meta)])
    state.finish([], reason="finished", stats={}, complete=True)
    state.close()
    state = cluster.state("forums")
    queue = cluster.worker(ForumsSpider, state)
    for url in ("http://f.test/", page):  # the front of the forum, and what waited
        asked = queue.pop()
        assert asked is not None and asked.url == url
        assert queue.readers["f"].source.half_read == {thread}
        queue.commit(asked.meta["target"], b"item", (topic("http://f.test/t2"),))
    queue.give_back_all()
    queue._closing = False
    queue.tick()
    source = queue.readers["f"].source
    assert source.half_read == {thread} and source.reads_on
    state.close()


def topic(url: str) -> Target:
    meta = {"kind": "forum", "thread": url, "first": "yes"}
    return Target(source="f", url=url, role="topic", depth=1, priority=200, meta=meta)

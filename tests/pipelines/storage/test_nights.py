"""What a run's end leaves for the next one: a forum beyond its budget, news of all the others."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.passes.alert_news import FIRST_READ
from crawlers.base.spider import ResearchSpider
from crawlers.items import DoneItem, Target
from crawlers.market import load_market
from crawlers.spiders.forums import ForumsSpider
from crawlers.state import WAITED
from pipelines.storage.crawl_state import RESUMABLE_DAYS, SqliteCrawlState
from pipelines.storage.times import at_moment, now, utc_text
from pipelines.storage.writer import Writer

BIG, SMALL = "https://big.example/", "https://small.example/"
MARKET = f"""
[business]
name = "Hatchcart"
description = "Online shop builder"

[crawl]
pages_per_forum = 5

[[forum]]
name = "big"
url = "{BIG}"
"""
BOTH = f'{MARKET}\n[[forum]]\nname = "small"\nurl = "{SMALL}"\n'


class Nights:
    """One market's forums, night after night, without a network: every page asked for is done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: set[str] = set()
        self.write(BOTH)

    def write(self, market: str) -> None:
        (self.folder / "shop.toml").write_text(market, encoding="utf-8")
        self.market = load_market(self.folder / "shop.toml")

    def opened(self) -> SqliteCrawlState:
        return SqliteCrawlState.open(self.market, self.folder / "data", "forums")

    async def night(
        self,
        found: Iterable[str] = (),
        *,
        most: int = 100,
        killed: bool = False,
        cut: bool = False,
    ) -> tuple[int, list[str]]:
        """A run; the big forum's index leads to the paths found, but for those read before, as a
        list does whose threads have not changed.

        :param most: pages after which it is killed, or cut off in order, where it is.
        :returns: the run, and what was asked for.
        """
        state = self.opened()
        spider: ResearchSpider = ForumsSpider(market=self.market, state=state)
        writer = Writer(state.connection, state.run_id, batch_items=1, batch_seconds=0)
        asked: list[str] = []
        requests = [request async for request in spider.start()]
        while requests and len(asked) < most:
            target = requests.pop(0).meta["target"]
            asked.append(target.url)
            source = spider.by_id[target.source]
            links = [topic(path) for path in found if BIG + path not in self.read]
            links = links if target.url == BIG else []
            self.read.add(target.url)
            writer.add(DoneItem(target=target, outlinks=source.offer(links)))
            source.report.pages += 1
            source.report.posts += 1
            following = spider.next_request(source)
            requests += [following] if following is not None else []
        if killed:
            state.close()
            return state.run_id, asked
        for source in spider.by_id.values():
            source.report.outcome = spider.outcome(source)
            source.report.whole = source.closed and not len(source.queue)
        reports = [source.report for source in spider.by_id.values()]
        reason = "budget" if cut else "finished"
        state.finish(reports, reason=reason, stats={}, complete=spider.complete and not cut)
        state.close()
        return state.run_id, asked


def topic(path: str) -> Target:
    meta = {"kind": "forum", "thread": BIG + path, "first": "yes"}
    return Target(source="big", url=BIG + path, role="topic", depth=1, priority=200, meta=meta)


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path)


def waiting(nights: Nights) -> list[str]:
    state = nights.opened()
    found = [target.url for target in state.pending() if WAITED in target.meta]
    state.close()
    return found


async def test_a_large_forum_is_read_on_and_keeps_nobody_waiting(nights: Nights) -> None:
    old = [f"t{number:02}" for number in range(12)]
    first, asked = await nights.night(old)
    assert sorted(asked) == sorted([BIG, SMALL, *(BIG + path for path in old[:4])])
    second, asked = await nights.night([*old, "new"])
    assert second != first
    assert [url for url in asked if url.startswith(SMALL)] == [SMALL]
    big = [url for url in asked if url.startswith(BIG)]
    assert big[0] == BIG, "its front page is read anew"
    assert BIG + "new" in big
    assert set(big[1:]) - {BIG + "new"} <= {BIG + path for path in old[4:]}, "read on"
    assert len(big) == 5
    for _ in range(4):
        await nights.night([*old, "new"])
    assert nights.read == {BIG, SMALL, BIG + "new", *(BIG + path for path in old)}
    state = nights.opened()
    rows = state.connection.execute(
        "SELECT r.status, s.outcome, s.whole, s.detail FROM run_sources s "
        "JOIN runs r ON r.id = s.run_id WHERE s.source = 'big' ORDER BY r.id"
    ).fetchall()
    assert {row[0] for row in rows} == {"finished"}
    assert rows[0][1:3] == ("partial", 0)
    assert "8 addresses wait for the next start" in rows[0][3]
    assert rows[-1][1:3] == ("read", 1)
    assert state.read_through("big")
    state.close()


async def test_news_of_every_night_does_not_keep_the_rest_out(nights: Nights) -> None:
    old = [f"a{number}" for number in range(6)]
    await nights.night(old)  # four of them are read
    for night in range(2):
        await nights.night([f"n{night}-{number}" for number in range(9)])
    assert {BIG + "a4", BIG + "a5"} <= nights.read


async def test_a_killed_run_is_gone_on_with_and_keeps_what_waited(nights: Nights) -> None:
    old = [f"t{number:02}" for number in range(12)]
    await nights.night(old)
    killed, before = await nights.night(old, most=4, killed=True)
    resumed, asked = await nights.night(old)
    assert resumed == killed
    assert not set(asked) & set(before), "its seeds were asked for"
    assert all(url.startswith(BIG + "t") for url in asked)


async def test_a_time_budget_keeps_nobody_waiting_for_more_than_its_night(nights: Nights) -> None:
    old = [f"t{number:02}" for number in range(12)]
    first, asked = await nights.night(old, most=4, cut=True)
    assert {BIG, SMALL} <= set(asked)
    resumed, more = await nights.night(old, most=1, cut=True)
    assert resumed == first and not set(asked) & set(more), "started again at once"
    with at_moment(now() + timedelta(days=1)):
        second, news = await nights.night([*old, "new"])
    assert second != first
    assert {BIG, SMALL, BIG + "new"} <= set(news)
    assert not (set(news) - {BIG, SMALL}) & {*asked, *more}, "the rest is read on"
    state = nights.opened()
    statuses = state.connection.execute("SELECT status FROM runs ORDER BY id").fetchall()
    assert statuses[:2] == [("finished",), ("finished",)]
    state.close()


async def test_what_a_run_given_up_left_is_read_on_too(nights: Nights) -> None:
    old = [f"t{number:02}" for number in range(12)]
    await nights.night(old)
    killed, asked = await nights.night(old, most=3, killed=True)
    read = {BIG + path for path in old[:4]} | set(asked)
    with at_moment(now() + timedelta(days=RESUMABLE_DAYS + 1)):
        again, asked = await nights.night()
    assert again != killed
    assert {BIG, SMALL} <= set(asked)
    assert not (set(asked) - {BIG, SMALL}) & read


async def test_a_forum_taken_out_of_the_file_waits_for_nothing(nights: Nights) -> None:
    await nights.night([f"t{number:02}" for number in range(12)])
    nights.write(MARKET.replace("big", "other"))
    with at_moment(now() + timedelta(days=1)):
        assert waiting(nights) == []


async def test_the_first_reading_of_a_forum_ends_with_its_first_night(nights: Nights) -> None:
    moment = now()
    for night in range(3):
        with at_moment(moment + timedelta(days=night)):
            await nights.night([f"t{number:02}" for number in range(20)])
    state = nights.opened()
    found = dict(state.connection.execute(f"SELECT forum, read_at FROM ({FIRST_READ})"))
    assert found == {"big": utc_text(moment), "small": utc_text(moment)}
    (outcomes,) = state.connection.execute(
        "SELECT count(*) FROM run_sources s JOIN runs r ON r.id = s.run_id "
        "WHERE s.source = 'small' AND r.finished_at IS NOT NULL"
    ).fetchone()
    assert outcomes == 3, "a night each: two that fail running can be told"
    state.close()

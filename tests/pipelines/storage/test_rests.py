"""What sites asked for outlives a run; the pages of a site that was left wait for the next."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.items import FailureItem, Target
from crawlers.market import load_market
from crawlers.patience import Rest, rest_for
from crawlers.state import SourceReport
from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.writer import Writer

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
MARKET = '[business]\nname = "Hatchcart"\ndescription = "Online shop builder"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.toml").write_text(MARKET, encoding="utf-8")
    return tmp_path


def opened(folder: Path) -> SqliteCrawlState:
    return SqliteCrawlState.open(load_market(folder / "shop.toml"), folder / "data", "competitors")


def test_a_rest_is_kept_and_replaced(folder: Path) -> None:
    state = opened(folder)
    assert state.rest_of("a.example") is None
    for hours in (1, 5):
        state.keep_rest("a.example", rest_for(3600 * hours, datetime.now(UTC), "429"))
    state.close()
    again = opened(folder)
    rest = again.rest_of("a.example")
    assert rest is not None and rest.holds(datetime.now(UTC))
    assert rest.until - rest.asked_at == timedelta(hours=5)
    again.close()


def test_rests_that_are_over_go_when_one_is_kept(folder: Path) -> None:
    state = opened(folder)
    old = NOW - timedelta(days=900)
    state.keep_rest("old.example", Rest(asked_at=old, until=old, detail="429"))
    state.keep_rest("a.example", rest_for(60, datetime.now(UTC), "429"))
    assert state.rest_of("old.example") is None
    state.close()


@pytest.mark.parametrize(
    ("reason", "kept"), [("resting", True), ("failing", True), ("timeout", False)]
)
def test_pages_of_a_site_that_was_left_wait_for_the_next_run(
    folder: Path, reason: str, kept: bool
) -> None:
    state = opened(folder)
    home = Target(source="a", url="https://a.example/", role="page", priority=5)
    other = Target(source="a", url="https://a.example/x", role="page", priority=3)
    apart = Target(source="b", url="https://b.example/x", role="page", priority=3)
    state.add([home, other, apart])
    writer = Writer(state.connection, state.run_id, batch_items=1, batch_seconds=0)
    writer.add(FailureItem(target=home, reason=reason, detail="words", at=NOW))
    assert (home in list(state.pending())) is kept  # the fault of a site is no word on its page
    reports = [SourceReport(source=name, name=name) for name in ("a", "b")]
    state.finish(reports, reason="finished", stats={}, complete=True)
    first = state.run_id
    state.close()
    following = opened(folder)
    assert following.run_id != first and not following.resumed
    assert list(following.pending()) == ([home, other] if kept else [])
    following.close()

"""Which pages are asked for in full since their answers go soon, and what manners.md says."""

from pathlib import Path

import pytest

from crawlers.market import parse_market
from pipelines.storage.crawl_state import KEEPING_DAYS, SqliteCrawlState

MARKET = '[business]\nname = "A"\ndescription = "b"\n[crawl]\narchive_days = '
MANNERS = Path(__file__).parents[3] / "docs" / "manners.md"


@pytest.mark.parametrize(
    ("days", "lasts"), [(0, False), (KEEPING_DAYS, False), (KEEPING_DAYS + 1, True)]
)
def test_the_least_archive_days_for_conditional_requests(
    tmp_path: Path, days: int, lasts: bool
) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "a.warc.gz").write_bytes(b"x")
    state = SqliteCrawlState.open(parse_market(f"{MARKET}{days}"), tmp_path, "competitors")
    assert state.has_archived("a.warc.gz") == lasts
    state.close()


def test_manners_says_so() -> None:
    said = " ".join(MANNERS.read_text(encoding="utf-8").split())
    assert f"an `archive_days` of {KEEPING_DAYS} or less ends conditional requests" in said

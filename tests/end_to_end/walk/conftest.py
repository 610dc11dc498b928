"""The desk over the sample market in a real browser, as a researcher walks it.

The market is researched twice, once for all files that walk it; they are several so that several
processes can walk.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from analysis.web.desk import TABS
from tests.analysis.web.test_browser import CHROMIUM, served
from tests.end_to_end.tables import scrapy


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The database of the sample market, researched twice: what changed between is told.

    The processes of one run share it: the first to come makes it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "walked"
    with FileLock(f"{home}.lock"):
        if not (home / "made").exists():
            _research_twice(home)
            (home / "made").touch()
    return home / "data" / NAME / "market.db"


def _research_twice(home: Path) -> None:
    (home / "markets").mkdir(parents=True)
    with SampleServer() as sample:
        text = sample_market_toml(sample.port)
        (home / "markets" / f"{NAME}.toml").write_text(text, encoding="utf-8")
        for sample.state in ("baseline", "real"):
            run = scrapy(home, "research", NAME)
            assert run.returncode == 5, run.stderr  # a site of the sample is broken on purpose


@pytest.fixture(scope="module")
def address(market: Path) -> Iterator[str]:
    yield from served(market)


@pytest.fixture(scope="module")
def paths(market: Path) -> list[str]:
    """Every page of the desk: the tabs, a rival of each tier, posts, a search, a range."""
    conn = sqlite3.connect(market)
    rivals = [
        row[0] for row in conn.execute("SELECT min(competitor) FROM tiers GROUP BY tier ORDER BY 1")
    ]
    (post,) = conn.execute("SELECT post_id FROM switches LIMIT 1").fetchone()
    conn.close()
    return [
        *(f"/{page.route}" for page in TABS),
        *(f"/competitors/{rival}" for rival in rivals),
        f"/posts/{post}",
        "/posts?q=%E4%BB%B7%E6%A0%BC",
        "/posts?stage=searching&counted=1",
        "/posts?q=nothing+like+this",
        "/customers?period=30d",
        "/nowhere",
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield found
        found.close()

"""The sample market crawled in five states, one after another: the true changes, none else."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from analysis.demo.states import STATES, changes
from tests.end_to_end.tables import scrapy

pytestmark = pytest.mark.slow

Told = tuple[str, str, str, str]
"""(competitor, kind, path of the page, words)"""


def told(home: Path) -> list[Told]:
    connection = sqlite3.connect(home / "data" / NAME / "market.db")
    try:
        rows = connection.execute(
            "SELECT c.competitor, c.kind, coalesce(p.url, ''), c.words FROM changes c "
            "LEFT JOIN pages p ON p.id = c.page_id ORDER BY c.id"
        ).fetchall()
    finally:
        connection.close()
    return [
        (who, kind, "/" + url.split("/", 3)[-1], without_kind(words))
        for who, kind, url, words in rows
    ]


def without_kind(words: str) -> str:
    """A line without the kind of page it names: that is for the readers' own tests."""
    return re.sub(r"^(New|Removed) [a-z]+ page: ", r"\1 page: ", words)


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[Told]]]:
    """What each crawl added to the changes: the five states, and the sites up again."""
    home = tmp_path_factory.mktemp("home")
    (home / "markets").mkdir()
    found: dict[str, list[Told]] = {}
    with SampleServer() as sample:
        market = home / "markets" / f"{NAME}.toml"
        market.write_text(sample_market_toml(sample.port), encoding="utf-8")
        before: list[Told] = []
        for name in (*STATES, "up again"):
            sample.state = "real" if name == "up again" else name  # type: ignore[assignment]
            run = scrapy(home, "research", NAME, "--quiet")
            assert run.returncode == 5, (name, run.stderr)
            after = told(home)
            found[name] = [row for row in after if row not in before]
            assert len(after) == len(before) + len(found[name]), f"{name}: told twice"
            before = after
    yield found


@pytest.mark.parametrize("state", ["baseline", "nothing", "noise", "down", "up again"])
def test_nothing_is_told_where_nothing_has_changed(
    crawls: dict[str, list[Told]], state: str
) -> None:
    assert not crawls[state], "\n".join(map(str, crawls[state]))


def test_exactly_the_true_changes_are_told(crawls: dict[str, list[Told]]) -> None:
    true = [
        (row["competitor"], row["kind"], row["page"], without_kind(row["words"]))
        for row in changes()
    ]
    assert sorted(crawls["real"]) == sorted(true)

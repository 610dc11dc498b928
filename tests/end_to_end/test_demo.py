"""The main job on the sample market, by the real commands, in a fresh directory."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.demo.comparing import deviations
from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from analysis.demo.truth import load_truth
from tests.end_to_end.tables import dump, scrapy

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample() -> Iterator[SampleServer]:
    with SampleServer() as server:
        yield server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, sample: SampleServer) -> Path:
    """A home whose market has been researched once."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "markets").mkdir()
    market = folder / "markets" / f"{NAME}.toml"
    market.write_text(sample_market_toml(sample.port), encoding="utf-8")
    run = scrapy(folder, "research", NAME)
    assert run.returncode == 5, run.stderr  # one site of the sample is broken on purpose
    assert "cartwobble" in run.stderr and "exit code 5" in run.stderr
    return folder


@pytest.fixture
def connection(home: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(home / "data" / NAME / "market.db")
    yield connection
    connection.close()


@pytest.mark.parametrize("area", ["tiers", "channels", "offers", "posts", "switches"])
def test_the_samples_truth(connection: sqlite3.Connection, home: Path, area: str) -> None:
    salt = (home / "data" / NAME / "salt").read_bytes()
    assert deviations(connection, load_truth(), salt)[area] == []


def test_every_tier_has_two_rows_of_evidence_that_open(
    connection: sqlite3.Connection, sample: SampleServer
) -> None:
    tiers = connection.execute("SELECT competitor FROM tiers WHERE tier IS NOT NULL").fetchall()
    assert len(tiers) >= 10
    for (competitor,) in tiers:
        rows = connection.execute(
            "SELECT url, quote FROM evidence WHERE claim_table = 'tiers' AND claim_key = ?",
            (competitor,),
        ).fetchall()
        assert len(rows) >= 2, competitor
        assert all(url.startswith("http://") and quote.strip() for url, quote in rows), competitor


def test_no_author_and_no_contact_is_stored(connection: sqlite3.Connection) -> None:
    names = {post["author"] for post in load_truth()["posts"]}
    stored = {row[0] for row in connection.execute("SELECT author FROM posts")}
    assert not names & stored and all(name.startswith("p-") for name in stored)


def test_the_closed_site_was_never_asked_for_a_page(
    home: Path, sample: SampleServer, connection: sqlite3.Connection
) -> None:
    asked = {one.target for one in sample.asked if one.host.startswith("gatehouse")}
    assert asked == {"/robots.txt"}
    outcome = connection.execute("SELECT outcome FROM run_sources WHERE source = 'gatehouse'")
    assert outcome.fetchone() == ("robots",)


def test_a_second_run_changes_nothing_that_has_not_changed(home: Path) -> None:
    before = dump(home)
    run = scrapy(home, "research", NAME, "--quiet")
    assert run.returncode == 5, run.stderr
    after = dump(home)
    for table, rows in before.items():
        assert after[table] == rows, table
    assert after["changes"] == []


def test_refresh_reads_everything_again_without_the_network(home: Path) -> None:
    before = dump(home)
    run = scrapy(home, "refresh", NAME)
    assert run.returncode == 0, run.stderr
    assert "pages read again" in run.stderr
    after = dump(home)
    for table, rows in before.items():
        assert after[table] == rows, table


def test_doctor_names_what_is_ill(home: Path) -> None:
    run = scrapy(home, "doctor", NAME)
    assert "gatehouse: robots" in run.stdout and "database" in run.stdout
    assert run.returncode in (0, 5)


def test_the_demo_ends_by_itself_and_says_that_all_is_well(tmp_path: Path) -> None:
    run = scrapy(tmp_path, "demo", "--once")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 direct" in run.stdout and "All came out as it must" in run.stdout
    assert not list(tmp_path.iterdir())

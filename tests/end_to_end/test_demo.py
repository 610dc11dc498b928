"""The main job on the sample market, by the real commands, in a fresh directory."""

import html
import re
import sqlite3
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest

from analysis.demo.comparing import deviations
from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from analysis.demo.truth import load_truth
from analysis.web.serve import datasette_for
from crawlers.document import Document
from crawlers.folding import search_text
from tests.end_to_end.dask_cluster import dask_cluster
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


def test_every_tier_has_two_rows_of_evidence_that_open(connection: sqlite3.Connection) -> None:
    """Each row's page is asked for anew, and must hold the words of the quote."""
    tiers = connection.execute("SELECT competitor FROM tiers WHERE tier IS NOT NULL").fetchall()
    assert len(tiers) >= 10
    pages: dict[str, set[str]] = {}
    for (competitor,) in tiers:
        rows = set(
            connection.execute(
                "SELECT subject, url, quote FROM evidence WHERE claim_table = 'tiers' "
                "AND claim_key = ?",
                (competitor,),
            )
        )
        rows = {row for row in rows if row[1]}  # our own words may stand in the market file only
        for _, url, _ in rows:
            if url not in pages:
                pages[url] = words_at(url)
        opened = [row for row in rows if folded_words(row[2]) <= pages[row[1]]]
        assert len(opened) >= 2, competitor
        assert len(opened) >= 0.9 * len(rows), (competitor, rows - set(opened))


def words_at(url: str, *, hops: int = 2) -> set[str]:
    """The folded words of a page as it is served, with those of its markup."""
    parts = urlsplit(url)
    assert parts.scheme == "http" and parts.hostname
    client = HTTPConnection("127.0.0.1", parts.port, timeout=10)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        client.request("GET", target, headers={"Host": parts.netloc})
        answer = client.getresponse()
        if answer.status in (301, 302, 303) and hops:
            return words_at(urljoin(url, answer.headers["Location"]), hops=hops - 1)
        assert answer.status == 200, url
        document = Document(url, answer.read(), headers=dict(answer.headers))
        return folded_words(html.unescape(document.text))
    finally:
        client.close()


def folded_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", search_text(text)))


async def test_every_tier_shown_opens_to_its_proof(
    home: Path, connection: sqlite3.Connection
) -> None:
    """What a reader sees: who has a tier, a candidate too, has a page with two quotes or more and
    the addresses they stand at.
    """
    desk = datasette_for(home / "data" / NAME / "market.db", NAME)
    board = (await desk.client.get("/competitors")).text
    tiered = (
        board.split('<div class="tiers">')[1].split('id="candidates"')[0].split('id="others"')[0]
    )
    shown = set(re.findall(r'href="(/competitors/[^"?#]+)"', tiered))
    assert len(shown) >= 10
    shown |= {
        f"/competitors/{quote(key, safe='')}"
        for (key,) in connection.execute("SELECT competitor FROM tiers WHERE tier IS NOT NULL")
    }
    for path in sorted(shown):
        page = (await desk.client.get(path)).text
        why = page.split('id="why"')[1].split('id="history"')[0]
        proof = re.findall(r'<a class="crawled" href="(http://[^"]+)"', why)
        assert len(proof) >= 2, path
    for database in desk.databases.values():
        database.close()
    desk.executor.shutdown(wait=True)


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
    before = dump(home, outcomes=False)
    run = scrapy(home, "research", NAME, "--quiet")
    assert run.returncode == 5, run.stderr
    after = dump(home, outcomes=False)
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


def spoil(home: Path) -> None:
    """As if older rules had read everything: what a refresh must mend."""
    connection = sqlite3.connect(home / "data" / NAME / "market.db", isolation_level=None)
    for statement in (
        "UPDATE demand SET stage = 'none', pain = 0",
        "DELETE FROM mentions",
        "DELETE FROM evidence WHERE claim_table = 'demand'",
        "UPDATE pages SET kind = 'other', title = 'spoilt'",
        "UPDATE posts SET timezone = 'UTC+9', posted_at = '2001-01-01T00:00:00Z'",
    ):
        assert connection.execute(statement).rowcount > 10
    connection.close()


def test_refresh_by_several_processes_stores_what_one_stores(home: Path) -> None:
    before = dump(home)
    spoil(home)
    assert dump(home) != before
    run = scrapy(home, "refresh", NAME, "--workers", "2")
    assert run.returncode == 0, run.stderr
    after = dump(home)
    for table, rows in before.items():
        assert after[table] == rows, table


def test_refresh_on_a_dask_cluster_stores_what_one_process_stores(home: Path) -> None:
    before = dump(home)
    spoil(home)
    with dask_cluster(workers=2) as cluster:
        run = scrapy(home, "refresh", NAME, "--dask", cluster.address)
    assert run.returncode == 0, run.stderr
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

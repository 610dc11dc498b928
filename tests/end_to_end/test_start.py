"""A market of a name and one sentence: rivals found by the real commands, in a fresh directory."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.demo.lists import listed_companies
from analysis.demo.market import START_NAME, sample_sources_toml, sample_start_toml
from analysis.demo.server import SampleServer
from analysis.demo.truth import load_truth
from tests.end_to_end.tables import SCRAPY, dump, scrapy

pytestmark = pytest.mark.slow

HERE = Path(__file__).parents[2]
TRUTH = {one["host"]: one for one in load_truth()["competitors"]}
RIVALS = {host for host, one in TRUTH.items() if one["tier"] in (1, 2)}


def settled(folder: Path, port: int, *, more: str = "") -> Path:
    """A home with the market and the user's own rows of public sources."""
    for name in ("markets", "sources"):
        (folder / name).mkdir(parents=True)
    text = sample_start_toml(port) + more
    (folder / "markets" / f"{START_NAME}.toml").write_text(text, encoding="utf-8")
    rows = sample_sources_toml(port)
    (folder / "sources" / "sample.toml").write_text(rows, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def sample() -> Iterator[SampleServer]:
    with SampleServer() as server:
        yield server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, sample: SampleServer) -> Path:
    """A home whose market has been researched once."""
    folder = settled(tmp_path_factory.mktemp("start"), sample.port)
    run = scrapy(folder, "research", START_NAME)
    assert re.search(r"\d+ candidates +partial 1, read \d+, robots 1", run.stderr), run.stderr
    assert run.returncode == 0, run.stderr  # a candidate's broken site is no fault of the market's
    assert "Tool Aisle" in run.stderr and "(unchecked)" in run.stderr
    assert "scrapy review start --candidates" in run.stderr
    return folder


@pytest.fixture
def connection(home: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(home / "data" / START_NAME / "market.db")
    yield connection
    connection.close()


def found(connection: sqlite3.Connection) -> dict[str, tuple[int | None, str]]:
    """Candidates with a provisional verdict, by the key of their site or name."""
    return {
        key: (tier, verdict)
        for key, tier, verdict in connection.execute(
            "SELECT c.id, t.tier, t.verdict FROM competitors c JOIN tiers t ON t.competitor = c.id "
            "WHERE c.origin = 'discovered' AND c.status = 'candidate'"
        )
    }


def test_one_sentence_yields_at_least_five_right_candidates(
    connection: sqlite3.Connection, sample: SampleServer, record_property: pytest.FixtureDef[str]
) -> None:
    candidates = found(connection)
    right = {key for key, (tier, _) in candidates.items() if key in RIVALS and tier in (1, 2)}
    assert len(right) >= 5, candidates
    record_property("precision of all", f"{len(candidates.keys() & RIVALS)}/{len(candidates)}")  # type: ignore[operator]
    for key in right:
        quotes = connection.execute(
            "SELECT quote, url FROM evidence WHERE claim_table = 'competitors' "
            "AND claim_key = ? AND subject = 'candidate'",
            (key,),
        ).fetchall()
        assert quotes and all(quote.strip() for quote, _ in quotes), key
        assert all(url.startswith("http://") and f":{sample.port}/" in url for _, url in quotes)


def test_everybody_on_the_list_is_a_candidate_and_partners_are_no_rivals(
    connection: sqlite3.Connection,
) -> None:
    candidates = found(connection)
    for companies in listed_companies().values():
        for company in companies:
            assert f"{company}.localhost" in candidates
    for host, one in TRUTH.items():
        if one["complement"] and host in candidates:
            assert candidates[host][0] not in (1, 2), host


def test_only_a_quick_look_was_taken(connection: sqlite3.Connection) -> None:
    pages = connection.execute(
        "SELECT competitor, count(*) FROM pages GROUP BY competitor"
    ).fetchall()
    assert len(pages) >= 5 and all(count <= 3 for _, count in pages)


def test_the_second_run_reads_the_same_places_and_finds_the_same(home: Path) -> None:
    before = dump(home, START_NAME)
    chosen = (home / "data" / START_NAME / "start.json").read_bytes()
    run = scrapy(home, "research", START_NAME, "--quiet")
    assert run.returncode == 0, run.stderr
    assert (home / "data" / START_NAME / "start.json").read_bytes() == chosen
    after = dump(home, START_NAME)
    for table in ("competitors", "candidates", "evidence", "sightings", "posts", "tiers"):
        assert after[table] == before[table], table


def test_refresh_reads_the_lists_again_without_the_network(home: Path) -> None:
    before = dump(home, START_NAME)
    run = scrapy(home, "refresh", START_NAME)
    assert run.returncode == 0, run.stderr
    after = dump(home, START_NAME)
    for table in ("source_pages", "sightings", "competitors", "candidates", "tiers"):
        assert after[table] == before[table], table


def test_doctor_and_the_list_name_them(home: Path) -> None:
    said = scrapy(home, "doctor", START_NAME).stdout
    assert "public places are read in its stead" in said and "Tool Aisle" in said
    assert "accept or ignore them" in said
    run = scrapy(home, "review", START_NAME, "--candidates", "--list", "--number", "5", cwd=HERE)
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(rows) == 5 and all(row["tier"] in (1, 2, 3) for row in rows)
    for row in rows:
        assert row["candidate"]["places"] >= 1 and row["candidate"]["sightings"][0]["quote"]


def test_an_accepted_candidate_is_read_whole_and_looked_for_in_posts(home: Path) -> None:
    key = "stallbox.localhost"
    typed = ("--decide", f"{key}=accept", "--lang", "en")
    run = scrapy(home, "review", START_NAME, *typed, cwd=HERE)
    assert run.returncode == 0 and "is accepted" in run.stdout, run.stderr
    run = scrapy(home, "research", START_NAME, "--quiet")
    assert run.returncode == 0, run.stderr
    connection = sqlite3.connect(home / "data" / START_NAME / "market.db")
    pages, mentions, status = connection.execute(
        "SELECT (SELECT count(*) FROM pages WHERE competitor = ?1), (SELECT count(*) FROM mentions "
        "WHERE competitor = ?1), (SELECT status FROM competitors WHERE id = ?1)",
        (key,),
    ).fetchone()
    connection.close()
    assert pages > 3 and mentions > 10 and status == "watched"


def stages(home: Path) -> dict[str, str]:
    """Spider -> status of its last run."""
    connection = sqlite3.connect(home / "data" / START_NAME / "market.db")
    rows = dict(connection.execute("SELECT spider, status FROM runs ORDER BY id").fetchall())
    connection.close()
    return rows


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_begins_no_further_stage_and_the_next_goes_on(
    tmp_path: Path, sample: SampleServer, word: signal.Signals
) -> None:
    home = settled(tmp_path / "home", sample.port)
    process = subprocess.Popen(
        [SCRAPY, "research", START_NAME], cwd=home, text=True, stderr=subprocess.PIPE,
        env={**os.environ, "RIVALMAP_HOME": str(home)},
    )  # fmt: skip
    deadline = time.monotonic() + 60
    path = home / "data" / START_NAME / "market.db"
    while time.monotonic() < deadline and process.poll() is None:
        if path.exists() and pages_read(path) > 20:
            break
        time.sleep(0.02)
    process.send_signal(word)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 5 and "cut short" in said, said
    assert stages(home) == {"forums": "running"}
    run = scrapy(home, "research", START_NAME, "--quiet")
    assert run.returncode == 0, run.stderr
    assert stages(home) == dict.fromkeys(("forums", "discover", "looks"), "finished")


def test_stopped_between_two_stages(tmp_path: Path, sample: SampleServer) -> None:
    home = settled(tmp_path / "home", sample.port)
    process = subprocess.Popen(
        [SCRAPY, "research", START_NAME], cwd=home, text=True, stderr=subprocess.PIPE,
        env={**os.environ, "RIVALMAP_HOME": str(home)},
    )  # fmt: skip
    said = ""
    with process:
        for line in process.stderr or ():
            said += line
            if "companies nobody listed" in line:
                process.send_signal(signal.SIGINT)
    assert process.returncode == 5 and "cut short" in said, said
    assert "Traceback" not in said and "never awaited" not in said and "pending" not in said
    assert stages(home) == {"forums": "finished"}


def pages_read(path: Path) -> int:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM forum_pages").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # the schema is being made
    finally:
        connection.close()


def test_a_spent_time_budget_begins_no_further_stage(tmp_path: Path, sample: SampleServer) -> None:
    home = settled(tmp_path / "home", sample.port, more="time_budget = 0.5\n")
    run = scrapy(home, "research", START_NAME, "--quiet")
    assert run.returncode == 5 and "cut short" in run.stderr, run.stderr
    assert "discover" not in stages(home)

"""Killed at any moment: the next start goes on, and the end is that of an undisturbed run."""

import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from tests.end_to_end.tables import SCRAPY, dump, scrapy

pytestmark = pytest.mark.slow


def done(home: Path) -> int:
    """How many addresses the run has done with, as another process sees it."""
    path = home / "data" / NAME / "market.db"
    if not path.exists():
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        sql = "SELECT count(*) FROM frontier WHERE state <> 'pending'"
        return int(connection.execute(sql).fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # the schema is being made
    finally:
        connection.close()


def run_until(home: Path, pages: int) -> None:
    """Start a run and kill it once so many addresses are done."""
    process = subprocess.Popen(
        [SCRAPY, "research", NAME, "--quiet"], cwd=home,
        env={**os.environ, "RIVALMAP_HOME": str(home)}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while done(home) < pages and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "the run ended before it was killed"


def test_killed_three_times(tmp_path: Path) -> None:
    with SampleServer() as sample:
        homes = [tmp_path / "calm", tmp_path / "killed"]
        for home in homes:
            (home / "markets").mkdir(parents=True)
            text = sample_market_toml(sample.port)
            (home / "markets" / f"{NAME}.toml").write_text(text, encoding="utf-8")
        calm, killed = homes
        (killed / "data" / NAME).mkdir(parents=True)
        assert scrapy(calm, "research", NAME, "--quiet").returncode == 5
        salt = (calm / "data" / NAME / "salt").read_bytes()
        (killed / "data" / NAME / "salt").write_bytes(salt)  # or pseudonyms would differ
        for pages in (1, 90, 200):
            run_until(killed, pages)
        run = scrapy(killed, "research", NAME, "--quiet")
    assert run.returncode == 5, run.stderr
    expected, found = dump(calm), dump(killed)
    for table, rows in expected.items():
        assert found[table] == rows, table
    connection = sqlite3.connect(killed / "data" / NAME / "market.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.execute("INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)")
    resumed = connection.execute("SELECT spider, status, resumed FROM runs ORDER BY spider")
    assert [(s, st) for s, st, n in resumed if n >= 2] == [
        ("competitors", "finished"), ("forums", "finished"),
    ]  # fmt: skip
    connection.close()

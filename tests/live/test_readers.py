"""A crawl whose pages are read by processes beside it: the same tables, also when one is killed."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from tests.crawlers.test_readers import is_alive, wait_for
from tests.end_to_end.tables import SCRAPY, dump

pytestmark = pytest.mark.slow


def begin(home: Path, readers: int) -> "subprocess.Popen[str]":
    command = [SCRAPY, "crawl", "competitors", "-a", f"market={NAME}"]
    return subprocess.Popen(
        [*command, "-s", f"RIVALMAP_READERS={readers}"], cwd=home, text=True,
        env={**os.environ, "RIVALMAP_HOME": str(home)}, stderr=subprocess.PIPE,
    )  # fmt: skip


def readers_of(parent: int) -> set[int]:
    """The processes a crawl has read by; Python's own helper is none."""
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            above = folder.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            said = folder.joinpath("cmdline").read_text()
        except (OSError, IndexError):
            continue
        if above == str(parent) and "spawn_main" in said:
            found.add(int(folder.name))
    return found


def home_of(tmp_path: Path, name: str, port: int) -> Path:
    home = tmp_path / name
    (home / "markets").mkdir(parents=True)
    (home / "markets" / f"{NAME}.toml").write_text(sample_market_toml(port), encoding="utf-8")
    (home / "data" / NAME).mkdir(parents=True)
    (home / "data" / NAME / "salt").write_bytes(b"s" * 32)
    return home


def test_the_same_tables_and_nobody_is_left(tmp_path: Path) -> None:
    with SampleServer() as sample:
        alone, beside, stopped = (
            home_of(tmp_path, name, sample.port) for name in ("alone", "beside", "stopped")
        )
        first = begin(alone, 0)
        _, said = first.communicate(timeout=120)
        assert first.returncode == 5, said

        crawl = begin(beside, 2)
        wait_for(lambda: readers_of(crawl.pid))
        killed = readers_of(crawl.pid)
        time.sleep(0.5)  # some are being read
        os.kill(min(killed), signal.SIGKILL)
        wait_for(lambda: readers_of(crawl.pid) - killed)
        every = killed | readers_of(crawl.pid)
        _, said = crawl.communicate(timeout=120)
        assert crawl.returncode == 5, said
        assert not any(map(is_alive, every))

        crawl = begin(stopped, 2)
        wait_for(lambda: len(readers_of(crawl.pid)) == 2)
        every = readers_of(crawl.pid)
        crawl.terminate()
        _, said = crawl.communicate(timeout=60)
        assert crawl.returncode == 5 and "Traceback" not in said, said
        assert not any(map(is_alive, every))
    expected, found = dump(alone), dump(beside)
    for table, rows in expected.items():
        assert found[table] == rows, table
    assert len(expected["pages"]) > 100

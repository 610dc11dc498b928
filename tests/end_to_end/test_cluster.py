"""Two workers and a writer on Redis, each killed once, Redis too: the end of a run undisturbed."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from tests.end_to_end.tables import SCRAPY, dump, scrapy
from tests.live.spirit_forum import install_spirit, running_spirit
from tests.redis_server import RedisServer, running_redis

pytestmark = pytest.mark.slow

LEASE = "RIVALMAP_LEASE_SECONDS=3"


class Cluster:
    """The processes of one run: a writer in one home, workers in another."""

    def __init__(self, redis: RedisServer, home: Path, workers_home: Path) -> None:
        self.redis, self.home, self.workers_home = redis, home, workers_home
        self.started: list[subprocess.Popen[str]] = []

    def writer(self) -> "subprocess.Popen[str]":
        return self._start(self.home, "research")

    def worker(self) -> "subprocess.Popen[str]":
        return self._start(self.workers_home, "work")

    def _start(self, home: Path, command: str) -> "subprocess.Popen[str]":
        environment = {
            **os.environ, "RIVALMAP_HOME": str(home), "RIVALMAP_REDIS": self.redis.url,
        }  # fmt: skip
        process = subprocess.Popen(
            [SCRAPY, command, NAME, "--quiet", "-s", LEASE], cwd=home, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    def done(self) -> int:
        """How many addresses are done with in the database."""
        path = self.home / "data" / NAME / "market.db"
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            sql = "SELECT count(*) FROM frontier WHERE state <> 'pending'"
            return int(connection.execute(sql).fetchone()[0])
        except sqlite3.OperationalError:
            return 0
        finally:
            connection.close()

    def wait_until(self, pages: int) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if (self.home / "data" / NAME / "market.db").exists() and self.done() >= pages:
                return
            time.sleep(0.02)
        raise TimeoutError(f"{pages} pages were not written in time")

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=20)


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    assert process.wait(timeout=20) == -signal.SIGKILL, "it ended before it was killed"


def write_market(home: Path, text: str) -> None:
    (home / "markets").mkdir(parents=True)
    (home / "markets" / f"{NAME}.toml").write_text(text, encoding="utf-8")


def without_tokens(
    tables: dict[str, list[tuple[object, ...]]], forum: str
) -> dict[str, list[tuple[object, ...]]]:
    """Tables without the hashes of Spirit's pages: each answer carries another form token."""
    tables["forum_pages"] = sorted(
        (
            tuple(cell for cell in row if not (isinstance(cell, str) and len(cell) == 64))
            if str(row[0]).startswith(forum)
            else row
            for row in tables["forum_pages"]
        ),
        key=repr,
    )
    return tables


def test_everything_dies_once(tmp_path: Path) -> None:
    pytest.importorskip("spirit", reason="django-spirit is not installed (the dev extra has it)")
    calm, many, elsewhere = (tmp_path / name for name in ("calm", "many", "elsewhere"))
    installed = install_spirit(tmp_path)
    with (
        SampleServer() as sample,
        running_spirit(installed, tmp_path / "forum") as spirit,
        running_redis(tmp_path / "redis") as redis,
    ):
        spirit.seed(30, 300)
        text = sample_market_toml(sample.port).replace(
            "[crawl]", f'[[forum]]\nurl = "{spirit.url}"\ntimezone = "UTC"\n\n[crawl]'
        )
        for home in (calm, many, elsewhere):
            write_market(home, text)
        single = scrapy(calm, "research", NAME, "--quiet")
        assert single.returncode == 5, single.stderr
        (many / "data" / NAME).mkdir(parents=True)
        salt = (calm / "data" / NAME / "salt").read_bytes()
        (many / "data" / NAME / "salt").write_bytes(salt)  # or pseudonyms would differ

        cluster = Cluster(redis, many, elsewhere)
        try:
            writer, first = cluster.writer(), cluster.worker()
            cluster.worker()
            steps: list[tuple[int, Callable[[], None]]] = [
                (30, lambda: kill(first)),
                (90, lambda: redis.stop(signal.SIGKILL)),
                (150, lambda: kill(writer)),
            ]
            for pages, step in steps:
                cluster.wait_until(pages)
                step()
                if pages == 90:
                    time.sleep(1)
                    redis.start()
            writer = cluster.writer()
            _, errors = writer.communicate(timeout=240)
            assert writer.returncode == 5, errors
            survivor = cluster.started[2]
            assert survivor.wait(timeout=30) == 0, "the other worker saw it all"
            names = redis.client().keys("*")
        finally:
            cluster.end()
        left = {name.rpartition(b"}:")[2].partition(b":")[0] for name in names}
        assert left <= {b"turn", b"over"}, "a clean end: pauses and the end itself, for a minute"
    expected, found = (without_tokens(dump(home), spirit.url) for home in (calm, many))
    for table, rows in expected.items():
        assert found[table] == rows, table
    assert not (elsewhere / "data" / NAME / "market.db").exists(), "a worker needs no database"
    connection = sqlite3.connect(many / "data" / NAME / "market.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    resumed = dict(connection.execute("SELECT spider, resumed FROM runs"))
    assert resumed["competitors"] == resumed["forums"] == 1
    connection.close()

"""Short runs over a real Redis: budgets, stopping, a Redis that forgets all, files that differ."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawlers.archive import read_archived
from tests.live.arrivals import ArrivalServer
from tests.live.servers import SCRIPTS, free_port
from tests.live.test_faults import BUSINESS, competitor, rows, write_market
from tests.redis_server import RedisServer, running_redis

pytestmark = pytest.mark.slow

NAMES = [f"shop{n}" for n in range(6)]
Process = subprocess.Popen[str]


class Runs:
    """A market of six sites, its writer's home and its workers'."""

    def __init__(self, folder: Path, server: ArrivalServer, redis: RedisServer) -> None:
        self.home, self.elsewhere = folder / "home", folder / "elsewhere"
        self.server, self.redis = server, redis
        self.processes: list[Process] = []
        text = BUSINESS.replace("delay = 0", "delay = 0.15")
        text += "".join(competitor(name, server.url(name)) for name in NAMES)
        for home in (self.home, self.elsewhere):
            write_market(home, "six", text)

    def start(self, home: Path, command: str, *more: str, url: str | None = None) -> Process:
        environment = {
            **os.environ, "RIVALMAP_HOME": str(home), "RIVALMAP_REDIS": url or self.redis.url,
        }  # fmt: skip
        process = subprocess.Popen(
            [str(SCRIPTS / "scrapy"), command, "six", "--quiet", *more,
             "-s", "RIVALMAP_LEASE_SECONDS=2"],
            cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def asked(self) -> int:
        """How many pages the sites were asked for."""
        return sum(
            arrival.path != "/robots.txt"
            for name in NAMES
            for arrival in self.server.arrivals.of(name)
        )

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 90
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.02)

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=20)


@contextmanager
def runs(folder: Path, pages: int, few: dict[str, int] | None = None) -> Iterator[Runs]:
    with ArrivalServer(pages=pages, few=few) as server, running_redis(folder / "redis") as redis:
        several = Runs(folder, server, redis)
        try:
            yield several
        finally:
            several.end()


def ended(process: Process) -> tuple[int, str]:
    _, errors = process.communicate(timeout=150)
    return process.returncode, errors


def test_redis_forgets_all_and_the_run_is_stopped_and_resumed(tmp_path: Path) -> None:
    with runs(tmp_path, pages=9, few={"shop0": 1}) as several:
        worker = several.start(several.elsewhere, "work")
        writer = several.start(several.home, "research")
        several.until(lambda: several.asked() >= 12)
        several.redis.client().flushall()
        several.until(lambda: several.asked() >= 32)
        assert "/pricing-0" in several.server.arrivals.paths("shop0"), "one is through by now"
        writer.send_signal(signal.SIGINT)
        assert ended(writer)[0] == 5, "cut short"
        assert ended(worker)[0] == 0
        again = several.start(several.home, "research")
        worker = several.start(several.elsewhere, "work")
        code, errors = ended(again)
        assert code == 0, errors
        assert ended(worker)[0] == 0
    pages = rows(several.home, "six", "SELECT url, archive_file, archive_offset FROM pages")
    assert len(pages) == 52
    folder = several.home / "data" / "six"
    for url, file, offset in pages:
        document = read_archived(folder, str(file), int(str(offset)), url=str(url))
        assert document is not None
        assert b"online store" in document.body
    found = rows(several.home, "six", "SELECT status, resumed FROM runs")
    assert found == [("finished", 1)]
    outcomes = rows(several.home, "six", "SELECT DISTINCT outcome FROM run_sources")
    assert outcomes == [("read",)], "also of the one that was through before it was cut"
    assert not list((several.elsewhere / "data").rglob("*.gz")), "one archive, the writer's"


def test_the_budget_of_requests_holds_over_workers(tmp_path: Path) -> None:
    with runs(tmp_path, pages=4) as several:
        workers = [several.start(several.elsewhere, "work") for _ in range(2)]
        writer = several.start(several.home, "research", "--request-budget", "11")
        assert ended(writer)[0] == 5
        assert [ended(worker)[0] for worker in workers] == [0, 0]
        assert several.asked() == 11


def test_a_run_without_workers_ends_by_itself_and_the_next_goes_on(tmp_path: Path) -> None:
    with runs(tmp_path, pages=1) as several:
        writer = several.start(several.home, "research", "-s", "RIVALMAP_WORKER_PATIENCE=1.5")
        code, errors = ended(writer)
        assert code == 5 and "no worker for" in errors, errors
        assert "cut short" in errors and not several.asked()
        status = rows(several.home, "six", "SELECT spider, status FROM runs")
        assert status == [("competitors", "running")], "no further stage is put up"
        worker = several.start(several.elsewhere, "work")
        code, errors = ended(several.start(several.home, "research"))
        assert (code, ended(worker)[0]) == (0, 0), errors


def test_what_does_not_fit_is_said_at_once_and_no_password(tmp_path: Path) -> None:
    with runs(tmp_path, pages=1) as several:
        nobody = f"redis://:sesame@127.0.0.1:{free_port()}/0"
        code, errors = ended(several.start(several.home, "research", url=nobody))
        assert code == 3
        assert "does not answer" in errors
        assert "sesame" not in errors
        path = several.elsewhere / "markets" / "six.toml"
        path.write_text(path.read_text() + "# another\n", encoding="utf-8")
        worker = several.start(several.elsewhere, "work")
        writer = several.start(several.home, "research")
        code, errors = ended(worker)
        assert code == 3
        assert "differs from the market file" in errors
        second = several.start(several.home, "research")
        assert ended(second)[0] == 4, "held by the first"
        writer.send_signal(signal.SIGTERM)
        assert ended(writer)[0] in (5, 6), "no worker came"

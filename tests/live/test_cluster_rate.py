"""The rate of each site under two workers, one of which dies, seen from the server's side."""

import os
import signal
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.live.arrivals import ArrivalServer
from tests.live.servers import SCRIPTS
from tests.live.test_faults import BUSINESS, competitor, rows, write_market
from tests.redis_server import running_redis

pytestmark = pytest.mark.slow

DELAY = 0.5
SLOW = {"site07": "User-agent: *\nCrawl-delay: 1.5\n"}


def test_fifty_sites_two_workers_and_one_dies(tmp_path: Path) -> None:
    """docs/scale.md has the figures."""
    names = [f"site{n:02}" for n in range(50)]
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    with ArrivalServer(robots=SLOW, pages=4) as server, running_redis(tmp_path / "redis") as redis:
        text = BUSINESS.replace("delay = 0", f"delay = {DELAY}")
        text += "".join(competitor(name, server.url(name)) for name in names)
        # The same sites as forums: two spiders must not double the rate, on whatever worker.
        text += "".join(
            f'\n[[forum]]\nname = "talk {name}"\nurl = "{server.url(name)}"\n' for name in names[:5]
        )
        for folder in (home, elsewhere):
            write_market(folder, "fifty", text)

        def start(folder: Path, command: str) -> "subprocess.Popen[str]":
            return subprocess.Popen(
                [str(SCRIPTS / "scrapy"), command, "fifty", "--quiet", "--redis", redis.url,
                 "-s", "RIVALMAP_LEASE_SECONDS=2"],
                cwd=folder, env={**os.environ, "RIVALMAP_HOME": str(folder)},
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip

        processes = [start(elsewhere, "work"), start(elsewhere, "work"), start(home, "research")]
        first, second, writer = processes
        try:
            deadline = time.monotonic() + 90
            while not all(map(server.arrivals.of, names)) and time.monotonic() < deadline:
                time.sleep(0.05)
            first.send_signal(signal.SIGKILL)
            _, errors = writer.communicate(timeout=150)
            assert second.wait(timeout=30) == 0
        finally:
            for process in processes:
                if process.poll() is None:
                    process.kill()
                process.communicate(timeout=20)
        arrivals = server.arrivals
    assert first.returncode == -signal.SIGKILL
    assert writer.returncode == 5, errors  # no forum is one
    least = {name: min(arrivals.gaps(name)) for name in names if name not in SLOW}
    assert min(least.values()) >= DELAY, least
    assert min(arrivals.gaps("site07")) >= 1.5
    assert {arrivals.most_at_once(name) for name in names} == {1}
    pages = dict(rows(home, "fifty", "SELECT competitor, count(*) FROM pages GROUP BY 1"))
    assert pages == dict.fromkeys(names, 5)
    robots = [sum(a.path == "/robots.txt" for a in arrivals.of(name)) for name in names]
    assert max(robots) > 1, "some site changed hands"


def test_two_rivals_that_moved_to_one_site_are_not_read_at_once(tmp_path: Path) -> None:
    """Each is a site of its own worker; the one they lead to is asked by both, in turns."""
    homes = [tmp_path / "home", tmp_path / "one", tmp_path / "two"]
    moved = {"left": "parent", "right": "parent"}
    with (
        ArrivalServer(pages=1, moved=moved, seconds=0.5) as server,
        running_redis(tmp_path / "redis") as redis,
    ):
        text = BUSINESS.replace("delay = 0", "delay = 0.2")
        text += "".join(competitor(name, server.url(name)) for name in moved)
        for folder in homes:
            write_market(folder, "moved", text)
        # A worker takes one site: so that each has one, and none both.
        common = ["moved", "--quiet", "--redis", redis.url, "-s", "RIVALMAP_WORKER_SITES=1"]
        processes = [
            subprocess.Popen(
                [str(SCRIPTS / "scrapy"), command, *common], cwd=folder, text=True,
                env={**os.environ, "RIVALMAP_HOME": str(folder)},
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )
            for command, folder in zip(("research", "work", "work"), homes, strict=True)
        ]  # fmt: skip
        try:
            _, errors = processes[0].communicate(timeout=120)
            assert [worker.wait(timeout=30) for worker in processes[1:]] == [0, 0], errors
        finally:
            for process in processes:
                if process.poll() is None:
                    process.kill()
                process.communicate(timeout=20)
        asked = server.arrivals.of("parent")
        paths = [arrival.path for arrival in asked]
        assert paths.count("/pricing-0") == 2, "both were led there"
        assert server.arrivals.most_at_once("parent") == 1
        gaps = [later.at - before.done for before, later in pairwise(asked)]
        assert min(gaps) >= 0.2, gaps

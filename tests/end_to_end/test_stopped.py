"""SIGTERM at any moment of the real ``scrapy research``: exit code 5, one line of JSON, in time."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipelines.storage.database import open_database
from tests.end_to_end.tables import SCRAPY
from tests.test_contract import valid

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to know when it is heard"),
]
MARKET = """
[business]
name = "Morning Hill"
description = "Coffee by post"
[[competitor]]
name = "Acme"
site = "http://127.0.0.1:{port}/"
[crawl]
allow_private = true
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A market with one small site, which has pages for half a minute."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            links = "".join(f'<a href="/products/{n}">Coffee {n}</a>' for n in range(40))
            body = f"<title>Acme</title><p>Coffee by post, roasted by Acme.</p>{links}".encode()
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    (tmp_path / "markets").mkdir()
    text = MARKET.format(port=server.server_port)
    (tmp_path / "markets" / "coffee.toml").write_text(text, encoding="utf-8")
    yield tmp_path
    server.shutdown()
    thread.join()
    server.server_close()


def started(home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [SCRAPY, "research", "coffee", "--quiet", "--json"], cwd=home, text=True,
        env={**os.environ, "RIVALMAP_HOME": str(home)}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


def hears(process: "subprocess.Popen[str]") -> bool:
    """Whether a handler of SIGTERM is in place, as the kernel says."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    (caught,) = (line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def when_it_hears(process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + 60
    while not hears(process):
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.005)


def stop(process: "subprocess.Popen[str]", *, within: float) -> None:
    process.send_signal(signal.SIGTERM)
    output, said = process.communicate(timeout=within)
    assert process.returncode == 5, said
    (line,) = output.splitlines()
    told = json.loads(line)
    valid("research", told)
    assert (told["exit_code"], told["complete"]) == (5, False)
    assert "exit code 5" in said and "Traceback" not in said


@pytest.mark.parametrize("seconds", [0, 0.4, 0.8, 1.2, 2.5])
def test_from_its_first_moment_on(home: Path, seconds: float) -> None:
    process = started(home)
    when_it_hears(process)
    time.sleep(seconds)
    stop(process, within=60)


def test_waiting_for_another_writer(home: Path) -> None:
    path = home / "data" / "coffee" / "market.db"
    open_database(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        process = started(home)
        when_it_hears(process)
        time.sleep(4)
        assert process.poll() is None
        stop(process, within=15)


def test_in_the_middle_of_a_migration(home: Path) -> None:
    """A database of the first schema has all of them before it."""
    path = home / "data" / "coffee" / "market.db"
    path.parent.mkdir(parents=True)
    process = started(home)
    until = time.monotonic() + 60
    while not path.exists() and time.monotonic() < until:  # made by the first of them
        time.sleep(0.002)
    stop(process, within=60)
    with closing(open_database(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

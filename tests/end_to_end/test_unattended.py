"""A market that nobody watches, by the real commands: stopped, resumed, torn, built again.

One home for all of it, in the order of a night: the run is told to stop and tells so, the next one
goes on, and from the archive of both the same database is built without the network.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from analysis.demo.market import NAME, sample_market_toml
from analysis.demo.server import SampleServer
from tests.end_to_end.tables import SCRAPY, dump, scrapy
from tests.test_contract import valid

pytestmark = pytest.mark.slow


def started(home: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [SCRAPY, "research", NAME, "--quiet", "--json", *arguments], cwd=home, text=True,
        env={**os.environ, "RIVALMAP_HOME": str(home)}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def stored(home: Path) -> int:
    path = home / "data" / NAME / "market.db"
    if not path.exists():
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
    try:
        sql = "SELECT count(*) FROM frontier WHERE state <> 'pending'"
        return int(connection.execute(sql).fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def line_of(output: str) -> dict[str, Any]:
    (line,) = output.splitlines()
    told: dict[str, Any] = json.loads(line)
    valid("research", told)
    return told


def test_a_night_and_the_next(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folder = home / "data" / NAME
    (home / "markets").mkdir(parents=True)
    with SampleServer() as sample:
        text = sample_market_toml(sample.port)
        (home / "markets" / f"{NAME}.toml").write_text(text, encoding="utf-8")

        # Told to stop: it stops in order, says so in its line, and leaves the rest to the next.
        process = started(home)
        deadline = time.monotonic() + 60
        while stored(home) < 60 and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 5
        told = line_of(output)
        assert not told["complete"] and told["exit_code"] == 5 and told["new"]["pages"] > 0
        assert not list((folder / "archive").glob("*.open")), "files were closed in order"

        # As after a kill in the middle of a write: half a record at the end, nobody's lock.
        newest = max((folder / "archive").glob("*.warc.gz"), key=lambda path: path.stat().st_mtime)
        whole = newest.stat().st_size
        with newest.open("ab") as stream:
            stream.write(newest.read_bytes()[:200])
        newest.with_name(newest.name + ".open").touch()

        # A backup is made while the next run goes on.
        process = started(home)
        while stored(home) < 150 and time.monotonic() < deadline + 60 and process.poll() is None:
            time.sleep(0.02)
        copied = scrapy(home, "backup", NAME)
        assert process.poll() is None, "the run ended before its backup"
        assert copied.returncode == 0, copied.stderr
        locked = scrapy(home, "restore", NAME, copied.stdout.strip())
        assert locked.returncode == 4 and "research" in locked.stderr
        held = line_of(scrapy(home, "research", NAME, "--json").stdout)
        assert (held["exit_code"], held["new"]) == (4, None) and "held by" in held["error"]
        output, _ = process.communicate(timeout=120)
    told = line_of(output)
    assert (process.returncode, told["complete"]) == (5, True)
    assert {row["source"] for row in told["failed"]} == {"cartwobble"}
    assert told["new"]["posts"] > 0 and told["outcomes"]["read"] > 10
    assert newest.stat().st_size == whole, "the torn tail was cut"

    # Everything again from the archive; the server is gone. It takes the place of a sound database
    # because that holds nothing more, of a damaged one when it is told to.
    expected = dump(home)
    built = scrapy(home, "refresh", NAME, "--from-archive")
    assert built.returncode == 0 and "lacks" not in built.stderr, built.stderr
    check = [sys.executable, "-m", "warcio.cli", "check", *map(str, (folder / "archive").glob("*"))]
    assert subprocess.run(check, capture_output=True, timeout=60).returncode == 0
    body = bytearray((folder / "market.db").read_bytes())
    body[100:20_000] = random.Random(8).randbytes(19_900)
    (folder / "market.db").write_bytes(body)  # lost
    doctor = scrapy(home, "doctor", NAME)
    assert doctor.returncode == 5 and "--from-archive" in doctor.stdout
    built = scrapy(home, "refresh", NAME, "--from-archive")
    assert built.returncode == 5 and "NOT put in place" in built.stderr, built.stderr
    assert (folder / "market.db").read_bytes() == bytes(body)
    built = scrapy(home, "refresh", NAME, "--from-archive", "--replace")
    assert built.returncode == 0, built.stderr
    found = dump(home)
    for table, rows in expected.items():
        assert found[table] == rows, table

    # And the backup of the night, on a machine that has nothing.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    file = shutil.copy(copied.stdout.strip(), elsewhere)
    restored = scrapy(elsewhere, "restore", NAME, file)
    assert restored.returncode == 0, restored.stderr
    assert (elsewhere / "markets" / f"{NAME}.toml").read_text() == text
    assert 0 < len(dump(elsewhere)["posts"]) <= len(found["posts"])

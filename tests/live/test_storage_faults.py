"""A full disk, a folder that cannot be written, a second writer, a clock set back.

Each ends with a clear word and the right exit code, and nothing that was stored is lost.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.live.faults import FaultServer
from tests.live.test_faults import BUSINESS, competitor, rows, scrapy, write_market

pytestmark = pytest.mark.slow

# The real command, but it waits a second for another writer, not thirty.
IMPATIENT = (
    "import sys; import pipelines.storage.database as d; d.BUSY_SECONDS = 1.0\n"
    "from scrapy.cmdline import execute; sys.exit(execute(['scrapy', *sys.argv[1:]]))"
)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory, server: FaultServer) -> Path:
    """A home whose market was read; each test has a copy."""
    home = tmp_path_factory.mktemp("read")
    write_good(home, server)
    assert scrapy(home, "research", "shop").returncode == 0
    return home


@pytest.fixture
def home(read_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(read_once, tmp_path / "home")


def write_good(home: Path, server: FaultServer, *more: str) -> None:
    text = BUSINESS + "".join(
        competitor(site, f"http://{site}.localhost:{server.port}/") for site in ("good", *more)
    )
    write_market(home, "shop", text)


def facts(home: Path) -> list[tuple[object, ...]]:
    return rows(home, "shop", "SELECT url, text_hash, title FROM pages ORDER BY url")


def sound(home: Path) -> bool:
    return rows(home, "shop", "PRAGMA integrity_check") == [("ok",)] and not rows(
        home, "shop", "PRAGMA foreign_key_check"
    )


def told(run: "subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    said = " ".join(run.stderr.split())
    assert run.returncode == code, run.stderr
    for word in words:
        assert word in said
    assert "Traceback" not in run.stderr


@contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own, so small; skips where this user may not mount one."""
    folder.mkdir()
    mount = shutil.which("mount")
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here (it takes root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, *, leave: int) -> Path:
    """Fill a disk up to so many bytes."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        free = os.statvfs(folder)
        file.truncate(0)
        size = free.f_bavail * free.f_frsize - leave
        while size > 0:
            size -= file.write(b"x" * min(size, 65_536))
    return ballast


def test_a_full_disk(tmp_path: Path, server: FaultServer, read_once: Path) -> None:
    with disk(tmp_path / "disk", 24) as home:
        shutil.copytree(read_once, home, dirs_exist_ok=True)
        before = facts(home)
        assert len(before) == 3
        write_good(home, server, "bytes", "gbk", "links")
        for leave in (0, 150_000):
            ballast = fill(home, leave=leave)
            run = scrapy(home, "research", "shop")
            told(run, 3, "Check")
            assert "full" in run.stderr or "disk I/O error" in run.stderr, run.stderr
            ballast.unlink()
            assert sound(home)
            assert set(before) <= set(facts(home))
        assert scrapy(home, "research", "shop").returncode == 0
        sites = rows(home, "shop", "SELECT DISTINCT competitor FROM pages ORDER BY 1")
        assert sites == [("bytes",), ("gbk",), ("good",), ("links",)]
        assert sound(home)


def test_a_file_that_may_not_grow(home: Path, server: FaultServer) -> None:
    """The same for who may not mount: the system refuses every byte beyond the limit."""
    before = facts(home)
    write_good(home, server, "bytes", "gbk")
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "from scrapy.cmdline import execute; sys.exit(execute(['scrapy', *sys.argv[1:]]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", limited, "research", "shop"],
        cwd=home, env={**os.environ, "RIVALMAP_HOME": str(home)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    told(run, 3, "disk I/O error", "Check")
    assert sound(home) and set(before) <= set(facts(home))
    assert scrapy(home, "research", "shop").returncode == 0
    assert len(facts(home)) > len(before)


def test_a_disk_that_may_only_be_read(tmp_path: Path, read_once: Path) -> None:
    with disk(tmp_path / "disk", 24) as home:
        shutil.copytree(read_once, home, dirs_exist_ok=True)
        before = facts(home)
        subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
        told(scrapy(home, "research", "shop"), 3, "cannot be written")
        told(scrapy(home, "refresh", "shop"), 3, "cannot be written")
        subprocess.run(["mount", "-o", "remount,rw", str(home)], check=True)
        assert facts(home) == before and sound(home)


def test_a_second_writer_that_does_not_let_go(home: Path) -> None:
    before = facts(home)
    with closing(sqlite3.connect(home / "data/shop/market.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        run = subprocess.run(
            [sys.executable, "-c", IMPATIENT, "research", "shop"],
            cwd=home, env={**os.environ, "RIVALMAP_HOME": str(home)},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        told(run, 3, "database is locked", "no other program")
        other.execute("ROLLBACK")
    assert facts(home) == before and sound(home)


def test_a_second_writer_for_a_while(tmp_path: Path, server: FaultServer) -> None:
    """The crawl waits for it, and stores all that came meanwhile."""
    write_good(tmp_path, server, "links", "bytes")
    path = tmp_path / "data/shop/market.db"
    held: list[int] = []

    def hold() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not held:
            time.sleep(0.02)
            if not path.exists():
                continue
            with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as other:
                try:
                    asked = other.execute("SELECT count(*) FROM frontier").fetchone()[0]
                except sqlite3.OperationalError:
                    continue  # the schema is being made
                if asked:
                    other.execute("BEGIN IMMEDIATE")
                    held.append(asked)
                    time.sleep(2)
                    other.execute("ROLLBACK")

    holder = threading.Thread(target=hold)
    holder.start()
    run = scrapy(tmp_path, "research", "shop")
    holder.join()
    assert held and run.returncode == 0, run.stderr
    assert {url.split("/")[2].split(".")[0] for url, *_ in facts(tmp_path)} == {
        "good", "links", "bytes",
    }  # fmt: skip
    assert sound(tmp_path)


def test_a_clock_set_back(home: Path) -> None:
    """Everything stored is of next year: the clock was ahead, and was set right."""
    before = facts(home)
    database = home / "data/shop/market.db"
    with closing(sqlite3.connect(database)) as connection:
        for table, column in connection.execute(
            "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c "
            "WHERE t.type = 'table' AND (c.name LIKE '%\\_at' ESCAPE '\\' OR c.name = 'at' "
            "OR c.name IN ('first_seen', 'last_seen'))"
        ).fetchall():
            connection.execute(
                f"UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '+1 year')"
                f" WHERE {column} IS NOT NULL"
            )
        # A run that was killed under the wrong clock is gone on with.
        connection.execute("UPDATE runs SET status = 'running', finished_at = NULL")
        connection.execute("UPDATE frontier SET state = 'pending' WHERE url LIKE '%/pricing'")
        connection.commit()
    run = scrapy(home, "research", "shop")
    assert run.returncode == 0, run.stderr
    assert rows(home, "shop", "SELECT status, resumed FROM runs") == [("finished", 1)]
    assert facts(home) == before and sound(home)
    assert rows(home, "shop", "SELECT count(*) FROM changes") == [(0,)]
    again = scrapy(home, "research", "shop")
    assert again.returncode == 0 and "unchanged" in again.stderr
    assert facts(home) == before
    assert rows(home, "shop", "SELECT count(*) FROM changes") == [(0,)]
    (answers,) = rows(home, "shop", "SELECT count(*) FROM summaries WHERE period = '30d'")
    assert answers[0] > 0
    assert scrapy(home, "doctor", "shop").returncode == 0

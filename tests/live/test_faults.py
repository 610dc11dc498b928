"""Bad input of every kind: a clear word each, the rest goes on, nothing stored is lost."""

import os
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawlers.patience import MOST_REFUSALS
from pipelines.storage.database import open_database
from tests.live.broken_tls import BrokenTls
from tests.live.faults import FaultServer
from tests.live.servers import SCRIPTS
from tests.live.watched import run_watched

pytestmark = pytest.mark.slow

BUSINESS = """
[business]
name = "Hatchcart"
description = "Online shop builder for small shops"

[crawl]
delay = 0
allow_private = true
"""


def scrapy(home: Path, *arguments: str, timeout: float = 180) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(SCRIPTS / "scrapy"), *arguments],
        cwd=home, env={**os.environ, "RIVALMAP_HOME": str(home)},
        capture_output=True, text=True, timeout=timeout,
    )  # fmt: skip


def write_market(home: Path, name: str, text: str) -> None:
    (home / "markets").mkdir(parents=True, exist_ok=True)
    (home / "markets" / f"{name}.toml").write_text(text, encoding="utf-8")


def rows(home: Path, name: str, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(home / "data" / name / "market.db")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def competitor(name: str, url: str) -> str:
    return f'\n[[competitor]]\nid = "{name}"\nname = "{name}"\nsite = "{url}"\n'


def test_each_fault_is_named_and_the_healthy_sites_complete(tmp_path: Path) -> None:
    with FaultServer() as server, BrokenTls() as tls:
        text = BUSINESS + competitor("dead", "http://127.0.0.1:9/")
        text += competitor("tls", f"https://tls.localhost:{tls.port}/")
        for site in server.sites:
            url = f"http://{site}.localhost:{server.port}/"
            text += (
                f'\n[[forum]]\nname = "{site}"\nurl = "{url}"\n' if site in ("empty", "round")
                else competitor(site, url)
            )  # fmt: skip
        write_market(tmp_path, "faults", text)
        run = run_watched(tmp_path, "research", "faults", "-s", "DOWNLOAD_TIMEOUT=2")
    gaps = server.arrivals.gaps("moment")  # robots.txt first, then home twice, a page twice
    assert gaps[1] >= 1 and gaps[3] >= 1
    assert len(server.arrivals.paths("refuses")) == 1 + MOST_REFUSALS
    assert run.returncode == 5, run.stderr
    assert run.seconds < 60 and run.peak_mb < 700
    outcome = dict(rows(tmp_path, "faults", "SELECT source, outcome FROM run_sources"))
    assert outcome == {
        "good": "read", "bytes": "read", "gbk": "read", "links": "read", "challenge": "blocked",
        "gone": "failed", "broken": "failed", "loop": "failed", "huge": "failed",
        "endless": "failed", "pdf": "failed", "closed": "robots", "slow": "failed",
        "dead": "failed", "empty": "empty", "down": "failed", "drip": "failed", "heads": "failed",
        "dripheads": "failed", "reset": "failed", "short": "failed", "bomb": "failed",
        "busy": "blocked", "refuses": "blocked", "later": "partial", "moment": "read",
        "tired": "partial", "deep": "read", "longword": "read", "round": "read", "tls": "failed",
    }  # fmt: skip
    reasons = {
        (source, reason)
        for source, reason in rows(tmp_path, "faults", "SELECT source, reason FROM failures")
    }
    # Without end: whichever bound comes first, eight megabytes or the two seconds.
    assert reasons & {("endless", "too_large"), ("endless", "timeout")}
    assert reasons >= {
        ("challenge", "blocked"), ("gone", "http_404"), ("broken", "http_500"),
        ("loop", "redirect_loop"), ("huge", "too_large"),
        ("pdf", "not_html"), ("closed", "robots"), ("slow", "robots_too_slow"),
        ("dead", "refused"), ("down", "robots_unreachable"), ("empty", "empty_topic"),
        ("drip", "timeout"), ("dripheads", "timeout"), ("heads", "too_large"),
        ("reset", "cut_off"), ("short", "cut_off"), ("bomb", "too_large"), ("busy", "resting"),
        ("later", "resting"), ("tired", "failing"), ("refuses", "resting"), ("tls", "tls"),
    }  # fmt: skip
    told = dict(rows(tmp_path, "faults", "SELECT source, detail FROM run_sources"))
    assert "a pause of 3600 s" in told["busy"] and "not before" in told["later"]
    assert "3 times in a row" in told["refuses"] and "10 requests in a row" in told["tired"]
    assert "endless pages" in told["round"]
    titles = dict(rows(tmp_path, "faults", "SELECT competitor, title FROM pages"))
    assert titles["gbk"] == "小店网店搭建"
    pages = rows(tmp_path, "faults", "SELECT count(*) FROM pages WHERE competitor = 'good'")
    assert pages == [(3,)]
    assert rows(tmp_path, "faults", "SELECT count(*) FROM pages WHERE competitor = 'links'") == [
        (2,)
    ]
    for word in ("challenge page", "no posts were read", "exit code 5"):
        assert word in " ".join(run.stderr.split())
    doctor = scrapy(tmp_path, "doctor", "faults")
    assert doctor.returncode == 5 and "blocked" in doctor.stdout and "empty" in doctor.stdout
    shown = re.search(
        r"empty_topic, such as \S+; look at it: (warcio extract \S+ \d+)", doctor.stdout
    )
    assert shown is not None
    page = subprocess.run(
        [str(SCRIPTS / "warcio"), *shown[1].split()[1:]],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "Please enable JavaScript" in page.stdout


def test_nothing_could_be_read_keeps_what_was_stored(tmp_path: Path) -> None:
    with FaultServer() as server:
        url = f"http://good.localhost:{server.port}/"
        write_market(tmp_path, "one", BUSINESS + competitor("good", url))
        assert scrapy(tmp_path, "research", "one").returncode == 0
        before = rows(tmp_path, "one", "SELECT url, text_hash FROM pages ORDER BY url")
        again = scrapy(tmp_path, "research", "one")
        assert again.returncode == 0 and "unchanged" in again.stderr
        assert rows(tmp_path, "one", "SELECT url, text_hash FROM pages ORDER BY url") == before
    gone = scrapy(tmp_path, "research", "one")
    assert gone.returncode == 6, gone.stderr
    assert "nothing could be read" in gone.stderr
    assert rows(tmp_path, "one", "SELECT url, text_hash FROM pages ORDER BY url") == before
    assert rows(tmp_path, "one", "SELECT count(*) FROM changes") == [(0,)]


def test_private_addresses_are_refused_unless_allowed(tmp_path: Path) -> None:
    with FaultServer() as server:
        text = BUSINESS.replace("allow_private = true", "")
        text += competitor("good", f"http://good.localhost:{server.port}/")
        text += competitor("ip", f"http://127.0.0.1:{server.port}/")
        write_market(tmp_path, "inside", text)
        run = scrapy(tmp_path, "research", "inside")
    assert run.returncode == 6
    assert "allow_private" in " ".join(run.stderr.split())
    found = rows(tmp_path, "inside", "SELECT DISTINCT reason FROM failures")
    assert found == [("private_address",)]


def test_two_runs_at_once(tmp_path: Path) -> None:
    holder = (
        "import sys, time; from pathlib import Path; from analysis.lock import market_lock\n"
        "with market_lock(Path(sys.argv[1]), 'research shop'):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    write_market(tmp_path, "shop", BUSINESS + competitor("x", "http://127.0.0.1:9/"))
    process = subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path / "data" / "shop")],
        stdout=subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        second = scrapy(tmp_path, "research", "shop")
        assert second.returncode == 4
        assert f"process {process.pid}" in second.stderr and "research shop" in second.stderr
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    third = scrapy(tmp_path, "research", "shop")  # the system freed the lock
    assert third.returncode == 6


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["research", "shop", "--colour"], 2, "unknown option --colour"),
        (["research"], 2, "missing argument: market"),
        (["research", "shop", "more"], 2, "unexpected argument: more"),
        (["research", "../etc"], 3, "../etc"),
        (["research", "nowhere"], 3, "nowhere"),
        (["research", "typo"], 3, "line 6"),
        (["research", "bare"], 3, "description"),
        (["research", "newer"], 3, "newer Rivalmap"),
        (["browse", "shop"], 3, "run scrapy research shop first"),
        (["refresh", "shop"], 3, "run scrapy research shop first"),
        (["read", "missing.jsonl"], 6, "missing.jsonl"),
        (["crawl", "nospider", "-a", "market=shop"], 2, "competitors, discover, forums"),
        (["crawl", "forums", "-a", "market=shop", "-a", "bogus=1"], 2, "bogus"),
        (["research", "silent"], 3, "nothing to read"),
        (["tier", "missing.jsonl"], 2, "--market"),
        (["inspect", "missing.html"], 6, "missing.html"),
        (["inspect", "http://127.0.0.1:9/"], 6, "private address"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    write_market(tmp_path, "shop", BUSINESS)
    write_market(tmp_path, "typo", BUSINESS.replace("[crawl]", "descripton = 3\n[crawl]"))
    write_market(tmp_path, "silent", BUSINESS.replace("[crawl]", "[crawl]\ncatalogue = false"))
    write_market(tmp_path, "bare", '[business]\nname = "X"\n')
    write_market(tmp_path, "newer", BUSINESS + competitor("x", "http://127.0.0.1:9/"))
    newer = tmp_path / "data" / "newer"
    newer.mkdir(parents=True)
    connection = sqlite3.connect(newer / "market.db")
    connection.execute(
        "CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, "
        "applied_at TEXT)"
    )
    connection.execute("INSERT INTO _sqlite_migrations VALUES (1, 'rivalmap', '9999_later', 'x')")
    connection.commit()
    connection.close()
    run = scrapy(tmp_path, *arguments)
    assert run.returncode == code, run.stderr
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    """Killed again and again, a crawl of many pages ends as an undisturbed one does."""
    with FaultServer() as server:
        text = BUSINESS.replace("delay = 0", "delay = 0.1")
        text += competitor("good", f"http://good.localhost:{server.port}/")
        text += competitor("links", f"http://links.localhost:{server.port}/")
        write_market(tmp_path, "calm", text)
        write_market(tmp_path, "killed", text)
        assert scrapy(tmp_path, "research", "calm").returncode == 0
        for seconds in (1.2, 1.5, 1.8):
            process = subprocess.Popen(
                [str(SCRIPTS / "scrapy"), "research", "killed", "--quiet"],
                cwd=tmp_path, env={**os.environ, "RIVALMAP_HOME": str(tmp_path)},
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            time.sleep(seconds)
            process.kill()
            process.wait()
        assert scrapy(tmp_path, "research", "killed").returncode == 0
    sql = "SELECT url, text_hash, kind FROM pages ORDER BY url"
    assert rows(tmp_path, "killed", sql) == rows(tmp_path, "calm", sql)
    assert rows(tmp_path, "killed", "PRAGMA integrity_check") == [("ok",)]
    assert rows(tmp_path, "killed", "SELECT status FROM runs ORDER BY id DESC LIMIT 1") == [
        ("finished",)
    ]


def test_a_source_with_a_new_name_stays_the_one_it_was(tmp_path: Path) -> None:
    with FaultServer() as server:
        url = f"http://good.localhost:{server.port}/"
        write_market(tmp_path, "shop", BUSINESS + competitor("one", url))
        assert scrapy(tmp_path, "research", "shop").returncode == 0
        write_market(tmp_path, "shop", BUSINESS + competitor("uno", url))
        again = scrapy(tmp_path, "research", "shop")
        assert again.returncode == 0, again.stderr
    assert "Traceback" not in again.stderr
    assert rows(tmp_path, "shop", "SELECT DISTINCT competitor FROM pages") == [("uno",)]
    assert rows(tmp_path, "shop", "SELECT count(*) FROM pages") == [(3,)]
    assert rows(tmp_path, "shop", "SELECT count(*) FROM competitors WHERE is_self = 0") == [(1,)]
    sql = "SELECT outcome, pages FROM run_sources ORDER BY run_id DESC LIMIT 1"
    assert rows(tmp_path, "shop", sql) == [("unchanged", 3)]


def test_a_dead_server_is_no_site_closed_by_its_robots(tmp_path: Path) -> None:
    with FaultServer() as server:
        text = BUSINESS + competitor("good", f"http://good.localhost:{server.port}/")
        text += competitor("down", f"http://down.localhost:{server.port}/")
        write_market(tmp_path, "shop", text)
        run = scrapy(tmp_path, "research", "shop")
    assert run.returncode == 5
    outcome = dict(rows(tmp_path, "shop", "SELECT source, outcome FROM run_sources"))
    assert outcome == {"good": "read", "down": "failed"}
    assert "robots.txt answered 503" in " ".join(run.stderr.split())


def test_the_file_decides_at_once_and_without_the_network(tmp_path: Path) -> None:
    with FaultServer() as server:
        entry = competitor("good", f"http://good.localhost:{server.port}/")
        write_market(tmp_path, "shop", BUSINESS + entry + "tier = 3\n")
        assert scrapy(tmp_path, "research", "shop").returncode == 0
    assert rows(tmp_path, "shop", "SELECT tier, verdict FROM tiers") == [(3, "override")]
    write_market(tmp_path, "shop", BUSINESS + entry)
    assert scrapy(tmp_path, "refresh", "shop", "--quiet").returncode == 0
    assert rows(tmp_path, "shop", "SELECT verdict FROM tiers") != [("override",)]


def test_what_left_the_archive_is_asked_for_again(tmp_path: Path) -> None:
    with FaultServer() as server:
        text = BUSINESS + competitor("good", f"http://good.localhost:{server.port}/")
        write_market(tmp_path, "shop", text)
        assert scrapy(tmp_path, "research", "shop").returncode == 0
        for path in (tmp_path / "data" / "shop" / "archive").iterdir():
            path.unlink()
        assert "0 pages read again" in scrapy(tmp_path, "refresh", "shop").stderr
        assert scrapy(tmp_path, "research", "shop").returncode == 0
        assert "3 pages read again" in scrapy(tmp_path, "refresh", "shop").stderr


@pytest.mark.parametrize("pages", [1, 2])
def test_the_page_budget_is_exact(tmp_path: Path, pages: int) -> None:
    with FaultServer() as server:
        text = BUSINESS + f"pages_per_site = {pages}\n"
        text += competitor("good", f"http://good.localhost:{server.port}/")
        write_market(tmp_path, "shop", text)
        assert scrapy(tmp_path, "research", "shop").returncode == 0
    assert rows(tmp_path, "shop", "SELECT count(*) FROM pages") == [(pages,)]


def test_a_lost_salt_is_refused_where_posts_are_stored(tmp_path: Path) -> None:
    write_market(tmp_path, "shop", BUSINESS + competitor("x", "http://127.0.0.1:9/"))
    assert scrapy(tmp_path, "research", "shop").returncode == 6
    connection = sqlite3.connect(tmp_path / "data" / "shop" / "market.db")
    connection.executescript(
        "INSERT INTO forums (id, url, name, first_seen, last_seen) VALUES ('f','u','F','x','x');"
        "INSERT INTO threads (forum, url, title, first_seen, last_seen) VALUES "
        "('f','u','t','x','x');"
        "INSERT INTO posts (key, forum, thread_id, url, posted_precision, lang, text, search_text, "
        "text_hash, first_seen, last_seen) VALUES ('k','f',1,'u','day','en','t','t','h','x','x');"
    )
    connection.close()
    (tmp_path / "data" / "shop" / "salt").unlink()
    for command in ("research", "refresh"):
        run = scrapy(tmp_path, command, "shop")
        assert run.returncode == 3 and "Restore it from a backup" in run.stderr


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    write_market(tmp_path, "shop", BUSINESS + competitor("x", "http://127.0.0.1:9/"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "shop").write_text("in the way")
    run = scrapy(tmp_path, "research", "shop")
    assert run.returncode == 3 and "cannot be written" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_database_that_cannot_be_written_ends_the_run_and_is_said(tmp_path: Path) -> None:
    """A trigger stands in for a full disk: it refuses the rows of the crawl, none of the others."""
    with FaultServer() as server:
        text = BUSINESS + competitor("good", f"http://good.localhost:{server.port}/")
        write_market(tmp_path, "shop", text)
        open_database(tmp_path / "data" / "shop" / "market.db").close()
        for statement, code in (
            ("CREATE TRIGGER full BEFORE INSERT ON pages BEGIN SELECT raise(FAIL,'disk full'); END",
             3),
            ("DROP TRIGGER full", 0),
        ):  # fmt: skip
            connection = sqlite3.connect(tmp_path / "data" / "shop" / "market.db")
            connection.execute(statement)
            connection.close()
            run = scrapy(tmp_path, "research", "shop")
            assert run.returncode == code, run.stderr
            assert ("could not be written: disk full" in run.stderr) is (code == 3)
            assert "Traceback" not in run.stderr
    assert rows(tmp_path, "shop", "SELECT count(*) FROM pages") == [(3,)]


def test_a_database_another_program_holds(tmp_path: Path) -> None:
    write_market(tmp_path, "shop", BUSINESS + competitor("x", "http://127.0.0.1:9/"))
    assert scrapy(tmp_path, "research", "shop").returncode == 6
    connection = sqlite3.connect(tmp_path / "data" / "shop" / "market.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        run = scrapy(tmp_path, "refresh", "shop")  # waits BUSY_SECONDS first
    finally:
        connection.rollback()
        connection.close()
    assert run.returncode == 3 and "locked" in run.stderr and "Traceback" not in run.stderr
    assert scrapy(tmp_path, "refresh", "shop").returncode == 0

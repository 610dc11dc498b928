"""What doctor finds on a market that is ill in every way it knows, and what it says to do."""

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.backup import backup
from analysis.checkup import Finding, disk, examine
from analysis.lock import market_lock
from crawlers.items import Target
from crawlers.state import SourceReport
from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.database import open_database
from tests.analysis.market_home import NAME, make_home, market


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_home(tmp_path, monkeypatch)


def found(home: Path) -> dict[str, Finding]:
    """The worst finding on each thing."""
    order = ("good", "note", "bad")
    worst: dict[str, Finding] = {}
    for finding in examine(market(home)):
        before = worst.get(finding.what)
        if before is None or order.index(finding.state) > order.index(before.state):
            worst[finding.what] = finding
        assert finding.words and (finding.state == "good" or finding.mend), finding
    return worst


def run_days(folder: Path, ages: list[int]) -> None:
    """The market's runs, so many days ago."""
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute("DELETE FROM runs")
        for age in ages:
            at = (datetime.now(UTC) - timedelta(days=age)).strftime("%Y-%m-%dT%H:%M:%SZ")
            connection.execute(
                "INSERT INTO runs (spider, status, started_at) VALUES ('forums', 'finished', ?)",
                (at,),
            )


def test_a_sound_market(folder: Path, tmp_path: Path) -> None:
    run_days(folder, [3, 2, 1, 0])
    backup(NAME)
    seen = found(tmp_path)
    for what in ("database", "search index", "disk", "backup", "archive", "cron"):
        assert seen[what].state == "good", seen[what]
    assert "lock" not in seen and "schema" not in seen and "salt" not in seen


def test_a_cron_that_has_stopped(folder: Path, tmp_path: Path) -> None:
    run_days(folder, [12, 11, 10, 9, 8])
    cron = found(tmp_path)["cron"]
    assert cron.state == "bad" and "every 1.0 days" in cron.words and "crontab -l" in cron.mend
    run_days(folder, [40, 30, 20, 10])  # every ten days: not late yet
    assert found(tmp_path)["cron"].state == "good"
    run_days(folder, [9])
    seen = found(tmp_path)
    assert "cron" not in seen and "9 days ago" in seen["last forums run"].words


def test_a_run_gone_on_with_for_three_nights_is_no_stopped_cron(
    folder: Path, tmp_path: Path
) -> None:
    run_days(folder, [6, 5, 4, 3])  # the last of them ended tonight
    with closing(open_database(folder / "market.db")) as connection:
        at = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
        connection.execute("UPDATE runs SET finished_at = started_at")
        connection.execute(
            "UPDATE runs SET finished_at = ?, status = 'running', resumed = 3 "
            "WHERE id = (SELECT max(id) FROM runs)",
            (at,),
        )
    assert found(tmp_path)["cron"].state == "good"


def test_a_run_that_was_cut_short_is_told_of_too(folder: Path, tmp_path: Path) -> None:
    run_days(folder, [1])
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute("INSERT INTO run_sources (run_id, source, outcome) "
                           "SELECT id, 'gocviec', 'read' FROM runs")  # fmt: skip
    market_file, names = market(tmp_path), ("gocviec", "oakframe")
    state = SqliteCrawlState.open(market_file, folder, "forums")
    state.add([Target(source=names[0], url="https://gocviec.example/2", role="board")])
    reports = [SourceReport(source=one, name=one, outcome="blocked") for one in names]
    state.finish(reports, reason="budget", stats={}, complete=False)
    state.connection.execute(
        "INSERT INTO failures (run_id, source, url, reason, detail, at) "
        "VALUES (?, 'oakframe', 'https://oakframe.example/', 'login', 'members only', 'x')",
        (state.run_id,),
    )
    state.close()
    seen = [finding for finding in examine(market_file) if finding.what in names]
    assert {(one.what, one.state) for one in seen if "blocked" in one.words} == {
        (name, "bad") for name in names
    }
    assert any("login" in one.words for one in seen)


def test_a_damaged_database_is_told_with_both_ways_back(folder: Path, tmp_path: Path) -> None:
    (folder / "market.db").write_bytes(os.urandom(9000))
    database = found(tmp_path)["database"]
    assert database.state == "bad"
    assert "scrapy restore desks FILE" in database.mend and "--from-archive" in database.mend


@pytest.mark.parametrize("command", ["'delete-all'", None])
def test_a_search_index_that_does_not_fit(
    folder: Path, tmp_path: Path, command: str | None
) -> None:
    with closing(open_database(folder / "market.db")) as connection:
        if command:
            connection.execute(f"INSERT INTO posts_fts (posts_fts) VALUES ({command})")
        else:  # as many rows as posts, and the wrong words in one
            connection.execute(
                "INSERT INTO posts_fts (posts_fts, rowid, search_text) SELECT 'delete', id, "
                "search_text FROM posts ORDER BY id DESC LIMIT 1"
            )
            connection.execute(
                "INSERT INTO posts_fts (rowid, search_text) SELECT max(id), 'other' FROM posts"
            )
    index = found(tmp_path)["search index"]
    assert index.state == "bad" and index.mend.startswith("scrapy upkeep desks")


def test_salt_lock_backup_and_archive(folder: Path, tmp_path: Path) -> None:
    (folder / "salt").chmod(0o644)
    archive = folder / "archive"
    archive.mkdir()
    (archive / "a.warc.gz").write_bytes(b"x" * 100)
    (archive / "a.warc.gz.open").touch()
    file = backup(NAME)
    old = time.time() - 90 * 86_400
    os.utime(file, (old, old))
    with market_lock(folder, "research desks"):
        seen = found(tmp_path)
    assert seen["salt"].state == "bad" and "chmod 600" in seen["salt"].mend
    assert "research desks" in seen["lock"].words
    assert seen["backup"].state == "note" and "90 days old" in seen["backup"].words
    assert seen["archive"].state == "note" and "being written" in seen["archive"].words
    (folder / "salt").unlink()
    assert "tar xzOf" in found(tmp_path)["salt"].mend
    file.unlink()
    assert found(tmp_path)["backup"].words.startswith("none")


def test_a_full_disk(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "LEAST_FREE", 10**18)
    assert found(tmp_path)["disk"].state == "bad"


def test_an_older_schema_is_told_and_left_alone(folder: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(folder / "market.db")) as connection:
        connection.execute(
            "DELETE FROM _sqlite_migrations WHERE name = (SELECT max(name) FROM _sqlite_migrations)"
        )
        connection.commit()
    assert found(tmp_path)["schema"].state == "note"

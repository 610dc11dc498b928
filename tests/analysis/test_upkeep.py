"""What upkeep takes away, mends and gives back, on the sample market."""

import gzip
import os
import shutil
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.backup import backup
from analysis.checkup import disk
from analysis.lock import LockedError, market_lock
from analysis.upkeep import upkeep
from pipelines.storage.copies import check_database
from pipelines.storage.database import DatabaseError, open_database
from pipelines.storage.times import at_moment
from tests.analysis.market_home import NAME, counted, make_home, market
from tests.analysis.sample_db import NOW

POSTS = "\n[upkeep]\nposts_days = 90\n"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_home(tmp_path, monkeypatch, more=POSTS)


def test_facts_stay_unless_the_file_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_home(tmp_path, monkeypatch)
    before = {
        table: counted(folder / "market.db", table) for table in ("posts", "pages", "evidence")
    }
    with at_moment(NOW + timedelta(days=20_000)):
        upkeep(market(tmp_path))
    assert before == {table: counted(folder / "market.db", table) for table in before}


def test_old_posts_go_with_all_that_was_read_in_them(folder: Path, tmp_path: Path) -> None:
    path = folder / "market.db"
    limit = (LATER - timedelta(days=90)).strftime("%Y-%m-%dT%H:%M:%SZ")
    old, young = (counted(path, "posts", f"posted_at {sign} '{limit}'") for sign in ("<", ">="))
    assert old > 10 and young > 10
    with at_moment(LATER):
        said = upkeep(market(tmp_path), dry=True)
        assert f"posts older than 90 days: {old} would go" in said
        assert counted(path, "posts") == old + young
        said = upkeep(market(tmp_path))
    assert f"posts older than 90 days: {old} removed" in said and "search index: whole" in said
    assert counted(path, "posts") == young == counted(path, "posts_fts_docsize")
    ids = "(SELECT id FROM posts)"
    for table in ("demand", "mentions", "switches", "feelings"):
        assert counted(path, table) > 0 == counted(path, table, f"post_id NOT IN {ids}")
    assert counted(path, "evidence", f"claim_table = 'demand' AND claim_key + 0 NOT IN {ids}") == 0
    assert (
        counted(
            path,
            "threads",
            "posts <> (SELECT count(*) FROM posts p WHERE p.thread_id = threads.id)",
        )
        == 0
    )
    check_database(path)
    with at_moment(LATER):
        assert "posts older than 90 days: 0 removed" in upkeep(market(tmp_path))


def test_own_texts_stay(folder: Path, tmp_path: Path) -> None:
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute("UPDATE forums SET own = 1 WHERE id = 'deskforum'")
    before = counted(folder / "market.db", "posts", "forum = 'deskforum'")
    with at_moment(NOW + timedelta(days=20_000)):
        upkeep(market(tmp_path))
    assert counted(folder / "market.db", "posts") == before > 0


def test_a_copy_of_a_post_that_goes_is_read_as_a_post_of_its_own(
    folder: Path, tmp_path: Path
) -> None:
    path = folder / "market.db"
    with closing(open_database(path)) as connection:
        oldest, newest = (
            connection.execute(f"SELECT id FROM posts ORDER BY posted_at {way} LIMIT 1").fetchone()[
                0
            ]
            for way in ("ASC", "DESC")
        )
        connection.execute("UPDATE posts SET copy_of = ? WHERE id = ?", (oldest, newest))
    with at_moment(LATER):
        upkeep(market(tmp_path))
    assert counted(path, "posts", f"id = {newest} AND copy_of IS NULL") == 1


def test_old_runs_go_but_the_last_of_each_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_home(tmp_path, monkeypatch, more="\n[upkeep]\nruns_days = 3\nfailures_days = 2\n")
    path = folder / "market.db"
    runs, failures = counted(path, "runs"), counted(path, "failures")
    with at_moment(LATER):
        upkeep(market(tmp_path))
    assert 0 < counted(path, "runs") < runs
    assert 0 < counted(path, "failures") < failures
    with at_moment(NOW + timedelta(days=999)):
        upkeep(market(tmp_path))
    assert counted(path, "runs") == 2, "the last run of each spider"
    assert counted(path, "failures") > 0, "what the last runs say stays"


def test_pages_that_are_gone_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_home(tmp_path, monkeypatch, more="\n[upkeep]\ngone_pages_days = 30\n")
    path = folder / "market.db"
    with closing(open_database(path)) as connection:
        connection.execute("UPDATE pages SET status = 410 WHERE id <= 2")
    with at_moment(NOW + timedelta(days=31)):
        assert "pages taken down older than 30 days: 2 removed" in upkeep(market(tmp_path))
    assert counted(path, "pages", "id <= 2") == 0 < counted(path, "pages")
    assert counted(path, "changes", "page_id IS NULL OR page_id > 2") == counted(path, "changes")
    check_database(path)


def test_a_broken_search_index_is_built_anew(folder: Path, tmp_path: Path) -> None:
    path = folder / "market.db"
    with closing(open_database(path)) as connection:
        connection.execute("INSERT INTO posts_fts (posts_fts) VALUES ('delete-all')")
    with at_moment(NOW):
        assert "search index: did not fit the posts, built anew" in upkeep(market(tmp_path))
    check_database(path)


def test_space_is_given_back(folder: Path, tmp_path: Path) -> None:
    path = folder / "market.db"
    with closing(open_database(path)) as connection:
        connection.execute("CREATE TABLE junk (body BLOB)")
        connection.executemany("INSERT INTO junk VALUES (zeroblob(?))", [(100_000,)] * 30)
        connection.execute("DROP TABLE junk")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    with at_moment(NOW):
        said = upkeep(market(tmp_path))
    assert any(line.endswith("given back") for line in said)
    assert path.stat().st_size < before - 2_500_000


def test_not_while_a_run_holds_it_and_not_on_a_damaged_one(folder: Path, tmp_path: Path) -> None:
    with market_lock(folder, "research desks"), pytest.raises(LockedError):
        upkeep(market(tmp_path))
    (folder / "market.db").write_bytes(b"no database " * 1000)
    with pytest.raises(DatabaseError):
        upkeep(market(tmp_path))


def leave_behind(folder: Path, *, days: float) -> list[Path]:
    """What a backup leaves that is killed: a room with database and salt, and half a file."""
    room = folder / ".copy-ab12_xyz"
    room.mkdir(parents=True)
    half = folder / "backups" / ".desks-20260101T000000Z.tar.gz.new"
    half.parent.mkdir(exist_ok=True)
    parts = [room / "market.db", room / "salt", room / "market.db-journal", half]
    for part in parts:
        part.write_bytes(b"x")
    when = time.time() - days * 86_400
    for path in [*parts, room]:
        os.utime(path, (when, when))
    return [room, half]


def test_backups_beyond_the_newest_go_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_home(tmp_path, monkeypatch, more="\n[upkeep]\nbackups = 2\n")
    made = folder / "backups"
    made.mkdir()
    names = [f"desks-2026010{day}T000000Z.tar.gz" for day in range(1, 6)]
    kept = {
        *names[3:], "desks-before-restore-20250101T000000Z.tar.gz", "tea-20250101T000000Z.tar.gz",
        "desks-mine.tar.gz",
    }  # fmt: skip
    for name in {*names, *kept}:
        (made / name).write_bytes(b"x")
    with at_moment(NOW):
        assert "backups beyond the newest 2: 3 would go" in upkeep(market(tmp_path), dry=True)
        assert len(list(made.iterdir())) == 8
        assert "backups beyond the newest 2: 3 removed" in upkeep(market(tmp_path))
        assert {path.name for path in made.iterdir()} == kept


def test_every_backup_stays_unless_the_file_says_otherwise(folder: Path, tmp_path: Path) -> None:
    (folder / "backups").mkdir()
    for day in range(10, 25):
        (folder / "backups" / f"desks-202601{day}T000000Z.tar.gz").write_bytes(b"x")
    with at_moment(NOW):
        assert "backups: all stay" in upkeep(market(tmp_path), dry=True)
        upkeep(market(tmp_path))
    assert len(list((folder / "backups").iterdir())) == 15
    said = [finding.words for finding in disk.backups(market(tmp_path), folder)]
    assert any(words.startswith("15 files take") for words in said)


def test_what_a_killed_backup_left_goes_after_a_day(folder: Path, tmp_path: Path) -> None:
    left = leave_behind(folder, days=0.5)
    with at_moment(NOW):
        assert "leftovers of killed backups: 0 removed" in upkeep(market(tmp_path))
    assert all(path.exists() for path in left), "somebody may be at work on it"
    shutil.rmtree(left[0])
    left = leave_behind(folder, days=2)
    theirs = folder / ".copy-holidays"  # eight letters, and not ours
    theirs.mkdir()
    (theirs / "picture.png").touch()
    os.utime(theirs / "picture.png", (0, 0))
    os.utime(theirs, (0, 0))
    said = [finding.words for finding in disk.backups(market(tmp_path), folder)]
    assert said[0].startswith("2 leftovers of killed backups")
    with at_moment(NOW):
        assert "leftovers of killed backups: 2 would go" in upkeep(market(tmp_path), dry=True)
        assert "leftovers of killed backups: 2 removed" in upkeep(market(tmp_path))
    assert not any(path.exists() for path in left) and (theirs / "picture.png").exists()


def test_a_backup_elsewhere_clears_what_the_last_one_left(folder: Path, tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    room, _ = leave_behind(safe, days=2)
    backup(NAME, safe / "desks.tar.gz")
    assert not room.exists() and (safe / "desks.tar.gz").exists()


def test_the_archive_of_a_market_that_is_crawled_no_longer_goes_too(
    folder: Path, tmp_path: Path
) -> None:
    archive = folder / "archive"
    archive.mkdir()
    old = time.time() - 40 * 86_400
    member = gzip.compress(b"answer")
    for name in ("old.warc.gz", "killed.warc.gz", "young.warc.gz"):
        (archive / name).write_bytes(member)
        if not name.startswith("young"):
            os.utime(archive / name, (old, old))
    (archive / "killed.warc.gz.open").touch()  # nobody mended it: no run came after
    with at_moment(NOW):
        assert "archive files older than 30 days: 1 would go" in upkeep(market(tmp_path), dry=True)
        assert len(list(archive.iterdir())) == 4
        assert "archive files older than 30 days: 2 removed" in upkeep(market(tmp_path))
    assert [path.name for path in archive.iterdir()] == ["young.warc.gz"]

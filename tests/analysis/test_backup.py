"""A market in one file and back: while it is written, damaged, held, and from hostile files."""

import io
import json
import os
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest

from analysis.backup import BackupError, backup, restore
from analysis.lock import LockedError, market_lock
from pipelines.storage.copies import copy_database
from pipelines.storage.database import DatabaseError, open_database, transaction
from tests.analysis.market_home import NAME, counted, make_home


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_home(tmp_path, monkeypatch)


def test_there_and_back(folder: Path, tmp_path: Path) -> None:
    file = backup(NAME, tmp_path / "desks.tar.gz")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        assert set(tar.getnames()) == {"manifest.json", "market.db", "salt", "market.toml"}
        assert {info.mode for info in tar} == {0o600}
    posts = counted(folder / "market.db", "posts")
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute("DELETE FROM posts")
    (folder / "salt").write_bytes(b"x" * 32)
    done = restore(NAME, file)
    assert counted(folder / "market.db", "posts") == posts > 100
    assert (folder / "salt").read_bytes() == bytes(32)
    assert stat.S_IMODE((folder / "salt").stat().st_mode) == 0o600
    (aside,) = done.aside
    restore(NAME, aside)  # and back again
    assert counted(folder / "market.db", "posts") == 0
    assert (folder / "salt").read_bytes() == b"x" * 32


def test_on_a_machine_that_has_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backup(NAME)
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("RIVALMAP_HOME", str(elsewhere))
    done = restore(NAME, file)
    assert done.aside == () and not done.differs
    assert counted(elsewhere / "data" / NAME / "market.db", "posts") > 100
    own = elsewhere / "markets" / f"{NAME}.toml"
    assert "Maple Desk" in own.read_text()
    own.write_text(own.read_text() + "\n# mine\n")
    assert restore(NAME, file).differs
    assert own.read_text().endswith("# mine\n"), "the market file is the researcher's"


def test_one_moment_of_a_database_that_is_written_and_read(folder: Path, tmp_path: Path) -> None:
    """Each transaction adds a pair: a copy with half of one is torn."""
    path, ended = folder / "market.db", threading.Event()

    def write() -> None:
        with closing(open_database(path)) as connection:
            number = 0
            while not ended.is_set():
                number += 1
                with transaction(connection):
                    for half in ("a", "b"):
                        connection.execute(
                            "INSERT INTO dirty VALUES ('post', ?)", (half + str(number),)
                        )

    writer = threading.Thread(target=write)
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM posts").fetchone()  # a page of the desk that is slow
    writer.start()
    try:
        sizes = []
        for number in range(5):
            copy = tmp_path / f"{number}.db"
            copy_database(path, copy)
            with closing(sqlite3.connect(copy)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                rows = [row[0] for row in connection.execute("SELECT key FROM dirty")]
            firsts = {row[1:] for row in rows if row[0] == "a"}
            assert firsts == {row[1:] for row in rows if row[0] == "b"}
            sizes.append(len(rows))
    finally:
        ended.set()
        writer.join(timeout=30)
        reader.close()
    assert sizes[-1] > sizes[0], "nothing was written meanwhile"


def test_restoring_under_readers(folder: Path, tmp_path: Path) -> None:
    """The desk goes on with what it was reading, and reads what was put back next."""
    file = backup(NAME, tmp_path / "b.tar.gz")
    posts = counted(folder / "market.db", "posts")
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute("DELETE FROM posts WHERE id > 10")
    with closing(sqlite3.connect(folder / "market.db")) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM posts").fetchone() == (10,)
        restore(NAME, file)
        assert reader.execute("SELECT count(*) FROM posts").fetchone() == (10,)
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM posts").fetchone() == (posts,)


def test_not_while_a_run_holds_the_market(folder: Path, tmp_path: Path) -> None:
    file = backup(NAME, tmp_path / "b.tar.gz")
    with market_lock(folder, "research desks"):
        backup(NAME, tmp_path / "while-crawling.tar.gz")
        with pytest.raises(LockedError, match="research desks"):
            restore(NAME, file)


def test_a_damaged_market_is_kept_file_by_file(folder: Path, tmp_path: Path) -> None:
    file = backup(NAME, tmp_path / "b.tar.gz")
    (folder / "market.db").write_bytes(os.urandom(5000))
    done = restore(NAME, file)
    assert {path.name.rpartition("-")[2] for path in done.aside} == {"market.db", "salt"}
    assert done.aside[0].stat().st_size == 5000
    assert counted(folder / "market.db", "posts") > 100


def packed(file: Path, members: dict[str, bytes], *, link: str | None = None) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for name, body in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
        if link:
            info = tarfile.TarInfo(link)
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(info)
    return file


def manifest(**more: object) -> bytes:
    return json.dumps(
        {"backup": "rivalmap", "version": 1, "made_at": "x", "sha256": {}, **more}
    ).encode()


@pytest.mark.parametrize(
    ("members", "link", "said"),
    [
        ({"../../evil": b"x"}, None, "no backup of Rivalmap"),
        ({}, "salt", "no backup of Rivalmap"),
        ({"market.db": b"x"}, None, "no manifest"),
        ({"manifest.json": b"[1]", "market.db": b"x"}, None, "no manifest"),
        ({"manifest.json": manifest(version=2, sha256={"market.db": ""})}, None, "newer Rivalmap"),
        ({"manifest.json": manifest(sha256={"market.db": ""})}, None, "market.db is missing"),
        (
            {"manifest.json": manifest(sha256={"market.db": "0"}), "market.db": b"x"},
            None,
            "market.db is not what it was",
        ),
    ],
)
def test_what_is_no_backup_changes_nothing(
    folder: Path, tmp_path: Path, members: dict[str, bytes], link: str | None, said: str
) -> None:
    before = (folder / "market.db").read_bytes()
    with pytest.raises(BackupError, match=said):
        restore(NAME, packed(tmp_path / "x.tar.gz", members, link=link))
    assert (folder / "market.db").read_bytes() == before
    assert {path.name for path in folder.iterdir()} <= {
        "market.db",
        "market.db-wal",
        "market.db-shm",
        "salt",
        "lock",
    }


def test_a_backup_cut_short_changes_nothing(folder: Path, tmp_path: Path) -> None:
    file = backup(NAME, tmp_path / "b.tar.gz")
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(BackupError, match="no whole backup"):
        restore(NAME, file)
    with pytest.raises(BackupError, match="does not exist"):
        restore(NAME, tmp_path / "nowhere.tar.gz")


def test_a_search_index_that_does_not_fit_is_built_anew(folder: Path, tmp_path: Path) -> None:
    with closing(open_database(folder / "market.db")) as connection:
        connection.execute("INSERT INTO posts_fts (posts_fts) VALUES ('delete-all')")
    restore(NAME, backup(NAME, tmp_path / "b.tar.gz"))
    posts = counted(folder / "market.db", "posts")
    assert counted(folder / "market.db", "posts_fts_docsize") == posts


def test_a_backup_of_a_newer_schema_is_refused(folder: Path, tmp_path: Path) -> None:
    file = backup(NAME, tmp_path / "b.tar.gz")
    with closing(sqlite3.connect(folder / "market.db")) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('rivalmap', '9999_later', 'x')"
        )
        connection.commit()
    newer = backup(NAME, tmp_path / "newer.tar.gz")
    with pytest.raises(DatabaseError, match="newer Rivalmap"):
        restore(NAME, newer)
    restore(NAME, file)


def test_nothing_to_back_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    with pytest.raises(BackupError, match="no data yet"):
        backup(NAME)


def test_a_backup_of_another_market_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backup(NAME, tmp_path / "b.tar.gz")
    before = (folder / "market.db").read_bytes()
    os.renames(folder, tmp_path / "data" / "tea")
    with pytest.raises(BackupError, match="backup of market 'desks', not of 'tea'"):
        restore("tea", file)
    assert (tmp_path / "data" / "tea" / "market.db").read_bytes() == before
    assert not (tmp_path / "markets" / "tea.toml").exists()
    restore("tea", file, rename=True)
    assert counted(tmp_path / "data" / "tea" / "market.db", "market", "name = 'tea'") == 1
    assert counted(tmp_path / "data" / "tea" / "market.db", "market") == 1
    assert "Maple Desk" in (tmp_path / "markets" / "tea.toml").read_text()
    restore("tea", backup("tea", tmp_path / "tea.tar.gz"))

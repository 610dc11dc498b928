import sqlite3
from pathlib import Path

import pytest

from pipelines.storage.database import DatabaseError, open_database, transaction


def test_a_fresh_database_has_every_table_strict_and_wal(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "new" / "market.db")
    strict = dict(
        connection.execute("SELECT name, strict FROM pragma_table_list WHERE type='table'")
    )
    ours = {
        n: s for n, s in strict.items() if not n.startswith(("sqlite_", "_sqlite", "posts_fts"))
    }
    assert set(ours) >= {"competitors", "pages", "posts", "frontier", "evidence", "decisions"}
    assert all(ours.values())
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("SELECT count(*) FROM channels").fetchone()[0] == 29
    connection.close()


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "market.db"
    open_database(path).close()
    connection = open_database(path)
    names = [row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations")]
    assert len(names) == len(set(names)) >= 1
    connection.close()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "market.db"
    connection = open_database(path)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
        "VALUES ('rivalmap', '9999_later', 'x')"
    )
    connection.close()
    with pytest.raises(DatabaseError, match=r"newer Rivalmap \(schema 9999_later\).*Upgrade"):
        open_database(path, read_only=read_only)
    with sqlite3.connect(path) as kept:
        assert kept.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0] >= 2
    kept.close()


def test_what_is_no_database_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "market.db"
    path.write_bytes(b"this is not a database, it is a shopping list" * 40)
    with pytest.raises(DatabaseError, match=r"market.db: .*"):
        open_database(path)
    assert path.read_bytes().startswith(b"this is not")


def test_reading_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="run scrapy research first"):
        open_database(tmp_path / "none.db", read_only=True)


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "market.db")
    with pytest.raises(RuntimeError), transaction(connection):
        connection.execute("INSERT INTO dirty VALUES ('post', '1')")
        raise RuntimeError
    assert connection.execute("SELECT count(*) FROM dirty").fetchone()[0] == 0
    with transaction(connection):
        connection.execute("INSERT INTO dirty VALUES ('post', '1')")
    assert connection.execute("SELECT count(*) FROM dirty").fetchone()[0] == 1
    connection.close()

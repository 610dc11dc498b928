"""Databases of released schemas, opened by today's program: nothing in them is lost.

``released/NAME.db`` was made by the program whose newest migration was NAME; a new migration adds a
database of the schema before it (``make_released.py`` makes it).
"""

import shutil
import sqlite3
from pathlib import Path

import pytest

from pipelines.storage.database import migrations, open_database
from tests.pipelines.storage.make_released import make, missing

RELEASED = Path(__file__).parent / "released"
OURS = sorted(migration.name for migration in migrations._migrations)


def contents(connection: sqlite3.Connection, tables: list[str]) -> dict[str, list[tuple[object]]]:
    found = {}
    for table in tables:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        found[table] = [
            {name: value for name, value in zip(columns, row, strict=True) if value is not None}
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]
    return found  # type: ignore[return-value]


def test_every_schema_but_the_newest_is_kept() -> None:
    assert sorted(path.stem for path in RELEASED.glob("*.db")) == OURS[:-1]


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.db")), ids=lambda path: path.stem)
def test_it_is_migrated_and_nothing_is_lost(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "market.db"
    shutil.copy(path, copy)
    with sqlite3.connect(copy) as before:
        tables = [
            row[0]
            for row in before.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'"
            )
        ]
        kept = contents(before, tables)
    before.close()
    assert kept["posts"] and kept["run_sources"] and kept["failures"] and kept["forums"]
    connection = open_database(copy)
    now = contents(connection, tables)
    for table, rows in kept.items():
        assert len(now[table]) == len(rows)
        for old, new in zip(rows, now[table], strict=True):
            assert old.items() <= new.items()
    found = connection.execute(
        "SELECT count(*) FROM posts_fts WHERE posts_fts MATCH 'filter'"
    ).fetchone()
    assert found == (1,)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def schema(path: Path) -> list[tuple[str, str, str]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1, 2"
    ).fetchall()
    connection.close()
    return rows


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.db")), ids=lambda path: path.stem)
def test_every_way_leads_to_the_same_schema(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "market.db"
    shutil.copy(path, copy)
    for database in (copy, tmp_path / "fresh.db"):
        open_database(database).close()
    assert schema(copy) == schema(tmp_path / "fresh.db")


def test_a_missing_one_is_made_from_the_one_before(tmp_path: Path) -> None:
    newest = max(RELEASED.glob("*.db"))
    for path in RELEASED.glob("*.db"):
        if path != newest:
            shutil.copy(path, tmp_path)
    assert missing(tmp_path) == [newest.stem]
    made = make(newest.stem, tmp_path)
    assert schema(made) == schema(newest) and missing(tmp_path) == []
    connection = sqlite3.connect(made)
    assert connection.execute("SELECT count(*) FROM posts").fetchone()[0] > 0
    connection.close()

"""A home with a market file and the sample database of standing desks, as commands find them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawlers.market import Market, load_market
from pipelines.storage.database import open_database
from tests.analysis.sample_db import sample

NAME = "desks"
MARKET = """
[business]
name = "Maple Desk"
description = "Standing desks for small flats"

[[competitor]]
id = "liftline"
name = "LiftLine"
site = "https://liftline.example/"
"""


def make_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, more: str = "") -> Path:
    """Make the home and name it; returns the market's data folder.

    :param more: lines for the market file.
    """
    monkeypatch.setenv("RIVALMAP_HOME", str(tmp_path))
    (tmp_path / "markets").mkdir()
    (tmp_path / "markets" / f"{NAME}.toml").write_text(MARKET + more, encoding="utf-8")
    folder = tmp_path / "data" / NAME
    folder.mkdir(parents=True)
    migrated_sample(folder / "market.db")
    (folder / "salt").write_bytes(bytes(32))
    (folder / "salt").chmod(0o600)
    return folder


def market(home: Path) -> Market:
    return load_market(home / "markets" / f"{NAME}.toml")


def migrated_sample(path: Path, *, posts: int = 120) -> None:
    """The sample database with the record of its migrations, which the schema alone has not."""
    fresh = path.with_name("fresh.db")
    open_database(fresh).close()
    with closing(sample(path, posts=posts)) as connection:
        connection.execute("ATTACH ? AS fresh", (str(fresh),))
        (schema,) = connection.execute(
            "SELECT sql FROM fresh.sqlite_master WHERE name = '_sqlite_migrations'"
        ).fetchone()
        connection.execute(schema)
        connection.execute(
            "INSERT INTO main._sqlite_migrations SELECT * FROM fresh._sqlite_migrations"
        )
        connection.commit()
    for part in path.parent.glob("fresh.db*"):
        part.unlink()


def counted(path: Path, table: str, where: str = "1") -> int:
    with closing(sqlite3.connect(path)) as connection:
        query = f"SELECT count(*) FROM {table} WHERE {where}"
        found: int = connection.execute(query).fetchone()[0]
    return found

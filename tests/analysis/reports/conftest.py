"""Markets a report is made of: the sample, one of hostile content, an empty one."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from analysis.passes import summaries
from crawlers.market import Market, parse_market
from pipelines.storage.database import migrations
from tests.analysis import sample_db

MARKET = b"""
[business]
name = "Maple Desk"
description = "Standing desks for small flats"
languages = ["fr", "vi", "en"]
"""


def migrated(connection: sqlite3.Connection) -> None:
    """Mark the schema as today's: the sample is made from the migrations' files themselves."""
    Database(connection)["_sqlite_migrations"].insert_all(
        {"migration_set": "rivalmap", "name": one.name, "applied_at": "2026-11-20"}
        for one in migrations._migrations
    )
    connection.commit()


def market_in(folder: Path) -> Market:
    """A market file beside its data."""
    return parse_market(MARKET, path=folder / "desks.toml")


def filled(folder: Path, *, hostile: bool = False) -> Path:
    connection = (sample_db.hostile if hostile else sample_db.sample)(folder / "market.db")
    summaries.run(connection, now=sample_db.NOW)
    migrated(connection)
    connection.close()
    return folder


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample market's database."""
    return filled(tmp_path_factory.mktemp("desks"))


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a market whose every text is an attack."""
    return filled(tmp_path_factory.mktemp("attacked"), hostile=True)


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[Path]:
    """The folder of a market with nothing gathered."""
    connection = sample_db.empty(tmp_path / "market.db")
    migrated(connection)
    connection.close()
    yield tmp_path

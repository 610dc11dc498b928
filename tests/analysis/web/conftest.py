"""One Datasette a kind of market, built as the browse command builds it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from datasette.app import Datasette

from analysis.passes import summaries
from analysis.web.serve import datasette_for
from tests.analysis import sample_db


@pytest.fixture(scope="session")
def market_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("desks") / "market.db"
    conn = sample_db.sample(path, running=True)
    summaries.run(conn, now=sample_db.NOW)
    conn.close()
    return path


@pytest.fixture(scope="session")
def hostile_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "market.db"
    conn = sample_db.hostile(path)
    summaries.run(conn, now=sample_db.NOW)
    conn.close()
    return path


@pytest.fixture
def desk(market_db: Path) -> Iterator[Datasette]:
    yield from served(market_db)


@pytest.fixture
def hostile(hostile_db: Path) -> Iterator[Datasette]:
    yield from served(hostile_db)


@pytest.fixture
def empty_desk(tmp_path: Path) -> Iterator[Datasette]:
    sample_db.empty(tmp_path / "market.db").close()
    yield from served(tmp_path / "market.db")


def served(path: Path) -> Iterator[Datasette]:
    """A Datasette whose files and threads are closed afterwards."""
    datasette = datasette_for(path, "desks")
    yield datasette
    for database in datasette.databases.values():
        database.close()
    datasette.executor.shutdown(wait=True)

"""A company that was found, and is named in the market file later, is one company."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.market import Market, parse_market
from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.database import open_database, transaction
from pipelines.storage.market_rows import load_market_rows

BUSINESS = '[business]\nname = "Dovetill"\ndescription = "Point of sale software for shops."\n'
WHEN = "2026-11-01T08:00:00Z"


def market(*entries: str) -> Market:
    return parse_market(BUSINESS + "".join(f"[[competitor]]\n{entry}\n" for entry in entries))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = open_database(tmp_path / "market.db")
    load(opened, market())
    yield opened
    opened.close()


def load(connection: sqlite3.Connection, found: Market) -> None:
    with transaction(connection):
        load_market_rows(connection, found)


def discovered(
    connection: sqlite3.Connection, name: str, site_key: str | None = None, *,
    aliases: tuple[str, ...] = (), weight: float = 1.0,
) -> str:  # fmt: skip
    id_ = site_key or f"name:{name.lower()}"
    site = f"https://{site_key}/" if site_key else None
    with transaction(connection):
        connection.execute(
            "INSERT INTO competitors (id, name, site, site_key, aliases_json, origin, status, "
            "first_seen, last_seen) VALUES (?, ?, ?, ?, ?, 'discovered', 'candidate', ?, ?)",
            (id_, name, site, site_key, json.dumps(aliases), WHEN, WHEN),
        )
        connection.execute("INSERT INTO candidates VALUES (?, 2, 2, 1, 0, ?)", (id_, weight))
        connection.execute(
            "INSERT INTO tier_history (competitor, at, tier, verdict, score, reason) "
            "VALUES (?, ?, 1, 'direct', 1, '')",
            (id_, WHEN),
        )
    return id_


def decides(connection: sqlite3.Connection, id_: str, value: str | None) -> None:
    with transaction(connection):
        connection.execute(
            "INSERT INTO decisions (subject, field, value, origin, decided_at) "
            "VALUES (?, 'status', ?, 'desk', ?)",
            (id_, json.dumps(value), WHEN),
        )


def rivals(connection: sqlite3.Connection) -> dict[str, tuple[str | None, str]]:
    return {
        id_: (site, status)
        for id_, site, status in connection.execute(
            "SELECT id, site_key, status FROM competitors WHERE is_self = 0"
        )
    }


def read(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in SqliteCrawlState(connection, 1, resumed=False).accepted()]


@pytest.mark.parametrize(
    ("found", "entry"),
    [
        ("NhipBan", 'id = "it"\nname = "Nhịp Bán"'),
        ("貨到通", 'id = "it"\nname = "货到通"'),
        ("Pennyfern", 'id = "it"\nname = "Penny Ltd"\naliases = ["pennyfern.com"]'),
    ],
)
def test_a_site_found_stays_where_the_file_gives_none(
    connection: sqlite3.Connection, found: str, entry: str
) -> None:
    discovered(connection, found, "found.example")
    for _ in range(2):  # the next run, too
        load(connection, market(entry))
        assert rivals(connection) == {"it": ("found.example", "watched")}
        assert [(one[0], one[2]) for one in read(connection)] == [("it", "https://found.example/")]
    assert connection.execute("SELECT competitor, tier FROM tier_history").fetchall() == [("it", 1)]


def test_the_files_own_word_on_the_site_wins_and_can_be_taken_back(
    connection: sqlite3.Connection,
) -> None:
    discovered(connection, "Pennyfern", "found.example")
    load(connection, market('id = "it"\nname = "Pennyfern"'))
    load(connection, market('id = "it"\nname = "Pennyfern"\nsite = "https://right.example/"'))
    assert rivals(connection) == {"it": ("right.example", "watched")}
    assert read(connection) == []  # the file names it: read once, not twice
    load(connection, market('id = "it"\nname = "Pennyfern"'))
    assert rivals(connection) == {"it": (None, "watched")}


def test_taken_out_of_the_file_it_is_read_no_longer(connection: sqlite3.Connection) -> None:
    discovered(connection, "Pennyfern", "found.example")
    load(connection, market('id = "it"\nname = "Pennyfern"'))
    load(connection, market())
    assert rivals(connection) == {"it": ("found.example", "ignored")}
    assert read(connection) == []


@pytest.mark.parametrize("site", ["", 'site = "https://pennyfern.example/"'])
@pytest.mark.parametrize("word", ["watched", None])
def test_one_known_by_name_alone_stays_one(
    connection: sqlite3.Connection, site: str, word: str | None
) -> None:
    decides(connection, discovered(connection, "Pennyfern"), word)
    load(connection, market(f'id = "it"\nname = "PennyFern"\n{site}'))
    assert rivals(connection) == {"it": ("pennyfern.example" if site else None, "watched")}
    assert connection.execute("SELECT DISTINCT subject FROM decisions").fetchall() == [("it",)]


def test_two_sites_are_two_companies(connection: sqlite3.Connection) -> None:
    discovered(connection, "Pennyfern", "found.example")
    load(connection, market('id = "it"\nname = "Pennyfern"\nsite = "https://other.example/"'))
    assert set(rivals(connection)) == {"it", "found.example"}


def test_one_that_was_ignored_stays_ignored(connection: sqlite3.Connection) -> None:
    decides(connection, discovered(connection, "Pennyfern", "found.example"), "ignored")
    load(connection, market('id = "it"\nname = "Pennyfern"'))
    assert rivals(connection)["it"] == (None, "watched")
    assert "found.example" in rivals(connection)


def test_of_two_called_the_same_it_is_the_accepted_then_the_best_evidenced(
    connection: sqlite3.Connection,
) -> None:
    for host, weight in (("a.example", 1.0), ("b.example", 3.0), ("c.example", 2.0)):
        discovered(connection, "Pennyfern", host, weight=weight)
    discovered(connection, "Quill", "d.example", aliases=("Pennyfern",), weight=9.0)
    load(connection, market('id = "one"\nname = "Pennyfern"'))
    assert rivals(connection)["one"][0] == "b.example"
    decides(connection, "c.example", "watched")
    load(connection, market('id = "two"\nname = "Pennyfern"'))
    assert rivals(connection)["two"][0] == "c.example"


def test_a_site_that_another_entry_names_is_not_taken(connection: sqlite3.Connection) -> None:
    discovered(connection, "Pennyfern", "found.example")
    load(
        connection,
        market('id = "a"\nname = "Pennyfern"', 'id = "b"\nsite = "https://found.example/"'),
    )
    assert {key: site for key, (site, _) in rivals(connection).items()} == {
        "a": None, "b": "found.example",
    }  # fmt: skip

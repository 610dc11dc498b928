"""Sources' pages, the companies seen on them, links that leave a site; what a crawl asks."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.items import (
    FailureItem,
    Fetch,
    Link,
    Listed,
    Listing,
    ListingItem,
    Page,
    PageItem,
    Target,
    UnchangedItem,
)
from crawlers.market import parse_market
from crawlers.sources import PublicSource, joined
from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.database import open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.new_pages import last_good_run
from pipelines.storage.writer import Writer

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LIST = Target(source="list", url="http://list.example/tills", role="list")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(tmp_path / "market.db")
    for spider in ("discover", "competitors", "discover"):
        connection.execute(
            "INSERT INTO runs (spider, status, started_at) VALUES (?, 'finished', 'x')", (spider,)
        )
    yield connection
    connection.close()


def write(connection: sqlite3.Connection, *items: object) -> None:
    writer = Writer(connection, 1, batch_items=100, batch_seconds=100)
    for item in items:
        writer.add(item)  # type: ignore[arg-type]
    writer.flush()


def fetch(url: str = LIST.url, day: int = 0, mark: str = "a") -> Fetch:
    return Fetch(
        url=url, status=200, fetched_at=NOW + timedelta(days=day), body_hash=mark, etag=f'"{mark}"',
        archive_file="a.warc.gz", archive_offset=day,
    )  # fmt: skip


def listing(*names: str, day: int = 0) -> ListingItem:
    companies = tuple(
        Listed(name=name, site=f"https://{name.lower()}.example/", quote=f"{name}!", rule="r")
        for name in names
    )
    out = Target(source="list", url="http://list.example/tills?page=2", role="list", depth=1)
    return ListingItem(
        target=LIST, fetch=fetch(day=day, mark="".join(names)), outlinks=(out,),
        listing=Listing(url=LIST.url, title="Tills", companies=companies),
    )  # fmt: skip


def seen(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT name, site, quote FROM sightings ORDER BY page, position"
    ).fetchall()


def state(connection: sqlite3.Connection, run: int = 3) -> SqliteCrawlState:
    return SqliteCrawlState(connection, run, resumed=False, archive=frozenset({"a.warc.gz"}))


def test_what_was_seen_is_replaced_with_its_page(connection: sqlite3.Connection) -> None:
    write(connection, listing("Bean", "Cup"))
    write(connection, listing("Cup", "Pour", day=3))
    assert seen(connection) == [
        ("Cup", "https://cup.example/", "Cup!"), ("Pour", "https://pour.example/", "Pour!"),
    ]  # fmt: skip
    ((title, source, first, last),) = connection.execute(
        "SELECT title, source, first_seen, last_seen FROM source_pages"
    )
    assert (title, source) == ("Tills", "list")
    assert (first, last) == ("2026-05-01T12:00:00Z", "2026-05-04T12:00:00Z")
    frontier = connection.execute("SELECT url, state FROM frontier ORDER BY url").fetchall()
    assert frontier == [(LIST.url, "done"), (LIST.url + "?page=2", "pending")]


def test_an_unchanged_page_keeps_what_was_seen(connection: sqlite3.Connection) -> None:
    write(connection, listing("Bean"))
    write(connection, UnchangedItem(target=LIST, fetch=fetch(day=9)))
    assert seen(connection) == [("Bean", "https://bean.example/", "Bean!")]
    rows = connection.execute("SELECT last_seen, archive_offset FROM source_pages").fetchall()
    assert rows == [("2026-05-10T12:00:00Z", 9)]


def test_a_page_that_is_gone_shows_nothing(connection: sqlite3.Connection) -> None:
    write(connection, listing("Bean"))
    write(connection, FailureItem(target=LIST, reason="timeout", detail="", at=NOW))
    assert seen(connection)
    write(connection, FailureItem(target=LIST, reason="http_404", detail="", at=NOW))
    assert not seen(connection)


def test_an_address_is_known_by_its_role(connection: sqlite3.Connection) -> None:
    write(connection, listing("Bean"))
    known = state(connection).known(LIST.url, role="list")
    assert known is not None
    assert (known.etag, known.archived) == ('"Bean"', True)
    assert [link.url for link in known.outlinks] == [LIST.url + "?page=2"]
    assert state(connection).known(LIST.url) is None


def test_links_that_leave_a_site_are_kept_one_a_site(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO competitors (id, name, first_seen, last_seen) VALUES ('r', 'R', 'x', 'x')"
    )
    home = Target(source="r", url="https://r.localhost/", role="page")
    many = tuple(Link(url=f"https://s{n}.example/a", text=f"S{n}") for n in range(150))
    links = (
        Link(url="https://www.r.localhost/about"),
        Link(url="https://www.ally.localhost/x", text="One"),
        Link(url="https://ally.localhost/y", text="Two"), *many,
    )  # fmt: skip
    for shown, most in ((links, 100), (links[1:3], 1)):
        page = Page(url=home.url, kind="home", lang="en", links=shown)
        write(connection, PageItem(target=home, fetch=fetch(home.url), page=page))
        rows = connection.execute("SELECT site_key, url, text FROM page_links").fetchall()
        assert ("ally.localhost", "https://www.ally.localhost/x", "One") in rows
        assert len(rows) == most
        assert "r.localhost" not in {key for key, _, _ in rows}


def add(connection: sqlite3.Connection, name: str, weight: float, **values: object) -> None:
    row = {
        "id": name, "name": name, "site": f"https://{name}.example/", "origin": "discovered",
        "status": "candidate", "first_seen": "x", "last_seen": "x", **values,
    }  # fmt: skip
    marks = ", ".join("?" * len(row))
    connection.execute(
        f"INSERT INTO competitors ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
    )
    connection.execute(
        "INSERT INTO evidence (claim_table, claim_key, source, url, fetched_at, quote, rule, "
        "rule_version, weight) VALUES ('competitors', ?, 's', 'u', 'x', 'q', 'r', '1', ?)",
        (name, weight),
    )


def decide(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO decisions (subject, field, value, origin, decided_at) "
        "VALUES (?, 'status', ?, 'desk', 'x')",
        (name, value),
    )


def test_candidates_come_in_the_order_of_need(connection: sqlite3.Connection) -> None:
    for name, weight in (("weak", 0.5), ("strong", 3), ("old", 9), ("older", 1), ("no", 9)):
        add(connection, name, weight)
    add(connection, "nowhere", 9, site=None)
    add(connection, "file", 9, origin="file", status="watched")
    add(connection, "back", 2)
    decide(connection, "no", '"ignored"')
    decide(connection, "back", '"ignored"')
    decide(connection, "back", "null")
    for run, name in ((1, "older"), (2, "old"), (3, "strong")):
        connection.execute(
            "INSERT INTO run_sources (run_id, source, outcome) VALUES (?, ?, 'failed')", (run, name)
        )
    found = [id_ for id_, _, _ in state(connection).candidates(30)]
    assert found == ["strong", "back", "weak", "older", "old"]  # run 3 is this one, resumed
    assert [id_ for id_, _, _ in state(connection).candidates(2)] == ["strong", "back"]


def test_accepted_candidates_are_those_somebody_watches(connection: sqlite3.Connection) -> None:
    for name in ("yes", "no", "open", "plain"):
        add(connection, name, 1)
    decide(connection, "yes", '"watched"')
    decide(connection, "no", '"ignored"')
    decide(connection, "plain", "watched")
    found = [id_ for id_, _, _ in state(connection).accepted()]
    assert found == ["plain", "yes"]


def test_a_quick_look_is_no_baseline_for_new_pages(connection: sqlite3.Connection) -> None:
    connection.executemany(
        "INSERT INTO run_sources (run_id, source, outcome) VALUES (?, 'r', 'read')", [(1,), (2,)]
    )
    assert last_good_run(connection, "r", 2) is None
    assert last_good_run(connection, "r", 3) == 2


def test_a_chosen_forum_says_so(connection: sqlite3.Connection) -> None:
    market = parse_market(
        '[business]\nname = "H"\ndescription = "Tills for cafes"\n'
        '[[forum]]\nurl = "https://named.example"'
    )
    row = PublicSource(
        id="chosen", name="Chosen", address="https://chosen.example/", kind="forum",
        trades=("food",),
    )  # fmt: skip
    with transaction(connection):
        load_market_rows(connection, joined(market, [row]))
    assert connection.execute("SELECT id, origin FROM forums ORDER BY id").fetchall() == [
        ("chosen", "catalogue"), ("named.example", "file"),
    ]  # fmt: skip

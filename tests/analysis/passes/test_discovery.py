"""Candidates are stored with their proof, and what a researcher decided stays."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.passes import candidate_sources, discovery, run_passes
from crawlers.market import parse_market
from pipelines.storage.database import open_database, transaction
from pipelines.storage.market_rows import load_market_rows

MARKET = """
[business]
name = "Dovetill"
description = "Point of sale software for small shops."
keywords = ["till", "POS"]

[[competitor]]
id = "orrery"
name = "Orrery POS"
"""
WHEN = "2026-11-01T08:00:00Z"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = open_database(tmp_path / "market.db")
    with transaction(opened):
        load_market_rows(opened, parse_market(MARKET))
        opened.execute(
            "INSERT INTO forums (id, url, name, first_seen, last_seen) VALUES "
            "('f', 'https://f.example/', 'F', ?1, ?1)",
            (WHEN,),
        )
    yield opened
    opened.close()


def post(connection: sqlite3.Connection, number: int, title: str, text: str) -> None:
    with transaction(connection):
        connection.execute(
            "INSERT INTO threads (id, forum, url, title, first_seen, last_seen) "
            "VALUES (?1, 'f', 'https://f.example/t/' || ?1, ?2, ?3, ?3)",
            (number, title, WHEN),
        )
        connection.execute(
            "INSERT INTO posts (id, key, forum, thread_id, url, posted_precision, lang, text, "
            "search_text, text_hash, first_seen, last_seen) VALUES (?1, 'f:' || ?1, 'f', ?1, "
            "'https://f.example/t/' || ?1 || '#p', 'day', 'en', ?2, '', '', ?3, ?3)",
            (number, text, WHEN),
        )


def talk(connection: sqlite3.Connection) -> None:
    """Two threads that name one company nobody listed."""
    post(connection, 1, "Leaving our till", "We moved from Orrery POS to Pennyfern last year.")
    post(connection, 2, "POS for a bakery", "Any alternative to Pennyfern? We pay with PayPal.")


def lists(connection: sqlite3.Connection, page: str, *entries: tuple[str, str | None]) -> None:
    with transaction(connection):
        connection.execute("DELETE FROM source_pages WHERE url = ?", (page,))
        connection.execute(
            "INSERT INTO source_pages (url, source, status, body_hash, first_seen, last_seen) "
            "VALUES (?1, 'list', 200, '', ?2, ?2)",
            (page, WHEN),
        )
        connection.executemany(
            "INSERT INTO sightings (page, position, name, site, quote, rule) "
            "VALUES (?, ?, ?, ?, ?, 'listing/heading')",
            [(page, n, name, site, f"{n}. {name}") for n, (name, site) in enumerate(entries)],
        )


def decides(connection: sqlite3.Connection, id_: str, field: str, value: object) -> None:
    with transaction(connection):
        connection.execute(
            "INSERT INTO decisions (subject, field, value, origin, decided_at) "
            "VALUES (?, ?, ?, 'desk', ?)",
            (id_, field, json.dumps(value), WHEN),
        )


def candidates(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(
        connection.execute("SELECT name, id FROM competitors WHERE status = 'candidate'").fetchall()
    )


def run(connection: sqlite3.Connection) -> int:
    return discovery.run(connection, parse_market(MARKET))


def test_a_candidate_comes_with_quotes_that_can_be_opened(connection: sqlite3.Connection) -> None:
    talk(connection)
    assert run(connection) == 1
    assert list(candidates(connection)) == ["Pennyfern"]
    rows = connection.execute(
        "SELECT quote, url, source FROM evidence WHERE claim_table = 'competitors'"
    ).fetchall()
    opened = {url: quote for quote, url, _ in rows}
    assert opened["https://f.example/t/1#p"] in "We moved from Orrery POS to Pennyfern last year."
    assert "Pennyfern" in opened["https://f.example/t/1#p"]
    assert len(rows) == 2
    note = connection.execute("SELECT note FROM competitors WHERE name = 'Pennyfern'").fetchone()
    assert note[0].startswith("named 2 times in 2 places")
    counts = connection.execute("SELECT times, places, lists FROM candidates").fetchall()
    assert counts == [(2, 2, 0)]


def test_a_second_run_changes_nothing(connection: sqlite3.Connection) -> None:
    talk(connection)
    run(connection)
    before = connection.execute("SELECT id, name, aliases_json, note FROM competitors").fetchall()
    run(connection)
    after = connection.execute("SELECT id, name, aliases_json, note FROM competitors").fetchall()
    assert [tuple(row) for row in before] == [tuple(row) for row in after]


@pytest.mark.parametrize("word", ["watched", "ignored"])
def test_what_was_decided_stays(connection: sqlite3.Connection, word: str) -> None:
    talk(connection)
    run(connection)
    id_ = candidates(connection)["Pennyfern"]
    with transaction(connection):
        connection.execute(
            "INSERT INTO decisions (subject, field, value, origin, decided_at) "
            "VALUES (?, 'status', ?, 'desk', ?)",
            (id_, json.dumps(word), WHEN),
        )
        connection.execute("UPDATE competitors SET note = 'mine' WHERE id = ?", (id_,))
        connection.execute("DELETE FROM posts")
    assert run(connection) == 0
    row = connection.execute("SELECT note FROM competitors WHERE id = ?", (id_,)).fetchone()
    assert row[0] == "mine"


def test_what_nothing_names_any_more_goes(connection: sqlite3.Connection) -> None:
    talk(connection)
    run(connection)
    with transaction(connection):
        connection.execute("DELETE FROM posts")
    assert run(connection) == 0
    assert candidates(connection) == {}
    assert connection.execute("SELECT count(*) FROM evidence").fetchone()[0] == 0


BEST = "https://list.example/best"


def test_a_list_gives_a_candidate_its_site_and_all_that_is_kept_follows(
    connection: sqlite3.Connection,
) -> None:
    talk(connection)
    run(connection)
    id_ = candidates(connection)["Pennyfern"]
    assert id_ == "name:pennyfern"
    with transaction(connection):
        connection.execute(
            "INSERT INTO tier_history (competitor, at, tier, verdict, score, reason) "
            "VALUES (?, ?, NULL, 'insufficient', 0, '')",
            (id_, WHEN),
        )
    lists(connection, BEST, ("Pennyfern", "https://www.pennyfern.com/"))
    run(connection)
    assert candidates(connection) == {"Pennyfern": "pennyfern.com"}
    site = connection.execute(
        "SELECT site, site_key FROM competitors WHERE name = 'Pennyfern'"
    ).fetchone()
    assert site == ("https://www.pennyfern.com/", "pennyfern.com")
    assert connection.execute("SELECT competitor FROM tier_history").fetchall() == [
        ("pennyfern.com",)
    ]
    keys = connection.execute("SELECT DISTINCT claim_key FROM evidence").fetchall()
    assert keys == [("pennyfern.com",)]


def test_it_keeps_the_site_when_the_list_is_gone(connection: sqlite3.Connection) -> None:
    talk(connection)
    lists(connection, BEST, ("Pennyfern", "https://pennyfern.com/"))
    run(connection)
    with transaction(connection):
        connection.execute("DELETE FROM source_pages")
    run(connection)
    assert candidates(connection) == {"Pennyfern": "pennyfern.com"}


def test_who_is_listed_already_is_no_candidate(connection: sqlite3.Connection) -> None:
    lists(
        connection, BEST,
        ("Orrery", "https://orrery.example/"), ("Dovetill POS", None), ("Brightill", None),
    )  # fmt: skip
    run(connection)
    assert list(candidates(connection)) == ["Brightill"]


def test_an_accepted_name_gets_its_site_and_stays_accepted(connection: sqlite3.Connection) -> None:
    talk(connection)
    run(connection)
    decides(connection, "name:pennyfern", "status", "watched")
    lists(connection, BEST, ("Pennyfern", "https://pennyfern.com/"))
    discovery.decide_statuses(connection)
    assert run(connection) == 0
    row = connection.execute("SELECT id, status FROM competitors WHERE name = 'Pennyfern'")
    assert row.fetchall() == [("pennyfern.com", "watched")]
    subject = connection.execute("SELECT subject FROM decisions WHERE field = 'status'").fetchone()
    assert subject == ("pennyfern.com",)


def test_a_name_of_the_file_gets_its_site_and_keeps_it(connection: sqlite3.Connection) -> None:
    lists(connection, BEST, ("Orrery", "https://orrery.example/"))
    assert run(connection) == 0
    query = "SELECT id, site, site_key, status FROM competitors WHERE id LIKE 'orrery%'"
    now = [("orrery", "https://orrery.example/", "orrery.example", "watched")]
    assert connection.execute(query).fetchall() == now
    proof = connection.execute("SELECT DISTINCT claim_key, url FROM evidence").fetchall()
    assert proof == [("orrery", BEST)]
    with transaction(connection):
        connection.execute("DELETE FROM source_pages")
        load_market_rows(connection, parse_market(MARKET))
    run(connection)
    assert connection.execute(query).fetchall() == now


def test_a_candidate_named_in_the_file_keeps_its_site_and_pages(
    connection: sqlite3.Connection,
) -> None:
    lists(connection, BEST, ("Pennyfern", "https://pennyfern.com/"))
    run(connection)
    connection.execute(
        "INSERT INTO pages (competitor, url, kind, lang, title, description, status, body_hash, "
        "text_hash, first_seen, changed_at, last_seen) VALUES ('pennyfern.com', "
        "'https://pennyfern.com/', 'home', 'en', '', '', 200, 'b', 't', ?1, ?1, ?1)",
        (WHEN,),
    )
    named = parse_market(MARKET + '\n[[competitor]]\nid = "penny"\nname = "PennyFern"\n')
    with transaction(connection):
        load_market_rows(connection, named)
    assert discovery.run(connection, named) == 0
    row = connection.execute("SELECT site, status FROM competitors WHERE id = 'penny'").fetchone()
    assert row == ("https://pennyfern.com/", "watched")
    assert connection.execute("SELECT competitor FROM pages").fetchall() == [("penny",)]


def test_a_decision_stands_in_the_row_until_it_is_taken_back(
    connection: sqlite3.Connection,
) -> None:
    talk(connection)
    run(connection)
    for value, status in (("watched", "watched"), ("ignored", "ignored"), (None, "candidate")):
        decides(connection, "name:pennyfern", "status", value)
        discovery.decide_statuses(connection)
        found = connection.execute("SELECT status FROM competitors WHERE name = 'Pennyfern'")
        assert found.fetchone() == (status,)
    own = connection.execute("SELECT status FROM competitors WHERE origin = 'file'").fetchall()
    assert set(own) == {("watched",)}


def test_a_name_becomes_a_brand_when_it_is_accepted(connection: sqlite3.Connection) -> None:
    talk(connection)
    market = parse_market(MARKET)
    run_passes(connection, market)
    brands = "SELECT brand FROM mentions WHERE competitor = 'name:pennyfern'"
    assert connection.execute(brands).fetchall() == []
    decides(connection, "name:pennyfern", "status", "watched")
    run_passes(connection, market)
    assert set(connection.execute(brands).fetchall()) == {("Pennyfern",)}


def test_nothing_is_read_where_nothing_changed(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(connection)
    run(connection)
    monkeypatch.setattr(discovery, "named_in", lambda *_: pytest.fail("read again"))
    assert run(connection) == 1
    monkeypatch.undo()
    lists(connection, BEST, ("Brightill", None))
    assert run(connection) == 2


def test_of_many_posts_those_that_show_demand_and_the_newest_are_read(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(connection)
    for number in range(3, 9):
        post(connection, number, "Sunday", "Nothing to see here.")
    with transaction(connection):
        connection.execute("UPDATE posts SET posted_at = '2026-10-01T00:00:00Z' WHERE id < 3")
        connection.execute("UPDATE posts SET posted_at = ? WHERE id >= 3", (WHEN,))
    monkeypatch.setattr(candidate_sources, "MOST_POSTS", 4)
    assert run(connection) == 0
    with transaction(connection):
        connection.execute(
            "INSERT INTO demand SELECT id, 'comparing', 'yes', 'unknown', 'unknown', 0, 0, 0, 0, "
            "0, 0, NULL, '1' FROM posts WHERE id < 3"
        )
    assert discovery.run(connection, parse_market(MARKET), everything=True) == 1


def test_the_best_evidenced_are_kept(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "MOST", 2)
    lists(connection, BEST, ("Alder", None), ("Birch Till", None), ("Cedarpos", None))
    lists(connection, "https://b.example/", ("Cedarpos", None), ("Birch Till", None))
    assert run(connection) == 2
    assert set(candidates(connection)) == {"Birch Till", "Cedarpos"}


def test_two_candidates_that_only_name_each_other_are_no_proof(
    connection: sqlite3.Connection,
) -> None:
    lists(connection, BEST, ("Pennyfern", "https://pennyfern.com/"))
    run(connection)
    with transaction(connection):
        page = connection.execute(
            "INSERT INTO pages (competitor, url, kind, lang, title, description, status, "
            "body_hash, text_hash, first_seen, changed_at, last_seen) VALUES ('pennyfern.com', "
            "'https://pennyfern.com/vs', 'other', 'en', 'Pennyfern vs Brightill', '', 200, 'b', "
            "'t', ?1, ?1, ?1)",
            (WHEN,),
        ).lastrowid
        connection.execute(
            "INSERT INTO page_versions (page_id, version, seen_at, title, description, text, "
            "headings_json, company_json) VALUES (?, 1, ?, 'Pennyfern vs Brightill', '', '', "
            "'[]', '{}')",
            (page, WHEN),
        )
    run(connection)
    assert list(candidates(connection)) == ["Pennyfern"]
    decides(connection, "pennyfern.com", "status", "watched")
    run(connection)
    assert "Brightill" in candidates(connection)

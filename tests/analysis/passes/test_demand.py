"""What the demand pass writes of a post."""

from datetime import timedelta
from pathlib import Path

import pytest

from analysis.passes import demand
from crawlers.market import parse_market
from pipelines.demand import DemandReader
from tests.analysis import sample_db
from tests.analysis.sample_db import NOW, add_post

MARKET = b"""
[business]
name = "Maple Desk"
description = "Standing desks for small flats"
offers = ["standing desk"]
"""


@pytest.fixture
def conn(tmp_path: Path):
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    conn.isolation_level = None
    yield conn
    conn.close()


def read(conn, text: str) -> int:
    thread = conn.execute("SELECT min(id) FROM threads WHERE forum = 'deskforum'").fetchone()[0]
    voice = ("deskforum", text, "none", "", None, None, None, {})
    post = add_post(conn, 900 + len(text), thread, voice, NOW - timedelta(days=2))
    demand.run(conn, parse_market(MARKET), everything=True)
    return post


def test_facts_feelings_and_topics_quote_their_sentence(conn):
    said = "My LiftLine, which I have used for two years, has a noisy motor and I hate it."
    post = read(conn, f"Hello. {said} Bye.")
    for table in ("author_facts", "feelings", "topics"):
        quotes = conn.execute(f"SELECT quote FROM {table} WHERE post_id = ?", (post,)).fetchall()
        assert quotes and {quote for (quote,) in quotes} == {said}, table


def test_a_feast_in_a_post_without_demand_is_no_occasion(conn):
    facts = "SELECT value FROM author_facts WHERE post_id = ? AND fact = 'occasion'"
    assert not conn.execute(
        facts, (read(conn, "Snow fell all over town at Christmas."),)
    ).fetchall()
    asked = read(
        conn, "Looking for a standing desk as a gift for my dad before Christmas, any tips?"
    )
    assert ("christmas",) in conn.execute(facts, (asked,)).fetchall()


def test_a_post_written_anew_while_it_is_read_is_read_again(conn, monkeypatch):
    post = read(conn, "Hello there.")
    conn.execute("INSERT INTO dirty VALUES ('post', ?)", (str(post),))
    read_of = DemandReader.read
    said = []

    def edited_meanwhile(reader, text, **more):
        if not said:
            conn.execute(
                "UPDATE posts SET text = 'My LiftLine broke and I hate it.' WHERE id = ?", (post,)
            )
        said.append(text)
        return read_of(reader, text, **more)

    monkeypatch.setattr(DemandReader, "read", edited_meanwhile)
    assert demand.run(conn, parse_market(MARKET)) == 1
    assert said == ["Hello there.", "My LiftLine broke and I hate it."]
    found = conn.execute("SELECT pain FROM demand WHERE post_id = ?", (post,)).fetchone()
    assert found == (1,)
    assert conn.execute("SELECT count(*) FROM dirty").fetchone() == (0,)


def test_a_post_written_while_the_pass_ends_keeps_its_mark(conn, monkeypatch):
    post = read(conn, "Hello there.")
    conn.execute("INSERT INTO dirty VALUES ('post', ?), ('post', '987654')", (str(post),))

    parts_of = demand._parts
    rounds = []

    def a_crawl_writes_after_the_last(*asked):
        if rounds:
            conn.execute("INSERT INTO dirty VALUES ('post', ?)", (str(post),))
            return
        rounds.append(1)
        yield from parts_of(*asked)

    monkeypatch.setattr(demand, "_parts", a_crawl_writes_after_the_last)
    demand.run(conn, parse_market(MARKET))
    assert conn.execute("SELECT key FROM dirty").fetchall() == [(str(post),)]

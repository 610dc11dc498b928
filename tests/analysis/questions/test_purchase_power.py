"""Purchase power on a market of a few posts, counted by hand."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.questions import purchase_power
from analysis.questions.sample import MINIMUM_PEOPLE
from tests.analysis import sample_db
from tests.analysis.sample_db import NOW, VOICES, add_post


@pytest.fixture
def conn(tmp_path: Path):
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    yield conn
    conn.close()


def tell(conn, author, *facts, voice=VOICES[0]):
    number = conn.execute("SELECT count(*) FROM posts").fetchone()[0]
    thread = conn.execute("SELECT min(id) FROM threads WHERE forum = ?", (voice[0],)).fetchone()[0]
    post = add_post(conn, number, thread, voice, NOW - timedelta(days=1, hours=number))
    conn.execute("UPDATE posts SET author = ? WHERE id = ?", (author, post))
    conn.executemany(
        "INSERT INTO author_facts (post_id, fact, value, number, currency, quote, rule) "
        "VALUES (?, ?, ?, ?, ?, 'as said', 'en/author')",
        [(post, *fact) for fact in facts],
    )
    return post


BUDGET = ("budget", "500", 500.0, "USD")


def test_people_are_counted_once_and_too_few_say_nothing(conn):
    for n in range(MINIMUM_PEOPLE - 1):
        tell(conn, f"p{n}", ("budget", str(100 * (n + 1)), 100.0 * (n + 1), "USD"))
        tell(conn, f"p{n}", BUDGET)
    found = purchase_power.answer(conn)["overall"]
    assert (found["people"], found["enough"]) == (MINIMUM_PEOPLE - 1, False)
    assert found["budgets"][0]["median"] is None and found["budgets"][0]["enough"] is False
    tell(conn, "last", BUDGET)
    budget = purchase_power.answer(conn)["overall"]["budgets"][0]
    assert (budget["people"], budget["enough"], budget["currency"]) == (MINIMUM_PEOPLE, True, "USD")
    assert (budget["low"], budget["median"], budget["high"]) == (200.0, 300.0, 400.0)


def test_currencies_and_periods_stand_apart(conn):
    tell(conn, "an", ("budget", "20 per month", 20.0, None), ("budget", "20", 20.0, "EUR"))
    groups = purchase_power.answer(conn)["overall"]["budgets"]
    assert {(g["currency"], g["period"]) for g in groups} == {(None, "month"), ("EUR", None)}


def test_a_segment_holds_all_its_people_say(conn):
    tell(conn, "an", ("segment", "student", None, None))
    tell(conn, "an", ("times_bought", "3", 3.0, None), ("owns", "Canon R6", None, None))
    tell(conn, "binh", ("times_bought", "1", 1.0, None), ("occasion", "tet", None, None))
    found = purchase_power.answer(conn)
    (student,) = found["segments"]
    assert (student["segment"], student["people"]) == ("student", 1)
    assert student["names"]["vi"] and student["owns"][0]["name"] == "Canon R6"
    assert student["times_bought"]["three_and_more"]["people"] == 1
    assert found["overall"]["times_bought"]["first"]["people"] == 1
    assert found["overall"]["occasions"][0]["occasion"] == "tet"
    assert found["overall"]["quotes"]["owns"][0]["quote"] == "as said"
    json.dumps(found, allow_nan=False)


def test_sellers_and_copies_are_left_out(conn):
    first = tell(conn, "an", BUDGET)
    copy = tell(conn, "spam", BUDGET)
    conn.execute("UPDATE posts SET copy_of = ? WHERE id = ?", (first, copy))
    tell(conn, "shop", BUDGET, voice=VOICES[15])
    assert purchase_power.answer(conn)["overall"]["people"] == 1

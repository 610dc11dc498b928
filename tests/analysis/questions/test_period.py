"""Time ranges: where they begin, and that an answer of a range rests on the posts of it alone."""

import json
import sqlite3
from pathlib import Path

import pytest

from analysis.passes import summaries
from analysis.questions import period
from analysis.questions.sample import hearing
from tests.analysis import sample_db


@pytest.mark.parametrize(
    ("asked", "found"),
    [("90d", "90d"), ("all", "all"), (None, "all"), ("", "all"), ("7d", "all"), ("90d ", "all")],
)
def test_choice(asked, found):
    assert period.choose(asked) == found


def test_ranges_end_at_the_newest_moment_known(tmp_path):
    conn = sample_db.sample(tmp_path / "market.db", posts=20)
    everything, year, quarter, month = period.periods(conn)
    assert (everything.since, everything.before, everything.days) == (None, None, None)
    assert year.until == "2026-11-20T06:30:00Z"
    assert (quarter.since, quarter.before) == ("2026-08-22", "2026-05-24")
    assert (month.since, month.before) == ("2026-10-21", "2026-09-21")
    assert period.stored(conn, "90d").since is None  # before the first pass
    summaries.run(conn, now=sample_db.NOW)
    assert period.stored(conn, "90d") == quarter
    assert period.stored(conn, "never").id == "all"
    conn.close()


def test_ranges_of_an_empty_market(tmp_path):
    conn = sample_db.empty(tmp_path / "market.db")
    summaries.run(conn, now=sample_db.NOW)
    assert [one.until for one in period.periods(conn)] == [None] * 4
    conn.close()


@pytest.mark.parametrize(
    ("newest", "months"),
    [
        ("2026-02-03T00:00:00Z", ["2025-12", "2026-01", "2026-02"]),
        ("2026-12-31", ["2026-10", "2026-11", "2026-12"]),
        (None, []),
    ],
)
def test_last_months(newest, months):
    assert period.last_months(newest, 3) == months


def answers_of(conn: sqlite3.Connection, key: str) -> dict[str, object]:
    found = conn.execute(
        "SELECT question, answer_json FROM summaries WHERE period = ? ORDER BY question", (key,)
    )
    return {question: json.loads(text) for question, text in found}


@pytest.mark.parametrize("key", ["365d", "90d", "30d"])
def test_an_answer_of_a_range_is_that_of_its_posts_alone(tmp_path: Path, key: str):
    conn = sample_db.sample(tmp_path / "market.db")
    summaries.run(conn, now=sample_db.NOW)
    ranged = answers_of(conn, key)
    conn.execute("PRAGMA foreign_keys = ON")
    since = period.stored(conn, key).since
    assert since is not None
    # The moment that is newest must stay, so that the ranges do.
    gone = conn.execute(
        "DELETE FROM posts WHERE posted_at < ? OR posted_at IS NULL", (since,)
    ).rowcount
    assert gone > 0
    conn.execute("DELETE FROM changes WHERE at < ?", (since,))
    conn.commit()
    summaries.run(conn, now=sample_db.NOW)
    alone = answers_of(conn, "all")
    board = "SELECT * FROM summary_competitors WHERE period = '{}' ORDER BY competitor"
    for question in ranged.keys() - summaries.LOOK_BACK:
        assert ranged[question] == alone[question], question
    lines = [[row[:1] + row[2:] for row in conn.execute(board.format(one))] for one in (key, "all")]
    assert lines[0] == lines[1]
    conn.close()


def test_people_are_numbers_within_a_pass_and_names_after_it(tmp_path):
    conn = sample_db.sample(tmp_path / "market.db", posts=30)
    named = conn.execute("SELECT count(*), count(DISTINCT person) FROM voices").fetchone()
    with hearing(conn) as cut:
        assert conn.execute("SELECT count(*), count(DISTINCT person) FROM voices").fetchone() == (
            named
        )
        assert {type(row[0]) for row in conn.execute("SELECT person FROM voices")} == {int}
        cut("2026-11-01")
        (oldest,) = conn.execute("SELECT min(posted_at) FROM voices").fetchone()
        assert oldest is None or oldest >= "2026-11-01"
    assert conn.execute("SELECT count(*), count(DISTINCT person) FROM voices").fetchone() == named
    conn.close()

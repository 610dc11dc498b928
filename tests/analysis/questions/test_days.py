"""Demand day by day, and months of which only a part is known."""

from datetime import date, timedelta

import pytest

from analysis.questions import timing
from analysis.questions.sample import hearing
from tests.analysis import sample_db
from tests.analysis.questions.test_occasions import search


@pytest.fixture
def conn(tmp_path):
    conn = sample_db.sample(tmp_path / "market.db", posts=0)
    yield conn
    conn.close()


def test_a_person_counts_once_a_day(conn):
    for person in ("a", "a", "b"):
        search(conn, "en", date(2026, 11, 3), person)
    search(conn, "en", date(2026, 11, 5), "a")
    found = timing.answer(conn)
    assert found["days"] == [
        {"day": "2026-11-03", "people": 2},
        {"day": "2026-11-05", "people": 1},
    ]
    assert (found["days_since"], found["days_until"]) == ("2026-11-03", "2026-11-05")


def test_days_are_the_last_weeks_and_none_of_a_mistaken_future(conn):
    for day in (date(2019, 5, 1), date(2026, 11, 5), date(9998, 1, 1)):
        search(conn, "en", day, "a")
    found = timing.answer(conn)
    assert [row["day"] for row in found["days"]] == ["2026-11-05"]
    assert found["days_until"] == "2026-11-05"
    since = date(2026, 11, 5) - timedelta(days=timing.MOST_DAYS - 1)
    assert found["days_since"] == str(since)


def test_no_post_no_days(conn):
    found = timing.answer(conn)
    assert (found["days"], found["days_since"], found["days_until"]) == ([], None, None)


def test_the_rest_of_a_month_makes_the_next_no_peak(conn):
    """One search a day from 20 September on: a range that begins on 24 October has eight days of
    October and fifteen of November, and neither stands out."""
    for number in range(57):
        search(conn, "en", date(2026, 9, 20) + timedelta(days=number), f"p{number}")
    with hearing(conn) as cut:
        cut("2026-10-24")
        found = timing.answer(conn)
    ratios = {row["month"]: row["ratio"] for row in found["months"]}
    assert ratios.keys() == {"2026-10", "2026-11"}
    assert all(ratio == pytest.approx(1.0, abs=0.1) for ratio in ratios.values())
    assert found["peak_month"] is None

"""A range against the range before it."""

import pytest

from analysis.questions import period, trends
from analysis.questions.trends import compare
from tests.analysis import sample_db


@pytest.mark.parametrize(
    ("now", "before", "direction"),
    [
        (40, 12, "rising"), (12, 40, "falling"), (20, 18, "even"), (0, 0, None), (3, 1, None),
        (9, None, None), (30, 0, "rising"), (0, 30, "falling"),
    ],
)  # fmt: skip
def test_direction_only_where_the_interval_leaves_out_one(now, before, direction):
    found = compare(now, before, 90)
    assert found["direction"] == direction
    assert (found["now"], found["before"], found["days"]) == (now, before, 90)
    if direction in ("rising", "falling", "even"):
        assert found["low"] <= (found["ratio"] if found["ratio"] is not None else found["low"])


def test_people_of_a_range_and_before_it(tmp_path):
    conn = sample_db.sample(tmp_path / "market.db")
    quarter = period.periods(conn)[2]
    found = trends.answer(conn, quarter)
    for question, where in trends.VOICES.items():
        now, before = (
            conn.execute(
                f"SELECT count(DISTINCT person) FROM voices WHERE posted_at >= ? "
                f"AND posted_at < ? AND ({where})",
                span,
            ).fetchone()[0]
            for span in ((quarter.since, "9999"), (quarter.before, quarter.since))
        )
        assert (found[question]["now"], found[question]["before"]) == (now, before), question
        months = found[question]["months"]
        assert len(months) == 12 and months[-1]["month"] == "2026-11"
        assert sum(month["people"] for month in months) >= now
    assert any(found[question]["now"] for question in trends.VOICES)
    conn.close()


def test_nothing_is_held_against_a_time_nothing_was_read_from(tmp_path):
    conn = sample_db.sample(tmp_path / "market.db", posts=20)
    conn.execute("UPDATE posts SET posted_at = '2026-11-10T00:00:00Z'")
    month = period.periods(conn)[3]
    found = trends.answer(conn, month)
    assert found["customers"]["now"] > 0
    assert (found["customers"]["before"], found["customers"]["direction"]) == (None, None)
    conn.close()

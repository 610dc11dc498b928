"""Days as weeks by weekdays."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from analysis.web.pictures.calendar import LEFT, MOST_DAYS, PITCH, STEPS, TOP, calendar, step, steps


def day(text, people):
    return {"day": text, "people": people}


def test_a_day_stands_in_its_week_and_weekday():
    drawn = calendar([day("2026-11-18", 2)], "2026-11-09", "2026-11-20")
    (found,) = [cell for cell in drawn.cells() if cell.people]
    assert (found.day, found.step) == ("2026-11-18", STEPS)
    assert (found.x, found.y) == (LEFT + PITCH, TOP + 2 * PITCH)  # second week, a Wednesday
    assert len(drawn.cells()) == 12
    assert [week.monday for week in drawn.weeks] == ["2026-11-09", "2026-11-16"]
    assert drawn.weeks[1].days[5:] == (None, None)  # not yet known


def test_every_day_of_a_long_time_is_the_last_weeks():
    drawn = calendar([], "2020-01-01", "2026-11-20")
    cells = drawn.cells()
    assert len(cells) == MOST_DAYS
    assert cells[-1].day == "2026-11-20"
    assert cells[0].day == str(date(2026, 11, 20) - timedelta(days=MOST_DAYS - 1))
    assert all(date.fromisoformat(cell.day).weekday() == (cell.y - TOP) // PITCH for cell in cells)
    assert max(cell.x for cell in cells) + PITCH == drawn.width


def test_names_of_months_do_not_run_into_each_other():
    for first in ("2026-01-26", "2026-01-05", "2025-11-14"):
        places = [x for _, x in calendar([], first, "2026-11-20").months]
        assert all(after - before >= 3 * PITCH for before, after in pairwise(places))


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (0, ()),
        (1, ((4, 1, 1),)),
        (3, ((2, 1, 1), (3, 2, 2), (4, 3, 3))),
        (10, ((1, 1, 2), (2, 3, 5), (3, 6, 7), (4, 8, 10))),
    ],
)
def test_the_key_says_which_numbers_a_colour_stands_for(top, expected):
    assert steps(top) == expected
    for number, least, most in expected:
        assert {step(people, top) for people in range(least, most + 1)} == {number}
    assert step(0, top) == 0


def test_the_numbers_are_the_weeks_with_anybody_newest_first():
    drawn = calendar([day("2026-11-03", 1), day("2026-11-18", 2)], "2026-11-02", "2026-11-20")
    assert [week.monday for week in drawn.busy()] == ["2026-11-16", "2026-11-02"]


@pytest.mark.parametrize(
    ("since", "until"), [(None, None), ("2026-11-20", "2026-11-02"), ("junk", "2026-11-02")]
)
def test_no_day_known(since, until):
    assert calendar([day("2026-11-02", 1)], since, until) is None

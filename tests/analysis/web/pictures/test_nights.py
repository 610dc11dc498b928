"""Thirty nights of collecting: which day is told how."""

from datetime import date

import pytest

from analysis.web.pictures.nights import DAYS, nights, state

UNTIL = date(2026, 11, 20)


def night(day, spider="competitors", **more):
    return {
        "spider": spider, "day": day, "runs": 1, "pages": 9, "posts": 0, "sources": 4,
        "unread": 0, "wholly": 0, "failed": 0, "running": 0, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "good"),
        ({"unread": 1}, "partial"),
        ({"unread": 4}, "partial"),
        ({"unread": 4, "wholly": 4}, "failed"),
        ({"failed": 1}, "failed"),
        ({"failed": 1, "running": 1}, "running"),
        ({"sources": 0}, "good"),
    ],
)
def test_the_worst_of_a_day_is_told(more, told):
    assert state(night("2026-11-20", **more)) == told


def test_a_day_without_a_run_stays_empty():
    found = nights([night("2026-11-20"), night("2026-11-18", unread=2)], UNTIL)
    ((spider, row),) = found.rows
    assert spider == "competitors" and len(row) == DAYS
    assert [cell.state for cell in row[-4:]] == [None, "partial", None, "good"]
    assert [cell.mark for cell in row[-4:]] == ["", "!", "", ""]
    assert row[-1].day == "2026-11-20" and row[0].day == "2026-10-22"


def test_spiders_stand_below_each_other_and_days_outside_are_left_out():
    found = nights(
        [night("2026-11-20", "forums"), night("2026-10-21", "competitors"), night("2026-11-01")],
        UNTIL,
    )
    assert [spider for spider, _ in found.rows] == ["competitors", "forums"]
    assert [cell.day for cell in found.told()] == ["2026-11-20", "2026-11-01"]
    assert found.rows[0][1][0].y < found.rows[1][1][0].y
    assert found.days[-1][0] == "2026-11-20"
    for _, row in found.rows:
        assert row[-1].x < found.width and row[-1].y < found.height

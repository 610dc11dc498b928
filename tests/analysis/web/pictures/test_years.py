"""The same months of several years."""

from analysis.web.pictures.years import LEAST_COMPARED, MOST_YEARS, years


def months(first, count, people=lambda place: place + 1):
    year, month = first
    found = []
    for place in range(count):
        at = year * 12 + month - 1 + place
        found.append({"month": f"{at // 12:04d}-{at % 12 + 1:02d}", "people": people(place)})
    return found


def test_the_same_month_stands_in_the_same_place():
    drawn = years(months((2025, 3), 24))
    assert [row.year for row in drawn] == ["2025", "2026", "2027"]
    march = [row.months[2] for row in drawn]
    assert march[0][1].x == march[1][1].x and march[2] is None
    assert march[0][0]["month"] == "2025-03"
    assert drawn[0].months[0] is None


def test_all_years_are_measured_by_the_same_month():
    drawn = years(months((2025, 1), 24, people=lambda place: 10 if place < 12 else 5))
    heights = [{month[1].height for month in row.months} for row in drawn]
    assert all(len(of_year) == 1 for of_year in heights)
    (first,), (second,) = heights
    assert abs(first - 2 * second) <= 0.1


def test_too_few_months_twice_are_no_course_of_a_year():
    assert years(months((2025, 1), 11 + LEAST_COMPARED)) == ()
    assert years(months((2025, 1), 12 + LEAST_COMPARED)) != ()
    assert years([]) == ()


def test_the_newest_years_only():
    drawn = years(months((2010, 1), 12 * 9))
    assert len(drawn) == MOST_YEARS and drawn[-1].year == "2018"

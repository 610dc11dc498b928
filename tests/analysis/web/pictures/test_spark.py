"""The small line of the last months."""

import pytest

from analysis.web.pictures.spark import HEIGHT, WIDTH, spark


def points(text):
    return [tuple(float(part) for part in point.split(",")) for point in text.split()]


def test_a_line_goes_from_left_to_right_and_higher_numbers_lie_higher():
    drawn = spark([0, 5, 10, 2])
    whole = points(drawn.whole) + points(drawn.running)[1:]
    assert [x for x, _ in whole] == sorted({x for x, _ in whole})
    heights = [y for _, y in whole]
    assert heights[2] < heights[1] < heights[3] < heights[0]
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in whole)
    assert drawn.end == whole[-1]


def test_the_last_step_is_drawn_apart_as_its_month_is_not_over():
    drawn = spark([1, 2, 3])
    assert len(points(drawn.whole)) == len(points(drawn.running)) == 2
    assert points(drawn.whole)[-1] == points(drawn.running)[0]


def test_the_area_stands_on_zero():
    area = points(spark([4, 8]).area)
    assert area[0][1] == area[-1][1] == max(y for _, y in area)


@pytest.mark.parametrize("values", [[], [7], [0, 0, 0]])
def test_nothing_to_draw(values):
    assert spark(values) is None

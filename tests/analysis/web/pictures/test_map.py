"""Names in the map of rivals stand beside their dots and cover nothing."""

import random
from math import log10

import pytest

from analysis.web.pictures.map import (
    LEFT,
    LONGEST,
    RIGHT,
    WIDTH,
    cut,
    place,
    price_map,
    ticks,
    width,
)


def dot(name, price, *segments):
    return {"name": name, "price_minor": price, "segments": list(segments)}


def box(label, found):
    """From where to where a dot and its name reach."""
    (at, name), (_, text_x, before) = label, found
    return (text_x - width(name), at) if before else (at, text_x + width(name))


@pytest.mark.parametrize("seed", range(5))
def test_no_name_covers_another(seed):
    chance = random.Random(seed)
    labels = [
        (chance.uniform(LEFT, WIDTH - RIGHT), cut("升降桌" * chance.randint(1, 6) + "Desk"))
        for _ in range(40)
    ]
    found = place(labels)
    for one in range(40):
        left, right = box(labels[one], found[one])
        assert left >= 0 and right <= WIDTH
        for other in range(one):
            if found[one][0] == found[other][0]:
                begin, end = box(labels[other], found[other])
                assert right < begin or end < left


def test_twice_as_dear_lies_equally_far():
    drawn = price_map(
        [dot("a", 1000, "x"), dot("b", 2000, "x"), dot("c", 4000, "x")], [{"segment": "x"}]
    )
    one, two, four = (d.x for d in drawn.rows[0].dots)
    assert two - one == pytest.approx(four - two, abs=0.2) and one > LEFT and four < WIDTH - RIGHT


def test_a_dot_stands_in_every_row_it_speaks_to_and_else_in_the_last():
    rows = [{"segment": "x"}, {"segment": "y"}, {"segment": "nobody"}]
    drawn = price_map([dot("a", 100, "x", "y"), dot("b", 100), dot("c", 100, "unlisted")], rows)
    named = [[d.label for d in row.dots] for row in drawn.rows]
    assert named == [["a"], ["a"], [], ["b", "c"]]
    assert drawn.rows[-1].segment is None
    for row, following in zip(drawn.rows, drawn.rows[1:], strict=False):
        assert row.y + row.height == following.y


def test_equal_prices_stand_under_each_other():
    drawn = price_map([dot(name, 500, "x") for name in "abc"], [{"segment": "x"}])
    assert len({d.y for d in drawn.rows[0].dots}) == 3


def test_nobody_with_a_price_is_no_picture():
    assert price_map([], [{"segment": "x"}]) is None


@pytest.mark.parametrize("low, high", [(2.0, 2.3), (0.1, 12.0), (3.9, 5.2)])
def test_ticks_are_round_few_and_inside(low, high):
    found = ticks(low, high)
    assert 1 <= len(found) <= 7
    assert all(low <= log10(tick) <= high and str(tick).strip("0") in "125" for tick in found)


def test_a_long_name_is_cut_to_its_room():
    assert cut("Short") == "Short"
    assert width(cut("长" * 50)) <= width("x" * (LONGEST + 1))
    assert cut("x" * 100_000).endswith("…")

"""Ribbons: as wide as people, from where they left to where they went."""

import re
from itertools import pairwise

import pytest

from analysis.web.pictures.flows import MOST, ribbons


def flow(start, end, people, ours=False):
    return {
        "from": start, "to": end, "from_id": start, "to_id": end, "from_self": ours,
        "to_self": False, "people": people,
    }  # fmt: skip


def spans(path):
    """Where a ribbon begins and ends: (top, bottom) on the left and on the right."""
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return (numbers[1], numbers[-1]), (numbers[7], numbers[8])


def test_ribbons_are_as_wide_as_people_and_stay_in_their_bars():
    drawn = ribbons([flow("a", "b", 30), flow("a", "c", 10), flow("b", "c", 10, ours=True)])
    widths = []
    for ribbon in drawn.ribbons:
        (top, bottom), (begin, end) = spans(ribbon.path)
        assert bottom - top == pytest.approx(end - begin, abs=0.2)
        widths.append(bottom - top)
        for brands, key, low, high in (
            (drawn.left, "from", top, bottom), (drawn.right, "to", begin, end),
        ):  # fmt: skip
            bar = next(b for b in brands if b.name == ribbon.flow[key])
            assert bar.y - 0.2 <= low and high <= bar.y + bar.height + 0.2
    assert widths[0] == pytest.approx(3 * widths[1], abs=0.3)
    assert [(b.name, b.people, b.ours) for b in drawn.left] == [("a", 40, False), ("b", 10, True)]


def test_brands_never_cover_each_other_however_few_go():
    drawn = ribbons([flow("a", "z", 500), *(flow(f"b{n}", f"c{n}", 1) for n in range(20))])
    assert len(drawn.ribbons) == MOST
    for side in (drawn.left, drawn.right):
        for one, other in pairwise(side):
            assert one.y + one.height < other.y
        assert side[-1].y + side[-1].height < drawn.height


def test_nobody_moved_is_no_picture():
    assert ribbons([]) is None and ribbons([flow("a", "b", 0)]) is None

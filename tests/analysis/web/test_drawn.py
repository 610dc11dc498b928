"""Drawn once: what shows the same; drawn anew: whatever differs in anything."""

from collections.abc import Callable
from typing import Any

import pytest

from analysis.web.drawn import Drawn
from analysis.web.i18n import Translator
from analysis.web.links import Links


def context(language: str = "en", base: str = "/", **more: Any) -> dict[str, Any]:
    return {"t": Translator(language), "links": Links(base, "desks", "v"), "tabs": (), **more}


def counting() -> tuple[Callable[[], str], list[int]]:
    calls: list[int] = []

    def draw() -> str:
        calls.append(1)
        return f"page {len(calls)}"

    return draw, calls


def test_the_same_is_drawn_once() -> None:
    drawn, (draw, calls) = Drawn(), counting()
    for _ in range(3):  # new objects, equal in value
        assert drawn.page("overview", context(rows=[{"n": 1, "name": "Kệ"}]), draw) == "page 1"
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("template", "other"),
    [
        ("customers", context(rows=[1])),
        ("overview", context(rows=[2])),
        ("overview", context("zh", rows=[1])),
        ("overview", context(base="/desk/", rows=[1])),
        ("overview", context(rows=[1], visitor="ana")),
        ("overview", context(rows=[True])),
    ],
)
def test_whatever_differs_is_drawn_anew(template: str, other: dict[str, Any]) -> None:
    drawn, (draw, _) = Drawn(), counting()
    assert drawn.page("overview", context(rows=[1]), draw) == "page 1"
    assert drawn.page(template, other, draw) == "page 2"


def test_what_has_no_value_is_drawn_each_time() -> None:
    drawn, (draw, _) = Drawn(), counting()
    pages = [drawn.page("overview", context(rows=lambda: 1), draw) for _ in range(2)]
    assert pages == ["page 1", "page 2"]


def test_the_pages_kept_are_bounded() -> None:
    drawn, (draw, calls) = Drawn(most=14), counting()  # two pages of six characters
    for row in (1, 2, 1, 3, 1, 2):
        drawn.page("overview", context(rows=[row]), draw)
    assert len(calls) == 4  # the page of 2 had gone, that of 1 was shown in between

"""Every page of tests/pages/forums against what stands beside it; see analysis.engine_check."""

from pathlib import Path
from typing import Any

import pytest

from analysis.engine_check import (
    ENDING,
    differences,
    expectation,
    load_fixture,
    read_fixture,
)
from crawlers.forums import recognise
from pipelines.storage.facts import plain

PAGES = Path(__file__).parents[2] / "pages" / "forums"


def cases() -> list[Any]:
    return [
        pytest.param(path, id=f"{path.parent.name}-{path.name.removesuffix(ENDING)}")
        for path in sorted(PAGES.glob(f"*/*{ENDING}"))
    ]


@pytest.mark.parametrize("expected", cases())
def test_page_gives_what_stands_beside_it(expected: Path) -> None:
    document, told = load_fixture(expected)
    found = plain(read_fixture(document, told))
    assert list(differences(found, expectation(told))) == []


@pytest.mark.parametrize("expected", cases())
def test_engine_is_recognised_by_its_own_marks_only(expected: Path) -> None:
    document, told = load_fixture(expected)
    if document.is_html:
        assert recognise(document) == (None if told["engine"] == "generic" else told["engine"])


@pytest.mark.parametrize("expected", cases())
def test_reading_twice_gives_the_same(expected: Path) -> None:
    first, second = (read_fixture(*load_fixture(expected)) for _ in range(2))
    assert first == second

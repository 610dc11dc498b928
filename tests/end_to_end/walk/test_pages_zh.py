"""Every page of the desk is sound in Chinese."""

from typing import Any

import pytest

from tests.analysis.web.test_browser import CHROMIUM
from tests.end_to_end.walk.touring import WIDTHS, faults_of_pages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_sound(browser: Any, address: str, paths: list[str], width: int) -> None:
    assert faults_of_pages(browser, address, paths, "zh", width) == []

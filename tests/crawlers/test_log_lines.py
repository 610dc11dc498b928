"""Lines of single answers are made only where they are shown."""

import logging

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawlers import log_lines
from crawlers.log_lines import LogLines

URL = "http://shop.example/"


@pytest.mark.parametrize(("level", "shown"), [("DEBUG", True), ("WARNING", False), (None, True)])
def test_who_is_shown_lines(
    monkeypatch: pytest.MonkeyPatch, level: str | None, shown: bool
) -> None:
    handler = logging.NullHandler(level) if level else None
    monkeypatch.setattr(log_lines, "get_scrapy_root_handler", lambda: handler)
    crawler = get_crawler(Spider)
    lines = LogLines.from_crawler(crawler)
    spider = Spider("any")
    answer = Response(URL)
    assert (lines.crawled(Request(URL), answer, spider) is not None) is shown
    assert (lines.scraped({}, answer, spider) is not None) is shown
    assert lines.item_error({}, ValueError("bad"), answer, spider)

"""What a crawl logs of single answers and items: nothing, where nobody would see it."""

from logging import DEBUG
from typing import Any, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.logformatter import LogFormatter
from scrapy.utils.log import get_scrapy_root_handler


class LogLines(LogFormatter):
    """Scrapy's lines; those of level DEBUG are made only where a handler shows that level.

    Scrapy makes each and lets its handler drop it.
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from ``LOG_LEVEL``."""
        handler = get_scrapy_root_handler()
        return cls(shown=handler is None or handler.level <= DEBUG)

    def crawled(self, request: Request, response: Response, spider: Spider) -> Any:
        """The line of an answer, or none."""
        return super().crawled(request, response, spider) if self._shown else None

    def scraped(self, item: Any, response: Any, spider: Spider) -> Any:
        """The line of an item, or none."""
        return super().scraped(item, response, spider) if self._shown else None

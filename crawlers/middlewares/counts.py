"""Counts requests and answers: Scrapy's middleware, without rendering each request to weigh it."""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.stats import DownloaderStats
from scrapy.http import Response


class Counts(DownloaderStats):
    """Stands in the place of Scrapy's own, whose count of failures it keeps.

    ``downloader/response_bytes`` are those of bodies as they were sent.
    """

    def process_request(self, request: Request, spider: Any = None) -> None:
        """Count a request."""
        self.stats.inc_value("downloader/request_count")

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Response:
        """Count an answer, by its status."""
        self.stats.inc_value("downloader/response_count")
        self.stats.inc_value(f"downloader/response_status_count/{response.status}")
        self.stats.inc_value("downloader/response_bytes", len(response.body))
        return response

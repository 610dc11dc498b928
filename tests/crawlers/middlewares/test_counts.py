"""Requests, answers and failures are counted as Scrapy's own middleware counts them."""

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawlers.middlewares.counts import Counts

URL = "http://shop.example/"


def test_what_is_counted() -> None:
    crawler = get_crawler(Spider)
    counts = Counts.from_crawler(crawler)
    request = Request(URL)
    for status, body in ((200, b"bread"), (200, b"cake"), (404, b"")):
        counts.process_request(request)
        response = Response(URL, status=status, body=body)
        assert counts.process_response(request, response) is response
    counts.process_request(request)
    counts.process_exception(request, TimeoutError())
    assert crawler.stats is not None
    assert crawler.stats.get_stats() == {
        "downloader/request_count": 4,
        "downloader/response_count": 3,
        "downloader/response_status_count/200": 2,
        "downloader/response_status_count/404": 1,
        "downloader/response_bytes": 9,
        "downloader/exception_count": 1,
        "downloader/exception_type_count/builtins.TimeoutError": 1,
    }

"""Redirects written in a page are followed as Scrapy follows them."""

import pytest
from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from crawlers.middlewares.refresh import RefreshMiddleware

ON = '<html><head><META HTTP-EQUIV="Refresh" content="0;url=/vào"></head></html>'


@pytest.mark.parametrize(
    ("body", "leads"),
    [
        (ON.encode(), True),
        (ON.encode("utf-16-le"), True),
        ("<p>越</p>".encode() * 400 + ON.encode(), True),
        (b"<p>x</p>" * 4_000 + ON.encode(), False),
        (b"<html><head><title>Tills</title></head></html>", False),
        (b"<noscript>" + ON.encode() + b"</noscript>", False),
        (b"", False),
    ],
)
def test_pages_that_lead_on(body: bytes, leads: bool) -> None:
    request = Request("http://a.example/")
    found = []
    for kind in (RefreshMiddleware, MetaRefreshMiddleware):
        encoding = "utf-16-le" if b"\0" in body else "utf-8"
        response = HtmlResponse(request.url, body=body, encoding=encoding)
        answer = kind.from_crawler(get_crawler()).process_response(request, response)
        found.append(answer.url if isinstance(answer, Request) else None)
    assert found[0] == found[1]
    assert (found[0] is not None) == leads


def test_what_is_no_page_passes() -> None:
    request, answer = Request("http://a.example/"), Response("http://a.example/", body=ON.encode())
    middleware = RefreshMiddleware.from_crawler(get_crawler())
    assert middleware.process_response(request, answer) is answer

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
        (ON.encode(), "/v%C3%A0o"),
        (ON.encode("utf-16"), "/v%C3%A0o"),
        ("<p>越</p>".encode() * 400 + ON.encode(), "/v%C3%A0o"),
        (b"<p>x</p>" * 4_000 + ON.encode(), None),
        (b"<html><head><title>Tills</title></head></html>", None),
        (b"<noscript>" + ON.encode() + b"</noscript>", None),
        (b"", None),
    ],
)
def test_pages_that_lead_on(body: bytes, leads: str | None) -> None:
    request = Request("http://a.example/")
    for kind in (RefreshMiddleware, MetaRefreshMiddleware):
        encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        response = HtmlResponse(request.url, body=body, encoding=encoding)
        found = kind.from_crawler(get_crawler()).process_response(request, response)
        where = found.url if isinstance(found, Request) else None
        assert where == (f"http://a.example{leads}" if leads else None), kind


def test_what_is_no_page_passes() -> None:
    request, answer = Request("http://a.example/"), Response("http://a.example/", body=ON.encode())
    middleware = RefreshMiddleware.from_crawler(get_crawler())
    assert middleware.process_response(request, answer) is answer

"""A refresh in a page's head is followed as by Scrapy; other pages are not even decoded."""

import pytest
from scrapy import Request, Spider
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from crawlers.middlewares.refresh import RefreshMiddleware

URL = "http://shop.example/"
GO = '<meta http-equiv="Refresh" content="0; url=/vi/">'


@pytest.fixture
def middleware() -> RefreshMiddleware:
    crawler = get_crawler(Spider)
    return RefreshMiddleware.from_crawler(crawler)


@pytest.mark.parametrize(
    "body",
    [
        f"<html><head>{GO}</head>".encode(),
        f"<html><head><!--{'x' * 3_500}-->{GO.upper()}</head>".encode(),
        b"\xff\xfe" + f"<html><head>{GO}</head>".encode("utf-16-le"),
        ("<title>" + "换" * 3_000 + "</title>" + GO).encode(),
    ],
)
def test_a_refresh_is_followed(middleware: RefreshMiddleware, body: bytes) -> None:
    response = HtmlResponse(URL, body=body, headers={"Content-Type": "text/html"})
    found = middleware.process_response(Request(URL), response)
    assert isinstance(found, Request)
    assert found.url.lower() == f"{URL}vi/"


@pytest.mark.parametrize("body", [b"<h1>Bread</h1>" * 9_000, b"<p>how to refresh a loaf</p>", b""])
def test_other_pages_pass(middleware: RefreshMiddleware, body: bytes) -> None:
    response = HtmlResponse(URL, body=body)
    assert middleware.process_response(Request(URL), response) is response


def test_a_page_without_one_is_not_decoded(
    middleware: RefreshMiddleware, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HtmlResponse, "text", property(lambda _: pytest.fail("decoded")))
    response = HtmlResponse(URL, body=b"<h1>Bread</h1>" * 9_000)
    assert middleware.process_response(Request(URL), response) is response

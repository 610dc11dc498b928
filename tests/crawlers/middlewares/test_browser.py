from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.settings import Settings

from crawlers.base.budget import Requests
from crawlers.browser.errors import BrowserUnusableError, PutOffError
from crawlers.browser.visit import Drawing, PartRequest
from crawlers.middlewares.browser import BrowserMiddleware

URL = "https://till.example/"


def crawler(*, crawling: bool = True, deadline: float | None = None, **spider: Any) -> Any:
    return SimpleNamespace(
        crawling=crawling, settings=Settings({"USER_AGENT": "Rivalmap/0.1"}),
        spider=SimpleNamespace(deadline=deadline, requests=Requests(None), **spider),
    )  # fmt: skip


def drawn() -> Request:
    drawing = Drawing(url=URL, body=b"<p>", headers={})
    return Request(URL, meta={"drawing": drawing})


def test_off_without_a_program() -> None:
    with pytest.raises(NotConfigured):
        BrowserMiddleware.from_crawler(SimpleNamespace(settings=Settings({"RIVALMAP_BROWSER": ""})))


async def test_other_requests_pass() -> None:
    middleware = BrowserMiddleware(crawler(crawling=False), "/usr/bin/chromium")
    assert await middleware.process_request(Request(URL)) is None


@pytest.mark.parametrize("ending", [{"crawling": False}, {"deadline": monotonic() - 1}])
async def test_a_crawl_that_ends_leaves_the_page_for_the_next(ending: Any) -> None:
    middleware = BrowserMiddleware(crawler(**ending), "/usr/bin/chromium")
    with pytest.raises(PutOffError):
        await middleware.process_request(drawn())


async def test_a_browser_that_does_not_start_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    middleware = BrowserMiddleware(crawler(), "/usr/bin/chromium")
    tries = []

    async def fail(request: Request, drawing: Drawing) -> None:
        tries.append(request)
        raise BrowserUnusableError("it does not start")

    monkeypatch.setattr(middleware, "_draw", fail)
    for _ in range(3):
        with pytest.raises(BrowserUnusableError):
            await middleware.process_request(drawn())
    assert len(tries) == 1


async def test_parts_are_requests_of_the_run() -> None:
    asked: list[Request] = []

    async def download(request: Request) -> None:
        asked.append(request)
        raise OSError("refused")

    running = crawler()
    running.spider.requests = Requests(1)
    running.engine = SimpleNamespace(
        downloader=SimpleNamespace(per_slot_settings={}), download_async=download
    )
    middleware = BrowserMiddleware(running, "/usr/bin/chromium")
    part = PartRequest(url=URL + "a.js", method="GET", headers={}, body=b"", seconds=1)
    assert await middleware._fetch(part) is None
    assert await middleware._fetch(part) is None
    assert len(asked) == 1 and asked[0].meta["download_slot"] == "parts of till.example"
    slot = running.engine.downloader.per_slot_settings["parts of till.example"]
    assert slot["concurrency"] == 1

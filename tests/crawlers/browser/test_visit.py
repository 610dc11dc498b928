from types import SimpleNamespace
from typing import Any

import pytest

from crawlers.browser import visit
from crawlers.browser.visit import Drawing, Part, PartCache, PartRequest, Visit

pytest.importorskip("playwright", reason="the extra browser is not installed")

URL = "https://till.example/"


class Route:
    def __init__(self) -> None:
        self.given: dict[str, Any] | None = None
        self.aborted = False

    async def fulfill(self, **given: Any) -> None:
        self.given = given

    async def abort(self, reason: str) -> None:
        self.aborted = True


def request(url: str, kind: str = "script", **more: Any) -> SimpleNamespace:
    given = {
        "url": url, "resource_type": kind, "method": "GET", "post_data_buffer": None,
        "headers": {"accept": "*/*", "cookie": "a=1"},
        "frame": SimpleNamespace(parent_frame=None),
        "is_navigation_request": lambda: kind == "document",
    }  # fmt: skip
    return SimpleNamespace(**{**given, **more})


def part(*, status: int, headers: dict[str, str], body: bytes) -> Part:
    return Part(url=f"{URL}part", status=status, headers=headers, body=body)


class Server:
    def __init__(self) -> None:
        self.asked: list[PartRequest] = []

    async def fetch(self, asked: PartRequest) -> Part | None:
        self.asked.append(asked)
        return Part(
            url="https://app.example/part",
            status=200,
            headers={"Set-Cookie": "a=1"},
            body=b"x" * 1000,
        )


def a_visit(server: Server, cache: PartCache | None = None) -> Visit:
    drawing = Drawing(url=URL, body=b"<p>shell", headers={"Content-Type": "text/html"})
    return Visit(drawing, server.fetch, cache or PartCache())


async def test_the_page_in_hand_is_given_once_and_not_asked_for() -> None:
    server = Server()
    visited = a_visit(server)
    route = Route()
    await visited.answer(route, request(URL, "document"))
    assert route.given is not None and route.given["body"] == b"<p>shell" and not server.asked
    for turn in range(visit.MOST_TURNS + 2):
        route = Route()
        await visited.answer(route, request(f"{URL}{turn}", "document"))
    assert route.aborted and len(server.asked) == visit.MOST_TURNS


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "https://till.example.evil.test/"])
async def test_a_page_may_not_send_the_browser_elsewhere(url: str) -> None:
    server, route = Server(), Route()
    await a_visit(server).answer(route, request(url, "document"))
    assert route.aborted and not server.asked


async def test_scripts_are_shared_and_no_cookie_passes() -> None:
    server, cache, route = Server(), PartCache(), Route()
    for _ in range(3):
        await a_visit(server, cache).answer(route, request(URL + "app.js"))
    assert len(server.asked) == 1 and "cookie" not in server.asked[0].headers
    assert route.given is not None and route.given["headers"] == {}


async def test_a_page_may_not_ask_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    server, visited = Server(), a_visit(Server())
    visited = a_visit(server)
    for number in range(visit.MOST_PARTS + 5):
        route = Route()
        await visited.answer(route, request(f"{URL}{number}", "fetch"))
    assert len(server.asked) == visit.MOST_PARTS and route.aborted
    monkeypatch.setattr(visit, "MOST_BYTES", 2500)
    server = Server()
    visited = a_visit(server)
    for number in range(9):
        await visited.answer(Route(), request(f"{URL}{number}", "fetch"))
    assert len(server.asked) == 3


async def test_a_request_that_cannot_be_placed_is_refused() -> None:
    from playwright.async_api import Error

    class Homeless:
        url, resource_type, method = URL + "sw.js", "script", "GET"

        @property
        def frame(self) -> None:
            raise Error("Service Worker requests do not have an associated frame.")

    route = Route()
    await a_visit(Server()).answer(route, Homeless())
    assert route.aborted


def test_old_scripts_make_room() -> None:
    cache = PartCache(most_bytes=4000)
    for number in range(9):
        cache.put(
            str(number),
            part(status=200, headers={}, body=b"x" * 1000),
        )
    assert cache.get("0") is None and cache.get("8") is not None
    cache.put("big", part(status=200, headers={}, body=b"x" * 2000))
    cache.put("gone", part(status=404, headers={}, body=b""))
    assert cache.get("big") is None and cache.get("gone") is None


async def test_a_turn_that_leads_to_another_site_is_refused() -> None:
    class Elsewhere(Server):
        async def fetch(self, asked: PartRequest) -> Part | None:
            self.asked.append(asked)
            return Part(url="https://rival.example/", status=200, headers={}, body=b"theirs")

    server = Elsewhere()
    visited = a_visit(server)
    await visited.answer(Route(), request(URL, "document"))
    route = Route()
    await visited.answer(route, request(f"{URL}next", "document"))
    assert server.asked and route.aborted and route.given is None

"""The desk in a real browser: nothing runs, nothing breaks the layout, nothing is complained of."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.web.serve import datasette_for

CHROMIUM = Path("/usr/bin/chromium")
PAGES = (
    "/", "/competitors", "/competitors?channel=email", "/competitors/oakframe", "/channels",
    "/customers", "/when", "/why-not",
    "/why-them", "/openings", "/posts?q=desk", "/posts/3", "/changes", "/collection",
)  # fmt: skip
STOCK = ("/desks", "/desks/posts", "/desks/posts/3")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
]


def served(path: Path) -> Iterator[str]:
    import uvicorn

    datasette = datasette_for(path, "desks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        datasette.app(), host="127.0.0.1", port=port, log_level="error", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    for database in datasette.databases.values():
        database.close()
    datasette.executor.shutdown(wait=True)


@pytest.fixture(params=["sample", "hostile"])
def address(request: pytest.FixtureRequest, market_db: Path, hostile_db: Path) -> Iterator[str]:
    yield from served(market_db if request.param == "sample" else hostile_db)


def test_walk(address: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    faults: list[str] = []
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for width, language in ((1280, "en"), (390, "zh"), (390, "vi")):
            context = browser.new_context(viewport={"width": width, "height": 844}, locale=language)
            page = context.new_page()
            page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda e: faults.append(str(e)))
            page.on("dialog", lambda d: (faults.append("dialog"), d.dismiss()))
            page.on(
                "request",
                lambda r: faults.append(r.url) if not r.url.startswith(address) else None,
            )
            for path in PAGES + STOCK:
                answer = page.goto(address + path)
                assert answer is not None and answer.status == 200, path
                assert page.evaluate("window.pwned") is None, path
                wide = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                if path in PAGES:
                    assert wide <= 0, (path, width, wide)
            context.close()
        browser.close()
    assert faults == []

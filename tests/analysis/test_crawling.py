"""What a run's exit code says; stages are tried by the real command in tests/end_to_end."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from analysis.crawling import CrawlResult
from crawlers.state import SourceReport
from tests.end_to_end.tables import SCRAPY


def result(*outcomes: tuple[str, str], complete: bool = True, broken: bool = False) -> CrawlResult:
    reports = tuple(
        ("discover", SourceReport(source=str(n), name=str(n), outcome=outcome, origin=origin))
        for n, (outcome, origin) in enumerate(outcomes)
    )
    return CrawlResult(reports=reports, broken=broken, complete=complete)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (result(("read", "file"), ("failed", "candidate")), 0),
        (result(("read", "file"), ("blocked", "catalogue"), ("empty", "catalogue")), 0),
        (result(("read", "file"), ("failed", "file")), 5),
        (result(("failed", "file"), ("read", "candidate")), 5),
        (result(("read", "catalogue"), ("failed", "catalogue")), 0),
        (result(("failed", "catalogue"), ("blocked", "catalogue")), 6),
        (result(("robots", "file"), ("read", "file")), 0),
        (result(("robots", "file")), 0),
        (result(("robots", "file"), ("off", "file")), 0),
        (result(("robots", "file"), complete=False), 5),
        (result(("robots", "file"), ("failed", "file")), 6),
        (result(("read", "candidate"), complete=False), 5),
        (result(("read", "file"), broken=True), 1),
        (result(), 6),
    ],
)
def test_exit_codes(found: CrawlResult, code: int) -> None:
    assert found.exit_code == code


BIG = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from analysis.crawling import quieten


class Big(Spider):
    name = "big"

    async def start(self):
        yield Request(sys.argv[1], callback=print, errback=lambda failure: print("too large"))


process = AsyncCrawlerProcess({"LOG_LEVEL": "WARNING", "DOWNLOAD_MAXSIZE": 100_000})
quieten()
process.crawl(Big)
process.start()
"""


class Endless(BaseHTTPRequestHandler):
    """A body beyond the limit; its length is told beforehand at /told alone."""

    def do_GET(self) -> None:
        self.send_response(200)
        if self.path == "/told":
            self.send_header("Content-Length", "400000")
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(b"x" * 400_000)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def endless() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/told", "/untold"])
def test_an_answer_too_large_is_no_line_of_its_own(endless: str, path: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", BIG, endless + path], capture_output=True, text=True, timeout=60,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (run.stdout.strip(), run.stderr) == ("too large", "")


@pytest.mark.slow
def test_a_proxy_of_the_environment_is_not_asked() -> None:
    """Behind one, it would resolve the names, and our refusal of private addresses see none."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Acme</title><p>Coffee by post.</p>")

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        port = server.server_address[1]
        proxy = f"http://127.0.0.1:{port}"
        run = subprocess.run(
            [SCRAPY, "inspect", f"http://127.0.0.1:{port}/shop", "--allow-private"],
            env={**os.environ, "http_proxy": proxy, "HTTP_PROXY": proxy, "no_proxy": ""},
            capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        server.shutdown()
        thread.join()
    assert '"title": "Acme"' in run.stdout, run.stderr
    assert "/shop" in asked and not [path for path in asked if path.startswith("http")]

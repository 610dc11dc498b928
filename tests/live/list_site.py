"""Directories, a search and companies' sites on loopback; what they are asked for is written down.

A page is named by host and path with its query: ``("lists.localhost", "/tills?page=2")``.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Answer = str | tuple[int, str, str]
"""A page's HTML, or (status, media type, body)."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "ListSites"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").split(":")[0]
        if self.path != "/robots.txt":
            self.server.asked.append((host, self.path))
        status, kind, body = self.server.answer(host, self.path)
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class ListSites(ThreadingHTTPServer):
    """Serves pages on every loopback address; ``{port}`` in a page is the server's port."""

    daemon_threads = True

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], Answer] = {}
        self.results: dict[str, list[dict[str, str]]] = {}
        self.asked: list[tuple[str, str]] = []
        super().__init__(("0.0.0.0", 0), _Handler)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.shutdown()
        self.server_close()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"

    def asked_of(self, host: str) -> list[str]:
        return [path for name, path in self.asked if name == host]

    def queries(self, host: str) -> list[str]:
        """What a search was asked for, in order."""
        return [parse_qs(urlsplit(path).query)["q"][0] for path in self.asked_of(host)]

    def answer(self, host: str, path: str) -> tuple[int, str, str]:
        found = self.pages.get((host, path))
        if found is None and (host, urlsplit(path).path) in self.pages:
            found = self.pages[host, urlsplit(path).path]
        if found is None:
            return 404, "text/html", "<title>Not found</title>"
        if isinstance(found, str):
            found = (200, "text/html; charset=utf-8", found)
        status, kind, body = found
        if kind == "search":
            return self._search(status, path)
        return status, kind, body.replace("{port}", str(self.port))

    def _search(self, status: int, path: str) -> tuple[int, str, str]:
        """As SearXNG answers: JSON where asked for it."""
        asked = parse_qs(urlsplit(path).query)
        query = asked.get("q", [""])[0]
        results = [
            {**row, "url": row["url"].replace("{port}", str(self.port)), "engine": "made up"}
            for row in self.results.get(query, [])
        ]
        if asked.get("format") != ["json"] or status != 200:
            return status, "text/html", "<title>Search</title>"
        answer: dict[str, Any] = {
            "query": query,
            "number_of_results": 0,
            "results": results,
            "unresponsive_engines": [["rest", "too many requests"]],
        }
        return 200, "application/json", json.dumps(answer)


def page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body>'
        f"<main>{body}</main></body></html>"
    )

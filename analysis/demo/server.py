"""The sample market on one loopback port: every host by its Host header.

``with SampleServer() as sample: sample.port`` runs it in a thread; ``python -m
analysis.demo.server --port N`` until it is interrupted.
"""

import argparse
import gzip
import logging
import socket
import struct
import sys
from collections import deque
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from analysis.demo.answers import Answer
from analysis.demo.sample import answer, hosts
from analysis.demo.states import STATES, State

_log = logging.getLogger(__name__)
_REMEMBERED = 100_000
_MIN_PACKED = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request the sample has answered."""

    host: str
    target: str
    status: int
    user_agent: str


class _Server(ThreadingHTTPServer):
    """Keeps hold of its open connections, so that stopping closes them."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        self.state: State | None = None
        self.asked: deque[Asked] = deque(maxlen=_REMEMBERED)
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            return  # the client went away
        _log.exception("the sample market failed on a request")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        host, port = self._host()
        target = self.path
        if not target.startswith("/"):  # absolute form, as sent to a proxy
            parts = urlsplit(target)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        found = answer(host, target, port, self.server.state)
        status = 304 if found.status == 200 and self._has_it(found) else found.status
        agent = self.headers.get("User-Agent", "")
        self.server.asked.append(Asked(host, target, 0 if found.fault else status, agent))
        if found.fault == "reset":
            self._reset()
            return
        self._send(found, status, with_body=with_body)

    def _host(self) -> tuple[str, int]:
        name, _, port = self.headers.get("Host", "").partition(":")
        usable = port.isascii() and port.isdigit() and len(port) < 6
        return name, int(port) if usable else self.server.server_port

    def _has_it(self, found: Answer) -> bool:
        """Whether the client holds this very body (RFC 9110, 13.2.2: the tag decides first)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            own = found.header("ETag")
            return own is not None and own in {
                tag.strip().removeprefix("W/") for tag in tags.split(",")
            }
        since, modified = self.headers.get("If-Modified-Since"), found.header("Last-Modified")
        if since is None or modified is None:
            return False
        try:
            return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _send(self, found: Answer, status: int, *, with_body: bool) -> None:
        body = b"" if status == 304 else found.body
        packed = (
            len(body) >= _MIN_PACKED
            and found.fault is None
            and "gzip" in self.headers.get("Accept-Encoding", "")
            and (found.header("Content-Type") or "").startswith("text/")
        )
        if packed:
            body = gzip.compress(body, 5, mtime=0)
        self.send_response(status)
        for name, value in found.headers:
            weak = packed and name == "ETag"
            self.send_header(name, f"W/{value}" if weak else value)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        if status != 304:
            more = 4096 if found.fault == "short" else 0
            self.send_header("Content-Length", str(len(body) + more))
        if found.fault == "short":
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _reset(self) -> None:
        """Close without goodbye: the client sees a reset connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        _log.debug(format, *args)


class SampleServer:
    """The sample market, served from a thread while the ``with`` block runs.

    :param port: 0 lets the system choose; see :attr:`port`.
    :raises OSError: where the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self._server = _Server(port)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def state(self) -> State | None:
        """The sample's state; ``None``, as it begins, is the sample of ``scrapy demo``."""
        return self._server.state

    @state.setter
    def state(self, state: State | None) -> None:
        self._server.state = state

    @property
    def port(self) -> int:
        """The port in use."""
        return int(self._server.server_address[1])

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The requests answered so far, oldest first."""
        return tuple(self._server.asked)

    def url(self, host: str, path: str = "/") -> str:
        """An address of the sample: ``url("stallbox.localhost", "/pricing")``."""
        return f"http://{host}:{self.port}{path}"

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def wait(self) -> None:
        """Return when the server has been stopped."""
        self._thread.join()

    def stop(self) -> None:
        """Answer no more, close what is open."""
        if self._thread.is_alive():  # shutdown() would wait for a loop that never ran
            self._server.shutdown()
        self._server.server_close()
        for connection in list(self._server.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # gone already
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; the hosts are listed first."""
    parser = argparse.ArgumentParser(prog="python -m analysis.demo.server", description=__doc__)
    parser.add_argument("--port", type=int, default=8600, help="loopback port (default 8600)")
    parser.add_argument("--state", choices=STATES, help="the sample at another time")
    options = parser.parse_args(arguments)
    port = options.port
    try:
        sample = SampleServer(port)
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"port {port} cannot be used: {error}\n")
        return 1
    sample.state = options.state
    for host in hosts():
        sys.stdout.write(f"{sample.url(host)}\n")
    sys.stdout.flush()
    sample.start()
    try:
        sample.wait()
    except KeyboardInterrupt:
        sample.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

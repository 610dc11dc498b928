"""Serves a Django project on a free loopback port and writes down what it is asked for.

Usage: python -m tests.live.wsgi_server FOLDER, with DJANGO_SETTINGS_MODULE set. Prints the port;
each request's path and query is a line of FOLDER/requests.log.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class QuietHandler(WSGIRequestHandler):
    """Says nothing of its requests: the log does."""

    disable_nagle_algorithm = True  # or each answer waits 40 ms for the acknowledgement of its head

    def log_message(self, format: str, *args: object) -> None:
        pass


def logged(application: Application, log: Path) -> Application:
    """The application; each request is in the log before it is answered."""
    lines = log.open("a", encoding="utf-8", buffering=1)

    def asked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # A WSGI path is bytes told as latin-1.
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        query = environ.get("QUERY_STRING", "")
        lines.write(path + ("?" + query if query else "") + "\n")
        return application(environ, start_response)

    return asked


def main(folder: Path) -> None:
    sys.path.insert(0, str(folder))
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(logged(get_wsgi_application(), folder / "requests.log"))
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

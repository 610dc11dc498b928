"""A static server on loopback for crawls that are timed: nginx, on a core of its own."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    default_type "text/html; charset=utf-8";
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    open_file_cache max=10000;
    server {{
        listen 127.0.0.1:{port} backlog=2048;
        root {root}/$host;
        index index.html;
        etag on;
    }}
}}
"""


class NoServerError(Exception):
    """nginx is not installed; the message says how to mend it."""


def _user() -> str:
    """Started by root, its worker would be another user, who may not read temporary folders."""
    return f"user {getpass.getuser()};" if os.geteuid() == 0 else ""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


@contextmanager
def served(root: Path) -> Iterator[int]:
    """Serve the folders of a folder, each to the host of its name; the port.

    :raises NoServerError: where there is no nginx.
    """
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        raise NoServerError("these measures need nginx: apt-get install nginx-light")
    with tempfile.TemporaryDirectory(prefix="rivalmap-nginx-") as folder:
        port = free_port()
        file = Path(folder) / "nginx.conf"
        file.write_text(
            _CONFIGURATION.format(folder=folder, root=root, port=port, user=_user()),
            encoding="utf-8",
        )
        process = subprocess.Popen([program, "-c", str(file), "-e", f"{folder}/error.log"])
        try:
            with suppress(OSError, AttributeError):
                os.sched_setaffinity(process.pid, {server_core()})
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=10)


def cores() -> list[int]:
    """The cores this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


def server_core() -> int:
    """The core the server runs on."""
    return cores()[0]


def crawl_core() -> int:
    """The core that is measured: another one, where there is one."""
    return cores()[-1]


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise NoServerError("nginx did not start; its words are above") from None
            time.sleep(0.05)
        else:
            return

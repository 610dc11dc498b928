"""A real Redis on loopback, in a folder of its own; it can be killed and comes back with its log.

``appendfsync always``: what it answered is on the disk, as docs/scale.md asks for.
"""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.live.servers import free_port, wait_for

PROGRAM = shutil.which("redis-server")


class RedisServer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *, fsync: str = "always") -> None:
        assert PROGRAM is not None
        self.process = subprocess.Popen(
            [PROGRAM, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
             "--appendonly", "yes", "--appendfsync", fsync, "--save", ""],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(self.port, self.process)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=20)
            self.process = None

    def client(self) -> Any:
        from crawlers.cluster.connection import connect

        return connect(self.url)


@contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    """A Redis until the end; skips where there is none."""
    if PROGRAM is None:
        pytest.skip("redis-server is not installed (Debian's package redis-server has it)")
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis for a module's tests; each uses a market of its own name."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server

"""Running real forum software on loopback: a folder, a server of its own process, its log."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(sys.executable).parent


@dataclass(frozen=True, kw_only=True)
class Said:
    """A post as a visitor of the forum must find it, to compare by."""

    author: str
    minute: str
    words: str


@dataclass(frozen=True, kw_only=True)
class PageCount:
    """How many pages a visitor needs to see all of a forum; each page of each topic once."""

    topics: int
    lists: int

    @property
    def all(self) -> int:
        return self.topics + self.lists


@dataclass(frozen=True, kw_only=True)
class LiveForum:
    """A running forum: its address, the folder with its database, its server's log.

    ``engine`` is the word of the market file, ``zone`` that of the forum's clock.
    """

    url: str
    folder: Path
    engine: str
    zone: str = "UTC"

    @property
    def database(self) -> Path:
        return self.folder / "db.sqlite3"

    @property
    def log(self) -> Path:
        return self.folder / "requests.log"

    def asked(self) -> list[str]:
        """Every path and query the server was asked for, robots.txt left out, in order."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [line for line in lines if not line.startswith("/robots.txt")]


def environment(**more: str) -> dict[str, str]:
    """The environment with the tools of this Python's folder first."""
    return {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}", **more}


def module(name: str, *arguments: object, env: Mapping[str, str]) -> None:
    """Run one of our modules, such as a seed, in a process of its own."""
    command = [sys.executable, "-m", name, *map(str, arguments)]
    run = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    if run.returncode:
        raise RuntimeError(f"{name} ended with {run.returncode}:\n{run.stderr[-4000:]}")


@contextmanager
def django_server(folder: Path, env: Mapping[str, str]) -> Iterator[str]:
    """Serve the Django project ``env`` names; yields its address, stops it at the end."""
    command = [sys.executable, "-m", "tests.live.wsgi_server", str(folder)]
    with (folder / "server.log").open("wb") as errors:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=errors
        )
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip().decode()
        if not port:
            raise RuntimeError("the server did not start:\n" + (folder / "server.log").read_text())
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.stdout.close()
        process.terminate()
        process.wait(timeout=20)


def copied(template: Path, folder: Path) -> Path:
    """A fresh copy of an installed, empty project."""
    shutil.copytree(template, folder)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server does not listen")

"""Running real software on loopback: a forum, its folder, its port."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = Path(sys.executable).parent


@dataclass
class LiveForum:
    """A running forum: its address and the folder with its database."""

    url: str
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "db.sqlite3"

    def seed(self, topics: int, posts: int, new: int = 0) -> None:
        arguments = [str(HERE / "spirit_seed.py"), str(self.folder), str(topics), str(posts)]
        if new:
            arguments.append(str(new))
        subprocess.run([sys.executable, *arguments], check=True, env=environment(), timeout=120)


def environment() -> dict[str, str]:
    """The environment with the tools of this Python's folder first."""
    return {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}


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

"""Real forum software on loopback, a fresh one per test."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.servers import SCRIPTS, LiveForum, environment, free_port, wait_for


@pytest.fixture
def spirit(tmp_path: Path) -> Iterator[LiveForum]:
    """A fresh Spirit forum, empty; stopped at the end by the process we started."""
    pytest.importorskip("spirit", reason="django-spirit is not installed (the dev extra has it)")
    folder = tmp_path / "shopforum"
    run = {"check": True, "env": environment(), "stdout": subprocess.DEVNULL, "timeout": 120}
    subprocess.run(
        [str(SCRIPTS / "spirit"), "startproject", "shopforum"],
        cwd=tmp_path,
        **run,  # type: ignore[call-overload]
    )
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "spiritinstall"], cwd=folder, stderr=subprocess.DEVNULL, **run)  # type: ignore[call-overload]
    port = free_port()
    process = subprocess.Popen(
        [*manage, "runserver", "--noreload", f"127.0.0.1:{port}"],
        cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port, process)
        yield LiveForum(url=f"http://127.0.0.1:{port}/", folder=folder)
    finally:
        process.terminate()
        process.wait(timeout=20)

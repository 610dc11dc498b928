"""The lines people copy into cron, run as they stand in the documents, in a home that is new."""

import json
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.tables import SCRAPY
from tests.test_contract import valid

ROOT = Path(__file__).parents[2]
CRON = (ROOT / "docs" / "unattended" / "rivalmap.cron").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ALERTS = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
MARKET = """
[business]
name = "Morning Hill"
description = "Coffee by post"
[[competitor]]
name = "Acme"
site = "http://127.0.0.1:{port}/"
[crawl]
allow_private = true
delay = 0
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with the program as the lines name it; its own home, too."""
    folder = tmp_path / "rivalmap"
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "scrapy").symlink_to(SCRAPY)
    return folder


def with_market(home: Path) -> Path:
    """A home with a market file and nothing else; its one rival's site cannot be reached."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    (home / "markets").mkdir(parents=True)
    (home / "markets" / "coffee.toml").write_text(MARKET.format(port=port), encoding="utf-8")
    return home / "data" / "coffee"


def shell(line: str, home: Path) -> "subprocess.CompletedProcess[str]":
    """A line as cron gives it to the shell."""
    return subprocess.run(
        ["/bin/sh", "-c", line], cwd=home, env={**os.environ, "RIVALMAP_HOME": str(home)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.slow
def test_the_crontab(tmp_path: Path, program: Path) -> None:
    home = tmp_path / "home"
    data = with_market(home)
    lines = [line.split(None, 5)[5] for line in CRON.splitlines() if re.match(r"\d", line)]
    research, *upkeep = [
        line.replace("/opt/rivalmap", str(program)).replace("/var/lib/rivalmap", str(home))
        for line in lines
    ]
    assert len(upkeep) == 2
    done = shell(research, home)
    assert (done.returncode, done.stdout, done.stderr) == (6, "", "")
    night = json.loads((data / "nights.jsonl").read_text())
    valid("research", night)
    assert night["exit_code"] == 6 and night["outcomes"] == {"failed": 1}
    assert "exit code 6" in (data / "nights.log").read_text()
    for line in upkeep:
        done = shell(line, home)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), line
    assert list((data / "backups").glob("*.tar.gz"))
    assert "search index: whole" in (data / "upkeep.log").read_text()


@pytest.mark.slow
def test_the_shortest_line(program: Path) -> None:
    data = with_market(program)
    (line,) = re.findall(r"^0 5 \* \* \*  (.+)$", OPERATIONS, re.M)
    done = shell(line.replace("/path/to/rivalmap", str(program)), program)
    assert (done.returncode, done.stderr) == (6, "")
    assert "exit code 6" in (data / "cron.log").read_text()


def test_the_addresses_for_alerts(tmp_path: Path) -> None:
    (block,) = re.findall(r"^(mkdir -p data/coffee .+\n.+data/coffee/notify)$", ALERTS, re.M)
    done = shell(block, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    notify = tmp_path / "data" / "coffee" / "notify"
    assert notify.read_text().startswith("mailtos://") and notify.stat().st_mode & 0o077 == 0

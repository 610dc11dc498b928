"""The examples of docs/unattended and the Dockerfile: parsed as their own tools parse them, and
every command in them is one of ours with options it takes.
"""

import argparse
import importlib
import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from scrapy.settings import Settings

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "unattended"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
UNITS = sorted([*EXAMPLES.glob("*.service"), *EXAMPLES.glob("*.timer")])
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def accepted(words: list[str]) -> None:
    """A command line of ours, as Scrapy would parse it."""
    name, *rest = words
    command = importlib.import_module(f"analysis.commands.{name}").Command()
    command.settings = Settings()
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    opts, left = parser.parse_known_args(rest)
    command.process_options(left, opts)


def test_crontab() -> None:
    text = (EXAMPLES / "rivalmap.cron").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    jobs = [line for line in lines if not re.match(r"[A-Z_]+=", line)]
    assert len(jobs) == 3
    for job in jobs:
        *fields, command = job.split(None, 5)
        assert len(fields) == 5
        for field, (least, most) in zip(fields, FIELDS, strict=True):
            assert field == "*" or least <= int(field) <= most
        assert "%" not in command, "cron makes a new line of it"
        checked = subprocess.run(["sh", "-n", "-c", command], capture_output=True, timeout=10)
        assert checked.returncode == 0, checked.stderr
        *_, ours = command.split(" && ")
        words = shlex.split(ours.split(">>")[0])
        assert words[0] == ".venv/bin/scrapy"
        accepted(words[1:])


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units(path: Path) -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(path, encoding="utf-8")
    if path.suffix == ".timer":
        assert path.with_suffix(".service").exists()
        assert unit["Timer"]["Persistent"] == "true"
        return
    text = path.read_text(encoding="utf-8")
    lines = re.findall(r"^ExecStart=(.+)$", text, re.M)
    assert lines and unit["Service"]["Type"] == "oneshot"
    for line in lines:
        words = shlex.split(line.replace("%i", "coffee"))
        assert words[0] == "/opt/rivalmap/.venv/bin/scrapy"
        accepted(words[1:])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    scrapy = str(Path(sys.executable).parent / "scrapy")
    paths = []
    for unit in UNITS:
        path = tmp_path / unit.name.replace("@", "@coffee")
        text = unit.read_text(encoding="utf-8").replace("/opt/rivalmap/.venv/bin/scrapy", scrapy)
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    run = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *paths],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")


def test_task_of_windows() -> None:
    task = ElementTree.parse(EXAMPLES / "rivalmap-task.xml").getroot()
    assert task.tag == f"{TASK}Task"
    assert task.findtext(f".//{TASK}MultipleInstancesPolicy") == "IgnoreNew"
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", task.findtext(f".//{TASK}StartBoundary") or ""
    )
    assert (task.findtext(f".//{TASK}Command") or "").endswith(r"\.venv\Scripts\scrapy.exe")
    accepted((task.findtext(f".//{TASK}Arguments") or "").split())


def test_dockerfile() -> None:
    lines = [
        line for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]  # fmt: skip
    steps = [tuple(line.split(None, 1)) for line in lines]
    known = {"FROM", "WORKDIR", "RUN", "ENV", "COPY", "USER", "VOLUME", "STOPSIGNAL", "ENTRYPOINT",
             "CMD"}  # fmt: skip
    assert {step for step, _ in steps} <= known and steps[0][0] == "FROM"
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    for step, rest in steps:
        if step == "COPY":
            *sources, _ = rest.split()
            for source in sources:
                assert (ROOT / source).exists() and source in allowed, source
        elif step == "RUN":
            checked = subprocess.run(["sh", "-n", "-c", rest], capture_output=True, timeout=10)
            assert checked.returncode == 0, rest
    assert ("USER", "rivalmap") in steps and ("ENTRYPOINT", '["scrapy"]') in steps
    least = re.search(
        r">=(\d+\.\d+)", (ROOT / "pyproject.toml").read_text().split("requires-python")[1]
    )
    assert least is not None and steps[0][1].startswith(f"python:{least[1]}-")


def test_the_documents_name_every_example_and_their_commands_are_ours() -> None:
    for path in EXAMPLES.iterdir():
        assert f"unattended/{path.name}" in OPERATIONS, path.name
    named = re.findall(r"^docker run .* rivalmap (\w+ .+)$", OPERATIONS, re.M)
    assert named
    for line in named:
        accepted(shlex.split(line.split("#")[0].split(">")[0]))

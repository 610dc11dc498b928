"""Start-up of a command, beside bare Scrapy's; the second research beside the first."""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from analysis.commandline import PARTLY  # a page of the sample is broken on purpose
from analysis.demo.market import sample_market_toml
from analysis.demo.server import SampleServer
from bench.paired import Figure
from tests.live.servers import SCRIPTS

_PAGE = "<!doctype html><title>Bread</title><h1>Bread</h1><p>We bake bread and sell it.</p>"


def _environment(home: Path) -> dict[str, str]:
    """With bytecode kept, as any installation keeps it; the first start of a round writes it."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept, "RIVALMAP_HOME": str(home),
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "rivalmap-bytecode"),
    }  # fmt: skip


def _spent(home: Path, *arguments: str, ends: int = 0) -> tuple[float, float]:
    """Seconds on the clock and of CPU of a command.

    :param ends: the exit code it must end with.
    :raises RuntimeError: where it ends with another.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [str(SCRIPTS / "scrapy"), *arguments],
        cwd=home, env=_environment(home),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != ends:
        raise RuntimeError(f"scrapy {' '.join(arguments)} ended with {done.returncode}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def inspect_started(rounds: int) -> Iterator[Figure]:
    """Seconds of ``scrapy inspect`` on one small page."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "page.html").write_text(_PAGE, encoding="utf-8")
        for number in range(rounds + 1):
            ours, cpu = _spent(home, "inspect", "page.html")
            bare, bare_cpu = _spent(home, "version")
            if number:
                yield Figure(
                    value=ours,
                    parts=f"scrapy version {bare:.2f} s: {ours - bare:+.2f} s; "
                    f"CPU {cpu:.2f} and {bare_cpu:.2f} s",
                )


def research_again(rounds: int) -> Iterator[Figure]:
    """A research of the sample market with nothing new, beside the first."""
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder, SampleServer() as sample:
            home = Path(folder)
            (home / "markets").mkdir()
            market = home / "markets" / "demo.toml"
            market.write_text(sample_market_toml(sample.port), encoding="utf-8")
            first, first_cpu = _spent(home, "research", "demo", "--quiet", ends=PARTLY)
            again, again_cpu = _spent(home, "research", "demo", "--quiet", ends=PARTLY)
            yield Figure(
                value=again / first,
                parts=f"{again:.1f} s / {first:.1f} s; CPU {again_cpu:.1f} and {first_cpu:.1f} s",
            )

"""Two hundred sites at a request a second each: how much of the allowed rate is reached, by what.

:data:`SITES` hosts with :data:`PAGES` pages each beside the home page; the same page stands on
several sites. No core is bound: fetching, readers and server share what there is. The variables
``SPEED_SITES`` and ``RIVALMAP_READERS`` say how many they are.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.paired import Figure
from bench.paired.crawling import market, without_links_of_its_own
from bench.paired.paced import DELAY, host_of
from bench.paired.pages import companies, source
from bench.paired.serving import cores, served

SITES = int(os.environ.get("SPEED_SITES", "200"))
PAGES = 20


def fetching(rounds: int) -> Iterator[Figure]:
    """Our settings and an empty callback: achieved beside allowed requests."""
    yield from _rounds("fetch", rounds)


def reading(rounds: int) -> Iterator[Figure]:
    """The whole ``competitors`` crawl, its pages read in processes beside it."""
    yield from _rounds("full", rounds)


def _rounds(mode: str, rounds: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        hosts = _lay_out(root)
        with served(root) as port:
            for number in range(rounds):
                home = Path(folder) / f"home{number}"
                with market(home, hosts, port, delay=DELAY):
                    told = _crawled(mode, home, port)
                yield Figure(
                    value=told["rate"] * DELAY / SITES,
                    parts=f"{told['rate']:.1f} of {SITES / DELAY:.0f} {source()} a second for "
                    f"{told['seconds']:.0f} s; {told['own']:.2f} cores fetch and store, "
                    f"{told['readers']:.2f} read, of {len(cores())}; "
                    f"an answer takes {1000 * told['answer']:.0f} ms, so the pause after it "
                    f"allows {SITES / (DELAY + told['answer']):.1f}; {told['mb']:.0f} MB",
                )


def _lay_out(root: Path) -> dict[str, int]:
    """Write each page once and give every site its share: pages of each."""
    pages = [without_links_of_its_own(url, body) for url, body in companies()]
    kept = root / "pages"
    kept.mkdir(parents=True)
    for number, body in enumerate(pages):
        (kept / f"{number}.html").write_bytes(body)
    links = "".join(f'<li><a href="/p/{n}.html">Page {n}</a>' for n in range(PAGES))
    for site in range(SITES):
        folder = root / host_of(site)
        (folder / "p").mkdir(parents=True)
        title = f"<!doctype html><title>Site {site}</title><h1>Site {site}</h1>"
        (folder / "index.html").write_text(f"{title}<ul>{links}</ul>", encoding="utf-8")
        for number in range(PAGES):
            of = (site * 7 + number) % len(pages)
            os.link(kept / f"{of}.html", folder / "p" / f"{number}.html")
    return {host_of(site): PAGES + 1 for site in range(SITES)}


def _crawled(mode: str, home: Path, port: int) -> dict[str, Any]:
    """Run one crawl in a process of its own.

    :raises subprocess.CalledProcessError: where it fails.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "bench.paired.paced", mode, str(port), str(SITES), str(PAGES)],
        env={**os.environ, "RIVALMAP_HOME": str(home)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return told

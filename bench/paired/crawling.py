"""Throughput of a crawl on one core, beside one that reads nothing."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.paired import Figure
from bench.paired.crawl import HOST
from bench.paired.pages import companies, source
from bench.paired.serving import crawl_core, served

SITES = 14
PAGES = 2_000
"""Requests of a crawl that reads nothing."""

_HEAD = re.compile(rb"<head\b[^>]*>", re.IGNORECASE)
_MARKET = """
[business]
name = "Hatchcart"
description = "Online shop builder for small shops"

[crawl]
delay = {delay}
allow_private = true
pages_per_site = {pages}
depth = 50
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What a crawl took: pages, seconds of CPU, seconds on the clock, MB at most, and MB held after
    so many pages.
    """

    pages: int
    cpu: float
    wall: float
    mb: float
    samples: list[tuple[int, float]]

    @property
    def each(self) -> float:
        """Milliseconds of CPU a page."""
        return 1000 * self.cpu / self.pages


def crawled(mode: str, home: Path, port: int, *, pages: int, files: int) -> Crawled:
    """Run one crawl in a process of its own, bound to one core.

    :raises subprocess.CalledProcessError: where it fails.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "bench.paired.crawl", mode, str(port), str(pages), str(files)],
        env={**os.environ, "RIVALMAP_HOME": str(home), "SPEED_CORE": str(crawl_core())},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return Crawled(**json.loads(ended.stdout.splitlines()[-1]))


def without_links_of_its_own(url: str, body: bytes) -> bytes:
    """The page with its relative links leading where they led, not to the measuring server."""
    base = f'<base href="{url}">'.encode()
    return _HEAD.sub(lambda head: head[0] + base, body, count=1)


def lay_out(root: Path, *, sites: int) -> dict[str, int]:
    """Write the pages: all for :data:`HOST`, and shared out over sites with a home page each.

    :returns: pages of each site, its home page among them.
    """
    pages = [without_links_of_its_own(url, body) for url, body in companies()]
    for number, body in enumerate(pages):
        _write(root / HOST / "p" / f"{number}.html", body)
    counts = {}
    for site in range(sites):
        own = pages[site::sites]
        host = f"s{site}.localhost"
        links = "".join(f'<li><a href="/p/{n}.html">Page {n}</a>' for n in range(len(own)))
        title = f"<!doctype html><title>Site {site}</title><h1>Site {site}</h1>"
        _write(root / host / "index.html", f"{title}<ul>{links}</ul>".encode())
        for number, body in enumerate(own):
            _write(root / host / "p" / f"{number}.html", body)
        counts[host] = len(own) + 1
    return counts


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


@contextmanager
def market(
    home: Path, hosts: dict[str, int], port: int, *, delay: float, pages: int = 40
) -> Iterator[None]:
    """The market file ``speed`` of a home, for one crawl.

    :param pages: read of each site at most.
    """
    text = _MARKET.format(delay=delay, pages=pages)
    for host in hosts:
        text += f'\n[[competitor]]\nname = "{host}"\nsite = "http://{host}:{port}/"\n'
    (home / "markets").mkdir(parents=True)
    (home / "markets" / "speed.toml").write_text(text, encoding="utf-8")
    yield


def our_settings(rounds: int) -> Iterator[Figure]:
    """An empty callback: our settings beside Scrapy's defaults."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        lay_out(root, sites=SITES)
        files = len(companies())
        with served(root) as port:
            for _ in range(rounds):
                default, ours = (
                    crawled(mode, root, port, pages=PAGES, files=files)
                    for mode in ("default", "ours")
                )
                yield Figure(
                    value=default.each / ours.each,
                    parts=f"{default.each:.2f} ms / {ours.each:.2f} ms of CPU a page, {ours.pages} "
                    f"{source()}",
                )


def full_crawl(rounds: int) -> Iterator[Figure]:
    """Fetching, reading, tagging, archiving and storing, beside fetching alone."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        hosts = lay_out(root, sites=SITES)
        files = len(companies())
        with served(root) as port:
            for number in range(rounds):
                home = Path(folder) / f"home{number}"
                with market(home, hosts, port, delay=0.0):
                    full = crawled("full", home, port, pages=0, files=0)
                empty = crawled("ours", root, port, pages=PAGES, files=files)
                yield Figure(
                    value=empty.each / full.each,
                    parts=f"{empty.each:.2f} ms / {full.each:.2f} ms of CPU a page; {full.pages} "
                    f"{source()} of {len(hosts)} sites, {full.mb:.0f} MB",
                )

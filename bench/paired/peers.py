"""Other programs on the same pages and the same job, pages a CPU-second: ours / theirs.

They are no dependencies of ours: ``RIVALMAP_PEERS`` (or ``--peers``) names the Python of an
environment that has them.

    python -m venv peers && peers/bin/pip install advertools trafilatura forumscraper
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.paired import Figure, SkippedError
from bench.paired.crawl import HOST
from bench.paired.crawling import SITES, crawled, lay_out, market
from bench.paired.pages import companies, made_topics, source
from bench.paired.serving import served
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.forums import read_forum

VARIABLE = "RIVALMAP_PEERS"
_JOBS = Path(__file__).with_name("peer_jobs.py")
_SECONDS = 600
_SOME = 10
"""Pages of the short crawl that is taken off the long one: what starting costs."""

Pages = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What a job of the other program took."""

    pages: int
    cpu: float
    versions: str
    posts: int = 0

    @property
    def each(self) -> float:
        """Milliseconds of CPU a page."""
        return 1000 * self.cpu / self.pages


def peer(job: str, *arguments: str) -> Peer:
    """Run a job of :mod:`bench.paired.peer_jobs`.

    :raises SkippedError: where there is no environment, it has not the program, or that fails.
    """
    python = os.environ.get(VARIABLE)
    if not python:
        raise SkippedError(f"{VARIABLE} names no Python that has {job} (bench/paired/peers.py)")
    command = [python, "-I", str(_JOBS), job, *arguments]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SkippedError(f"{job} did not run: {error}") from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no word"])[-1]
        raise SkippedError(f"{job} did not run: {last}") from error
    return Peer(**json.loads(ended.stdout.splitlines()[-1]))


def crawl(rounds: int) -> Iterator[Figure]:
    """advertools.crawl from an index page, beside the whole ``competitors`` crawl of the same
    pages, which also archives them and stores them in a database.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        hosts = lay_out(root, sites=SITES)
        count = len(companies())
        for name, shown in (("all.html", count), ("some.html", _SOME)):
            links = "".join(f'<li><a href="/p/{n}.html">Page {n}</a>' for n in range(shown))
            index = f"<!doctype html><title>All</title><ul>{links}</ul>"
            (root / HOST / name).write_text(index, encoding="utf-8")
        with served(root) as port:
            for number in range(rounds):
                theirs = peer("advertools", f"http://{HOST}:{port}", "some.html")
                home = Path(folder) / f"home{number}"
                with market(home, hosts, port, delay=0.0):
                    full = crawled("full", home, port, pages=0, files=0)
                ours = 1000 * full.cpu / (full.pages - len(hosts))  # home pages are but lists
                yield Figure(
                    value=theirs.each / ours,
                    parts=f"{theirs.each:.1f} ms / {ours:.1f} ms of CPU a page, {theirs.pages} and "
                    f"{full.pages - len(hosts)} {source()}; {theirs.versions}",
                )


def main_text(rounds: int) -> Iterator[Figure]:
    """trafilatura's main text and metadata, beside all that we read of a company page."""
    return _reading("trafilatura", companies(), _company, rounds)


def forum(rounds: int) -> Iterator[Figure]:
    """forumscraper's reading of phpBB topics of twenty posts, beside ours."""
    return _reading("forumscraper", made_topics(), _topic, rounds)


def _company(url: str, body: bytes) -> int:
    read_page(Document(url, body))
    return 0


def _topic(url: str, body: bytes) -> int:
    return len(read_forum(Document(url, body), engine="phpbb", timezone="UTC").posts)


def _reading(
    job: str, pages: Pages, read: Callable[[str, bytes], int], rounds: int
) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, (url, body) in enumerate(pages):
            (Path(folder) / f"{number}.html").write_bytes(body)
            names.append((url, f"{number}.html"))
        (Path(folder) / "pages.json").write_text(json.dumps(names), encoding="utf-8")
        for url, body in pages[:10]:
            read(url, body)
        for _ in range(rounds):
            theirs = peer(job, folder)
            began = time.process_time()
            posts = sum(read(url, body) for url, body in pages)
            ours = 1000 * (time.process_time() - began) / len(pages)
            counted = f", posts read {theirs.posts} and {posts}" if theirs.posts or posts else ""
            yield Figure(
                value=theirs.each / ours,
                parts=f"{theirs.each:.2f} ms / {ours:.2f} ms a page, {len(pages)} pages{counted}; "
                f"{theirs.versions}",
            )

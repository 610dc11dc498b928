"""What another program does with the same pages, in its own environment: run by its Python as
``python -I peer_jobs.py JOB ARGUMENT...``; imports nothing of ours. Prints one line of JSON: pages
that were read, seconds of CPU of all and of start-up, and versions.
"""

import itertools
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

Found = dict[str, Any]


def advertools(address: str, some: str) -> Found:
    """Crawl the pages an index leads to, and those of a shorter index to know what starting costs.

    It runs Scrapy as a process of its own, so the CPU time is that of the children.
    """
    crawl = import_module("advertools").crawl
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    settings = {
        "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    spent, read = [], []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name in (some, "all.html"):
            before = _children()
            crawl(
                f"{address}/{name}", f"{name}.jl", follow_links=True,
                allowed_domains=["127.0.0.1"], custom_settings=settings,
            )  # fmt: skip
            spent.append(_children() - before)
            rows = [json.loads(row) for row in Path(f"{name}.jl").read_text("utf-8").splitlines()]
            read.append(sum(row.get("status") == 200 and "/p/" in row["url"] for row in rows))
    few, many = read
    return {"pages": many - few, "cpu": spent[1] - spent[0], **_versions("advertools", "scrapy")}


def trafilatura(folder: str) -> Found:
    """Main text and metadata of each page."""
    extract = import_module("trafilatura").extract

    def read(url: str, body: bytes) -> int:
        extract(body, url=url, output_format="json", with_metadata=True)
        return 0

    return {**_timed(folder, read), **_versions("trafilatura")}


def forumscraper(folder: str) -> Found:
    """Title and posts of each topic."""
    if not hasattr(itertools, "batched"):  # it asks for Python 3.12, though it says 3.8
        itertools.batched = _batched  # type: ignore[attr-defined,unused-ignore]
    scraper = import_module("forumscraper")
    reader = scraper.phpbb(
        output=scraper.Outputs.data | scraper.Outputs.threads, thread_pages_max=1, force=True
    )

    def read(url: str, body: bytes) -> int:
        found = reader.get_thread(url, body.decode())["data"]["threads"]
        posts = itertools.chain.from_iterable(thread["posts"] for thread in found)
        return sum(bool(post["content"] and post["user"]) for post in posts)

    return {**_timed(folder, read), **_versions("forumscraper", "reliq")}


def _timed(folder: str, read: Callable[[str, bytes], int]) -> Found:
    """Some pages to warm up, then all by the clock."""
    pages = json.loads((Path(folder) / "pages.json").read_text("utf-8"))
    bodies = [(url, (Path(folder) / name).read_bytes()) for url, name in pages]
    for url, body in bodies[:10]:
        read(url, body)
    began = time.process_time()
    posts = sum(read(url, body) for url, body in bodies)
    spent = time.process_time() - began
    return {"pages": len(bodies), "cpu": spent, "posts": posts}


def _batched(items: Iterable[Any], size: int) -> Iterable[tuple[Any, ...]]:
    left = iter(items)
    while part := tuple(itertools.islice(left, size)):
        yield part


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _versions(*names: str) -> Found:
    return {"versions": ", ".join(f"{name} {version(name)}" for name in names)}


JOBS = {"advertools": advertools, "trafilatura": trafilatura, "forumscraper": forumscraper}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](*sys.argv[2:])))

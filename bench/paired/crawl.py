"""One timed crawl in a process of its own: ``python -m bench.paired.crawl MODE PORT PAGES``.

``default`` and ``ours`` ask for so many pages of one host with an empty callback, by Scrapy's
default settings and by ours; ``full`` runs our ``competitors`` spider over the market ``speed`` of
``RIVALMAP_HOME``. Prints a line of JSON: pages, seconds of CPU and on the clock from the spider's
opening to its end, the highest memory, and the memory after each thousand pages.
"""

import json
import logging
import os
import resource
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings

HOST = "127.0.0.1"
AT_ONCE = 8
"""Requests of one host at a time: Scrapy's default, given to both sides."""

_NEED_A_MARKET = {
    "DOWNLOADER_MIDDLEWARES": ("crawlers.archive.ArchiveMiddleware",),
    "EXTENSIONS": (
        "crawlers.extensions.run_record.RunRecord", "crawlers.extensions.progress.Progress",
    ),
}  # fmt: skip


class Empty(Spider):
    """Asks for pages and reads nothing."""

    name = "empty"

    async def start(self) -> AsyncIterator[Request]:
        """So many requests, over the files there are."""
        files = int(self.settings["SPEED_FILES"])
        for number in range(int(self.settings["SPEED_PAGES"])):
            url = f"http://{HOST}:{self.settings['SPEED_PORT']}/p/{number % files}.html?{number}"
            yield Request(url, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Nothing."""


class Clock:
    """Counts pages and times the crawl."""

    def __init__(self) -> None:
        self.pages = 0
        self.wall = self.cpu = 0.0
        self.samples: list[tuple[int, float]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawl."""
        clock = cls()
        crawler.signals.connect(clock.opened, signal=signals.spider_opened)
        crawler.signals.connect(clock.received, signal=signals.response_received)
        crawler.signals.connect(clock.closed, signal=signals.spider_closed)
        return clock

    def opened(self) -> None:
        """Begin."""
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def received(self, response: Response) -> None:
        """A page; robots.txt is none."""
        if response.status not in (200, 304) or response.url.endswith("/robots.txt"):
            return
        self.pages += 1
        if self.pages % 1000 == 0:
            self.samples.append((self.pages, _memory()))

    def closed(self) -> None:
        """Say what it took."""
        print(json.dumps({
            "pages": self.pages,
            "cpu": time.process_time() - self.cpu,
            "wall": time.perf_counter() - self.wall,
            "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "samples": self.samples,
        }), flush=True)  # fmt: skip


def _memory() -> float:
    """MB held now; the highest so far where the machine does not tell."""
    try:
        held = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return held * resource.getpagesize() / 2**20


def settings_of(mode: str) -> Settings:
    """Of a crawl in a mode."""
    settings = Settings()
    if mode != "default":
        settings.setmodule("crawlers.settings", priority="project")
        settings.set("RIVALMAP_ALLOW_PRIVATE", True)  # resolvers are made before spiders
    if mode == "ours":
        settings.set("ITEM_PIPELINES", {})
        for name, paths in _NEED_A_MARKET.items():
            settings.set(name, {**settings.getdict(name), **dict.fromkeys(paths)})
    if mode != "full":
        settings.set("DOWNLOAD_DELAY", 0)
        settings.set("RIVALMAP_DELAY", 0)
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", AT_ONCE)
    return settings


def main(mode: str, port: str, pages: str, files: str) -> None:
    """Crawl once."""
    core = os.environ.get("SPEED_CORE")
    if core and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})
    settings = settings_of(mode)
    settings.set("EXTENSIONS", {**settings.getdict("EXTENSIONS"), Clock: 0})
    for name, value in (("PORT", port), ("PAGES", pages), ("FILES", files)):
        settings.set(f"SPEED_{name}", value)
    process = CrawlerProcess(settings)
    if mode == "full":
        process.crawl("competitors", market="speed")
    else:
        process.crawl(Empty)
    process.start()
    logging.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])

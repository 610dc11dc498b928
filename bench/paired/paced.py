"""One crawl at its sites' own pace: ``python -m bench.paired.paced MODE PORT SITES PAGES``.

``fetch`` asks for the pages with an empty callback and our settings, of each site the next when the
last has come, as our loops do; ``full`` runs our ``competitors`` spider over the market ``speed``
of ``RIVALMAP_HOME``. Prints a line of JSON about the steady part: from when every site has sent a
page beside its home until the first site has sent its last.
"""

import json
import logging
import multiprocessing
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response
from twisted.internet.task import LoopingCall

from bench.paired.crawl import settings_of
from crawlers import downloading
from crawlers.pace import Pace

DELAY = 1.0
"""Seconds between two requests to a site: a request a second is allowed."""
_SAMPLE_SECONDS = 0.5


def host_of(site: int) -> str:
    """A site's name."""
    return f"s{site}.localhost"


class Paced(Spider):
    """Asks each site for its home and its pages, one after the other, and reads nothing."""

    name = "paced"

    async def start(self) -> AsyncIterator[Request]:
        """Every site's home."""
        for site in range(int(self.settings["SPEED_SITES"])):
            yield self._request(site, 0)

    def parse(self, response: Response) -> Iterator[Request]:
        """The site's next page."""
        site, number = response.meta["at"]
        if number < int(self.settings["SPEED_PAGES"]):
            yield self._request(site, number + 1)

    def _request(self, site: int, number: int) -> Request:
        path = f"p/{number - 1}.html" if number else ""
        url = f"http://{host_of(site)}:{self.settings['SPEED_PORT']}/{path}"
        meta = {"at": (site, number), "download_slot": host_of(site)}
        return Request(url, dont_filter=True, meta=meta)


class TimedPace(Pace):
    """Notes how long the answers take: the pause is counted from their end."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[tuple[float, float]] = []

    @asynccontextmanager
    async def turn(self, site: str, delay: float) -> AsyncIterator[None]:
        """As the crawl's own."""
        async with super().turn(site, delay):
            began = time.monotonic()
            try:
                yield
            finally:
                ended = time.monotonic()
                self.answers.append((ended, ended - began))


class Watch:
    """Notes when pages came and what CPU was taken meanwhile."""

    def __init__(self) -> None:
        self.came: dict[str, list[float]] = {}
        self.samples: list[tuple[float, float, float]] = []
        self._of_readers: dict[int, float] = {}
        self._sampling = LoopingCall(self.sample)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawl."""
        watch = cls()
        crawler.signals.connect(watch.opened, signal=signals.spider_opened)
        crawler.signals.connect(watch.received, signal=signals.response_received)
        crawler.signals.connect(watch.closed, signal=signals.spider_closed)
        return watch

    def opened(self) -> None:
        """Begin."""
        self._sampling.start(_SAMPLE_SECONDS)

    def received(self, response: Response) -> None:
        """A page; robots.txt is none."""
        if response.status == 200:
            host = response.url.split("/")[2]
            self.came.setdefault(host, []).append(time.monotonic())

    def sample(self) -> None:
        """This process's CPU and that of its readers so far."""
        for child in multiprocessing.active_children():
            if child.pid is not None and (spent := _cpu_of(child.pid)) is not None:
                self._of_readers[child.pid] = spent
        readers = sum(self._of_readers.values())
        self.samples.append((time.monotonic(), time.process_time(), readers))

    def closed(self) -> None:
        """Say what it came to."""
        self.sample()
        self._sampling.stop()
        began = max(times[1] for times in self.came.values())
        ended = min(times[-1] for times in self.came.values())
        steady = [[at for at in times if began <= at <= ended] for times in self.came.values()]
        first, last = self._at(began), self._at(ended)
        pace: Any = downloading.pace
        answers = [seconds for at, seconds in pace.answers if began <= at <= ended]
        print(json.dumps({
            "seconds": ended - began,
            # Of each site by its own first and last page there: a site's phase is no loss.
            "rate": sum((len(s) - 1) / (s[-1] - s[0]) for s in steady if len(s) > 1),
            "answer": sum(answers) / max(len(answers), 1),
            "own": (last[1] - first[1]) / max(ended - began, 1e-9),
            "readers": (last[2] - first[2]) / max(ended - began, 1e-9),
            "mb": _highest_mb(),
        }), flush=True)  # fmt: skip

    def _at(self, moment: float) -> tuple[float, float, float]:
        return min(self.samples, key=lambda sample: abs(sample[0] - moment))


def _cpu_of(process: int) -> float | None:
    """Seconds of CPU of a process, by what Linux tells."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _highest_mb() -> float:
    """Of this process; what `getrusage` says begins with that of who started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main(mode: str, port: str, sites: str, pages: str) -> None:
    """Crawl once."""
    downloading.pace = TimedPace()
    settings = settings_of("full" if mode == "full" else "ours")
    for name, value in (("PORT", port), ("SITES", sites), ("PAGES", pages)):
        settings.set(f"SPEED_{name}", value)
    settings.set("EXTENSIONS", {**settings.getdict("EXTENSIONS"), Watch: 0})
    if mode == "full":
        if "RIVALMAP_READERS" in os.environ:
            settings.set("RIVALMAP_READERS", os.environ["RIVALMAP_READERS"])
    else:
        settings.set("RIVALMAP_DELAY", DELAY)
        settings.set("DOWNLOAD_DELAY", DELAY)
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", 1)
    process: Any = CrawlerProcess(settings)
    if mode == "full":
        process.crawl("competitors", market="speed")
    else:
        process.crawl(Paced)
    process.start()
    logging.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])

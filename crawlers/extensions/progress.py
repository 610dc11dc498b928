"""Progress of a crawl: bars with counts and time left on a terminal, plain lines when piped."""

import sys
from time import monotonic
from typing import Any, Self, TextIO

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

_LINE_SECONDS = 15.0  # between plain lines
_BAR_SECONDS = 0.2

_board: Any = None
"""The terminal's one board; spiders of one process share it."""


def _shared_board() -> Any:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    global _board  # noqa: PLW0603 - a terminal is one
    if _board is None:
        from rich.console import Console

        _board = Progress(
            TextColumn("{task.description:<12}"), BarColumn(bar_width=None),
            TextColumn("{task.fields[counts]}"), TimeRemainingColumn(),
            console=Console(stderr=True), refresh_per_second=4,
        )  # fmt: skip
        _board.start()
    return _board


def stop_board() -> None:
    """Take the board down, so that what is printed next stands below it."""
    global _board  # noqa: PLW0603
    if _board is not None:
        _board.stop()
        _board = None


class Progress:
    """Shows how far a spider is; setting ``RIVALMAP_PROGRESS`` turns it on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._task: Any = None
        self._shown = 0.0
        self._started = monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to items.

        :raises NotConfigured: where progress is off.
        """
        if not crawler.settings.getbool("RIVALMAP_PROGRESS"):
            raise NotConfigured
        extension = cls(sys.stderr)
        for method, signal in (
            (extension.opened, signals.spider_opened),
            (extension.stepped, signals.item_scraped),
            (extension.closed, signals.spider_closed),
        ):
            crawler.signals.connect(method, signal=signal)
        return extension

    def opened(self, spider: Spider) -> None:
        """Put up the spider's bar."""
        if self._terminal:
            self._task = _shared_board().add_task(spider.name, total=None, counts="starting")
        else:
            resumed = " (going on with a run that was cut off)" if spider.state.resumed else ""  # type: ignore[attr-defined]
            self._line(f"{spider.name}: started{resumed}")

    def stepped(self, spider: Spider) -> None:
        """Show the counts, not more often than an eye can read."""
        now = monotonic()
        if now - self._shown < (_BAR_SECONDS if self._terminal else _LINE_SECONDS):
            return
        self._shown = now
        done, waiting, counts = self._counts(spider)
        if self._task is not None:
            _shared_board().update(self._task, completed=done, total=done + waiting, counts=counts)
        else:
            left = (now - self._started) / done * waiting if done else 0.0
            self._line(f"{spider.name}: {counts}, about {left:.0f} s left")

    def closed(self, spider: Spider, reason: str) -> None:
        """The last word."""
        done, _, counts = self._counts(spider)
        if self._task is not None:
            _shared_board().update(self._task, completed=done, total=done, counts=counts)
        else:
            self._line(f"{spider.name}: {counts}, {reason}")

    @staticmethod
    def _counts(spider: Any) -> tuple[int, int, str]:
        sources = list(spider.by_id.values())
        reports = [source.report for source in sources]
        pages = sum(r.pages + r.unchanged for r in reports)
        posts = sum(r.posts for r in reports)
        failures = sum(r.failures for r in reports)
        waiting = sum(
            min(len(s.queue), s.queue.budget - s.queue.taken) for s in sources if not s.closed
        )
        words = [f"{pages} pages"]
        if posts:
            words.append(f"{posts} posts")
        if failures:
            words.append(f"{failures} failed")
        return sum(s.queue.taken for s in sources), max(waiting, 0), ", ".join(words)

    def _line(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()

"""Crawling a live forum with the real command: what it asked for, stored, and cost."""

import os
import resource
import signal
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from pipelines.redact import pseudonym
from tests.live.servers import SCRIPTS, LiveForum, Said
from tests.live.shop_talk import letters

MARKET = """
[business]
name = "Hatchcart"
description = "Online shop builder and point of sale for small shops"

[[competitor]]
name = "Sapo"

[[competitor]]
name = "KiotViet"

[[forum]]
url = "{url}"
name = "{engine}"
{more}

[crawl]
delay = 0
allow_private = true
pages_per_forum = 100000
"""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One ``scrapy research``: how it ended, what the forum's server was asked for, its cost."""

    returncode: int
    stderr: str
    asked: list[str]
    seconds: float
    cpu: float


class Researcher:
    """A home folder with one market that reads one live forum.

    ``more`` is lines of the forum's entry in the market file; its zone stands there unless it is
    left to be learnt.
    """

    def __init__(self, home: Path, forum: LiveForum, *, more: str = "", zone: bool = True) -> None:
        self.home, self.forum = home, forum
        (home / "markets").mkdir(parents=True)
        if zone:
            more += f'\ntimezone = "{forum.zone}"'
        text = MARKET.format(url=forum.url, engine=forum.engine, more=more)
        (home / "markets" / "live.toml").write_text(text, encoding="utf-8")

    @property
    def database(self) -> Path:
        return self.home / "data" / "live" / "market.db"

    def research(self, timeout: float = 300) -> Run:
        """Run to the end."""
        before, start, cpu = len(self.forum.asked()), time.monotonic(), _cpu_of_children()
        done = subprocess.run(
            self._command(), cwd=self.home, env=self._environment(), capture_output=True, text=True,
            timeout=timeout, check=False,
        )  # fmt: skip
        return Run(
            returncode=done.returncode,
            stderr=done.stderr,
            asked=self.forum.asked()[before:],
            seconds=time.monotonic() - start,
            cpu=_cpu_of_children() - cpu,
        )

    def killed_after(self, requests: int) -> list[str]:
        """Run until the server was asked so often, then ``kill -9``; what was asked for."""
        before = len(self.forum.asked())
        process = subprocess.Popen(
            self._command(), cwd=self.home, env=self._environment(), stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 120
        while len(self.forum.asked()) - before < requests and process.poll() is None:
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            raise RuntimeError("the run ended before it was killed")
        return self.forum.asked()[before:]

    def posts(self) -> dict[str, Said]:
        """What is stored, by the forum's own number of each post."""
        sql = "SELECT engine_id, author, posted_at, text FROM posts"
        return {
            id_: Said(author=author, minute=(when or "")[:16], words=letters(text))
            for id_, author, when, text in self.rows(sql)
        }  # fmt: skip

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def expected(self, truth: dict[str, Said]) -> dict[str, Said]:
        """The truth as this market must hold it: authors under their pseudonyms."""
        salt = (self.database.parent / "salt").read_bytes()
        return {
            id_: Said(author=pseudonym(said.author, salt), minute=said.minute, words=said.words)
            for id_, said in truth.items()
        }  # fmt: skip

    @staticmethod
    def _command() -> list[str]:
        return [str(SCRIPTS / "scrapy"), "research", "live", "--quiet"]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "RIVALMAP_HOME": str(self.home)}


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

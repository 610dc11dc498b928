"""What a core does in a second, what a page weighs, and what more processes bring.

    [RIVALMAP_MEASURE_DATA=...] python -m bench scale [--posts 20000] [--workers 2] [--whole]
        [--keep FOLDER]

Builds a market (bench/scale_market.py) in a temporary folder by the crawl's own steps, each timed
by itself in CPU seconds of one core, weighs the files, then runs `scrapy refresh` over copies of it
with one process and with several, until all pages and posts are read (with ``--whole`` to its end).
docs/scale.md reckons from these figures.
"""

import argparse
import os
import resource
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from analysis.passes import companies, demand, discovery, promotion, summaries, tiers
from analysis.refreshing import refresh
from analysis.rereading import PagesPart, Stored, read_pages, read_posts, rules_mark
from analysis.workers import ALONE, Workers
from bench.scale_market import (
    A_PAGE,
    NAME,
    Answered,
    Archive,
    company_pages,
    forum_pages,
    market_toml,
)
from crawlers.market import load_market
from pipelines.redact import Redact, read_salt
from pipelines.storage.database import DATABASE_NAME, open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.times import now_text
from pipelines.storage.writer import Writer

_BATCH = 50


class Clock:
    """CPU seconds by what they went into."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    def run(self, what: str, work: Callable[[], Any]) -> Any:
        """Do it; count its CPU time."""
        began = time.process_time()
        try:
            return work()
        finally:
            self.spent[what] += time.process_time() - began


class Timed:
    """A crew of one that counts the reading of posts apart from the writing."""

    shares_files = True

    def __init__(self, clock: Clock, what: str) -> None:
        self._clock, self._what = clock, what

    def each(self, work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """As :class:`analysis.workers.Alone` does."""
        for part in parts:
            yield part, self._clock.run(self._what, lambda part=part: work(part))


class Build:
    """A market of a folder, filled step by step."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self.folder, self.clock = home / "data" / NAME, clock
        (home / "markets").mkdir()
        file = home / "markets" / f"{NAME}.toml"
        file.write_text(market_toml(), encoding="utf-8")
        self.market = load_market(file)
        settings = Settings()
        settings.setmodule("crawlers.settings")
        self.archive = Archive(self.folder, settings)
        self.connection = open_database(self.folder / DATABASE_NAME)
        with transaction(self.connection):
            load_market_rows(self.connection, self.market)
            run = self.connection.execute(
                "INSERT INTO runs (spider, status, started_at) VALUES ('scale', 'running', ?)",
                (now_text(),),
            ).lastrowid
        self.redact = Redact(read_salt(self.folder))
        self.writer = Writer(
            self.connection, run, batch_items=_BATCH, batch_seconds=3600, folder=self.folder
        )

    def add(self, what: str, answers: Iterable[Answered]) -> tuple[int, int]:
        """Archive, read and store these; how many, and bytes of their bodies."""
        count = size = 0
        batch: list[Answered] = []
        for answered in answers:
            count, size = count + 1, size + len(answered.body)
            batch.append(answered)
            if len(batch) == _BATCH:
                self._add(what, batch)
                batch = []
        self._add(what, batch)
        self.clock.run(f"store {what}", self.writer.flush)
        return count, size

    def _add(self, what: str, batch: list[Answered]) -> None:
        run = self.clock.run
        places = run(f"archive {what}", lambda: [self.archive.add(one) for one in batch])
        part = PagesPart(
            rules=rules_mark(), folder=self.folder,
            pages=tuple(_stored(one, *place) for one, place in zip(batch, places, strict=True)),
        )  # fmt: skip
        items = [item for item in run(f"read {what}", lambda: read_pages(part)) if item]
        items = run(f"redact {what}", lambda: [self.redact.process_item(item) for item in items])
        for item in items:
            run(f"store {what}", lambda item=item: self.writer.add(item))

    def passes(self) -> None:
        """As :func:`analysis.passes.run_passes` has them, one by one."""
        connection, market, run = self.connection, self.market, self.clock.run
        discovery.decide_statuses(connection)
        run("companies", lambda: companies.run(connection))
        timed = Timed(self.clock, "demand: read")
        run("demand", lambda: demand.run(connection, market, crew=timed))
        self.clock.spent["demand: write"] = (
            self.clock.spent.pop("demand") - self.clock.spent["demand: read"]
        )
        run("promotion", lambda: promotion.run(connection))
        run("discovery", lambda: discovery.run(connection, market))
        run("tiers", lambda: tiers.run(connection, market))
        run("summaries", lambda: summaries.run(connection))

    def weigh(self) -> tuple[int, int]:
        """Bytes of the database and of the archive."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        files = self.folder.glob("archive/*")
        return (self.folder / DATABASE_NAME).stat().st_size, sum(f.stat().st_size for f in files)

    def close(self) -> None:
        self.archive.close()
        self.connection.close()


def _stored(answered: Answered, file: str, offset: int) -> Stored:
    target = answered.target
    return Stored(
        role=target.role, url=target.url, source=target.source,
        engine="phpbb" if target.role == "topic" else None, timezone="UTC", meta=target.meta,
        status=200, body_hash="", etag=None, last_modified=None, archive_file=file,
        archive_offset=offset,
    )  # fmt: skip


class _ReadError(Exception):
    """All pages and posts are read: what follows is not handed out."""


class Watched:
    """A crew with the wall time of its work, and what of it the writing process spent in CPU."""

    def __init__(self, crew: Any, *, whole: bool) -> None:
        self._crew, self.shares_files, self._whole = crew, crew.shares_files, whole
        self.wall = self.writer = 0.0

    def each(self, work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """As the crew does it; until the last part is stored."""
        wall, own = time.perf_counter(), time.process_time()
        yield from self._crew.each(work, parts)
        self.wall += time.perf_counter() - wall
        self.writer += time.process_time() - own
        if work is read_posts and not self._whole:
            raise _ReadError


def refreshed(home: Path, workers: int, *, whole: bool) -> tuple[float, float, float]:
    """Print the cost of a refresh of a copy by so many processes, and how far one writer could
    go; its wall seconds, those in which pages and posts were read, and CPU seconds of all.
    """
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy)
        os.environ["RIVALMAP_HOME"] = str(copy)
        market = load_market(copy / "markets" / f"{NAME}.toml")
        before, began = _cpu(), time.perf_counter()
        with Workers(workers) if workers > 1 else nullcontext(ALONE) as crew:
            watched = Watched(crew, whole=whole)
            with suppress(_ReadError):
                refresh(market, crew=watched)
        wall, cpu = time.perf_counter() - began, _cpu() - before
    what = "refresh" if whole else "refresh until all is read"
    print(
        f"{what}, --workers {workers}: {wall:.1f} s, {cpu:.1f} s of CPU; reading and storing "
        f"{watched.wall:.1f} s, of it CPU of the process that writes {watched.writer:.1f} s",
        flush=True,
    )
    return wall, watched.wall, watched.writer


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, kinds))


def line(what: str, spent: float, count: int, of: str) -> None:
    """A row of the table: milliseconds each, and how many a second."""
    print(f"{what:34} {1000 * spent / count:9.3f} ms {count / spent:10,.0f} {of} a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="the market's folder: built where missing")
    parser.add_argument("--whole", action="store_true", help="refresh to the end of all passes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.keep or Path(folder) / "home"
        if not home.exists():
            home.mkdir()
            measure(home, options.posts)
        compare(home, options.workers, whole=options.whole)


def measure(home: Path, wanted: int) -> None:
    clock = Clock()
    build = Build(home, clock)
    empty, _ = build.weigh()
    pages, sent = build.add("company page", company_pages())
    of_pages, archived = build.weigh()
    topics, sent_topics = build.add("forum page", forum_pages(wanted))
    posts = build.connection.execute("SELECT count(*) FROM posts").fetchone()[0]
    letters = build.connection.execute("SELECT sum(length(text)) FROM posts").fetchone()[0]
    of_posts, archived_all = build.weigh()
    build.passes()
    of_all, _ = build.weigh()
    build.close()
    print(
        f"{pages} company pages (mean {sent / pages / 1000:.0f} KB), {topics} forum pages of "
        f"{A_PAGE} posts ({sent_topics / topics / 1000:.0f} KB), {posts:,} posts of "
        f"{letters / posts:.0f} characters; one core, CPU:"
    )
    for what in ("read", "archive", "redact", "store"):
        line(f"{what} a company page", clock.spent[f"{what} company page"], pages, "pages")
    for what in ("read", "archive", "redact", "store"):
        line(f"{what} a forum page", clock.spent[f"{what} forum page"], topics, "pages")
    line("store a post (of the above)", clock.spent["store forum page"], A_PAGE * topics, "posts")
    for what in ("demand: read", "demand: write", "promotion", "discovery", "summaries"):
        line(f"{what}, a post", clock.spent[what], posts, "posts")
    for what in ("companies", "tiers"):
        print(f"{what:34} {clock.spent[what]:9.2f} s for all")
    print(
        f"bytes: company page {(of_pages - empty) / pages:,.0f} in the database, "
        f"{archived / pages:,.0f} in the archive; post {(of_posts - of_pages) / posts:,.0f} as "
        f"fetched, {(of_all - of_posts) / posts:,.0f} more for what is read in it, "
        f"{(archived_all - archived) / posts:,.0f} in the archive"
    )
    print(f"memory of this process at most: {_peak():,.0f} MB", flush=True)


def compare(home: Path, workers: int, *, whole: bool) -> None:
    """One process and several over the same market."""
    alone, reading, _ = refreshed(home, 1, whole=whole)
    many, reading_many, writer = refreshed(home, workers, whole=whole)
    print(
        f"{alone / many:.2f} times as fast, {reading / reading_many:.2f} times in reading and "
        f"storing, on {os.cpu_count()} cores; by its CPU one writer keeps up with "
        f"{reading / writer:.0f} readers"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

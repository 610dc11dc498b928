"""A run over several machines, from the side of who began it: puts the stages up, writes, judges.

``scrapy research NAME --redis URL`` crawls nothing itself. It fills the shared frontier, is the one
writer of the market's database, waits for the workers (:mod:`analysis.working`), and goes on with
the passes as a run on one machine does.
"""

import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from time import monotonic, sleep
from typing import Any

from redis.exceptions import RedisError
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from analysis.crawling import CrawlResult, Job
from analysis.crawling import Stage as StageOf
from analysis.lock import LockedError
from analysis.pen import WAIT_SECONDS, gone, patiently, pen
from analysis.stopping import Stopped, hearing
from crawlers.base.lists import QUICK_LOOKS
from crawlers.cluster.connection import require_redis
from crawlers.cluster.keys import MarketKeys
from crawlers.cluster.stage import Stage, StageJob
from crawlers.market import Market, data_dir
from crawlers.sources import joined, rows_named
from crawlers.state import SourceReport
from pipelines.cluster.intake import Intake
from pipelines.cluster.keeping import Keeping
from pipelines.cluster.putting_up import Running, clear, put_up, running
from pipelines.storage.crawl_state import SqliteCrawlState

logger = logging.getLogger(__name__)

_OVER_SECONDS = 60
_FIRST_HINT_SECONDS, _HINT_SECONDS = 5.0, 60.0


class ClusterCrawl:
    """Crawls stage after stage, as :func:`analysis.crawling.crawl` does, with workers elsewhere."""

    def __init__(self, url: str, *, say: Callable[[str], None] = lambda text: None) -> None:
        self._url = url
        self._say = say

    def __call__(
        self,
        market: Market,
        stages: Sequence[StageOf],
        settings: Settings,
        *,
        every: tuple[float, Callable[[], None]] | None = None,
    ) -> CrawlResult:
        """Run the stages; what is left on Redis at the end is removed.

        :param every: (seconds, function) to call in a thread while the crawl goes on.
        :raises RedisAddressError: where Redis cannot be had, or does not come back.
        :raises LockedError: where another machine writes this market.
        :raises DatabaseError: where the storage could not be written.
        """
        server = require_redis(self._url)
        keys = MarketKeys(market.name)
        reports: list[tuple[str, SourceReport]] = []
        broken, complete, began = False, True, monotonic()
        requests = market.crawl.request_budget
        patience = settings.getfloat("RIVALMAP_REDIS_PATIENCE")
        stop = threading.Event()
        with pen(server, keys) as lost, hearing(stop.set, _end), _repeated(every):
            for stage in stages:
                budget = market.crawl.time_budget
                left = budget - (monotonic() - began) if budget else None
                if stop.is_set() or (left is not None and left <= 0):
                    complete = False
                    break
                jobs = stage()
                if not jobs:
                    continue
                if requests is not None and requests <= 0:
                    complete = False
                    break
                run = _StageRun(
                    server, keys, market, jobs, settings,
                    say=self._say, stop=stop, lost=lost, budget=requests,
                )  # fmt: skip
                found = run.run(left)
                if requests is not None:
                    requests -= run.requests
                reports += found.reports
                broken, complete = broken or found.broken, complete and found.complete
                if run.deserted:
                    break
            patiently(lambda: clear(server, keys), patience)
            patiently(lambda: server.set(keys.over, "1", ex=_OVER_SECONDS), patience)
        return CrawlResult(
            reports=tuple(reports),
            broken=broken,
            complete=complete and not stop.is_set(),
            stopped=stop.is_set(),
        )


class _StageRun:
    """One stage: put up, written down, judged."""

    def __init__(
        self,
        server: Any,
        keys: MarketKeys,
        market: Market,
        jobs: Sequence[Job],
        settings: Settings,
        *,
        say: Callable[[str], None],
        stop: threading.Event,
        lost: threading.Event,
        budget: int | None,
    ) -> None:
        self._server, self._keys, self._market = server, keys, market
        self._say, self._stop, self._lost = say, stop, lost
        self._patience = settings.getfloat("RIVALMAP_REDIS_PATIENCE")
        self._grace = 2 * settings.getfloat("RIVALMAP_LEASE_SECONDS") + settings.getfloat(
            "DOWNLOAD_TIMEOUT"
        )
        self._folder = data_dir(market.name)
        self._running: dict[str, Running] = {}
        self._archives: dict[str, Keeping] = {}
        settings.set("RIVALMAP_DATA_DIR", str(self._folder), priority="cmdline")
        loader = get_spider_loader(settings)
        for job in jobs:
            wanted = market
            if job.arguments.get("sources"):
                wanted = joined(market, rows_named(market, job.arguments["sources"].split(",")))
            state = SqliteCrawlState.open(wanted, self._folder, job.spider)
            kind: Any = loader.load(job.spider)
            self._running[job.spider] = described = running(kind, wanted, state)
            self._archives[job.spider] = Keeping(
                settings, job.spider, wanted, described.sources,
                chosen=job.arguments.get("sources", ""),
            )  # fmt: skip
        self._stage = self._as_stage(jobs, budget)
        self._intake: Intake | None = None
        self._mended = True
        self._worker_patience = settings.getfloat("RIVALMAP_WORKER_PATIENCE")
        self.deserted = False
        """Whether no worker came, or came back, in time."""
        self.requests = 0
        """How many targets were asked for, known at the end."""

    def _as_stage(self, jobs: Sequence[Job], budget: int | None) -> Stage:
        described = []
        for job in jobs:
            state = self._running[job.spider].state
            described.append(
                StageJob(
                    spider=job.spider,
                    run=state.run_id,
                    arguments=dict(job.arguments),
                    accepted=_rows(state.accepted()),
                    candidates=_rows(state.candidates(QUICK_LOOKS)),
                    unseen=_rows(state.candidates(QUICK_LOOKS, unseen=True)),
                )
            )
        return Stage(
            id=secrets.token_hex(8), digest=self._market.digest, version=version("rivalmap"),
            jobs=tuple(described), budget=budget,
        )  # fmt: skip

    def run(self, seconds: float | None) -> CrawlResult:
        """Write what comes until nothing is left.

        :param seconds: time left of the run's budget; ``None``: none is set.
        """
        try:
            for archive in self._archives.values():
                archive.open()
            return self._until_the_end(seconds)
        finally:
            for archive in self._archives.values():
                archive.abandon()

    def _until_the_end(self, seconds: float | None) -> CrawlResult:
        end = monotonic() + seconds if seconds is not None else None
        stopped_at: float | None = None
        away_since: float | None = None
        alone_since: float | None = None
        hint_at = monotonic() + _FIRST_HINT_SECONDS
        while True:
            try:
                self._stand()
                late = end is not None and monotonic() > end
                if stopped_at is None and (late or self._stop.is_set()):
                    stopped_at = monotonic()
                    self._wind_up()
                through = not self._open_sites()  # asked first: their last items come after
                written = self._write()
                workers = self._workers()
                if not written and through and not self._server.xlen(self._names.items):
                    break
                if (
                    not written
                    and stopped_at is not None
                    and (not workers or monotonic() - stopped_at > self._grace)
                ):
                    break
                if workers or through:
                    alone_since = None
                elif alone_since is None:
                    alone_since = monotonic()
                elif stopped_at is None and monotonic() - alone_since > self._worker_patience:
                    self._give_up()
                    stopped_at = monotonic()
                    continue
                if not workers and not through and monotonic() > hint_at:
                    hint_at = monotonic() + _HINT_SECONDS
                    self._say(f"waiting for workers: scrapy work {self._market.name} --redis ...")
                away_since = None
            except RedisError as error:
                away_since = away_since or monotonic()
                if monotonic() - away_since > self._patience:
                    raise gone(error, self._patience) from None
                sleep(WAIT_SECONDS)
                self._mended = False
        return self._end(stopped=stopped_at is not None)

    @property
    def _names(self) -> Any:
        return self._keys.of_stage(self._stage.id)

    def _stand(self) -> None:
        """Make sure the stage stands on Redis: as this or a killed start put it up."""
        text = self._server.get(self._keys.stage)
        found = Stage.loads(text) if text is not None else None
        if self._lost.is_set():
            raise LockedError(
                f"another machine has begun to write market {self._market.name!r}; this run leaves "
                "it to that one. What was written stays"
            )
        if found is not None and self._intake is not None and found.id == self._stage.id:
            if not self._mended:  # what was read when Redis went away is read again
                self._intake.open()
                self._mended = True
            return
        same = found is not None and (found.digest, found.version, _runs(found)) == (
            self._stage.digest, self._stage.version, _runs(self._stage),
        )  # fmt: skip
        if found is not None and same:
            self._stage = replace(found, stopping=False)
            self._server.set(self._keys.stage, self._stage.dumps())
            self._say("going on with the frontier that stands on Redis")
        else:
            if self._intake is not None:
                logger.warning("the frontier is gone from Redis; it is put up from the database")
                self._stage = replace(self._stage, id=secrets.token_hex(8))
            put_up(self._server, self._keys, self._stage, list(self._running.values()))
        self._intake = Intake(
            self._server, self._names, self._running, self._folder, self._archives
        )
        self._intake.open()

    def _give_up(self) -> None:
        logger.warning(
            "no worker for %.0f minutes: the run ends, and the next start goes on. Start workers: "
            "scrapy work %s --redis ...", self._worker_patience / 60, self._market.name,
        )  # fmt: skip
        self.deserted = True
        self._wind_up()

    def _wind_up(self) -> None:
        self._stage = replace(self._stage, stopping=True)
        self._server.set(self._keys.stage, self._stage.dumps())

    def _open_sites(self) -> int:
        return sum(self._server.zcard(self._names.sites(spider)) for spider in self._running)

    def _workers(self) -> int:
        seconds, micros = self._server.time()
        now = seconds * 1000 + micros // 1000
        return int(self._server.zcount(self._names.workers, now, "+inf"))

    def _write(self) -> int:
        assert self._intake is not None
        return self._intake.take(seconds=WAIT_SECONDS)

    def _end(self, *, stopped: bool) -> CrawlResult:
        """Judge the sources by what their readers reported, and end the runs."""
        assert self._intake is not None
        names, patience = self._names, self._patience
        told = patiently(lambda: self._server.hgetall(names.reports), patience)
        requests = patiently(lambda: self._server.hgetall(names.requests), patience)
        self.requests = int(requests.get(b"", 0))
        reports: list[tuple[str, SourceReport]] = []
        whole = True
        for spider, job in self._running.items():
            complete = not stopped
            for source in job.sources:
                text = told.get(f"{spider} {source.id}".encode())
                if text is None:
                    source.report.outcome = "partial"
                    source.report.detail = "cut short; the next start goes on"
                    complete = False
                    continue
                report = json.loads(text)
                source.report = SourceReport(**report["report"])
                complete = complete and report["complete"]
            own = [source.report for source in job.sources]
            reason = "finished" if complete else "budget"
            self._archives[spider].close(reason=reason, complete=complete)
            job.state.finish(
                own,
                reason=reason,
                stats={"downloader/request_count": int(requests.get(spider.encode(), 0))},
                complete=complete,
            )
            job.state.close()
            whole = whole and complete
            reports += [(spider, report) for report in own]
        return CrawlResult(reports=tuple(reports), broken=self._intake.broken > 0, complete=whole)


def _rows(sites: Any) -> tuple[tuple[str, str, str], ...]:
    return tuple((id_, name, site) for id_, name, site in sites)


def _runs(stage: Stage) -> list[dict[str, Any]]:
    """What makes two stages one: the same runs of the same spiders over the same companies."""
    return [asdict(job) for job in stage.jobs]


def _end() -> None:
    """Told twice to stop: at once. What was written stays, and what is on Redis is taken up."""
    raise Stopped


@contextmanager
def _repeated(every: tuple[float, Callable[[], None]] | None) -> Iterator[None]:
    """Call a function every so many seconds in a thread, and wait for it at the end."""
    if every is None:
        yield
        return
    seconds, function = every
    done = threading.Event()

    def go() -> None:
        while not done.wait(seconds):
            try:
                function()
            except Exception:  # the pages stay as they are; the passes at the end tell
                logger.exception("the passes over what is stored so far failed")

    thread = threading.Thread(target=go, name="rivalmap-passes")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()

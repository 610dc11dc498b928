"""The main job: crawl a market, run the passes, look at whom they found, say how it went."""

import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from scrapy.settings import Settings

from analysis.alerting.delivering import deliver
from analysis.alerting.wording import one_line
from analysis.crawling import Crawl, CrawlResult, Job, crawl
from analysis.lock import market_lock
from analysis.passes import run_passes
from analysis.passes.alerts import known_before
from analysis.questions.candidates import Waiting, waiting
from analysis.questions.standing import standings
from analysis.questions.told import after
from analysis.starting import Start, in_words, start_of
from analysis.stopping import Stopped, stoppable
from analysis.web.i18n import Translator
from crawlers.market import Market, MarketError, data_dir
from pipelines.redact import require_salt
from pipelines.storage.database import DATABASE_NAME, DatabaseError, open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.times import utc_text

logger = logging.getLogger(__name__)

MOST_LINES = 50
"""Alerts a run's end prints; ``scrapy alerts`` lists all."""

PARTIAL_SECONDS = 60.0
"""How often the passes run while a crawl goes on, so that the pages fill within minutes."""

_UNSEEN = (
    "SELECT EXISTS (SELECT 1 FROM competitors c WHERE origin = 'discovered' "
    "AND status = 'candidate' AND site IS NOT NULL "
    "AND NOT EXISTS (SELECT 1 FROM run_sources s WHERE s.source = c.id))"
)
_CANDIDATES = (
    "SELECT EXISTS (SELECT 1 FROM competitors WHERE origin = 'discovered' "
    "AND status = 'candidate' AND site IS NOT NULL)"
)
_ACCEPTED = (
    "SELECT EXISTS (SELECT 1 FROM competitors c "
    "LEFT JOIN current_decisions d ON d.subject = c.id AND d.field = 'status' "
    "LEFT JOIN candidates k ON k.competitor = c.id "
    "WHERE c.is_self = 0 AND c.site IS NOT NULL AND (c.origin = 'discovered' "
    "OR k.competitor IS NOT NULL) "
    "AND coalesce(iif(json_valid(d.value), json_extract(d.value, '$'), d.value), c.status) "
    "= 'watched')"
)


def research(
    market: Market,
    settings: Settings,
    *,
    say: Callable[[str], None] = lambda text: None,
    crawl: Crawl = crawl,
) -> CrawlResult:
    """Everything ``scrapy research`` does, under the market's lock.

    First the sites and the talk; then, with the candidates those named, lists of companies and a
    quick look at each candidate; then a look at those that only the lists led to.

    :param say: is told what is being done, a line at a time.
    :param crawl: how the stages are crawled: in this process, or by workers on several machines.
    :raises analysis.lock.LockedError: where another run holds the market.
    :raises DatabaseError: where the database cannot be used; nothing was changed then.
    """
    folder = data_dir(market.name)
    with market_lock(folder, f"research {market.name}"):
        path = folder / DATABASE_NAME
        _prepare(market, path, folder)
        start = start_of(market)
        if start is not None:
            in_words(market, start, say)
        one_at_a_time = Lock()

        def passes(*, partial: bool = False, last: bool = False) -> None:
            with one_at_a_time:
                _passes(market, path, partial=partial, last=last)

        first = first_jobs(market, path, start)
        lists = _lists(market, path, start)
        if not first and not lists:
            raise MarketError(
                f"{market.name}: nothing to read: the market file names no site, no forum and no "
                "list of companies, and no public place fits. Add a [[competitor]] with its site, "
                f"or a [[forum]] with its url, to {market.path}"
            )

        def discover() -> Sequence[Job]:
            say("reading posts for companies nobody listed")
            passes()
            return _lists(market, path, start)

        def look() -> Sequence[Job]:
            passes()
            return [Job(spider="looks")] if _asked(path, _UNSEEN) else []

        stages = (lambda: first, discover, look) if first else (lambda: lists, look)
        result = crawl(
            market, stages, settings, every=(PARTIAL_SECONDS, lambda: passes(partial=True))
        )
        try:
            with stoppable():
                say("reading posts, sorting competitors, writing summaries")
                passes(last=True)
                _tell(market)
        except Stopped:
            say("stopped; the next start goes on with what is left to read, sort and send")
            return replace(result, complete=False, stopped=True)
        return result


def _prepare(market: Market, path: Path, folder: Path) -> None:
    """A clear word about database and salt before the first request; then the file's rows, on
    which it rests what there is to read.
    """
    connection = open_database(path)
    try:
        posts = connection.execute("SELECT EXISTS (SELECT 1 FROM posts)").fetchone()[0]
        require_salt(folder, has_posts=bool(posts))
        with transaction(connection):
            load_market_rows(connection, market)
    finally:
        connection.close()


def first_jobs(market: Market, path: Path, start: Start | None) -> list[Job]:
    """The spiders a market has work for before anything was found: sites, and talk."""
    sites = bool(market.business.site) or any(entry.site for entry in market.competitors)
    jobs = []
    if sites or _asked(path, _ACCEPTED):
        jobs.append(Job(spider="competitors"))
    if market.talk:
        jobs.append(Job(spider="forums"))
    elif start is not None and start.talk:
        ids = ",".join(row.id for row in start.talk)
        jobs.append(Job(spider="forums", arguments={"sources": ids}))
    return jobs


def _lists(market: Market, path: Path, start: Start | None) -> list[Job]:
    """The spider of lists and quick looks, where there is a list or somebody to look at."""
    if start is not None and start.lists:
        ids = ",".join(row.id for row in start.lists)
        return [Job(spider="discover", arguments={"sources": ids})]
    if market.lists or _asked(path, _CANDIDATES):
        return [Job(spider="discover")]
    return []


def _asked(path: Path, query: str) -> bool:
    with closing(open_database(path)) as connection:
        return bool(connection.execute(query).fetchone()[0])


def _passes(market: Market, path: Path, *, partial: bool, last: bool) -> None:
    with closing(open_database(path)) as connection:
        run_passes(connection, market, partial=partial, last=last)


def _tell(market: Market) -> None:
    """Send the alerts; a run is not worse for a channel that fails, nor for a bug of ours here."""
    try:
        deliver(market)
    except Exception:
        logger.exception("the alerts could not be sent; they are kept for the next run")


def waiting_candidates(market: Market) -> Waiting:
    """How many companies and names found wait for a researcher's word."""
    with closing(
        open_database(data_dir(market.name) / DATABASE_NAME, read_only=True)
    ) as connection:
        return waiting(standings(connection))


def alert_lines(market: Market, *, since: datetime) -> list[str]:
    """What a run found to tell, a line each; nothing where it was stopped before it looked.

    :param since: when the run began; aware.
    """
    path = data_dir(market.name) / DATABASE_NAME
    with closing(open_database(path, read_only=True)) as connection:
        known = known_before(connection)
        looked = known is not None and known.at >= utc_text(since)
        found = after(connection, known.alert, most=MOST_LINES) if known and looked else []
    t = Translator(market.alerts.language)
    return [one_line(t, alert) for alert in found]


__all__ = ["DatabaseError", "alert_lines", "first_jobs", "research", "waiting_candidates"]

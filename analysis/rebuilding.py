"""Every fact built again from the archive, without the network: ``refresh --from-archive``.

The journal of the archive (:mod:`crawlers.journal`) is gone through in the order things happened:
each answer is read by today's rules and written as it was then, each run begins and ends, and the
passes run where they ran. What no crawl brought (a researcher's decisions and own texts, which
alerts were told to whom) is carried over from the database there was.
"""

import contextlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analysis.answers import read_item
from analysis.backup import stamp
from analysis.carrying import Carried, carry_late, carry_over
from analysis.lock import market_lock
from analysis.losses import Heard, Losses, losses
from analysis.passes import run_passes
from analysis.passes.ticking import Tick, no_tick
from crawlers.archive import read_archived, read_journal
from crawlers.items import PageItem, UnchangedItem
from crawlers.journal import fetch_of, outlinks_of, plain_item, reports_of, shape_of, target_of
from crawlers.market import Market, data_dir
from crawlers.sources import CatalogueError, joined, rows_named
from pipelines.channel_tags import TagChannels
from pipelines.duplicates import Duplicates
from pipelines.normalise import Normalise
from pipelines.redact import Redact, read_salt, require_salt
from pipelines.storage.copies import check_database, keep_aside, put_in_place
from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.database import DATABASE_NAME, DatabaseError, open_database, transaction
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.times import at_moment
from pipelines.storage.writer import Writer
from pipelines.validate import Validate

REBUILT_NAME = "rebuilt.db"
BATCH = 100
_TELL_EVERY = 100


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild found in the archive.

    ``path``: the database built; ``in_place``: it is the market's now, and ``aside`` keeps the one
    there was; ``since``: when what the archive tells begins, UTC; ``expired``: answers the journal
    names and the archive has no longer; ``headless``: entries passed over, since the beginning of
    their run is there no longer; ``losses``: what the database there was holds and the
    built one does not; ``carried``: the researcher's decisions and own texts taken over, and what
    of them could not be.
    """

    path: Path
    aside: Path | None = None
    in_place: bool = False
    runs: int = 0
    pages: int = 0
    posts: int = 0
    since: str = ""
    expired: int = 0
    headless: int = 0
    losses: Losses = field(default_factory=Losses)
    carried: Carried = field(default_factory=Carried)

    @property
    def whole(self) -> bool:
        """Whether nothing of the database there was is missing, as far as it can be read."""
        return not (self.losses or self.carried.missing)


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run that is being gone through again."""

    state: SqliteCrawlState
    writer: Writer
    chain: tuple[Any, ...]
    since: Mapping[str, date | None]
    written: set[str] = field(default_factory=set)


def rebuild_market(market: Market, *, replace: bool = False, tick: Tick = no_tick) -> Rebuilt:
    """Build a market's database from its archive and put it in place, if nothing is lost by it.

    :param replace: put it in place also where the database there was holds what has left the
        archive, or is too damaged to say.
    :param tick: is told ("journal", entries done, entries done).
    :raises analysis.lock.LockedError: where another run holds the market.
    :raises DatabaseError: where the archive holds no journal, the salt is missing, or a newer
        Rivalmap made the database there is.
    """
    folder = data_dir(market.name)
    with market_lock(folder, f"refresh {market.name} --from-archive"):
        live = folder / DATABASE_NAME
        require_salt(folder, has_posts=live.exists() and _has_posts(live))
        found = rebuild(market, folder, tick=tick)
        if not (found.whole or replace):
            return found
        check_database(found.path)
        if live.exists():
            found.aside = folder / f"before-rebuild-{stamp()}.db"
            if carry_late(live, found.path, found.carried):
                with closing(open_database(found.path)) as connection:
                    run_passes(connection, market, tick=tick)
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            keep_aside(live, found.aside)
            carry_late(live, found.path, found.carried)
        put_in_place(found.path, live)
        _remove(found.path)
        found.path, found.in_place = live, True
        return found


def _remove(path: Path) -> None:
    """Remove a database with its journal files."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _has_posts(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM posts)").fetchone()[0])
    except sqlite3.DatabaseError:
        return False  # too damaged to say; what is built anew goes by the salt there is


def rebuild(market: Market, folder: Path, *, tick: Tick = no_tick) -> Rebuilt:
    """Build a market's database from its archive, beside the one there is.

    To be called under the market's lock.

    :param folder: the market's data folder.
    :raises DatabaseError: where the archive holds no journal, or the salt is missing.
    """
    path = folder / REBUILT_NAME
    _remove(path)
    found = Rebuilt(path=path)
    with closing(open_database(path)) as connection:
        old = folder / DATABASE_NAME
        if old.exists():
            found.carried = carry_over(old, connection)
        heard = Heard(connection)
        _Replay(market, folder, connection, found, heard, tick).run()
        # The alerts' pass, the first of this database, only remembers: nothing is told again.
        run_passes(connection, market, tick=tick)
        (found.pages,) = connection.execute("SELECT count(*) FROM pages").fetchone()
        (found.posts,) = connection.execute("SELECT count(*) FROM posts").fetchone()
        found.since = heard.since if found.runs else ""
        if old.exists():
            found.losses = losses(old, connection, heard)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return found


class _Replay:
    """The journal, gone through once."""

    def __init__(
        self,
        market: Market,
        folder: Path,
        connection: sqlite3.Connection,
        found: Rebuilt,
        heard: Heard,
        tick: Tick,
    ) -> None:
        self._market = market
        self._folder = folder
        self._connection = connection
        self._found = found
        self._heard = heard
        self._tick = tick
        self._runs: dict[str, _Run] = {}
        self._touched = False

    def run(self) -> None:
        number = 0
        for number, entry in enumerate(read_journal(self._folder), start=1):
            moment = datetime.fromisoformat(entry["at"])
            with at_moment(moment):
                self._step(entry)
            if number % _TELL_EVERY == 0:
                self._tick("journal", number, number)
        if not number:
            raise DatabaseError(
                f"the archive of {self._market.name} holds no journal: it is empty, has expired, "
                "or was written by an older Rivalmap. Run scrapy research first; scrapy refresh "
                "without --from-archive reads again what the database knows"
            )
        for run in self._runs.values():
            run.writer.flush()

    def _step(self, entry: Mapping[str, Any]) -> None:
        kind, spider = entry["entry"], entry["spider"]
        if kind == "begun":
            if entry.get("goes_on") and spider in self._runs:
                return  # another file of the run in hand
            self._heard.begun(entry["at"])
            self._begin(spider, entry.get("sources") or "")
        elif (run := self._runs.get(spider)) is None:
            self._found.headless += 1
        elif kind == "ended":
            self._end(spider, run, entry)
        else:
            self._item(run, entry)

    def _begin(self, spider: str, sources: str) -> None:
        former = self._runs.pop(spider, None)
        if former is not None:  # it was killed: what it had archived was or will be stored
            former.writer.flush()
        if not self._runs and self._touched:
            run_passes(self._connection, self._market, last=False)
            self._touched = False
        market = self._market
        for id_ in sources.split(","):
            with contextlib.suppress(CatalogueError):  # it has left the catalogue since
                market = joined(market, rows_named(market, [id_]))
        with transaction(self._connection):
            load_market_rows(self._connection, market)
            run_id, resumed = SqliteCrawlState.begin(self._connection, spider)
        self._found.runs += 1
        self._runs[spider] = _Run(
            state=SqliteCrawlState(self._connection, run_id, resumed=resumed),
            writer=Writer(
                self._connection, run_id, batch_items=BATCH, batch_seconds=1e9, folder=self._folder
            ),
            chain=(
                Validate(), Normalise(), Redact(read_salt(self._folder)), Duplicates(),
                TagChannels(),
            ),
            since={entry.key: entry.since for entry in market.talk},
        )  # fmt: skip

    def _end(self, spider: str, run: _Run, entry: Mapping[str, Any]) -> None:
        run.writer.flush()
        run.state.finish(
            reports_of(entry), reason=entry["reason"], stats={}, complete=entry["complete"]
        )
        del self._runs[spider]

    def _item(self, run: _Run, entry: Mapping[str, Any]) -> None:
        item = plain_item(entry) or self._read(run, entry)
        if item is None:
            self._found.expired += 1
            return
        if not self._is_known(entry["entry"], item.target.source):
            return
        if isinstance(item, PageItem | UnchangedItem):
            self._heard.answer(item.target.url, item.fetch)
        for step in run.chain:
            item = step.process_item(item)
        run.writer.add(item)
        self._touched = True

    def _read(self, run: _Run, entry: Mapping[str, Any]) -> Any:
        fetch, target = fetch_of(entry), target_of(entry)
        if fetch is None or fetch.archive_file is None or fetch.archive_offset is None:
            return None
        url = fetch.final_url or fetch.url
        document = read_archived(self._folder, fetch.archive_file, fetch.archive_offset, url=url)
        if document is None:
            return None
        read_as = entry.get("read_as", {})
        zone = read_as.get("timezone")
        if (
            zone is not None
            and self._connection.execute(
                "SELECT 1 FROM forums WHERE id = ? AND coalesce(timezone, learnt_timezone) IS NULL",
                (target.source,),
            ).fetchone()
        ):
            run.state.learn_zone(target.source, zone)
        return read_item(
            entry["entry"], document, target, fetch, outlinks_of(entry),
            since=run.since.get(target.source), engine=read_as.get("engine"), timezone=zone,
            shape=shape_of(read_as), ends=entry.get("ends", False),
        )  # fmt: skip

    def _is_known(self, kind: str, source: str) -> bool:
        """Whether what an item belongs to is there: a company found by other words than today's
        rules find is not.
        """
        table = {"page": "competitors", "forum": "forums"}.get(kind)
        if table is None:
            return True
        row = self._connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (source,)).fetchone()
        return row is not None

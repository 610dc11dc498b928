"""The writer's end of the stream: items into the database, and only then acknowledged.

An entry is read, its item written in a transaction with the entries beside it, committed to disk,
and acknowledged. Killed in between, the writer finds the entry again, and the done mark of its
target in the database: it is not written twice.
"""

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from redis.exceptions import ResponseError

from crawlers.cluster.keys import StageKeys
from crawlers.items import Target
from crawlers.patience import Rest
from pipelines.channel_tags import TagChannels
from pipelines.cluster.keeping import Keeping
from pipelines.cluster.putting_up import Running
from pipelines.cluster.wire import WireError, decode
from pipelines.duplicates import Duplicates
from pipelines.redact import Redact, read_salt
from pipelines.storage.crawl_state import SqliteCrawlState
from pipelines.storage.writer import Writer

logger = logging.getLogger(__name__)

GROUP = "writer"
BATCH = 50
"""Entries written in one transaction."""


class Intake:
    """Reads a stage's stream. ``broken`` counts entries that hold no item.

    :param folder: the market's data folder, with the salt.
    :param archives: the archive of each spider; without one its answers are not kept.
    """

    def __init__(
        self,
        server: Any,
        names: StageKeys,
        jobs: Mapping[str, Running],
        folder: Path,
        archives: Mapping[str, Keeping] | None = None,
    ) -> None:
        self.broken = 0
        self._server = server
        self._names = names
        self._spiders = {
            spider: _Spider(
                job.state, folder, salt=read_salt(folder), archive=(archives or {}).get(spider)
            )
            for spider, job in jobs.items()
        }
        self._left_over = True

    def open(self) -> None:
        """Make the stream and its group, where they are missing; begin with what was left."""
        try:
            self._server.xgroup_create(self._names.items, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
        self._left_over = True

    def take(self, *, seconds: float) -> int:
        """Write what waits, a batch at most; returns how many entries that were.

        :param seconds: how long to wait for the first.
        :raises sqlite3.Error: where it cannot be written; nothing is acknowledged then.
        :raises redis.exceptions.RedisError: where Redis cannot be asked.
        """
        entries = self._read(seconds)
        if not entries:
            return 0
        by_spider: dict[str, list[dict[bytes, bytes]]] = {}
        for _, fields in entries:
            spider = fields.get(b"spider", b"").decode("utf-8", "replace")
            by_spider.setdefault(spider, []).append(fields)
        for spider, several in by_spider.items():
            writer = self._spiders.get(spider)
            if writer is not None:
                self.broken += writer.write(several)
        pipe = self._server.pipeline()
        numbers = [number for number, _ in entries]
        pipe.xack(self._names.items, GROUP, *numbers)
        pipe.xdel(self._names.items, *numbers)
        pipe.execute()
        return len(entries)

    def _read(self, seconds: float) -> list[tuple[bytes, dict[bytes, bytes]]]:
        while True:
            begin = "0" if self._left_over else ">"
            found = self._server.xreadgroup(
                GROUP, GROUP, {self._names.items: begin}, count=BATCH,
                block=None if self._left_over else round(seconds * 1000),
            )  # fmt: skip
            entries = [entry for entry in _entries(found) if entry[1] is not None]
            if entries or not self._left_over:
                return entries
            self._left_over = False  # every entry that was read and not acknowledged is written


def _entries(found: Any) -> list[Any]:
    """The entries of an answer of one stream, in either of redis-py's shapes."""
    if not found:
        return []
    ((_, entries),) = found.items() if isinstance(found, dict) else found
    if entries and isinstance(entries[0], list):
        entries = entries[0]
    return list(entries)


class _Spider:
    """One spider's items into its run."""

    def __init__(
        self, state: SqliteCrawlState, folder: Path, *, salt: bytes, archive: Keeping | None
    ) -> None:
        self._archive = archive
        self._state = state
        # What is acknowledged must be on the disk: after a power cut Redis forgets nothing either.
        state.connection.execute("PRAGMA synchronous = FULL")
        self._pipelines = (Redact(salt), Duplicates(), TagChannels())
        # Batches are ours to end: what is not flushed must not be acknowledged.
        self._writer = Writer(
            state.connection, state.run_id, batch_items=10 * BATCH, batch_seconds=3600,
            folder=folder,
        )  # fmt: skip

    def write(self, entries: list[dict[bytes, bytes]]) -> int:
        """Write items that are not written yet, in one transaction; how many were none."""
        broken, seen = 0, set()
        for fields in entries:
            if b"word" in fields:
                self._heed(*(fields[name].decode() for name in (b"word", b"source", b"value")))
                continue
            try:
                item = decode(fields.get(b"item", b""))
            except WireError as error:
                logger.error("an entry of the stream holds no item: %s", error)
                broken += 1
                continue
            key = (item.target.url, "again" in item.target.meta)
            if key in seen or self._is_written(item.target):
                continue
            seen.add(key)
            if self._archive is not None:
                item = self._archive.keep(item, fields.get(b"record", b""))
            for pipeline in self._pipelines:
                item = pipeline.process_item(item)
            if self._archive is not None:
                self._archive.note(item)
            self._writer.add(item)
        self._writer.flush()
        return broken

    def _heed(self, word: str, place: str, value: str) -> None:
        """What a worker tells beside items; to write it twice changes nothing."""
        if word == "zone":
            self._state.learn_zone(place, value)
        elif word == "rest":
            asked_at, until, detail = json.loads(value)
            rest = Rest(
                asked_at=datetime.fromisoformat(asked_at),
                until=datetime.fromisoformat(until),
                detail=detail,
            )
            self._state.keep_rest(place, rest)

    def _is_written(self, target: Target) -> bool:
        """Whether the run has done with a target; one may be asked for ``again``, once."""
        row = self._state.connection.execute(
            "SELECT state, meta_json ->> 'again' FROM frontier WHERE run_id = ? AND url = ?",
            (self._state.run_id, target.url),
        ).fetchone()
        if row is None or row[0] == "pending":
            return False
        return not ("again" in target.meta and row[1] is None)

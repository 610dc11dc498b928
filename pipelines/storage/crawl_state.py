"""The crawl's state in SQLite: the run, its frontier, what earlier runs left."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from crawlers.archive_files import lasting_files
from crawlers.items import Target
from crawlers.market import Market
from crawlers.patience import Rest
from crawlers.state import Known, KnownThread, Site, SoFar, SourceReport
from pipelines.storage.database import DATABASE_NAME, open_database, transaction
from pipelines.storage.gone_pages import tell_gone_pages
from pipelines.storage.market_rows import load_market_rows
from pipelines.storage.new_pages import GOOD
from pipelines.storage.times import now, now_text, utc_text
from pipelines.storage.waiting import end_night, hand_on
from pipelines.storage.write_listings import LIST_ROLES

RESUMABLE_DAYS = 2
"""A run cut off longer ago than this is closed, not resumed: its frontier is stale."""

KEEPING_DAYS = 3
"""An archived answer that expires within this time counts as gone: the page is asked for again."""


_DECIDED = (
    "SELECT iif(json_valid(d.value), json_extract(d.value, '$'), d.value) "
    "FROM current_decisions d "
    "WHERE d.subject = c.id AND d.field = 'status'"
)
"""What a researcher last decided on the status of a competitor ``c``; a decision taken back is
``null``, like none.
"""


def target_row(run_id: int, target: Target) -> tuple[Any, ...]:
    """A frontier row for a target."""
    return (
        run_id, target.url, target.source, target.role, target.depth, target.priority,
        json.dumps(dict(target.meta), ensure_ascii=False),
    )  # fmt: skip


INSERT_TARGET = (
    "INSERT INTO frontier (run_id, url, source, role, depth, priority, meta_json) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET state = 'pending', "
    "role = excluded.role, priority = excluded.priority, meta_json = excluded.meta_json "
    "WHERE excluded.meta_json ->> 'again' IS NOT NULL AND frontier.meta_json ->> 'again' IS NULL"
)
"""An address stands once on the frontier. One read in another way first (an API that turned out to
be off) may be asked for once more: its target says ``again``."""


def targets_json(targets: Iterable[Target]) -> str:
    """Outlinks as they stand in ``links_json``: enough to build the targets again."""
    return json.dumps(
        [[t.source, t.url, t.role, t.depth, t.priority, dict(t.meta)] for t in targets],
        ensure_ascii=False,
    )


def targets_from(source: str) -> tuple[Target, ...]:
    """The targets of a ``links_json``."""
    return tuple(
        Target(source=s, url=url, role=role, depth=depth, priority=priority, meta=meta)
        for s, url, role, depth, priority, meta in json.loads(source)
    )


class SqliteCrawlState:
    """Implements :class:`crawlers.state.CrawlState` over one connection."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        run_id: int,
        *,
        resumed: bool,
        archive: frozenset[str] = frozenset(),
    ) -> None:
        self.connection = connection
        self.run_id = run_id
        self.resumed = resumed
        self._archive = archive

    @classmethod
    def open(cls, market: Market, data_dir: Path, spider: str) -> Self:
        """Open the database, load the market file's rows, begin or resume a run.

        :raises pipelines.storage.database.DatabaseError: where the database cannot be used.
        """
        connection = open_database(data_dir / DATABASE_NAME)
        with transaction(connection):
            load_market_rows(connection, market)
            run_id, resumed = cls.begin(connection, spider)
        archive = lasting_files(
            data_dir,
            days=market.crawl.archive_days - KEEPING_DAYS,
            most=market.crawl.archive_megabytes * 1_000_000,
        )
        return cls(connection, run_id, resumed=resumed, archive=archive)

    @staticmethod
    def begin(connection: sqlite3.Connection, spider: str) -> tuple[int, bool]:
        """A new run of a spider, or the one to go on with: (id, whether it goes on). Runs inside
        the caller's transaction, after the market file's rows were loaded.

        A new run is given what waits (:func:`pipelines.storage.waiting.hand_on`).
        """
        end_night(connection, spider)
        row = connection.execute(
            "SELECT id FROM runs r WHERE spider = ? AND status = 'running' "
            "AND max(started_at, coalesce(finished_at, started_at)) "
            "> ? "
            "AND EXISTS (SELECT 1 FROM frontier f WHERE f.run_id = r.id) "
            "ORDER BY id DESC LIMIT 1",
            (spider, utc_text(now() - timedelta(days=RESUMABLE_DAYS))),
        ).fetchone()
        if row is not None:
            connection.execute("UPDATE runs SET resumed = resumed + 1 WHERE id = ?", row)
        connection.execute(
            "UPDATE runs SET status = 'failed', finished_at = ?, reason = 'abandoned' "
            "WHERE spider = ? AND status = 'running' AND id IS NOT ?",
            (now_text(), spider, row[0] if row else None),
        )
        if row is not None:
            SqliteCrawlState._forget(connection, spider, row[0])
            return int(row[0]), True
        cursor = connection.execute(
            "INSERT INTO runs (spider, status, started_at) VALUES (?, 'running', ?)",
            (spider, now_text()),
        )
        assert cursor.lastrowid is not None
        hand_on(connection, spider, cursor.lastrowid)
        SqliteCrawlState._forget(connection, spider, cursor.lastrowid)
        return cursor.lastrowid, False

    @staticmethod
    def _forget(connection: sqlite3.Connection, spider: str, run_id: int) -> None:
        # Of a finished run the frontier tells one thing that the pages do not: which addresses of
        # a site were known then. The last crawl of each site keeps them (see new_pages.py).
        connection.execute(
            "DELETE FROM frontier WHERE run_id IN (SELECT id FROM runs WHERE spider = ? "
            "AND id IS NOT ?) AND (role <> 'page' OR run_id IS NOT (SELECT max(s.run_id) "
            "FROM run_sources s WHERE s.source = frontier.source "
            "AND s.outcome IN ('read', 'partial', 'unchanged')))",
            (spider, run_id),
        )

    def pending(self) -> Iterator[Target]:
        """The targets the run still has to fetch, best first, one by one."""
        rows = self.connection.execute(
            "SELECT source, url, role, depth, priority, meta_json FROM frontier "
            "WHERE run_id = ? AND state = 'pending' ORDER BY priority DESC, depth, url",
            (self.run_id,),
        )
        for s, u, r, d, p, m in rows:
            yield Target(source=s, url=u, role=r, depth=d, priority=p, meta=json.loads(m))

    def visited(self) -> Iterable[tuple[str, str, str]]:
        """Addresses the run has done with: (address, source, role) of each, one by one."""
        return self.connection.execute(
            "SELECT url, source, role FROM frontier WHERE run_id = ? AND state <> 'pending'",
            (self.run_id,),
        )

    def so_far(self) -> Mapping[str, SoFar]:
        """What the run has done already, by source."""
        reasons: dict[str, dict[str, int]] = {}
        for source, reason, count in self.connection.execute(
            "SELECT source, reason, count(*) FROM failures WHERE run_id = ? GROUP BY 1, 2",
            (self.run_id,),
        ):
            reasons.setdefault(source, {})[reason] = count
        pages = dict(
            self.connection.execute(
                "SELECT source, count(*) FROM frontier WHERE run_id = ? AND state = 'done' "
                "AND role NOT IN ('sitemap', 'feed') GROUP BY source",
                (self.run_id,),
            ).fetchall()
        )
        return {
            source: SoFar(pages=pages.get(source, 0), reasons=reasons.get(source, {}))
            for source in pages.keys() | reasons.keys()
        }

    def add(self, targets: Iterable[Target]) -> None:
        """Put targets on the frontier at once."""
        rows = [target_row(self.run_id, target) for target in targets]
        if rows:
            with transaction(self.connection):
                self.connection.executemany(INSERT_TARGET, rows)

    def known(self, url: str, *, role: str = "page") -> Known | None:
        """What an earlier run left of a page, a forum's page or a source's."""
        tables = ("source_pages",) if role in LIST_ROLES else ("pages", "forum_pages")
        for table in tables:
            row = self.connection.execute(
                "SELECT etag, last_modified, body_hash, links_json, archive_file "
                f"FROM {table} WHERE url = ?",
                (url,),
            ).fetchone()
            if row is not None:
                return Known(
                    etag=row[0], last_modified=row[1], body_hash=row[2],
                    outlinks=targets_from(row[3]), archived=self.has_archived(row[4]),
                )  # fmt: skip
        return None

    def has_archived(self, name: str | None) -> bool:
        """Whether an archive file is there and will be for a while."""
        return name in self._archive

    def candidates(self, most: int, *, unseen: bool = False) -> Iterable[Site]:
        """Companies found that nobody has decided on, with a site: those never looked at first,
        the best evidenced of them first, then those looked at longest ago. A look that is being
        resumed counts as not yet made.

        :param unseen: only those never looked at.
        """
        return self.connection.execute(
            "SELECT c.id, c.name, c.site FROM competitors c "
            "LEFT JOIN (SELECT source, max(run_id) AS run_id FROM run_sources WHERE run_id <> ?1 "
            "           GROUP BY source) looked ON looked.source = c.id "
            "LEFT JOIN (SELECT claim_key, sum(coalesce(weight, 1)) AS weight FROM evidence "
            "           WHERE claim_table = 'competitors' GROUP BY claim_key) proof "
            "       ON proof.claim_key = c.id "
            "WHERE c.origin = 'discovered' AND c.status = 'candidate' AND c.is_self = 0 "
            f"AND c.site IS NOT NULL AND ({_DECIDED}) IS NULL "
            "AND (looked.run_id IS NULL OR NOT ?3) "
            "ORDER BY coalesce(looked.run_id, 0), coalesce(proof.weight, 0) DESC, c.id LIMIT ?2",
            (self.run_id, most, unseen),
        ).fetchall()

    def accepted(self) -> Iterable[Site]:
        """Companies found that a researcher accepted, or named in the market file without a site,
        with the site that was found, by name.
        """
        return self.connection.execute(
            "SELECT c.id, c.name, c.site FROM competitors c WHERE (c.origin = 'discovered' "
            "OR EXISTS (SELECT 1 FROM candidates k WHERE k.competitor = c.id)) "
            "AND c.is_self = 0 AND c.site IS NOT NULL "
            f"AND coalesce(({_DECIDED}), c.status) = 'watched' ORDER BY c.name, c.id"
        ).fetchall()

    def known_thread(self, url: str, *, post: str | None = None) -> KnownThread | None:
        """How far an earlier run read a thread, by its address or by a post in it."""
        if post is None:
            row = self.connection.execute(
                "SELECT url, stamp, last_page, replies, NULL FROM threads WHERE url = ?", (url,)
            ).fetchone()
        else:
            row = self.connection.execute(
                "SELECT t.url, t.stamp, t.last_page, t.replies, max(p.posted_at) FROM threads t "
                "JOIN posts p ON p.thread_id = t.id "
                "WHERE t.id = (SELECT thread_id FROM posts WHERE key = ?) GROUP BY t.id",
                (post,),
            ).fetchone()
        if row is None:
            return None
        newest = datetime.fromisoformat(row[4]) if row[4] else None
        return KnownThread(
            url=row[0], stamp=row[1], last_page=row[2], replies=row[3], newest=newest
        )

    def knows_post(self, source: str, engine_id: str) -> bool:
        """Whether a post of a forum is stored, by the engine's id."""
        row = self.connection.execute(
            "SELECT 1 FROM posts WHERE key = ?", (f"{source}:{engine_id}",)
        ).fetchone()
        return row is not None

    def has_posts(self, source: str) -> bool:
        """Whether any post of a forum is stored."""
        row = self.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM posts WHERE forum = ?)", (source,)
        ).fetchone()
        return bool(row[0])

    def zone_of(self, source: str) -> str | None:
        """The time zone learnt for a forum by an earlier run or page."""
        row = self.connection.execute(
            "SELECT learnt_timezone FROM forums WHERE id = ?", (source,)
        ).fetchone()
        return row[0] if row else None

    def learn_zone(self, source: str, timezone: str) -> None:
        """Keep a forum's time zone."""
        with transaction(self.connection):
            self.connection.execute(
                "UPDATE forums SET learnt_timezone = ? WHERE id = ?", (timezone, source)
            )

    def known_pages(self, source: str) -> Iterable[tuple[str, str]]:
        """The pages of a site that were there when it was last read: (address, kind) of each."""
        return self.connection.execute(
            "SELECT url, kind FROM pages WHERE competitor = ? AND status < 400 ORDER BY url",
            (source,),
        ).fetchall()

    def rest_of(self, site: str) -> Rest | None:
        """The rest a site asked for last."""
        row = self.connection.execute(
            "SELECT asked_at, until, detail FROM rests WHERE site = ?", (site,)
        ).fetchone()
        if row is None:
            return None
        asked_at, until = (datetime.fromisoformat(moment) for moment in row[:2])
        return Rest(asked_at=asked_at, until=until, detail=row[2])

    def keep_rest(self, site: str, rest: Rest) -> None:
        """Keep the rest a site asks for; those that are over go."""
        with transaction(self.connection):
            self.connection.execute("DELETE FROM rests WHERE until < ?", (now_text(),))
            self.connection.execute(
                "INSERT OR REPLACE INTO rests (site, asked_at, until, detail) VALUES (?, ?, ?, ?)",
                (site, utc_text(rest.asked_at), utc_text(rest.until), rest.detail),
            )

    def read_through(self, source: str) -> bool:
        """Whether the last finished run left nothing of a source unread."""
        row = self.connection.execute(
            "SELECT s.whole FROM run_sources s JOIN runs r ON r.id = s.run_id "
            "WHERE s.source = ? AND r.status = 'finished' AND r.id <> ? "
            "ORDER BY r.id DESC LIMIT 1",
            (source, self.run_id),
        ).fetchone()
        return bool(row and row[0])

    def finish(
        self,
        reports: Iterable[SourceReport],
        *,
        reason: str,
        stats: Mapping[str, object],
        complete: bool,
    ) -> None:
        """End the run. One cut off by a budget of the run or a signal stays ``running``: it is
        resumed. One that only left the rest of a large forum has ended (see :meth:`begin`).
        """
        rows = list(reports)
        with transaction(self.connection):
            for report in rows:
                self._only_notices(report)
            self.connection.executemany(
                "INSERT OR REPLACE INTO run_sources (run_id, source, outcome, pages, posts, "
                "failures, whole, delay, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (self.run_id, r.source, r.outcome, r.pages + r.unchanged, r.posts, r.failures,
                     int(r.whole), r.delay, r.detail)
                    for r in rows
                ],
            )  # fmt: skip
            self.connection.execute(
                "UPDATE runs SET status = ?, finished_at = ?, reason = ?, stats_json = ?, "
                "requests = requests + ?, pages = pages + ?, unchanged = unchanged + ?, "
                "posts = posts + ?, failures = failures + ? WHERE id = ?",
                (
                    "finished" if complete else "running",
                    now_text(),
                    reason,
                    json.dumps(dict(stats), default=str, ensure_ascii=False),
                    int(str(stats.get("downloader/request_count", 0))),
                    sum(r.pages for r in rows),
                    sum(r.unchanged for r in rows),
                    sum(r.posts for r in rows),
                    sum(r.failures for r in rows),
                    self.run_id,
                ),
            )
            if complete:
                outcomes = [(r.source, r.outcome) for r in rows]
                tell_gone_pages(self.connection, self.run_id, outcomes, now_text())

    def _only_notices(self, report: SourceReport) -> None:
        """A site that showed a notice in place of its pages was not read, though answers came."""
        row = self.connection.execute(
            "SELECT f.detail, EXISTS (SELECT 1 FROM pages p WHERE p.competitor = f.source "
            "AND p.last_seen >= r.started_at) FROM failures f JOIN runs r ON r.id = f.run_id "
            "WHERE f.run_id = ? AND f.source = ? AND f.reason = 'stand_in' LIMIT 1",
            (self.run_id, report.source),
        ).fetchone()
        if row is not None and report.outcome in GOOD:
            report.outcome = "partial" if row[1] else "failed"
            report.detail = row[0]

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

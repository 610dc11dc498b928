"""What is known and pending, asked of Redis: :class:`crawlers.state.CrawlState` for a worker."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from redis.exceptions import RedisError

from crawlers.cluster.frontier import Frontier, Lease, LeaseLostError, target_from
from crawlers.items import Target
from crawlers.market import Market
from crawlers.patience import Rest
from crawlers.state import Known, KnownThread, Site, SourceReport


class RedisCrawlState:
    """Answers from what the run put up when its stage began; needs no database.

    ``lease_of`` is set by the queue: which lease a source is held by.
    """

    resumed = False
    frontier: Frontier
    """Set on a subclass by :func:`state_at`, which is what a worker's settings name."""

    def __init__(self) -> None:
        self.lease_of: Callable[[str], Lease | None] = lambda source: None

    @classmethod
    def open(cls, market: Market, data_dir: Path, spider: str) -> Self:
        """The state of the frontier's spider; nothing is opened."""
        return cls()

    def pending(self) -> Iterable[Target]:
        """Nothing: targets come with the sites a worker takes."""
        return ()

    def visited(self) -> Iterable[tuple[str, str, str]]:
        """Nothing, likewise."""
        return ()

    def add(self, targets: Iterable[Target]) -> None:
        """Put targets on the shared frontier.

        :raises LeaseLostError: where their site is not ours.
        """
        by_source: dict[str, list[Target]] = {}
        for target in targets:
            by_source.setdefault(target.source, []).append(target)
        for source, wanted in by_source.items():
            lease = self.lease_of(source)
            if lease is None:
                raise LeaseLostError(source)
            self.frontier.add(lease, source, wanted)

    def known(self, url: str, *, role: str = "page") -> Known | None:
        """What an earlier run left of a page."""
        text = self._known("lists" if role in ("list", "search") else "pages", url)
        if text is None:
            return None
        etag, modified, body_hash, archived, outlinks = json.loads(text)
        return Known(
            etag=etag, last_modified=modified, body_hash=body_hash, archived=archived,
            outlinks=tuple(target_from(json.dumps(row)) for row in outlinks),
        )  # fmt: skip

    def candidates(self, most: int, *, unseen: bool = False) -> Iterable[Site]:
        """Companies found that nobody has decided on, as the run listed them."""
        job = self.frontier.stage.job(self.frontier.spider)
        return (job.unseen if unseen else job.candidates)[:most]

    def accepted(self) -> Iterable[Site]:
        """Companies found that a researcher accepted."""
        return self.frontier.stage.job(self.frontier.spider).accepted

    def known_thread(self, url: str, *, post: str | None = None) -> KnownThread | None:
        """How far an earlier run read a thread, by its address or by a post in it."""
        address: str | None = url
        if post is not None:
            found = self._known("posts", post)
            address = found.decode() if found is not None else None
        text = self._known("threads", address) if address is not None else None
        if address is None or text is None:
            return None
        stamp, last_page, replies, newest = json.loads(text)
        return KnownThread(
            url=address, stamp=stamp, last_page=last_page, replies=replies,
            newest=datetime.fromisoformat(newest) if newest and post is not None else None,
        )  # fmt: skip

    def knows_post(self, source: str, engine_id: str) -> bool:
        """Whether a post of a forum was stored by an earlier run, by the engine's id."""
        return self._known("posts", f"{source}:{engine_id}") is not None

    def has_posts(self, source: str) -> bool:
        """Whether any post of a forum was stored by an earlier run."""
        return bool(self._of(source).get("posts"))

    def zone_of(self, source: str) -> str | None:
        """The time zone learnt for a forum."""
        zone = self.frontier.server.hget(self.frontier.keys.zones, source)
        return zone.decode() if zone is not None else None

    def learn_zone(self, source: str, timezone: str) -> None:
        """Keep a forum's time zone, for other workers and for the database."""
        self.frontier.server.hset(self.frontier.keys.zones, source, timezone)
        self.frontier.tell(source, "zone", timezone)

    def rest_of(self, site: str) -> Rest | None:
        """The rest a site asked for last, of an earlier run or of any worker.

        ``None`` also where Redis is away: then no request leaves (:mod:`crawlers.cluster.turns`),
        while an error here would stay with the site as one of its robots.txt.
        """
        try:
            text = self.frontier.server.hget(self.frontier.keys.rests, site)
        except RedisError:
            return None
        if text is None:
            return None
        asked_at, until, detail = json.loads(text)
        return Rest(
            asked_at=datetime.fromisoformat(asked_at),
            until=datetime.fromisoformat(until),
            detail=detail,
        )

    def keep_rest(self, site: str, rest: Rest) -> None:
        """Keep the rest a site asks for, for other workers and for the database."""
        text = json.dumps([rest.asked_at.isoformat(), rest.until.isoformat(), rest.detail])
        self.frontier.server.hset(self.frontier.keys.rests, site, text)
        self.frontier.tell(site, "rest", text)

    def known_pages(self, source: str) -> Iterable[tuple[str, str]]:
        """The pages of a site that were there when it was last read: (address, kind) of each."""
        return [(url, kind) for url, kind in self._of(source).get("pages", ())]

    def read_through(self, source: str) -> bool:
        """Whether the last finished run left nothing of a source unread."""
        return bool(self._of(source).get("whole"))

    def finish(
        self,
        reports: Iterable[SourceReport],
        *,
        reason: str,
        stats: Mapping[str, object],
        complete: bool,
    ) -> None:
        """Nothing: sources report one by one, and the run is ended by who began it."""

    def close(self) -> None:
        """Nothing is open."""

    def _known(self, kind: str, name: str) -> bytes | None:
        found: bytes | None = self.frontier.server.hget(self.frontier.keys.known(kind), name)
        return found

    def _of(self, source: str) -> dict[str, Any]:
        text = self._known("sources", f"{self.frontier.spider} {source}")
        return json.loads(text) if text is not None else {}


def state_at(frontier: Frontier) -> type[RedisCrawlState]:
    """The state class of one frontier, for the setting ``RIVALMAP_STATE``."""
    return type("StageState", (RedisCrawlState,), {"frontier": frontier})

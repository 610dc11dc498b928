"""What a crawl asks of its storage: what is known, pending, unchanged.

The crawl loops see only this protocol; ``pipelines.storage.crawl_state`` implements it and the
setting ``RIVALMAP_STATE`` names it, so that crawlers know nothing of storage. A leaf.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from crawlers.items import Target
from crawlers.market import Market
from crawlers.patience import Rest

WAITED = "waited"
"""Key of the meta of a target on the frontier that waits from an earlier run, which came to its
end: what a forum holds beyond its budget of pages. The loop takes it off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an earlier run left of a page: for conditional requests and for not reading it again.

    ``outlinks`` are the addresses the page led to, in the page's order. ``archived``: the answer
    lies in the archive and will for a while; without it the whole page is asked for again, so that
    today's rules can always be applied to it.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str = ""
    outlinks: tuple[Target, ...] = ()
    archived: bool = False


Site = tuple[str, str, str]
"""A company to read: (id, name, home page)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownThread:
    """How far an earlier run read a thread: its address, what the list said of it then (the stamp,
    the count of replies), the page the reading ended on; ``newest``: the time of its newest post,
    where the thread was asked for by a post in it.
    """

    url: str
    stamp: str | None
    last_page: str | None
    replies: int | None = None
    newest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What a run had done with a source before it was cut off: pages it had, failures by reason."""

    pages: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class SourceReport:
    """How one source of a run is coming along; what the run's table shows of it.

    ``origin``: who asked for it: ``file`` the market file, ``catalogue`` a choice among public
    sources, ``candidate`` a quick look at a company found. What only the latter two name may fail
    without a fault of the market's.
    """

    source: str
    name: str
    outcome: str = "failed"
    pages: int = 0
    unchanged: int = 0
    posts: int = 0
    threads: int = 0
    failures: int = 0
    whole: bool = False
    delay: float | None = None
    detail: str = ""
    reasons: dict[str, int] = field(default_factory=dict)
    origin: str = "file"


class CrawlState(Protocol):
    """Storage as a crawl sees it."""

    resumed: bool

    @classmethod
    def open(cls, market: Market, data_dir: Path, spider: str) -> "CrawlState":
        """Open the market's storage and begin a run, or go on with one that was cut off."""
        ...

    def pending(self) -> Iterable[Target]:
        """The targets this run has to fetch, best first: those an unfinished run left, and those
        that wait from one that ended (:data:`WAITED`).
        """
        ...

    def visited(self) -> Iterable[tuple[str, str, str]]:
        """Addresses this run has done with: (address, source, role) of each."""
        ...

    def so_far(self) -> Mapping[str, SoFar]:
        """What this run has done already, by source; nothing of a run that begins."""
        ...

    def add(self, targets: Iterable[Target]) -> None:
        """Put targets on the frontier at once (a run's seeds)."""
        ...

    def known(self, url: str, *, role: str = "page") -> Known | None:
        """What an earlier run left of a page.

        :param role: of its target: one address may be a competitor's page and a source's.
        """
        ...

    def candidates(self, most: int, *, unseen: bool = False) -> Iterable[Site]:
        """Companies found that nobody has decided on, with a site, for a quick look: those never
        looked at first, the best evidenced of them first, then those looked at longest ago.

        :param unseen: only those never looked at.
        """
        ...

    def accepted(self) -> Iterable[Site]:
        """Companies found that a researcher accepted, with a site, by name."""
        ...

    def known_thread(self, url: str, *, post: str | None = None) -> KnownThread | None:
        """How far an earlier run read a thread.

        :param post: the key of a post in it, where its address is not always the same.
        """
        ...

    def knows_post(self, source: str, engine_id: str) -> bool:
        """Whether a post of a forum is stored, by the engine's id."""
        ...

    def has_posts(self, source: str) -> bool:
        """Whether any post of a forum is stored."""
        ...

    def zone_of(self, source: str) -> str | None:
        """The time zone learnt for a forum by an earlier run or page."""
        ...

    def learn_zone(self, source: str, timezone: str) -> None:
        """Keep a forum's time zone, learnt by comparing its feed with its pages."""
        ...

    def known_pages(self, source: str) -> Iterable[tuple[str, str]]:
        """The pages of a site that were there when it was last read: (address, kind) of each."""
        ...

    def rest_of(self, site: str) -> Rest | None:
        """The rest a site asked for last, over or not.

        :param site: its registrable domain.
        """
        ...

    def keep_rest(self, site: str, rest: Rest) -> None:
        """Keep the rest a site asks for, for this run and the next starts."""
        ...

    def read_through(self, source: str) -> bool:
        """Whether the last finished run left nothing of a source unread."""
        ...

    def finish(
        self,
        reports: Iterable[SourceReport],
        *,
        reason: str,
        stats: Mapping[str, object],
        complete: bool,
    ) -> None:
        """End the run: reports, counters, the time. An incomplete run stays open for resuming."""
        ...

    def close(self) -> None:
        """Write what is buffered and close."""
        ...

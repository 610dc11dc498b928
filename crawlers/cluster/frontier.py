"""The shared frontier as one worker's spider sees it: leases of sites, targets of sources."""

import json
import os
import secrets
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from crawlers.cluster import scripts
from crawlers.cluster.keys import MarketKeys, StageKeys
from crawlers.cluster.stage import Stage
from crawlers.items import Target


class LeaseLostError(Exception):
    """A site is not ours any more: somebody else asks it, or will."""


@dataclass(slots=True, eq=False)
class Lease:
    """A site held for a while. ``until`` is on this process's monotonic clock and a little early:
    who finds it in the past must send nothing more to the site.
    """

    site: str
    name: str
    until: float
    sources: list[str] = field(default_factory=list)
    lost: bool = False

    @property
    def good(self) -> bool:
        """Whether it certainly still holds."""
        return not self.lost and monotonic() < self.until


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a renewal tells: the stage, open sites, workers alive, items that wait to be written,
    sites lost.
    """

    stage: Stage | None
    sites: int
    workers: int
    items: int
    lost: tuple[str, ...]


def worker_name() -> str:
    """A name no other worker has, now or later; without blanks."""
    host = socket.gethostname().replace(" ", "-")
    return f"{host}-{os.getpid()}-{secrets.token_hex(4)}"


def target_text(target: Target) -> str:
    """A target as it stands on the frontier."""
    parts = [target.source, target.url, target.role, target.depth, target.priority]
    return json.dumps([*parts, dict(target.meta)], ensure_ascii=True)


def target_from(text: str | bytes) -> Target:
    """A target from the frontier."""
    source, url, role, depth, priority, meta = json.loads(text)
    return Target(source=source, url=url, role=role, depth=depth, priority=priority, meta=meta)


def target_arguments(targets: Iterable[Target]) -> list[str]:
    """Targets as the scripts take them: address, whether it is asked for again, target."""
    return [
        part
        for target in targets
        for part in (target.url, "1" if "again" in target.meta else "0", target_text(target))
    ]


class Frontier:
    """One spider of one worker at the frontier of one stage.

    Every method may raise :class:`redis.exceptions.RedisError`; what was asked then was done whole
    or not at all, and may be asked again.

    :param seconds: how long a lease lasts that is not renewed.
    """

    def __init__(
        self,
        server: Any,
        keys: MarketKeys,
        stage: Stage,
        spider: str,
        *,
        worker: str,
        seconds: float,
    ) -> None:
        self.server = server
        self.market = keys
        self.stage = stage
        self.keys: StageKeys = keys.of_stage(stage.id)
        self.spider = spider
        self.worker = worker
        self.seconds = seconds
        self._leases = 0
        self._others = [job.spider for job in stage.jobs if job.spider != spider]
        self._scripts: dict[str, Any] = {}

    def _run(self, script: str, keys: list[str], arguments: list[Any]) -> Any:
        if script not in self._scripts:
            self._scripts[script] = self.server.register_script(script)
        return self._scripts[script](keys=keys, args=arguments)

    # --- sites ----------------------------------------------------------------------------------

    def claim(self) -> Lease | None:
        """A site that has work and that nobody holds, or whose holder let its lease run out."""
        keys, asked = self.keys, monotonic()
        self._leases += 1
        name = f"{self.worker} {self.spider} {self._leases}"
        places = [keys.sites(self.spider), keys.owners(self.spider)]
        for other in self._others:
            places += [keys.sites(other), keys.owners(other)]
        site = self._run(scripts.CLAIM, places, [name, self.worker, self._ttl])
        if site is None:
            return None
        lease = Lease(site.decode(), name, self._until(asked))
        found = self.server.smembers(keys.sources(self.spider, lease.site))
        lease.sources = sorted(source.decode() for source in found)
        return lease

    def renew(self, leases: Iterable[Lease]) -> Pulse:
        """Hold on to leases; those that were lost are marked so."""
        held, asked = {lease.site: lease for lease in leases}, monotonic()
        pairs = [part for lease in held.values() for part in (lease.site, lease.name)]
        keys = self.keys
        stage, sites, workers, items, lost = self._run(
            scripts.RENEW,
            [keys.sites(self.spider), keys.owners(self.spider), keys.workers, keys.items,
             self.market.stage],
            [self.worker, self._ttl, *pairs],
        )  # fmt: skip
        gone = tuple(site.decode() for site in lost)
        for site, lease in held.items():
            if site in gone:
                lease.lost = True
            else:
                lease.until = self._until(asked)
        return Pulse(Stage.loads(stage) if stage else None, sites, workers, items, gone)

    def release(self, lease: Lease) -> None:
        """Give a site back; what was not done there is done by whoever takes it next."""
        lease.lost = True
        keys = self.keys
        self._run(
            scripts.RELEASE,
            [keys.sites(self.spider), keys.owners(self.spider)],
            [lease.site, lease.name],
        )

    # --- targets --------------------------------------------------------------------------------

    def taken_over(
        self, source: str
    ) -> tuple[Mapping[str, str], list[Target], Mapping[str, Any] | None]:
        """What is there of a source: addresses it was asked for and their roles, targets that
        wait, in the order they were found in, and its book.
        """
        pipe = self.server.pipeline()
        pipe.hgetall(self.keys.done(self.spider, source))
        pipe.hgetall(self.keys.pending(self.spider, source))
        pipe.get(self.keys.book(self.spider, source))
        done, pending, book = pipe.execute()
        rows = sorted(
            (int(number), text)
            for number, text in (value.split(b" ", 1) for value in pending.values())
        )
        return (
            {url.decode(): role.decode() for url, role in done.items()},
            [target_from(text) for _, text in rows],
            json.loads(book) if book else None,
        )

    def add(self, lease: Lease, source: str, targets: Iterable[Target]) -> None:
        """Put targets of a source on the frontier.

        :raises LeaseLostError: where its site is not ours.
        """
        rows = target_arguments(targets)
        if not rows:
            return
        keys = [self.keys.owners(self.spider), *self._places(source), self.keys.number]
        self._check(lease, self._run(scripts.ADD, keys, [lease.site, lease.name, *rows]))

    def begin(self, lease: Lease, target: Target) -> tuple[int, int]:
        """Begin with a target; it stays on the frontier until it is committed.

        :returns: how often it was begun with, by anybody; the targets that all spiders of the
            stage have begun with on all workers.
        :raises LeaseLostError: where its site is not ours, or it was done.
        """
        keys, source = self.keys, target.source
        status, tries, requests = self._run(
            scripts.BEGIN,
            [keys.owners(self.spider), keys.pending(self.spider, source),
             keys.tries(self.spider, source), keys.requests],
            [lease.site, lease.name, target.url, self.spider],
        )  # fmt: skip
        if status != b"ok":
            lease.lost = True
            raise LeaseLostError(lease.site)
        return int(tries), int(requests)

    def commit(
        self,
        lease: Lease,
        target: Target,
        item: bytes,
        outlinks: Iterable[Target],
        book: Mapping[str, Any],
        *,
        record: bytes = b"",
    ) -> None:
        """Hand a target's item to the writer and its outlinks to the frontier; once only.

        :param record: the answer it was made of, as a WARC record.
        :raises LeaseLostError: where its site is not ours.
        """
        keys, source = self.keys, target.source
        self._check(
            lease,
            self._run(
                scripts.COMMIT,
                [keys.owners(self.spider), *self._places(source), keys.number,
                 keys.tries(self.spider, source), keys.book(self.spider, source), keys.items],
                [lease.site, lease.name, target.url, target.role,
                 json.dumps(book, ensure_ascii=True), self.spider, source, item, record,
                 *target_arguments(outlinks)],
            ),
        )  # fmt: skip

    def finish(self, lease: Lease, source: str, report: Mapping[str, Any]) -> None:
        """A source is through, or is not to be read on in this run.

        :raises LeaseLostError: where its site is not ours.
        """
        keys, spider = self.keys, self.spider
        self._check(
            lease,
            self._run(
                scripts.FINISH,
                [keys.owners(spider), keys.sites(spider), keys.sources(spider, lease.site),
                 keys.reports, *self._places(source), keys.tries(spider, source),
                 keys.book(spider, source)],
                [lease.site, lease.name, source, f"{spider} {source}",
                 json.dumps(report, ensure_ascii=True)],
            ),
        )  # fmt: skip

    def turn(self, site: str, gap: float, *, hold: float) -> float | None:
        """Take a site's next turn, whoever owns it.

        :param gap: seconds between two turns; a longer gap somebody else named counts instead.
        :param hold: seconds after which a request whose end nobody told is over.
        :returns: seconds to wait for it; ``None``: a request of another worker is under way there,
            or comes first. Ask again within a second.
        """
        places = [self.market.turn(site), self.keys.workers]
        times = [round(gap * 1000), round(hold * 1000)]
        wait = self._run(scripts.TURN, places, [*times, self.worker])
        return None if wait < 0 else float(wait) / 1000

    def answered(self, site: str) -> None:
        """Count a site's next turn from now: the answer to our last request has ended."""
        self._run(scripts.ANSWERED, [self.market.turn(site)], [self.worker])

    def tell(self, source: str, word: str, value: str) -> None:
        """Tell the writer something that is no item (a forum's time zone)."""
        self.server.xadd(
            self.keys.items,
            {"spider": self.spider, "source": source, "word": word, "value": value},
        )

    # --- inside ---------------------------------------------------------------------------------

    @property
    def _ttl(self) -> int:
        return round(self.seconds * 1000)

    def _until(self, asked: float) -> float:
        return asked + self.seconds * 0.9  # clocks of two machines tick alike within a tenth

    def _places(self, source: str) -> tuple[str, str]:
        return self.keys.pending(self.spider, source), self.keys.done(self.spider, source)

    @staticmethod
    def _check(lease: Lease, status: bytes) -> None:
        if status == b"lost":
            lease.lost = True
            raise LeaseLostError(lease.site)

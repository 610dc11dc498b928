"""One source of a crawl (a competitor's site, a forum) and its queue of targets."""

import heapq
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count

from crawlers.items import Target
from crawlers.state import WAITED, SoFar, SourceReport
from crawlers.traps import TrapWatch
from crawlers.urls import host_of, registrable_domain

QUEUE_PER_PAGE = 25
"""How many waiting addresses a source keeps for each page of its budget. A sitemap of a million
products must not fill the memory; the best of each kind are kept."""
_NEW_AT_LEAST = 64  # addresses that join those in order together


class Seen:
    """Addresses that were met, by their hashes: a crawl knows hundreds of thousands of them, and
    never needs their words again. An address takes some 25 bytes, where a set of texts takes 200.

    Of a million addresses two share a hash once in ten million crawls; hashes are drawn anew in
    each process, so no site can make them meet.
    """

    __slots__ = ("_new", "_sorted")

    def __init__(self) -> None:
        self._sorted = array("q")
        self._new: set[int] = set()

    def __contains__(self, url: str) -> bool:
        number = hash(url)
        if number in self._new:
            return True
        place = bisect_left(self._sorted, number)
        return place < len(self._sorted) and self._sorted[place] == number

    def add(self, url: str) -> None:
        """Keep an address."""
        if url in self:
            return
        self._new.add(hash(url))
        if len(self._new) > max(_NEW_AT_LEAST, len(self._sorted) // 8):
            self._sorted = array("q", heapq.merge(self._sorted, sorted(self._new)))
            self._new = set()

    def update(self, urls: Iterable[str]) -> None:
        """Keep several."""
        for url in urls:
            self.add(url)


@dataclass(slots=True, kw_only=True)
class Source:
    """A site to read: its id, its name, where it starts, and how the run fares on it."""

    id: str
    name: str
    url: str
    report: SourceReport
    queue: "TargetQueue"
    domains: set[str] = field(default_factory=set)
    visited: Seen = field(default_factory=Seen)
    closed: bool = False
    asked_again: bool = False
    off: str = ""
    """Why it is not read at all, in words; ``""``: it is."""
    headers: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    """Sites left for this run, with the reason in words; their pages wait for the next start."""
    traps: TrapWatch = field(default_factory=lambda: TrapWatch(datetime.now(UTC).date()))
    waiting: int = 0
    """How many addresses of such sites wait."""
    before: SoFar = field(default_factory=SoFar)
    """What the run had done with it before it was cut off: its end is judged by the whole."""
    half_read: set[str] = field(default_factory=set)
    """Threads that an earlier run left in the middle; they are read on where they wait."""
    reads_on: bool = False
    """Whether addresses that an earlier run left waiting are read in this one."""

    def owns(self, url: str) -> bool:
        """Whether an address belongs to this source's site."""
        return registrable_domain(host_of(url)) in self.domains

    def offer(self, targets: Iterable[Target]) -> tuple[Target, ...]:
        """Queue those targets that are new to this run; returns them.

        A target that says ``again`` in its meta is asked for once more, in another way. One that
        waits from an earlier run keeps its place there, and counts as new: it is asked for as what
        leads to it says now.
        """
        new = []
        offered = list(targets)
        self.traps.see([target.url for target in offered])
        for target in offered:
            if self.queue.renew(target):
                new.append(target)
            elif target.url not in self.visited or "again" in target.meta:
                self.visited.add(target.url)
                if self.traps.trap(target.url) is not None:
                    continue
                if self.left and site_of(target) in self.left:
                    self.waiting += 1
                    new.append(target)
                elif self.queue.push(target):
                    new.append(target)
        return tuple(new)

    def take_up(self, pending: Iterable[Target]) -> None:
        """Queue what the frontier holds of it: what this run has found, and, apart from that, what
        waits from an earlier one (:data:`crawlers.state.WAITED`).
        """
        for target in pending:
            if WAITED not in target.meta:
                self.offer([target])
                continue
            meta = {key: value for key, value in target.meta.items() if key != WAITED}
            self.visited.add(target.url)
            self.queue.wait(replace(target, meta=meta))
            self.reads_on = True
            if "thread" in meta and not {"first", "resumed"} & meta.keys():
                self.half_read.add(meta["thread"])

    def leave(self, site: str, detail: str) -> None:
        """Ask a site for nothing more in this run; the frontier keeps its targets."""
        self.left[site] = detail
        self.waiting += 1 + self.queue.drop(lambda target: site_of(target) == site)


def site_of(target: Target) -> str:
    """The registrable domain of a target."""
    return registrable_domain(host_of(target.url))


def source(id: str, name: str, url: str, *, budget: int) -> Source:
    """A source with an empty queue, owning the registrable domain of its address."""
    return Source(
        id=id, name=name, url=url, report=SourceReport(source=id, name=name),
        queue=TargetQueue(budget), domains={registrable_domain(host_of(url))},
    )  # fmt: skip


class TargetQueue:
    """Best first, but fair between kinds, within a budget of fetches.

    A target's kind is ``meta["kind"]`` (or its role). Each kind's appeal halves with every
    ``share`` targets of it taken, so that forty product pages do not push out the one pricing
    page found late. What waits from an earlier run, and what its pages lead to, takes every second
    turn: neither does a long rest keep the news out, nor do they the rest.
    """

    def __init__(self, budget: int, *, share: int = 6) -> None:
        self.budget = budget
        self.taken = 0
        self._share = share
        self._heaps: dict[str, list[tuple[int, int, int, Target]]] = defaultdict(list)
        self._taken_of: Counter[str] = Counter()
        self._order = count()
        self._waiting: dict[str, Target] = {}
        self._oldest: list[tuple[int, int, int, str]] = []
        self._ahead = 0  # turns the new have had more than those that wait
        self._of_rest = False  # the last turn was one of theirs; one request at a time, so is this

    def __len__(self) -> int:
        return len(self._waiting) + sum(len(heap) for heap in self._heaps.values())

    @property
    def spent(self) -> bool:
        """Whether the budget is used up."""
        return self.taken >= self.budget

    @property
    def taken_of(self) -> dict[str, int]:
        """How many targets of each kind were taken."""
        return dict(self._taken_of)

    def resume(self, taken: int, kinds: Mapping[str, int]) -> None:
        """Go on where a queue of the same source stopped: what it took counts."""
        self.taken = taken
        self._taken_of.update(kinds)

    def push(self, target: Target) -> bool:
        """Keep a target; false where its kind already has more waiting than could be read."""
        if self._of_rest:
            return self.wait(target)
        heap = self._heaps[target.meta.get("kind") or target.role]
        if len(heap) >= self.budget * QUEUE_PER_PAGE:
            return False
        heapq.heappush(heap, (-target.priority, target.depth, next(self._order), target))
        return True

    def wait(self, target: Target) -> bool:
        """Keep a target that waits from an earlier run; false as of :meth:`push`."""
        if len(self._waiting) >= self.budget * QUEUE_PER_PAGE:
            return False
        self._waiting[target.url] = target
        place = (-target.priority, target.depth, next(self._order), target.url)
        heapq.heappush(self._oldest, place)
        return True

    def waits(self, url: str) -> bool:
        """Whether an address waits from an earlier run."""
        return url in self._waiting

    def renew(self, target: Target) -> bool:
        """Ask for a target that waits from an earlier run as it is known now; false: none does.

        One that shows something new since (another stamp of its thread) waits no longer.
        """
        before = self._waiting.get(target.url)
        if before is None:
            return False
        self._waiting[target.url] = target
        if before.meta.get("stamp") != target.meta.get("stamp") and not self._of_rest:
            del self._waiting[target.url]
            self.push(target)
        return True

    def drop(self, unwanted: Callable[[Target], bool]) -> int:
        """Take out the targets that are not wanted; returns how many they were."""
        before = len(self)
        self._waiting = {
            url: target for url, target in self._waiting.items() if not unwanted(target)
        }
        for heap in self._heaps.values():
            heap[:] = [entry for entry in heap if not unwanted(entry[-1])]
            heapq.heapify(heap)
        return before - len(self)

    def pop(self) -> Target | None:
        """The next target, or ``None`` where the budget is spent or nothing waits."""
        if self.spent:
            return None
        kinds = [kind for kind, heap in self._heaps.items() if heap]
        self._of_rest = bool(self._waiting) and (self._ahead > 0 or not kinds)
        if self._of_rest:
            target = self._pop_waiting()
            self._ahead -= 1
        elif kinds:
            kind = max(kinds, key=self._appeal)
            target = heapq.heappop(self._heaps[kind])[-1]
            self._taken_of[kind] += 1
            self._ahead += 1
        else:
            return None
        self.taken += target.role != "sitemap"  # a list of addresses is no page
        return target

    def _pop_waiting(self) -> Target:
        while True:
            url = heapq.heappop(self._oldest)[-1]
            if url in self._waiting:  # else it was dropped
                return self._waiting.pop(url)

    def _appeal(self, kind: str) -> tuple[float, int]:
        priority, _, order, _ = self._heaps[kind][0]
        fading = 0.5 ** (self._taken_of[kind] // self._share)
        return (-priority * fading, -order)

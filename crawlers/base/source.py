"""One source of a crawl (a competitor's site, a forum) and its queue of targets."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from crawlers.items import Target
from crawlers.state import SoFar, SourceReport
from crawlers.traps import TrapWatch
from crawlers.urls import host_of, registrable_domain

QUEUE_PER_PAGE = 25
"""How many waiting addresses a source keeps for each page of its budget. A sitemap of a million
products must not fill the memory; the best of each kind are kept."""


@dataclass(slots=True, kw_only=True)
class Source:
    """A site to read: its id, its name, where it starts, and how the run fares on it."""

    id: str
    name: str
    url: str
    report: SourceReport
    queue: "TargetQueue"
    domains: set[str] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
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

    def owns(self, url: str) -> bool:
        """Whether an address belongs to this source's site."""
        return registrable_domain(host_of(url)) in self.domains

    def offer(self, targets: Iterable[Target]) -> tuple[Target, ...]:
        """Queue those targets that are new to this run; returns them.

        A target that says ``again`` in its meta is asked for once more, in another way.
        """
        new = []
        offered = list(targets)
        self.traps.see([target.url for target in offered])
        for target in offered:
            if target.url not in self.visited or "again" in target.meta:
                self.visited.add(target.url)
                if self.traps.trap(target.url) is not None:
                    continue
                if self.left and site_of(target) in self.left:
                    self.waiting += 1
                    new.append(target)
                elif self.queue.push(target):
                    new.append(target)
        return tuple(new)

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
    page found late.
    """

    def __init__(self, budget: int, *, share: int = 6) -> None:
        self.budget = budget
        self.taken = 0
        self._share = share
        self._heaps: dict[str, list[tuple[int, int, int, Target]]] = defaultdict(list)
        self._taken_of: Counter[str] = Counter()
        self._order = count()

    def __len__(self) -> int:
        return sum(len(heap) for heap in self._heaps.values())

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
        heap = self._heaps[target.meta.get("kind") or target.role]
        if len(heap) >= self.budget * QUEUE_PER_PAGE:
            return False
        heapq.heappush(heap, (-target.priority, target.depth, next(self._order), target))
        return True

    def drop(self, unwanted: Callable[[Target], bool]) -> int:
        """Take out the targets that are not wanted; returns how many they were."""
        before = len(self)
        for heap in self._heaps.values():
            heap[:] = [entry for entry in heap if not unwanted(entry[-1])]
            heapq.heapify(heap)
        return before - len(self)

    def pop(self) -> Target | None:
        """The next target, or ``None`` where the budget is spent or nothing waits."""
        if self.spent:
            return None
        waiting = [kind for kind, heap in self._heaps.items() if heap]
        if not waiting:
            return None
        kind = max(waiting, key=self._appeal)
        target = heapq.heappop(self._heaps[kind])[-1]
        self.taken += target.role != "sitemap"  # a list of addresses is no page
        self._taken_of[kind] += 1
        return target

    def _appeal(self, kind: str) -> tuple[float, int]:
        priority, _, order, _ = self._heaps[kind][0]
        fading = 0.5 ** (self._taken_of[kind] // self._share)
        return (-priority * fading, -order)

"""The names of everything a market keeps in Redis. A leaf.

All begin with ``rivalmap:{MARKET}:``; the braces keep a market on one node (Redis cluster's hash
tag). What belongs to one stage of one run carries the stage's id, so that a worker left over from
an earlier stage speaks to keys that are gone and is told that its lease is lost.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarketKeys:
    """What a market keeps beyond its stages."""

    market: str

    @property
    def prefix(self) -> str:
        """How each key of the market begins."""
        return f"rivalmap:{{{self.market}}}:"

    @property
    def stage(self) -> str:
        """The stage that is being crawled, as JSON (:class:`crawlers.cluster.stage.Stage`)."""
        return f"{self.prefix}stage"

    @property
    def writer(self) -> str:
        """Who writes; it expires where he does not renew it."""
        return f"{self.prefix}writer"

    @property
    def over(self) -> str:
        """Stands for a minute after a run has ended, so that its workers end, too."""
        return f"{self.prefix}over"

    def turn(self, site: str) -> str:
        """When a site was last asked, and how long it is left alone after that."""
        return f"{self.prefix}turn:{site}"

    def of_stage(self, stage: str) -> "StageKeys":
        """The keys of one stage."""
        return StageKeys(f"{self.prefix}{stage}:")


@dataclass(frozen=True, slots=True)
class StageKeys:
    """What one stage keeps."""

    prefix: str

    @property
    def items(self) -> str:
        """The stream of items on their way to the writer."""
        return f"{self.prefix}items"

    @property
    def workers(self) -> str:
        """Who works: worker -> the time (ms) until which he counts as alive."""
        return f"{self.prefix}workers"

    @property
    def number(self) -> str:
        """A counter; it keeps targets in the order in which they were found."""
        return f"{self.prefix}number"

    @property
    def requests(self) -> str:
        """How many targets were begun with: a field for each spider, ``""`` for all."""
        return f"{self.prefix}requests"

    @property
    def reports(self) -> str:
        """How each source came out: ``spider source`` -> report as JSON."""
        return f"{self.prefix}reports"

    @property
    def zones(self) -> str:
        """Time zones of forums, known and learnt: source -> zone."""
        return f"{self.prefix}zones"

    @property
    def rests(self) -> str:
        """The rests sites asked for, known and new: site -> rest as JSON."""
        return f"{self.prefix}rests"

    def known(self, kind: str) -> str:
        """What earlier runs left: ``pages``, ``lists``, ``threads``, ``posts``, ``sources``."""
        return f"{self.prefix}known:{kind}"

    def sites(self, spider: str) -> str:
        """The sites that still have work: site -> the time (ms) from which it may be taken."""
        return f"{self.prefix}{spider}:sites"

    def owners(self, spider: str) -> str:
        """Who holds a site: site -> lease."""
        return f"{self.prefix}{spider}:owners"

    def sources(self, spider: str, site: str) -> str:
        """The sources of a site that are not through, as a set."""
        return f"{self.prefix}{spider}:of:{site}"

    def pending(self, spider: str, source: str) -> str:
        """What a source still has to be asked for: address -> number and target."""
        return f"{self.prefix}{spider}:pending:{source}"

    def done(self, spider: str, source: str) -> str:
        """What it was asked for: address -> role."""
        return f"{self.prefix}{spider}:done:{source}"

    def tries(self, spider: str, source: str) -> str:
        """How often each address was begun with."""
        return f"{self.prefix}{spider}:tries:{source}"

    def book(self, spider: str, source: str) -> str:
        """What was counted of a source so far, as JSON: budget and report."""
        return f"{self.prefix}{spider}:book:{source}"

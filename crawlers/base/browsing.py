"""What a crawl of sites does about pages that need a browser: draw them, or say what it takes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from crawlers.base.source import Source
from crawlers.browser.program import BrowserFound, find_browser
from crawlers.items import Target
from crawlers.market import Market

GIVE_UP = 3
"""Pages of a site the browser may fail on, one after the other, before it is left alone."""


@dataclass(slots=True, kw_only=True)
class Browsing:
    """Whether pages are drawn, and how the sites fared. ``wanted``: the market file says so."""

    wanted: bool
    found: BrowserFound
    _failures: Counter[str] = field(default_factory=Counter)
    _homes: set[str] = field(default_factory=set)

    @classmethod
    def for_market(cls, market: Market) -> Self:
        """Look what is there for a market."""
        return cls(wanted=market.crawl.browser, found=find_browser())

    @property
    def on(self) -> bool:
        """Whether pages are drawn."""
        return self.wanted and self.found.usable

    @property
    def lack(self) -> str:
        """What stands between a market that wants a browser and one, in words; ``""``: nothing."""
        if not self.wanted or self.found.usable:
            return ""
        return (
            f"browser = true, but {self.found.lacking}; pages that say nothing without JavaScript "
            f"are left out. To read them, {self.mend}"
        )

    @property
    def mend(self) -> str:
        """What to do for such pages to be read; ``""``: nothing is missing."""
        return self.found.mend(wanted=self.wanted)

    def draws(self, source: Source) -> bool:
        """Whether a page of a site is to be drawn."""
        return self.on and self._failures[source.id] < GIVE_UP

    def why_not(self, source: Source) -> str:
        """Why a page of a site was not drawn, or what it takes to draw it."""
        if self.mend:
            return self.mend
        return f"the browser failed on {GIVE_UP} pages in a row; the next run tries again"

    def drew(self, source: Source) -> None:
        """Note that the browser drew a page of a site."""
        self._failures[source.id] = 0

    def failed(self, source: Source) -> None:
        """Note that the browser could not draw a page of a site."""
        self._failures[source.id] += 1

    def wordless(self, source: Source, target: Target) -> None:
        """Note a page that said nothing."""
        if target.meta.get("kind") == "home":
            self._homes.add(source.id)

    def verdict(self, source: Source) -> tuple[str, str] | None:
        """An outcome for a site whose home, or most of whose pages, say nothing; else ``None``."""
        reasons, read = source.report.reasons, source.report.pages + source.report.unchanged
        undrawn = reasons.get("needs_browser", 0)
        wordless = undrawn + reasons.get("says_nothing", 0)
        if not wordless or (wordless <= read and source.id not in self._homes):
            return None
        outcome = "empty" if wordless > read else "partial"
        share = f"{wordless} of {wordless + read} pages"
        if not undrawn:
            return outcome, f"this site says nothing, not even drawn in a browser ({share})"
        return outcome, (
            f"this site says nothing without JavaScript ({share}): {self.why_not(source)}"
        )

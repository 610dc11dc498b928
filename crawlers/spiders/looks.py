"""A quick look at companies found that nobody has looked at yet."""

from collections.abc import Iterable
from dataclasses import replace

from crawlers.base.lists import QUICK_LOOKS, ListSpider
from crawlers.base.source import Source
from crawlers.market import Market


class LooksSpider(ListSpider):
    """``scrapy crawl looks -a market=NAME``: the sites that lists led to, in the same run."""

    name = "looks"

    def sources(self, market: Market) -> Iterable[Source]:
        """Companies only: the lists have been read."""
        return super().sources(replace(market, sources=()))

    def companies(self, market: Market) -> Iterable[tuple[str, str, str]]:
        """The candidates never looked at, the best evidenced first."""
        return self.state.candidates(QUICK_LOOKS, unseen=True)

"""Where companies are listed, and a quick look at those found before."""

from collections.abc import Iterable

from crawlers.base.lists import QUICK_LOOKS, ListSpider
from crawlers.market import Market


class DiscoverSpider(ListSpider):
    """``scrapy crawl discover -a market=NAME [-a sources=ID,ID]``: the pages, directories and
    searches of the market file and of the chosen public sources, then the candidates' sites.
    """

    name = "discover"

    def companies(self, market: Market) -> Iterable[tuple[str, str, str]]:
        """The candidates nobody has decided on; those never looked at first."""
        return self.state.candidates(QUICK_LOOKS)

"""The forums where customers talk."""

from collections.abc import Iterable

from crawlers.base.forum import ForumSpider
from crawlers.market import ForumEntry, Market


class ForumsSpider(ForumSpider):
    """``scrapy crawl forums -a market=NAME``: every forum named in the market file."""

    name = "forums"

    def entries(self, market: Market) -> Iterable[ForumEntry]:
        """The market file's forums."""
        return market.forums

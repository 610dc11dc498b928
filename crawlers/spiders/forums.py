"""The forums where customers talk."""

from collections.abc import Iterable

from crawlers.base.forum import ForumSpider
from crawlers.market import ForumEntry, Market


class ForumsSpider(ForumSpider):
    """``scrapy crawl forums -a market=NAME [-a sources=ID,ID]``: every forum and source of posts
    of the market file, and those public sources.
    """

    name = "forums"

    def entries(self, market: Market) -> Iterable[ForumEntry]:
        """The market file's forums, feeds, APIs and pages of reviews, and the chosen sources."""
        return market.talk

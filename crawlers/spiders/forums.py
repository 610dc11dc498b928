"""The forums where customers talk."""

from collections.abc import Iterable

from crawlers.base.forum import ForumSpider
from crawlers.market import ForumEntry, Market


class ForumsSpider(ForumSpider):
    """``scrapy crawl forums -a market=NAME``: every forum and source of posts of the
    market file.
    """

    name = "forums"

    def entries(self, market: Market) -> Iterable[ForumEntry]:
        """The market file's forums, feeds, APIs and pages of reviews."""
        return market.talk

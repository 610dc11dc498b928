"""The sites of the business and its competitors."""

from collections.abc import Iterator

from crawlers.base.site import SiteSpider
from crawlers.market import Market


class CompetitorsSpider(SiteSpider):
    """``scrapy crawl competitors -a market=NAME``: every site named in the market file, and those
    of companies found that a researcher accepted.
    """

    name = "competitors"

    def companies(self, market: Market) -> Iterator[tuple[str, str, str]]:
        """Our own site first (rivals are measured against it), then the competitors', then those
        of accepted candidates.
        """
        business = market.business
        if business.site:
            yield business.key, business.name, business.site
        for entry in market.competitors:
            if entry.site:
                yield entry.key, entry.title, entry.site
        yield from self.state.accepted()

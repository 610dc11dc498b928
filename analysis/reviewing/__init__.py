"""``scrapy review``: the least certain verdicts and a researcher's word on them."""

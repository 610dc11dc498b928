"""The pages that are read: real ones where ``RIVALMAP_MEASURE_DATA`` names them, else generated."""

import os
from functools import cache
from itertools import islice

from bench.scale_market import company_pages, forum_pages

EVERY = 3
"""One company page in so many: a hundred and fifty of the 461."""


@cache
def companies() -> tuple[tuple[str, bytes], ...]:
    """(address, body) of company pages."""
    found = [(one.target.url, one.body) for one in company_pages()]
    return tuple(found[::EVERY] if len(found) > 300 else found)


@cache
def topics() -> tuple[tuple[str, bytes], ...]:
    """(address, body) of phpBB topics of twenty posts in three languages."""
    return tuple((one.target.url, one.body) for one in islice(forum_pages(2_000), 50))


def source() -> str:
    """Where they are from, in words."""
    return "real pages" if os.environ.get("RIVALMAP_MEASURE_DATA") else "generated pages"

"""The pages that are read: real ones where ``RIVALMAP_MEASURE_DATA`` names them, else generated."""

import os
from functools import cache
from itertools import islice

from bench.data import measure_data
from bench.scale_market import company_pages, forum_pages
from crawlers.document import Document
from crawlers.forums import read_forum

EVERY = 3
"""One company page in so many: a hundred and fifty of the 461."""


@cache
def companies() -> tuple[tuple[str, bytes], ...]:
    """(address, body) of company pages."""
    found = [(one.target.url, one.body) for one in company_pages()]
    return tuple(found[::EVERY] if len(found) > 300 else found)


_FEWEST = 8
"""Posts of a page that counts as a topic's."""


@cache
def made_topics() -> tuple[tuple[str, bytes], ...]:
    """(address, body) of phpBB topics of twenty posts in three languages, generated."""
    return tuple((one.target.url, one.body) for one in islice(forum_pages(2_000), 50))


@cache
def topics() -> tuple[tuple[str, bytes], ...]:
    """(address, body) of topics: pages that real software of eight engines made, ten to twenty
    posts each, else :func:`made_topics`.
    """
    if not os.environ.get("RIVALMAP_MEASURE_DATA"):
        return made_topics()
    found = []
    for path in sorted((measure_data() / "forums").rglob("*.html")):
        url, body = "https://forum.example/viewtopic.php?t=3", path.read_bytes()
        page = read_forum(Document(url, body), timezone="UTC")
        if page is not None and len(page.posts) >= _FEWEST:
            found.append((url, body))
    return tuple(found)


def source() -> str:
    """Where they are from, in words."""
    return "real pages" if os.environ.get("RIVALMAP_MEASURE_DATA") else "generated pages"

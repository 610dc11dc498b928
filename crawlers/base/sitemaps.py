"""A site's sitemaps and feeds: what they lead to, and how much and how often the site publishes."""

import gzip
import zlib
from calendar import timegm
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import lxml.etree
from scrapy.utils.sitemap import Sitemap

from crawlers.document import Document
from crawlers.extract.kinds.marks import path_parts
from crawlers.extract.search.keywords import in_articles
from crawlers.extract.search.reading import moment_of
from crawlers.forums.feed import entry_link, parsed_feed
from crawlers.items import SitemapCount

MOST_ADDRESSES = 50_000
"""As many as one file may list (sitemaps.org, protocol)."""
MOST_LOOKED_AT = 5_000
"""How many addresses of a sitemap are weighed as pages to read, and as articles."""
UNPACKED_BYTES = 20_000_000
"""How much of a packed sitemap is unpacked; the protocol allows 50 MB, few have one."""
MOST_ARTICLES = 500
"""How many dated articles of a file are kept, the newest."""

_GENERATED_FROM = 5  # addresses: fewer may well have been changed on one day
_GENERATED_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapRead:
    """A sitemap or feed: its count, and the site's addresses in it, in its order."""

    count: SitemapCount
    addresses: tuple[str, ...] = ()


def read_sitemap(document: Document, *, owns: Callable[[str], bool]) -> SitemapRead | None:
    """Read a sitemap or an index of sitemaps, packed or plain; ``None`` where the body is neither.

    :param owns: whether an address belongs to the site; others are not counted.
    """
    body = document.body
    if body[:2] == b"\x1f\x8b":
        try:
            body = gzip.GzipFile(fileobj=BytesIO(body)).read(UNPACKED_BYTES)
        except (OSError, EOFError, zlib.error):
            return None
    try:
        sitemap = Sitemap(body)
        rows = [row for row, _ in zip(sitemap, range(MOST_ADDRESSES))]
    except (lxml.etree.Error, StopIteration, KeyError, AttributeError, ValueError):
        return None
    if sitemap.type not in ("sitemapindex", "urlset"):
        return None
    own = [(url, row) for row in rows if owns(url := row["loc"].strip())]
    index = sitemap.type == "sitemapindex"
    dates = {
        url: moment
        for url, row in own
        if (moment := moment_of(row.get("lastmod"))) and moment <= _latest(document)
    }
    articles = {}
    if not index:
        named = in_articles(path_parts(document.url)[-1:], within=True)  # post-sitemap.xml
        articles = {
            url: dates[url]
            for url, _ in own[:MOST_LOOKED_AT]
            if url in dates and (named or in_articles(path_parts(url)[:-1]))
        }
    return SitemapRead(
        count=_count(
            document, "index" if index else "sitemap", len(own), dates, articles,
            whole=len(rows) < MOST_ADDRESSES and len(body) < UNPACKED_BYTES,
        ),
        addresses=tuple(url for url, _ in own[:MOST_LOOKED_AT]),
    )  # fmt: skip


def read_feed(document: Document, *, owns: Callable[[str], bool]) -> SitemapRead | None:
    """Read a site's feed of articles; ``None`` where the body is none.

    A feed shows the newest only, so its size says nothing of the site's.
    """
    entries: list[Any] = parsed_feed(document).entries[:MOST_LOOKED_AT]
    dates: dict[str, datetime] = {}
    addresses: dict[str, None] = {}
    for entry in entries:
        url = entry_link(entry, document)
        if url is None or not owns(url):
            continue
        addresses[url] = None
        published, updated = (
            dict.get(entry, f"{kind}_parsed") for kind in ("published", "updated")
        )
        moment = _moment(published or updated)  # feedparser's own get would warn
        if moment is not None and moment <= _latest(document):
            dates[url] = moment
    if not addresses:
        return None
    return SitemapRead(
        count=_count(document, "feed", len(addresses), dates, dates, whole=True),
        addresses=tuple(addresses),
    )


def _count(
    document: Document,
    kind: str,
    size: int,
    dates: Mapping[str, datetime],
    articles: Mapping[str, datetime],
    *,
    whole: bool,
) -> SitemapCount:
    days = Counter(moment.date() for moment in dates.values())
    busiest = days.most_common(1)[0][1] if days else 0
    newest_first = sorted(articles.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
    since = {days: document.fetched_at - timedelta(days=days) for days in (30, 90)}
    return SitemapCount(
        url=document.url,
        kind=kind,
        addresses=size,
        whole=whole,
        dated=len(dates),
        newest=max(dates.values(), default=None),
        recent_30=sum(moment >= since[30] for moment in dates.values()),
        recent_90=sum(moment >= since[90] for moment in dates.values()),
        generated=len(dates) >= _GENERATED_FROM and busiest >= _GENERATED_SHARE * len(dates),
        articles=dict(newest_first[:MOST_ARTICLES]),
    )


def _latest(document: Document) -> datetime:
    """Times after this are misread or made up: a day of tolerance for zones."""
    return document.fetched_at + timedelta(days=1)


def _moment(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None

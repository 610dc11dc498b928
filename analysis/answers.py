"""An archived answer as the item a crawl would make of it today."""

from datetime import date

from crawlers.base.forum_state import posts_since
from crawlers.base.sitemaps import read_feed, read_sitemap
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.extract.listing import read_listing, read_results
from crawlers.forums import Shape, read_forum
from crawlers.items import Fetch, ForumItem, ListingItem, PageItem, SitemapItem, Target
from crawlers.urls import host_of, registrable_domain


def read_item(
    what: str,
    document: Document,
    target: Target,
    fetch: Fetch,
    outlinks: tuple[Target, ...],
    *,
    since: date | None = None,
    engine: str | None = None,
    timezone: str | None = None,
    shape: Shape | None = None,
    ends: bool = False,
) -> PageItem | ForumItem | ListingItem | SitemapItem | None:
    """Read an answer; ``None`` where today's readers see nothing in it.

    :param what: the item it was: ``page``, ``listing``, ``sitemap`` or ``forum``.
    :param since: posts before this day are left out, as the market file says of the forum.
    :param engine, timezone, shape: what the forum's other pages told of how to read it.
    :param ends: as of :class:`~crawlers.items.ForumItem`.
    """
    if what == "page":
        if not document.is_html:
            return None
        page = read_page(document)
        return PageItem(target=target, fetch=fetch, page=page, outlinks=outlinks)
    if what == "listing":
        listing = read_listing(document) if document.is_html else read_results(document)
        if listing is None:
            return None
        return ListingItem(target=target, fetch=fetch, listing=listing, outlinks=outlinks)
    if what == "sitemap":
        own = {
            registrable_domain(host_of(url)) for url in (target.url, fetch.final_url or target.url)
        }
        reader = read_feed if target.role == "feed" else read_sitemap
        read = reader(document, owns=lambda url: registrable_domain(host_of(url)) in own)
        if read is None:
            return None
        return SitemapItem(target=target, fetch=fetch, count=read.count, outlinks=outlinks)
    expect = target.role if target.role in ("board", "topic") else None
    forum = read_forum(
        document,
        engine=engine,
        timezone=timezone,
        expect=expect,  # type: ignore[arg-type]
        shape=shape,
    )
    if forum is None:
        return None
    return ForumItem(
        target=target, fetch=fetch, page=posts_since(forum, since), outlinks=outlinks, ends=ends
    )

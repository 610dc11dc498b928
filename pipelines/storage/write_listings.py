"""Writing a source's page and the companies seen on it; links that leave a competitor's site."""

import sqlite3
from collections.abc import Iterable

from crawlers.items import Fetch, Link, ListingItem
from crawlers.urls import is_web_url, site_key
from pipelines.storage.times import utc_text

LIST_ROLES = frozenset({"list", "search"})
"""Roles of targets whose pages belong to sources of companies."""
MOST_SITES = 100
"""Sites kept that one page of a competitor leads to: a directory of thousands says no more."""


def write_listing(connection: sqlite3.Connection, item: ListingItem, links_json: str) -> None:
    """Store a source's page; the companies seen on it replace those seen before.

    :param links_json: its outlinks, as targets.
    """
    fetch, url, seen = item.fetch, item.target.url, utc_text(item.fetch.fetched_at)
    connection.execute(
        "INSERT INTO source_pages (url, source, title, status, body_hash, etag, last_modified, "
        "links_json, archive_file, archive_offset, first_seen, last_seen) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11) ON CONFLICT (url) DO UPDATE "
        "SET source = ?2, title = ?3, status = ?4, body_hash = ?5, etag = ?6, last_modified = ?7, "
        "links_json = ?8, archive_file = ?9, archive_offset = ?10, last_seen = ?11",
        (url, item.target.source, item.listing.title, fetch.status, fetch.body_hash, fetch.etag,
         fetch.last_modified, links_json, fetch.archive_file, fetch.archive_offset, seen),
    )  # fmt: skip
    connection.execute("DELETE FROM sightings WHERE page = ?", (url,))
    connection.executemany(
        "INSERT INTO sightings (page, position, name, site, quote, rule) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (url, place, one.name, one.site, one.quote, one.rule)
            for place, one in enumerate(item.listing.companies)
        ],
    )


def listing_unchanged(connection: sqlite3.Connection, fetch: Fetch, url: str) -> None:
    """A source's page that is as it was: it was seen, and perhaps archived anew."""
    connection.execute(
        "UPDATE source_pages SET last_seen = ?, archive_file = coalesce(?, archive_file), "
        "archive_offset = coalesce(?, archive_offset) WHERE url = ?",
        (utc_text(fetch.fetched_at), fetch.archive_file, fetch.archive_offset, url),
    )


def listing_gone(connection: sqlite3.Connection, url: str) -> None:
    """A source's page that is there no more: what was seen on it can be shown to nobody."""
    connection.execute("DELETE FROM source_pages WHERE url = ?", (url,))


def write_page_links(
    connection: sqlite3.Connection, page_id: int, url: str, links: Iterable[Link]
) -> None:
    """Replace the links of a competitor's page that leave its site: the first to each site."""
    own = site_key(url)
    found: dict[str, tuple[str, str]] = {}
    for link in links:
        if len(found) >= MOST_SITES:
            break
        key = site_key(link.url) if is_web_url(link.url) else own
        if key != own:
            found.setdefault(key, (link.url, link.text))
    connection.execute("DELETE FROM page_links WHERE page_id = ?", (page_id,))
    connection.executemany(
        "INSERT INTO page_links (page_id, site_key, url, text) VALUES (?, ?, ?, ?)",
        [(page_id, key, *link) for key, link in found.items()],
    )

"""Writing what a site does to be found: each page's search work, its sitemaps and feeds."""

import sqlite3

from crawlers.items import SearchWork, SitemapItem
from pipelines.storage.facts import as_json
from pipelines.storage.times import utc_text


def write_search_work(
    connection: sqlite3.Connection, page_id: int, search: SearchWork | None
) -> None:
    """Make a page's search work and keywords those given; ``None`` leaves it without any."""
    connection.execute("DELETE FROM page_search WHERE page_id = ?", (page_id,))
    connection.execute("DELETE FROM page_keywords WHERE page_id = ?", (page_id,))
    if search is None:
        return
    connection.execute(
        "INSERT INTO page_search (page_id, title_length, description_length, h1s_json, "
        "headings_json, canonical, hreflangs_json, structured_json, indexable, published_at, "
        "modified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            page_id, search.title_length, search.description_length, as_json(search.h1s),
            as_json(search.headings), search.canonical, as_json(search.hreflangs),
            as_json(search.structured), int(search.indexable),
            utc_text(search.published_at) if search.published_at else None,
            utc_text(search.modified_at) if search.modified_at else None,
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT OR IGNORE INTO page_keywords (page_id, folded, phrase, weight, places) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            (page_id, word.folded, word.phrase, word.weight, " ".join(word.places))
            for word in search.keywords
        ],
    )


def write_sitemap(connection: sqlite3.Connection, item: SitemapItem) -> None:
    """Store a sitemap or feed as it counts today."""
    count = item.count
    connection.execute(
        "INSERT OR REPLACE INTO sitemaps (url, competitor, kind, addresses, whole, dated, newest, "
        "recent_30, recent_90, generated, articles_json, fetched_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            item.target.url, item.target.source, count.kind, count.addresses, int(count.whole),
            count.dated, utc_text(count.newest) if count.newest else None, count.recent_30,
            count.recent_90, int(count.generated), as_json(count.articles),
            utc_text(item.fetch.fetched_at),
        ),
    )  # fmt: skip

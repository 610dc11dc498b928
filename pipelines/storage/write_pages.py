"""Writing a competitor's page: its row, versions, offers, prices, channels, changes."""

import hashlib
import sqlite3
from dataclasses import dataclass

from crawlers.folding import fold
from crawlers.items import ChannelTag, Fetch, Offer, PageItem
from pipelines.changes import Change, PageFacts, compare, new_page, removed_page
from pipelines.storage.crawl_state import targets_json
from pipelines.storage.database import utc_text
from pipelines.storage.facts import as_json, company_from
from pipelines.storage.money import from_minor, to_minor
from pipelines.storage.write_posts import write_reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """A page's row as it stood."""

    id: int
    version: int
    text_hash: str


def write_page(connection: sqlite3.Connection, item: PageItem, *, run_id: int | None) -> None:
    """Store a page that was read; a page that says what it said only moves ``last_seen``.

    :param run_id: the run that fetched it; ``None`` where an archived answer is read again with
        other rules: what then differs is not a change of the site.
    """
    page, fetch, competitor = item.page, item.fetch, item.target.source
    seen = utc_text(fetch.fetched_at)
    text_hash = _hash_of(item)
    row = connection.execute(
        "SELECT id, version, text_hash FROM pages WHERE url = ?", (item.target.url,)
    ).fetchone()
    before = _Before(id=row[0], version=row[1], text_hash=row[2]) if row else None
    changed = before is None or before.text_hash != text_hash
    old = _facts(connection, before, competitor) if before and changed else None
    version = 1 if before is None else before.version + int(changed)
    values = (
        competitor, page.kind, page.lang, page.script, page.title, page.description, fetch.status,
        fetch.body_hash, text_hash, fetch.etag, fetch.last_modified, targets_json(item.outlinks),
        fetch.archive_file, fetch.archive_offset, version, seen,
    )  # fmt: skip
    if before is None:
        cursor = connection.execute(
            "INSERT INTO pages (competitor, kind, lang, script, title, description, status, "
            "body_hash, text_hash, etag, last_modified, links_json, archive_file, archive_offset, "
            "version, last_seen, url, first_seen, changed_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, item.target.url, seen, seen),
        )
        assert cursor.lastrowid is not None
        page_id = cursor.lastrowid
    else:
        page_id = before.id
        connection.execute(
            "UPDATE pages SET competitor = ?, kind = ?, lang = ?, script = ?, title = ?, "
            "description = ?, status = ?, body_hash = ?, text_hash = ?, etag = ?, "
            "last_modified = ?, links_json = ?, archive_file = ?, archive_offset = ?, "
            "version = ?, last_seen = ?, changed_at = iif(?, ?, changed_at) WHERE id = ?",
            (*values, changed, seen, page_id),
        )
    _write_channels(connection, page_id, item.channels)
    write_reviews(connection, competitor, item.target.url, page.title, page.reviews, seen)
    if not changed:
        connection.execute("UPDATE offers SET last_seen = ? WHERE page_id = ?", (seen, page_id))
        return
    connection.execute(
        "INSERT OR REPLACE INTO page_versions (page_id, version, seen_at, title, description, "
        "text, headings_json, company_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (page_id, version, seen, page.title, page.description, page.text,
         as_json(page.headings), as_json(page.company)),
    )  # fmt: skip
    _write_offers(connection, competitor, page_id, page.offers, seen)
    new = PageFacts(
        url=item.target.url, kind=page.kind, title=page.title, description=page.description,
        company=page.company, offers=page.offers,
    )  # fmt: skip
    if run_id is None:
        pass
    elif old is not None:
        _write_changes(connection, competitor, page_id, compare(old, new), seen)
    elif _has_baseline(connection, competitor, run_id):
        _write_changes(connection, competitor, page_id, (new_page(new),), seen)
    connection.execute("INSERT OR IGNORE INTO dirty VALUES ('competitor', ?)", (competitor,))


def page_unchanged(connection: sqlite3.Connection, fetch: Fetch, url: str) -> None:
    """A page that was not sent again, or sent byte for byte: it was seen, and where it was sent
    the archive holds a younger copy.
    """
    seen = utc_text(fetch.fetched_at)
    connection.execute(
        "UPDATE pages SET last_seen = ?, archive_file = coalesce(?, archive_file), "
        "archive_offset = coalesce(?, archive_offset) WHERE url = ?",
        (seen, fetch.archive_file, fetch.archive_offset, url),
    )
    connection.execute(
        "UPDATE offers SET last_seen = ? WHERE page_id = (SELECT id FROM pages WHERE url = ?)",
        (seen, url),
    )


def page_gone(connection: sqlite3.Connection, url: str, status: int, at: str) -> None:
    """A known page answered 404 or 410: that is a change, told once."""
    row = connection.execute(
        "SELECT id, competitor, title, kind FROM pages WHERE url = ? AND status < 400", (url,)
    ).fetchone()
    if row is None:
        return
    page_id, competitor, title, kind = row
    connection.execute("UPDATE pages SET status = ? WHERE id = ?", (status, page_id))
    _write_changes(
        connection, competitor, page_id, (removed_page(url=url, title=title, kind=kind),), at
    )
    connection.execute("INSERT OR IGNORE INTO dirty VALUES ('competitor', ?)", (competitor,))


def _hash_of(item: PageItem) -> str:
    page = item.page
    said = as_json(
        [page.kind, page.title, page.description, page.text, page.headings, page.offers,
         page.company]
    )  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()


def _facts(connection: sqlite3.Connection, before: _Before, competitor: str) -> PageFacts:
    title, description, company, url, kind = connection.execute(
        "SELECT v.title, v.description, v.company_json, p.url, p.kind FROM page_versions v "
        "JOIN pages p ON p.id = v.page_id WHERE v.page_id = ? AND v.version = ?",
        (before.id, before.version),
    ).fetchone()
    offers = tuple(
        Offer(
            name=row[0], price=from_minor(row[1], row[3]), price_max=from_minor(row[2], row[3]),
            currency=row[3], period=row[4], unit=row[5], price_text=row[6], availability=row[7],
            sku=row[8],
        )
        for row in connection.execute(
            "SELECT name, price_minor, price_max_minor, currency, period, unit, price_text, "
            "availability, sku FROM offers WHERE page_id = ? ORDER BY position",
            (before.id,),
        )
    )  # fmt: skip
    return PageFacts(
        url=url, kind=kind, title=title, description=description, company=company_from(company),
        offers=offers,
    )  # fmt: skip


def _has_baseline(connection: sqlite3.Connection, competitor: str, run_id: int) -> bool:
    """Whether an earlier run has finished with this site: only then is a page new."""
    row = connection.execute(
        "SELECT 1 FROM run_sources WHERE source = ? AND run_id < ? "
        "AND outcome IN ('read', 'partial', 'unchanged') LIMIT 1",
        (competitor, run_id),
    ).fetchone()
    return row is not None


def _write_channels(
    connection: sqlite3.Connection, page_id: int, tags: tuple[ChannelTag, ...]
) -> None:
    connection.execute("DELETE FROM page_channels WHERE page_id = ?", (page_id,))
    connection.executemany(
        "INSERT OR REPLACE INTO page_channels (page_id, channel, role, platform, strength, "
        "evidence_json) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (page_id, tag.channel, tag.role, tag.platform or "", tag.strength,
             as_json(tag.evidence))
            for tag in tags
        ],
    )  # fmt: skip


def _offer_keys(offers: tuple[Offer, ...]) -> list[str]:
    """One key an offer: sku, else folded name with its period and unit, else its place."""
    keys: list[str] = []
    for place, offer in enumerate(offers):
        key = offer.sku or fold(f"{offer.name or ''}|{offer.period or ''}|{offer.unit or ''}")
        if not offer.sku and not offer.name:
            key = f"#{place}"
        while key in keys:
            key += f"#{place}"
        keys.append(key)
    return keys


def _write_offers(
    connection: sqlite3.Connection,
    competitor: str,
    page_id: int,
    offers: tuple[Offer, ...],
    seen: str,
) -> None:
    stored = {
        key: (id_, price, currency)
        for id_, key, price, currency in connection.execute(
            "SELECT id, key, price_minor, currency FROM offers WHERE page_id = ?", (page_id,)
        )
    }
    keys = _offer_keys(offers)
    for place, (key, offer) in enumerate(zip(keys, offers, strict=True)):
        price = to_minor(offer.price, offer.currency)
        row = connection.execute(
            "INSERT INTO offers (competitor, page_id, key, position, name, price_minor, "
            "price_max_minor, currency, period, unit, price_text, availability, sku, brand, "
            "rating, review_count, sold_count, first_seen, last_seen) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (page_id, key) DO UPDATE SET position = excluded.position, "
            "name = excluded.name, price_minor = excluded.price_minor, "
            "price_max_minor = excluded.price_max_minor, currency = excluded.currency, "
            "period = excluded.period, unit = excluded.unit, price_text = excluded.price_text, "
            "availability = excluded.availability, sku = excluded.sku, brand = excluded.brand, "
            "rating = excluded.rating, review_count = excluded.review_count, "
            "sold_count = excluded.sold_count, last_seen = excluded.last_seen RETURNING id",
            (
                competitor, page_id, key, place, offer.name, price,
                to_minor(offer.price_max, offer.currency), offer.currency, offer.period,
                offer.unit, offer.price_text, offer.availability, offer.sku, offer.brand,
                float(offer.rating) if offer.rating is not None else None, offer.review_count,
                offer.sold_count, seen, seen,
            ),
        ).fetchone()  # fmt: skip
        before = stored.get(key)
        if before is None or before[1:] != (price, offer.currency):
            connection.execute(
                "INSERT OR REPLACE INTO price_history VALUES (?, ?, ?, ?, ?)",
                (row[0], seen, price, offer.currency, offer.price_text),
            )
    gone = [(stored[key][0],) for key in stored.keys() - set(keys)]
    connection.executemany("DELETE FROM offers WHERE id = ?", gone)


def _write_changes(
    connection: sqlite3.Connection,
    competitor: str,
    page_id: int,
    changes: tuple[Change, ...],
    at: str,
) -> None:
    connection.executemany(
        "INSERT INTO changes (competitor, page_id, kind, field, old, new, words, importance, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (competitor, page_id, c.kind, c.field, c.old, c.new, c.words, c.importance, at)
            for c in changes
        ],
    )

"""Writing a competitor's page: its row, versions, offers, prices, channels, changes."""

import hashlib
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from crawlers.items import ChannelTag, Company, Fetch, PageItem
from crawlers.urls import canonical_url, host_of, registrable_domain
from pipelines.changes import PageFacts, compare, new_page, stand_in_of
from pipelines.changes.noise import same
from pipelines.storage.crawl_state import targets_json
from pipelines.storage.facts import as_json
from pipelines.storage.new_pages import is_new
from pipelines.storage.readers import facts_of, read_again, readers_mark
from pipelines.storage.times import utc_text
from pipelines.storage.write_changes import facts_from, insert_change, tell, tell_channels
from pipelines.storage.write_listings import write_page_links
from pipelines.storage.write_offers import stored_offers, write_offers
from pipelines.storage.write_posts import write_reviews
from pipelines.storage.write_search import write_search_work


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """A page's row as it stood. ``readers`` is the mark of the readers that read it, ``said`` a
    hash of what they read.
    """

    id: int
    version: int
    readers: str
    said: str
    status: int
    file: str | None
    offset: int | None


def write_page(
    connection: sqlite3.Connection,
    item: PageItem,
    *,
    run_id: int | None,
    folder: Path | None = None,
) -> str | None:
    """Store a page that was read; a page that says what it said only moves ``last_seen``.

    :param run_id: the run that fetched it; ``None`` where an archived answer is read again with
        other rules: what then differs is not a change of the site.
    :param folder: the market's data folder, where older answers are kept to be compared as today's
        readers read them.
    :returns: why the answer is not the page, and nothing was stored of it: ``missing`` (it says
        that there is no such page), ``moved`` (it is another page of the site), ``stand_in`` (a
        notice in place of the site); else ``None``.
    """
    page, fetch, competitor = item.page, item.fetch, item.target.source
    seen = utc_text(fetch.fetched_at)
    said = _hash_of(item)
    before = _before(connection, item.target.url)
    changed = before is None or before.said != said
    back = before is not None and before.status >= 400
    new, old = facts_of(item), None
    if run_id is not None:
        stored = _stored(connection, before) if before else None
        other = _not_the_page(connection, item, before, stored, new) if changed else None
        if other is not None:
            return other
        if before is not None and stored is not None and not back:
            old = _comparable(connection, before, stored, folder, competitor)
    version = 1 if before is None else before.version + int(changed)
    values = (
        competitor, page.kind, page.lang, page.script, page.title, page.description, fetch.status,
        fetch.body_hash, f"{readers_mark()}:{said}", fetch.etag, fetch.last_modified,
        targets_json(item.outlinks), fetch.archive_file, fetch.archive_offset, version, seen,
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
    write_search_work(connection, page_id, page.search)
    write_page_links(connection, page_id, fetch.final_url or item.target.url, page.links)
    write_reviews(connection, competitor, item.target.url, page.title, page.reviews, seen)
    if changed:
        connection.execute(
            "INSERT OR REPLACE INTO page_versions (page_id, version, seen_at, title, description, "
            "text, headings_json, company_json, notices_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (page_id, version, seen, page.title, page.description, page.text,
             as_json(page.headings), as_json(page.company), as_json(page.notices)),
        )  # fmt: skip
        write_offers(connection, competitor, page_id, page.offers, seen)
    else:
        connection.execute("UPDATE offers SET last_seen = ? WHERE page_id = ?", (seen, page_id))
    if run_id is not None:
        fresh = back or (before is None and is_new(connection, competitor, item.target.url, run_id))
        if fresh:
            insert_change(connection, competitor, page_id, new_page(new), seen)
        elif old is not None and changed:
            tell(connection, run_id, competitor, page_id, compare(old, new), seen)
        if fresh or old is not None:
            tell_channels(connection, run_id, competitor, page_id, old, new, seen)
    if changed or back:
        connection.execute("INSERT OR IGNORE INTO dirty VALUES ('competitor', ?)", (competitor,))
    return None


def page_unchanged(connection: sqlite3.Connection, fetch: Fetch, url: str) -> None:
    """A page that was not sent again, or sent byte for byte: it was seen, and where it was sent
    the archive holds a younger copy.
    """
    seen = utc_text(fetch.fetched_at)
    row = connection.execute(
        "UPDATE pages SET last_seen = ?, archive_file = coalesce(?, archive_file), "
        "archive_offset = coalesce(?, archive_offset) WHERE url = ? "
        "RETURNING id, competitor, status, url, kind, title",
        (seen, fetch.archive_file, fetch.archive_offset, url),
    ).fetchone()
    if row is None:
        return
    page_id, competitor, status, url, kind, title = row
    connection.execute("UPDATE offers SET last_seen = ? WHERE page_id = ?", (seen, page_id))
    if status >= 400:  # it was gone, and is back as it was
        connection.execute("UPDATE pages SET status = 200 WHERE id = ?", (page_id,))
        back = PageFacts(url=url, kind=kind, title=title, description="", company=Company())
        insert_change(connection, competitor, page_id, new_page(back), seen)
        connection.execute("INSERT OR IGNORE INTO dirty VALUES ('competitor', ?)", (competitor,))


def _before(connection: sqlite3.Connection, url: str) -> _Before | None:
    row = connection.execute(
        "SELECT id, version, text_hash, status, archive_file, archive_offset FROM pages "
        "WHERE url = ?",
        (url,),
    ).fetchone()
    if row is None:
        return None
    id_, version, text_hash, status, file, offset = row
    readers, _, said = text_hash.rpartition(":")
    return _Before(
        id=id_, version=version, readers=readers, said=said, status=status, file=file,
        offset=offset,
    )  # fmt: skip


def _hash_of(item: PageItem) -> str:
    page = item.page
    said = as_json(
        [page.kind, page.title, page.description, page.text, page.notices, page.headings,
         page.offers, page.company]
    )  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()


def _stored(connection: sqlite3.Connection, before: _Before) -> PageFacts:
    """A page as its last version is stored."""
    row = connection.execute(
        "SELECT p.url, p.kind, v.title, v.description, v.company_json, v.text, v.headings_json, "
        "v.notices_json FROM page_versions v JOIN pages p ON p.id = v.page_id "
        "WHERE v.page_id = ? AND v.version = ?",
        (before.id, before.version),
    ).fetchone()
    tags = tuple(
        ChannelTag(
            channel=channel, role=role, platform=platform or None, strength=strength, evidence=()
        )
        for channel, role, platform, strength in connection.execute(
            "SELECT channel, role, platform, strength FROM page_channels WHERE page_id = ?",
            (before.id,),
        )
    )
    return replace(facts_from(row), offers=stored_offers(connection, before.id), channels=tags)


def _comparable(
    connection: sqlite3.Connection,
    before: _Before,
    stored: PageFacts,
    folder: Path | None,
    competitor: str,
) -> PageFacts | None:
    """The page as it was, read by the readers of today; ``None`` where that cannot be had, or
    where what was stored was no page of the site.
    """
    if stand_in_of(None, stored, inner_links=0) is not None:
        return None
    if before.readers == readers_mark():
        return stored
    if folder is None or before.file is None or before.offset is None:
        return None
    return read_again(
        folder, before.file, before.offset, url=stored.url, competitor=competitor,
        least=len(stored.text),
    )  # fmt: skip


def _not_the_page(
    connection: sqlite3.Connection,
    item: PageItem,
    before: _Before | None,
    stored: PageFacts | None,
    new: PageFacts,
) -> str | None:
    """Why an answer is not the page that was asked for; ``None`` where it is."""
    url, final = item.target.url, _canonical(item.fetch.final_url or item.target.url)
    own, there = registrable_domain(host_of(url)), registrable_domain(host_of(final))
    inner = sum(registrable_domain(host_of(link.url)) == there for link in item.page.links)
    stand_in = stand_in_of(stored, new, inner_links=inner)
    if stand_in == "missing":
        return "missing"
    if before is None or stored is None:
        return None
    if stand_in == "closed":
        return "stand_in"
    if own != there:  # a home that leads to another domain, as a lapsed name leads to its seller
        return None if same(stored.title, new.title) else "stand_in"
    if final == url:
        return None
    other = _before(connection, final)
    if other is None or other.id == before.id:
        return None
    alias = connection.execute(
        "SELECT 1 FROM page_versions a JOIN page_versions b ON b.title = a.title "
        "AND b.text = a.text WHERE a.page_id = ? AND a.version = ? AND b.page_id = ? LIMIT 1",
        (before.id, before.version, other.id),
    ).fetchone()  # it has always led there: nothing of its own has changed
    return None if alias is not None else "moved"


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return url


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

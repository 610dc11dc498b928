"""Which of a page's changes are news of the site, and their rows."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

from pipelines.changes import Change, PageFacts, channel_key, channel_seen
from pipelines.changes.stating import states, stood_before
from pipelines.channels import platform_names
from pipelines.storage.facts import company_from

TURNS = 3
"""How many versions of a page are looked through for a value that only comes round again."""
LEAST_STRENGTH = 2
"""A channel of less strength is a guess; guesses come and go."""


def tell(
    connection: sqlite3.Connection,
    run_id: int,
    competitor: str,
    page_id: int,
    changes: Iterable[Change],
    at: str,
) -> None:
    """Store those of a page's changes that are news: a fact of the site is told once a run, begins
    where no other page stated it, ends where none does any more; what only comes round again is
    none.
    """
    for change in changes:
        if _told(connection, run_id, competitor, change):
            continue
        lasting = change.site_wide and None in (change.old, change.new)
        if lasting and any(
            states(page, change) for page in _others(connection, competitor, page_id)
        ):
            continue
        if any(stood_before(page, change) for page in _earlier(connection, page_id)):
            continue
        insert_change(connection, competitor, page_id, change, at)


def tell_channels(
    connection: sqlite3.Connection,
    run_id: int,
    competitor: str,
    page_id: int,
    old: PageFacts | None,
    new: PageFacts,
    at: str,
) -> None:
    """Tell the channels a page gives the site's first proof of.

    :param old: the page as it was; ``None`` where the page itself is new.
    """
    before = {channel_key(t.channel, t.role, t.platform or "") for t in old.channels} if old else ()
    for tag in new.channels:
        key = (tag.channel, tag.role, tag.platform or "")
        if tag.strength < LEAST_STRENGTH or channel_key(*key) in before:
            continue
        known = connection.execute(
            "SELECT 1 FROM channel_tags WHERE subject = ?1 AND channel = ?2 AND role = ?3 "
            "AND platform = ?4 AND first_seen < ?5 UNION ALL "
            "SELECT 1 FROM page_channels c JOIN pages p ON p.id = c.page_id "
            "WHERE p.competitor = ?1 AND c.channel = ?2 AND c.role = ?3 AND c.platform = ?4 "
            "AND p.id <> ?6 LIMIT 1",
            (competitor, *key, began(connection, run_id), page_id),
        ).fetchone()
        if known is None:
            name = platform_names().get(tag.platform or "", tag.platform or "")
            change = channel_seen(tag, platform=name)
            if not _told(connection, run_id, competitor, change):
                insert_change(connection, competitor, page_id, change, at)


def insert_change(
    connection: sqlite3.Connection, competitor: str, page_id: int | None, change: Change, at: str
) -> None:
    """A change's row."""
    connection.execute(
        "INSERT INTO changes (competitor, page_id, kind, field, old, new, words, importance, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (competitor, page_id, change.kind, change.field, change.old, change.new, change.words,
         change.importance, at),
    )  # fmt: skip


def began(connection: sqlite3.Connection, run_id: int) -> str:
    """When a run began, as UTC text."""
    row = connection.execute("SELECT started_at FROM runs WHERE id = ?", (run_id,)).fetchone()
    return str(row[0]) if row else ""


def _told(connection: sqlite3.Connection, run_id: int, competitor: str, change: Change) -> bool:
    row = connection.execute(
        "SELECT 1 FROM changes WHERE competitor = ? AND kind = ? AND field = ? AND old IS ? "
        "AND new IS ? AND words = ? AND at >= ? LIMIT 1",
        (competitor, change.kind, change.field, change.old, change.new, change.words,
         began(connection, run_id)),
    ).fetchone()  # fmt: skip
    return row is not None


_FACTS = (
    "SELECT p.url, p.kind, v.title, v.description, v.company_json, v.text, v.headings_json, "
    "v.notices_json FROM page_versions v JOIN pages p ON p.id = v.page_id "
)


def _others(connection: sqlite3.Connection, competitor: str, page_id: int) -> Iterator[PageFacts]:
    rows = connection.execute(
        f"{_FACTS} WHERE p.competitor = ? AND p.id <> ? AND p.status < 400 "
        "AND v.version = p.version",
        (competitor, page_id),
    )
    return (facts_from(row) for row in rows)


def _earlier(connection: sqlite3.Connection, page_id: int) -> Iterator[PageFacts]:
    """Versions of the page before those compared: the row's own, and the one before it."""
    rows = connection.execute(
        f"{_FACTS} WHERE p.id = ? AND v.version < p.version - 1 ORDER BY v.version DESC LIMIT ?",
        (page_id, TURNS),
    )
    return (facts_from(row) for row in rows.fetchall())


def facts_from(row: tuple[str, str, str, str, str, str, str, str]) -> PageFacts:
    """The words of a stored version: url, kind, title, description, company, text, headings and
    notices.
    """
    url, kind, title, description, company, text, headings, notices = row
    return PageFacts(
        url=url, kind=kind, title=title, description=description, company=company_from(company),
        text=text, headings=tuple(json.loads(headings)), notices=tuple(json.loads(notices)),
    )  # fmt: skip

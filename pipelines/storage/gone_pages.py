"""Pages that are gone: told when a crawl has ended, for only the whole of it tells a page that was
taken away from a site that is down.
"""

import sqlite3
from collections.abc import Iterable

from pipelines.changes import removed_page
from pipelines.storage.new_pages import ASKED_AGAIN, GOOD, last_good_run
from pipelines.storage.write_changes import began, insert_change

GONE = ("http_404", "http_410", "missing", "moved")
"""Reasons of a failure that speak of the page, not of the server or the way to it."""
_GONE = ", ".join(f"'{reason}'" for reason in GONE)
MANY = 3
"""So many pages that go at once, and more than stay, are believed when they are gone twice: a
site's own address rules break more often than a site is taken down but for its home page."""


def tell_gone_pages(
    connection: sqlite3.Connection, run_id: int, sources: Iterable[tuple[str, str]], at: str
) -> None:
    """Tell the pages that a finished run found gone, once each.

    A page counts as gone where the site otherwise answers: its home page was read in this run. One
    that the site's own pages still lead to is believed when two crawls running find it gone, or
    when the server says so for good (410).

    :param sources: (source, outcome) of the run's sources.
    """
    since = began(connection, run_id)
    answering = _homes_that_answer(connection, run_id, since)
    for source, outcome in sources:
        if outcome not in GOOD or source not in answering:
            continue
        _forget_moves(connection, source, since)
        gone = connection.execute(
            "SELECT p.id, p.url, p.title, p.kind, f.reason, r.meta_json ->> ? FROM failures f "
            "JOIN pages p ON p.url = f.url "
            "LEFT JOIN frontier r ON r.run_id = f.run_id AND r.url = f.url "
            f"WHERE f.run_id = ? AND f.source = ? AND f.reason IN ({_GONE}) AND p.status < 400 "
            "AND p.competitor = f.source AND p.last_seen < ? ORDER BY p.id",
            (ASKED_AGAIN, run_id, source, since),
        ).fetchall()
        (stay,) = connection.execute(
            "SELECT count(*) FROM pages WHERE competitor = ? AND first_seen < ? AND last_seen >= ?",
            (source, since, since),
        ).fetchone()
        many = len(gone) >= MANY and len(gone) > stay
        for page_id, url, title, kind, reason, unlinked in gone:
            sure = reason == "http_410" or (unlinked is not None and not many)
            if not (sure or _gone_before(connection, run_id, source, url)):
                continue
            status = int(reason[5:]) if reason.startswith("http_") else 404
            connection.execute("UPDATE pages SET status = ? WHERE id = ?", (status, page_id))
            change = removed_page(url=url, title=title, kind=kind)
            insert_change(connection, source, page_id, change, at)
            connection.execute("INSERT OR IGNORE INTO dirty VALUES ('competitor', ?)", (source,))


def _homes_that_answer(connection: sqlite3.Connection, run_id: int, since: str) -> set[str]:
    """The sources whose home page was read in a run: all at once, for it takes the frontier."""
    rows = connection.execute(
        "SELECT DISTINCT f.source FROM frontier f JOIN pages p ON p.url = f.url "
        "WHERE f.run_id = ? AND f.role = 'page' AND f.depth = 0 AND f.state = 'done' "
        "AND f.meta_json ->> 'kind' = 'home' AND p.last_seen >= ?",
        (run_id, since),
    )
    return {row[0] for row in rows}


def _gone_before(connection: sqlite3.Connection, run_id: int, source: str, url: str) -> bool:
    """Whether the last crawl of the site found the page gone too."""
    before = last_good_run(connection, source, run_id)
    row = connection.execute(
        f"SELECT 1 FROM failures WHERE run_id = ? AND url = ? AND reason IN ({_GONE}) LIMIT 1",
        (before, url),
    ).fetchone()
    return row is not None


def _forget_moves(connection: sqlite3.Connection, source: str, since: str) -> None:
    """A page that only got another address is no new page, and the old one is not missed."""
    moved = connection.execute(
        "SELECT c.id, old.id FROM changes c JOIN pages new ON new.id = c.page_id "
        "JOIN page_versions a ON a.page_id = new.id AND a.version = new.version "
        "JOIN pages old ON old.competitor = new.competitor AND old.id <> new.id "
        "AND old.first_seen < ?2 AND old.last_seen < ?2 AND old.status < 400 "
        "JOIN page_versions b ON b.page_id = old.id AND b.version = old.version "
        "AND b.title = a.title AND b.text = a.text AND length(a.text) >= 200 "
        "WHERE c.competitor = ?1 AND c.kind = 'new_page' AND c.at >= ?2 "
        "AND EXISTS (SELECT 1 FROM failures f WHERE f.url = old.url AND f.at >= ?2 "
        f"AND f.reason IN ({_GONE}))",
        (source, since),
    ).fetchall()
    for change, page_id in moved:
        connection.execute("DELETE FROM changes WHERE id = ?", (change,))
        connection.execute("UPDATE pages SET status = 410 WHERE id = ?", (page_id,))

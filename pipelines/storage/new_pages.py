"""Whether a page that is read for the first time is new on its site, or only new to us."""

import json
import sqlite3

from pipelines.storage.write_changes import began

ASKED_AGAIN = "known"
"""Key of the meta of a target that is asked for only because an earlier crawl knew the page."""
QUICK_LOOKS = ("discover", "looks")
"""The spiders that read a page or three of a site, to tell what it is."""
GOOD = ("read", "partial", "unchanged")
"""Outcomes of ``run_sources`` after which a site counts as read."""
_GOOD = ", ".join(f"'{outcome}'" for outcome in GOOD)
_ABSENT = "'http_404', 'http_410', 'missing'"
_NO_FAULT = f"{_ABSENT}, 'moved', 'not_html', 'left_site', 'robots', 'login'"


def last_good_run(connection: sqlite3.Connection, source: str, before: int) -> int | None:
    """The last run before another in which a source was read; a quick look reads too little."""
    row = connection.execute(
        f"SELECT max(s.run_id) FROM run_sources s JOIN runs r ON r.id = s.run_id "
        f"WHERE s.source = ? AND s.run_id < ? AND s.outcome IN ({_GOOD}) "
        "AND r.spider NOT IN (?, ?)",
        (source, before, *QUICK_LOOKS),
    ).fetchone()
    return int(row[0]) if row[0] is not None else None


def is_new(connection: sqlite3.Connection, competitor: str, url: str, run_id: int) -> bool:
    """Whether the last crawl of the site would have seen this page, had it been there.

    It would not where it never came so far: where it had found the address and left it waiting, or
    left others of that kind waiting (a shop of ten thousand goods shows other goods each time), or
    where the page that leads here failed.
    """
    before = last_good_run(connection, competitor, run_id)
    if before is None:
        return False  # the baseline
    then = _state(connection, before, competitor, url)
    if then is not None:  # it was asked for then: it was there, or it was not
        return then == "failed" and _failed(connection, before, url, f"IN ({_ABSENT})")
    if not _is_kept(connection, before, competitor):
        return False
    kind = connection.execute(
        "SELECT coalesce(meta_json ->> 'kind', '') FROM frontier WHERE run_id = ? AND url = ?",
        (run_id, url),
    ).fetchone()
    rows = connection.execute(
        "SELECT DISTINCT coalesce(meta_json ->> 'kind', '') "
        "FROM frontier INDEXED BY frontier_pending WHERE run_id = ? AND source = ? "
        "AND state = 'pending' AND role = 'page' AND meta_json ->> ? IS NULL",
        (before, competitor, ASKED_AGAIN),
    )
    waiting = {row[0] for row in rows}
    if waiting and (kind is None or kind[0] in waiting):
        return False
    faults = connection.execute(
        "SELECT 1 FROM failures l JOIN frontier f ON f.run_id = l.run_id AND f.url = l.url "
        "WHERE l.run_id = ? AND f.source = ? AND f.role = 'page' AND f.state <> 'done' "
        f"AND l.reason NOT IN ({_NO_FAULT}) LIMIT 1",
        (before, competitor),
    ).fetchone()
    if faults is None:
        return True
    leading = connection.execute(
        "SELECT url FROM pages WHERE competitor = ? AND first_seen < ? "
        "AND instr(links_json, ?) LIMIT 1",
        (competitor, began(connection, run_id), json.dumps(url, ensure_ascii=False)),
    ).fetchone()
    return leading is not None and _state(connection, before, competitor, leading[0]) == "done"


def _state(connection: sqlite3.Connection, run_id: int, source: str, url: str) -> str | None:
    """What became of an address of a site in a run; ``None``: the run did not know it."""
    row = connection.execute(
        "SELECT state FROM frontier WHERE run_id = ? AND url = ? AND source = ? AND role = 'page'",
        (run_id, url, source),
    ).fetchone()
    return str(row[0]) if row else None


def _is_kept(connection: sqlite3.Connection, run_id: int, source: str) -> bool:
    """Whether a run's addresses of a site are still there. The frontier is not looked through, as
    it holds those of all sites: a site that was read has a page, or addresses that wait.
    """
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM frontier INDEXED BY frontier_pending WHERE run_id = ?1 "
        "AND source = ?2 AND state = 'pending' AND role = 'page') "
        "OR EXISTS (SELECT 1 FROM pages p CROSS JOIN frontier f "
        "ON f.run_id = ?1 AND f.url = p.url AND f.source = ?2 AND f.role = 'page' "
        "WHERE p.competitor = ?2)",
        (run_id, source),
    ).fetchone()
    return bool(row[0])


def _failed(connection: sqlite3.Connection, run_id: int, url: str, reasons: str) -> bool:
    row = connection.execute(
        f"SELECT 1 FROM failures WHERE run_id = ? AND url = ? AND reason {reasons} LIMIT 1",
        (run_id, url),
    ).fetchone()
    return row is not None

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
    frontier = connection.execute(
        "SELECT url, state, iif(meta_json ->> ? IS NULL, coalesce(meta_json ->> 'kind', ''), NULL) "
        "FROM frontier WHERE run_id = ? AND source = ? AND role = 'page'",
        (ASKED_AGAIN, before, competitor),
    ).fetchall()
    if not frontier:
        return False
    states = {address: state for address, state, _ in frontier}
    if url in states:  # it was asked for then: it was there, or it was not
        return states[url] == "failed" and _failed(connection, before, url, f"IN ({_ABSENT})")
    kind = connection.execute(
        "SELECT coalesce(meta_json ->> 'kind', '') FROM frontier WHERE run_id = ? AND url = ?",
        (run_id, url),
    ).fetchone()
    waiting = {other for _, state, other in frontier if state == "pending"} - {None}
    if waiting and (kind is None or kind[0] in waiting):
        return False
    faults = any(
        state != "done" and _failed(connection, before, address, f"NOT IN ({_NO_FAULT})")
        for address, state, _ in frontier
    )
    if not faults:
        return True
    leading = connection.execute(
        "SELECT url FROM pages WHERE competitor = ? AND first_seen < ? "
        "AND instr(links_json, ?) LIMIT 1",
        (competitor, began(connection, run_id), json.dumps(url, ensure_ascii=False)),
    ).fetchone()
    return leading is not None and states.get(leading[0]) == "done"


def _failed(connection: sqlite3.Connection, run_id: int, url: str, reasons: str) -> bool:
    row = connection.execute(
        f"SELECT 1 FROM failures WHERE run_id = ? AND url = ? AND reason {reasons} LIMIT 1",
        (run_id, url),
    ).fetchone()
    return row is not None

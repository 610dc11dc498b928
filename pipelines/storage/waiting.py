"""What waits from one run for the next: the rest of large forums, pages of sites that were left."""

import json
import sqlite3
from datetime import timedelta

from crawlers.patience import PUT_OFF
from crawlers.state import WAITED
from pipelines.storage.times import now, utc_text

NIGHT_HOURS = 12
"""A run over forums that was stopped in order (a budget, a signal) and began longer ago than this
has had its night: the next start reads what is new, and reads on beside it. A start sooner goes on
with it, and so does any start with a run that was killed."""

_FORUM_ROWS = (
    "f.state = 'pending' AND f.role IN ('index', 'board', 'topic') "
    "AND EXISTS (SELECT 1 FROM forums o, market m WHERE o.id = f.source AND o.origin = 'file' "
    "AND o.last_seen >= m.loaded_at)"
)
"""Rows ``f`` of the frontier that wait of forums the market file names now, as just loaded."""


def end_night(connection: sqlite3.Connection, spider: str) -> None:
    """End a run over forums that has had its night; what it left waits for the next."""
    connection.execute(
        "UPDATE runs SET status = 'finished' WHERE spider = ? AND status = 'running' "
        "AND finished_at IS NOT NULL AND started_at < ? "
        f"AND EXISTS (SELECT 1 FROM frontier f WHERE f.run_id = runs.id AND {_FORUM_ROWS})",
        (spider, utc_text(now() - timedelta(hours=NIGHT_HOURS))),
    )


def hand_on(connection: sqlite3.Connection, spider: str, run_id: int) -> None:
    """Give a new run what waits.

    Of forums that the market file names, whatever the run before left
    (:data:`crawlers.state.WAITED`), so that a large one is read on while all are asked for their
    news. Also of a run that was given up: its lists may be old, but they are read anew, and the
    rest is still there. Of other sources, the pages of sites that were left.
    """
    connection.execute(
        "INSERT INTO frontier (run_id, url, source, role, depth, priority, meta_json) "
        "SELECT ?1, url, source, role, depth, priority, json_set(meta_json, '$.' || ?3, 'yes') "
        "FROM frontier f WHERE run_id = "
        f"(SELECT max(id) FROM runs WHERE spider = ?2 AND id < ?1) AND {_FORUM_ROWS}",
        (run_id, spider, WAITED),
    )
    connection.execute(
        "INSERT OR IGNORE INTO frontier "
        "(run_id, url, source, role, depth, priority, meta_json) "
        "SELECT ?1, url, source, role, depth, priority, meta_json FROM frontier f "
        "WHERE state = 'pending' AND run_id = "
        "(SELECT max(id) FROM runs WHERE spider = ?2 AND status = 'finished') "
        "AND EXISTS (SELECT 1 FROM failures l WHERE l.run_id = f.run_id "
        "AND l.source = f.source AND l.reason IN (SELECT value FROM json_each(?3)))",
        (run_id, spider, json.dumps(sorted(PUT_OFF))),
    )

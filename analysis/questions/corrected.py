"""What stored answers say, with the corrections made since they were computed.

What is counted of competitors and channels is counted anew, so that a correction wins at once on
every page and in every report. What rests on posts (stages, and which posts speak of a rival) waits
for the next pass; the pages say so. No pandas: pages import this.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any

from analysis.questions.competitors import of_board
from analysis.questions.promoting import promotes
from analysis.questions.standing import standings

Answers = dict[str, dict[str, Any] | None]


def corrected(
    conn: sqlite3.Connection, answers: Mapping[str, dict[str, Any] | None], period: str
) -> Answers:
    """The answers of a time range as they hold now."""
    found = dict(answers)
    board, channels = found.get("competitors"), found.get("channels")
    if not (board or channels) or not _decided_since(conn):
        return found
    if board:
        now = standings(conn, period=period)
        people = {one.competitor: one.counts["authors"] or 0 for one in now}
        found["competitors"] = {**board, **of_board(now, people)}
    if channels:
        found["channels"] = {**channels, "promotes": promotes(conn)}
    return found


def _decided_since(conn: sqlite3.Connection) -> bool:
    """Whether anything was decided since the answers were computed, at the desk or elsewhere."""
    (found,) = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM decisions WHERE decided_at >= "
        "(SELECT max(computed_at) FROM summaries))"
    ).fetchone()
    return bool(found)

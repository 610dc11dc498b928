"""Question 5: why don't they buy (yet)?"""

import sqlite3
from typing import Any

from analysis.frames import frame, rows
from analysis.questions.sample import COUNTED, quotes, sample

HESITATES = "(barrier IS NOT NULL OR objection = 1)"
"""A post that says what keeps its author from buying, or finds fault as a prospect does."""


def answer(conn: sqlite3.Connection) -> dict[str, Any]:
    """Barriers by distinct person, each with the words of up to three of them.

    :returns: ``barriers`` [{barrier, posts, people, share, quotes}], ``objections`` and
        ``poor_fit`` samples, ``sample`` of all who hesitate. ``share`` is of the people who
        hesitate; one person may name several.
    """
    everyone = sample(conn, HESITATES)
    found = rows(
        frame(
            conn,
            f"WITH {COUNTED} SELECT barrier, count(*) AS posts, "
            "count(DISTINCT person) AS people FROM counted WHERE barrier IS NOT NULL "
            "GROUP BY barrier ORDER BY people DESC, posts DESC, barrier",
            types={"barrier": "text", "posts": "integer", "people": "integer"},
        )
    )
    for barrier in found:
        barrier["share"] = round(barrier["people"] / max(everyone["people"], 1), 3)
        barrier["quotes"] = _quotes_of(conn, barrier["barrier"])
    return {
        "barriers": found,
        "objections": sample(conn, "objection = 1"),
        "poor_fit": sample(conn, "poor_fit = 1"),
        "sample": everyone,
    }


def _quotes_of(conn: sqlite3.Connection, barrier: str) -> list[dict[str, Any]]:
    return quotes(conn, "barrier", "c.barrier = ?", (barrier,))

"""Running the real commands, and a market's tables as they compare."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from analysis.demo.market import NAME

SCRAPY = str(Path(sys.executable).parent / "scrapy")


def scrapy(
    home: Path, *arguments: str, cwd: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [SCRAPY, *arguments], cwd=cwd or home, env={**os.environ, "RIVALMAP_HOME": str(home)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


_ROWS = re.compile(r'"post": \d+|"newest": \[[\d, ]*\]')
"""How answers name posts: by the number of their row, which tells the order they came in."""


_NAMES = {
    "posts": "key",
    "threads": "url",
    "pages": "url",
    "offers": "competitor || ' ' || key || ' ' || position",
    "channel_tags": "subject || ' ' || channel || ' ' || role || ' ' || platform",
    "runs": "spider",
}
"""What tells a row of these tables apart whatever its number: rows that name it by its number are
compared by this."""

_ASIDE = (
    "alert_marks",  # ids and times
    "dirty",
    "frontier",
    "market",
    "periods",
    "post_columns",  # the posts in the order of their ids
    "runs",
    "summaries",  # the answers name posts by their ids; the tables they are made from stand here
)
_TIMES = re.compile(r"_seen$|seen_at$|fetched_at$|^at$|_at$|^archive_|^etag$|^last_modified$")
_KEPT = ("posted_at", "published_at", "modified_at")
"""Times that a page says, not the clock of the crawl."""


_OF_RUNS = ("failures", "run_sources")
"""Of these the rows of each spider's first run that ended: where a start is killed in a later
stage, the next one does the stages before it once more, and finds them unchanged."""


def dump(
    home: Path, market: str = NAME, *, outcomes: bool = True
) -> dict[str, list[tuple[object, ...]]]:
    """Every table but :data:`_ASIDE`; unless said, outcomes of sources and failures among them.

    Left out are rows' own numbers and times of fetches; a row that another names by its number is
    compared by what names it (:data:`_NAMES`), a time something went by whether it is set.
    """
    with closing(sqlite3.connect(home / "data" / market / "market.db")) as connection:
        names = {
            table: dict(connection.execute(f"SELECT id, {name} FROM {table}").fetchall())
            for table, name in _NAMES.items()
        }
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM pragma_table_list WHERE type = 'table'")
            if not row[0].startswith(("sqlite_", "_sqlite", "posts_fts"))
            and row[0] not in (_ASIDE if outcomes else (*_ASIDE, *_OF_RUNS))
        ]
        return {table: _rows(connection, table, names) for table in tables}


def _rows(
    connection: sqlite3.Connection, table: str, names: dict[str, dict[int, str]]
) -> list[tuple[object, ...]]:
    to = {
        row[3]: row[2]
        for row in connection.execute(f"PRAGMA foreign_key_list({table})")
        if row[2] in names and row[4] == "id"
    }
    found = []
    first = "WHERE run_id IN (SELECT min(id) FROM runs WHERE status = 'finished' GROUP BY spider)"
    # What a source's row counts is of the part since the last start.
    told = "run_id, source, outcome, whole" if table == "run_sources" else "*"
    cursor = connection.execute(f"SELECT {told} FROM {table} {first if table in _OF_RUNS else ''}")
    columns = [column[0] for column in cursor.description]
    numbered = {
        row[1]
        for row in connection.execute(f"PRAGMA table_info({table})")
        if row[1] == "id" and row[2] == "INTEGER"
    }
    for row in cursor:
        held: dict[str, object] = dict(zip(columns, row, strict=True))
        if table == "pass_marks" and held["pass"] == "answers":
            continue  # it stands for rows with their numbers and times
        if table == "evidence" and held["claim_table"] in names:
            held["claim_key"] = names[str(held["claim_table"])].get(int(str(held["claim_key"])))
        elif table == "evidence" and held["claim_table"] == "demand":
            held["claim_key"] = names["posts"].get(int(str(held["claim_key"])))
        for column, other in to.items():
            if held[column] is not None:
                held[column] = names[other][held[column]]  # type: ignore[index]
        values = (
            value is not None if column == "gone_at"
            else _ROWS.sub("", value) if table.startswith("summary_") and isinstance(value, str)
            else value
            for column, value in held.items()
            if column not in numbered
            and (column == "gone_at" or column in _KEPT or not _TIMES.search(column))
        )  # fmt: skip
        found.append(tuple(values))
    return sorted(found, key=repr)

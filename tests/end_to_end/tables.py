"""Running the real commands, and a market's tables as they compare."""

import os
import re
import sqlite3
import subprocess
import sys
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


def dump(home: Path, market: str = NAME) -> dict[str, list[tuple[object, ...]]]:
    """Every table but those of runs, without ids of runs and times of fetches."""
    left_out = re.compile(
        r"_seen$|seen_at|fetched_at|(?:^|_)at$|^archive_|^etag$|^last_modified$|^id$|_id$|claim_key"
    )
    connection = sqlite3.connect(home / "data" / market / "market.db")
    tables = [
        row[0]
        for row in connection.execute("SELECT name FROM pragma_table_list WHERE type = 'table'")
        if not row[0].startswith(("sqlite_", "_sqlite", "posts_fts", "runs", "run_", "failures"))
        and row[0]
        not in (
            "frontier",
            "market",
            "summaries",
            "periods",
            "dirty",
            "post_columns",
            "alert_marks",
        )
    ]  # the columns are the posts in the order of their ids, the marks are ids and times
    found = {}
    for table in tables:
        columns = [
            row[1]
            for row in connection.execute(f"PRAGMA table_info({table})")
            if not left_out.search(row[1]) or row[1] == "posted_at"
        ]
        rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
        if table == "alert_marks":  # one of them is when the passes last looked
            rows = [row for row in rows if row[:2] != ("pass", "at")]
        if table.startswith("summary_"):
            rows = [
                tuple(_ROWS.sub("", cell) if isinstance(cell, str) else cell for cell in row)
                for row in rows
            ]
        found[table] = sorted(rows, key=repr)
    connection.close()
    return found

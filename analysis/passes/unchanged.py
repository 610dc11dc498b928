"""Whether tiers and answers still stand: what they rest on, as one short mark.

They are judged and computed by rows, market file, programs and models, and by the day the newest
moment known falls on, from which time ranges are counted. Where all of these are as they were, so
would the verdicts and answers be; computing them is most of the work of a night without news.

The rows are taken whole, table by table and column by column as the database has them, so that a
table or column that is added counts without being thought of here. Left out is what the passes
after the mark write themselves, and what changes with each visit though nothing is new. Long texts
are left out, too: who writes one marks it dirty, and what was dirty takes the mark away.
"""

import sqlite3
import sysconfig
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from pathlib import Path

import analysis
from analysis.questions.sample import as_of
from analysis.questions.standing import UNREAD
from analysis.rereading import rules_mark
from crawlers.market import Market
from pipelines.storage.database import transaction

_NAME = "answers"

_NOT_RESTED_ON = frozenset({
    # written after the mark is taken
    "tiers", "tier_history", "summaries", "summary_competitors", "summary_voices", "periods",
    "post_columns", "pass_marks", "alerts", "alert_channels", "alert_deliveries", "alert_marks",
    # read out of posts, which are marked dirty where they change; the rules' version counts, below
    "demand", "feelings", "mentions", "comparisons", "switches", "topics", "author_facts",
    # how a crawl goes; the outcome of each source counts, below
    "runs", "run_sources", "failures", "frontier", "rests", "forum_pages", "source_pages",
})  # fmt: skip
_OF_VISITS = frozenset({
    "last_seen", "fetched_at", "loaded_at", "body_hash", "etag", "last_modified", "archive_file",
    "archive_offset",
})  # fmt: skip
_LEFT_OUT = {
    "evidence": {"id"},  # rows are replaced with their claim
    "posts": {"text", "search_text", "quoted_json"},
    "pages": {"links_json"},
    "page_versions": {"text", "headings_json", "company_json", "notices_json"},
}
"""Beside numbers of rows, long columns of tables whose writers mark what they touch as dirty."""


def mark_of(connection: sqlite3.Connection, market: Market) -> str:
    """What tiers and answers would rest on now."""
    parts = [_programs(), market.digest, str(as_of(connection) or "")[:10]]
    for table, columns in _tables(connection):
        rows = connection.execute(
            f"SELECT {columns} FROM {table}"
            + (" WHERE claim_table NOT IN ('tiers', 'demand')" if table == "evidence" else "")
        )
        parts.append(f"{table} {_sum(rows)}")
    readings = connection.execute("SELECT rule_version, count(*) FROM demand GROUP BY rule_version")
    parts.append(f"readings {_sum(readings)}")
    outcomes = connection.execute(
        "SELECT source, outcome FROM run_sources o "
        "WHERE run_id = (SELECT max(run_id) FROM run_sources WHERE source = o.source)"
    )
    parts.append(f"unread {_sum((source, outcome in UNREAD) for source, outcome in outcomes)}")
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _sum(rows: Iterable[Iterable[object]]) -> int:
    """Stands for rows, in whatever order they come: some are written anew each time."""
    texts = (repr(tuple(row)).encode("utf-8", "replace") for row in rows)
    return sum(int.from_bytes(blake2b(text, digest_size=16).digest()) for text in texts)


def _tables(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Name and columns of each table that counts."""
    names = [
        str(name)
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " AND name NOT GLOB 'posts_fts*' AND name NOT GLOB 'sqlite_*' ORDER BY name"
        )
        if name not in _NOT_RESTED_ON
    ]
    return [(name, ", ".join(_columns(connection, name))) for name in names]


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    left_out = _OF_VISITS | _LEFT_OUT.get(table, set())
    found = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return [name for (name,) in found if name not in left_out]


@cache
def _programs() -> str:
    """This installation: our own files, and which libraries stand beside them."""
    digest = blake2b(rules_mark().encode(), digest_size=16)
    root = Path(analysis.__path__[0])
    for folder in ("passes", "questions"):
        for file in sorted((root / folder).rglob("*.*")):
            if file.suffix != ".pyc" and file.is_file():
                digest.update(file.relative_to(root).as_posix().encode() + b"\0")
                digest.update(file.read_bytes())
    libraries = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    digest.update(repr(sorted(path.name for path in libraries)).encode())
    return digest.hexdigest()


def forget_where_dirty(connection: sqlite3.Connection) -> None:
    """Take the mark away where something waits to be read anew."""
    with transaction(connection):
        connection.execute(
            "DELETE FROM pass_marks WHERE pass = ? AND EXISTS (SELECT 1 FROM dirty)", (_NAME,)
        )


def known(connection: sqlite3.Connection) -> str | None:
    """The mark of what the tiers and answers stored rest on; ``None`` where there are none."""
    row = connection.execute(
        "SELECT mark FROM pass_marks WHERE pass = ? AND EXISTS (SELECT 1 FROM summaries)", (_NAME,)
    ).fetchone()
    return str(row[0]) if row else None


def keep(connection: sqlite3.Connection, mark: str) -> None:
    """Say what the tiers and answers stored rest on."""
    with transaction(connection):
        connection.execute("INSERT OR REPLACE INTO pass_marks VALUES (?, ?)", (_NAME, mark))

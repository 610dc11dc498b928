"""Is the database whole: its file, the search index, what waits for the passes or for a word."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from analysis.checkup.finding import Finding
from analysis.questions.alerts import ALERT_DAYS, recent_alerts
from analysis.questions.candidates import waiting
from analysis.questions.standing import standings
from crawlers.market import Market
from pipelines.storage.database import DatabaseError, open_database, pending

_SAMPLED = 20  # posts looked up in the search index, the newest


def damage(path: Path) -> Finding | None:
    """What is wrong with the database's file; ``None`` where it can be asked."""
    try:
        with closing(open_database(path, read_only=True)) as connection:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except (DatabaseError, sqlite3.DatabaseError) as error:
        verdict = str(error)
    if verdict == "ok":
        return None
    name = path.parent.name
    return Finding(
        state="bad", what="database", words=f"cannot be used: {verdict}",
        mend=f"where it is damaged, put it back from a backup (scrapy restore {name} FILE) or "
        f"build it again from the archive (scrapy refresh {name} --from-archive)",
    )  # fmt: skip


def database(connection: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    """Size, schema, search index, and what waits for the passes."""
    name = path.parent.name
    size = path.stat().st_size / 1e6
    free, pages = (
        connection.execute(f"PRAGMA {what}").fetchone()[0]
        for what in ("freelist_count", "page_count")
    )
    if free > pages / 4:
        yield Finding(
            state="note", what="database",
            words=f"{size:.1f} MB, checks pass; {free / pages:.0%} of it lie empty",
            mend=f"scrapy upkeep {name} gives the space back",
        )  # fmt: skip
    else:
        yield Finding(state="good", what="database", words=f"{size:.1f} MB, checks pass")
    if waits := pending(connection):
        yield Finding(
            state="note", what="schema", words=f"of an older Rivalmap; {waits[-1]} is today's",
            mend="the next research brings it up to date; make a backup first if you may go back",
        )  # fmt: skip
    yield _search_index(connection, name)
    waiting_rows = connection.execute("SELECT count(*) FROM dirty").fetchone()[0]
    if waiting_rows:
        yield Finding(
            state="note", what="passes", words=f"{waiting_rows} rows wait to be read",
            mend="the next research does it; scrapy refresh does it now",
        )  # fmt: skip


def _search_index(connection: sqlite3.Connection, name: str) -> Finding:
    """Counted, and asked for words of the newest posts: both take no time at any size."""
    posts, indexed = connection.execute(
        "SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM posts_fts_docsize)"
    ).fetchone()
    mend = f"scrapy upkeep {name} builds it anew"
    if posts != indexed:
        words = f"{indexed} of {posts} posts are in it"
        return Finding(state="bad", what="search index", words=words, mend=mend)
    rows = connection.execute(
        "SELECT id, search_text FROM posts ORDER BY id DESC LIMIT ?", (_SAMPLED,)
    ).fetchall()
    for id_, text in rows:
        tokens = re.findall(r"\w+", text)
        if not tokens:
            continue
        try:
            found = connection.execute(
                "SELECT 1 FROM posts_fts WHERE posts_fts MATCH ? AND rowid = ?",
                (f'"{max(tokens, key=len)}"', id_),
            ).fetchone()
        except sqlite3.DatabaseError as error:
            return Finding(
                state="bad", what="search index", words=f"cannot be asked: {error}", mend=mend
            )
        if found is None:
            words_of = f"does not find post {id_} by its own words"
            return Finding(state="bad", what="search index", words=words_of, mend=mend)
    return Finding(state="good", what="search index", words=f"{posts} posts")


def alerts(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Who has become a direct rival of late."""
    for alert in recent_alerts(connection):
        yield Finding(
            state="note", what="alert", words=alert.words(),
            mend=f"told for {ALERT_DAYS} days, or until you decide: scrapy review",
        )  # fmt: skip


def candidates(connection: sqlite3.Connection, market: Market) -> Iterator[Finding]:
    """Who was found, and waits for a word."""
    found = waiting(standings(connection))
    if words := found.words():
        rivals = f"; rivals by what was seen: {found.rivals}" if found.companies else ""
        yield Finding(
            state="note", what="candidates",
            words=words + rivals,
            mend=f"accept or ignore them: scrapy review {market.name} --candidates",
        )  # fmt: skip

"""What ``scrapy doctor`` looks at: a finding a check, each with its mend."""

import importlib.metadata
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from analysis.alerting import notify
from analysis.alerting.delivering import channel_states
from analysis.questions.alerts import ALERT_DAYS, recent_alerts
from analysis.questions.candidates import waiting
from analysis.questions.standing import standings
from analysis.source_check import FILE_NAME, load_checks
from analysis.starting import names_nothing, start_of
from crawlers.base.browsing import Browsing
from crawlers.browser.program import sandboxed
from crawlers.market import Market, data_dir
from crawlers.sources import CatalogueError
from pipelines.storage.database import DATABASE_NAME, open_database

STALE_DAYS = 8
"""A market without a run for this long is not being kept fresh; cron examples run daily."""
_SHOWN = ("scrapy", "datasette", "sqlite-utils", "pandas", "selectolax")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: what was looked at, how it is, and how to mend it."""

    state: Literal["good", "note", "bad"]
    what: str
    words: str
    mend: str = ""


def examine(market: Market) -> Iterator[Finding]:
    """Every check on a market, in the order a person would want them."""
    yield _market_file(market)
    yield from _public_sources(market)
    yield Finding(state="good", what="versions", words=_versions())
    browsing = Browsing.for_market(market)
    yield from _browser(browsing)
    path = data_dir(market.name) / DATABASE_NAME
    if not path.exists():
        yield Finding(
            state="note", what="database", words="there is none yet",
            mend=f"scrapy research {market.name}",
        )  # fmt: skip
        return
    connection = open_database(path, read_only=True)
    try:
        yield from _database(connection, path)
        yield from _runs(connection, market)
        yield from _sources(connection, browsing)
        yield from _unread_pages(connection, data_dir(market.name) / "archive", browsing)
        yield from _alerts(connection)
        yield from _alert_channels(connection, market)
        yield from _candidates(connection, market)
    finally:
        connection.close()


def _market_file(market: Market) -> Finding:
    sites = sum(1 for entry in market.competitors if entry.site)
    words = f"{sites} competitors with a site, {len(market.talk)} forums"
    try:
        start = start_of(market, keep=False)
    except CatalogueError as error:
        return Finding(state="bad", what="market file", words=str(error), mend="mend that file")
    if start is not None and names_nothing(market):
        names = ", ".join(row.name for row in (*start.talk, *start.lists))
        return Finding(
            state="note", what="market file",
            words=f"names nothing to read; public places are read in its stead: {names or 'none'}",
            mend=f"name rivals and forums you know in {market.path}; scrapy doctor {market.name} "
            "--sources asks which places answer",
        )  # fmt: skip
    if start is not None:
        words += f", {len(start.ids)} public places chosen before"
    if not sites and not market.talk and not market.lists:
        return Finding(
            state="bad", what="market file", words=words,
            mend=f"add a [[competitor]] with its site or a [[forum]] to {market.path}",
        )  # fmt: skip
    if not market.crawl.contact:
        return Finding(
            state="note", what="market file", words=f"{words}; no contact for the user agent",
            mend='set contact = "you@example.com" under [crawl]: site owners can then reach you',
        )  # fmt: skip
    return Finding(state="good", what="market file", words=words)


def _public_sources(market: Market) -> Iterator[Finding]:
    checks = load_checks(data_dir(market.name) / FILE_NAME).values()
    if checks:
        newest = max(check.checked_at for check in checks)
        found = sum(check.state in ("open", "moved") for check in checks)
        yield Finding(
            state="good", what="public sources",
            words=f"{len(checks)} of the catalogue asked, last on {newest[:10]}; {found} are open",
        )  # fmt: skip


def _versions() -> str:
    found = [f"Python {sys.version.split()[0]}", f"SQLite {sqlite3.sqlite_version}"]
    found += [f"{name} {importlib.metadata.version(name)}" for name in _SHOWN]
    return ", ".join(found)


def _browser(browsing: Browsing) -> Iterator[Finding]:
    if not browsing.wanted:
        return
    if browsing.lack:
        yield Finding(state="bad", what="browser", words=browsing.lack, mend=browsing.mend)
    elif sandboxed():
        yield Finding(
            state="good", what="browser", words=f"{browsing.found.program}, in its sandbox"
        )
    else:
        yield Finding(
            state="note", what="browser",
            words=f"{browsing.found.program}, without its sandbox: Chromium has none as root",
            mend="run research as another user than root",
        )  # fmt: skip


def _database(connection: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    size = path.stat().st_size / 1e6
    if verdict != "ok":
        yield Finding(
            state="bad", what="database", words=f"damaged: {verdict}",
            mend="restore it from a backup, or remove it and run research again",
        )  # fmt: skip
        return
    yield Finding(state="good", what="database", words=f"{size:.1f} MB, checks pass")
    posts, indexed = connection.execute(
        "SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM posts_fts_docsize)"
    ).fetchone()
    if posts == indexed:
        yield Finding(state="good", what="search index", words=f"{posts} posts")
    else:
        yield Finding(
            state="bad", what="search index", words=f"{indexed} of {posts} posts are in it",
            mend="sqlite3 market.db \"INSERT INTO posts_fts (posts_fts) VALUES ('rebuild')\"",
        )  # fmt: skip
    waiting = connection.execute("SELECT count(*) FROM dirty").fetchone()[0]
    if waiting:
        yield Finding(
            state="note", what="passes", words=f"{waiting} rows wait to be read",
            mend="the next research does it; scrapy refresh does it now",
        )  # fmt: skip


def _alerts(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Who has become a direct rival of late."""
    for alert in recent_alerts(connection):
        yield Finding(
            state="note", what="alert", words=alert.words(),
            mend=f"told for {ALERT_DAYS} days, or until you decide: scrapy review",
        )  # fmt: skip


def _alert_channels(connection: sqlite3.Connection, market: Market) -> Iterator[Finding]:
    """Whether people are reached: channels that fail, addresses others can read."""
    folder = data_dir(market.name)
    for channel in channel_states(connection, market, folder):
        if channel.failed_at is None:
            yield Finding(state="good", what="alert channel", words=channel.name)
            continue
        yield Finding(
            state="bad", what="alert channel",
            words=f"{channel.name} fails since {channel.failed_at[:10]}, {channel.failures} times: "
            f"{channel.detail}",
            mend=f"mend its address; scrapy alerts {market.name} --test tries it",
        )  # fmt: skip
    if notify.is_readable_by_others(folder):
        yield Finding(
            state="note", what="alert channel",
            words=f"other users can read the passwords in {folder / notify.FILE_NAME}",
            mend=f"chmod 600 {folder / notify.FILE_NAME}",
        )  # fmt: skip


def _candidates(connection: sqlite3.Connection, market: Market) -> Iterator[Finding]:
    """Who was found, and waits for a word."""
    found = waiting(standings(connection))
    if words := found.words():
        rivals = f"; rivals by what was seen: {found.rivals}" if found.companies else ""
        yield Finding(
            state="note", what="candidates",
            words=words + rivals,
            mend=f"accept or ignore them: scrapy review {market.name} --candidates",
        )  # fmt: skip


def _runs(connection: sqlite3.Connection, market: Market) -> Iterator[Finding]:
    rows = connection.execute(
        "SELECT spider, status, started_at, finished_at, pages, unchanged, posts, failures, reason "
        "FROM runs WHERE id IN (SELECT max(id) FROM runs GROUP BY spider) ORDER BY spider"
    ).fetchall()
    if not rows:
        yield Finding(
            state="note", what="runs", words="none yet", mend=f"scrapy research {market.name}"
        )
    for spider, status, started, finished, pages, unchanged, posts, failures, reason in rows:
        words = (
            f"{status}, {finished or started}: {pages} pages read, {unchanged} unchanged, "
            f"{posts} posts, {failures} failures"
        )
        age = datetime.now(UTC) - datetime.fromisoformat(started)
        if status != "finished":
            yield Finding(
                state="note", what=f"last {spider} run", words=f"{words} ({reason or 'cut off'})",
                mend=f"the next research goes on with it: scrapy research {market.name}",
            )  # fmt: skip
        elif age.days >= STALE_DAYS:
            yield Finding(
                state="note", what=f"last {spider} run", words=f"{words}; {age.days} days ago",
                mend="let cron run it: docs/operations.md",
            )  # fmt: skip
        else:
            yield Finding(state="good", what=f"last {spider} run", words=words)


_MENDS = {
    "blocked": "the site turns us away; take it out of the market file, or ask its owner",
    "robots": "its robots.txt closes it to crawlers; that is its word, and we keep to it",
    "off": "it is read only with a permission or key of your own; leave it, or get one",
    "empty": 'see docs/operations.md, "A forum gives no posts"',
    "failed": "open the address in a browser; if the site has moved, mend it in the market file",
    "partial": "what could be read is stored; the rest is tried again by the next run",
}


def _sources(connection: sqlite3.Connection, browsing: Browsing) -> Iterator[Finding]:
    for source, outcome, pages, posts, detail, wordless in connection.execute(
        "SELECT source, outcome, pages, posts, detail, EXISTS (SELECT 1 FROM failures f "
        "WHERE f.run_id = s.run_id AND f.source = s.source AND f.reason IN "
        "('needs_browser', 'says_nothing', 'browser_failed')) FROM run_sources s WHERE run_id IN "
        "(SELECT max(id) FROM runs WHERE status = 'finished' GROUP BY spider) "
        "ORDER BY outcome, source"
    ):
        if outcome in ("read", "unchanged"):
            yield Finding(
                state="good", what=source, words=f"{outcome}, {pages} pages, {posts} posts"
            )
        else:
            yield Finding(
                state="note" if outcome in ("robots", "off", "partial") else "bad",
                what=source, words=f"{outcome}. {detail}",
                mend=browsing.mend or _DRAWN_MEND if wordless else _MENDS[outcome],
            )  # fmt: skip


_DRAWN_MEND = 'the next research draws it; see docs/operations.md, "A site says nothing"'
_WORDLESS = {
    "needs_browser": "say nothing without JavaScript",
    "says_nothing": "say nothing, drawn in a browser or not",
    "browser_failed": "could not be drawn in the browser",
}
_UNREAD = {
    "empty_topic": "posts stand on it that we do not read: name the engine under [[forum]]; if it "
    "is named, please report the page",
    "no_forum": 'name the engine with engine = "..." under [[forum]], or give a board\'s address',
    "blocked": "a challenge page; leave the site out, or ask its owner",
    "login": "for members only; leave it out with boards = [...], or leave it be",
}


def _unread_pages(
    connection: sqlite3.Connection, folder: Path, browsing: Browsing
) -> Iterator[Finding]:
    """Pages that came and gave nothing, by source and reason, with one of them to look at."""
    rows = connection.execute(
        "SELECT source, reason, count(*), min(url), archive_file, archive_offset FROM failures "
        "WHERE run_id IN (SELECT max(id) FROM runs WHERE status = 'finished' GROUP BY spider) "
        "GROUP BY source, reason ORDER BY source, reason"
    ).fetchall()
    for source, reason, count, url, file, offset in rows:
        if reason in _WORDLESS:
            yield Finding(
                state="note", what=source,
                words=f"{count} pages {_WORDLESS[reason]}, such as {url}",
                mend=browsing.mend or _DRAWN_MEND,
            )  # fmt: skip
            continue
        turned_away = reason in ("http_401", "http_403", "http_429", "http_451")
        if reason not in _UNREAD and not turned_away:
            continue
        how = "turned us away" if turned_away else "unread"
        saved = f"; look at it: warcio extract {folder / file} {offset}" if file else ""
        yield Finding(
            state="note" if reason == "login" else "bad", what=source,
            words=f"{count} pages {how}: {reason}, such as {url}{saved}",
            mend=_UNREAD.get(reason, _MENDS["blocked"]),
        )  # fmt: skip

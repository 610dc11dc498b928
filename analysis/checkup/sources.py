"""How the sources fared last: empty forums, blocked sites, pages that gave nothing."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from analysis.checkup.finding import Finding
from crawlers.base.browsing import Browsing

_MENDS = {
    "blocked": "the site turns us away; take it out of the market file, or ask its owner",
    "robots": "its robots.txt closes it to crawlers; that is its word, and we keep to it",
    "off": "it is read only with a permission or key of your own; leave it, or get one",
    "empty": 'see docs/operations.md, "A forum gives no posts"',
    "failed": "open the address in a browser; if the site has moved, mend it in the market file",
    "partial": "what could be read is stored; the rest is tried again by the next run",
}


_NEWEST = "SELECT max(s.run_id) FROM run_sources s JOIN runs r ON r.id = s.run_id GROUP BY r.spider"
"""The last run of each spider that said how its sources fared: one that a budget or a signal cut
short, too; not one that was killed, which said nothing."""


def sources(connection: sqlite3.Connection, browsing: Browsing) -> Iterator[Finding]:
    """How each source came out the last time."""
    for source, outcome, pages, posts, detail, wordless in connection.execute(
        "SELECT source, outcome, pages, posts, detail, EXISTS (SELECT 1 FROM failures f "
        "WHERE f.run_id = s.run_id AND f.source = s.source AND f.reason IN "
        "('needs_browser', 'says_nothing', 'browser_failed')) FROM run_sources s "
        f"WHERE run_id IN ({_NEWEST}) "
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


def unread_pages(
    connection: sqlite3.Connection, folder: Path, browsing: Browsing
) -> Iterator[Finding]:
    """Pages that came and gave nothing, by source and reason, with one of them to look at."""
    rows = connection.execute(
        "SELECT source, reason, count(*), min(url), archive_file, archive_offset FROM failures "
        f"WHERE run_id IN ({_NEWEST}) "
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

"""Is the market asked for well: its file, the public sources, the browser, the versions."""

import importlib.metadata
import sqlite3
import sys
from collections.abc import Iterator

from analysis.checkup.finding import Finding
from analysis.source_check import FILE_NAME, load_checks
from analysis.starting import names_nothing, start_of
from crawlers.base.browsing import Browsing
from crawlers.browser.program import sandboxed
from crawlers.market import Market, data_dir
from crawlers.sources import CatalogueError

_SHOWN = ("scrapy", "datasette", "sqlite-utils", "pandas", "selectolax")


def market_file(market: Market) -> Finding:
    """What the market file gives to read, and whether site owners can reach its owner."""
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


def public_sources(market: Market) -> Iterator[Finding]:
    """When the catalogue's sources were last asked from here."""
    checks = load_checks(data_dir(market.name) / FILE_NAME).values()
    if checks:
        newest = max(check.checked_at for check in checks)
        found = sum(check.state in ("open", "moved") for check in checks)
        yield Finding(
            state="good", what="public sources",
            words=f"{len(checks)} of the catalogue asked, last on {newest[:10]}; {found} are open",
        )  # fmt: skip


def versions() -> str:
    """The versions a report of a fault should name."""
    found = [f"Python {sys.version.split()[0]}", f"SQLite {sqlite3.sqlite_version}"]
    found += [f"{name} {importlib.metadata.version(name)}" for name in _SHOWN]
    return ", ".join(found)


def browser(browsing: Browsing) -> Iterator[Finding]:
    """Whether pages can be drawn, where the market wants it."""
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

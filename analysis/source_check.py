"""Asking the sources of the catalogue from the user's own place, one page each.

The answers lie beside the market's data and from then on stand in place of the notes that ship.
Robots.txt and pauses are obeyed as in a crawl; what needs an agreement is not asked.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from scrapy.settings import Settings

from analysis.fetching import fetch_all
from analysis.inputs import Input
from crawlers.base.lists import JSON_OFF, no_results, search_url
from crawlers.browser.shell import shell_of
from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.extract.listing import read_results
from crawlers.forums import engine_of_address, recognise
from crawlers.forums.links import is_utility_link
from crawlers.sources import Check, PublicSource, checks_of
from crawlers.sources.checks import State
from crawlers.sources.joining import SEARXNG
from crawlers.urls import host_of

FILE_NAME = "sources.json"

_STATES: Mapping[str, State] = {
    "robots": "robots", "robots_too_slow": "robots",
    "blocked": "blocked", "http_403": "blocked", "http_429": "blocked", "http_451": "blocked",
    "resting": "blocked",
    "login": "login", "http_401": "login",
    "dns": "dead", "http_404": "dead", "http_410": "dead",
}  # fmt: skip
"""What the reasons of crawlers/base/answers.py mean for a source; all others decide nothing."""

_OFFLINE = frozenset({"dns", "timeout", "refused", "connection"})
_PASSWORD = re.compile(rb"<input\b[^>]{0,300}\btype\s*=\s*[\"']?password", re.IGNORECASE)
_QUERY = "company"  # any word: whether it answers in JSON is asked
_FEW_LINKS = 25  # a board with a sign-in box in its head links to more than that


class OfflineError(Exception):
    """No source answered at all: this computer has no network, or something stands between."""


def check_sources(
    sources: Sequence[PublicSource], settings: Settings, *, allow_private: bool = False
) -> tuple[Check, ...]:
    """Ask each source for its page, politely, and say what came. Once in a process: it crawls.

    :raises OfflineError: where none of them gave any answer. That says nothing of the sources.
    """
    asked = list(dict.fromkeys(asked_of(row) for row in sources if row.access != "permission"))
    found = fetch_all(asked, settings, allow_private=allow_private) if asked else {}
    if found and all(answer.reason in _OFFLINE for answer in found.values()):
        raise OfflineError(
            f"none of {len(found)} sources answered: is there a network? Nothing was recorded"
        )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return tuple(judge(source, found.get(asked_of(source)), now=now) for source in sources)


def asked_of(source: PublicSource) -> str:
    """The address that shows whether a source can be read: its own; of a search an answer."""
    if source.engine == SEARXNG:
        return search_url(source.address, _QUERY, "all")
    return source.address


def judge(source: PublicSource, answer: Input | None, *, now: str) -> Check:
    """What an answer means for a source.

    :param answer: ``None``: it was not asked.
    :param now: RFC 3339, UTC.
    """
    if answer is None:
        detail = "its owner asks for an agreement first; it was not asked"
        return Check(id=source.id, checked_at=now, state="skipped", detail=detail)
    if answer.document is None:
        state = _STATES.get(answer.reason or "", "failed")
        detail = (answer.error or "no answer").removeprefix(f"{asked_of(source)}: ")
        if source.engine == SEARXNG and answer.reason == "http_403":
            detail = f"{detail}. {JSON_OFF}"
        return Check(id=source.id, checked_at=now, state=state, detail=detail)
    if source.engine == SEARXNG:
        return _search_check(source, answer.url, answer.document, now)
    state, detail = _page_state(source.address, answer.url, answer.document)
    return Check(
        id=source.id, checked_at=now, state=state, detail=detail, address=answer.url,
        engine=_engine_of(answer.document),
    )  # fmt: skip


def _search_check(source: PublicSource, found: str, document: Document, now: str) -> Check:
    """A search is open where its answer can be read as a run reads it."""
    address = urlunsplit((*urlsplit(found)[:3], "", ""))
    engine = None
    state: State
    if read_results(document) is not None:
        moved = host_of(found) != host_of(source.address)
        state, detail = ("moved", f"it has moved to {address}") if moved else ("open", "it answers")
        engine = SEARXNG
    elif document.is_json:
        state, detail = "failed", no_results(document)
    else:
        state, detail = _page_state(asked_of(source), found, document)
        if state != "login":
            state, detail = "blocked", no_results(document)
    return Check(
        id=source.id, checked_at=now, state=state, detail=detail, address=address, engine=engine
    )


def _page_state(asked: str, found: str, document: Document) -> tuple[State, str]:
    if is_utility_link(found) and not is_utility_link(asked):
        return "login", f"it leads to {found}"
    links = document.body.count(b"<a ")
    if document.is_html and links < _FEW_LINKS and _PASSWORD.search(document.body):
        return "login", "its page is a sign-in form"
    if _has_moved(asked, found):
        return "moved", f"it has moved to {found}"
    if document.is_html and shell_of(document, read_page(document)) is not None:
        return "open", "a page came that says nothing without JavaScript"
    return "open", "a page came"


def _has_moved(asked: str, found: str) -> bool:
    """Another host (``www.`` and ``m.`` aside), or a place inside the site that is no more.

    A home page that leads to one of its languages has not moved.
    """
    hosts = [re.sub(r"^(?:www|m)\.", "", host_of(url)) for url in (asked, found)]
    if hosts[0] != hosts[1]:
        return True
    before, after = (urlsplit(url).path.strip("/").casefold() for url in (asked, found))
    return bool(before) and not after.endswith(before) and not after.startswith(before)


def _engine_of(document: Document) -> str | None:
    if document.is_feed:
        return "feed"
    return recognise(document) or engine_of_address(document.url)


def load_checks(path: Path) -> dict[str, Check]:
    """The checks in a file, by the source's id; none where there is no file or it is broken."""
    try:
        return checks_of(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, RecursionError):
        return {}


def store_checks(path: Path, checks: Collection[Check]) -> None:
    """Write checks, beside older ones of other sources; the file is whole at every moment.

    A check that decides nothing does not push out one that did.
    """
    kept = load_checks(path)
    for check in checks:
        old = kept.get(check.id)
        if old is None or check.state != "failed" or old.state == "failed":
            kept[check.id] = check
    content = {"version": 1, "checks": [asdict(kept[name]) for name in sorted(kept)]}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)

"""The loop over a forum: index -> lists -> threads -> posts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from crawlers.base.source import Source, source
from crawlers.base.spider import ResearchSpider
from crawlers.document import Document
from crawlers.folding import fold
from crawlers.forums import api_urls, entry_urls, fetch_address, is_utility_link, read_forum
from crawlers.forums.base import Expect
from crawlers.items import Fetch, ForumItem, ForumPage, Link, Target, ThreadRef
from crawlers.market import ForumEntry, Market
from crawlers.urls import is_web_url

_INDEX, _BOARD, _TOPIC, _NEXT_LIST = 400, 300, 200, 100
"""Priorities: the first page of each list, then its threads, then the list's next page, so that
posts come in from the first minute on and the newest threads of every board come first."""


class ForumSpider(ResearchSpider):
    """Reads forums of any engine :mod:`crawlers.forums` knows."""

    def entries(self, market: Market) -> Iterable[ForumEntry]:
        """The forums to read."""
        raise NotImplementedError

    def sources(self, market: Market) -> Iterable[Source]:
        """One source per forum, with the market's budget of forum pages."""
        self.forum_entries = {entry.key: entry for entry in self.entries(market)}
        for entry in self.forum_entries.values():
            budget = market.crawl.pages_per_forum
            forum = source(entry.key, entry.title, entry.url, budget=budget)
            forum.engine, forum.timezone = entry.engine, entry.timezone
            yield forum

    def seeds(self, source: Source) -> Iterable[Target]:
        """The boards the market file gives addresses of, else the forum's address; as the engine
        wants to be asked, where the market file names it.
        """
        entry = self.forum_entries[source.id]
        boards = tuple(board for board in entry.boards if is_web_url(board))
        role = "board" if boards else "index"
        for url in entry_urls(source.engine or "", entry.url, boards):
            yield from self._target(source, url, role, 0, _INDEX, {"kind": "index"})

    def read(
        self, source: Source, target: Target, document: Document, fetch: Fetch
    ) -> Iterator[Any]:
        """A list's threads and next page; a topic's posts and next page."""
        expect: Expect | None = _EXPECTED.get(target.role)
        page = read_forum(document, engine=source.engine, timezone=source.timezone, expect=expect)
        if page is None:
            yield self.failure(source, target, "no_forum", _NO_FORUM.format(document.url))
            return
        source.report.pages += 1
        source.report.posts += len(page.posts)
        source.report.threads += len(page.threads)
        if target.role == "topic" and not page.posts:
            yield self.failure(source, target, "empty_topic", _EMPTY_TOPIC.format(page.engine))
            return
        if source.engine is None and page.engine != "generic":
            source.engine = page.engine
        outlinks = source.offer(self._outlinks(source, target, document, page))
        since = self.forum_entries[source.id].since
        if since is not None:
            posts = tuple(p for p in page.posts if not p.posted_at or p.posted_at.date() >= since)
            page = replace(page, posts=posts)
        yield ForumItem(target=target, fetch=fetch, page=page, outlinks=outlinks)

    def verdict(self, source: Source) -> tuple[str, str] | None:
        """A forum that gave no posts is a failure, unless nothing in it has changed."""
        report = source.report
        if report.posts or (report.unchanged and not report.threads):
            return None
        if report.threads and not report.reasons and self.state.read_through(source.id):
            return None  # lists read, every thread as it was
        seen = f"{report.threads} threads" if report.threads else "no threads"
        return "empty", (
            f"{source.url}: {seen} and no posts were read. If the forum can be read in a browser, "
            'its engine is unknown to us or set wrong: name it with engine = "..." under '
            "[[forum]], or list its boards"
        )

    # --- where a page leads ---------------------------------------------------------------------

    def _outlinks(
        self, source: Source, target: Target, document: Document, page: ForumPage
    ) -> Iterator[Target]:
        entry = self.forum_entries[source.id]
        if page.kind == "topic":
            yield from self._topic_next(source, target, page)
            return
        if target.role == "index" and not target.meta.get("api"):
            api = api_urls(document, page.engine)
            for url in api:  # the engine has an interface made for reading: that one is read
                yield from self._target(source, url, "index", 0, _INDEX, {"api": "yes"})
            if api:
                return
        depth = target.depth + 1
        for link in page.boards:
            if _wanted(link, entry):
                yield from self._target(
                    source, fetch_address(link.url, page.engine), "board", depth, _BOARD
                )
        fresh = False
        for thread in page.threads:
            for topic in self._thread(source, thread, page.engine, depth):
                fresh = True
                yield topic
        # An earlier run that went through the whole forum leaves nothing below a page of threads
        # that are as they were; one that was cut short may.
        settled = not fresh and bool(page.threads) and self.state.read_through(source.id)
        if page.next and not settled:
            yield from self._target(source, page.next, "board", depth, _NEXT_LIST)

    def _topic_next(self, source: Source, target: Target, page: ForumPage) -> Iterator[Target]:
        if not page.next:
            return
        meta = dict(target.meta)
        meta.setdefault("thread", target.url)
        yield from self._target(source, page.next, "topic", target.depth, _TOPIC + 1, meta)

    def _thread(
        self, source: Source, thread: ThreadRef, engine: str, depth: int
    ) -> Iterator[Target]:
        """A thread that holds something new, from the page where the new posts stand."""
        address = self.address(thread.url)
        if address is None:
            return
        known = self.state.known_thread(address)
        if known is not None and thread.stamp is not None and known.stamp == thread.stamp:
            return
        meta = {"thread": address, "title": thread.title}
        if thread.stamp is not None:
            meta["stamp"] = thread.stamp
        begin = known.last_page if known is not None else None
        begin = begin or fetch_address(address, engine)
        yield from self._target(source, begin, "topic", depth, _TOPIC, meta)

    def _target(
        self,
        source: Source,
        url: str,
        role: str,
        depth: int,
        priority: int,
        meta: dict[str, str] | None = None,
    ) -> Iterator[Target]:
        address = self.address(url)
        if address is None or not source.owns(address) or is_utility_link(address):
            return
        yield Target(
            source=source.id, url=address, role=role, depth=depth, priority=priority,
            meta={"kind": "forum", **(meta or {})},
        )  # fmt: skip


_EXPECTED: dict[str, Expect] = {"board": "board", "topic": "topic"}
_NO_FORUM = (
    "{} does not look like a page of a forum: no list of threads and no posts were found. Name the "
    'engine with engine = "..." under [[forum]], or give the address of a board'
)
_EMPTY_TOPIC = "a topic page of {} in which no post could be read; the archive keeps the page"


def _wanted(link: Link, entry: ForumEntry) -> bool:
    """Whether the market asks for a board: by name, or by its address or an end of it."""
    if not entry.boards:
        return True  # the whole forum
    name, url = fold(link.text).strip(), link.url.rstrip("/")
    return any(
        fold(board).strip() == name or url == board.rstrip("/") or url.endswith(board.rstrip("/"))
        for board in entry.boards
    )

"""The loop over a forum: index -> lists -> threads -> posts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from crawlers.base.answers import BLOCKS, QUIET
from crawlers.base.forum_access import access_of
from crawlers.base.forum_leads import FEED, INDEX, PROBE, ForumLeads
from crawlers.base.forum_pages import (
    EMPTY_TOPIC,
    EXPECTED,
    NO_FORUM,
    OF_LIST,
    PAGE_LOST,
    is_end,
    is_repeated,
)
from crawlers.base.forum_state import ForumRun, posts_since
from crawlers.base.forum_zone import PROBES, ZoneLearner
from crawlers.base.relevance import MarketWords
from crawlers.base.source import Source, source
from crawlers.document import Document
from crawlers.forums import (
    fetch_address,
    learn_shape,
    read_forum,
    read_with_feed,
    thread_url,
)
from crawlers.forums.base import Expect
from crawlers.items import Fetch, ForumItem, ForumPage, Target, ThreadRef
from crawlers.journal import reading
from crawlers.market import ForumEntry, Market
from crawlers.readers import Work
from crawlers.urls import host_of, registrable_domain

PAGES_OF_A_CHOSEN = 150
"""Pages read of a forum that nobody named, chosen among the public sources: enough to tell whether
it speaks of the market."""


class ForumSpider(ForumLeads):
    """Reads forums of any engine :mod:`crawlers.forums` knows.

    A target's ``meta`` holds what the loop needs again after a kill: ``thread`` (the thread's
    public address), ``title``, ``stamp`` and ``replies`` of its row in the list, ``first`` (the
    target is the thread's first page), ``resumed`` (it is the page on which an earlier run ended),
    ``public`` (the page to read where the API is off), ``api`` (``yes``: an address of the API;
    ``off``: it is not to be tried), ``again`` (asked for once more, in another way), ``list``
    (``next``: a list's next page), ``like`` (a mark of the page before), ``after`` (the id of its
    last post).
    """

    goes_on = True

    def entries(self, market: Market) -> Iterable[ForumEntry]:
        """The forums to read."""
        raise NotImplementedError

    def sources(self, market: Market) -> Iterable[Source]:
        """One source per forum, with the market's budget of forum pages."""
        self.forums: dict[str, ForumRun] = {}
        words = MarketWords(market)
        for entry in self.entries(market):
            access = access_of(entry)
            budget = market.crawl.pages_per_forum
            chosen = entry.key in market.joined
            if chosen:
                budget = min(budget, PAGES_OF_A_CHOSEN)
            place = source(entry.key, entry.title, entry.url, budget=budget)
            place.report.origin = "catalogue" if chosen else "file"
            place.off, place.headers = access.off, access.headers
            self.forums[entry.key] = ForumRun(
                entry=entry,
                engine=access.engine,
                timezone=entry.timezone or self.state.zone_of(entry.key),
                zone=ZoneLearner(language=entry.language),
                words=words if chosen else None,
            )
            yield place

    def seeds(self, source: Source) -> Iterable[Target]:
        """The boards the market file gives addresses of, else the forum's address; as the engine
        wants to be asked, where it is known.
        """
        forum = self.forums[source.id]
        role = "board" if forum.board_addresses else "index"
        for url in self.entries_of(forum):
            source.domains.add(registrable_domain(host_of(url)))  # an API on a host of its own
            meta = {"kind": "index"}
            if url not in (*forum.board_addresses, forum.entry.url):
                meta |= {"api": "yes", "public": forum.entry.url}
            yield from self.target_at(source, url, role, 0, INDEX, meta, named=True)

    def read(
        self, source: Source, target: Target, document: Document, fetch: Fetch
    ) -> Iterator[Any]:
        """A list's threads and next page; a topic's posts and next page."""
        forum = self.forums[source.id]
        if target.role == "feed":
            yield self.done(target, source.offer(self._probes(source, document)))
            return
        engine, shape = forum.engine, forum.shape
        work = self._work(forum, target, document)
        yield work
        page, feed = work.result()
        if page is None:
            yield self.refused(source, target, "no_forum", NO_FORUM.format(document.url), fetch)
            return
        if target.role == "topic" and not page.posts and not is_end(target, document):
            detail = EMPTY_TOPIC.format(page.engine)
            yield self.refused(source, target, "empty_topic", detail, fetch)
            return
        if target.role == "topic" and self._is_known_thread(source, target, document):
            yield self.done(target)  # moved: the list shows it at both places
            return
        if target.role == "topic" and document.url != target.url and is_repeated(target, page):
            # A redirect lost the page's number: what came is the page before, once more. Its own
            # link leads on, if the address it was sent to is the one its pages are counted by.
            meta = {key: value for key, value in target.meta.items() if key != "like"}
            on = source.offer(self._topic_next(source, replace(target, meta=meta), page))
            detail = PAGE_LOST.format(document.url)
            yield (
                self.done(target, on)
                if on
                else self.failure(source, target, "page_lost", detail, fetch)
            )
            return
        forum.zone.see(feed)
        other = self._other_way(source, target, document, page)
        if other:
            yield self.done(target, source.offer(other))
            return
        page = self._in_zone(source, target, document, page)
        forum.lists += bool(page.threads)
        source.report.pages += 1
        source.report.posts += len(page.posts)
        source.report.threads += len(page.threads)
        if forum.engine is None and page.engine != "generic":
            forum.engine = page.engine
        outlinks = source.offer(
            (
                *self.leads(source, target, page),
                *self.from_the_start(source, target, page),
                *self._doubtful(forum, target, document, page),
            )
        )
        ends = not any(link.role == target.role for link in outlinks)
        page = posts_since(page, forum.entry.since)
        yield ForumItem(
            target=target, fetch=fetch, page=page, outlinks=outlinks, ends=ends,
            read_as=reading(engine, forum.timezone, shape),
        )  # fmt: skip

    def followed(self, source: Source, target: Target, link: Target) -> Target | None:
        """A thread's next page, with what the list says of the thread now. Not a thread that was
        read through since its row in the list last changed or that waits in the middle, and not
        what follows in a list that has not changed, once the rest was read or waits.
        """
        forum = self.forums[source.id]
        forum.lists += target.role == "board"
        if target.role == "topic":
            now = {key: target.meta[key] for key in OF_LIST if key in target.meta}
            kept = {key: value for key, value in link.meta.items() if key not in OF_LIST}
            return replace(link, meta={**kept, **now})
        if "list" in link.meta:
            return None if self._knows_the_rest(source) else link
        if link.role == "topic" and link.meta.get("thread") in source.half_read:
            return None
        stamp = link.meta.get("stamp")
        if link.role != "topic" or stamp is None or "thread" not in link.meta:
            return link
        known = self.state.known_thread(link.meta["thread"])
        return link if known is None or known.stamp != stamp else None

    def instead(self, source: Source, target: Target, reason: str) -> Iterable[Target]:
        """The page itself, where its API is off; a thread from its beginning, where the page on
        which it ended the last time is gone.
        """
        forum, meta = self.forums[source.id], dict(target.meta)
        public = meta.pop("public", None)
        if public is not None and forum.gives_up_api(reason):
            meta |= {"api": "off", "again": "yes"}
            yield from self.target_at(
                source, public, target.role, target.depth, target.priority, meta
            )
        elif target.role == "topic" and "first" not in meta and "thread" in meta:
            address = fetch_address(meta["thread"], forum.engine or "")
            if reason in ("http_404", "http_410", "empty_topic") and "again" not in meta:
                meta |= {"first": "yes", "again": "yes"}
                yield from self.target_at(
                    source, address, "topic", target.depth, target.priority, meta
                )

    def verdict(self, source: Source) -> tuple[str, str] | None:
        """A forum that gave no posts is a failure, unless nothing in it has changed."""
        report, forum = source.report, self.forums[source.id]
        faults = report.reasons.keys() - QUIET
        known = self.state.has_posts(source.id)
        same = not report.pages  # nothing was read anew
        old = forum.entry.since is not None and 0 < forum.skipped == report.threads
        as_it_was = (known and (forum.lists or same)) or (forum.entry.since is not None and same)
        if report.posts or (not faults and (old or as_it_was)):
            return None  # read, as it was, or older than asked for
        turned_away = sorted(BLOCKS & report.reasons.keys())
        if turned_away and not (known and forum.lists):
            return "blocked", f"no posts were read: {', '.join(turned_away)}. {report.detail}"
        if known and forum.lists:
            return None  # nothing new in what could be read; the faults make it partial
        if faults - BLOCKS - {"empty_topic", "no_forum"}:
            return "failed", f"no posts were read. {report.detail}"
        seen = f"{report.threads} threads" if report.threads else "no threads"
        return "empty", (
            f"{source.url}: {seen} and no posts were read. If the forum can be read in a browser, "
            'its engine is unknown to us or set wrong: name it with engine = "..." under '
            f"[[forum]], or list its boards. {report.detail}"
        )

    # --- reading a page -------------------------------------------------------------------------

    def _work(
        self, forum: ForumRun, target: Target, document: Document
    ) -> Work[tuple[ForumPage | None, str | None]]:
        expect: Expect | None = EXPECTED.get(target.role)
        return Work(
            read_with_feed,
            document,
            feed=not forum.zone.asked,
            engine=forum.engine,
            timezone=forum.timezone,
            expect=expect,
            shape=forum.shape,
        )

    def _is_known_thread(self, source: Source, target: Target, document: Document) -> bool:
        """Whether a topic's address led to a thread that stands in the list by its own address."""
        came, asked = thread_url(document.url), thread_url(target.url)
        if came == asked or "thread" not in target.meta or not document.is_html:
            return False
        address = self.address(came)
        if address is None or address == target.meta["thread"]:
            return False
        known = address in source.visited or self.state.known_thread(address) is not None
        source.visited.add(address)
        return known

    def _other_way(
        self, source: Source, target: Target, document: Document, page: ForumPage
    ) -> list[Target]:
        """What to read instead of a page that came: the engine's API where it has one; the feed
        before posts whose time zone nobody knows yet.
        """
        forum = self.forums[source.id]
        if target.meta.get("api") == "yes" and document.is_json:
            forum.api = True
        elif target.meta.get("api") == "off":
            forum.api = False
        if target.role == "index" and document.is_html and "api" not in target.meta:
            if forum.engine is None and page.engine != "generic":
                forum.engine = page.engine
            meta = {"kind": "index", "api": "yes", "public": target.url}
            return [
                index
                for url in self.entries_of(forum)
                if self.address(url) != target.url and forum.api is not False
                for index in self.target_at(source, url, "index", 0, INDEX, meta)
            ]
        if target.role == "topic" and forum.timezone is None and forum.zone.wants_feed(page.posts):
            forum.zone.asked = True
            feed = self.target_at(source, forum.zone.feed or "", "feed", 0, FEED)
            return [*feed, replace(target, meta={**target.meta, "again": "yes"})]
        return []

    def _probes(self, source: Source, document: Document) -> Iterator[Target]:
        """Threads of the forum's feed, to be read first: their times tell the forum's zone."""
        forum = self.forums[source.id]
        page = read_forum(document)
        if page is None:
            return
        forum.zone.hear(page)
        for thread in forum.zone.threads[:PROBES]:
            ref = ThreadRef(url=thread, title="")
            for topic in self.thread_target(source, ref, 1):
                yield replace(topic, priority=PROBE)

    def _in_zone(
        self, source: Source, target: Target, document: Document, page: ForumPage
    ) -> ForumPage:
        """The page with its times in the forum's zone, if this page tells it."""
        forum = self.forums[source.id]
        if forum.timezone is not None or not page.posts:
            return page
        thread = target.meta.get("thread", target.url)
        zone = forum.zone.learn(page, thread, first="first" in target.meta)
        if zone is None:
            return page
        forum.timezone = zone
        self.state.learn_zone(source.id, zone)
        return self._work(forum, target, document).result()[0] or page

    @staticmethod
    def _doubtful(
        forum: ForumRun, target: Target, document: Document, page: ForumPage
    ) -> Iterator[Target]:
        """Learn the shape of unknown software; a page two later ones contradict comes again."""
        if target.role != "topic" or page.engine != "generic" or forum.shape is not None:
            return
        shape = learn_shape(document)
        doubtful = forum.believe(shape, target) if shape is not None else None
        if doubtful is not None and "again" not in doubtful.meta:
            yield replace(doubtful, meta={**doubtful.meta, "again": "yes"})

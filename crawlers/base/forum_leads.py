"""Where a page of a forum leads: boards, threads that hold something new, the next page."""

from collections.abc import Iterator

from crawlers.base.forum_pages import (
    OF_FIRST,
    api_of,
    is_new,
    is_repeated,
    is_shorter,
    mark_of,
)
from crawlers.base.forum_state import ForumRun
from crawlers.base.source import Source
from crawlers.base.spider import ResearchSpider
from crawlers.forums import board_list, entry_urls, fetch_address, is_utility_link
from crawlers.items import ForumPage, Post, Target, ThreadRef
from crawlers.traps import PAGING

FEED, PROBE, INDEX, BOARD, TOPIC, NEXT_LIST = 600, 500, 400, 300, 200, 100
"""Priorities: the first page of each list, then its threads, then the list's next page, so that
posts come in from the first minute on and the newest threads of every board come first."""


class ForumLeads(ResearchSpider):
    """What :class:`crawlers.base.forum.ForumSpider` follows of a page, and by which address."""

    forums: dict[str, ForumRun]
    """The forums of this run, by the id of their source."""

    def entries_of(self, forum: ForumRun) -> list[str]:
        """Where a forum's reading begins: its list of boards where boards are named by name."""
        engine, url = forum.engine or "", forum.entry.url
        if forum.board_names and not forum.board_addresses:
            return [board_list(engine, url)]
        return entry_urls(engine, url, forum.board_addresses, forum.entry.queries)

    def leads(self, source: Source, target: Target, page: ForumPage) -> Iterator[Target]:
        """What to ask for next: boards, threads with something new, the page's next one."""
        forum = self.forums[source.id]
        if target.role == "topic":
            yield from self._topic_next(source, target, page)
            return
        depth = target.depth + 1
        for link in page.boards:
            if forum.wants_board(link):
                urgency = forum.urgency(BOARD, link.text)
                yield from self.public_target(source, link.url, "board", depth, urgency, {})
        if target.role == "index" and forum.board_names:
            return  # threads of boards nobody asked for
        fresh = False
        for thread in page.threads:
            if forum.too_old(thread):
                forum.skipped += 1
                continue
            for topic in self.thread_target(source, thread, depth):
                fresh |= not source.queue.waits(topic.url)
                yield topic
        # An earlier run that went through the whole forum leaves nothing below a page of threads
        # that are as they were, nor does one whose rest waits; one that was cut short may.
        fresh = fresh or any(not self._is_old_news(source, post) for post in page.posts)
        listed = bool(page.threads or page.posts)
        settled = not fresh and listed and self._knows_the_rest(source)
        if settled or forum.has_reached_old(page.threads):
            return
        mark = mark_of(page)
        if target.meta.get("like") == mark:
            return  # the same page once more under another address: a list without an end
        if forum.end.goes_round(target.url, (thread.url for thread in page.threads)):
            source.traps.refused[PAGING] += 1
            return
        for url in (*page.more, *((page.next,) if page.next else ())):
            meta = {"list": "next", "like": mark, **api_of(target)}
            yield from self.target_at(source, url, "board", depth, NEXT_LIST, meta)

    def _knows_the_rest(self, source: Source) -> bool:
        """Whether all of a forum that is as it was has been read, or waits from an earlier run."""
        return source.reads_on or self.state.read_through(source.id)

    def _is_old_news(self, source: Source, post: Post) -> bool:
        """Whether a post of a timeline is stored, or older than the market asks for."""
        since = self.forums[source.id].entry.since
        if since is not None and post.posted_at is not None and post.posted_at.date() < since:
            return True
        return post.id is not None and self.state.knows_post(source.id, post.id)

    def from_the_start(self, source: Source, target: Target, page: ForumPage) -> Iterator[Target]:
        """The whole thread, where reading began on the page on which it ended the last time and
        that page now begins with a post nobody knows: posts before it were deleted, and new ones
        have moved to the pages before.
        """
        if "resumed" not in target.meta or not page.posts or not page.posts[0].id:
            return
        if self.state.knows_post(source.id, page.posts[0].id):
            return
        meta = {key: target.meta[key] for key in ("thread", "title") if key in target.meta}
        meta |= {"first": "yes", "again": "yes"}
        yield from self.public_target(source, meta["thread"], "topic", target.depth, TOPIC, meta)

    def _topic_next(self, source: Source, target: Target, page: ForumPage) -> Iterator[Target]:
        meta = {key: value for key, value in target.meta.items() if key not in OF_FIRST}
        meta.setdefault("thread", target.url)
        if is_repeated(target, page):
            return  # the same posts once more under another address: a thread without an end
        meta["like"] = mark_of(page)
        if page.posts and page.posts[-1].id:
            meta["after"] = page.posts[-1].id
        for url in (*page.more, *((page.next,) if page.next else ())):
            yield from self.target_at(source, url, "topic", target.depth, TOPIC + 1, meta)

    def thread_target(self, source: Source, thread: ThreadRef, depth: int) -> Iterator[Target]:
        """A thread that holds something new, from the page where the new posts stand.

        A thread that has become shorter is read from its beginning: something was deleted.
        """
        address = self.address(thread.url)
        if address is None:
            return
        post = f"{source.id}:{thread.post}" if thread.post else None
        known = self.state.known_thread(address, post=post)
        address = known.url if known is not None else address
        if (known is not None and not is_new(thread, known)) or address in source.half_read:
            return
        meta = {"thread": address, "title": thread.title}
        if thread.stamp is not None:
            meta["stamp"] = thread.stamp
        if thread.replies is not None:
            meta["replies"] = str(thread.replies)
        urgency = self.forums[source.id].urgency(TOPIC, thread.title)
        start = self.address(fetch_address(address, self.forums[source.id].engine or ""))
        begin = known.last_page if known is not None else None
        if begin and not is_shorter(thread, known) and self.address(begin) not in (start, address):
            meta["resumed"] = "yes"
            yield from self.target_at(source, begin, "topic", depth, urgency, meta)
            return
        yield from self.public_target(
            source, address, "topic", depth, urgency, {**meta, "first": "yes"}
        )

    def public_target(
        self, source: Source, url: str, role: str, depth: int, priority: int, meta: dict[str, str]
    ) -> Iterator[Target]:
        """A board or thread by its public address: as its API has it, unless the API is off."""
        forum = self.forums[source.id]
        if is_utility_link(url):
            return
        fetched = url if forum.api is False else fetch_address(url, forum.engine or "")
        if self.address(fetched) != self.address(url):
            meta = {**meta, "api": "yes", "public": url}
        elif forum.api is False:
            meta = {**meta, "api": "off"}
        yield from self.target_at(source, fetched, role, depth, priority, meta)

    def target_at(
        self,
        source: Source,
        url: str,
        role: str,
        depth: int,
        priority: int,
        meta: dict[str, str] | None = None,
        *,
        named: bool = False,
    ) -> Iterator[Target]:
        """A target, unless its address is another site's or holds no posts.

        :param named: the address was given by the market file or by an engine's interface, which
            know better than its form.
        """
        address, meta = self.address(url), meta or {}
        if address is None or not source.owns(address):
            return
        named = named or role == "feed" or meta.get("api") == "yes"
        if not named and is_utility_link(address):
            return
        yield Target(
            source=source.id, url=address, role=role, depth=depth, priority=priority,
            meta={"kind": "forum", **meta},
        )  # fmt: skip

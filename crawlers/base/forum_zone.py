"""Learning a forum's time zone: the true times of its feed beside the local ones of its pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawlers.forums import learn_zone, pairs_of, shows_local_times
from crawlers.items import ForumPage, Post

PROBES = 3
"""Threads of the feed that are read first, to compare."""


@dataclass(slots=True)
class ZoneLearner:
    """What one forum's pages have told of its zone so far."""

    language: str | None = None
    feed: str | None = None
    asked: bool = False
    told: dict[str, datetime] = field(default_factory=dict)
    threads: list[str] = field(default_factory=list)
    pairs: list[tuple[datetime, datetime]] = field(default_factory=list)

    def see(self, feed: str | None) -> None:
        """Note the feed a page names."""
        self.feed = feed or self.feed

    def wants_feed(self, posts: Sequence[Post]) -> bool:
        """Whether the feed should be asked for before these posts are kept."""
        return not self.asked and self.feed is not None and shows_local_times(posts)

    def hear(self, page: ForumPage) -> None:
        """Keep what a feed tells: the times of posts, by id and address; threads to compare."""
        for post in page.posts:
            if post.posted_at is None or post.posted_precision not in ("minute", "second"):
                continue
            for name in (post.id, post.url):
                if name:
                    self.told.setdefault(name, post.posted_at)
            if post.thread_url and post.thread_url not in self.threads:
                self.threads.append(post.thread_url)

    def learn(self, page: ForumPage, thread: str, *, first: bool) -> str | None:
        """The zone, once the posts of enough pages agree on one.

        :param thread: the address of the page's thread: feeds of threads name no post.
        :param first: whether the page is the thread's first.
        """
        if not self.told:
            return None
        told = dict(self.told)
        if first and page.posts and thread in told:
            told.setdefault(page.posts[0].url, told[thread])
        self.pairs += pairs_of(page.posts, told)
        return learn_zone(self.pairs, language=self.language) if self.pairs else None

"""A page of a forum -> its boards, threads and posts, whoever made it. Pure."""

import re
from dataclasses import replace
from typing import Any

from crawlers.document import Document
from crawlers.forums.base import Adapter, Expect, Reading, same_page
from crawlers.forums.dates.page_clock import zone_of_page
from crawlers.forums.dates.zone_learning import shows_local_times
from crawlers.forums.feed import read_feed
from crawlers.forums.fields import attribute_of, first, select
from crawlers.forums.links import thread_url
from crawlers.forums.registry import (
    adapter_for,
    adapter_named,
    adapters,
    engine_of_address,
)
from crawlers.forums.shapes.generic import learn, looks_like_forum, read_generic
from crawlers.forums.shapes.lists import next_page
from crawlers.forums.shapes.page_state import read_page_state
from crawlers.forums.shapes.shape import Shape
from crawlers.forums.shapes.structured import StructuredThread, read_structured
from crawlers.items import ForumPage, Post
from crawlers.urls import host_of

_FEED_LINKS = (
    "a[href*='/feeds/'], a[href$='/feed'], a[href$='/feed/'], a[href$='.rss'], a[href*='/rss'],"
    " a[href*='atom.xml'], a[href*='rss.xml'], a[href*='mod=rss']"
)
_SURELY_FORUM = 2  # of what `looks_like_forum` counts


def read_forum(
    document: Document,
    *,
    engine: str | None = None,
    timezone: str | None = None,
    expect: Expect | None = None,
    shape: Shape | None = None,
) -> ForumPage | None:
    """What a forum's page holds; ``None`` where the page is no forum's.

    The adapter of the engine gives ids, quotes and the next page, structured data fills what it
    left open. Where no adapter reads anything, structured data stands alone if it is whole, and the
    generic reader reads the page by its shape. A page whose engine is known but on which nothing
    was found comes back empty, so that the caller can say so.

    :param engine: the engine where it is known (the market file); else it is recognised.
    :param timezone: IANA name of the zone of times that name none; without it the zone the page
        itself tells is used, if it tells one.
    :param expect: what the crawler opened; the generic reader then needs no further proof.
    :param shape: what other pages of this forum have taught the generic reader
        (:func:`learn_shape`).
    """
    reading = Reading(
        fetched_at=document.fetched_at, timezone=timezone, expect=expect, lang=None, shape=shape
    )
    if document.is_json:
        return _read_json(document, reading, engine)
    if document.is_feed:
        return _read_feed(document, reading, engine)
    if not document.is_html:
        return None
    reading = replace(reading, lang=_language(document))
    page = _read_html(document, reading, engine)
    if timezone is None and page is not None and shows_local_times(page.posts):
        zone = zone_of_page(document)
        if zone is not None:
            return _read_html(document, replace(reading, timezone=zone), engine)
    return page


def read_with_feed(
    document: Document, *, feed: bool, **known: Any
) -> tuple[ForumPage | None, str | None]:
    """A forum's page, and the feed it names, if that is asked for: see :func:`read_forum`, which
    takes what is known, and :func:`feed_address`.
    """
    page = read_forum(document, **known)
    return page, feed_address(document) if feed and document.is_html else None


def _read_html(document: Document, reading: Reading, engine: str | None) -> ForumPage | None:
    adapter = adapter_for(document, engine)
    page = adapter.read(document, reading) if adapter else None
    told = read_structured(document, reading)
    if page is not None and page.posts and not _misses_most(page, told):
        return _filled(page, told) if told else page
    if page is not None and (page.threads or page.boards) and reading.expect != "topic":
        return page
    other = _without_adapter(document, reading, told, adapter)
    return other or page


def learn_shape(document: Document) -> Shape | None:
    """Where a topic page of unknown software shows its posts; ``None`` where none were found."""
    if not document.is_html:
        return None
    reading = Reading(fetched_at=document.fetched_at, expect="topic", lang=_language(document))
    found = learn(document, reading)
    return found[1] if found else None


def read_without_adapters(document: Document, *, expect: Expect | None = None) -> ForumPage | None:
    """The generic reader alone, as if no engine were known: what it is measured by."""
    if not document.is_html:
        return None
    lang = _language(document)
    return read_generic(document, Reading(fetched_at=document.fetched_at, expect=expect, lang=lang))


def _language(document: Document) -> str | None:
    html = first(document.tree, "html")
    declared = (attribute_of(html, "lang") or attribute_of(html, "xml:lang")) if html else ""
    return declared or document.headers.get("content-language", "").split(",")[0].strip() or None


def _read_json(document: Document, reading: Reading, engine: str | None) -> ForumPage | None:
    try:
        data = document.json
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, (dict, list)):
        return None
    engine = engine or engine_of_address(document.url)
    for adapter in adapters():
        if engine is None or adapter.engine == engine:
            page = adapter.read_json(document, reading)
            if page is not None:
                return page
    return None


def _read_feed(document: Document, reading: Reading, engine: str | None) -> ForumPage | None:
    engine = engine or engine_of_address(document.url)
    for adapter in adapters():
        if engine is None or adapter.engine == engine:
            page = adapter.read_feed(document, reading)
            if page is not None:
                return page
    return read_feed(document, reading, engine=engine or "feed")


def _without_adapter(
    document: Document,
    reading: Reading,
    told: StructuredThread | None,
    adapter: Adapter | None,
) -> ForumPage | None:
    name = adapter.engine if adapter else "generic"
    seen = read_generic(document, reading, engine=name, shape=reading.shape)
    if told is None and _may_hold_state(document, reading, seen, adapter):
        told = read_page_state(document, reading)
    if told is None or reading.expect == "board":
        return seen
    if seen is not None and seen.kind == "topic":
        same = len(told.posts) >= 0.8 * len(seen.posts)
        if (
            told.whole
            and same
            and len(told.posts) > 1
            and _size(told.posts) > 0.8 * _size(seen.posts)
        ):
            return replace(seen, posts=told.posts, thread_title=told.title or seen.thread_title)
        return _opened(_filled(seen, told), told, document)
    return ForumPage(
        engine=name,
        kind="topic",
        posts=told.posts,
        thread_title=told.title,
        next=next_page(document),
    )


def _may_hold_state(
    document: Document, reading: Reading, seen: ForumPage | None, adapter: Adapter | None
) -> bool:
    """Whether the page's scripts may hold what its markup does not: a thread drawn by script."""
    if reading.expect == "topic":
        return seen is None or seen.kind != "topic"
    thread = adapter is not None or looks_like_forum(document) >= _SURELY_FORUM
    return seen is None and reading.expect is None and thread


def _opened(page: ForumPage, told: StructuredThread, document: Document) -> ForumPage:
    """The page with the opening post that only structured data tells: a question without a time.

    On the first page only: later ones repeat it for search engines.
    """
    first_post = told.posts[0]
    words = " ".join(first_post.text.split())[:80]
    later = first(document.tree, "link[rel=prev]") or not same_page(
        thread_url(document.url), document.url
    )
    cut = first_post.text.rstrip().endswith(("…", "..."))
    if later or cut or len(words) < 20:
        return page
    if any(words in " ".join(post.text.split()) for post in page.posts):
        return page
    return replace(page, posts=(first_post, *page.posts))


def _misses_most(page: ForumPage, told: StructuredThread | None) -> bool:
    """Whether an adapter saw a small part of what the page says of itself: an unknown theme."""
    return told is not None and told.whole and len(page.posts) * 2 < len(told.posts)


def _size(posts: tuple[Post, ...]) -> int:
    return sum(len(post.text) for post in posts)


def _filled(page: ForumPage, told: StructuredThread) -> ForumPage:
    """The page with what it left open taken from structured data: title, authors, times."""
    by_id = {post.id: post for post in told.posts if post.id}
    in_order = told.posts if len(told.posts) == len(page.posts) else ()
    posts = [
        _completed(post, by_id.get(post.id or "") or (in_order[place] if in_order else None))
        for place, post in enumerate(page.posts)
    ]
    return replace(page, posts=tuple(posts), thread_title=page.thread_title or told.title)


def _completed(post: Post, other: Post | None) -> Post:
    if other is None:
        return post
    if post.author is None:
        post = replace(post, author=other.author)
    if post.posted_at is None and other.posted_at is not None:
        post = replace(
            post,
            posted_at=other.posted_at,
            posted_text=post.posted_text or other.posted_text,
            posted_precision=other.posted_precision,
            timezone=other.timezone,
        )
    return post


def entry_urls(
    engine: str, base_url: str, boards: tuple[str, ...] = (), queries: tuple[str, ...] = ()
) -> list[str]:
    """Where to start reading a forum of an engine; see :meth:`Adapter.entry_urls`."""
    adapter = adapter_named(engine)
    return adapter.entry_urls(base_url, boards, queries) if adapter else list(boards) or [base_url]


def fetch_address(url: str, engine: str) -> str:
    """Where to read a board or thread given by its public address: Discourse has JSON for it."""
    adapter = adapter_named(engine)
    return adapter.fetch_address(url) if adapter else url


def board_list(engine: str, base_url: str) -> str:
    """Where a forum of an engine lists its boards by name; see :meth:`Adapter.board_list`."""
    adapter = adapter_named(engine)
    return adapter.board_list(base_url) if adapter else base_url


def feed_address(document: Document) -> str | None:
    """The feed of posts a page names for programs, on its own host; ``None`` where it names none.

    The last one: engines name the whole forum's first, then the board's. A page that names none for
    programs may link one for people.
    """
    named = [
        node
        for node in select(document.tree, "link[rel~=alternate][href]")
        if re.search(r"rss|atom", attribute_of(node, "type"))
    ]
    for nodes in (named, select(document.tree, _FEED_LINKS)):
        found = [
            url
            for node in nodes
            if (url := document.join(attribute_of(node, "href")))
            and host_of(url) == host_of(document.url)
        ]
        if found:
            return found[-1]
    return None

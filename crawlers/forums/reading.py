"""A page of a forum -> its boards, threads and posts, whoever made it. Pure."""

from dataclasses import replace

from crawlers.document import Document
from crawlers.forums.base import Adapter, Expect, Reading
from crawlers.forums.fields import attribute_of, first
from crawlers.forums.generic import read_generic
from crawlers.forums.generic_lists import next_page
from crawlers.forums.registry import adapter_for, adapter_named, adapters
from crawlers.forums.structured import StructuredThread, read_structured
from crawlers.items import ForumPage, Post


def read_forum(
    document: Document,
    *,
    engine: str | None = None,
    timezone: str | None = None,
    expect: Expect | None = None,
) -> ForumPage | None:
    """What a forum's page holds; ``None`` where the page is no forum's.

    The adapter of the engine gives ids, quotes and the next page, structured data fills what it
    left open. Where no adapter reads anything, structured data stands alone if it is whole, and the
    generic reader reads the page by its shape. A page whose engine is known but on which nothing
    was found comes back empty, so that the caller can say so.

    :param engine: the engine where it is known (the market file); else it is recognised.
    :param timezone: IANA name of the zone of times that name none.
    :param expect: what the crawler opened; the generic reader then needs no further proof.
    """
    reading = Reading(fetched_at=document.fetched_at, timezone=timezone, expect=expect, lang=None)
    if document.is_json:
        return _read_json(document, reading, engine)
    if not document.is_html:
        return None
    reading = replace(reading, lang=_language(document))
    adapter = adapter_for(document, engine)
    page = adapter.read(document, reading) if adapter else None
    told = read_structured(document, reading)
    if page is not None and page.posts and not _misses_most(page, told):
        return _filled(page, told) if told else page
    if page is not None and (page.threads or page.boards) and expect != "topic":
        return page
    other = _without_adapter(document, reading, told, adapter)
    return other or page


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
    for adapter in adapters():
        if engine is None or adapter.engine == engine:
            page = adapter.read_json(document, reading)
            if page is not None:
                return page
    return None


def _without_adapter(
    document: Document,
    reading: Reading,
    told: StructuredThread | None,
    adapter: Adapter | None,
) -> ForumPage | None:
    name = adapter.engine if adapter else "generic"
    seen = read_generic(document, reading, engine=name)
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
        return _filled(seen, told)
    return ForumPage(
        engine=name,
        kind="topic",
        posts=told.posts,
        thread_title=told.title,
        next=next_page(document),
    )


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


def entry_urls(engine: str, base_url: str, boards: tuple[str, ...] = ()) -> list[str]:
    """Where to start reading a forum of an engine; see :meth:`Adapter.entry_urls`."""
    adapter = adapter_named(engine)
    return adapter.entry_urls(base_url, boards) if adapter else list(boards) or [base_url]


def fetch_address(url: str, engine: str) -> str:
    """Where to read a board or thread given by its public address: Discourse has JSON for it."""
    adapter = adapter_named(engine)
    return adapter.fetch_address(url) if adapter else url


def api_urls(document: Document, engine: str) -> tuple[str, ...]:
    """The addresses of the API that hold what an HTML page shows; none where there is no API."""
    adapter = adapter_named(engine)
    if adapter is None or not document.is_html:
        return ()
    address = adapter.fetch_address(adapter.page_address(document))
    return () if address == adapter.page_address(document) else (address,)

"""Replies of the search API Algolia runs for Hacker News. Pure."""

from dataclasses import replace
from typing import Any

from crawlers.document import Document
from crawlers.forums.api_addresses import moved_root, page_of, path_of, with_query
from crawlers.forums.base import Reading, stamp_of
from crawlers.forums.dates.reading import read_date
from crawlers.forums.json_shapes import as_dict, as_dicts, as_int, as_text
from crawlers.forums.texts.line_quotes import quotes_apart
from crawlers.forums.texts.post_text import own_words, plain_text
from crawlers.items import ForumPage, Post, ThreadRef

ENGINE, SITE, API = "hackernews", "news.ycombinator.com", "hn.algolia.com"
_KINDS = frozenset({"story", "comment", "poll", "job"})
_MOST = 5_000  # posts of one item; the longest threads hold some four thousand


def read_reply(document: Document, reading: Reading) -> ForumPage | None:
    """An item with all below it, or a page of search results; ``None`` where it is neither."""
    data = as_dict(document.json)
    root = moved_root(document.url, (API,), f"https://{SITE}")
    if isinstance(data.get("children"), list) and as_text(data.get("type")) in _KINDS:
        known = "author" in data and as_text(data.get("id"))
        return _item(data, root, reading) if known else None
    hits = data.get("hits")
    if not isinstance(hits, list) or "nbPages" not in data:
        return None
    rows = [hit for hit in as_dicts(hits) if _is_hit(hit)]
    if not rows and (hits or not path_of(document.url).startswith("/api/v1/search")):
        return None
    page, last = page_of(document.url, first=0), as_int(data.get("nbPages")) or 0
    return ForumPage(
        engine=ENGINE,
        kind="board",
        threads=_threads(rows, root),
        posts=tuple(_comment(hit, root, reading) for hit in rows if _is_comment(hit)),
        next=with_query(document.url, page=page + 1) if rows and page + 1 < last else None,
    )


def _item(data: dict[str, Any], root: str, reading: Reading) -> ForumPage:
    thread = as_text(data.get("story_id")) or as_text(data["id"])
    title = plain_text(as_text(data.get("title"))) or None
    posts: dict[str, Post] = {}
    waiting = [data]
    while waiting and len(posts) < _MOST:
        row = waiting.pop()
        children = as_dicts(row.get("children"))
        waiting.extend(reversed(children))
        markup = as_text(row.get("text")) or as_text(row.get("story_text"))
        alone = row is data and not children
        if not as_text(row.get("id")) or not as_text(row.get("author")):
            continue  # deleted
        if markup or alone:
            post = _post(row, as_text(row["id"]), markup, root, reading)
            post = replace(post, thread_url=f"{root}/item?id={thread}", thread_title=title)
            posts.setdefault(post.id or "", post)
    return ForumPage(
        engine=ENGINE,
        kind="topic",
        posts=tuple(posts.values()),
        thread_title=title,
        thread_id=thread,
    )


def _is_hit(hit: dict[str, Any]) -> bool:
    return bool(as_text(hit.get("objectID"))) and isinstance(hit.get("_tags"), list)


def _is_comment(hit: dict[str, Any]) -> bool:
    return "comment" in hit["_tags"] and bool(as_text(hit.get("comment_text")))


def _threads(rows: list[dict[str, Any]], root: str) -> tuple[ThreadRef, ...]:
    found: dict[str, ThreadRef] = {}
    for hit in rows:
        number, title = as_text(hit["objectID"]), plain_text(as_text(hit.get("title")))
        if "comment" in hit["_tags"] or not title:
            continue
        replies = as_int(hit.get("num_comments"))
        url = f"{root}/item?id={number}"
        thread = ThreadRef(
            url=url, title=title, id=number, replies=replies, stamp=stamp_of("", replies)
        )
        found.setdefault(url, thread)
    return tuple(found.values())


def _comment(hit: dict[str, Any], root: str, reading: Reading) -> Post:
    post = _post(hit, as_text(hit["objectID"]), as_text(hit["comment_text"]), root, reading)
    story = as_text(hit.get("story_id"))
    return replace(
        post,
        thread_url=f"{root}/item?id={story}" if story else None,
        thread_title=plain_text(as_text(hit.get("story_title"))) or None,
    )


def _post(row: dict[str, Any], number: str, markup: str, root: str, reading: Reading) -> Post:
    written = as_text(row.get("created_at")) or as_text(row.get("created_at_i"))
    date = read_date(written, fetched_at=reading.fetched_at)
    post = Post(
        id=number,
        url=f"{root}/item?id={number}",
        author=as_text(row.get("author")) or None,
        text=own_words(markup, quote="").text,
        posted_at=date.posted_at,
        posted_text=written or None,
        posted_precision=date.precision,
        in_reply_to=as_text(row.get("parent_id")) or None,
    )
    return lines_apart(post)


def lines_apart(post: Post) -> Post:
    """The post with its quoted lines kept apart."""
    text, quoted = quotes_apart(post.text)
    return replace(post, text=text, quoted=post.quoted + quoted)

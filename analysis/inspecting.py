"""Everything Rivalmap reads in one page, as the contract's JSON object."""

from typing import Any

from crawlers.document import Document
from crawlers.extract import read_page
from crawlers.forums import read_forum
from crawlers.items import ForumPage, Page, Post
from pipelines.channels import detect
from pipelines.storage.facts import plain

_OFFER = (
    "name", "price", "price_max", "currency", "period", "unit", "price_text", "availability",
    "sku", "brand", "rating", "review_count", "sold_count", "promotion", "price_before",
)  # fmt: skip
_COMPANY = (
    "name", "tagline", "positioning", "description", "founded", "size", "places", "languages",
    "markets", "audience", "customers", "trust", "after_sales", "sales", "contact", "accounts",
)  # fmt: skip
_SEARCH = (
    "title_length", "description_length", "h1s", "headings", "canonical", "hreflangs", "structured",
    "indexable", "published_at", "modified_at", "feeds",
)  # fmt: skip
_POST = (
    "id", "url", "author", "posted_at", "posted_text", "posted_precision", "timezone", "text",
    "quoted", "in_reply_to", "rating",
)  # fmt: skip


def inspect_document(
    document: Document,
    *,
    timezone: str | None = None,
    path: str | None = None,
    engine: str | None = None,
) -> dict[str, Any]:
    """A page's line of ``scrapy inspect`` (docs/contract.md); a page that holds nothing to read
    has ``error``.

    :param engine: read a forum's page as this engine's; ``generic`` switches the adapters off.
    """
    forum = read_forum(document, timezone=timezone, engine=engine)
    if document.is_html:
        return _line(
            document.url, page=read_page(document, timezone=timezone), forum=forum, path=path
        )
    if forum is not None:  # a forum's API or feed
        return _line(document.url, page=None, forum=forum, path=path)
    kind = document.content_type or _looks_like(document.body)
    return unreadable(document.url, f"not a web page but {kind}", path=path)


def unreadable(url: str, error: str, *, path: str | None = None) -> dict[str, Any]:
    """The line of a page that could not be read."""
    return _line(url, page=None, forum=None, path=path, error=error)


def _line(
    url: str,
    *,
    page: Page | None,
    forum: ForumPage | None,
    path: str | None,
    error: str | None = None,
) -> dict[str, Any]:
    line: dict[str, Any] = {
        "version": 1,
        "url": url,
        "kind": _kind(page, forum),
        "lang": page.lang if page else "und",
        "script": page.script if page else None,
        "title": page.title if page else (forum.thread_title or "") if forum else "",
        "description": page.description if page else "",
        "text": page.text if page else "",
        "offers": [_chosen(offer, _OFFER) for offer in page.offers] if page else [],
        "company": _company(page) if page else None,
        "search": _search(page) if page else None,
        "channels": _channels(page) if page else [],
        "engine": forum.engine if forum else None,
        "threads": [{"url": t.url, "title": t.title} for t in forum.threads] if forum else [],
        "posts": [_chosen(post, _POST) for post in _posts(page, forum)],
        "next": forum.next if forum else None,
        "error": error,
    }
    if path is not None:
        line["path"] = path
    return line


def _posts(page: Page | None, forum: ForumPage | None) -> tuple[Post, ...]:
    """A forum's posts, or the reviews of any other page."""
    if forum is not None:
        return forum.posts
    return page.reviews if page else ()


def _kind(page: Page | None, forum: ForumPage | None) -> str | None:
    if forum is not None:
        return "forum_topic" if forum.kind == "topic" else "forum_board"
    return page.kind if page else None


def _chosen(item: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: plain(getattr(item, field)) for field in fields}


def _company(page: Page) -> dict[str, Any]:
    company = _chosen(page.company, _COMPANY)
    company["evidence"] = [
        {"subject": row.subject or "", "url": row.url, "quote": row.quote, "rule": row.rule}
        for row in page.company.evidence
    ]
    return company


def _search(page: Page) -> dict[str, Any] | None:
    if page.search is None:
        return None
    search = _chosen(page.search, _SEARCH)
    search["keywords"] = [
        _chosen(keyword, ("phrase", "weight", "places")) for keyword in page.search.keywords
    ]
    return search


def _channels(page: Page) -> list[dict[str, Any]]:
    return [
        {
            "channel": tag.channel, "role": tag.role, "platform": tag.platform,
            "strength": tag.strength,
            "evidence": {
                "url": tag.evidence[0].url, "quote": tag.evidence[0].quote,
                "rule": tag.evidence[0].rule,
            },
        }
        for tag in detect(page)
    ]  # fmt: skip


def _looks_like(body: bytes) -> str:
    if body[:5] == b"%PDF-":
        return "a PDF"
    if not body.strip():
        return "nothing: the file is empty"
    return "plain text: no HTML tag stands at its start"

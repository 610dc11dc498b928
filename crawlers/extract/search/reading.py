"""What a page does to be found by search engines: lengths, headings, canonical, languages, types.

Read from what the page's outline and head already hold; its keywords are told in
:mod:`crawlers.extract.search.keywords`. Pure; odd pages give less, never an error.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from crawlers.document import Document
from crawlers.extract.addresses import absolute_to
from crawlers.extract.head import Head
from crawlers.extract.outline import Outline
from crawlers.extract.search.keywords import keywords_of
from crawlers.extract.structured import all_things, text_of, types_of
from crawlers.items import Heading, SearchWork
from crawlers.urls import canonical_url
from crawlers.words import Canonical

_LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
_TOLERANCE: Final = timedelta(days=1)
_MOST_HEADINGS: Final = 60
_MOST_TYPES: Final = 30
_LONGEST: Final = 300  # characters of a heading; what is longer is a paragraph set in large type
_FEED: Final = re.compile(r"(?:^|[/._?=&-])(?:feeds?|rss2?|atom)(?:$|[/._?=&-])", re.IGNORECASE)
_NO_FEED: Final = re.compile(r"comment|oembed|wp-json|\.json", re.IGNORECASE)
_WRITTEN: Final = frozenset({
    "article", "newsarticle", "blogposting", "techarticle", "report", "reportagenewsarticle",
    "socialmediaposting", "webpage", "itempage", "faqpage", "howto", "recipe", "videoobject",
    "analysisnewsarticle", "opinionnewsarticle", "liveblogposting", "review", "event",
})  # fmt: skip
"""Types whose dates are the page's own."""


def search_work_of(document: Document, outline: Outline, head: Head, *, lang: str) -> SearchWork:
    """The page's search work.

    :param lang: the page's language, a primary code: words are cut apart by it.
    """
    headings = _headings(outline)
    structured, published, modified = _structured(document, outline)
    metas = head.metas
    published = published or moment_of(metas.get("article:published_time"))
    modified = modified or moment_of(
        metas.get("article:modified_time") or metas.get("og:updated_time")
    )
    if published is None and "article" in outline.tags and "time" in outline.tags:
        node = document.tree.css_first("article time[datetime]")
        published = moment_of(node.attributes.get("datetime")) if node is not None else None
    latest = document.fetched_at + _TOLERANCE  # what has not come yet was misread
    return SearchWork(
        title_length=len(head.title),
        description_length=len(head.description),
        h1s=tuple(heading.text for heading in headings if heading.level == 1),
        headings=headings,
        canonical=_canonical(document.url, head.canonical),
        hreflangs=head.hreflangs,
        structured=structured,
        indexable=not _closed(document, head),
        keywords=keywords_of(document.url, head, headings, lang=lang),
        published_at=published if published and published <= latest else None,
        modified_at=modified if modified and modified <= latest else None,
        feeds=_feeds(document, outline),
    )


def moment_of(text: str | None) -> datetime | None:
    """A W3C date and time (ISO 8601) as UTC; a bare day is its midnight, a month its first day.

    ``None`` for anything else: a date in words is another reader's work.
    """
    text = (text or "").strip()[:40]
    if not text[:4].isdigit():
        return None
    if len(text) == 7:
        text += "-01"
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _headings(outline: Outline) -> tuple[Heading, ...]:
    found = [
        Heading(level=_LEVELS[block.tag], text=block.text[:_LONGEST])
        for block in outline.blocks
        if block.tag in _LEVELS
        and not block.hidden
        and (block.place != "footer" or block.tag == "h1")
    ]
    seen = {heading.level for heading in found}
    if any(tag in outline.tags and _LEVELS[tag] not in seen for tag in ("h1", "h2")):
        found = _around_blocks(outline)
    return tuple(found[:_MOST_HEADINGS])


def _around_blocks(outline: Outline) -> list[Heading]:
    """The headings of a page that sets blocks inside headings (``<h2><div>Words</div></h2>``)."""
    kinds = outline.kinds
    around: dict[int, int] = {}
    for holder, kind in enumerate(kinds):
        if kind in _LEVELS and holder not in around:
            around |= dict.fromkeys(range(holder, outline.ends[holder] + 1), holder)
    parts: dict[int, list[str]] = {}
    for block in outline.blocks if around else ():
        heading = around.get(block.holder)
        if heading is not None and not block.hidden:
            parts.setdefault(heading, []).append(block.text)
    return [
        Heading(level=_LEVELS[kinds[holder]], text=" ".join(words)[:_LONGEST])
        for holder, words in parts.items()
    ]


def _canonical(url: str, canonical: str | None) -> Canonical:
    if canonical is None:
        return "none"
    if _place(url) == _place(canonical):
        return "self"
    try:
        same = _place(canonical_url(url)) == _place(canonical_url(canonical))
    except ValueError:
        same = False
    return "self" if same else "other"


def _place(url: str) -> str:
    """An address without what no reader would call another page: scheme, fragment, last slash."""
    return url.partition("#")[0].partition("://")[2].rstrip("/")


def _closed(document: Document, head: Head) -> bool:
    """Whether the page asks engines to leave it out (robots meta tag, X-Robots-Tag)."""
    said = " ".join(
        (
            head.metas.get("robots", ""),
            head.metas.get("googlebot", ""),
            document.headers.get("x-robots-tag", ""),
        )
    )
    words = set(re.split(r"[\s,:]+", said.lower()))
    return bool(words & {"noindex", "none"})


def _structured(
    document: Document, outline: Outline
) -> tuple[tuple[str, ...], datetime | None, datetime | None]:
    """schema.org types as spelt, and when the page was published and changed, if they say."""
    names: dict[str, None] = {}
    published = modified = None
    for thing, depth in all_things(document):
        kinds = thing["@type"]
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if isinstance(kind, str) and len(names) < _MOST_TYPES:
                names[_bare(kind)] = None
        dated = "datePublished" in thing or "dateModified" in thing
        if dated and depth <= 1 and types_of(thing) & _WRITTEN:
            published = published or moment_of(text_of(thing.get("datePublished"), 40))
            modified = modified or moment_of(text_of(thing.get("dateModified"), 40))
    for kind, _ in outline.items:
        for name in kind.split()[:3]:
            if len(names) < _MOST_TYPES:
                names[_bare(name)] = None
    names.pop("", None)
    return tuple(names), published, modified


def _bare(kind: str) -> str:
    return kind.strip().rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1][:60]


def _feeds(document: Document, outline: Outline) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for rel, href, lang in outline.rels:
        if "alternate" in rel and not lang and _FEED.search(href) and not _NO_FEED.search(href):
            url = absolute_to(outline.base, href)
            if url is not None:
                found[url] = None
    return tuple(found)[:3]

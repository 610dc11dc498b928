"""Posts from structured data: DiscussionForumPosting, QAPage and Comment, as JSON-LD or microdata.

Sites write it for search engines, so it is true where it is whole; but many cut texts short or
leave replies out. So it is read into the same posts as an adapter's and the caller weighs them.
Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Reading
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.forums.json_shapes import as_dict, as_dicts, as_text
from crawlers.forums.texts.post_text import own_words
from crawlers.items import Post

THREAD_TYPES = frozenset({
    "DiscussionForumPosting", "SocialMediaPosting", "QAPage", "Question",
})  # fmt: skip
POST_TYPES = THREAD_TYPES | {"Comment", "Answer", "UserComments"}
_CHILDREN = (
    "mainEntity", "acceptedAnswer", "suggestedAnswer", "comment", "comments", "answer", "hasPart",
)  # fmt: skip
_MOST = 2_000
_DEEPEST = 40
_WRAPPERS = frozenset({"div", "p", "section", "article"})
"""A body that is one of these says nothing by its own tag; what is in it may be plain."""
_CUT = ("…", "...", "&hellip;", "[…]")


@dataclass(frozen=True, slots=True)
class StructuredThread:
    """What structured data says of a page: the thread's title and its posts, page order."""

    title: str | None
    posts: tuple[Post, ...]
    whole: bool
    """Whether texts seem whole: none ends in an ellipsis."""


def read_structured(document: Document, reading: Reading) -> StructuredThread | None:
    """The thread structured data describes; ``None`` where it describes none.

    A Question alone is a FAQ's, a Comment alone a blog's: a page counts as a thread only with a
    DiscussionForumPosting or QAPage in it (or a Question of its own in microdata, outside a FAQ or
    a product).
    """
    found = _from_json_ld(document, reading) or _from_microdata(document, reading)
    if found is None or sum(post.author is not None for post in found.posts) * 2 < len(found.posts):
        return None  # questions nobody asked: a FAQ written up as a QAPage
    return found


# --- JSON-LD -----------------------------------------------------------------------------------


def _types(data: dict[str, Any]) -> set[str]:
    given = data.get("@type")
    names = given if isinstance(given, list) else [given]
    return {name.rsplit("/", 1)[-1] for name in names if isinstance(name, str)}


def _from_json_ld(document: Document, reading: Reading) -> StructuredThread | None:
    for data in document.json_ld:
        if not _types(data) & {"DiscussionForumPosting", "SocialMediaPosting", "QAPage"}:
            continue
        root = as_dict(data.get("mainEntity")) if "QAPage" in _types(data) else data
        posts: list[Post] = []
        cut = False
        for node, parent in _walk(root, None, 0):
            text = _body(node)
            if not text and not node.get("author"):
                continue
            cut = cut or text.rstrip().endswith(_CUT)
            posts.append(_post(node, text, parent, document, reading))
            if len(posts) >= _MOST:
                break
        if posts:
            title = as_text(root.get("headline")) or as_text(root.get("name")) or None
            return StructuredThread(title, tuple(posts), whole=not cut)
    return None


def _walk(
    node: dict[str, Any], parent: dict[str, Any] | None, depth: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    if depth > _DEEPEST:
        return
    yield node, parent
    for key in _CHILDREN:
        for child in as_dicts(node.get(key)):
            if not _types(child) or _types(child) & POST_TYPES:
                yield from _walk(child, node, depth + 1)


def _body(node: dict[str, Any]) -> str:
    return next(
        (found for key in ("text", "articleBody", "commentText", "description")
         if (found := as_text(node.get(key)))),
        "",
    )  # fmt: skip


def _author(given: Any) -> str | None:
    for one in as_dicts(given):
        name = as_text(one.get("name")) or as_text(one.get("alternateName"))
        if name:
            return name
    return as_text(given) or None


def _post(
    node: dict[str, Any],
    text: str,
    parent: dict[str, Any] | None,
    document: Document,
    reading: Reading,
) -> Post:
    # Plain text keeps its line breaks; own_words would fold them as HTML does.
    markup = text if "<" in text and ">" in text else text.replace("\n", "<br>")
    words = own_words(markup)
    written = next(
        (found for key in ("datePublished", "dateCreated", "commentTime", "uploadDate")
         if (found := as_text(node.get(key)))),
        "",
    )  # fmt: skip
    date = read_date(
        written, fetched_at=reading.fetched_at, timezone=reading.timezone, lang=reading.lang
    )
    url = _address(node, document)
    return Post(
        id=_identifier(url) if parent is not None else None,
        url=url or document.url,
        author=_author(node.get("author") or node.get("creator")),
        text=words.text,
        posted_at=date.posted_at,
        posted_text=written or None,
        posted_precision=date.precision,
        timezone=date.timezone,
        quoted=words.quoted,
    )


def _address(node: dict[str, Any], document: Document) -> str:
    for key in ("url", "@id", "mainEntityOfPage"):
        given = node.get(key)
        found = document.join(as_text(as_dict(given).get("@id")) or as_text(given))
        if found and as_text(given):
            return found
    return ""


def _identifier(url: str) -> str | None:
    """The number at the end of a post's own address, or of its anchor."""
    tail = url.rstrip("/").rpartition("#")[2] if "#" in url else url.rstrip("/").rpartition("/")[2]
    digits = "".join(c for c in reversed(tail) if c.isascii() and c.isdigit())
    ending = tail[len(tail) - len(digits) :] if digits and tail.endswith(digits[::-1]) else ""
    if ending:
        return ending
    found = tail.rpartition("=")[2]
    return found if found.isascii() and found.isdigit() else None


# --- microdata ---------------------------------------------------------------------------------

_ITEMS = ", ".join(f"[itemtype$='/{name}']" for name in sorted(POST_TYPES - {"QAPage"}))
_FOREIGN = "[itemtype$='/FAQPage'], [itemtype$='/Product'], [itemtype$='/Recipe']"


def _from_microdata(document: Document, reading: Reading) -> StructuredThread | None:
    tree = document.tree
    if not select(tree, "[itemtype$='/DiscussionForumPosting'], [itemtype$='/QAPage']") and (
        not select(tree, "[itemtype$='/Question']") or select(tree, _FOREIGN)
    ):
        return None
    posts: list[Post] = []
    title: str | None = None
    for node in select(tree, _ITEMS)[:_MOST]:
        found = _properties(node)
        kind = attribute_of(node, "itemtype").rsplit("/", 1)[-1]
        if kind in THREAD_TYPES and title is None:
            heading = found.get("headline") or found.get("name")
            title = (_content(heading) if heading else "") or None
        body = found.get("text") or found.get("articleBody") or found.get("commentText")
        if body is None:
            continue
        posts.append(_microdata_post(node, body, found, kind, document, reading))
    if not posts:
        return None
    cut = any(post.text.rstrip().endswith(_CUT[:2]) for post in posts[:1])
    return StructuredThread(title, tuple(posts), whole=not cut)


def _properties(item: LexborNode) -> dict[str, LexborNode]:
    """First node of each property that belongs to this item, not to one inside it."""
    found: dict[str, LexborNode] = {}
    for node in select(item, "[itemprop]")[:400]:
        if node.mem_id == item.mem_id or not _belongs(node, item):
            continue
        for name in attribute_of(node, "itemprop").split():
            found.setdefault(name, node)
    return found


def _belongs(node: LexborNode, item: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if above.mem_id == item.mem_id:
            return True
        if "itemscope" in above.attributes:
            return False
        above = above.parent
    return False


def _content(node: LexborNode) -> str:
    for name in ("content", "datetime", "href", "title"):
        if found := attribute_of(node, name):
            return found
    return text_of(node)


def _microdata_post(
    node: LexborNode,
    body: LexborNode,
    found: dict[str, LexborNode],
    kind: str,
    document: Document,
    reading: Reading,
) -> Post:
    attribute = attribute_of(body, "content")
    inside = body.tag in _WRAPPERS and "hidden" not in body.attributes
    words = own_words(attribute or (body.inner_html if inside else body.html) or "")
    made = found.get("datePublished") or found.get("dateCreated") or found.get("commentTime")
    written = _content(made) if made else ""
    date = read_date(
        written, fetched_at=reading.fetched_at, timezone=reading.timezone, lang=reading.lang
    )
    link = found.get("url")
    url = (document.join(_content(link)) if link else None) or ""
    anchor = attribute_of(node, "id")
    return Post(
        id=_identifier(anchor) or (_identifier(url) if kind not in THREAD_TYPES else None),
        url=url or (f"{document.url}#{anchor}" if anchor else document.url),
        author=_person(found.get("author") or found.get("creator")),
        text=words.text,
        posted_at=date.posted_at,
        posted_text=written or None,
        posted_precision=date.precision,
        timezone=date.timezone,
        quoted=words.quoted,
    )


def _person(node: LexborNode | None) -> str | None:
    if node is None:
        return None
    for name in select(node, "[itemprop=name]"):
        if found := attribute_of(name, "content") or text_of(name):
            return found
    return attribute_of(node, "content") or text_of(node) or None

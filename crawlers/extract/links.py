"""The outlinks of a page: absolute http(s) addresses, with text, place and rel."""

from crawlers.extract.outline import Outline
from crawlers.items import Link

_MOST = 3_000  # links kept of one page
# What crawlers mind of a link's rel.
_RELS = frozenset({"nofollow", "ugc", "sponsored", "next", "prev", "tag", "author", "me"})


def links_of(outline: Outline) -> tuple[Link, ...]:
    """Every distinct outlink (same site and others), in the page's order.

    A link that stands twice keeps its first place and the first text that says something. ``rel``
    holds what crawlers mind: nofollow, ugc, sponsored.
    """
    found: dict[str, Link] = {}
    for anchor in outline.anchors:
        url = anchor.url
        if url is None:
            continue
        if "#" in url:
            url = url.split("#", 1)[0]
        known = found.get(url)
        if known is not None:
            if not known.text and anchor.text:
                found[url] = Link(url=url, text=anchor.text, place=known.place, rel=known.rel)
            continue
        if len(found) >= _MOST:
            break
        rel = anchor.rel
        if rel:
            rel = " ".join(word for word in rel.lower().split() if word in _RELS)
        found[url] = Link(url=url, text=anchor.text, place=anchor.place, rel=rel)
    return tuple(found.values())

"""The outlinks of a page: absolute http(s) addresses, with text, place and rel."""

import re
from functools import lru_cache
from urllib.parse import urljoin

from crawlers.document import Document
from crawlers.extract.outline import Outline
from crawlers.items import Link
from crawlers.urls import is_web_url

_MOST = 3_000  # links kept of one page
_LONGEST = 2_000  # characters of an address; longer ones are data or traps
_NOT_WEB = ("#", "javascript:", "mailto:", "tel:", "data:", "sms:", "zalo:", "skype:", "blob:")


_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::[1-9]\d{0,4})?(?:[/?#]\S*)?", re.IGNORECASE)


_ORIGIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::[1-9]\d{0,4})?(?=[/?#]|$)", re.IGNORECASE)
_HOST = re.compile(r"https?://([^/?#:@]+)", re.IGNORECASE)


def host_in(url: str) -> str:
    """The host of an absolute address as :func:`absolute` gives it; ``""`` for an odd one."""
    match = _HOST.match(url)
    return match[1].lower().rstrip(".") if match else ""


@lru_cache(maxsize=8_192)
def absolute_to(base: str, href: str) -> str | None:
    """An absolute http(s) address for a link as written on a page of this base, else ``None``."""
    href = href.strip()
    if not href or len(href) > _LONGEST or href[:12].lower().startswith(_NOT_WEB):
        return None
    if href[0] == "/" and href[1:2] != "/" and "/." not in href and " " not in href:
        origin = _ORIGIN.match(base)
        if origin:
            return origin[0] + href
    if _PLAIN.fullmatch(href):  # most links need no joining, which costs 20 times as much
        return href
    try:
        url = urljoin(base, href)
    except ValueError:
        return None
    return url if is_web_url(url) else None


def absolute(document: Document, href: str) -> str | None:
    """An absolute http(s) address for a link as written, ``None`` for anything else."""
    return absolute_to(document.base_url if document.url else "", href)


def links_of(document: Document, outline: Outline) -> tuple[Link, ...]:
    """Every distinct outlink (same site and others), in the page's order.

    A link that stands twice keeps its first place and the first text that says something. ``rel``
    holds what crawlers mind: nofollow, ugc, sponsored.
    """
    found: dict[str, Link] = {}
    for anchor in outline.anchors:
        url = absolute(document, anchor.href)
        if url is None:
            continue
        url = url.split("#", 1)[0]
        known = found.get(url)
        if known is not None:
            if not known.text and anchor.text:
                found[url] = Link(url=url, text=anchor.text, place=known.place, rel=known.rel)
            continue
        if len(found) >= _MOST:
            break
        rel = " ".join(
            word
            for word in anchor.rel.lower().split()
            if word in ("nofollow", "ugc", "sponsored", "next", "prev", "tag", "author", "me")
        )
        found[url] = Link(url=url, text=anchor.text, place=anchor.place, rel=rel)
    return tuple(found.values())

"""The generic reader's pagers: the link to the next page, by its mark, word, arrow or number. Pure.

Pages are followed, never computed: where a pager has numbers only, the next page is the link whose
number follows the one that is no link.
"""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import same_page
from crawlers.forums.fields import attribute_of, select
from crawlers.forums.links import followable, is_utility_link, thread_url
from crawlers.forums.shapes.blocks import start_of
from crawlers.urls import host_of

NEXT = re.compile(
    r"^(?:next(?: page)?|trang (?:sau|tiếp|kế)|tiếp(?: theo)?|sau|kế tiếp|下一页|下一頁|后页|下页)"
    r"\s*[»›>→]*$|^[»›→>]$",
    re.IGNORECASE,
)
_NEXT_CLASS = (
    "a.next[href], .next > a[href], a.pagination-next[href], .nextpage a[href], a.nextpage[href]"
)
_NEXT_ICON = (
    "[class*=pag] a[href]:has(> i[class*=right]):not(:has(> i[class*=double])),"
    " [class*=pag] a[href]:has(> [class*=next]), [class*=pag] a[href][title*=Next]"
)
_LONGEST_PAGER = 200  # characters
_LEVELS = 4


def next_page(document: Document) -> str | None:
    """The next page: what is marked so (``rel``), called so, or stands as an arrow in a pager."""
    links = select(document.tree, "a[href]")
    marked = select(document.tree, "link[rel~=next][href], a[rel~=next][href]")
    named = select(document.tree, _NEXT_CLASS)
    called = [node for node in links if NEXT.match(_label(node))]
    found = []
    for node in (*marked, *named, *called, *select(document.tree, _NEXT_ICON)):
        url = _page(node, document)
        if url is not None and not same_page(url, document.url):
            found.append(url)
    here = thread_url(document.url)
    first = next((url for url in found if thread_url(url) == here), found[0] if found else None)
    return first or _next_number(links, document)


def _label(node: LexborNode) -> str:
    if text := start_of(node, 24):
        return text
    image = node.css_first("img[alt]")
    return (attribute_of(node, "aria-label") or (attribute_of(image, "alt") if image else ""))[:24]


def _page(node: LexborNode, document: Document) -> str | None:
    href = attribute_of(node, "href")
    url = document.join(href) if href and not href.startswith("#") else None
    if not url or host_of(url) != host_of(document.url) or is_utility_link(url):
        return None
    return followable(url)


def _next_number(links: list[LexborNode], document: Document) -> str | None:
    """The page after the number that is no link, in a pager of numbers."""
    numbers: dict[int, tuple[LexborNode, str]] = {}
    for node in links:
        text = start_of(node, 6)
        if text.isdecimal() and (url := _page(node, document)) and _is_part(url, document.url):
            numbers.setdefault(int(text), (node, url))
    for number, (node, url) in sorted(numbers.items()):
        if number - 1 not in numbers and number > 1 and _holds(node, number - 1, numbers):
            return None if same_page(url, document.url) else url
    return None


def _holds(node: LexborNode, current: int, numbers: dict[int, tuple[LexborNode, str]]) -> bool:
    """Whether a link stands in a pager whose only number without a link is the one before."""
    at = node.parent
    for _ in range(_LEVELS):
        if at is None:
            return False
        text = start_of(at, _LONGEST_PAGER)
        if len(text) >= _LONGEST_PAGER:
            return False
        shown = [int(part) for part in re.findall(r"\d{1,6}", text)]
        if current in shown:
            return [part for part in shown if part not in numbers] == [current]
        at = at.parent
    return False


def _is_part(url: str, here: str) -> bool:
    """Whether an address is another page of the same list or thread."""
    if thread_url(url) == thread_url(here):
        return True
    path = re.sub(r"(?:\.\w+|/)$", "", urlsplit(here).path)
    return bool(path) and urlsplit(url).path.startswith(path)

"""The generic reader's lists: which links of a page lead to threads and boards, and on. Pure."""

import re
from collections import Counter, defaultdict

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import count_of, id_in_address, same_page, stamp_of
from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.forums.links import followable, is_utility_link, thread_url
from crawlers.forums.shapes.blocks import Signature, place
from crawlers.items import Link, ThreadRef
from crawlers.urls import host_of

_THREAD = re.compile(
    r"viewtopic|showthread|/threads?/|/threads?-|/topics?/|/topics?-|/t/|/discussions?/|/questions/"
    r"|/d/\d|[?&](?:tid|topic|threadid)=|/posts?/|/chu-de|/thao-luan|/comments/|read\.php|/p/\d",
    re.IGNORECASE,
)
_BOARD = re.compile(
    r"viewforum|forumdisplay|/forums?/[^/]|/forum-\d|/boards?/|/f/|/c/|/category/|[?&](?:fid|board)=",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^(?:next(?: page)?|trang (?:sau|tiếp|kế)|tiếp(?: theo)?|sau|kế tiếp|下一页|下一頁|后页|下页)"
    r"\s*[»›>→]*$|^[»›→>]$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(\d[\d.,]*[kKmM万]?)\s*(?:replies|reply|answers?|comments?|posts|trả lời|bình luận|回复|回覆)"
    r"|(?:replies|answers|posts|trả lời|回复)[:：]?\s*(\d[\d.,]*[kKmM万]?)",
    re.IGNORECASE,
)
_NEXT_CLASS = (
    "a.next[href], .next > a[href], a.pagination-next[href], .nextpage a[href], a.nextpage[href]"
)
_NEXT_ICON = (
    "[class*=pag] a[href]:has(> i[class*=right]):not(:has(> i[class*=double])),"
    " [class*=pag] a[href]:has(> [class*=next]), [class*=pag] a[href][title*=Next]"
)
_PAGE_WORD = re.compile(
    r"[\d\s.…»›>]+|(?:first|last|go to (?:first|last))[\w ]{0,20}|trang cuối|末页|尾页",
    re.IGNORECASE,
)
_ROW_LEVELS = 6
_FEWEST = 3
_MOST = 2_000

_Found = tuple[LexborNode, str, str]
"""A link's node, its address, its text."""


def read_threads(document: Document) -> tuple[ThreadRef, ...]:
    """The largest group of like links that lead to threads, each thread once.

    Rows that differ by their own marks only (a sticky thread's link) are of the group. Where a
    page draws its links by script, what it lists in microdata for search engines stands for them.
    """
    best: list[_Found] = []
    best_place: Signature = ()
    best_score = 0.0
    groups = _like_links(document)
    for key, group in groups.items():
        threads = {url: (node, url, text) for node, url, text in group if _THREAD.search(url)}
        if len(threads) < _FEWEST or len(threads) * 2 < len({url for _, url, _ in group}):
            continue
        length = sum(min(len(text), 80) for _, _, text in threads.values()) / len(threads)
        if length < 8:
            continue
        score = len(threads) * length
        if score > best_score:
            best, best_place, best_score = list(threads.values()), key, score
    best = _with_marked(best, best_place, groups) if best else _listed(document)
    holding = _holding([node for node, _, _ in best])
    return tuple(_thread(node, url, text, holding) for node, url, text in best[:_MOST])


def _with_marked(
    best: list[_Found], best_place: Signature, groups: dict[Signature, list[_Found]]
) -> list[_Found]:
    """The group with the links beside it whose own marks alone differ, those first: sticky ones."""
    known = {url for _, url, _ in best}
    marked: dict[str, _Found] = {}
    for key, group in groups.items():
        if key != best_place and key[1:] == best_place[1:]:
            for node, url, text in group:
                page = _PAGE_WORD.fullmatch(text) or not _THREAD.search(url)
                if url not in known and not page:
                    marked.setdefault(url, (node, url, text))
    return [*marked.values(), *best]


def _listed(document: Document) -> list[_Found]:
    """Threads named as the items of a list in microdata."""
    found: dict[str, _Found] = {}
    for item in select(document.tree, "[itemtype$='/ListItem'], [itemprop=itemListElement]"):
        link = next(iter(select(item, "[itemprop=url], [itemprop=item]")), None)
        name = next(iter(select(item, "[itemprop=name], [itemprop=headline]")), None)
        if link is None or name is None:
            continue
        url = document.join(attribute_of(link, "href") or attribute_of(link, "content"))
        title = attribute_of(name, "content") or text_of(name)
        if url and title and _THREAD.search(url) and host_of(url) == host_of(document.url):
            found.setdefault(thread_url(url), (item, thread_url(url), title))
    return list(found.values()) if len(found) >= _FEWEST else []


def read_boards(document: Document) -> tuple[Link, ...]:
    """Links that lead to boards by their address and stand where others of the kind stand."""
    found: dict[str, Link] = {}
    for group in _like_links(document).values():
        boards = [part for part in group if _BOARD.search(part[1]) and not _THREAD.search(part[1])]
        if len(boards) * 2 < len(group):
            continue
        for _, url, text in boards:
            pages = _NEXT.match(text) or text.replace(",", "").isdigit()
            if not pages and not same_page(url, document.url):
                found.setdefault(url, Link(url=url, text=text))
    return tuple(found.values())[:_MOST]


def next_page(document: Document) -> str | None:
    """The next page: what is marked so (``rel``), called so, or stands as an arrow in a pager."""
    marked = select(document.tree, "link[rel~=next][href], a[rel~=next][href]")
    named = select(document.tree, _NEXT_CLASS)
    called = [
        node
        for node in select(document.tree, "a[href]")
        if _NEXT.match(text_of(node)[:24] or attribute_of(node, "aria-label")[:24])
    ]
    found = []
    for node in (*marked, *named, *called, *select(document.tree, _NEXT_ICON)):
        href = attribute_of(node, "href")
        url = document.join(href) if href and not href.startswith("#") else None
        if url and host_of(url) == host_of(document.url) and not is_utility_link(url):
            url = followable(url)
            if not same_page(url, document.url):
                found.append(url)
    here = thread_url(document.url)
    return next((url for url in found if thread_url(url) == here), found[0] if found else None)


def _like_links(document: Document) -> dict[Signature, list[_Found]]:
    groups: dict[Signature, list[_Found]] = defaultdict(list)
    host = host_of(document.url)
    for node in select(document.tree, "a[href]")[: 3 * _MOST]:
        text = text_of(node)
        if len(text) < 3:
            continue
        url = document.join(attribute_of(node, "href"))
        if not url or host_of(url) != host or is_utility_link(url):
            continue
        url = thread_url(url) if _THREAD.search(url) else followable(url)
        groups[place(node, 3)].append((node, url, text))
    return groups


def _thread(node: LexborNode, url: str, title: str, holding: Counter[int]) -> ThreadRef:
    row = node
    while row.parent is not None and holding[row.parent.mem_id] == 1:
        row = row.parent  # the row: as far up as it holds no second title
    text = text_of(row)[:600]
    found = _COUNTED.search(text)
    replies = count_of(found[1] or found[2]) if found else None
    time = row.css_first("time[datetime], [data-time]")
    stamp = (attribute_of(time, "datetime") or attribute_of(time, "data-time")) if time else ""
    return ThreadRef(
        url=url, title=title, id=id_in_address(url), replies=replies, stamp=stamp_of(stamp, replies)
    )


def _holding(nodes: list[LexborNode]) -> Counter[int]:
    """How many of the nodes each of their near surroundings holds."""
    found: Counter[int] = Counter()
    for node in nodes:
        at: LexborNode | None = node
        for _ in range(_ROW_LEVELS):
            if at is None:
                break
            found[at.mem_id] += 1
            at = at.parent
    return found

"""The generic reader's lists: which links of a page lead to threads and boards, and on. Pure."""

import re
from collections import Counter, defaultdict

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import count_of, id_in_address, same_page, stamp_of
from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.forums.links import followable, is_utility_link, thread_url
from crawlers.forums.shapes.authors import PROFILE
from crawlers.forums.shapes.blocks import HINT, Signature, place, walk
from crawlers.forums.shapes.pagers import NEXT, next_page
from crawlers.items import Link, ThreadRef
from crawlers.urls import host_of

__all__ = ["next_page", "read_boards", "read_threads"]

_THREAD = re.compile(
    r"viewtopic|showthread|/threads?/|/threads?-|/topics?/|/topics?-|/t/|/discussions?/|/questions/"
    r"|/d/\d|[?&](?:tid|topic|threadid)=|/posts?/|/chu-de|/thao-luan|/comments/|read\.php|/p/\d",
    re.IGNORECASE,
)
_ANY = re.compile("")
_BOARD = re.compile(
    r"viewforum|forumdisplay|/forums?/[^/]|/forum-\d|/boards?/|/f/|/c/|/category/|[?&](?:fid|board)=",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(\d[\d.,]*+[kKmM万]?)\s*+(?:replies|reply|answers?|comments?|posts|trả lời|bình luận|回复"
    r"|回覆)|(?:replies|answers|posts|trả lời|回复)[:：]?\s*(\d[\d.,]*[kKmM万]?)",
    re.IGNORECASE,
)
_PAGE_WORD = re.compile(
    r"[\d\s.…»›>]+|(?:first|last|go to (?:first|last))[\w ]{0,20}|trang cuối|末页|尾页",
    re.IGNORECASE,
)
_REPLIES = re.compile(
    r"(?:#\s*)?(?:replies|answers|comments|posts|responses|回复|回覆|回帖|trả lời|bình luận"
    r"|phản hồi)|回复/查看|replies\s*/\s*views",
    re.IGNORECASE,
)
_MOST_IN_A_ROW = 200  # nodes
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
    if best:
        best = _with_marked(best, best_place, groups, _THREAD)
    elif not (best := _listed(document)):
        best, best_place = _dated_rows(groups)
        best = _with_marked(best, best_place, groups, _ANY)
    holding = _holding([node for node, _, _ in best])
    return tuple(_thread(node, url, text, holding) for node, url, text in best[:_MOST])


def _with_marked(
    best: list[_Found],
    best_place: Signature,
    groups: dict[Signature, list[_Found]],
    address: re.Pattern[str],
) -> list[_Found]:
    """The group with the links beside it whose own marks alone differ, those first: sticky ones."""
    known = {url for _, url, _ in best}
    tops = {_top(node) for node, _, _ in best}
    marked: dict[str, _Found] = {}
    for key, group in groups.items():
        if key != best_place and (key[1:] == best_place[1:] or _is_row_beside(key, best_place)):
            for node, url, text in group:
                page = _PAGE_WORD.fullmatch(text) or not address.search(url)
                beside = key[1:] == best_place[1:] or _top(node) in tops
                if url not in known and not page and beside:
                    marked.setdefault(url, (node, url, text))
    return [*marked.values(), *best]


def _is_row_beside(key: Signature, other: Signature) -> bool:
    """Whether two places differ by the marks of one element around the link."""
    tags = [[part.partition(".")[0] for part in place] for place in (key, other)]
    different = sum(a != b for a, b in zip(key, other, strict=False))
    return tags[0] == tags[1] and key[0] == other[0] and different == 1


def _top(node: LexborNode) -> int | None:
    """The element that holds the row of a link, by its id."""
    at: LexborNode | None = node
    for _ in range(2):
        at = at.parent if at is not None else None
    return at.mem_id if at is not None else None


def _dated_rows(groups: dict[Signature, list[_Found]]) -> tuple[list[_Found], Signature]:
    """Links at addresses that say nothing, each the title of a row with a time in it."""
    best: list[_Found] = []
    best_place: Signature = ()
    best_score = 0.0
    for key, group in groups.items():
        rows = {url: (node, url, text) for node, url, text in group if not PROFILE.search(url)}
        if len(rows) < _FEWEST or any(_BOARD.search(url) for url in rows):
            continue
        holding = _holding([node for node, _, _ in rows.values()])
        found = [row for row in rows.values() if _time_in(_row(row[0], holding), row[0])]
        length = sum(min(len(text), 80) for _, _, text in found) / max(len(found), 1)
        if len(found) >= _FEWEST and length >= 8 and len(found) * length > best_score:
            best, best_place, best_score = found, key, len(found) * length
    return best, best_place


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
            pages = NEXT.match(text) or text.replace(",", "").isdigit()
            if not pages and not same_page(url, document.url):
                found.setdefault(url, Link(url=url, text=text))
    return tuple(found.values())[:_MOST]


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
    row = _row(node, holding)
    text = text_of(row)[:600]
    found = _COUNTED.search(text)
    replies = count_of(found[1] or found[2]) if found else _in_column(row)
    stamp = _time_in(row, node)
    return ThreadRef(
        url=url, title=title, id=id_in_address(url), replies=replies, stamp=stamp_of(stamp, replies)
    )


def _row(node: LexborNode, holding: Counter[int]) -> LexborNode:
    """What surrounds a title as far up as it holds no second one."""
    row = node
    while row.parent is not None and holding[row.parent.mem_id] == 1:
        row = row.parent
    return row


def _time_in(row: LexborNode, title: LexborNode) -> str:
    """The time a row is marked with, else the last it shows beside its title; ``""`` for none."""
    marked = row.css_first("time[datetime], [data-time]")
    given = (
        (attribute_of(marked, "datetime") or attribute_of(marked, "data-time")) if marked else ""
    )
    if given:
        return given
    inside = {below.mem_id for below in walk(title)}
    stamp = ""
    for seen, node in enumerate(walk(row)):
        if seen > _MOST_IN_A_ROW:
            break
        if node.is_text_node and node.mem_id not in inside:
            text = " ".join((node.text_content or "")[:200].split())
            if 3 <= len(text) <= 60 and HINT.search(text):
                stamp = text
    return stamp


def _in_column(row: LexborNode) -> int | None:
    """The count below the column's heading "Replies", where the row is a table's."""
    table = row.parent
    while table is not None and table.tag in ("tbody", "thead"):
        table = table.parent
    if row.tag != "tr" or table is None or table.tag != "table":
        return None
    head = table.css_first("tr")
    names = _cells(head) if head is not None else []
    at = next((n for n, name in enumerate(names) if _REPLIES.fullmatch(name)), None)
    cells = _cells(row)
    return count_of(cells[at]) if at is not None and at < len(cells) else None


def _cells(row: LexborNode) -> list[str]:
    return [text_of(cell)[:40] for cell in row.iter() if cell.tag in ("td", "th")][:20]


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

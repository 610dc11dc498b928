"""The generic reader's authors: the place in repeated blocks where a name stands. Pure.

Marks that say so win (``rel=author``, a link to a profile, a class called after it). Software that
marks nothing still shows a name in each block at the same place, near the time: it is told from a
label by differing from block to block, and from a sentence by its length.
"""

import re
from collections import Counter, defaultdict

from selectolax.lexbor import LexborNode

from crawlers.forums.base import Reading
from crawlers.forums.fields import attribute_of, text_of
from crawlers.forums.shapes.blocks import Block, Signature, place, start_of, walk
from crawlers.forums.shapes.names import Named, is_place, names_at, near_times
from crawlers.forums.shapes.shape import Shape

PROFILE = re.compile(
    r"/(?:users?|u|members?|profiles?|people|authors?|nguoi-dung|thanh-vien)(?:/|\.php|-)"
    r"|[?&;](?:uid|user|userid|user_id|author)=|action=profile|mod=space|memberlist|member\.php"
    r"|/user\?|/@\w|showuser|/~",
    re.IGNORECASE,
)
_AUTHOR_MARK = re.compile(
    r"author|user-?_?name|poster\b|posted-?_?by|nick|creator|member-?name|byline|username|userinfo"
    r"|^user$|^name$|display-?name",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:advertisement|sponsored|quảng cáo|广告|廣告"
    r"|reply|quote|report|permalink|like|share|follow|log ?in|sign ?up|register|more|profile"
    r"|trả lời|trích dẫn|đăng nhập|回复|回覆|引用|登录|登入)|https?://.*|[\W\d_]+",
    re.IGNORECASE,
)
_BY = re.compile(r"^(?:posted by|written by|by|bởi|gửi bởi|tác giả|作者|@)[:：]?\s+", re.IGNORECASE)
_MARKED = 3  # the rank of what is called after an author
_SHARE = 0.6  # of the blocks must agree on a place


def find_authors(
    found: list[Block],
    elements: list[list[LexborNode]],
    known: Shape | None,
    reading: Reading,
) -> tuple[list[Named | None], Signature | None]:
    """Each block's author and the place most of them share.

    :param elements: each block's elements, in page order.
    :param known: the shape to read them by; else the place is learnt.
    """
    if known is not None and known.author is not None and is_place(known.author):
        return names_at(known.author, found, reading), known.author
    places: dict[Signature, dict[int, Named]] = defaultdict(dict)
    ranks: dict[Signature, int] = {}
    times: Counter[Signature] = Counter()
    flat = sum(len(block.nodes) > 1 for block in found) * 2 > len(found)
    for index, nodes in enumerate(elements):
        dates = {found[index].date.written, start_of(found[index].date.node, 200)}
        for node in nodes:
            rank, text = _author_rank(node)
            if not rank or not 1 <= len(text) <= 60 or any(len(d) > 5 and d in text for d in dates):
                continue
            key = (str(rank), *place(node, 2))
            places[key].setdefault(index, (node, text))
            ranks[key] = rank
            times[key] += 1
    best = _best_author(places, ranks, times, len(found)) if known is None else known.author
    if best is None and known is None:
        return near_times(found, reading)
    chosen = places.get(best, {}) if best else {}
    others = sorted(places.items(), key=lambda item: -ranks[item[0]])
    filled: list[Named | None] = []
    for index, nodes in enumerate(elements):
        one = chosen.get(index)
        if one is None and best is not None:  # a guest, a moderator: another place of the same rank
            # What only follows a block that is whole in itself belongs to something else.
            inside = {node.mem_id for node in nodes} if flat else _below(found[index].nodes[0])
            one = next(
                (by[index] for _, by in others if index in by and by[index][0].mem_id in inside),
                None,
            )
        filled.append(one)
    return filled, best


def _best_author(
    places: dict[Signature, dict[int, Named]],
    ranks: dict[Signature, int],
    times: Counter[Signature],
    blocks: int,
) -> Signature | None:
    best: Signature | None = None
    best_score = 0.0
    for key, by_block in places.items():
        coverage = len(by_block) / blocks
        if coverage < _SHARE:
            continue
        # A post has one author; a name that stands in it again and again is its commenters'.
        crowd = min(times[key] / len(by_block) - 1, 2.0)
        score = ranks[key] + 2 * coverage - crowd
        if score > best_score:
            best, best_score = key, score
    return best


def _below(top: LexborNode) -> set[int]:
    return {node.mem_id for node in walk(top)}


def _author_rank(node: LexborNode) -> tuple[int, str]:
    attributes = node.attributes
    for name in ("data-author", "data-username", "data-user-name"):
        if attributes.get(name):
            return 6, attribute_of(node, name)
    if (attributes.get("itemprop") or "") == "author":
        inner = node.css_first("[itemprop=name]")
        return 6, (attribute_of(inner, "content") or text_of(inner)) if inner else text_of(node)
    rank = _rank(node)
    text = start_of(node, 81) if rank else ""
    if not text or len(text) > 80 or _NO_NAME.fullmatch(text):
        return 0, ""
    return (rank, text) if rank > _MARKED or len(text) <= 45 else (0, "")


def _rank(node: LexborNode) -> int:
    attributes = node.attributes
    if (attributes.get("rel") or "") == "author":
        return 5
    marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if "-" in (node.tag or ""):  # <post-author>: an element of the page's own
        marks += f" {node.tag}"
    if (
        node.tag == "a"
        and PROFILE.search(attributes.get("href") or "")
        and "avatar" not in marks.lower()
    ):
        return 4 + bool(_AUTHOR_MARK.search(marks))
    return _MARKED if any(_AUTHOR_MARK.search(mark) for mark in marks.split()) else 0


def name_of(author: Named | None) -> str | None:
    """The name as the author writes it, without "by" and marks around it."""
    if author is None:
        return None
    node, name = author
    name = _BY.sub("", name).strip(" ,:：•·|`-")
    half = name[: len(name) // 2].strip()
    if name == f"{half} {half}" and any(text_of(part) == half for part in node.css("*")[:8]):
        return half  # once for phones, once for desks
    return name or None

"""The generic reader's posts: which repeated blocks are posts, and what stands where in them. Pure.

Nothing is decided on one block alone: the author's place, the body's place and the id's form are
those that most blocks of a family share.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from selectolax.lexbor import LexborNode

from crawlers.forums.blocks import Block, is_label, place, walk
from crawlers.forums.fields import attribute_of, select, text_of

_PROFILE = re.compile(
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
_BODY_MARK = re.compile(
    r"content|body|message|text|comment|post|entry|markdown|description|cooked|reply|answer",
    re.IGNORECASE,
)
_BODY_NAME = re.compile(
    r"(?:js-)?(?:[a-z]+[-_])?(?:content|body|message|text|usertext|cooked)", re.IGNORECASE
)
_NO_BODY = re.compile(
    r"signature|sidebar|author|user|profile|meta|footer|header|toolbar|menu|controls|actions?\b|share"
    r"|related|avatar|badge|breadcrumb|nav|button|stats|vote|counts?\b|title|subject|^text-",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"^(?:reply|quote|reply to this|reply with quote|report|report post|permalink|like|upvote"
    r"|parent|multi-?quote|trả lời|trích dẫn|báo cáo|báo xấu|回复|引用|举报|回覆|檢舉|只看该作者"
    r"|link to post|flag|find|share|i like this)\b",
    re.IGNORECASE,
)
_MEMBER_WORDS = re.compile(
    r"\b(?:joined|posts|join date|messages|reputation|original poster|bài viết|tham gia|thành viên"
    r"|moderator|registered user|junior member|senior member|points)\b|注册时间|楼主|积分"
    r"|沙发|板凳",
    re.IGNORECASE,
)
_POST_MARK = re.compile(
    r"(?:post|comment|msg|message|reply|answer|pid|cid|postid|entry|[pcm#])[_=-]?(?:id[_-]?)?"
    r"(\d{1,15})$|^(\d{1,15})$",
    re.IGNORECASE,
)
_ID_ATTRIBUTES = (
    "data-post-id", "data-comment-id", "data-pid", "data-cid", "data-message-id", "data-postid",
    "data-commentid", "data-id", "id", "name", "href",
)  # fmt: skip
_BY = re.compile(r"^(?:posted by|written by|by|bởi|gửi bởi|tác giả|作者|@)[:：]?\s+", re.IGNORECASE)
_ELEMENTS_A_BLOCK = 500
_SHARE = 0.6  # of the blocks must agree on a place
_SHORTEST = 12  # characters a body has in the middle of the family


@dataclass(frozen=True, slots=True)
class RawPost:
    """One block taken for a post."""

    block: Block
    author: str | None
    body: tuple[LexborNode, ...]
    identifier: str | None


def read_blocks(found: list[Block], *, shortest: int = _SHORTEST) -> list[RawPost]:
    """The blocks as posts, or nothing where they do not hold an author and a body each.

    :param shortest: characters a body has in the middle of the family, at least.
    """
    sizes = [sum(len(_text(node)) for node in block.nodes) for block in found]
    if not sizes or median(sizes) < shortest + 8 or _is_listing(found):
        return []
    elements = [_elements(block) for block in found]
    authors = _authors(found, elements)
    bodies = _bodies(found, elements, authors)
    if not bodies:
        return []
    identifiers = _identifiers(elements)
    posts = [
        RawPost(block, _name(author), body, identifier)
        for block, author, body, identifier in zip(found, authors, bodies, identifiers, strict=True)
        if body
    ]
    named = sum(post.author is not None for post in posts)
    if named < _SHARE * len(posts) or len(posts) * 2 < len(found):
        return []
    lengths = [sum(len(text_of(node)) for node in post.body) for post in posts]
    return posts if median(lengths) >= shortest else []


def proof_of(posts: list[RawPost]) -> int:
    """Marks of a forum in the blocks: words of acting (reply, quote), of membership, post ids."""
    points = 0
    blocks_seen = [post.block for post in posts[:30]]
    acting = sum(_has_act(block) for block in blocks_seen)
    points += 1 if acting * 2 >= len(blocks_seen) else 0
    member = sum(
        any(_MEMBER_WORDS.search(_text(node)[:3_000]) for node in block.nodes)
        for block in blocks_seen
    )
    points += 1 if member * 2 >= len(blocks_seen) else 0
    if sum(post.identifier is not None for post in posts) * 2 >= len(posts):
        points += 1
    return points


def _has_act(block: Block) -> bool:
    for node in block.nodes:
        if not node.is_element_node:
            continue
        for link in node.css("a, button, [role=button]")[:80]:
            label = text_of(link) or attribute_of(link, "title")
            if label and len(label) < 40 and _ACTS.match(label):
                return True
    return False


def _text(node: LexborNode) -> str:
    if node.is_text_node:
        return node.text_content or ""
    return node.text(deep=True) or ""


def _elements(block: Block) -> list[LexborNode]:
    found: list[LexborNode] = []
    for top in block.nodes:
        for node in walk(top):
            if node.is_element_node:
                found.append(node)
                if len(found) >= _ELEMENTS_A_BLOCK:
                    return found
    return found


def _is_listing(found: list[Block]) -> bool:
    """Whether most blocks carry a heading that leads elsewhere: a blog's cards, a board's rows."""
    titles = []
    for block in found:
        for top in block.nodes:
            heads = select(top, "h1 a[href], h2 a[href], h3 a[href], h4 a[href]")
            head = next((h for h in heads if len(text_of(h)) >= 12 and not _is_self(h)), None)
            if head is not None:
                titles.append(text_of(head))
                break
    return len(titles) >= _SHARE * len(found) and len(set(titles)) >= 0.8 * len(titles)


def _is_self(link: LexborNode) -> bool:
    href = attribute_of(link, "href")
    return "#" in href or bool(_PROFILE.search(href)) or text_of(link).lower().startswith("re:")


# --- authors -----------------------------------------------------------------------------------


def _authors(
    found: list[Block], elements: list[list[LexborNode]]
) -> list[tuple[LexborNode, str] | None]:
    places: dict[tuple[str, ...], dict[int, tuple[LexborNode, str]]] = defaultdict(dict)
    ranks: Counter[tuple[str, ...]] = Counter()
    for index, nodes in enumerate(elements):
        for node in nodes:
            rank, text = _author_rank(node)
            if not rank or not 1 <= len(text) <= 60 or text == found[index].date.written:
                continue
            key = (str(rank), *place(node, 2))
            places[key].setdefault(index, (node, text))
            ranks[key] = rank
    best: tuple[str, ...] | None = None
    best_score = 0.0
    for key, by_block in places.items():
        coverage = len(by_block) / len(found)
        if coverage < _SHARE:
            continue
        score = ranks[key] + 2 * coverage
        if score > best_score:
            best, best_score = key, score
    chosen = places[best] if best else {}
    others = sorted(places.items(), key=lambda item: -ranks[item[0]])
    filled: list[tuple[LexborNode, str] | None] = []
    for index in range(len(found)):
        one = chosen.get(index)
        if one is None and best is not None:  # a guest, a moderator: another place of the same rank
            one = next((by[index] for _, by in others if index in by), None)
        filled.append(one)
    return filled


def _author_rank(node: LexborNode) -> tuple[int, str]:
    attributes = node.attributes
    for name in ("data-author", "data-username", "data-user-name"):
        if attributes.get(name):
            return 6, attribute_of(node, name)
    if (attributes.get("itemprop") or "") == "author":
        inner = node.css_first("[itemprop=name]")
        return 6, (attribute_of(inner, "content") or text_of(inner)) if inner else text_of(node)
    text = text_of(node)
    if not text or len(text) > 80:
        return 0, ""
    if (attributes.get("rel") or "") == "author":
        return 5, text
    marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if node.tag == "a":
        href = attributes.get("href") or ""
        if _PROFILE.search(href) and "avatar" not in marks.lower():
            return 4 + bool(_AUTHOR_MARK.search(marks)), text
    if any(_AUTHOR_MARK.search(mark) for mark in marks.split()) and len(text) <= 45:
        return 3, text
    return 0, ""


def _name(author: tuple[LexborNode, str] | None) -> str | None:
    name = _BY.sub("", author[1]).strip(" ,:：•·|-") if author else ""
    half = name[: len(name) // 2].strip()
    return (half if name == f"{half} {half}" else name) or None  # once for phones, once for desks


# --- bodies ------------------------------------------------------------------------------------


def _bodies(
    found: list[Block],
    elements: list[list[LexborNode]],
    authors: list[tuple[LexborNode, str] | None],
) -> list[tuple[LexborNode, ...]]:
    lengths: dict[str, float] = defaultdict(float)
    holders: dict[str, dict[int, list[LexborNode]]] = defaultdict(dict)
    for index, nodes in enumerate(elements):
        outer = _around(found[index].date.node)
        author = authors[index]
        if author is not None and text_of(author[0]) == author[1]:
            outer |= _around(author[0])  # an attribute of the whole block is no place of its own
        for node in nodes:
            if node.mem_id in outer:
                continue
            length = _own_length(node)
            if length <= 0:
                continue
            key = "<".join(place(node, 2))
            lengths[key] += length * _mark(node)
            holders[key].setdefault(index, []).append(node)
    usable = [key for key, by in holders.items() if len(by) >= _SHARE * len(found)]
    if not usable:
        return []
    best = max(usable, key=lambda key: _weight(key, lengths, holders))
    best = _narrowed(best, usable, lengths, holders)
    return [_topmost(holders[best].get(index, [])) for index in range(len(found))]


def _weight(
    key: str, lengths: dict[str, float], holders: dict[str, dict[int, list[LexborNode]]]
) -> float:
    many = sum(len(nodes) for nodes in holders[key].values()) / len(holders[key])
    return lengths[key] * (1.0 if many < 1.3 else 0.7)


def _narrowed(
    best: str,
    usable: list[str],
    lengths: dict[str, float],
    holders: dict[str, dict[int, list[LexborNode]]],
) -> str:
    """A place inside the best one that holds nearly all of it: the body without its trimmings."""
    inside = {
        node.mem_id for nodes in holders[best].values() for top in nodes for node in top.css("*")
    }
    for _ in range(4):
        inner = [
            key
            for key in usable
            if key != best
            and _weight(key, lengths, holders) >= 0.8 * _weight(best, lengths, holders)
            and all(nodes[0].mem_id in inside for nodes in holders[key].values())
            and sum(map(len, holders[key].values())) < 1.2 * len(holders[key])
            and len(holders[key]) >= 0.85 * len(holders[best])
        ]
        if not inner:
            return best
        best = max(inner, key=lambda key: _weight(key, lengths, holders))
        inside = {
            node.mem_id
            for nodes in holders[best].values()
            for top in nodes
            for node in top.css("*")
            if node.mem_id != top.mem_id
        }
    return best


def _around(node: LexborNode) -> set[int]:
    """A label, what is in it and what it is in: no body can be any of these."""
    found = {inner.mem_id for inner in walk(node)} if is_label(node) else set()
    at: LexborNode | None = node
    while at is not None:
        found.add(at.mem_id)
        at = at.parent
    return found


def _own_length(node: LexborNode) -> float:
    """Characters of text, those in links for little: menus are made of links."""
    length = len(" ".join((node.text(deep=True) or "").split()))
    if not length:
        return 0
    length -= sum(len(code.text(deep=True) or "") for code in node.css("script, style")[:20])
    linked = sum(len(text_of(link)) for link in node.css("a")[:60]) if node.tag != "a" else length
    return length - 0.8 * min(linked, length)


def _mark(node: LexborNode) -> float:
    marks = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    if node.attributes.get("itemprop") in ("text", "articleBody", "commentText"):
        return 1.6
    names = marks.split()
    if any(_BODY_NAME.fullmatch(mark) for mark in names):
        return 1.6
    named = any(_BODY_MARK.search(mark) and not _NO_BODY.search(mark) for mark in names)
    denied = any(_NO_BODY.search(mark) for mark in names)
    if named:
        return 0.6 if denied else 1.3
    return 0.3 if denied else 1.0


def _topmost(nodes: Iterable[LexborNode]) -> tuple[LexborNode, ...]:
    kept: list[LexborNode] = []
    covered: set[int] = set()
    for node in nodes:
        if node.mem_id not in covered:
            kept.append(node)
            covered.update(inner.mem_id for inner in node.css("*"))
    return tuple(kept)


# --- ids ---------------------------------------------------------------------------------------


def _identifiers(elements: list[list[LexborNode]]) -> list[str | None]:
    """The engine's ids: the marked numbers that differ from block to block at the same place."""
    seen: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for index, nodes in enumerate(elements):
        above = nodes[0].parent if nodes else None
        near = [above, *nodes[:120]] if above is not None else nodes[:120]
        for node in near:
            for name in _ID_ATTRIBUTES:
                given = node.attributes.get(name) or ""
                if name == "href":
                    _, _, given = given.partition("#")
                found = _POST_MARK.search(given) if 0 < len(given) < 80 else None
                if found:
                    form = given[: found.start(1) if found[1] else found.start(2)]
                    seen[name, form].setdefault(index, found[1] or found[2])
    for (_, _), by_block in sorted(
        seen.items(), key=lambda item: (_ID_ATTRIBUTES.index(item[0][0]), -len(item[1]))
    ):
        if len(by_block) >= 0.9 * len(elements) and len(set(by_block.values())) == len(by_block):
            return [by_block.get(index) for index in range(len(elements))]
    return [None] * len(elements)

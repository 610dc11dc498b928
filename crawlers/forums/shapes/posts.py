"""The generic reader's posts: which repeated blocks are posts, and what stands where in them. Pure.

Nothing is decided on one block alone: the author's place, the body's place and the id's form are
those that most blocks of a family share.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median

from selectolax.lexbor import LexborNode

from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.forums.shapes.blocks import Block, Signature, place, walk
from crawlers.forums.shapes.bodies import bodies_at, find_bodies, length_of
from crawlers.forums.shapes.shape import BLOCK_LEVELS, Shape

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
_ACTS = re.compile(
    r"^(?:reply|quote|reply to this|reply with quote|report|report post|permalink|like|upvote"
    r"|parent|multi-?quote|trả lời|trích dẫn|báo cáo|báo xấu|回复|引用|举报|回覆|檢舉|只看该作者"
    r"|link to post|flag|find|share|i like this)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:advertisement|sponsored|quảng cáo|广告|廣告"
    r"|reply|quote|report|permalink|like|share|follow|log ?in|sign ?up|register|more|profile"
    r"|trả lời|trích dẫn|đăng nhập|回复|回覆|引用|登录|登入)|https?://.*|[\W\d_]+",
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


def read_blocks(
    found: list[Block],
    *,
    shortest: int = _SHORTEST,
    known: Shape | None = None,
) -> tuple[list[RawPost], Shape] | None:
    """The blocks as posts and where their parts stood.

    :param shortest: characters a body has in the middle of the family, at least.
    :param known: the shape to read them by; else it is learnt from what most of them share.
    :returns: ``None`` where the blocks do not hold an author and a body each.
    """
    if not found:
        return None
    if known is None:
        sizes = [sum(len(_text(node)) for node in block.nodes) for block in found]
        if median(sizes) < shortest + 8 or _is_listing(found):
            return None
    elements = [_elements(block) for block in found]
    authors, author_place = _authors(found, elements, known)
    bodies: list[tuple[LexborNode, ...]]
    body_place: Signature | None
    if known is None:
        named_by = [a[0] if a and text_of(a[0]) == a[1] else None for a in authors]
        bodies, body_place = find_bodies(found, elements, named_by)
    else:
        body_place = known.body
        bodies = [
            bodies_at(body_place, block, nodes)
            for block, nodes in zip(found, elements, strict=True)
        ]
    if body_place is None:
        return None
    identifiers, identifier_place = _identifiers(elements, known)
    posts = [
        RawPost(block, _name(author), body, identifier)
        for block, author, body, identifier in zip(found, authors, bodies, identifiers, strict=True)
        # Where posts have ids, what has none and nobody's name is an advertisement between them.
        if body and (author or identifier or identifier_place is None)
    ]
    if known is None and not _hold_together(posts, found, shortest):
        return None
    tops = Counter(place(block.nodes[0], BLOCK_LEVELS) for block in found)
    shape = Shape(
        date=place(found[0].date.node),
        block=tops.most_common(1)[0][0],
        author=author_place,
        body=body_place,
        identifier=identifier_place,
    )
    return (posts, shape) if posts else None


def read_opening(block: Block) -> RawPost | None:
    """One block in a markup of its own; its author may be named in the first words of the body.

    ``None`` where it names nobody or holds no body.
    """
    elements = [_elements(block)]
    authors, _ = _authors([block], elements, None)
    bodies, _ = find_bodies([block], elements, [None])
    identifiers, _ = _identifiers(elements, None)
    if not bodies or not bodies[0] or authors[0] is None:
        return None
    return RawPost(block, _name(authors[0]), bodies[0], identifiers[0])


def _hold_together(posts: list[RawPost], found: list[Block], shortest: int) -> bool:
    named = sum(post.author is not None for post in posts)
    if not posts or named < _SHARE * len(posts) or len(posts) * 2 < len(found):
        return False
    return median(length_of(post.body) for post in posts) >= shortest


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
    found: list[Block], elements: list[list[LexborNode]], known: Shape | None
) -> tuple[list[tuple[LexborNode, str] | None], Signature | None]:
    places: dict[Signature, dict[int, tuple[LexborNode, str]]] = defaultdict(dict)
    ranks: dict[Signature, int] = {}
    times: Counter[Signature] = Counter()
    flat = sum(len(block.nodes) > 1 for block in found) * 2 > len(found)
    for index, nodes in enumerate(elements):
        dates = {found[index].date.written, text_of(found[index].date.node)}
        for node in nodes:
            rank, text = _author_rank(node)
            if not rank or not 1 <= len(text) <= 60 or any(len(d) > 5 and d in text for d in dates):
                continue
            key = (str(rank), *place(node, 2))
            places[key].setdefault(index, (node, text))
            ranks[key] = rank
            times[key] += 1
    best = _best_author(places, ranks, times, len(found)) if known is None else known.author
    chosen = places.get(best, {}) if best else {}
    others = sorted(places.items(), key=lambda item: -ranks[item[0]])
    filled: list[tuple[LexborNode, str] | None] = []
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
    places: dict[Signature, dict[int, tuple[LexborNode, str]]],
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
    text = text_of(node)
    if not text or len(text) > 80 or _NO_NAME.fullmatch(text):
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
    if author is None:
        return None
    node, name = author
    name = _BY.sub("", name).strip(" ,:：•·|-")
    half = name[: len(name) // 2].strip()
    if name == f"{half} {half}" and any(text_of(part) == half for part in node.css("*")[:8]):
        return half  # once for phones, once for desks
    return name or None


# --- ids ---------------------------------------------------------------------------------------


def _identifiers(
    elements: list[list[LexborNode]], known: Shape | None
) -> tuple[list[str | None], tuple[str, str] | None]:
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
    if known is not None and known.identifier is not None:
        by_block = seen.get(known.identifier, {})
        return [by_block.get(index) for index in range(len(elements))], known.identifier
    for key, by_block in sorted(
        seen.items(), key=lambda item: (_ID_ATTRIBUTES.index(item[0][0]), -len(item[1]))
    ):
        if len(by_block) >= 0.9 * len(elements) and len(set(by_block.values())) == len(by_block):
            return [by_block.get(index) for index in range(len(elements))], key
    return [None] * len(elements), None

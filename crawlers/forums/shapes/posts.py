"""The generic reader's posts: which repeated blocks are posts, and what stands where in them. Pure.

Nothing is decided on one block alone: the author's place, the body's place and the id's form are
those that most blocks of a family share.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median

from selectolax.lexbor import LexborNode

from crawlers.forums.base import Reading
from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.forums.shapes.authors import PROFILE, find_authors, name_of
from crawlers.forums.shapes.blocks import Block, Signature, place, place_of, walk
from crawlers.forums.shapes.bodies import all_bodies_at, find_bodies, length_of
from crawlers.forums.shapes.shape import BLOCK_LEVELS, Shape

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
    reading: Reading,
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
    authors, author_place = find_authors(found, elements, known, reading)
    named_by = [a[0] if a and text_of(a[0]) == a[1] else None for a in authors]
    bodies: list[tuple[LexborNode, ...]]
    body_place: Signature | None
    if known is None:
        bodies, body_place = find_bodies(found, elements, named_by)
    else:
        body_place = known.body
        bodies = all_bodies_at(body_place, found, elements, named_by)
    if body_place is None:
        return None
    identifiers, identifier_place = _identifiers(elements, known)
    posts = [
        RawPost(block, name_of(author), body, identifier)
        for block, author, body, identifier in zip(found, authors, bodies, identifiers, strict=True)
        # Where posts have ids, what has none and nobody's name is an advertisement between them.
        if body and (author or identifier or identifier_place is None)
    ]
    if known is None and not _hold_together(posts, found, shortest):
        return None
    tops = Counter(place(block.nodes[0], BLOCK_LEVELS) for block in found)
    shape = Shape(
        date=Counter(place_of(block.date) for block in found).most_common(1)[0][0],
        block=tops.most_common(1)[0][0],
        author=author_place,
        body=body_place,
        identifier=identifier_place,
    )
    return (posts, shape) if posts else None


def read_opening(block: Block, reading: Reading) -> RawPost | None:
    """One block in a markup of its own; its author may be named in the first words of the body.

    ``None`` where it names nobody or holds no body.
    """
    elements = [_elements(block)]
    authors, _ = find_authors([block], elements, None, reading)
    bodies, _ = find_bodies([block], elements, [None])
    identifiers, _ = _identifiers(elements, None)
    if not bodies or not bodies[0] or authors[0] is None:
        return None
    return RawPost(block, name_of(authors[0]), bodies[0], identifiers[0])


def _hold_together(posts: list[RawPost], found: list[Block], shortest: int) -> bool:
    named = sum(post.author is not None for post in posts)
    if not posts or named < _SHARE * len(posts) or len(posts) * 2 < len(found):
        return False
    if len(posts) > 1 and sum(_is_linked(post.body) for post in posts) >= _SHARE * len(posts):
        return False
    return median(length_of(post.body) for post in posts) >= shortest


def _is_linked(body: tuple[LexborNode, ...]) -> bool:
    """Whether a body is a link and no more: the title of a thread in a list."""
    linked = sum(
        len(text_of(node) if node.tag == "a" else "".join(map(text_of, node.css("a"))))
        for node in body
        if node.is_element_node
    )
    return linked > 0 and linked >= 0.97 * length_of(body)


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
    for top in (*block.lead, *block.nodes):
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
    return "#" in href or bool(PROFILE.search(href)) or text_of(link).lower().startswith("re:")


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

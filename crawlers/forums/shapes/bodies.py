"""The generic reader's bodies: the place in repeated blocks where the posts' own text stands. Pure.

A body is where most text stands that differs from block to block. What every block repeats
("Share", "Posted on ...", "Link to post") weighs nothing, whatever holds it, and text in links
weighs little: menus are made of links.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from selectolax.lexbor import LexborNode

from crawlers.forums.fields import text_of
from crawlers.forums.shapes.blocks import Block, is_label, place, walk
from crawlers.forums.shapes.flat import flat_bodies, flat_bodies_at, is_flat
from crawlers.forums.shapes.labels import Texts

BodyPlace = tuple[str, ...]
"""Signatures of a body and, where one alone is too common, of what holds it."""

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
_FLAT = 1.25  # times the text of any element: then no element holds the posts' text
_SHARE = 0.6  # of the blocks must agree on a place
_PARTS = frozenset(
    f"{tag}."
    for tag in ("p", "span", "b", "i", "em", "strong", "font", "a", "ul", "ol", "li", "pre")
)
"""What a body consists of: one post is a paragraph, the next has a list below it."""


def find_bodies(
    found: list[Block], elements: list[list[LexborNode]], authors: list[LexborNode | None]
) -> tuple[list[tuple[LexborNode, ...]], BodyPlace | None]:
    """Each block's body, and the place that most of them share; no bodies: no place.

    A block without the shared place gives what stands at the same mark in another surrounding: the
    question above its answers, a post with a signature among posts without.
    """
    texts = Texts(found)
    plain: dict[BodyPlace, float] = defaultdict(float)
    weights: dict[BodyPlace, float] = defaultdict(float)
    holders: dict[BodyPlace, dict[int, list[LexborNode]]] = defaultdict(dict)
    for index, nodes in enumerate(elements):
        outer = _outer(found[index], authors[index])
        for node in nodes:
            if node.mem_id in outer:
                continue
            if "signature" in (node.attributes.get("class") or "").lower():
                outer.update(below.mem_id for below in walk(node))
                continue
            weight = texts.weight(node)
            if weight <= 0 or not (texts.has_own(node) or names_body(node)):
                continue
            for key in _keys(node):
                plain[key] += weight
                weights[key] += weight * _mark(node)
                holders[key].setdefault(index, []).append(node)
    usable = [key for key, by in holders.items() if len(by) >= _SHARE * len(found)]
    flat = flat_bodies(found, texts, authors)
    if flat is not None and flat[2] > _FLAT * max((plain[key] for key in usable), default=0.0):
        return flat[0], flat[1]
    if not usable:
        return [], None
    ranking = _Ranking(plain, weights, holders)
    best = ranking.narrowed(max(usable, key=ranking.weight), usable)
    elsewhere = holders.get(best[:1], {}) if not best[0].endswith(".") else {}
    bodies = [
        topmost(holders[best].get(index) or elsewhere.get(index, [])) for index in range(len(found))
    ]
    return [_own(body, block) for body, block in zip(bodies, found, strict=True)], best


def _own(body: tuple[LexborNode, ...], block: Block) -> tuple[LexborNode, ...]:
    """What stands in the block itself; what follows it only where nothing does (flat pages)."""
    if len(block.nodes) < 2 or len(body) < 2:
        return body
    inside = {node.mem_id for node in walk(block.nodes[0])}
    return tuple(node for node in body if node.mem_id in inside) or body


class _Ranking:
    """Which place holds most text, and the narrowest that holds nearly all of it."""

    def __init__(
        self,
        plain: dict[BodyPlace, float],
        weights: dict[BodyPlace, float],
        holders: dict[BodyPlace, dict[int, list[LexborNode]]],
    ) -> None:
        self._plain = plain
        self._weights = weights
        self._holders = holders

    def weight(self, key: BodyPlace) -> float:
        by_block = self._holders[key]
        many = sum(map(len, by_block.values())) / len(by_block)
        exact = 1.0 if len(key) > 1 else 0.97  # of two that hold the same, the better known
        return self._weights[key] * exact * (1.0 if many < 1.3 else 0.7)

    def narrowed(self, best: BodyPlace, usable: list[BodyPlace]) -> BodyPlace:
        """A place inside the best one that holds nearly all of it: the body, untrimmed."""
        for _ in range(4):
            inside: set[int] = set()
            for nodes in self._holders[best].values():
                for top in nodes:
                    if top.mem_id not in inside:  # else all that is in it is known, too
                        inside.update(n.mem_id for n in top.css("*") if n.mem_id != top.mem_id)
            inner = [
                key
                for key in usable
                if key != best
                and key[0] not in _PARTS
                and self._plain[key] >= 0.9 * self._plain[best]
                and self.weight(key) >= 0.6 * self.weight(best)
                and all(nodes[0].mem_id in inside for nodes in self._holders[key].values())
                and sum(map(len, self._holders[key].values())) < 1.2 * len(self._holders[key])
                and len(self._holders[key]) >= 0.85 * len(self._holders[best])
            ]
            if not inner:
                break
            best = max(inner, key=self.weight)
        return best


def _keys(node: LexborNode) -> tuple[BodyPlace, ...]:
    whole = place(node, 2)
    own = whole[:1]
    return (whole, own) if own and not own[0].endswith(".") and len(whole) > 1 else (whole,)


def all_bodies_at(
    key: BodyPlace,
    found: list[Block],
    elements: list[list[LexborNode]],
    authors: list[LexborNode | None],
) -> list[tuple[LexborNode, ...]]:
    """What stands at a known place in each block."""
    if is_flat(key):
        return flat_bodies_at(key, found, authors)
    texts = Texts(found)
    bodies: list[tuple[LexborNode, ...]] = []
    for block, nodes, author in zip(found, elements, authors, strict=True):
        outer = _outer(block, author)
        free = [
            node
            for node in nodes
            if node.mem_id not in outer and (texts.has_own(node) or names_body(node))
        ]
        bodies.append(_body_at(key, block, free))
    return bodies


def _outer(block: Block, author: LexborNode | None) -> set[int]:
    """What is no body: the time, the author, what holds them, the line they stand on."""
    outer = around(block.date.node)
    outer.update(node.mem_id for top in block.lead for node in walk(top))
    return outer | around(author) if author is not None else outer


def _body_at(key: BodyPlace, block: Block, elements: list[LexborNode]) -> tuple[LexborNode, ...]:
    there = [node for node in elements if place(node, len(key)) == key]
    if not there and not key[0].endswith("."):
        there = [node for node in elements if place(node, 1) == key[:1]]
    return _own(topmost(there), block)


def around(node: LexborNode) -> set[int]:
    """A label, what is in it and what it is in: no body can be any of these."""
    found = {inner.mem_id for inner in walk(node)} if is_label(node) else set()
    at: LexborNode | None = node
    while at is not None:
        found.add(at.mem_id)
        at = at.parent
    return found


def _mark(node: LexborNode) -> float:
    if node.attributes.get("itemprop") in ("text", "articleBody", "commentText"):
        return 1.6
    marks = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return _marked(marks) if marks != " " else 1.0


@lru_cache(maxsize=8_192)
def _marked(marks: str) -> float:
    names = marks.split()
    if any(_BODY_NAME.fullmatch(mark) for mark in names):
        return 1.6
    named = any(_BODY_MARK.search(mark) and not _NO_BODY.search(mark) for mark in names)
    denied = any(_NO_BODY.search(mark) for mark in names)
    if named:
        return 0.6 if denied else 1.3
    return 0.3 if denied else 1.0


def names_body(node: LexborNode) -> bool:
    """Whether a node's own marks call it a body and nothing else."""
    return _mark(node) > 1.0


def topmost(nodes: Iterable[LexborNode]) -> tuple[LexborNode, ...]:
    """The nodes that are in no other of them."""
    kept: list[LexborNode] = []
    covered: set[int] = set()
    for node in nodes:
        if node.mem_id not in covered:
            kept.append(node)
            covered.update(inner.mem_id for inner in node.css("*"))
    return tuple(kept)


def length_of(body: tuple[LexborNode, ...]) -> int:
    """Characters a body shows."""
    return sum(len(text_of(node)) for node in body)

"""The generic reader's bodies: the place in repeated blocks where the posts' own text stands. Pure.

A body is where most text stands that differs from block to block. What every block repeats
("Share", "Posted on ...", "Link to post") weighs nothing, whatever holds it, and text in links
weighs little: menus are made of links.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from selectolax.lexbor import LexborNode

from crawlers.forums.fields import text_of
from crawlers.forums.shapes.blocks import Block, is_label, place, walk

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
_FURNITURE = re.compile(
    r"signature|toolbar|footer|actions?\b|share|button|comments\b|post-menu|reactions?\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_HIDDEN = frozenset({"script", "style", "template", "noscript", "select", "textarea", "svg"})
_SHARE = 0.6  # of the blocks must agree on a place
_REPEATED = 0.5  # of the blocks: a text in so many is the page's, not a person's
_LINKED = 0.2  # what a character in a link weighs
_LONGEST_LABEL = 40  # characters; what repeats and is longer may be a slogan people post
_LABEL = 0.1  # what a character of a repeated label weighs
_LETTERS_OF_LABEL = 16
_DEEPEST = 60
_PARTS = frozenset(
    f"{tag}."
    for tag in ("p", "span", "b", "i", "em", "strong", "font", "a", "ul", "ol", "li", "pre")
)
"""What a body consists of: one post is a paragraph, the next has a list below it."""


class Texts:
    """What the blocks say, each text weighed once: how much of a person's text a node holds."""

    def __init__(self, found: Sequence[Block]) -> None:
        self._weights: dict[int, float] = {}
        self._shares: dict[int, float] = {}
        pieces = [list(_pieces(block)) for block in found]
        known: set[str] = set()
        if len(found) >= 3:
            counted: Counter[str] = Counter()
            for block in pieces:
                counted.update({_form(text) for _, text in block if len(text) <= _LONGEST_LABEL})
            known = {form for form, count in counted.items() if count > _REPEATED * len(found)}
        for block in pieces:
            for node, text in block:
                repeated = _form(text) in known
                self._add(node, len(text) * (_LABEL if repeated else 1.0))

    def weight(self, node: LexborNode) -> float:
        """Characters of text below a node that are not repeated, those in links for little."""
        return self._weights.get(node.mem_id, 0.0)

    def _add(self, node: LexborNode, weight: float) -> None:
        at = node.parent
        depth = 0
        while at is not None and depth < _DEEPEST:
            weight *= self._share(at)
            self._weights[at.mem_id] = self._weights.get(at.mem_id, 0.0) + weight
            at = at.parent
            depth += 1

    def _share(self, node: LexborNode) -> float:
        """How much of what a node holds counts for what is around it."""
        known = self._shares.get(node.mem_id)
        if known is None:
            marks = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
            linked = _LINKED if node.tag == "a" else 1.0
            known = linked * (_LABEL if _FURNITURE.search(marks) else 1.0)
            self._shares[node.mem_id] = known
        return known


def _pieces(block: Block) -> Iterable[tuple[LexborNode, str]]:
    for top in block.nodes:
        for node in walk(top):
            if node.is_text_node and (text := " ".join((node.text_content or "").split())):
                parent = node.parent
                if parent is None or parent.tag not in _HIDDEN:
                    yield node, text


def _form(text: str) -> str:
    """A text as it is compared: in a short label ("Posted March 5", "#12") numbers do not count."""
    text = text.casefold()
    short = len(text) <= 30 and sum(map(str.isalpha, text)) <= _LETTERS_OF_LABEL
    return _DIGITS.sub("0", text) if short else text


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
        outer = around(found[index].date.node)
        author = authors[index]
        if author is not None:
            outer |= around(author)
        for node in nodes:
            if node.mem_id in outer:
                continue
            if "signature" in (node.attributes.get("class") or "").lower():
                outer.update(below.mem_id for below in walk(node))
                continue
            weight = texts.weight(node)
            if weight <= 0:
                continue
            for key in _keys(node):
                plain[key] += weight
                weights[key] += weight * _mark(node)
                holders[key].setdefault(index, []).append(node)
    usable = [key for key, by in holders.items() if len(by) >= _SHARE * len(found)]
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
            inside = {
                node.mem_id
                for nodes in self._holders[best].values()
                for top in nodes
                for node in top.css("*")
                if node.mem_id != top.mem_id
            }
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


def bodies_at(key: BodyPlace, block: Block, elements: list[LexborNode]) -> tuple[LexborNode, ...]:
    """What stands at a known place in one block."""
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

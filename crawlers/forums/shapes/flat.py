"""The generic reader's flat bodies: text that no element of its own holds. Pure.

Archives, guest books and mailing lists print a heading line and then text, line breaks and
paragraphs up to the next heading. The body is what stands beside the time's line in the same
parent: after it, or before it where the author signs below.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from crawlers.forums.fields import text_of
from crawlers.forums.shapes.blocks import Block, Signature, place, signature
from crawlers.forums.shapes.labels import Texts

_AFTER, _BEFORE = "~after", "~before"
_SHARE = 0.6  # of the blocks must agree on a place
_LEVELS = 8
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ENDS = frozenset({"form", "table", "center", "footer", "nav", "iframe", *_HEADINGS})

Bodies = list[tuple[LexborNode, ...]]


def flat_bodies(
    found: Sequence[Block], texts: Texts, authors: Sequence[LexborNode | None]
) -> tuple[Bodies, Signature, float] | None:
    """The bodies beside the times' lines, their place, and how much of people's text they hold."""
    held: dict[Signature, float] = defaultdict(float)
    bodies: dict[Signature, dict[int, tuple[LexborNode, ...]]] = defaultdict(dict)
    for index, block in enumerate(found):
        for key, nodes in _beside(block, authors[index]):
            weight = sum(texts.weight(node) for node in nodes)
            if weight > 0:
                held[key] += weight
                bodies[key][index] = nodes
    usable = [key for key, by in bodies.items() if len(by) >= _SHARE * len(found)]
    if not usable:
        return None
    best = max(usable, key=lambda key: held[key])
    trimmed = _trimmed(bodies[best], found, texts)
    if sum(map(bool, trimmed)) < _SHARE * len(found):
        return None
    return trimmed, best, held[best]


def flat_bodies_at(
    key: Signature, found: Sequence[Block], authors: Sequence[LexborNode | None]
) -> Bodies:
    """The bodies beside the times' lines at a known place."""
    by_block: dict[int, tuple[LexborNode, ...]] = {}
    for index, block in enumerate(found):
        for other, nodes in _beside(block, authors[index]):
            if other == key:
                by_block[index] = nodes
                break
    return _trimmed(by_block, found, Texts(found))


def is_flat(key: Signature) -> bool:
    """Whether a place of bodies is one beside the times' lines."""
    return key[0] in (_AFTER, _BEFORE)


def _beside(
    block: Block, author: LexborNode | None
) -> list[tuple[Signature, tuple[LexborNode, ...]]]:
    """What stands before and after the time in each of its surroundings, up to the block."""
    found: list[tuple[Signature, tuple[LexborNode, ...]]] = []
    named = _around(author) if author is not None else set()
    top = block.nodes[0]
    at = block.date.node
    for _ in range(_LEVELS):
        if at.mem_id == top.mem_id:
            break
        holder = at.parent
        if holder is None:
            break
        before: list[LexborNode] = []
        after: list[LexborNode] = []
        side = before
        for child in holder.iter(include_text=True):
            if child.mem_id == at.mem_id:
                side = after
            elif child.mem_id not in named:
                side.append(child)
        where = place(holder, 2)
        found.append(((_AFTER, *where), tuple(after)))
        found.append(((_BEFORE, *where), tuple(before)))
        at = holder
    rest = tuple(node for node in block.nodes[1:] if node.mem_id not in named)
    if rest:
        found.append(((_AFTER, "~block"), rest))
    return found


def _around(node: LexborNode) -> set[int]:
    found: set[int] = set()
    at: LexborNode | None = node
    while at is not None:
        found.add(at.mem_id)
        at = at.parent
    return found


def _trimmed(
    by_block: dict[int, tuple[LexborNode, ...]], found: Sequence[Block], texts: Texts
) -> Bodies:
    """The bodies without what surrounds a post's text: headings above, links below, page's end."""
    usual: Counter[str] = Counter()
    for nodes in by_block.values():
        usual.update({signature(node) for node in nodes})
    last = max(by_block, default=-1)
    bodies: Bodies = []
    for index in range(len(found)):
        kept = list(by_block.get(index, ()))
        if index == last and len(by_block) > 1:
            end = next((n for n, node in enumerate(kept) if _ends(node, usual)), len(kept))
            kept = kept[:end]
        while kept and (texts.is_label(kept[0]) or kept[0].tag in _HEADINGS):
            del kept[0]
        while kept and texts.is_label(kept[-1]):
            del kept[-1]
        bodies.append(tuple(kept))
    return bodies


def _ends(node: LexborNode, usual: Counter[str]) -> bool:
    """Whether what follows the last post is the page's: of a kind no other post holds."""
    if node.is_text_node or usual[signature(node)] > 1:
        return False
    marked = bool(node.attributes.get("class") or node.attributes.get("id"))
    return marked or node.tag in _ENDS or not text_of(node)

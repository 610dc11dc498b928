"""What blocks repeat ("Share", "Posted on ...", "Link to post") and what only people say. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from selectolax.lexbor import LexborNode

from crawlers.forums.shapes.blocks import Block, walk

_FURNITURE = re.compile(
    r"signature|toolbar|footer|actions?\b|share|button|comments\b|post-menu|reactions?\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"#\d+|[\W_]+")  # a post's place in the thread; ornaments
_DIGITS = re.compile(r"\d+")
_HIDDEN = frozenset({"script", "style", "template", "noscript", "select", "textarea", "svg"})
_REPEATED = 0.5  # of the blocks: a text in so many is the page's, not a person's
_LINKED = 0.2  # what a character in a link weighs
_LONGEST_LABEL = 40  # characters; what repeats and is longer may be a slogan people post
_LABEL = 0.1  # what a character of a repeated label weighs
_LETTERS_OF_LABEL = 16
_DEEPEST = 60


class Texts:
    """What the blocks say, each text weighed once: how much of a person's text a node holds."""

    def __init__(self, found: Sequence[Block]) -> None:
        self._weights: dict[int, float] = {}
        self._shares: dict[int, float] = {}
        self._own: set[int] = set()
        pieces = [list(_pieces(block)) for block in found]
        counted: Counter[str] = Counter()
        for block in pieces:
            counted.update(
                {
                    _form(text)
                    for node, text in block
                    if len(text) <= _LONGEST_LABEL and (len(found) > 2 or _is_link(node))
                }
            )
        few = max(1.0, _REPEATED * len(found))
        self._known = {form for form, count in counted.items() if count > few}
        for block in pieces:
            for node, text in block:
                repeated = _form(text) in self._known
                if not (repeated or _NUMBER.fullmatch(text)):
                    self._owned(node)
                self._add(node, len(text) * (_LABEL if repeated else 1.0))

    def weight(self, node: LexborNode) -> float:
        """Characters of text below a node that are not repeated, those in links for little."""
        return self._weights.get(node.mem_id, 0.0)

    def has_own(self, node: LexborNode) -> bool:
        """Whether below a node, or in it, stands anything that not every block repeats."""
        return node.mem_id in self._own

    def is_label(self, node: LexborNode) -> bool:
        """Whether a node says nothing, or only what blocks repeat; an image is no label."""
        if node.mem_id in self._own:
            return False
        return node.is_text_node or not (node.tag == "img" or node.css_first("img"))

    def _owned(self, node: LexborNode) -> None:
        at: LexborNode | None = node
        while at is not None and at.mem_id not in self._own:
            self._own.add(at.mem_id)
            at = at.parent

    def _add(self, node: LexborNode, weight: float) -> None:
        self._weights[node.mem_id] = weight
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


def _is_link(node: LexborNode) -> bool:
    return node.parent is not None and node.parent.tag in ("a", "button")

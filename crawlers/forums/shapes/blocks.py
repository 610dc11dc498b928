"""What repeats on a page: the blocks that each hold one time, and what they have in common.

The generic reader's eyes. A page of posts, whatever made it, shows one time per post at the same
place of the same markup; so the times of a page fall into families, and each member's largest
surrounding that holds no other member is its block. Pure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborNode

from crawlers.document import Document
from crawlers.forums.base import Reading
from crawlers.forums.dates.reading import read_date
from crawlers.forums.fields import attribute_of

Signature = tuple[str, ...]

_MOST_NODES = 60_000
_MOST_DATES = 1_500
_DEEPEST = 300  # levels above a time that are looked at
_MOST_FOLLOWING = 60
_LEADING = 30  # characters of one part of the line before a time
_INLINE = frozenset({"a", "b", "strong", "i", "em", "u", "span", "font", "small", "img", "big"})
_BEGINS = re.compile(r"[^\W\d_]{2,12}:")
_LABEL = 110  # characters a time label may have with its words ("By x on Nov. 22, 2026")
HINT = re.compile(
    r"\d{1,2}[:h]\d{2}|\b(?:19|20)\d\d\b|\d ?(?:[smhdwy]|min|hrs?|mo)\b|\bago\b"
    r"|trước|truoc|前|昨天|今天|刚刚|剛剛|hôm (?:qua|nay)|yesterday|today|just now",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_MARKED = ("datetime", "data-time", "data-timestamp", "data-date", "data-utc", "data-created")
_VOLATILE = re.compile(
    r"\d|^(?:odd|even|first|last|alt|row|bg|active|unread|read|new|hot|is-|has-|js-|post-by|op$|"
    r"user-|author-|status-|owner|parent|byuser|depth|topic-owner|self|current|online|offline|"
    r"sticky|closed|locked|even_|windowbg)",
    re.IGNORECASE,
)
_UNSHOWN = frozenset({"script", "style", "template"})
_MOST_LOOKED_AT = 400  # nodes, for the first characters of a text
_SKIPPED = frozenset({
    "script", "style", "template", "svg", "head", "select", "textarea", "option", "nav",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dated:
    """A node that shows a time: the text read, and whether an attribute gave it."""

    node: LexborNode
    written: str


@dataclass(frozen=True, slots=True)
class Block:
    """A repeated block: one node, or several beside each other, and the time in it."""

    nodes: tuple[LexborNode, ...]
    date: Dated
    lead: tuple[LexborNode, ...] = ()
    """What stands on the time's own line before it, where a post is no element: its author."""


def signature(node: LexborNode) -> str:
    """Tag and lasting classes of a node: what the same place of the next block has, too."""
    return _signed(node.tag or "", node.attributes.get("class") or "")


@lru_cache(maxsize=8_192)
def _signed(tag: str, classes: str) -> str:
    names = sorted(name for name in classes.split() if not _VOLATILE.search(name))
    return f"{tag}.{'.'.join(names[:4])}"


def place(node: LexborNode, levels: int = 3) -> Signature:
    """The signatures of a node and of those around it."""
    found: list[str] = []
    at: LexborNode | None = node
    while at is not None and len(found) < levels and at.tag not in ("body", "html"):
        found.append(signature(at))
        at = at.parent
    return tuple(found)


def walk(root: LexborNode) -> Iterator[LexborNode]:
    """Elements and texts below a node in page order, those no reader sees left out."""
    stack = [root]
    seen = 0
    while stack and seen < _MOST_NODES:
        node = stack.pop()
        seen += 1
        yield node
        if node.is_element_node and node.tag not in _SKIPPED:
            stack.extend(reversed(list(node.iter(include_text=True))))


def dated_nodes(document: Document, reading: Reading) -> list[Dated]:
    """Every node of the page that shows a time and little else."""
    body = document.tree.body
    found: list[Dated] = []
    covered: set[int] = set()
    tries = 0
    for node in walk(body) if body is not None else ():
        if len(found) >= _MOST_DATES:
            break
        if node.is_text_node:
            parent = node.parent
            text = (node.text_content or "").strip()
            if parent is None or not 3 <= len(text) <= _LABEL or parent.mem_id in covered:
                continue
            if parent.tag in _SKIPPED or not HINT.search(text):
                continue
            if (written := _readable(text, reading)) is not None:
                holder, written = _with_clock(parent, written, reading)
                if is_label(holder) and (written != text or not _has_lines(holder)):
                    covered.update(inner.mem_id for inner in walk(holder))
                    found.append(Dated(holder, written))
                else:  # a line of a flat page: the post's text stands beside it
                    found.append(Dated(node, written))
        elif node.is_element_node and (node.tag == "time" or _is_marked(node)):
            tries += 1
            if node.mem_id in covered or tries > 2 * _MOST_DATES:
                continue
            written = _marked_date(node, reading)
            if written is not None:
                if is_label(node):  # else a whole post that carries its time as a mark
                    covered.update(inner.mem_id for inner in walk(node))
                found.append(Dated(node, written))
    return found


def is_label(node: LexborNode) -> bool:
    """Whether the node holds a time label and no more."""
    return len(start_of(node, _LABEL + 1)) <= _LABEL


def start_of(node: LexborNode, most: int) -> str:
    """The first characters of the text below a node, spaces collapsed; the rest is not read.

    What a page's whole body says is never asked for to know that it is no label.
    """
    parts: list[str] = []
    length = 0
    stack = [node]
    seen = 0
    while stack and length < most and seen < _MOST_LOOKED_AT:
        at = stack.pop()
        seen += 1
        if at.is_text_node:
            text = " ".join((at.text_content or "")[: 4 * most].split())
            if text:
                parts.append(text)
                length += len(text) + 1
        elif at.tag in _UNSHOWN:
            pass
        elif (child := at.child) is not None:
            if at.mem_id != node.mem_id and (after := at.next) is not None:
                stack.append(after)
            stack.append(child)
            continue
        if at.mem_id != node.mem_id and (after := at.next) is not None:
            stack.append(after)
    return " ".join(parts)[:most]


def _has_lines(node: LexborNode) -> bool:
    """Whether what a node holds is parted into lines: the time's own and what is said below."""
    return node.tag == "pre" or any(child.tag in ("br", "hr") for child in node.iter())


def _with_clock(node: LexborNode, written: str, reading: Reading) -> tuple[LexborNode, str]:
    """The node around a day whose hour stands in an element of its own, beside it."""
    if _CLOCK.search(written):
        return node, written
    for around in (node, node.parent):
        if around is None:
            break
        text = start_of(around, _LABEL + 1)
        if len(text) <= _LABEL and _CLOCK.search(text) and _readable(text, reading) is not None:
            return around, text
    return node, written


def _is_marked(node: LexborNode) -> bool:
    attributes = node.attributes
    return any(name in attributes for name in _MARKED) or (
        "title" in attributes
        and node.tag in ("abbr", "span", "a", "em", "i", "li", "div", "small")
        and bool(HINT.search(attributes.get("title") or ""))
        and len(attributes.get("title") or "") <= 45
    )


def _marked_date(node: LexborNode, reading: Reading) -> str | None:
    for name in (*_MARKED, "title", "content"):
        given = attribute_of(node, name)
        if given and len(given) <= 60 and _readable(given, reading) is not None:
            return given
    text = start_of(node, _LABEL + 1)
    return text if len(text) <= _LABEL and _readable(text, reading) is not None else None


def _readable(text: str, reading: Reading) -> str | None:
    """The text where it tells a time in English, Chinese, Vietnamese or numbers.

    Other languages cost a hundred times as much and are not tried on every text of a page.
    """
    date = read_date(text, fetched_at=reading.fetched_at, lang="en", order="dmy")
    if date.posted_at is None:
        date = read_date(text, fetched_at=reading.fetched_at, lang="en", order="mdy")
    return text if date.posted_at is not None else None


def families(dates: list[Dated], *, smallest: int = 2) -> list[list[Dated]]:
    """Times that stand at the same place of the same markup, largest family first."""
    groups: dict[Signature, list[Dated]] = defaultdict(list)
    for date in dates:
        groups[place_of(date)].append(date)
    order = {date.node.mem_id: number for number, date in enumerate(dates)}
    groups = _with_marked(groups, order)
    kept = [group for group in groups.values() if len(group) >= smallest]
    return sorted(kept, key=len, reverse=True)[:24]


def place_of(date: Dated) -> Signature:
    """The place of a time; of a time in running text, with the word the line begins with."""
    if not date.node.is_text_node:
        return place(date.node)
    begins = _BEGINS.match(date.written)
    return (*place(date.node), begins[0].lower() if begins else "")


def _with_marked(
    groups: dict[Signature, list[Dated]], order: dict[int, int]
) -> dict[Signature, list[Dated]]:
    """The groups, those whose posts have a mark more (a moderator's) put to the plain ones."""
    found: dict[Signature, list[Dated]] = {}
    for key in sorted(groups, key=lambda key: -len(groups[key])):
        plain = next(
            (other for other in islice(found, 40) if key[:1] == other[:1] and is_like(key, other)),
            None,
        )
        if plain is None:
            found[key] = list(groups[key])
        else:
            found[plain] += groups[key]
            found[plain].sort(key=lambda date: order[date.node.mem_id])
    return found


def is_like(key: Signature, plain: Signature) -> bool:
    """Whether two places are one, a mark more on one of the elements aside."""
    if key == plain:
        return True
    different = [(a, b) for a, b in zip(key, plain, strict=False) if a != b]
    if len(key) != len(plain) or len(different) != 1:
        return False
    (tag, _, names), (other_tag, _, others) = (part.partition(".") for part in different[0])
    mine, theirs = set(names.split(".")) - {""}, set(others.split(".")) - {""}
    return tag == other_tag and bool(mine & theirs) and (theirs < mine or mine < theirs)


def blocks(family: list[Dated]) -> list[Block]:
    """Each member's block: its largest surrounding without another member, with what follows it.

    What follows is taken where the surrounding is a heading only (flat pages, nested comments):
    up to the next node with a member in it, or the line such a node stands on.
    """
    holding = holding_of(family)
    tops: list[LexborNode] = []
    for date in family:
        top = date.node
        while (
            top.parent is not None
            and top.parent.tag not in ("body", "html")
            and holding[top.parent.mem_id] == 1
        ):
            top = top.parent
        tops.append(top)
    return blocks_from(tops, family, holding)


def holding_of(family: list[Dated]) -> Counter[int]:
    """How many times of a family each node of the page holds."""
    holding: Counter[int] = Counter()
    for date in family:
        at: LexborNode | None = date.node
        for _ in range(_DEEPEST):
            if at is None:
                break
            holding[at.mem_id] += 1
            at = at.parent
    return holding


def blocks_from(tops: list[LexborNode], family: list[Dated], holding: Counter[int]) -> list[Block]:
    """The blocks whose first nodes are known, with what leads to each and what follows it."""
    leads = [_lead(top, holding) for top in tops]
    ends = {node.mem_id for lead in leads for node in lead}
    return [
        Block((top, *_following(top, holding, ends)), date, lead)
        for top, date, lead in zip(tops, family, leads, strict=True)
    ]


def _lead(top: LexborNode, holding: Counter[int]) -> tuple[LexborNode, ...]:
    """What stands before a time on its own line: "<b>lan</b> - <i>10:23</i><br>"."""
    if not (top.is_text_node or top.tag in _INLINE):
        return ()
    before: list[LexborNode] = []
    node = top.prev
    while node is not None and len(before) < 6:
        if holding[node.mem_id] or not (node.is_text_node or node.tag in _INLINE):
            break
        if len(start_of(node, _LEADING + 1)) > _LEADING:
            break
        before.append(node)
        node = node.prev
    return tuple(reversed(before))


def _following(top: LexborNode, holding: Counter[int], ends: set[int]) -> list[LexborNode]:
    """What stands beside a block up to the next that holds a time, or its line."""
    after: list[LexborNode] = []
    node = top.next
    while node is not None and len(after) < _MOST_FOLLOWING and node.mem_id not in ends:
        if node.is_element_node:
            if holding[node.mem_id]:
                break
            if node.tag not in _SKIPPED:
                after.append(node)
        elif node.is_text_node:
            if holding[node.mem_id]:
                break
            if (node.text_content or "").strip():
                after.append(node)
        node = node.next
    return after

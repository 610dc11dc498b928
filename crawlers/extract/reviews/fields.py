"""One review's block -> its author, time, rating, title, words and number. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.extract.reviews.rating import is_rating_line, names_of, rating_of
from crawlers.extract.reviews.text import DATED, NUMBERS, date_in, is_label, own_lines
from crawlers.extract.reviews.words import (
    AUTHOR,
    BODY,
    BY,
    DATE,
    DROP,
    NO_BODY,
    QUESTION,
    TESTIMONIAL,
    TITLE,
    is_doubtful,
    plain_names,
)
from crawlers.forums.base import Reading
from crawlers.forums.fields import attribute_of, select, text_of
from crawlers.forums.texts.post_text import own_words

_MOST_NODES = 400  # of a block
_SHORTEST = 16  # characters of a comment with its author, time and rating
_LONGEST = 40_000  # characters of a block's HTML; one with more is a page
_BADGE_FIRST = re.compile(
    r"^(?:[✓✔]\s*)?verified (?:buyer|purchase|customer|reviewer)\s+(?=\w)", re.I
)
_BADGE_LAST = re.compile(
    r"\s?[(\[-]?\s?[✓✔]?\s?(?:verified(?: \w+)?|đã mua .{0,30}|chứng nhận .{0,20})\s?[)\]]?$",
    re.IGNORECASE,
)
_VERB_LAST = re.compile(
    r"(?<!\s)\s++(?:reviewed|posted|wrote|says?|said|rated|on|đã viết|đã đánh giá)(?: on)?$",
    re.IGNORECASE,
)
_CRITIC = "[itemtype$='/CriticReview'], [itemtype$='/ClaimReview']"
Part = tuple[str, LexborNode | None]
"""A text and the node that shows it; no node where an attribute of the block gave it."""


@dataclass(slots=True)
class Found:
    """A block read: its parts as text, before they become a post."""

    author: str | None
    title: str
    body: str
    written: str
    rating: Decimal | None
    id: str | None
    anchor: str
    product: str = ""
    marks: int = 3


def above(node: LexborNode) -> Iterator[LexborNode]:
    """The nodes around a node, inner first, up to the body."""
    at = node.parent
    while at is not None and at.tag not in ("body", "html"):
        yield at
        at = at.parent


def read_block(block: LexborNode, reading: Reading, *, sells: bool, strict: bool) -> Found | None:
    """What a block says as a review; ``None`` where it is none.

    :param sells: whether the page sells or rates something: two of rating, author and date do.
    :param strict: nobody named the block a review: it must show a rating and words.
    """
    item = is_review_item(block)
    doubtful = strict or (not item and is_doubtful(plain_names(attribute_of(block, "class"))))
    if doubtful and not sells:
        return None
    size = len(block.text(deep=True))
    if size > _LONGEST or (size < (_SHORTEST if doubtful else 2) and not item):
        return None
    if len(block.html or "") > _LONGEST or select(block, _CRITIC) or _is_another_kind(block):
        return None
    nodes = [node for node in select(block, "*")[:_MOST_NODES] if node.mem_id != block.mem_id]
    if any("price" in (node.attributes.get("class") or "").lower() for node in nodes):
        return None  # a product's card
    drawn = rating_of(block)
    if drawn is None and (doubtful or not sells):
        return None
    nodes = _without_replies(nodes)
    names = {node.mem_id: plain_names(names_of(node)) for node in nodes}
    dated = _date(block, nodes, names, reading)
    by = _author(block, nodes, names, reading)
    marks = (drawn is not None) + (by is not None) + (dated is not None)
    if marks < (2 if sells else 3) and (strict or by is not None or dated is None):
        return None
    author = by[0] if by else None
    taken = [part[1] for part in (by, dated) if part is not None and part[1] is not None]
    title = _title(block, nodes, names, taken)
    if not sells and title is not None and _leads_elsewhere(title):
        return None  # a magazine's own review, shown as a card
    body = _body(block, nodes, names, taken)
    heading = _heading_text(title) if title is not None else ""
    spare = {text for text in (author, heading, dated[0] if dated else "") if text}
    lines = _lines(body if body is not None else block, spare, reading)
    if not lines and body is not None:
        lines = _lines(block, spare, reading)
    if author is not None and heading.casefold() == author.casefold():
        heading = ""
    if author is None and body is None and not strict and lines and dated is not None:
        author, lines = _leading_name(lines)
        marks += author is not None
    if not (lines or heading) or marks < (2 if sells else 3):
        return None
    if strict and len("".join(lines)) < 10:
        return None
    identifier, anchor = _identity(block)
    return Found(
        author=author,
        title=heading,
        body="\n".join(lines),
        written=_without(dated[0], author) if dated else "",
        rating=drawn[0] if drawn else None,
        id=identifier,
        anchor=anchor,
        product=_reviewed(block),
        marks=marks,
    )


def _without(written: str, author: str | None) -> str:
    """The time's label without the author's name, which must not be kept with it."""
    if author and author in written:
        written = " ".join(part for part in written.split(author) if any(map(str.isdigit, part)))
        written = written.strip().removeprefix("on ")
    return written.strip(" ,–—|·-")


def _is_another_kind(block: LexborNode) -> bool:
    """Whether the block is a testimonial, or a question or answer about the product."""
    kind = f"{attribute_of(block, 'itemtype')} {names_of(block)}"
    if QUESTION.search(kind) and "/Review" not in kind:
        return True
    around = [block, *islice(above(block), 8)]
    return any(TESTIMONIAL.search(names_of(node)) for node in around)


def _without_replies(nodes: list[LexborNode]) -> list[LexborNode]:
    gone: set[int] = set()
    kept = []
    for node in nodes:
        parent = node.parent
        name = (node.attributes.get("class") or "").lower()
        if (parent is not None and parent.mem_id in gone) or any(
            word in name.split() or f"{word}-" in name or f"-{word}" in name or f"_{word}" in name
            for word in ("reply", "replies", "response", "answer", "children", "phan-hoi")
        ):
            gone.add(node.mem_id)
            continue
        kept.append(node)
    return kept


def _date(
    block: LexborNode, nodes: list[LexborNode], names: dict[int, str], reading: Reading
) -> Part | None:
    sure: list[tuple[str, LexborNode]] = []
    likely: list[tuple[str, LexborNode]] = []
    for node in nodes:
        prop = node.attributes.get("itemprop") or ""
        if node.tag == "time" or prop in ("datePublished", "dateCreated"):
            for name in ("datetime", "content", "title"):
                if given := attribute_of(node, name):
                    sure.append((given, node))
            sure.append((text_of(node), node))
        elif DATE.search(names[node.mem_id]):
            given = attribute_of(node, "data-date") or attribute_of(node, "data-time")
            likely.extend((text, node) for text in (given, text_of(node)) if text)
    for name, value in block.attributes.items():
        if value and ("date" in name or "time" in name) and len(value) <= 40:
            likely.append((value, block))
    likely.sort(key=lambda part: len(part[0]))  # outer nodes hold stars and names, too
    for text, node in (*sure, *likely):
        if len(text) <= 110 and (written := date_in(text, reading)):
            return written, node if node.mem_id != block.mem_id else None
    found: Part | None = None
    for node in nodes:
        text = text_of(node) if len(node.html or "") < 3_000 else ""
        if 4 <= len(text) <= 80 and DATED.search(text):
            if found is not None and not (found[1] and _is_inside(node, found[1])):
                break
            if written := date_in(text, reading):
                found = written, node  # the innermost: outer ones hold names, too
    return found


def _title(
    block: LexborNode, nodes: list[LexborNode], names: dict[int, str], taken: list[LexborNode]
) -> LexborNode | None:
    """The node of the title: named so or a heading, without the author or the date in it."""
    inside = {up.mem_id for node in taken for up in (node, *above(node))}
    found: LexborNode | None = None
    for node in nodes:
        if node.mem_id in inside:
            continue
        own = node.attributes.get("itemprop") == "name" and _owner(node) == block.mem_id
        if own or TITLE.search(names[node.mem_id]) or node.tag in ("h2", "h3", "h4", "h5", "h6"):
            text = text_of(node)
            if not 1 < len(text) <= 250 or "author" in names[node.mem_id]:
                continue
            if found is None or _is_inside(node, found):
                found = node  # the innermost: a head holds stars and names beside the title
            elif own:
                return node
    return found


def _owner(node: LexborNode) -> int | None:
    for up in above(node):
        if "itemscope" in up.attributes:
            return up.mem_id
    return None


def _is_inside(node: LexborNode, outer: LexborNode) -> bool:
    return any(up.mem_id == outer.mem_id for up in above(node))


def _heading_text(node: LexborNode) -> str:
    text = " ".join(own_words(_without_chrome(node), quote="").text.split())
    if is_rating_line(text) or is_label(text) or DATED.fullmatch(text):
        return ""
    return text


def _author(
    block: LexborNode, nodes: list[LexborNode], names: dict[int, str], reading: Reading
) -> Part | None:
    for node in nodes:
        if "author" in (node.attributes.get("itemprop") or "").split():
            inner = select(node, "[itemprop=name]")
            chosen = inner[0] if inner else node
            name = _name(attribute_of(chosen, "content") or text_of(chosen), reading)
            if name:
                return name, node if text_of(node) else None
    for name_of_data in ("data-author", "data-reviewer", "data-username", "data-user-name"):
        for node in (block, *nodes[:100]):
            if name := _name(attribute_of(node, name_of_data), reading):
                return name, None
    for rule in AUTHOR:
        best: tuple[str, LexborNode] | None = None
        for node in nodes:
            if not rule.search(names[node.mem_id]) or _is_own_name(node, block):
                continue
            name = _name_in(node, reading)
            if name and (best is None or _is_inside(node, best[1])):
                best = name, node
        if best is not None:
            return best
    for node in nodes:
        text = text_of(node) if len(node.html or "") < 1_500 else ""
        if 4 <= len(text) <= 120 and (found := BY.search(text)):
            name = _name(found["who"], reading)
            if name:
                return name, node
    return None


def _is_own_name(node: LexborNode, block: LexborNode) -> bool:
    """Whether the node is the title by microdata: the name of the review itself."""
    return node.attributes.get("itemprop") == "name" and _owner(node) == block.mem_id


def _name_in(node: LexborNode, reading: Reading) -> str | None:
    """The name in a node for the author: its text, or the first of its parts that is a name."""
    text = text_of(node)
    if len(text) > 160:
        return None
    name = _name(text, reading)
    if name is None:
        parts = [text_of(part) for part in select(node, "*")[:20]]
        name = next((one for part in parts if part and (one := _name(part, reading))), None)
    return name


def _name(text: str, reading: Reading) -> str | None:
    """A person's name out of a label, or nothing where the label is something else."""
    text = _BADGE_FIRST.sub("", " ".join(text[:200].split()))
    if found := BY.search(text):
        text = found["who"]
    text = _BADGE_LAST.sub("", text)
    if (cut := NUMBERS.search(text)) and cut.start() > 1:
        text = text[: cut.start()]  # "lan88 09.08.2026"
    text = _VERB_LAST.sub("", text.strip(" ,:：–—|·•-"))
    if not 0 < len(text) <= 50 or is_label(text) or is_rating_line(text):
        return None
    if DATED.search(text) and date_in(text, reading):
        return None
    if not any(c.isalnum() or c == "*" for c in text) or len(text.split()) > 6:
        return None
    return text


def _leading_name(lines: list[str]) -> tuple[str | None, list[str]]:
    """A name on the first line of a block whose parts have no names."""
    first = lines[0]
    if (
        len(lines) > 1
        and len(first) <= 40
        and len(first.split()) <= 5
        and first[-1] not in ".!?。！？"
    ):
        return first, lines[1:]
    return None, lines


def _body(
    block: LexborNode, nodes: list[LexborNode], names: dict[int, str], taken: list[LexborNode]
) -> LexborNode | None:
    """The node of the words: named so, without the author or the date in it; the longest."""
    inside = {up.mem_id for node in taken for up in (node, *above(node))}
    for node in nodes:
        prop = node.attributes.get("itemprop") or ""
        if prop in ("reviewBody", "description") and _owner(node) in (block.mem_id, None):
            return node
        if prop == "reviewBody":
            return node
    for rule in BODY:
        best: tuple[int, LexborNode] | None = None
        for node in nodes:
            name = names[node.mem_id]
            if node.mem_id in inside or not rule.search(name) or NO_BODY.search(name):
                continue
            size = len(text_of(node))
            if (
                size > 1
                and (best is None or size > best[0])
                and not TITLE.search(names[node.mem_id])
            ):
                best = size, node
        if best is not None:
            return best[1]
    return None


def _lines(node: LexborNode, spare: set[str], reading: Reading) -> list[str]:
    """The lines of the author's words: no labels, no reply of the seller, no variant bought."""
    given = attribute_of(node, "content") if node.tag == "meta" else ""
    text = given or own_words(_without_chrome(node), quote="").text
    return own_lines(text, spare, reading)


def _leads_elsewhere(title: LexborNode) -> bool:
    links = [title, *islice(above(title), 2)]
    return any(node.tag == "a" for node in links) or bool(select(title, "a[href]"))


def _identity(block: LexborNode) -> tuple[str | None, str]:
    """The review's own number and its anchor on the page."""
    anchor = attribute_of(block, "id")
    for node in (block, *select(block, "[data-review-id], [data-comment-id], [id]")[:12]):
        for name in ("data-review-id", "data-comment-id", "data-rating-id", "data-reviewid"):
            if given := attribute_of(node, name):
                return given[:80], anchor or attribute_of(node, "id")
        own = attribute_of(node, "id")
        found = re.fullmatch(r"(?:li-|div-)?(?:comment|review|rev|rating)[-_]?(\d{1,15})", own)
        if found:
            return found[1], own
    if re.fullmatch(r"(?=.*\d)[A-Za-z0-9]{9,40}", anchor):
        return anchor, anchor
    if "data-id" in block.attributes:
        return attribute_of(block, "data-id")[:80] or None, anchor
    return None, anchor


def _reviewed(block: LexborNode) -> str:
    for node in select(block, "[itemprop=itemReviewed] [itemprop=name]")[:1]:
        return (attribute_of(node, "content") or text_of(node))[:200]
    return ""


def _without_chrome(node: LexborNode) -> str:
    """A node's HTML without buttons, badges and replies; cut out of a copy, the tree is shared."""
    copy = LexborHTMLParser((node.html or "")[:_LONGEST])
    for part in select(copy, DROP):
        if part.parent is not None and part.parent.tag not in ("body", "html"):
            part.decompose()
    return copy.body.html or "" if copy.body is not None else ""


def is_review_item(node: LexborNode) -> bool:
    """Whether the block is said to be one review: by microdata or a review's own number."""
    return "/Review" in (node.attributes.get("itemtype") or "") or bool(
        attribute_of(node, "data-review-id")
    )

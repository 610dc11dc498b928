"""A page walked once: its blocks of text, links, scripts and other marks, each with its place.

Every reader of a company page works on this outline, so that a page of thousands of nodes is
walked one time only. Pure; the tree is not changed.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crawlers.document import Document
from crawlers.extract.marks import AREA_BITS, GROUP_BITS, group_bits
from crawlers.extract.spotting import Lines
from crawlers.folding import fold
from crawlers.words import Place

_MAX_NODES = 200_000  # a page beyond that is a list or an attack; its first part says enough
_MAX_TEXT = 3_000_000  # characters
_MAX_DEPTH = 3_000
_FOLDED = 700  # characters of a block in which phrases are looked for

_NO_TEXT = frozenset({"noscript", "head", "title", "textarea", "object"})
_CLOSED = frozenset({"style", "svg", "math", "canvas", "audio", "video", "select", "template"})
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "nobr", "picture", "slot", "ruby",
    "rt", "bdt",
})  # fmt: skip
_EMPTY = frozenset({"br", "hr", "input", "source", "link", "wbr", "img", "meta", "path"})
_STRUCK = frozenset({"s", "del", "strike"})
_BREAK = "\x0b"  # white space no page writes: a line broken by an element
_ROLES = {
    "table": "table", "grid": "table", "treegrid": "table", "row": "tr", "cell": "td",
    "gridcell": "td", "columnheader": "th", "rowheader": "th",
}  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEADER, _FOOTER = AREA_BITS["header"], AREA_BITS["footer"]
_NAV = AREA_BITS["nav"]
_WITHIN = AREA_BITS["main"] | AREA_BITS["article"] | AREA_BITS["section"]
_FOOTER_NAME, _HEADER_NAME = GROUP_BITS["footer"], GROUP_BITS["header"]
_OF_A_PART = GROUP_BITS["card"] | GROUP_BITS["price"] | GROUP_BITS["product"]


@dataclass(slots=True)
class Block:
    """A run of text inside one block element, whitespace collapsed.

    ``tag`` is that element's; ``areas`` the sectioning elements around it (bits of
    ``AREA_BITS``); ``near`` the groups named on the element and the two around it, ``far`` those
    further out (bits of ``GROUP_BITS``); ``linked`` how many of its characters stand inside
    ``links`` links; ``box`` numbers the block's element, ``outer`` the one around it;
    ``struck`` marks struck-out text (an old price); ``holder`` numbers the innermost element
    around, links counted too (see :class:`Outline`); ``lines`` are the parts between ``br``, empty
    where there is none.
    """

    text: str
    tag: str
    areas: int
    near: int
    far: int
    linked: int
    links: int
    box: int
    outer: int
    depth: int
    place: Place
    region: int
    hidden: bool
    struck: bool
    holder: int = 0
    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class Anchor:
    """An ``a[href]`` as written, with its text (or its image's alt text) and place."""

    href: str
    text: str
    place: Place
    region: int
    rel: str
    near: int
    far: int
    areas: int


@dataclass
class Outline:
    """What one walk over a page finds, in the page's order.

    ``scripts``, ``iframes``, ``images`` hold addresses as written; ``inline`` script sources;
    ``forms`` the action with the form's names; ``items`` the values of ``itemtype``; ``tags``
    counts elements by name; ``fields`` are the names of inputs; ``metas`` name (or property) and
    content; ``rels`` rel, address and language of ``link`` elements.

    Block elements and links are *holders*, numbered in the order they open: ``above`` gives the
    holder around each, ``ends`` the last number inside it, ``kinds`` its tag (or the tag its ARIA
    role stands for, in tables built of other elements), ``spans`` columns and rows of wide cells.
    """

    blocks: list[Block] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    scripts: list[tuple[str, Place]] = field(default_factory=list)
    inline: list[tuple[str, Place]] = field(default_factory=list)
    iframes: list[tuple[str, Place]] = field(default_factory=list)
    forms: list[tuple[str, Place, str]] = field(default_factory=list)
    images: list[tuple[str, Place, str]] = field(default_factory=list)
    items: list[tuple[str, Place]] = field(default_factory=list)
    tags: dict[str, int] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    rels: list[tuple[str, str, str]] = field(default_factory=list)
    above: list[int] = field(default_factory=lambda: [0])
    ends: list[int] = field(default_factory=lambda: [0])
    kinds: list[str] = field(default_factory=lambda: ["html"])
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def folded(self) -> Lines:
        """The start of every block's text, folded: line ``n`` is block ``n``. Folded once, for
        all who look for phrases.
        """
        lines = [block.text[:_FOLDED] for block in self.blocks]
        return Lines(lines, fold("\n".join(lines)))


@dataclass(slots=True)
class _Frame:
    """An open element."""

    tag: str  # of the block element
    areas: int
    own: int
    parent_own: int
    outer_own: int
    far: int
    box: int
    outer: int
    depth: int
    place: Place
    region: int  # number of the header or footer it stands in, 0 for none
    hidden: bool
    silent: bool  # its text is not the page's
    struck: bool
    linked: bool
    holder: int


@dataclass(slots=True)
class _Open:
    """A link whose text is being gathered: where in pieces, blocks and images it began."""

    anchor: Anchor
    pieces: int
    blocks: int
    images: int


_Entry = tuple[Any, _Frame, bool, _Open | None]  # children, frame, ends a block, open link


def outline_of(document: Document) -> Outline:
    """Walk the page's tree once.

    Bounded: 200,000 nodes, 3 million characters, 3,000 levels; what lies beyond is left out.
    Odd HTML never raises.
    """
    walk = _Walk()
    root = document.tree.root
    if root is not None:
        walk.run(root)
        _reopen(walk.found)
    return walk.found


def _reopen(outline: Outline) -> None:
    """Give back to the body what a name called header or footer but holds much of the page.

    Themes put ``header`` in the class of the element around everything.
    """
    sizes: dict[int, int] = {}
    total = 0
    for block in outline.blocks:
        size = len(block.text)
        total += size
        sizes[block.region] = sizes.get(block.region, 0) + size - block.linked
    wide = {region for region, size in sizes.items() if region and size * 3 > total}
    if wide:
        parts: list[Block | Anchor] = [*outline.blocks, *outline.anchors]
        for part in parts:
            if part.region in wide:
                part.place, part.region = "body", 0


class _Walk:
    def __init__(self) -> None:
        self.found = Outline()
        self.pieces: list[str] = []
        self.linked = 0
        self.links = 0
        self.struck = False
        self.chars = 0
        self.seam = False
        self.boxes = 0
        self.regions = 0

    def run(self, root: Any) -> None:
        frame = _Frame("html", 0, 0, 0, 0, 0, 0, 0, 0, "body", 0, False, False, False, False, 0)
        stack: list[_Entry] = [(root.iter(include_text=True), frame, True, None)]
        nodes = 0
        tags = self.found.tags
        while stack:
            children, frame, ends, opened = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._close(frame, ends, opened)
                continue
            nodes += 1
            if nodes > _MAX_NODES or self.chars > _MAX_TEXT:
                break
            tag = child.tag
            if tag == "-text":
                if not frame.silent:
                    self._text(child.text_content or "", frame)
                continue
            if not tag or not tag[0].isalpha():
                continue
            tags[tag] = tags.get(tag, 0) + 1
            if len(stack) < _MAX_DEPTH:
                entered = self._enter(child, tag, frame)
                if entered is not None:
                    stack.append(entered)
        while stack:  # stopped early: close what is open
            _, frame, ends, opened = stack.pop()
            self._close(frame, ends, opened)

    def _text(self, text: str, frame: _Frame) -> None:
        self.chars += len(text)
        if self.seam:  # elements side by side: "$200" and "2 bids" are not "$2002 bids"
            self.seam = False
            last = self.pieces[-1][-1:] if self.pieces else ""
            if (last.isdigit() and text[:1].isdigit()) or (last.islower() and text[:1].isupper()):
                self.pieces.append(" ")
        self.pieces.append(text)
        if frame.linked or frame.struck:
            bare = len(text.strip())
            if frame.linked:
                self.linked += bare
            elif bare:
                self.struck = True

    def _enter(self, node: Any, tag: str, frame: _Frame) -> _Entry | None:
        if tag in _CLOSED:
            return None
        attributes = node.attributes
        if tag in _EMPTY:
            self._empty(tag, attributes, frame)
            return None
        if tag == "script":
            self._script(node, attributes, frame)
            return None
        if attributes.get("itemtype"):
            self.found.items.append((attributes["itemtype"], frame.place))
        inline = tag in _INLINE
        self.seam = inline
        names = ""
        if attributes:
            names = attributes.get("class") or ""
            for key in ("id", "role"):
                value = attributes.get(key)
                if value:
                    names = f"{names} {value}"
        own = group_bits(names) if names else 0
        plain = inline and tag != "a" and not own and tag not in _STRUCK
        if plain and not (attributes and _hides(attributes)):
            return node.iter(include_text=True), frame, False, None
        if not inline:
            self._flush(frame)
            self.boxes += 1
        inner = self._frame(tag, attributes, own, frame, inline=inline)
        opened = None
        if tag == "a":
            if self.pieces and self.pieces[-1][-1:].isalnum() and self.links:
                self.pieces.append(" ")  # links side by side are words of their own
            opened = self._anchor(attributes, inner)
        elif tag == "iframe":
            source = attributes.get("src") or attributes.get("data-src") or ""
            self.found.iframes.append((source, frame.place))
        elif tag == "form":
            label = " ".join(filter(None, (attributes.get("id"), attributes.get("class"))))
            self.found.forms.append((attributes.get("action") or "", frame.place, label))
        return node.iter(include_text=True), inner, not inline, opened

    def _frame(self, tag: str, attributes: Any, own: int, frame: _Frame, *, inline: bool) -> _Frame:
        area = AREA_BITS.get(tag, 0)
        place, region = frame.place, frame.region
        if place == "body":
            place = _place(tag, own, frame)
            if place != "body":
                self.regions += 1
                region = self.regions
        return _Frame(
            frame.tag if inline else tag,
            frame.areas | area,
            own,
            frame.own,
            frame.parent_own,
            frame.far | frame.outer_own,
            frame.box if inline else self.boxes,
            frame.outer if inline else frame.box,
            frame.depth + 1,
            place,
            region,
            frame.hidden or (bool(attributes) and _hides(attributes)),
            frame.silent or tag in _NO_TEXT,
            frame.struck or tag in _STRUCK,
            frame.linked or tag == "a",
            frame.holder if inline and tag != "a" else self._hold(tag, attributes, frame.holder),
        )

    def _hold(self, tag: str, attributes: Any, above: int) -> int:
        found = self.found
        role = attributes.get("role") if attributes else None
        if role:
            tag = _ROLES.get(role, tag)
        number = len(found.above)
        found.above.append(above)
        found.ends.append(number)
        found.kinds.append(tag)
        if (
            tag in ("td", "th")
            and attributes
            and ("colspan" in attributes or "rowspan" in attributes)
        ):
            found.spans[number] = (
                _span(attributes.get("colspan")),
                _span(attributes.get("rowspan")),
            )
        return number

    def _empty(self, tag: str, attributes: Any, frame: _Frame) -> None:
        if tag == "img":
            source = attributes.get("src") or attributes.get("data-src") or ""
            self.found.images.append((source, frame.place, attributes.get("alt") or ""))
        elif tag == "meta":
            name = (
                attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
            )
            if name and attributes.get("content"):
                self.found.metas.append((name.strip().lower(), attributes["content"]))
        elif tag == "link":
            rel, href = attributes.get("rel") or "", attributes.get("href") or ""
            if href and len(self.found.rels) < 500:
                self.found.rels.append((rel.lower(), href, attributes.get("hreflang") or ""))
        elif tag == "br":
            self.pieces.append(_BREAK)
        elif tag == "input":
            self.found.fields.append(attributes.get("name") or attributes.get("type") or "")

    def _script(self, node: Any, attributes: Any, frame: _Frame) -> None:
        source = attributes.get("src")
        if source:
            self.found.scripts.append((source, frame.place))
            return
        kind = (attributes.get("type") or "").lower()
        if "json" not in kind and "template" not in kind and kind != "text/html":
            text = node.text(deep=True)
            if text and not text.isspace():
                self.found.inline.append((text, frame.place))

    def _anchor(self, attributes: Any, inner: _Frame) -> _Open | None:
        href = attributes.get("href")
        self.links += 1
        if not href:
            return None
        near = inner.own | inner.parent_own | inner.outer_own
        label = attributes.get("title") or attributes.get("aria-label") or ""
        anchor = Anchor(
            href,
            label,
            inner.place,
            inner.region,
            attributes.get("rel") or "",
            near,
            inner.far,
            inner.areas,
        )
        self.found.anchors.append(anchor)
        return _Open(anchor, len(self.pieces), len(self.found.blocks), len(self.found.images))

    def _close(self, frame: _Frame, ends: bool, opened: _Open | None) -> None:
        self.found.ends[frame.holder] = len(self.found.above) - 1
        if opened is not None:
            if len(self.found.blocks) > opened.blocks:
                self._flush(frame)  # a link around blocks ends a block, like the blocks in it
            blocks = self.found.blocks[opened.blocks : opened.blocks + 8]
            start = 0 if blocks else opened.pieces
            words = [block.text for block in blocks] + "".join(self.pieces[start:]).split()
            text = " ".join(words) or opened.anchor.text
            if not text:
                alts = (image[2] for image in self.found.images[opened.images :][:3])
                text = " ".join(" ".join(alts).split())
            opened.anchor.text = text[:200]
        if ends:
            self._flush(frame)
        else:
            self.seam = True

    def _flush(self, frame: _Frame) -> None:
        if not self.pieces:
            self.linked = self.links = 0
            return
        joined = "".join(self.pieces)
        self.pieces.clear()
        text = " ".join(joined.split())
        if text:
            lines: tuple[str, ...] = ()
            if _BREAK in joined:
                parts = (" ".join(part.split()) for part in joined.split(_BREAK))
                lines = tuple(part for part in parts if part)
            self.found.blocks.append(
                Block(
                    text, frame.tag, frame.areas, frame.own | frame.parent_own | frame.outer_own,
                    frame.far, min(self.linked, len(text)), self.links, frame.box, frame.outer,
                    frame.depth, frame.place, frame.region, frame.hidden, self.struck,
                    frame.holder, lines,
                )
            )  # fmt: skip
        self.linked = self.links = 0
        self.struck = False


def _place(tag: str, own: int, frame: _Frame) -> Place:
    if tag == "head":
        return "head"
    if frame.areas & _WITHIN or tag in ("body", "main", "article", "section"):
        return "body"
    if own & _OF_A_PART and tag not in ("header", "footer", "nav"):
        return "body"  # "card-header", "plan-footer": parts of a card, not of the page
    if tag == "footer" or own & _FOOTER_NAME:
        return "footer"
    if tag in ("header", "nav") or own & _HEADER_NAME:
        return "header"
    return "body"


def _span(value: str | None) -> int:
    return min(int(value), 50) if value and value.isascii() and value.isdigit() else 1


def _hides(attributes: Any) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and bool(_HIDING.search(attributes["style"] or "")))
    )

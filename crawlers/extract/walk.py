"""The walk over a page's tree that makes its outline.

A page has some three thousand nodes, so what is done for each decides what reading costs. The
nodes come in document order from one iteration; a node's parent tells which open element it
stands in, and elements that say nothing of their own (a bare ``span``) are not opened at all:
their children belong to the element around. Elements without a word of theirs to the reader
(styles, drawings, scripts) are not registered, and what hangs below them is passed over.
Pure; the tree is not changed.
"""

import re
from collections import Counter
from itertools import islice
from typing import Any

from crawlers.document import Document
from crawlers.extract.addresses import absolute_to
from crawlers.extract.marks import group_bits
from crawlers.extract.outline import Anchor, Block, Outline
from crawlers.extract.styles import STRUCK, Style
from crawlers.words import Place

_MAX_NODES = 200_000  # a page beyond that is a list or an attack; its first part says enough
_MAX_TEXT = 3_000_000  # characters

_BREAK = "\x0b"  # white space no page writes: a line broken by an element
_TAKEN, _INLINE, _LINK, _CLOSED, _EMPTY, _SCRIPT, _NO_ELEMENT = range(7)
_BLOCK = -1
_WITHIN_A_LINE = (_INLINE, _LINK)
_SORTS: dict[str, int] = {
    **dict.fromkeys(
        "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp"
        " small span strike strong sub sup time tt u var nobr picture slot ruby rt bdt".split(),
        _INLINE,
    ),
    **dict.fromkeys(
        "style svg math canvas audio video select template".split(),
        _CLOSED,
    ),
    **dict.fromkeys("br hr input source link wbr img meta path base".split(), _EMPTY),
    **dict.fromkeys("iframe form title body".split(), _TAKEN),
    "a": _LINK,
    "script": _SCRIPT,
    "-comment": _NO_ELEMENT,
}
"""How an element is met; any other is a block."""
_ROLES = {
    "table": "table", "grid": "table", "treegrid": "table", "row": "tr", "cell": "td",
    "gridcell": "td", "columnheader": "th", "rowheader": "th",
}  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


# A link whose text is being gathered: where in pieces, blocks and images it began.
_Link = tuple[Anchor, int, int, int]
# An open element: style, box, the box around, region, holder, link.
_Open = tuple[Style, int, int, int, int, _Link | None]


def outline_of(document: Document) -> Outline:
    """Walk the page's tree once.

    Bounded: 200,000 nodes, 3 million characters; what lies beyond is left out. Odd HTML never
    raises.
    """
    walk = _Walk()
    root = document.tree.root
    if root is not None:
        walk.run(root)
        _reopen(walk.found)
        _resolve(walk.found, document.url)
    return walk.found


def _resolve(outline: Outline, url: str) -> None:
    """Give every link its absolute address: once, for all who read them."""
    base = outline.base = (absolute_to(url, outline.base) if outline.base else None) or url
    known: dict[str, str | None] = {}
    for anchor in outline.anchors:
        href = anchor.href
        if href not in known:
            known[href] = absolute_to(base, href)
        anchor.url = known[href]


def _reopen(outline: Outline) -> None:
    """Give back to the body what a name called header or footer but holds much of the page.

    Themes put ``header`` in the class of the element around everything.
    """
    sizes: dict[int, int] = {}
    total = 0
    for block in outline.blocks:
        size = len(block.text)
        total += size
        if block.region:
            sizes[block.region] = sizes.get(block.region, 0) + size - block.linked
    wide = {region for region, size in sizes.items() if size * 3 > total}
    if wide:
        parts: list[Block | Anchor] = [*outline.blocks, *outline.anchors]
        for part in parts:
            if part.region in wide:
                part.place, part.region = "body", 0


class _Walk:
    def __init__(self) -> None:
        self.found = Outline()
        self.pieces: list[str] = []
        self.named: set[str] = set()
        self.ids: list[str] = []
        self.linked = 0
        self.links = 0
        self.struck = False
        self.seam = False

    def run(self, root: Any) -> None:  # noqa: PLR0915 (one loop: a call a node costs as much again)
        found, pieces = self.found, self.pieces
        above, ends, kinds = found.above, found.ends, found.kinds
        top: _Open = (Style(), 0, 0, 0, 0, None)
        stack = [top]
        opened: dict[int, _Open] = {root.mem_id: top}
        tags: list[str] = []
        known: dict[str, int] = {}
        chars = boxes = regions = 0
        before = 0  # the element the last text stood in
        nodes = root.traverse(include_text=True)
        next(nodes, None)  # the root itself
        for node in islice(nodes, _MAX_NODES):
            parent = node.parent.mem_id
            around = opened.get(parent)
            if around is None:  # below something closed
                continue
            if around is not top:
                while len(stack) > 1 and stack[-1] is not around:
                    closing = stack.pop()
                    if pieces or closing[5] is not None:
                        self._close(closing)
                        continue
                    ends[closing[4]] = len(above) - 1
                    if closing[0].ends:
                        self.linked = self.links = 0
                    else:
                        self.seam = True
                top = around
            tag = node.tag
            if tag == "-text":
                style = top[0]
                if style.silent:
                    continue
                text = node.text_content
                if not text or (not pieces and text.isspace()):
                    continue
                chars += len(text)
                if chars > _MAX_TEXT:
                    break
                if parent != before:
                    self.seam, before = True, parent
                self._text(text, style)
                continue
            sort = _SORTS.get(tag, _BLOCK)
            if sort == _NO_ELEMENT or not tag:
                continue
            tags.append(tag)
            if sort == _CLOSED:
                continue
            attributes = node.attributes
            if sort == _EMPTY:
                self._empty(tag, attributes, top[0].place)
                continue
            if sort == _SCRIPT:
                self._script(node, attributes, top[0].place)
                continue
            own, hides = 0, False
            if attributes:
                names = attributes.get("class")
                if len(attributes) > 1 or not names:
                    own, hides = self._names(attributes, top[0].place)
                elif names in known:
                    own = known[names]
                else:
                    own = known[names] = group_bits(names)
            inline = sort in _WITHIN_A_LINE
            if sort == _INLINE and not own and not hides and tag not in STRUCK:
                self.seam = True
                opened[node.mem_id] = top
                continue
            style, box, outer, region, holder, _ = top
            inner = style.kids.get((tag, own, hides))
            if inner is None:
                inner = style.kid(tag, own, hides=hides, inline=inline)
            if inner.place != style.place and style.place == "body":
                regions += 1
                region = regions
            link = None
            if inline:
                self.seam = True
                if sort == _LINK:
                    holder = self._hold(tag, attributes, holder)
                    if pieces and self.links and pieces[-1][-1:].isalnum():
                        pieces.append(" ")  # links side by side are words of their own
                    link = self._link(attributes, inner, region, holder)
            else:
                self.seam = False
                if pieces:
                    self._flush(top)
                self.linked = self.links = 0
                boxes += 1
                box, outer = boxes, box
                if attributes:
                    holder = self._hold(tag, attributes, holder)
                else:
                    above.append(holder)
                    holder = len(ends)
                    ends.append(holder)
                    kinds.append(tag)
                if sort == _TAKEN:
                    self._taken(node, tag, attributes, style.place)
            top = (inner, box, outer, region, holder, link)
            stack.append(top)
            opened[node.mem_id] = top
        while stack:
            self._close(stack.pop())
        found.tags = Counter(tags)
        found.names, found.ids = frozenset(known).union(self.named), tuple(self.ids)

    def _text(self, text: str, style: Style) -> None:
        pieces = self.pieces
        if self.seam:  # elements side by side: "$200" and "2 bids" are not "$2002 bids"
            self.seam = False
            if pieces:
                last = pieces[-1][-1:]
                if (last.isdigit() and text[0].isdigit()) or (last.islower() and text[0].isupper()):
                    pieces.append(" ")
        pieces.append(text)
        if style.watched:
            bare = len(text.strip())
            if style.linked:
                self.linked += bare
            if style.struck and bare:
                self.struck = True

    def _names(self, attributes: Any, place: Place) -> tuple[int, bool]:
        """The groups that class, id and role name, and whether the element is hidden."""
        get = attributes.get
        names = get("class") or ""
        if names:
            self.named.add(names)
        if value := get("id"):
            self.ids.append(value)
        for value in (get("id"), get("role")):
            if value:
                names = f"{names} {value}"
        hides = "hidden" in attributes or get("aria-hidden") == "true"
        style = get("style")
        if style and not hides:
            hides = _HIDING.search(style) is not None
        if get("itemtype"):
            self.found.items.append((attributes["itemtype"], place))
        return group_bits(names) if names else 0, hides

    def _hold(self, tag: str, attributes: Any, above: int) -> int:
        found = self.found
        number = len(found.above)
        found.above.append(above)
        found.ends.append(number)
        if attributes:
            role = attributes.get("role")
            if role:
                tag = _ROLES.get(role, tag)
            if tag in ("td", "th") and ("colspan" in attributes or "rowspan" in attributes):
                found.spans[number] = (
                    _span(attributes.get("colspan")),
                    _span(attributes.get("rowspan")),
                )
        found.kinds.append(tag)
        return number

    def _empty(self, tag: str, attributes: Any, place: Place) -> None:
        found = self.found
        if tag == "img":
            source = attributes.get("src") or attributes.get("data-src") or ""
            found.images.append((source, place, attributes.get("alt") or ""))
        elif tag == "br":
            self.pieces.append(_BREAK)
        elif tag == "meta":
            name = (
                attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
            )
            if name and attributes.get("content"):
                found.metas.append((name.strip().lower(), attributes["content"]))
        elif tag == "link":
            rel, href = attributes.get("rel") or "", attributes.get("href") or ""
            if href and len(found.rels) < 500:
                found.rels.append((rel.lower(), href, attributes.get("hreflang") or ""))
        elif tag == "base":
            found.base = found.base or attributes.get("href") or ""
        elif tag == "input":
            found.fields.append(attributes.get("name") or attributes.get("type") or "")

    def _script(self, node: Any, attributes: Any, place: Place) -> None:
        source = attributes.get("src")
        if source:
            self.found.scripts.append((source, place))
            return
        kind = (attributes.get("type") or "").lower()
        if "json" not in kind and "template" not in kind and kind != "text/html":
            text = node.text(deep=True)
            if text and not text.isspace():
                self.found.inline.append((text, place))
        elif kind == "application/json" or attributes.get("id") == "__NEXT_DATA__":
            self.found.states.append(node)

    def _taken(self, node: Any, tag: str, attributes: Any, place: Place) -> None:
        """Elements read for what they say of the page, and then walked like any block."""
        found = self.found
        if tag == "iframe":
            source = attributes.get("src") or attributes.get("data-src") or ""
            found.iframes.append((source, place))
        elif tag == "form":
            label = " ".join(filter(None, (attributes.get("id"), attributes.get("class"))))
            found.forms.append((attributes.get("action") or "", place, label))
        elif tag == "title":
            found.title = found.title or node.text(deep=True)
        elif tag == "body":
            found.body_names = attributes.get("class") or ""

    def _link(self, attributes: Any, inner: Style, region: int, holder: int) -> _Link | None:
        self.links += 1
        href = attributes.get("href") if attributes else None
        if not href:
            return None
        found = self.found
        label = attributes.get("title") or attributes.get("aria-label") or ""
        rel = attributes.get("rel") or ""
        anchor = Anchor(
            href, label, inner.place, region, rel, inner.near, inner.far, inner.areas,
            holder=holder,
        )  # fmt: skip
        found.anchors.append(anchor)
        return anchor, len(self.pieces), len(found.blocks), len(found.images)

    def _close(self, closing: _Open) -> None:
        style, holder, link = closing[0], closing[4], closing[5]
        found = self.found
        found.ends[holder] = len(found.above) - 1
        if link is not None:
            anchor, start, first, image = link
            if len(found.blocks) > first:
                if self.pieces:
                    self._flush(closing)  # a link around blocks ends one, like the blocks in it
                text = " ".join([block.text for block in found.blocks[first : first + 8]])
            else:
                text = " ".join("".join(self.pieces[start:]).split())
            if text:
                anchor.text = text[:200]
            elif not anchor.text:
                alts = (alt for _, _, alt in found.images[image:][:3])
                anchor.text = " ".join(" ".join(alts).split())[:200]
        if style.ends:
            if self.pieces:
                self._flush(closing)
            self.linked = self.links = 0
        else:
            self.seam = True

    def _flush(self, around: _Open) -> None:
        """End the run of text that stands directly in an open element."""
        joined = "".join(self.pieces)
        self.pieces.clear()
        text = " ".join(joined.split())
        if text:
            lines: tuple[str, ...] = ()
            if _BREAK in joined:
                parts = (" ".join(part.split()) for part in joined.split(_BREAK))
                lines = tuple(part for part in parts if part)
            style, box, outer, region, holder, _ = around
            self.found.blocks.append(
                Block(
                    text, style.tag, style.areas, style.near, style.far,
                    min(self.linked, len(text)), self.links, box, outer, style.depth, style.place,
                    region, style.hidden, self.struck, holder, lines,
                )
            )  # fmt: skip
        self.linked = self.links = 0
        self.struck = False


def _span(value: str | None) -> int:
    return min(int(value), 50) if value and value.isascii() and value.isdigit() else 1

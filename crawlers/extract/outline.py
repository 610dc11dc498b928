"""What one walk over a page finds: blocks of text, links, scripts and other marks, each placed.

Every reader of a company page works on this outline, so that a page of thousands of nodes is
walked one time only (:mod:`crawlers.extract.walk`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from crawlers.extract.texts.columns import Columns
from crawlers.folding import fold
from crawlers.spotting import Lines
from crawlers.words import Place

_FOLDED = 700  # characters of a block in which phrases are looked for


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
    """An ``a[href]`` as written, with its text (or its image's alt text) and place.

    ``url`` is its absolute http(s) address, ``None`` for anything else; ``holder`` its own number
    among the holders (see :class:`Outline`).
    """

    href: str
    text: str
    place: Place
    region: int
    rel: str
    near: int
    far: int
    areas: int
    url: str | None = None
    holder: int = 0


@dataclass
class Outline:
    """What one walk over a page finds, in the page's order.

    ``scripts``, ``iframes``, ``images`` hold addresses as written; ``inline`` script sources;
    ``forms`` the action with the form's names; ``items`` the values of ``itemtype``; ``tags``
    counts elements by name; ``fields`` are the names of inputs; ``metas`` name (or property) and
    content; ``rels`` rel, address and language of ``link`` elements; ``title`` the first title
    as it stands; ``body_names`` the class of the body; ``base`` the address links are relative to;
    ``names`` every distinct value of class, ``ids`` those of id, ``states`` the script elements
    that hold plain JSON.

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
    tags: Mapping[str, int] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    rels: list[tuple[str, str, str]] = field(default_factory=list)
    above: list[int] = field(default_factory=lambda: [0])
    ends: list[int] = field(default_factory=lambda: [0])
    kinds: list[str] = field(default_factory=lambda: ["html"])
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    title: str = ""
    body_names: str = ""
    base: str = ""
    names: frozenset[str] = frozenset()
    ids: tuple[str, ...] = ()
    states: list[Any] = field(default_factory=list)

    @cached_property
    def folded(self) -> Lines:
        """The start of every block's text, folded: line ``n`` is block ``n``. Folded once, for
        all who look for phrases.
        """
        lines = [block.text[:_FOLDED] for block in self.blocks]
        return Lines(lines, fold("\n".join(lines)))

    @cached_property
    def columns(self) -> Columns:
        """The blocks column by column, for the readers of the page's kind and text."""
        return Columns(self.blocks, self.folded)

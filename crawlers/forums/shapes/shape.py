"""What one page of a forum taught: where its posts, their authors, bodies and ids stand. Pure.

A shape is learnt where posts repeat and read again where they do not: on the last page of a thread
with one post on it, or where a list of related threads would win by its size. A crawler learns it
from the first topic page of a forum, believes it once a second page :func:`agrees`, and then hands
it to the reader.
"""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawlers.forums.shapes.blocks import (
    Block,
    Dated,
    Signature,
    blocks_from,
    holding_of,
    is_like,
    place,
    place_of,
)

BLOCK_LEVELS = 2
"""How many signatures name a block: its own and its holder's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The places of one kind of post; signatures as :func:`crawlers.forums.blocks.place` gives."""

    date: Signature
    block: Signature
    author: Signature | None
    """The author's rank and place; ``None``: nobody is named."""
    body: Signature
    identifier: tuple[str, str] | None
    """The attribute that holds a post's id, and what stands before the number in it."""
    others: tuple["Shape", ...] = ()
    """Other kinds of post on the same page: comments below answers."""


def agrees(shape: Shape, other: Shape) -> bool:
    """Whether a second page of the same forum has the posts at the same places.

    Time, block and body must; an author or an id that one page did not show says nothing against.
    """
    same = shape.date == other.date and shape.block == other.block and shape.body == other.body
    author = shape.author is None or other.author is None or shape.author == other.author
    known = shape.identifier is None or other.identifier is None
    return same and author and (known or shape.identifier == other.identifier)


def blocks_at(shape: Shape, dates: list[Dated]) -> list[Block]:
    """The blocks of a page at the places of a shape, one a time; none where they do not stand."""
    family = [date for date in dates if is_like(place_of(date), shape.date)]
    holding = holding_of(family)
    tops: list[LexborNode] = []
    theirs: list[Dated] = []
    for date in family:
        top: LexborNode | None = date.node
        while top is not None and not is_like(place(top, BLOCK_LEVELS), shape.block):
            top = top.parent
        if top is not None and holding[top.mem_id] == 1:
            tops.append(top)
            theirs.append(date)
    return blocks_from(tops, theirs, holding)

"""What an open element hands down: its name, and the names of the elements around it. Pure."""

from crawlers.extract.marks import AREA_BITS, GROUP_BITS
from crawlers.words import Place

_NO_TEXT = frozenset({"noscript", "head", "title", "textarea", "object"})
STRUCK = frozenset({"s", "del", "strike"})
"""Elements whose words are struck out."""
_WITHIN = AREA_BITS["main"] | AREA_BITS["article"] | AREA_BITS["section"]
_FOOTER_NAME, _HEADER_NAME = GROUP_BITS["footer"], GROUP_BITS["header"]
_OF_A_PART = GROUP_BITS["card"] | GROUP_BITS["price"] | GROUP_BITS["product"]


class Style:
    """What an open element hands down that depends on the names of the elements around it alone.

    The same names around give the same style, so a list of a hundred cards makes one.
    ``own`` are the groups its own names speak of, ``near`` also those of the two around it,
    ``far`` those further out; ``ends``: it ends a run of text.
    """

    __slots__ = (
        "areas", "depth", "ends", "far", "hidden", "kids", "linked", "near", "outer_own", "own",
        "parent_own", "place", "silent", "struck", "tag", "watched",
    )  # fmt: skip

    def __init__(self) -> None:
        self.tag = "html"
        self.areas = self.own = self.parent_own = self.outer_own = self.near = self.far = 0
        self.depth = 0
        self.place: Place = "body"
        self.hidden = self.silent = self.struck = self.linked = self.watched = False
        self.ends = True
        self.kids: dict[tuple[str, int, bool], Style] = {}

    def kid(self, tag: str, own: int, *, hides: bool, inline: bool) -> "Style":
        """The style of an element that opens in this one."""
        made = Style()
        made.tag = self.tag if inline else tag
        made.areas = self.areas | AREA_BITS.get(tag, 0)
        made.own, made.parent_own, made.outer_own = own, self.own, self.parent_own
        made.near = own | self.own | self.parent_own
        made.far = self.far | self.outer_own
        made.depth = self.depth + 1
        made.place = _place(tag, own, self.areas) if self.place == "body" else self.place
        made.hidden = self.hidden or hides
        made.silent = self.silent or tag in _NO_TEXT
        made.struck = self.struck or tag in STRUCK
        made.linked = self.linked or tag == "a"
        made.watched = made.struck or made.linked
        made.ends = not inline
        self.kids[tag, own, hides] = made
        return made


def _place(tag: str, own: int, areas: int) -> Place:
    """The part of the page an element opens, given the areas around it."""
    if tag == "head":
        return "head"
    if areas & _WITHIN or tag in ("body", "main", "article", "section"):
        return "body"
    if own & _OF_A_PART and tag not in ("header", "footer", "nav"):
        return "body"  # "card-header", "plan-footer": parts of a card, not of the page
    if tag == "footer" or own & _FOOTER_NAME:
        return "footer"
    if tag in ("header", "nav") or own & _HEADER_NAME:
        return "header"
    return "body"

"""A page of a source as its readers see it: links that may be entries, parts of the page by number.

Holders are the elements of :class:`crawlers.extract.outline.Outline`, numbered in the order they
open; the part below one is the run of numbers up to its end.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawlers.document import Document
from crawlers.extract.head import Head, head_of, tidy
from crawlers.extract.listing.names import is_list_title
from crawlers.extract.marks import AREA_BITS, GROUP_BITS
from crawlers.extract.outline import Anchor, Block, Outline
from crawlers.extract.walk import outline_of

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NEAR = (
    GROUP_BITS["share"] | GROUP_BITS["comment"] | GROUP_BITS["consent"] | GROUP_BITS["news"]
    | GROUP_BITS["nav"] | GROUP_BITS["advert"] | GROUP_BITS["popup"]
)  # fmt: skip
_FAR = GROUP_BITS["comment"] | GROUP_BITS["side"] | GROUP_BITS["advert"] | GROUP_BITS["consent"]
_AREAS = AREA_BITS["nav"] | AREA_BITS["aside"] | AREA_BITS["select"]
_MOST_ANCHORS = 4_000
_MOST_BLOCKS = 12_000
_LONGEST_QUOTE = 240
_CARD_TEXT = 2_500  # characters; what is longer is no card of a list


@dataclass(slots=True)
class ListPage:
    """The outline of a page with what its readers look up again and again.

    ``anchors`` are the links of the body that are no navigation, in order; ``blocks`` the body's
    text, in order of the holders it stands in; ``listed``: the title is that of a list;
    ``plainly``: and could not be a company's own.
    """

    url: str
    outline: Outline
    head: Head
    anchors: list[Anchor]
    blocks: list[Block]
    title: str
    heading: str
    listed: bool
    plainly: bool
    holders: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    """Numbers among ``blocks`` of the headings below the first level."""

    def within(self, holder: int) -> range:
        """The numbers of the blocks below a holder."""
        start = bisect_left(self.holders, holder)
        return range(start, bisect_right(self.holders, self.outline.ends[holder]))

    def text_of(self, numbers: Sequence[int], limit: int = _LONGEST_QUOTE) -> str:
        """The words of blocks on one line, cut at a blank."""
        pieces: list[str] = []
        size = 0
        for number in numbers:
            pieces.append(self.blocks[number].text[: limit + 1])
            size += len(pieces[-1])
            if size > limit:
                break
        return cut(" · ".join(pieces), limit)

    def size_of(self, numbers: range) -> int:
        """Characters of blocks; stops counting where they are no card any more."""
        size = 0
        for number in numbers:
            size += len(self.blocks[number].text)
            if size > _CARD_TEXT:
                break
        return size

    def block_around(self, holder: int) -> int | None:
        """The number of the block whose words a holder's are a part of."""
        for _ in range(8):
            at = bisect_left(self.holders, holder)
            if at < len(self.holders) and self.holders[at] == holder:
                return at
            if not holder:
                return None
            holder = self.outline.above[holder]
        return None

    def heading_before(self, number: int) -> int | None:
        """The number of the heading a block stands under."""
        at = bisect_right(self.headings, number) - 1
        return self.headings[at] if at >= 0 else None

    def section_of(self, heading: int) -> range:
        """The numbers of the blocks between a heading and the next of its level or above."""
        level = self.blocks[heading].tag
        at = bisect_right(self.headings, heading)
        end = len(self.blocks)
        for later in self.headings[at:]:
            if self.blocks[later].tag <= level:
                end = later
                break
        return range(heading, end)

    def is_card(self, numbers: range) -> bool:
        """Whether blocks hold no more than an entry of a list does."""
        return len(numbers) <= 60 and self.size_of(numbers) <= _CARD_TEXT


def cut(text: str, limit: int) -> str:
    """A text of at most so many characters."""
    text = tidy(text, limit + 1)
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def list_page(document: Document) -> ListPage:
    """Prepare a page for its readers. One walk; bounded."""
    outline = outline_of(document)
    head = head_of(document, outline)
    blocks = [
        block for block in outline.blocks
        if block.place == "body" and not block.hidden and not block.areas & _AREAS
    ][:_MOST_BLOCKS]  # fmt: skip
    blocks.sort(key=lambda block: block.holder)
    common = _common(blocks)
    heading = next((block.text for block in outline.blocks if block.tag == "h1"), "")
    listed = is_list_title(head.title) or is_list_title(heading)
    anchors = [
        anchor for anchor in outline.anchors
        if anchor.url is not None and anchor.place == "body" and not anchor.areas & _AREAS
        and not (anchor.near & _NEAR | anchor.far & _FAR) & ~common
    ][:_MOST_ANCHORS]  # fmt: skip
    return ListPage(
        url=document.url,
        outline=outline,
        head=head,
        anchors=anchors,
        blocks=blocks,
        title=head.title or tidy(heading, 300),
        heading=tidy(heading, 300),
        listed=listed,
        plainly=any(is_list_title(text, anywhere=True) for text in (head.title, heading)),
        holders=[block.holder for block in blocks],
        headings=[n for n, b in enumerate(blocks) if b.tag in HEADINGS and b.tag != "h1"],
    )


def _common(blocks: Sequence[Block]) -> int:
    """Groups that name half the page or more: the class of its body, and no part of it."""
    counts: Counter[int] = Counter()
    for block in blocks:
        bits = (block.near | block.far) & (_NEAR | _FAR)
        while bits:
            bit = bits & -bits
            counts[bit] += 1
            bits -= bit
    return sum(bit for bit, count in counts.items() if 2 * count >= len(blocks))

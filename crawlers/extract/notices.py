"""Notices above a page's own words: bars and lines that promise something for a while. Pure."""

import re
from collections.abc import Collection

from crawlers.extract.outline import Outline

_SHORTEST, _LONGEST = 8, 200  # characters
_FIRST = 120  # blocks looked at: what stands at the top
_MOST = 10
# Folded words of which one stands in any promise; what it promises is read elsewhere.
_PROMISES = re.compile(
    r"\d ?%|\b(?:free|sale|deals?|discount|coupon|code|off|save|gift|bogo|black friday"
    r"|mien phi|giam|tang|khuyen mai|uu dai|freeship|qua tang)\b"
    r"|[折减送赠惠]|包邮|免费|免运|促销|特价|清仓"
)
_NAMED_BARS = frozenset({"div", "p", "section", "aside", "header", "li", "a", "strong", "h2", "h3"})


def notices_of(outline: Outline, own: Collection[str]) -> tuple[str, ...]:
    """Short lines from the top of a page that promise something, as they stand, each once.

    :param own: the lines of the main text, which are read without this.
    """
    heading = next((at for at, block in enumerate(outline.blocks) if block.tag == "h1"), None)
    folded = outline.folded.joined.split("\n")
    found: dict[str, None] = {}
    for at, block in enumerate(outline.blocks[:_FIRST]):
        above = block.place == "header" or (heading is not None and at < heading)
        fits = _SHORTEST <= len(block.text) <= _LONGEST and block.tag in _NAMED_BARS
        if above and fits and block.text not in own and _PROMISES.search(folded[at]):
            found.setdefault(block.text)
    return tuple(found)[:_MOST]

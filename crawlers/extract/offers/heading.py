"""Where a product's part of its page begins, and where that of other products does."""

import re

from crawlers.extract.offers.words import offer_words
from crawlers.extract.outline import Block, Outline
from crawlers.folding import fold


def heading_of(outline: Outline, title: str) -> int:
    """The block that names the page's subject: of the ``h1`` the one that shares most words with
    the title, else the first other block that repeats the title's start; -1 where there is none.
    """
    wanted = set(re.findall(r"\w+", title.lower()))
    begins = title[:8]
    best = (0.0, -1)
    for at, block in enumerate(outline.blocks[:2_000]):
        text = block.text
        if block.tag != "h1" and not (
            text[:8] == begins and 8 <= len(text) <= 250 and title.startswith(text[:60])
        ):
            continue
        words = set(re.findall(r"\w+", text.lower()[:300]))
        share = len(words & wanted) / (len(words) + 3) if words else 0.0
        score = share + (0.3 if block.tag == "h1" else 0.0)
        if score > best[0]:
            best = (score, at)
    return best[1]


def others_from(blocks: list[Block], start: int) -> int:
    """The first block after the heading that says that other products follow."""
    words = offer_words()["others"]
    for at in range(start + 1, len(blocks)):
        text = blocks[at].text
        if len(text) <= 40 and fold(text).strip(" :.!?-»") in words:
            return at
    return len(blocks)

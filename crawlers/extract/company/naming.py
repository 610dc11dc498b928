"""Which part of a title is the company's name: the one its domain or its frame repeats. Pure."""

import re

from crawlers.extract.addresses import host_in
from crawlers.extract.outline import Outline
from crawlers.folding import fold
from crawlers.urls import registrable_domain

_RIGHTS = re.compile(
    r"©|\(c\)|copyright|all rights reserved|ban quyen|版权|著作权|\binc\b|\bltd\b|\bllc\b|\bgmbh\b"
    r"|cong ty|有限公司|公司名称"
)
"""Folded words of a footer's line that names whose site it is."""
_SIGN = re.compile(r"©|copyright")
_NO_LETTERS = re.compile(r"[\W_]+")
_LAST = 80  # blocks from the end in which a footer's line is looked for
_MOST_IMAGES = 40


def owned_piece(pieces: list[str], outline: Outline, url: str) -> str | None:
    """The part of a title that is the site's own name; ``None`` where nothing tells.

    The one that equals the domain's name, else the shortest that the footer's line of rights or a
    header image's alt text holds.

    :param pieces: the parts of the title, none empty. :param url: the page's.
    """
    domain = _plain(registrable_domain(host_in(url)).partition(".")[0])
    for piece in pieces:
        if domain and _plain(piece) == domain:
            return piece
    frame = []
    for block in outline.blocks[-_LAST:]:
        if len(block.text) <= 300:
            line = fold(block.text)
            if (_RIGHTS if block.place == "footer" else _SIGN).search(line):
                frame.append(line)
    for source, place, alt in outline.images[:_MOST_IMAGES]:
        # Menus show pictures of what is sold: a logo says that it is one.
        if place == "header" and alt and "logo" in f"{source[-200:]} {alt[:120]}".lower():
            frame.append(fold(alt[:120]))
    held = [
        piece
        for piece in pieces
        if len(_plain(piece)) >= 2 and any(_holds(line, fold(piece)) for line in frame)
    ]
    return min(held, key=len) if held else None


def _holds(line: str, name: str) -> bool:
    """Whether a line holds a name, not as part of a longer Latin word."""
    edge = r"(?<![a-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    last = r"(?![a-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return re.search(edge + re.escape(name) + last, line) is not None


def _plain(text: str) -> str:
    return _NO_LETTERS.sub("", fold(text))

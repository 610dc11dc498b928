"""A text as the pieces a name is made of: words, single Han characters, signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_PIECE = re.compile(
    rf"[{_HAN}]"
    r"|[^\W_\u3400-\u9fff\uf900-\ufaff](?:[^\W\u3400-\u9fff\uf900-\ufaff]|[\u0300-\u036f]"
    r"|[.&'’-](?=[^\W_\u3400-\u9fff\uf900-\ufaff])){0,39}"
    r"|[^\w\s]"
)
LONGEST_LINE = 600
"""Characters of a line that are read at once; a longer one is cut."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: its words as typed and where they stand in it."""

    text: str
    start: int
    end: int


def lines(text: str) -> Iterator[str]:
    """The lines of a text, none empty, none longer than :data:`LONGEST_LINE`."""
    for line in re.split(r"[\r\n]+", text):
        for at in range(0, len(line), LONGEST_LINE):
            if (part := line[at : at + LONGEST_LINE]).strip():
                yield part


def pieces(line: str) -> list[Piece]:
    """The pieces of a line in order; white space is left out."""
    return [Piece(m[0], m.start(), m.end()) for m in _PIECE.finditer(line)]


def is_han(piece: str) -> bool:
    """Whether a piece is a Han character."""
    return len(piece) == 1 and ("\u3400" <= piece <= "\u9fff" or "\uf900" <= piece <= "\ufaff")

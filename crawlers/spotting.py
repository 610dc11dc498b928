"""Finding many phrases in many lines with one scan.

A page is read for a thousand phrases: trades, promises, prices, accounts. Each alone is a plain
search of the whole text; together they are one automaton (Aho and Corasick, 1975) that reads the
text once, however many there are. Patterns are then tried on the few lines that hold their words.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from ahocorasick_rs import AhoCorasick, Implementation


class Lines:
    """The lines of a page, joined in the spelling in which phrases are looked for.

    :param lines: as they stand, on one line each.
    :param spelled: the same joined by line breaks, in that spelling: lengths may differ, the
        number of lines may not.
    """

    def __init__(self, lines: list[str], spelled: str) -> None:
        self.lines = lines
        self.joined = spelled
        parts = spelled.split("\n")
        self.starts = [0, *accumulate(len(part) + 1 for part in parts)][:-1]

    def line_at(self, offset: int) -> int:
        """The number of the line in which an offset of ``joined`` lies."""
        return bisect_right(self.starts, offset) - 1


class Phrasebook:
    """Phrases, in the spelling of the text they are looked for in.

    :param phrases: distinct, none empty. :raises ValueError: for an empty one.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(phrases)
        self._automaton = AhoCorasick(self.phrases, implementation=Implementation.DFA)

    def spot(self, text: str) -> list[tuple[int, int, int]]:
        """(number of the phrase, start, end) of every place where one stands, overlaps too.

        Parts of longer words are found as well: see :func:`stands_alone`.
        """
        try:
            return self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:  # half a character, as JSON may hold; the length stays
            text = text.encode("utf-8", "replace").decode("utf-8")
            return self._automaton.find_matches_as_indexes(text, overlapping=True)


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether Latin letters at the edges of a place are the edges of words.

    ``line id`` is not in ``online identity``; Chinese has no such edges.
    """
    return not (
        (_latin(text[start : start + 1]) and _latin(text[start - 1 : start]))
        or (_latin(text[end - 1 : end]) and _latin(text[end : end + 1]))
    )


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()

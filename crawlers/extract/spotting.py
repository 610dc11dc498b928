"""Finding many phrases in many lines at the cost of a few scans.

A plain search of one text for one literal is far cheaper than a pattern tried on every line, so
the lines are joined once, each literal is looked for in the whole, and only lines that hold one
are read closer.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate


class Lines:
    """Lines of a page, joined in the spelling in which phrases are looked for.

    :param spell: what makes spellings alike: ``str.lower`` or ``fold``; may not add line breaks.
    """

    def __init__(self, lines: Iterable[str], spell: Callable[[str], str] = str.lower) -> None:
        self.lines = list(lines)
        spelled = [spell(line).replace("\n", " ") for line in self.lines]
        self.joined = "\n".join(spelled)
        self.starts = [0, *accumulate(len(line) + 1 for line in spelled)][:-1]

    def having(self, literal: str, most: int = 200) -> Iterator[tuple[int, int]]:
        """(line number, offset in the spelled line) of the first place of a literal per line."""
        at = self.joined.find(literal)
        while at >= 0 and most > 0:
            line = bisect_right(self.starts, at) - 1
            yield line, at - self.starts[line]
            most -= 1
            if line + 1 >= len(self.starts):
                return
            at = self.joined.find(literal, self.starts[line + 1])

"""Names of a first reading, sought in all lines: what is plain once helps where it is not."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from pipelines.discovery.matching import fold_name, key_of
from pipelines.discovery.pieces import Piece, is_han
from pipelines.discovery.wordlists import simplified

_HAN = re.compile(r"[\u3400-\u9fff]")
_LONGEST = 5  # pieces of a name in Latin letters
_LONGEST_TEXT = 44  # characters
_MUCH_MORE = 2.0
LEAST_SUPPORT = 0.3
"""The sum of chances from which a name of the first reading is sought elsewhere."""

Row = list[str]


@dataclass(frozen=True, slots=True)
class Span:
    """A name that was read: the first and the past-the-last piece, the chance that it is one, and
    the share of that chance which goes to rivals. Both 0..1.
    """

    first: int
    end: int
    name: float
    rival: float


@dataclass(slots=True)
class _Support:
    chance: float = 0.0
    rival: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line with its pieces, their features and the names read in it."""

    text: str
    found: Sequence[Piece]
    rows: Sequence[Row]
    spans: Sequence[Span]

    def key(self, first: int, end: int) -> str:
        """The key of the pieces from ``first`` to ``end``."""
        return key_of(self.text[self.found[first].start : self.found[end - 1].end])


class Recurring:
    """The names of a market's first reading."""

    def __init__(self, read: Iterable[ReadLine]) -> None:
        lines = list(read)
        self._support: dict[str, _Support] = defaultdict(_Support)
        for line in lines:
            for span in line.spans:
                key = line.key(span.first, span.end)
                if len(key) > 1:
                    self._support[key].chance += span.name
                    self._support[key].rival += span.name * span.rival
        keep = [key for key, one in self._support.items() if one.chance >= LEAST_SUPPORT]
        self._latin = frozenset(key for key in keep if not _HAN.search(key))
        self._openings = frozenset(key[:2] for key in self._latin) | {
            key[:1] for key in self._latin
        }
        self._han = sorted(key for key in keep if _HAN.search(key))
        self._finder = ahocorasick_rs.AhoCorasick(self._han) if self._han else None
        self._times = Counter(
            key for line in lines for _, _, key in self.matches(line.text, line.found)
        )

    def matches(self, text: str, found: Sequence[Piece]) -> Iterator[tuple[int, int, str]]:
        """Where a known name stands in a line: first piece, past-the-last piece, key."""
        size = len(found)
        for first in range(size):
            opening = found[first].text
            if is_han(opening) or not opening[0].isalnum():
                continue
            if key_of(opening)[:2] not in self._openings:
                continue
            for end in range(first + 1, min(size, first + _LONGEST) + 1):
                start, stop = found[first].start, found[end - 1].end
                if is_han(found[end - 1].text) or stop - start > _LONGEST_TEXT:
                    break
                key = key_of(text[start:stop])
                if key in self._latin:
                    yield first, end, key
        if self._finder is None or not _HAN.search(text):
            return
        plain = fold_name(simplified(text))
        if len(plain) != len(text):
            return
        starts = {piece.start: at for at, piece in enumerate(found)}
        ends = {piece.end: at + 1 for at, piece in enumerate(found)}
        for number, start, stop in self._finder.find_matches_as_indexes(plain, overlapping=True):
            if start in starts and stop in ends:
                yield starts[start], ends[stop], self._han[number]

    def settled(self, line: ReadLine) -> list[Span]:
        """The spans of a line, each without the word before or behind it that is none of the name:
        the shorter form stands much more often in other lines.
        """
        return [self._settled(line, span) for span in line.spans]

    def _settled(self, line: ReadLine, span: Span) -> Span:
        chance = self._chance(line, span.first, span.end)
        best = span
        for first, end in ((span.first + 1, span.end), (span.first, span.end - 1)):
            if first < end and self._chance(line, first, end) > _MUCH_MORE * chance:
                best = Span(first, end, span.name, span.rival)
                chance = self._chance(line, first, end) / _MUCH_MORE
        return best

    def _chance(self, line: ReadLine, first: int, end: int) -> float:
        key = line.key(first, end)
        one = self._support.get(key) if len(key) > 1 else None
        return one.chance if one else 0.0

    def rows(self, line: ReadLine) -> list[Row]:
        """The line's features, and what other lines say of the names that stand in it."""
        rows = [list(row) for row in line.rows]
        here: Mapping[tuple[int, int], Span] = {(s.first, s.end): s for s in line.spans}
        for first, end, key in self.matches(line.text, line.found):
            one = self._support[key]
            mine = here.get((first, end))
            rest = one.chance - (mine.name if mine else 0.0)
            band = _band(rest)
            if band == 0:
                continue
            share = round(3 * rest / max(1, self._times[key] - 1))
            rival = round(2 * one.rival / max(1e-6, one.chance))
            for at in range(first, end):
                where = "B" if at == first else "I"
                make = next((f for f in line.rows[at] if f.startswith(("s=", "k="))), "")
                rows[at] += [
                    f"lx={where}|{band}", f"lx={where}|{band}|{share}",
                    f"lxr={where}|{rival}|{share}", f"lxs={where}|{min(4, end - first)}|{share}",
                    f"lxp={where}|{share}|{make}",
                ]  # fmt: skip
            if end < len(rows):
                rows[end].append(f"lx>|{band}|{share}")
        return rows


def _band(support: float) -> int:
    return sum(support >= least for least in (0.3, 0.8, 1.8, 4.0))

"""What recurs in a market's talk: words used there far more than elsewhere, runs of Han characters.

A name that no capital shows still shows by coming back: the same characters, in other posts, with
other words around them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log10

from crawlers.folding import fold
from pipelines.discovery.pieces import is_han, lines, pieces
from pipelines.discovery.wordlists import (
    chinese_band,
    english_share,
    simplified,
    vietnamese_share,
)

_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_LONGEST = 6
_MOST_RUNS = 400_000


class Market:
    """Counts over all threads of a market. ``texts`` comes by thread."""

    def __init__(self, threads: Iterable[Sequence[str]]) -> None:
        self._threads: Counter[str] = Counter()
        self._capital: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        self._size = 0
        runs: Counter[str] = Counter()
        posts: Counter[str] = Counter()
        for texts in threads:
            told: set[str] = set()
            for text in texts:
                seen: set[str] = set()
                for line in lines(text):
                    begins = True
                    for piece in pieces(line):
                        if piece.text[0].isalnum() and not is_han(piece.text):
                            folded = fold(piece.text)
                            self._words[folded] += 1
                            self._size += 1
                            told.add(folded)
                            self._capital[folded] += piece.text[0].isupper() and not begins
                        begins = not (piece.text[0].isalnum() or piece.text in ",、，&'\"")
                    for match in _RUN.finditer(simplified(line)):
                        for at in range(len(match[0])):
                            for end in range(at + 2, min(at + _LONGEST, len(match[0])) + 1):
                                run = match[0][at:end]
                                runs[run] += 1
                                seen.add(run)
                posts.update(seen)
                if len(runs) > _MOST_RUNS:
                    runs = Counter({run: n for run, n in runs.items() if n > 1})
            self._threads.update(told)
        self._runs = {run: n for run, n in runs.items() if n > 1 and posts[run] > 1}
        self._closed = self._closed_runs()

    def _closed_runs(self) -> dict[str, int]:
        """Those that no longer run always continues."""
        longer: Counter[str] = Counter()
        for run, number in self._runs.items():
            if len(run) > 2:
                for part in (run[1:], run[:-1]):
                    longer[part] = max(longer[part], number)
        return {run: n for run, n in self._runs.items() if longer[run] < n}

    def word(self, folded: str) -> str:
        """How a word stands in this market: how often, how much more than elsewhere, capitals."""
        times = self._words.get(folded, 0)
        if times < 2:
            return "1"
        usual = max(english_share(folded), vietnamese_share(folded), 1e-7)
        more = round(log10(times / self._size / usual))
        capital = self._capital[folded] * 3 // times
        return f"{min(self._threads[folded], 3)}|{max(0, min(more, 4))}|{capital}"

    def runs(self, texts: Sequence[str]) -> list[list[str]]:
        """For each piece of a line: where it stands in runs that recur, and how these look."""
        size = len(texts)
        rows: list[list[str]] = [[] for _ in range(size)]
        for at in range(size):
            if not is_han(texts[at]):
                continue
            for end in range(at + 2, min(at + _LONGEST, size) + 1):
                if not is_han(texts[end - 1]):
                    break
                run = "".join(texts[at:end])
                if (times := self._closed.get(run)) is None:
                    continue
                look = f"{min(times, 4)}|{end - at}|{min(chinese_band(run), 4)}"
                for place in range(at, end):
                    where = "B" if place == at else "E" if place == end - 1 else "M"
                    rows[place] += [f"run={where}|{look}", f"run={where}|{end - at}"]
                if at > 0:
                    rows[at - 1].append(f"run>|{look}")
                if end < size:
                    rows[end].append(f"run<|{look}")
        return rows

"""Rows told by words: every word of the table looked for in one scan of the text. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator

from crawlers.spotting import Phrasebook
from pipelines.channels.rows import Rule

PART = "\x1e"  # the record separator: no page's text or script holds it for a reason
_TRIES = 4  # places where a word's pattern is tried
_BEFORE, _AFTER = 60, 160  # characters around a word within which its pattern must hold


class Wordbook:
    """Words and the rows they belong to; a word may belong to several."""

    def __init__(self, words: Iterable[tuple[str, Rule]]) -> None:
        rows: dict[str, list[Rule]] = {}
        for word, rule in words:
            rows.setdefault(word, []).append(rule)
        self._rows = tuple(tuple(rules) for rules in rows.values())
        self._book = Phrasebook(rows)

    def matches(self, text: str, searched: str) -> Iterator[tuple[Rule, str]]:
        """Rows whose word stands in the text and whose pattern holds around it, with the quote.

        :param text: may be several parts joined by :data:`PART`: no pattern reaches across.
        :param searched: the same in the spelling of the words (lower case, or as it is).
        :returns: each row once.
        """
        if len(searched) != len(text):  # a letter that grows in lower case shifts every offset
            text = searched
        done: set[str] = set()
        tries: Counter[tuple[int, str]] = Counter()
        for which, start, end in self._book.spot(searched):
            for rule in self._rows[which]:
                if rule.id in done or tries[which, rule.id] >= _TRIES:
                    continue
                tries[which, rule.id] += 1
                quote = _quote_at(text, start, end, rule)
                if quote is not None:
                    done.add(rule.id)
                    yield rule, quote


def _quote_at(text: str, at: int, end: int, rule: Rule) -> str | None:
    start = max(0, at - _BEFORE)
    start = max(start, text.rfind(PART, start, at) + 1)
    stop = text.find(PART, end, at + _AFTER)
    around = text[start : stop if stop >= 0 else at + _AFTER]
    begins, ends = at - start, end - start
    if rule.pattern is None:
        before, after = around[begins - 1 : begins] if begins else "", around[ends : ends + 1]
        if around[begins:ends].isascii() and (
            (around[begins].isalnum() and before.isalnum())
            or (around[ends - 1].isalnum() and after.isalnum())
        ):
            return None
    else:
        match = rule.pattern.search(around)
        if match is None:
            return None
        begins, ends = match.span()
    begins = max(around.rfind("\n", 0, begins) + 1, begins - 20, 0)
    end_of_line = around.find("\n", ends)
    ends = max(ends, min(end_of_line if end_of_line >= 0 else len(around), begins + 120))
    return around[begins:ends]

"""The words around offers (``offers/words.toml``), folded, and how they are looked for."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from crawlers.folding import fold
from crawlers.spotting import Phrasebook


@lru_cache(maxsize=1)
def offer_words() -> Mapping[str, frozenset[str]]:
    """The word lists of ``offers/words.toml``, folded, all languages together."""
    source = files("crawlers.extract").joinpath("offers/words.toml").read_text("utf-8")
    return {
        name: frozenset(fold(word) for words in languages.values() for word in words)
        for name, languages in tomllib.loads(source).items()
    }


class Words:
    """A group of folded words; those of Latin letters are found as whole words only."""

    def __init__(self, words: frozenset[str]) -> None:
        self._book = Phrasebook(sorted(words))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in a folded text, longest first of those that overlap."""
        found: list[tuple[int, int]] = []
        spots = self._book.spot(text)
        if not spots:
            return found
        last = 0
        for start, minus in sorted((start, -end) for _, start, end in spots):
            if start >= last and _whole(text, start, -minus):
                found.append((start, -minus))
                last = -minus
        return found

    def within(self, text: str) -> bool:
        """Whether a word of the group stands in a folded text."""
        return any(_whole(text, start, end) for _, start, end in self._book.spot(text))

    def without(self, text: str) -> str:
        """A folded text with a space in place of every word of the group."""
        spans = self.spans(text)
        if not spans:
            return text
        kept, at = [], 0
        for start, end in spans:
            kept.append(text[at:start])
            at = end
        return " ".join([*kept, text[at:]])


@lru_cache(maxsize=32)
def words_of(group: str) -> Words:
    """The words of a group of ``offers/words.toml``."""
    return Words(offer_words()[group])


def _whole(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if start and first.isascii() and first.isalnum() and _letter(text[start - 1]):
        return False
    return not (end < len(text) and last.isascii() and last.isalnum() and _letter(text[end]))


def _letter(char: str) -> bool:
    return "a" <= char <= "z"

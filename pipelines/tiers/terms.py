"""Words with their place in the text, and tables of phrases to find among them. Pure.

A token keeps where it stands, so that whatever a rule finds can be quoted as it was written,
though it was sought folded: without accents, in simplified characters, without an English plural.
Each Han character is a token of its own; no segmenter is needed to find a phrase of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from crawlers.folding import fold

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]|(?:[^\W_{_HAN}]|[\u0300-\u036f])+")
_LONGEST_WORD = 40  # characters: what is longer is a key or an address, not a word
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？；\n\r]|\s[|•·–—]\s")

Label = TypeVar("Label")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a Han character: folded and without plural, and its place in the original."""

    word: str
    start: int
    end: int


def tokens(text: str, *, limit: int = 4_000) -> tuple[Token, ...]:
    """The words of a text in order, at most ``limit`` of them."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if end - start <= _LONGEST_WORD:
            found.append(Token(_folded(match.group()), start, end))
            if len(found) >= limit:
                break
    return tuple(found)


def is_han(word: str) -> bool:
    """Whether a token is a Han character."""
    return len(word) == 1 and ("\u3400" <= word <= "\u9fff" or "\uf900" <= word <= "\ufaff")


@lru_cache(maxsize=200_000)
def _folded(word: str) -> str:
    return _singular(fold(word))


def _singular(word: str) -> str:
    """An English plural without its ending; the same rule for terms and texts, so that it may
    err as long as it errs alike. Vietnamese syllables never end in s.
    """
    if len(word) < 4 or not word.endswith("s") or not word.isascii():
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


@dataclass(frozen=True, slots=True)
class Hit(Generic[Label]):
    """A phrase found: its labels, and the first and the past-the-last token."""

    labels: tuple[Label, ...]
    first: int
    end: int


class PhraseTable(Generic[Label]):
    """Phrases, each with the labels it stands for; the longest phrase at a place wins.

    :param phrases: written phrases and a label; one phrase may come with several labels.
    """

    def __init__(self, phrases: Iterable[tuple[str, Label]]) -> None:
        self._root: dict[str, Any] = {}
        for phrase, label in phrases:
            node = self._root
            for token in tokens(phrase):
                node = node.setdefault(token.word, {})
            if node is not self._root and label not in (labels := node.get("", ())):
                node[""] = (*labels, label)

    def find(self, words: Sequence[str], *, nested: bool = False) -> Iterator[Hit[Label]]:
        """The phrases among words, left to right, none inside another unless ``nested``."""
        at, size, root = 0, len(words), self._root
        while at < size:
            node = root.get(words[at])
            if node is None:
                at += 1
                continue
            best, past, step = None, at + 1, at + 1
            while True:
                if "" in node:
                    best, past = node[""], step
                if step >= size or (node := node.get(words[step])) is None:
                    break
                step += 1
            if best is not None:
                yield Hit(best, at, past)
            at = past if best is not None and not nested else at + 1


def listed(terms: str) -> list[str]:
    """The phrases of a comma-separated row of a rule file."""
    return [term for part in terms.split(",") if (term := part.strip())]


def strengths(counts: Mapping[Label, float]) -> dict[Label, float]:
    """Weights divided by their length, so that the sum of products of two is their cosine."""
    length = sum(value * value for value in counts.values()) ** 0.5
    return {key: value / length for key, value in counts.items()} if length else {}


def overlap(one: Mapping[Label, float], other: Mapping[Label, float]) -> float:
    """The sum of products of what two weighted sets share."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[key] for key, weight in one.items() if key in other)


def sentence_around(text: str, start: int, end: int, *, longest: int = 180) -> tuple[int, int]:
    """The bounds of the sentence that holds a stretch, cut near it to ``longest`` characters."""
    low = max(0, start - longest)
    begin = low
    for match in _SENTENCE_END.finditer(text, low, start):
        begin = match.end()
    ending = _SENTENCE_END.search(text, end, min(len(text), end + longest))
    stop = ending.start() if ending else min(len(text), end + longest)
    if stop - begin > longest:
        spare = max(0, longest - (end - start)) // 2
        begin = _word_edge(text, max(begin, start - spare), start)
        stop = min(stop, end + spare)
        while stop > end and stop < len(text) and text[stop].isalnum() and text[stop].isascii():
            stop -= 1
    return begin, stop


def _word_edge(text: str, begin: int, start: int) -> int:
    while 0 < begin < start and text[begin - 1].isalnum() and text[begin - 1].isascii():
        begin += 1
    return begin


def quote(text: str, start: int, end: int) -> str:
    """The sentence around a stretch, as it stands in the text."""
    begin, stop = sentence_around(text, start, end)
    return text[begin:stop].strip()


_ENDINGS = (
    "ization", "ational", "ation", "ments", "ment", "ings", "ing", "ers", "er", "ors", "or", "ies",
    "ed", "al", "ive", "ly", "ion", "e", "y",
)  # fmt: skip


@lru_cache(maxsize=200_000)
def stem_of(word: str) -> str:
    """A word without the commonest English endings; other languages pass unchanged."""
    if len(word) < 6 or not word.isascii():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word

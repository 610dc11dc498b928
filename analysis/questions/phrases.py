"""Phrases as they are compared: keywords of pages, words of the market file, names of companies."""

import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from analysis.questions.columns import texts_in
from crawlers.extract.search.keywords import spaced

_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_TOKEN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\s\u3400-\u9fff\uf900-\ufaff]+")
_SMALL: Final = frozenset({"of", "for", "and", "in", "to", "the", "a", "with"})
_LONGEST: Final = 6  # words, characters in Chinese


def key_of(text: str) -> str:
    """A text as it is compared: folded, Han characters apart, English without the plural's s."""
    return " ".join(singular(word) for word in spaced(text).split())


@lru_cache(maxsize=65_536)
def singular(word: str) -> str:
    """A folded word without the s of an English plural."""
    plural = len(word) > 3 and word.endswith("s") and word.isascii()
    return word[:-1] if plural and not word.endswith(("ss", "us", "is")) else word


def parts_of(folded: str, phrase: str, *, whole: bool = False) -> Iterator[tuple[str, str]]:
    """A keyword and its parts of two words (characters) and more: (key, as written).

    :param folded: the keyword's one spelling. :param phrase: as the page writes it.
    :param whole: leave the parts out.
    """
    words = [singular(word) for word in folded.split(" ")]
    written = _TOKEN.findall(phrase)
    if len(written) != len(words):
        written = words
    size = len(words)
    yield " ".join(words), phrase
    if whole:
        return
    for length in range(2, min(size - 1, _LONGEST) + 1):
        for start in range(size - length + 1):
            part = words[start : start + length]
            if part[0] not in _SMALL and part[-1] not in _SMALL:
                yield " ".join(part), _joined(written[start : start + length])


def accented(written: str) -> str:
    """A phrase with its accents, in small letters; ``""`` where it has none to tell it by.

    Folded, Vietnamese words that differ in tone are alike; what is written with accents says which
    of them is meant. Chinese has none: its spellings are one word.
    """
    if written.isascii() or _HAN.search(written):
        return ""
    return written.lower()


def is_han(key: str) -> bool:
    """Whether a key is made of Han characters only."""
    return all(len(word) == 1 and _HAN.match(word) for word in key.split())


def brand_keys(conn: sqlite3.Connection) -> list[str]:
    """Names of all companies of the market, ours too, as keys."""
    names: set[str] = set()
    for name, aliases, title in conn.execute(
        "SELECT c.name, c.aliases_json, m.name FROM competitors c "
        "LEFT JOIN companies m ON m.competitor = c.id"
    ):
        names |= {key_of(text) for text in (name, title or "", *texts_in(aliases))}
    return sorted(names - {""})


def names_a_brand(key: str, brands: list[str]) -> bool:
    """Whether a keyword holds a company's name, or is a part of one."""
    padded = f" {key} "
    return any(f" {brand} " in padded or padded in f" {brand} " for brand in brands)


def texts_of(value: object) -> list[str]:
    """The texts of a value of the market file that is one text, a list of them, or missing."""
    if isinstance(value, str):
        return [value]
    return [str(part) for part in value] if isinstance(value, list) else []


def _joined(words: list[str]) -> str:
    if not any(map(_HAN.match, words)):
        return " ".join(words)
    text = words[0]
    for before, word in pairwise(words):
        text += word if _HAN.match(before) and _HAN.match(word) else f" {word}"
    return text

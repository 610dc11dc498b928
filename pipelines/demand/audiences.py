"""Whom a company's page speaks to: the segments its words name.

The same segments into which authors are sorted by what they say of themselves
(:mod:`pipelines.demand.author`), found by other words: a page says "for small shops", nobody says
"I run a small shop" on it. The words are in ``segments.toml``.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from crawlers.spotting import Phrasebook
from pipelines.demand.folded import Folded

LONGEST_TEXT = 20_000
"""Characters of a page that are read."""

_HAN = re.compile(r"[\u3400-\u9fff]")


def segments_in(text: str) -> dict[str, str]:
    """The segments a page's text names, in whatever language: id -> the first words, as written.

    Words are whole words; Chinese ones strings of characters, traditional folded to simplified.
    Vietnamese is looked for as written with accents: sites write it so.
    """
    folded = Folded(text[:LONGEST_TEXT])
    book, segments, patterns = _book()
    places: dict[str, set[int]] = {}
    for number, start, _ in book.spot(folded.text):  # one scan, however many words are listed
        for segment in segments[number]:
            places.setdefault(segment, set()).add(start)
    found: dict[str, str] = {}
    for segment in sorted(places, key=list(patterns).index):
        for start in sorted(places[segment]):
            if hit := patterns[segment].match(folded.text, start):
                found[segment] = folded.quote(hit.start(), hit.end())
                break
    return found


@cache
def _book() -> tuple[Phrasebook, tuple[set[str], ...], dict[str, re.Pattern[str]]]:
    """Where a word may stand; the segments of each of these phrases; what tells if it does."""
    source = files("pipelines.demand").joinpath("segments.toml").read_text("utf-8")
    words: dict[str, set[str]] = {}
    patterns: dict[str, re.Pattern[str]] = {}
    for segment, entry in tomllib.loads(source)["segment"].items():
        listed = sorted(_listed(entry))
        spelled = sorted(map(_spelling, listed), key=len, reverse=True)
        patterns[segment] = re.compile("|".join(spelled))
        for word in listed:
            words.setdefault(_stem(word), set()).add(segment)
    return Phrasebook(words), tuple(words.values()), patterns


def _listed(entry: dict[str, object]) -> set[str]:
    """The words of a segment in all languages, folded as texts are."""
    words = entry["words"]
    assert isinstance(words, dict)
    listed = (word for texts in words.values() for word in texts.split(","))
    return {Folded(" ".join(word.split())).text for word in listed if word.strip()}


def _spelling(word: str) -> str:
    if _HAN.search(word):
        return re.escape(word)
    stem = _stem(word)
    return rf"(?<!\w){re.escape(stem)}{'' if stem == word else 's?'}(?!\w)"


def _stem(word: str) -> str:
    """A word without the s of a plural, where it is found with and without."""
    plural = " " in word and word.endswith("s") and word.isascii()
    return word.removesuffix("s") if plural else word

"""Whom a company's page speaks to: the segments its words name.

The same segments into which authors are sorted by what they say of themselves
(:mod:`pipelines.demand.author`), found by other words: a page says "for small shops", nobody says
"I run a small shop" on it. The words are in ``segments.toml``.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

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
    found: dict[str, str] = {}
    for segment, pattern in _patterns().items():
        if hit := pattern.search(folded.text):
            found[segment] = folded.quote(hit.start(), hit.end())
    return found


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    source = files("pipelines.demand").joinpath("segments.toml").read_text("utf-8")
    return {
        segment: re.compile("|".join(sorted(map(_spelling, _listed(entry)), key=len, reverse=True)))
        for segment, entry in tomllib.loads(source)["segment"].items()
    }


def _listed(entry: dict[str, object]) -> set[str]:
    """The words of a segment in all languages, folded as texts are."""
    words = entry["words"]
    assert isinstance(words, dict)
    listed = (word for texts in words.values() for word in texts.split(","))
    return {Folded(" ".join(word.split())).text for word in listed if word.strip()}


def _spelling(word: str) -> str:
    if _HAN.search(word):
        return re.escape(word)
    one = "s?" if " " in word and word.endswith("s") and word.isascii() else ""
    return rf"(?<!\w){re.escape(word.removesuffix('s') if one else word)}{one}(?!\w)"

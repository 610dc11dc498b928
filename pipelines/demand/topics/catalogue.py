"""The listed topics (``topics.toml``): names in three languages, words to find them by."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from crawlers.folding import fold
from crawlers.spotting import Phrasebook
from pipelines.demand.folded import Folded, bare

LANGUAGES = ("en", "zh", "vi")
NOTHING = ""
"""The id of phrases that speak of no topic and hide the listed words within them."""

# Tone marks by the newer rule of placement and by the older, in open syllables.
_TONES = {
    "òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ",
    "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ", "ọe": "oẹ",
    "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ",
}  # fmt: skip
_VOWEL = re.compile("[aeiou]")
_DOUBLES = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTopic:
    """One topic: its id, its names by language, its words by language as they are listed."""

    id: str
    names: dict[str, str]
    words: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("topics.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def listed_topics() -> dict[str, ListedTopic]:
    """All topics by id, in the order of the file.

    :raises ValueError: for an id that stands twice, a language without a name or without words.
    """
    found: dict[str, ListedTopic] = {}
    for row in _table()["topic"]:
        topic = ListedTopic(
            id=row["id"],
            names=dict(row["names"]),
            words={lang: tuple(_entries(row.get(lang, ""))) for lang in LANGUAGES},
        )
        if topic.id in found:
            raise ValueError(f"topics.toml: topic {topic.id!r} stands twice; keep one")
        for lang in LANGUAGES:
            if not topic.names.get(lang) or not topic.words[lang]:
                raise ValueError(
                    f"topics.toml: topic {topic.id!r} needs a name and words in {lang}"
                )
        found[topic.id] = topic
    return found


def _entries(listed: str) -> Iterator[str]:
    for entry in listed.replace("\n", " ").split(","):
        if word := entry.strip():
            yield word


@dataclass(frozen=True, slots=True)
class Book:
    """One language's phrases as one automaton.

    ``topics[n]`` are the topics phrase ``n`` names by itself, ``weak[n]`` those it names only
    where nothing else is named; ``pairs[n]`` those it names with another phrase after it:
    (number of that phrase, topic).
    """

    phrases: Phrasebook
    topics: tuple[tuple[str, ...], ...]
    weak: tuple[tuple[str, ...], ...]
    pairs: dict[int, tuple[tuple[int, str], ...]]


@lru_cache(maxsize=8)
def book_of(language: str, *, accents: bool = True) -> Book:
    """The phrases of a language, folded as texts are.

    :param accents: false for Vietnamese typed without them.
    """
    alone: dict[str, set[str]] = defaultdict(set)
    weak: dict[str, set[str]] = defaultdict(set)
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    rows = [(topic.id, topic.words[language]) for topic in listed_topics().values()]
    rows.append((NOTHING, tuple(_entries(_table()["nothing"].get(language, "")))))
    for topic, words in rows:
        for entry in words:
            first, joined, second = (part.strip() for part in entry.partition("&"))
            if not joined:
                into = weak if first.endswith("?") else alone
                for form in _forms(first.rstrip("?"), language, accents=accents):
                    into[form].add(topic)
                continue
            for a in _forms(first, language, accents=accents):
                for b in _forms(second, language, accents=accents):
                    pairs[a].add((b, topic))
    if language == "vi" and not accents:  # a bare spelling of two topics tells neither
        for one, other in ((alone, weak), (weak, alone)):
            for form in [f for f, ids in one.items() if len(ids | other.get(f, set())) > 1]:
                one[form] = set()
    parts = {form for follows in pairs.values() for form, _ in follows}
    phrases = sorted({*alone, *weak, *pairs, *parts} - {""})
    number = {phrase: place for place, phrase in enumerate(phrases)}
    return Book(
        Phrasebook(phrases),
        tuple(tuple(sorted(alone.get(phrase, ()))) for phrase in phrases),
        tuple(tuple(sorted(weak.get(phrase, ()))) for phrase in phrases),
        {
            number[a]: tuple(sorted((number[b], topic) for b, topic in follows))
            for a, follows in pairs.items()
            if a
        },
    )


def _forms(entry: str, language: str, *, accents: bool) -> list[str]:
    """The spellings in which a listed entry is looked for."""
    exact = entry.endswith("!")
    plain = entry.rstrip("!")
    if language == "en":
        return english_forms(plain, exact=exact)
    text = Folded(plain).text
    if language == "zh":
        return [text]
    if accents:
        return sorted({text, Folded(plain, tones=True).text, *_older_tones(text)})
    stripped = bare(text)
    if exact or (" " not in stripped and stripped != text):
        return []
    return [stripped]


def _older_tones(text: str) -> set[str]:
    """The word with its tone marks placed by the other rule: "hoá" for "hóa"."""
    found = text
    for newer, older in _TONES.items():
        found = re.sub(rf"(?<![qg]){newer}(?!\w)", older, found)
    return {found}


def english_forms(entry: str, *, exact: bool = False) -> list[str]:
    """An English entry in its forms: the last word's, and those of words marked ``~``.

    ``^`` at the end of a word asks for comparatives instead of a verb's and a noun's forms.
    """
    found = [""]
    words = entry.lower().split()
    for place, word in enumerate(words):
        if word.endswith("^"):
            forms = _comparatives(word[:-1])
        elif word.endswith("~") or (place == len(words) - 1 and not exact):
            forms = _inflected(word.rstrip("~"))
        else:
            forms = [word]
        found = [f"{before} {form}".strip() for before in found for form in forms]
    return found


def _inflected(word: str) -> list[str]:
    """Plural, third person, past and -ing of a regular word; not all of them need be words."""
    if not word.isalpha() or len(word) < 3:
        return [word]
    if word.endswith("y") and not _VOWEL.match(word[-2]):
        return [word, word[:-1] + "ies", word[:-1] + "ied", word + "ing"]
    if word.endswith("e"):
        return [word, word + "s", word + "d", word[:-1] + "ing"]
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return [word, word + "es", word + "ed", word + "ing"]
    forms = [word, word + "s", word + "ed", word + "ing"]
    if _DOUBLES.search(word) and len(word) < 8:
        forms += [word + word[-1] + "ed", word + word[-1] + "ing"]
    return forms


def _comparatives(word: str) -> list[str]:
    if word.endswith("y"):
        return [word, word[:-1] + "ier", word[:-1] + "iest"]
    if word.endswith("e"):
        return [word, word + "r", word + "st", word[:-1] + "ly"]
    stem = word + word[-1] if _DOUBLES.search(word) and len(word) < 5 else word
    return [word, stem + "er", stem + "est"]


def names_of(ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The readable names of topics, by id and language; ids nobody lists are left out."""
    known = listed_topics()
    return {topic: dict(known[topic].names) for topic in ids if topic in known}


def listed_words(language: str) -> frozenset[str]:
    """All listed phrases of a language in their forms, folded for search (:func:`fold`)."""
    return frozenset(fold(phrase) for phrase in book_of(language).phrases.phrases)

"""Searching posts in any spelling: the reader's words to a query of the index, and back to marks.

The index holds folded text (crawlers/folding.py), so a query is folded the same way, and hits are
marked in the original text, which the index cannot do.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawlers.folding import fold, search_text

_MAX_TERMS = 12
_MAX_QUERY = 400  # characters: more is no search
_TERM = re.compile(r'"([^"]*)"|(\S+)')
_TOKEN = re.compile(r"[^\W_]+")
_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_HAN_RUN = re.compile(f"[{_HAN}]|[^\\W_{_HAN}]+")
_MARKED = 20_000  # characters of a post that are looked at for marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A reader's query, understood.

    ``match`` is the FTS5 query, ``""`` where nothing in it can be searched; ``marks`` finds its
    hits in folded text.
    """

    text: str
    match: str
    marks: re.Pattern[str] | None


def parse(text: str) -> Search:
    """Each word, or stretch in double quotes, becomes a quoted phrase; all must be found.

    No operator of FTS5 survives: ``AND``, ``*``, ``NEAR(`` are words like any other.
    """
    text = " ".join(text[:_MAX_QUERY].split())
    phrases: list[list[str]] = []
    for quoted, word in _TERM.findall(text):
        tokens = _TOKEN.findall(search_text(quoted or word))
        if tokens and tokens not in phrases:
            phrases.append(tokens)
    phrases = phrases[:_MAX_TERMS]
    return Search(
        text=text,
        match=" ".join(f'"{" ".join(tokens)}"' for tokens in phrases),
        marks=_marks(phrases),
    )


def escape_fts(text: str) -> str:
    """The same for Datasette's own search box: takes the place of its SQL function."""
    return parse(str(text)).match or '""'


def register(conn: sqlite3.Connection) -> None:
    """Give a connection our ``escape_fts``."""
    conn.create_function("escape_fts", 1, escape_fts, deterministic=True)


def _marks(phrases: list[list[str]]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    parts = []
    for tokens in phrases:
        pieces = [piece for token in tokens for piece in _HAN_RUN.findall(token)]
        body = r"[\W_]{0,4}".join(re.escape(piece) for piece in pieces)
        # A word of letters is marked whole or not at all, as the index has it.
        before = "" if re.match(f"[{_HAN}]", pieces[0]) else f"(?<![^\\W_{_HAN}])"
        after = "" if re.match(f"[{_HAN}]", pieces[-1][-1]) else f"(?![^\\W_{_HAN}])"
        parts.append(before + body + after)
    return re.compile("|".join(sorted(parts, key=len, reverse=True)))


@lru_cache(maxsize=20_000)
def _fold_character(character: str) -> str:
    return fold(character)


def spans(text: str, search: Search) -> list[tuple[int, int]]:
    """Where the query's words stand in the original text: start and end, in order."""
    if search.marks is None:
        return []
    folded: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text[:_MARKED]):
        for part in _fold_character(character):
            folded.append(part)
            origin.append(place)
    origin.append(min(len(text), _MARKED))
    found: list[tuple[int, int]] = []
    for hit in search.marks.finditer("".join(folded)):
        start, end = origin[hit.start()], origin[hit.end() - 1] + 1
        while end < len(text) and not _fold_character(text[end]) and text[end].strip():
            end += 1  # combining marks that belong to the last letter
        found.append((start, end))
    return found


def marked(text: str, search: Search, width: int = 320) -> list[tuple[str, bool]]:
    """A stretch of the text around its first hit, cut into (piece, is it a hit).

    :param width: characters to show; the whole text where it is not much longer.
    """
    hits = spans(text, search)
    start, end = _window(text, hits[0][0] if hits else 0, width)
    pieces = list(_pieces(text, hits, start, end))
    if start:
        pieces.insert(0, ("… ", False))
    if end < len(text):
        pieces.append((" …", False))
    return pieces


def _window(text: str, first: int, width: int) -> tuple[int, int]:
    if len(text) <= width * 1.4:
        return 0, len(text)
    start = max(0, min(first - width // 3, len(text) - width))
    if start:
        space = text.find(" ", start, start + 20)
        start = space + 1 if space >= 0 else start
    return start, min(len(text), start + width)


def _pieces(
    text: str, hits: list[tuple[int, int]], start: int, end: int
) -> Iterator[tuple[str, bool]]:
    place = start
    for left, right in hits:
        if left < place or right > end:
            continue
        if left > place:
            yield text[place:left], False
        yield text[left:right], True
        place = right
    if place < end:
        yield text[place:end], False

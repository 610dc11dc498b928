"""Whom a sentence says something is for: people and organisations, not occasions, rooms or times.

A phrase is its lead ("designed for", ``dành cho``, ``适合``) and those served, cut where their name
ends. Who counts is told by the noun the name rests on (``company/people.toml``): its last one in
English and Chinese, its first in Vietnamese; words after it that make it another thing ("small
business loans", ``学生宿舍``) rule it out. Pure.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawlers.extract.company import audience_en, audience_vi, audience_zh
from crawlers.folding import fold
from crawlers.spotting import Phrasebook

LEADS: dict[str, str] = {
    **dict.fromkeys(audience_en.LEADS, "audience:en"),
    **dict.fromkeys(audience_vi.LEADS, "audience:vi"),
    **dict.fromkeys(audience_zh.LEADS, "audience:zh"),
}
"""What a folded line must hold one of to be worth reading, and in which language."""
_BOOK = Phrasebook(LEADS)
_LANGUAGES = tuple(LEADS.values())
_LONGEST = 110  # characters of a phrase
_MOST_LEADS = 40  # English ones of a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A phrase as it stands, and where in its line."""

    text: str
    start: int
    end: int


Lead = tuple[str, int]
"""A lead's kind (``audience:en``) and where it stands in the folded line."""


def audience_of(
    line: str, folded: str | None = None, leads: Sequence[Lead] | None = None
) -> list[Served]:
    """The audience phrases of a line, in order, each once; none where it names nobody.

    :param line: a sentence or block of text, on one line.
    :param folded: its folded form, where it is known and as long as the line.
    :param leads: the leads in it, where they are known.
    """
    if folded is None or len(folded) != len(line):
        line, folded = aligned(line)
        leads = None
    if leads is None:
        leads = [(_LANGUAGES[which], start) for which, start, _ in _BOOK.spot(folded)]
    found: list[Served] = []
    end = 0
    known: set[str] = set()
    for start, stop in sorted(_spans(line, folded, leads)):
        text = line[start:stop].strip(" ,，、:：-–—\"'“”")
        if start < end or not text or len(text) > _LONGEST or text.lower() in known:
            continue
        end = stop
        known.add(text.lower())
        found.append(Served(text=text, start=start, end=stop))
    return found


def _spans(line: str, folded: str, leads: Sequence[Lead]) -> Iterator[tuple[int, int]]:
    languages = {lang for lang, _ in leads}
    if "audience:zh" in languages:
        yield from audience_zh.spans(folded)
    if "audience:en" in languages:
        offsets = [start for lang, start in leads if lang == "audience:en"][:_MOST_LEADS]
        yield from audience_en.spans(folded, offsets)
    if "audience:vi" in languages:
        yield from audience_vi.spans(line.lower(), folded)


def aligned(line: str) -> tuple[str, str]:
    """A line and its folded form, character for character."""
    line = unicodedata.normalize("NFC", line)
    folded = fold(line)
    if len(folded) != len(line):
        folded = "".join((fold(char) or " ")[:1] for char in line)
    return line, folded

"""The words and phrases a page is written to be found by.

A page says them where engines look first: title, h1, address, headings, description. A phrase is a
run of words between punctuation and words that mean nothing alone (``search/words.toml``; the
runs of RAKE: Rose, Engel, Cramer and Cowley, 2010); a part of a run is a phrase of its own where it
stands in a second place too. Chinese runs are runs of characters: which parts of them are words is
told by where they stand, not by a dictionary.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final
from urllib.parse import unquote, urlsplit

from crawlers.extract.head import Head
from crawlers.folding import fold
from crawlers.items import Heading, Keyword
from crawlers.urls import host_of, registrable_domain

WEIGHTS: Final = {"title": 3.0, "h1": 3.0, "slug": 2.0, "description": 1.0, "heading": 1.0}
"""What a place is worth: the order in which engines are known to mind them, title and h1 alike."""
_MOST_OF_HEADINGS: Final = 3.0
"""Headings repeat themselves; more of them than this say nothing more."""
_MOST_KEYWORDS: Final = 24
_LONGEST_RUN: Final = 8  # words; a run of more is a sentence without its small words
_LONGEST_HAN: Final = 12
_LONGEST_PART: Final = 6
_MOST_HEADINGS: Final = 16
_LONGEST_TEXT: Final = 400  # characters read of one place; what is longer is stuffing
_LONGEST_HEADING: Final = 60

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff"
_PIECE: Final = re.compile(rf"[{_HAN}]+|[^{_HAN}]+")
_PUNCTUATION: Final = {
    **dict.fromkeys(
        map(ord, '!"()*,/:;<=>?@[\\]^_`{}|~…“”„«»‹›，。！？：；、·•（）【】《》「」『』–—™®©→›✓★'),
        "|",
    ),
    **dict.fromkeys(map(ord, "-‐‑"), " "),
}
"""Translating is many times cheaper than a pattern; a page has a thousand such characters."""
_ANY_HAN: Final = re.compile(f"[{_HAN}]")
_BETWEEN_HAN: Final = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_AROUND: Final = " .,:;!?()。，！？：；（）"
_SEAM: Final = " | "
_TITLE_PARTS: Final = re.compile(r"\s+[-–—·•»]\s+|\s*[|｜_：]\s*|:\s+")
_SLUG_PARTS: Final = re.compile(r"[-_+.,~\s]+")
_NO_NAME: Final = re.compile(r"[\W_]+")
_ENDINGS: Final = re.compile(r"\.(?:html?|php\d?|aspx?|jsp|shtml)$", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_MONTH: Final = re.compile(r"0?[1-9]|1[0-2]")
_LONGEST_SYLLABLE: Final = 7  # letters of "nghiêng", the longest of Vietnamese


@dataclass(frozen=True, slots=True)
class _Words:
    """What ``search/words.toml`` holds."""

    stop: frozenset[str]
    plain: frozenset[str]
    joiners: frozenset[str]
    generic: frozenset[str]
    han: "re.Pattern[str]"
    articles: frozenset[str]


@cache
def _words() -> _Words:
    source = files("crawlers.extract").joinpath("search/words.toml").read_text("utf-8")
    table = tomllib.loads(source)
    generic = {
        spaced(phrase).strip()
        for language in ("en", "vi", "zh")
        for line in table[language]["generic"].strip().split("\n")
        for phrase in line.split("|")
    }
    han = sorted(table["zh"]["stop"].split(), key=len, reverse=True)
    return _Words(
        stop=frozenset(table["en"]["stop"].split()) | frozenset(table["vi"]["stop"].split()),
        plain=frozenset(table["vi"]["plain"].split()),
        joiners=frozenset(table["en"]["joiners"].split()),
        generic=frozenset(generic),
        han=re.compile("|".join(map(re.escape, han))),
        articles=frozenset(table["articles"].split()),
    )


_Run = list[tuple[str, str]]
"""Words (single characters in Chinese) as written and folded."""
_Weighed = tuple[float, str, list[str]]
"""Weight, phrase as written, places."""


def keywords_of(
    url: str, head: Head, headings: Sequence[Heading], *, lang: str
) -> tuple[Keyword, ...]:
    """A page's keywords, the weightiest first.

    The site's own name is none of them: that a page is found by it goes without saying. A lower
    heading gives a phrase only where it is nothing but the phrase.
    """
    names = _names(url, head)
    below = [heading.text for heading in headings if heading.level in (2, 3)][:_MOST_HEADINGS]
    below = [text for text in below if not any(name in text for name in names)]
    texts = {
        "title": _without(head.title, names),
        "h1": _without(_SEAM.join(h.text for h in headings if h.level == 1), names),
        "slug": _slug(url),
        "description": head.description,
        "heading": _SEAM.join(text[:_LONGEST_HEADING] for text in below),
    }
    lines = {place: spaced(text) for place, text in texts.items()}
    vi = lang == "vi"
    weighed: dict[str, _Weighed] = {}
    # Addresses are written without accents, and in Latin letters: then they weigh, but say nothing.
    for place in ("title", "h1") if lang in ("vi", "zh") else ("title", "h1", "slug"):
        for run in _runs(texts[place][:_LONGEST_TEXT], vi):
            for written, folded, whole in _phrases(run):
                if whole and is_generic(folded):
                    break  # nor are its parts anyone's keywords
                if folded not in weighed:
                    weight, places = _weigh(folded, lines)
                    if (whole or len(places) > 1) and _means(written, folded, lang):
                        weighed[folded] = (weight, written, places)
    for text in below:
        phrase = _phrase(text, vi)
        if phrase is not None and phrase[1] not in weighed and _means(*phrase, lang):
            weight, places = _weigh(phrase[1], lines)
            weighed[phrase[1]] = (weight, phrase[0], places)
    return tuple(
        Keyword(phrase=written, folded=folded, weight=weight, places=tuple(places))
        for folded, (weight, written, places) in _without_parts(weighed)
        if places  # rare characters may fold into others than they were read as
    )


def is_generic(folded: str) -> bool:
    """Whether a folded phrase is what every site's pages are called (``contact us``)."""
    return folded in _words().generic


def in_articles(parts: Iterable[str], *, within: bool = False) -> bool:
    """Whether parts of an address name a place of articles (``/blog/...``, ``/2026/05/...``).

    :param parts: folded, see :func:`crawlers.extract.kinds.marks.path_parts`.
    :param within: let a word inside a part do (``post-sitemap``).
    """
    names = _words().articles
    before = ""
    for part in parts:
        if part in names or (within and not names.isdisjoint(part.split("-"))):
            return True
        if _YEAR.fullmatch(before) and _MONTH.fullmatch(part):
            return True
        before = part
    return False


def _phrase(heading: str, vi: bool) -> tuple[str, str] | None:
    """A heading that is one phrase of several words (characters) and nothing else."""
    if len(heading) > _LONGEST_HEADING:
        return None
    if _ANY_HAN.search(heading):
        runs = list(_runs(heading, vi))
        if len(runs) != 1 or not 2 <= len(runs[0]) <= _LONGEST_PART:
            return None
        written, folded = _spelled(runs[0])
        return (written, folded) if spaced(heading).strip(_AROUND) == folded else None
    words = _parted(heading.strip(_AROUND)).split()
    if not 2 <= len(words) <= _LONGEST_PART:
        return None
    read = [_read(word, vi) for word in words]
    joiners = _words().joiners
    if None in read or read[0] in joiners or read[-1] in joiners:
        return None
    return " ".join(words), " ".join(word for word in read if word)


def _weigh(folded: str, lines: dict[str, str]) -> tuple[float, list[str]]:
    """What a phrase weighs, and the places it stands in."""
    sought = f" {folded} "
    places = [place for place, line in lines.items() if sought in line]
    weight = sum([WEIGHTS[place] for place in places])
    if "heading" in places:
        weight += min(_MOST_OF_HEADINGS, lines["heading"].count(sought)) - WEIGHTS["heading"]
    if " " not in folded:
        weight /= 2  # one word says little of what is sought
    return weight, places


def _phrases(run: _Run) -> Iterator[tuple[str, str, bool]]:
    """The run, cut where it is too long, and its parts: (as written, folded, is the run)."""
    longest = _LONGEST_HAN if _is_han(run[0][1]) or _is_han(run[-1][1]) else _LONGEST_RUN
    run = run[:longest]
    yield (*_spelled(run), True)
    size = len(run)
    joiners = _words().joiners
    for length in range(min(size - 1, _LONGEST_PART), 0, -1):
        for start in range(size - length + 1):
            part = run[start : start + length]
            if part[0][1] not in joiners and part[-1][1] not in joiners:
                yield (*_spelled(part), False)


def _spelled(run: _Run) -> tuple[str, str]:
    folded = " ".join([word for _, word in run])
    phrase = " ".join([written for written, _ in run])
    return (phrase if folded.isascii() else _BETWEEN_HAN.sub("", phrase)), folded


def _means(phrase: str, folded: str, lang: str) -> bool:
    """Whether a phrase can be sought by itself."""
    if is_generic(folded) or len(folded) < 2:
        return False
    if " " in folded:
        return any(len(word) > 1 or _is_han(word) for word in folded.split())
    if lang == "vi" and not phrase.isupper():
        return len(folded) > _LONGEST_SYLLABLE  # a syllable is a part of a word
    return not _is_han(folded) and (len(folded) > 2 or phrase.isupper())


def _without_parts(weighed: dict[str, _Weighed]) -> Iterator[tuple[str, _Weighed]]:
    """The weightiest, without those that stand only where a longer one stands."""
    kept = 0
    seen = ""
    order = sorted(weighed.items(), key=lambda pair: (-pair[1][0], -len(pair[0]), pair[0]))
    for folded, values in order:
        padded = f" {folded} |"
        if padded[:-1] in seen:  # what was seen weighs no less
            continue
        seen += padded
        kept += 1
        yield folded, values
        if kept == _MOST_KEYWORDS:
            return


def _runs(text: str, vi: bool) -> Iterator[_Run]:
    run: _Run = []
    joiners = _words().joiners
    for word in _parted(text).split():
        if not word.isascii() and _ANY_HAN.search(word):
            if run and _is_han(run[-1][1]) and _ANY_HAN.match(word):
                yield from _closed(run)  # a space between Chinese words is a comma
                run = []
            for part in _mixed(word, vi):
                if part:
                    run += part
                else:
                    yield from _closed(run)
                    run = []
            continue
        folded = _read(word, vi)
        if folded is not None and (run or folded not in joiners):
            run.append((word, folded))
        else:
            yield from _closed(run)
            run = []
    yield from _closed(run)


def _mixed(word: str, vi: bool) -> Iterator[_Run]:
    """The parts of a word that holds Han characters (``POS系统``); an empty one ends a run."""
    for piece in _PIECE.findall(word):
        if _ANY_HAN.match(piece):
            yield from _han_parts(piece)
        else:
            folded = _read(piece, vi)
            yield [] if folded is None else [(piece, folded)]


@lru_cache(maxsize=16_384)
def _read(piece: str, vi: bool) -> str | None:
    """A word folded; ``None`` for what ends a run: punctuation, a number, a word without weight."""
    lower = piece.lower()
    words = _words()
    if not piece[0].isalnum() or lower in words.stop or (vi and lower in words.plain):
        return None
    folded = fold(lower)
    return None if folded.isdigit() or not folded or " " in folded else folded


def spaced(text: str) -> str:
    """A text in which folded phrases are looked for: its words and Han characters, each between
    spaces, punctuation as ``|``.
    """
    text = _parted(fold(text))
    if not text.isascii():
        text = _ANY_HAN.sub(r" \g<0> ", text)
    return f" {' '.join(text.split())} "


def _parted(text: str) -> str:
    """A text with its punctuation as ``|`` between spaces; marks inside words stay."""
    text = text.replace(" - ", "|").replace(". ", "|").translate(_PUNCTUATION)
    return text.rstrip(".").replace("|", _SEAM)


def _closed(run: _Run) -> Iterator[_Run]:
    """A run that has ended, without the joiners at its end; nothing where nothing is left."""
    while run and run[-1][1] in _words().joiners:
        run.pop()
    if run:
        yield run


def _han_parts(piece: str) -> Iterator[_Run]:
    """The runs of characters in a piece; an empty one where a word without weight parts them."""
    folded = fold(piece)
    if len(folded) != len(piece):
        piece = folded
    end = 0
    for stop in _words().han.finditer(folded):
        if stop.start() > end:
            yield list(zip(piece[end : stop.start()], folded[end : stop.start()]))
        yield []
        end = stop.end()
    if end < len(folded):
        yield list(zip(piece[end:], folded[end:]))


def _is_han(word: str) -> bool:
    return len(word) == 1 and "\u3400" <= word <= "\ufaff"


def _names(url: str, head: Head) -> list[str]:
    """How the site calls itself: its stated name, and the part of the title its domain spells."""
    label = registrable_domain(host_of(url)).partition(".")[0]
    names = {head.site_name} if head.site_name else set()
    for part in _TITLE_PARTS.split(head.title):
        squeezed = _NO_NAME.sub("", fold(part))
        if squeezed and squeezed == _NO_NAME.sub("", label):
            names.add(part)
    return sorted((name for name in names if 1 < len(name) <= 80), key=len, reverse=True)


def _without(text: str, names: list[str]) -> str:
    for name in names:
        text = re.sub(rf"{re.escape(name)}(?:\.[a-z]{{2,4}}\b)*", _SEAM, text, flags=re.IGNORECASE)
    return text


def _slug(url: str) -> str:
    """The words of an address: of its last two parts, numbers and endings left out."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    parts = [_ENDINGS.sub("", part) for part in path.split("/") if part]
    return _SEAM.join(
        " ".join(word for word in _SLUG_PARTS.split(part[:120]) if not word.isdigit())
        for part in reversed(parts[-2:])
    )

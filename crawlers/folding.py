"""Folding: one spelling for all ways of writing a word, for search and for matching names.

``價格`` and ``价格``, ``Phân vân`` and ``phan van``, ``Ｅｎｇ`` and ``eng`` fold alike. Writer and
reader of the search text use the same function, so what is stored is what is asked for. Pure.
"""

import re
import unicodedata
from functools import lru_cache

import zhconv_rs

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_STROKES = (("đ", "d"), ("ð", "d"), ("ø", "o"), ("ł", "l"), ("ı", "i"))
_PLAIN_D = str.maketrans(dict(_STROKES))
# Letters, marks and signs that never join a neighbour: a text of them is folded whole, in a third
# of the time.
_LATIN_SIGNS = (
    r"\x00-\u024f\u0300-\u034e\u0350-\u036f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    r"\u2116\u2122\u2600-\u27bf\u3000-\u3029\ufe0f\uff01-\uff5e\U0001f300-\U0001faff"
)
_LATIN = re.compile(f"[{_LATIN_SIGNS}]*")
_EASY = re.compile(rf"[{_LATIN_SIGNS}\u4e00-\u9fff]*")
_MARKED = re.compile(r"[\x00-\x7f\u0300-\u034e\u0350-\u036f]*")
_MARKS = re.compile(r"[\u0300-\u034e\u0350-\u036f]+")
_SHORT = 8  # characters: accented letters come back all the time, runs of Chinese hardly ever


def fold(text: str) -> str:
    """Lower case, no diacritics, đ -> d, full width to half, traditional to simplified.

    The length may change; offsets do not carry over to the original, line breaks do.
    """
    if text.isascii():
        return text.lower()
    if _LATIN.fullmatch(text):
        return _folded_whole(text.lower())
    if _HAN.search(text):
        text = zhconv_rs.zhconv(text, "zh-hans")
    text = text.lower()
    return _folded_whole(text) if _EASY.fullmatch(text) else _folded_by_runs(text)


def _folded_whole(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).lower()
    for letter, plain in _STROKES:
        text = text.replace(letter, plain)
    if _MARKED.fullmatch(text):
        return text.encode("ascii", "ignore").decode()  # quicker than mark by mark
    return _MARKS.sub("", text)


def _folded_by_runs(text: str) -> str:
    return _FOREIGN.sub(_folded_run, text)


def _folded_run(run: re.Match[str]) -> str:
    return _known(run[0]) if len(run[0]) <= _SHORT else _bare(run[0])


def _bare(run: str) -> str:
    decomposed = unicodedata.normalize("NFKD", run).lower()  # "№" is no letter until taken apart
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare.translate(_PLAIN_D))


_known = lru_cache(maxsize=20_000)(_bare)


def search_text(text: str) -> str:
    """What the search index holds for a text: folded, each Han character a word of its own.

    So that a phrase of characters finds its rows however long the run they stand in.
    """
    folded = fold(text)
    if not folded.isascii():
        folded = _HAN.sub(lambda run: f" {' '.join(run[0])} ", folded)
    return " ".join(folded.split())

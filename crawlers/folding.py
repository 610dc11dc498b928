"""Folding: one spelling for all ways of writing a word, for search and for matching names.

``價格`` and ``价格``, ``Phân vân`` and ``phan van``, ``Ｅｎｇ`` and ``eng`` fold alike. Writer and
reader of the search text use the same function, so what is stored is what is asked for. Pure.
"""

import re
import unicodedata
from functools import lru_cache

import zhconv_rs

_HAN = re.compile(r"([\u3400-\u9fff\uf900-\ufaff])")
_SPACES = re.compile(r"\s+")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_PLAIN_D = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i"})
_SHORT = 8  # characters: accented letters come back all the time, runs of Chinese hardly ever


def fold(text: str) -> str:
    """Lower case, no diacritics, đ -> d, full width to half, traditional to simplified.

    The length may change; offsets do not carry over to the original, line breaks do.
    """
    if text.isascii():
        return text.lower()
    if _HAN.search(text):
        text = zhconv_rs.zhconv(text, "zh-hans")
    return _FOREIGN.sub(_folded_run, text.lower())


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
    return _SPACES.sub(" ", _HAN.sub(r" \1 ", fold(text))).strip()

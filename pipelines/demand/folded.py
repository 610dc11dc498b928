"""One spelling to match rules against, with the way back to the words as written.

Lower case, half-width, simplified characters, composed letters, single spaces, a language's own
short spellings written out ("ko" -> "không"), runs of letters that are no word blotted out. Every
position knows where it came from, so a quote is always cut from the original text.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

import zhconv_rs

_MARKS = {
    "\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ",
    "\u3000": " ", "\t": " ", "\r": " ", "\u2013": "-", "\u2014": "-", "İ": "i", "\u200b": " ",
    "\ufeff": " ", "。": "。", "｡": "。",
}  # fmt: skip
_SPACE_RUN = re.compile(r" {2,}")
_HAN_SPACE = re.compile(r"(?<=[\u3400-\u9fff]) +| +(?=[\u3400-\u9fff])")
# No word of English or Vietnamese is so long, no address worth reading, no number. Hashes and
# keyboard noise are, and each "word" of a rule would try every length of them.
_NO_WORD = re.compile(
    r"[^\W\u3000-\u9fff]{64,}|[^\s\u3000-\u9fff]{300,}|[\d.,一二两三四五六七八九十百千万几半多]{64,}"
)
_HAS_HAN = re.compile(r"[\u3400-\u9fff]")
# "hòa" and "hoà" are one word typed by two rules of tone placement (old and new); they differ
# only where the syllable ends there ("hoàn" is "hoàn" by both).
_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONE_PAIR = re.compile(rf"(?:{'|'.join(_TONES)})(?!\w)")


@lru_cache(maxsize=1)
def _latin_table() -> dict[int, str]:
    """Characters of one column each: full width to half, typographic marks to plain ones."""
    table = {ord(a): b for a, b in _MARKS.items()}
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    return table


@lru_cache(maxsize=1)
def _han_table() -> dict[int, str]:
    """Traditional to simplified, character by character, so that lengths hold."""
    source = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = zhconv_rs.zhconv("\n".join(source), "zh-hans").split("\n")
    table = _latin_table().copy()
    if len(simplified) == len(source):
        for a, b in zip(source, simplified, strict=True):
            if a != b and len(b) == 1:
                table[ord(a)] = b
    return table


@lru_cache(maxsize=1)
def _bare_table() -> dict[int, str]:
    """Letters with marks to their base letter."""
    table = {ord("đ"): "d", ord("Đ"): "d"}
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base.lower()
    return table


def bare(text: str) -> str:
    """The text without diacritics, lower case, same length (for composed text)."""
    return text if text.isascii() else text.translate(_bare_table())


def share_of_marked_words(text: str) -> float:
    """How many of the words carry Vietnamese marks: 0.0 is typed without accents."""
    words = text.split()
    marked = sum(a != b for a, b in zip(words, bare(text).split(), strict=True))
    return marked / len(words) if words else 0.0


class Folded:
    """A text to match on (``text``), and the original it came from.

    :param original: the text as written.
    :param spelling: a language's short spellings -> full words, matched as whole words.
    :param pattern: those spellings as one compiled pattern.
    """

    __slots__ = ("_ends", "_starts", "original", "text")

    def __init__(
        self,
        original: str,
        *,
        spelling: Mapping[str, str] | None = None,
        pattern: re.Pattern[str] | None = None,
        tones: bool = False,
    ) -> None:
        self.original = original
        self._starts: list[int] | None = None
        self._ends: list[int] | None = None
        text = original
        if not text.isascii() and not unicodedata.is_normalized("NFC", text):
            text = self._compose(text)
        if not text.isascii():
            text = text.translate(_han_table() if _HAS_HAN.search(text) else _latin_table())
        elif "\t" in text or "\r" in text:
            text = text.replace("\t", " ").replace("\r", " ")
        lower = text.lower()
        text = lower if len(lower) == len(text) else "".join(c.lower()[0] for c in text)
        if len(text) >= 64:
            text = _NO_WORD.sub(lambda run: "\ufffc" * len(run[0]), text)
        if tones:
            text = _TONE_PAIR.sub(lambda m: _TONES[m[0]], text)
        self.text = text
        if "  " in text:
            self._rewrite(_SPACE_RUN, lambda _: " ")
        if " " in text and _HAS_HAN.search(text):
            self._rewrite(_HAN_SPACE, lambda _: "")
        if pattern is not None and spelling is not None:
            self._rewrite(pattern, lambda word: spelling[word])

    def _compose(self, text: str) -> str:
        """NFC by clusters (a base and its marks), each remembering where it stood."""
        out: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        while at < len(text):
            stop = at + 1
            while stop < len(text) and unicodedata.combining(text[stop]) and stop - at < 8:
                stop += 1
            for char in unicodedata.normalize("NFC", text[at:stop]):
                out.append(char)
                starts.append(at)
                ends.append(stop)
            at = stop
        self._starts, self._ends = starts, ends
        return "".join(out)

    def _rewrite(self, pattern: re.Pattern[str], full: Callable[[str], str]) -> None:
        text = self.text
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        old_starts = self._starts if self._starts is not None else range(len(text))
        old_ends = self._ends if self._ends is not None else range(1, len(text) + 1)
        at = 0
        for match in pattern.finditer(text):
            begin, stop = match.span()
            new = full(match[0])
            pieces += (text[at:begin], new)
            starts += old_starts[at:begin]
            ends += old_ends[at:begin]
            if new:
                starts += [old_starts[begin]] * len(new)
                ends += [old_ends[stop - 1]] * len(new)
            at = stop
        if not at:
            return
        pieces.append(text[at:])
        starts += old_starts[at:]
        ends += old_ends[at:]
        self.text, self._starts, self._ends = "".join(pieces), starts, ends

    def respell(self, pattern: re.Pattern[str], spelling: Mapping[str, str]) -> None:
        """Write short spellings out, in a text that was folded further since it was built."""
        self._rewrite(pattern, lambda word: spelling[word])

    def quote(self, start: int, end: int) -> str:
        """The words as written between two positions of ``text``; never empty where start < end."""
        if end <= start:
            return ""
        first = start if self._starts is None else self._starts[start]
        last = end if self._ends is None else self._ends[end - 1]
        return self.original[first:last].strip()

"""What the words around a name say of it: is it set among alternatives to what is sold?

Names stand as signs there, so that what is learnt of one business's rivals holds for another's.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from pipelines.discovery.fit import Fit
from pipelines.discovery.matching import fold_name, key_of
from pipelines.discovery.wordlists import (
    english_band,
    han_words,
    platform_kind,
    simplified,
    vietnamese_band,
)

_HAN = re.compile(r"[\u3400-\u9fff]")
_TOKEN = re.compile(
    r"[^\W_\u3400-\u9fff]+(?:['’.&-][^\W_\u3400-\u9fff]+)*|[\u3400-\u9fff]+|[^\w\s]"
)
_MARKED = re.compile(r"[ạảấầẩẫậắằẳẵặẹẻẽềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđ]", re.IGNORECASE)
_NEAR = 6  # words on either side
_SMALL = frozenset(
    "a an the for and of to in with on at by or is are its it our we you your small that from as "
    "up all cho va cua cac la co de tren o tai theo tu nhung voi trong ma nho shop "
    "shops store stores".split()
) | frozenset("的 和 给 在 是 与 及 等 做 卖 了 个 一 家 店".split())

NAME, OWN = "NAME", "OWN"
ON_TOPIC = 2
"""The level of a thread whose title speaks of what is sold."""


def tokens_of(text: str) -> list[str]:
    """Folded words of a text, Chinese cut into words, signs among them."""
    found: list[str] = []
    for match in _TOKEN.finditer(text):
        if _HAN.match(match[0]):
            found += [word.text for word in han_words(simplified(match[0]))]
        else:
            found.append(fold_name(match[0]))
    return [word for word in found if word]


def with_signs(
    line: str,
    spans: Iterable[tuple[int, int]],
    own: frozenset[str],
    kinds: frozenset[str] = frozenset(),
) -> tuple[list[str], dict[tuple[int, int], int]]:
    """A line's words with each name as a sign, and where the names' signs stand.

    :param kinds: what the business sells: a tool or platform of such a kind is a name like others.
    """
    found: list[str] = []
    places: dict[tuple[int, int], int] = {}
    at = 0
    for start, end in sorted(spans):
        if start < at:
            continue
        found += tokens_of(line[at:start])
        places[start, end] = len(found)
        key = key_of(line[start:end])
        kind = platform_kind(key)
        found.append(OWN if key in own else f"PLAT:{kind}" if kind and kind not in kinds else NAME)
        at = end
    found += tokens_of(line[at:])
    return found, places


@lru_cache(maxsize=256)
def sold_words(description: str) -> frozenset[str]:
    """The words of a sentence about a business that say what it sells: single ones, in Chinese
    pairs of characters too, in Vietnamese pairs of syllables.
    """
    words = [word for word in tokens_of(description) if word[:1].isalnum()]
    found: set[str] = set()
    if _MARKED.search(description):
        found |= {
            f"{one} {two}"
            for one, two in pairwise(words)
            if one not in _SMALL and two not in _SMALL
        }
        found |= {w for w in words if english_band(w) == 0 and vietnamese_band(w) < 5}
        return frozenset(found)
    for word in words:
        if word in _SMALL or len(word) < 2:
            continue
        found.add(_bare(word))
        if _HAN.match(word):
            found |= {word[at : at + 2] for at in range(len(word) - 1)}
    return frozenset(found)


def _bare(word: str) -> str:
    return word.rstrip("s") if word.isascii() and len(word) > 3 else word


def sold_marks(words: Sequence[str], sold: frozenset[str]) -> list[bool]:
    """Which words of a line say what is sold."""
    marks = [False] * len(words)
    for at, word in enumerate(words):
        pair = at > 0 and f"{words[at - 1]} {word}" in sold
        if pair:
            marks[at - 1] = True
        marks[at] = (
            pair
            or word in sold
            or _bare(word) in sold
            or (
                _HAN.match(word) is not None
                and any(word[i : i + 2] in sold for i in range(len(word) - 1))
            )
        )
    return marks


class ThreadTopic:
    """How much of a thread is about what is sold."""

    def __init__(self, fit: Fit, sold: frozenset[str], title: str, whole: str) -> None:
        self.fit, self.sold = fit, sold
        words = tokens_of(whole)
        told = {word for word, mark in zip(words, sold_marks(words, sold), strict=True) if mark}
        self.words = len(told)
        self.in_title = sum(sold_marks(tokens_of(title), sold))
        self.title_fit, self.whole_fit = fit.of(title), fit.of(whole)

    @property
    def level(self) -> int:
        """2: the title speaks of what is sold, 1: the thread does, 0: neither."""
        if self.title_fit > 0 or self.in_title:
            return ON_TOPIC
        return int(self.whole_fit > 0 or self.words > 1)


def context_row(
    words: Sequence[str], place: int, *, topic: ThreadTopic, line: str, title: bool, lang: str
) -> list[str]:
    """What stands around the name at ``place``."""
    size, me = len(words), words[place]

    def at(step: int) -> str:
        return words[place + step] if 0 <= place + step < size else "#"

    marks = sold_marks(words, topic.sold)
    near = [i for i in range(max(0, place - _NEAR), min(size, place + _NEAR + 1)) if i != place]
    row = ["b"]
    for other in near:
        side = "L" if other < place else "R"
        row += [f"{side}={words[other]}", f"W={words[other]}"]
        if marks[other]:
            row += [f"D{side}", f"D{max(-3, min(3, other - place))}"]
    row += [f"{step}={at(step)}" for step in (-2, -1, 1, 2)]
    row += [f"{step}={at(step)}|{topic.level}" for step in (-2, -1, 1)]
    row += [f"topic={topic.level}", f"topic={topic.level}|{title}|{min(size, 4)}"]
    row += [
        f"-21={at(-2)} {at(-1)}", f"12={at(1)} {at(2)}", f"-11={at(-1)} {at(1)}",
        f"-321={at(-3)} {at(-2)} {at(-1)}",
        f"dl={min(3, sum(marks))}", f"dt={min(5, topic.words)}", f"dT={min(2, topic.in_title)}",
        f"n={min(size, 4)}",
        f"at={'0' if place == 0 else 'e' if place == size - 1 else 'm'}|{title}",
        f"fit=l{topic.fit.of(line)}", f"fit=t{topic.title_fit}", f"fit=w{topic.whole_fit}",
        f"names={min(3, sum(word == NAME for word in words) - 1)}", f"lang={lang}",
    ]  # fmt: skip
    if me.startswith("PLAT"):
        row.append(me)
    if OWN in words:
        row.append("ownline")
    if title:
        row.append("title")
    return row


def name_row(name: str, sold: frozenset[str]) -> list[str]:
    """What a name is made of: a word of what is sold, its ending, its case."""
    words, folded = tokens_of(name), fold_name(name)
    return [
        f"nd={any(sold_marks(words, sold))}", f"nl={min(len(words), 4)}",
        f"nh={_HAN.search(name) is not None}", f"e3={folded[-3:]}", f"e2={folded[-2:]}",
        f"b2={folded[:2]}", f"low={name.islower()}",
    ]  # fmt: skip

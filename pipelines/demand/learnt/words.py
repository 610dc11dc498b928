"""The words of a post as features: of its whole, and of each of its sentences."""

import re
from itertools import pairwise

from pipelines.demand.brands import BRAND_LETTER

MOST_CHARACTERS = 2_000
"""Of a post; what it is about is said before that."""

_WORD = re.compile(
    r"[^\W\d_]+(?:'[a-z]+)?|\d+|[?!:<>%$]|[\U0001f300-\U0001faff\u2600-\u27bf]|[:;=][)(dp]"
)
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+|[?!]|[\U0001f300-\U0001faff]")


def words_of(text: str, lang: str) -> list[str]:
    """Words and pairs of words; in Chinese one to three characters in a row.

    :param text: folded (pipelines.demand.folded), names of listed brands masked.
    :returns: features, each beginning with its language.
    """
    text = text[:MOST_CHARACTERS]
    mark = lang + ":"
    return [mark + word for word in (_of_han(text) if lang == "zh" else _spaced(text, lang))]


def _spaced(text: str, lang: str) -> list[str]:
    words = [
        "0" if word.isdigit() else word for word in _WORD.findall(text) if word[0] != BRAND_LETTER
    ]
    pairs = list(map(" ".join, pairwise(words)))
    found = words + pairs
    if lang == "vi":  # a Vietnamese word is one to three syllables
        found += map(" ".join, zip(words, pairs[1:], strict=False))
    return found


def _of_han(text: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(text):
        if not "\u3400" <= run[0] <= "\u9fff":
            found.append("0" if run.isdigit() else run)
            continue
        pairs = list(map("".join, pairwise(run)))
        found += run
        found += pairs
        found += map("".join, zip(run, pairs[1:], strict=False))
    return found

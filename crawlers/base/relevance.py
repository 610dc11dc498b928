"""Whether the name of a list speaks of what a market sells: its words, in any script. Pure."""

import re
from itertools import pairwise

from crawlers.extract.search.keywords import spaced
from crawlers.folding import fold
from crawlers.market import Market
from crawlers.sources.joining import phrases_of, queries_of

_HAN = re.compile(r"[\u3400-\u9fff]")
_SHORT = 4  # letters; a shorter word is a syllable of Vietnamese, or says little
_MOST_PHRASES = 40
# Words every list of products uses; beside others they add nothing.
_WIDE = frozenset(
    "software app apps tool tools service services system systems platform online best free small"
    " business company companies solution solutions product products with from your their this"
    " that for and the phan mem ung dung dich vu cong ty cho cua va".split()
)
_WIDE_HAN = frozenset({"软件", "平台", "系统", "公司", "服务", "工具", "产品", "企业", "品牌"})


class MarketWords:
    """The words of a market file by which lists are chosen."""

    def __init__(self, market: Market) -> None:
        business = market.business
        told = phrases_of(business.description)
        sold = [*queries_of(market, _MOST_PHRASES), business.category or "", *told]
        self._phrases = {text for one in sold if (text := spaced(one).strip())}
        self._words = {word for phrase in self._phrases for word in _units(phrase)}
        names = [business.name, *(entry.name for entry in market.competitors)]
        self._names = {text for one in names if len(text := spaced(one).strip()) >= _SHORT}

    def score(self, text: str) -> float:
        """0 for a text that says nothing of the market; 1 and more: worth reading.

        A whole phrase or a rival's name counts 2, a word or a pair of Chinese characters 1, a
        syllable a half.
        """
        line = spaced(text[:300])
        found = sum(2.0 for phrase in self._phrases | self._names if f" {phrase} " in line)
        for unit in self._words & set(_units(line)):
            found += 0.5 if len(unit) < _SHORT and not _HAN.search(unit) else 1.0
        return found


def _units(text: str) -> list[str]:
    """The words of a spaced text, and the pairs of its Chinese characters."""
    words = [word for word in fold(text).split() if word != "|"]
    pairs = [a + b for a, b in pairwise(words) if _HAN.match(a) and _HAN.match(b)]
    plain = [
        _singular(word) for word in words
        if not _HAN.match(word) and word not in _WIDE and len(word) > 1 and not word.isdigit()
    ]  # fmt: skip
    return [*plain, *(pair for pair in pairs if pair not in _WIDE_HAN)]


def _singular(word: str) -> str:
    """An English plural without its ending; other words of some length may lose theirs too, here
    and in the market's words alike.
    """
    return word[:-1] if len(word) > _SHORT and word.isascii() and word.endswith("s") else word

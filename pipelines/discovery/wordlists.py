"""How common a word is in three languages, and how a Chinese line falls into words."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import zhconv_rs

from crawlers.folding import fold

RARE = 0
"""The band of a word that no list holds."""

_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|uya|uyu|oai|oao|oay|oeo|uay|uoi|uou|ieu|yeu|[aeiouy]{1,2})(?:ch|ng|nh|[cmnpt])?$"
)
"""A Vietnamese syllable without its marks."""


def _shares(language: str, size: str) -> dict[str, float]:
    from wordfreq import get_frequency_dict  # a tenth of a second: only where words are weighed

    return get_frequency_dict(language, size)


@lru_cache(maxsize=1)
def _english() -> dict[str, float]:
    return _shares("en", "small")


@lru_cache(maxsize=1)
def _vietnamese() -> dict[str, float]:
    """Words by their spelling without marks, the commonest word counting."""
    found: dict[str, float] = {}
    for word, share in _shares("vi", "best").items():
        for part in fold(word).split():
            found[part] = max(share, found.get(part, 0.0))
    return found


@lru_cache(maxsize=1)
def _chinese() -> dict[str, float]:
    return _shares("zh", "small")


def english_share(word: str) -> float:
    """The share of a folded word among English words, 0..1."""
    return _english().get(word, 0.0)


def vietnamese_share(word: str) -> float:
    """The share of a word, folded without marks, among Vietnamese syllables, 0..1."""
    return _vietnamese().get(word, 0.0)


def _band(share: float) -> int:
    """Decades above one in 100 million, 0..8."""
    band, share = RARE, share * 1e8
    while share >= 10 and band < 8:
        share, band = share / 10, band + 1
    return band


@lru_cache(maxsize=100_000)
def english_band(word: str) -> int:
    """How common a folded word is in English: 0 in no list, 8 the commonest."""
    return _band(_english().get(word, 0.0))


@lru_cache(maxsize=100_000)
def vietnamese_band(word: str) -> int:
    """How common a word folded without marks is in Vietnamese, 0..8."""
    return _band(_vietnamese().get(word, 0.0))


@lru_cache(maxsize=100_000)
def chinese_band(word: str) -> int:
    """How common a word in simplified characters is in Chinese, 0..8."""
    return _band(_chinese().get(word, 0.0))


@lru_cache(maxsize=100_000)
def is_syllable(word: str) -> bool:
    """Whether a folded word can be a Vietnamese syllable."""
    return _SYLLABLE.match(word) is not None


@lru_cache(maxsize=1)
def _platforms() -> dict[str, str]:
    text = resources.files(__package__).joinpath("platforms.toml").read_text("utf-8")
    return {
        re.sub(r"[\W_]+", "", fold(name)): kind
        for kind, names in tomllib.loads(text).items()
        for name in names.split(",")
    }


def platform_kind(key: str) -> str | None:
    """What kind of platform, payment or tool a name is; ``None``: none that is listed."""
    return _platforms().get(key)


@dataclass(frozen=True, slots=True)
class HanWord:
    """A word of a Chinese line: where it stands, its part of speech (ICTCLAS letters), its band."""

    text: str
    start: int
    end: int
    part: str
    band: int


def simplified(line: str) -> str:
    """A line in simplified characters, as long as it was; as it is where that cannot be."""
    plain = str(zhconv_rs.zhconv(line, "zh-hans"))
    if len(plain) != len(line):
        plain = "".join(
            c if len(s := str(zhconv_rs.zhconv(c, "zh-hans"))) != 1 else s for c in line
        )
    return plain


def han_words(line: str) -> list[HanWord]:
    """The words of a line in simplified characters."""
    import rjieba  # loads its dictionary: a tenth of a second

    found, at = [], 0
    for text, part in rjieba.tag(line):
        found.append(HanWord(text, at, at + len(text), part, chinese_band(text)))
        at += len(text)
    return found

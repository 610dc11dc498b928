"""One key per name, however it is written: case, accents, spacing, script, domain, possessive."""

import re
from collections.abc import Iterable
from functools import lru_cache

from crawlers.folding import fold

_POSSESSIVE = re.compile(r"['’]s?$")
_BETWEEN = re.compile(r"[\W_]+")
_DOMAIN_END = re.compile(
    r"(?:\.(?:com|net|org|io|co|app|shop|store))?(?:\.(?:vn|cn|uk|tw|sg|my))?$"
)
# Words that follow a name and add nothing to it: "Rivalo POS", "the Rivalo app".
_COMPANIONS = frozenset(
    "app apps pos software system saas pro plus lite basic premium standard ltd inc llc co corp "
    "online cloud team skincare skin care cosmetics beauty".split()
)


def fold_name(text: str) -> str:
    """:func:`crawlers.folding.fold`, and two characters that are typed one for the other."""
    return fold(text).replace("帐", "账")


@lru_cache(maxsize=100_000)
def key_of(name: str) -> str:
    """What two spellings of one name have in common; ``""`` for what holds no letter.

    ``Quán Nhỏ POS``, ``quan nho`` and ``QuanNho`` share a key, so do traditional and simplified
    characters. An ending that is a domain's (``.com``) is left out unless little remains.
    """
    folded = _POSSESSIVE.sub("", fold_name(name.strip()))
    bare = _DOMAIN_END.sub("", folded)
    if len(bare) >= 5:
        folded = bare
    words = [word for word in _BETWEEN.split(folded) if word]
    while len(words) > 1 and words[-1] in _COMPANIONS:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return "".join(words)


class KnownNames:
    """Names already listed, found in any spelling."""

    def __init__(self, names: Iterable[str]) -> None:
        self._keys = {key for name in names if (key := key_of(name))}

    def __contains__(self, name: str) -> bool:
        return key_of(name) in self._keys

    def holds_key(self, key: str) -> bool:
        """Whether a key from :func:`key_of` is listed."""
        return key in self._keys

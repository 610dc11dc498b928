"""Names that the plainest words set among alternatives: enough where little else is said."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from pipelines.discovery.contexts import NAME, OWN, with_signs

_FIRST = 0xE000  # private characters, one for each name of a line
_MOST = 64
_SIGN = f"[{chr(_FIRST)}-{chr(_FIRST + _MOST)}]"
_HAN = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    text = resources.files(__package__).joinpath("plain.toml").read_text("utf-8")
    found = {}
    for kind, rows in tomllib.loads(text).items():
        edge = r"(?<![^ ])" if kind == "words" else ""
        parts = (edge + row.replace("N", _SIGN) for row in rows.strip().splitlines())
        found[kind] = re.compile("|".join(parts))
    return found


def plain_spans(
    line: str,
    spans: Iterable[tuple[int, int]],
    own: frozenset[str],
    kinds: frozenset[str] = frozenset(),
) -> set[tuple[int, int]]:
    """The stretches of a line, of those given, that plain words set among alternatives."""
    words, places = with_signs(line, spans, own, kinds)
    signs: dict[str, tuple[int, int]] = {}
    for span, place in places.items():
        if words[place] in (NAME, OWN) and len(signs) < _MOST:
            sign = chr(_FIRST + len(signs))
            signs[sign] = span
            words[place] = sign
    if not signs:
        return set()
    kind = "characters" if _HAN.search(line) else "words"
    joined = ("" if kind == "characters" else " ").join(words)
    return {
        signs[sign]
        for match in _patterns()[kind].finditer(joined)
        for sign in match[0]
        if sign in signs
    }

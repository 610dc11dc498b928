"""The words that tell a page's kind, as sets and turned round: ``kinds/words.toml`` read once."""

import tomllib
from functools import lru_cache
from importlib.resources import files

from crawlers.folding import fold
from crawlers.spotting import Phrasebook


@lru_cache(maxsize=1)
def kind_words() -> dict[str, dict[str, frozenset[str]]]:
    """The word lists: kind -> ``path``, ``last`` or ``title`` -> folded words of all languages."""
    source = files("crawlers.extract").joinpath("kinds/words.toml").read_text("utf-8")
    return {
        kind: {
            part: frozenset(fold(word) for words in languages.values() for word in words)
            for part, languages in parts.items()
        }
        for kind, parts in tomllib.loads(source).items()
    }


@lru_cache(maxsize=3)
def words_to_kinds(part: str) -> dict[str, tuple[str, ...]]:
    """The word lists turned round: word -> the kinds it speaks for."""
    found: dict[str, list[str]] = {}
    for kind, parts in kind_words().items():
        for word in parts.get(part, ()):
            found.setdefault(word, []).append(kind)
    return {word: tuple(kinds) for word, kinds in found.items()}


@lru_cache(maxsize=1)
def _foreign_book() -> Phrasebook:
    return Phrasebook(word for word in words_to_kinds("title") if not word.isascii())


def kinds_inside(text: str) -> list[str]:
    """The kinds of the words that stand anywhere in a text that parts no words: Chinese."""
    book, table = _foreign_book(), words_to_kinds("title")
    words = {book.phrases[which] for which, _, _ in book.spot(text)}
    return [kind for word in words for kind in table[word]]

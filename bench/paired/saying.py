"""Reading posts for demand: how many a second, and beside one expression after another."""

import time
from collections.abc import Iterator

from bench import demand_texts
from bench.demand import posts_of
from bench.paired import Figure
from bench.paired.pages import source
from pipelines.demand import Brand, DemandReader, MarketTerms
from pipelines.demand.folded import Folded
from pipelines.demand.rulebook import LANGUAGES, rulebook

_SETS = ("comparison_en", "comparison_zh", "comparison_vi", "pain_vi", "dev")
_EACH = 300
_PLAIN = 40
"""Texts of each language for the slow side: thousands of expressions a text."""


def _texts() -> list[tuple[str, str]]:
    """(text, language)."""
    if source() == "real pages":
        return [(post["text"], post["lang"]) for name in _SETS for post in posts_of(name)[:_EACH]]
    return [(post["text"], lang) for lang in LANGUAGES for post in demand_texts.posts(lang)]


def posts_a_second(rounds: int) -> Iterator[Figure]:
    """Posts of the demand sets, a second of one core."""
    reader = DemandReader(MarketTerms(brands=tuple(Brand(f"Brand{n}") for n in range(30))))
    texts = _texts()
    for number in range(rounds + 1):
        began = time.process_time()
        for text, lang in texts:
            reader.read(text, lang=lang)
        spent = time.process_time() - began
        if number:
            mean = sum(len(text) for text, _ in texts) / len(texts)
            yield Figure(
                value=len(texts) / spent,
                parts=f"{len(texts)} posts of {mean:.0f} characters, "
                f"{1e6 * spent / len(texts):.0f} us each",
            )


def beside_plain_expressions(rounds: int) -> Iterator[Figure]:
    """The same rules, each compiled expression sought in each text."""
    reader = DemandReader()
    texts = [
        (text, lang)
        for wanted in LANGUAGES
        for text, lang in [one for one in _texts() if one[1] == wanted][:_PLAIN]
    ]
    patterns = {
        lang: [pattern.regex() for pattern in rulebook(lang).patterns] for lang in LANGUAGES
    }
    for number in range(rounds + 1):
        read = plain = 0.0
        for text, lang in texts:
            began = time.process_time()
            reader.read(text, lang=lang)
            read += time.process_time() - began
            folded = Folded(text).text
            began = time.process_time()
            for pattern in patterns[lang]:
                pattern.search(folded)
            plain += time.process_time() - began
        if number:
            yield Figure(
                value=plain / read,
                parts=f"{1e6 * plain / len(texts):.0f} us / {1e6 * read / len(texts):.0f} us a "
                f"post, {sum(map(len, patterns.values()))} expressions",
            )

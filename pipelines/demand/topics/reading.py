"""Which topics a stretch of text names, and what a post's pains, praise, barriers are about."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Literal

from crawlers.words import Barrier
from pipelines.demand.folded import Folded, bare
from pipelines.demand.reading import Claim, Reading
from pipelines.demand.topics.catalogue import LANGUAGES, NOTHING, Book, book_of

Kind = Literal["pain", "praise", "barrier", "suggestion"]
KINDS: tuple[Kind, ...] = ("pain", "praise", "barrier", "suggestion")

LONGEST_QUOTE = 500

# As the reader tells Vietnamese typed without accents (pipelines/demand/reader.py).
_TYPED_WITH_ACCENTS = 0.12
# Characters between the two words of a pair, around a quote in a sentence without commas.
_APART = {"zh": 12}
_USUALLY_APART = 24
_HAN = re.compile(r"[\u3400-\u9fff]")
_MARKED = re.compile(r"[^\x00-\x7f]\w*")
_SENTENCE = re.compile(r"(?<![.!?…])[.!?…]++(?=\s|$)|[。！？!?]+|\n+")
_CONTRAST = re.compile(
    r"\b(?:but|however|although|though|yet|nhưng|tuy nhiên|có điều|được cái)\b"
    r"|但是?|不过|就是(?=.{2})|可惜|然而",
    re.IGNORECASE,
)
_COMMA = re.compile(r"[,;，；、–—]\s*|\s-\s")
_AROUND = {"zh": 40}
_USUALLY_AROUND = 100
# A barrier of these kinds names its topic by being one, whatever its words.
_BY_BARRIER: dict[Barrier, str] = {
    "price": "price",
    "too_cheap": "fraud",
    "trust": "trust",
    "missing_feature": "missing_feature",
    "availability": "stock",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a claim is about: the claim's kind, the topic's id, the clause or sentence saying so.

    ``quote`` is a literal part of the text, at most :data:`LONGEST_QUOTE` characters.
    """

    kind: Kind
    topic: str
    quote: str


def topics_in(text: str, lang: str | None) -> dict[str, str]:
    """The topics a stretch of text names: id -> the first words that name it, as written.

    :param text: a clause, a sentence, a post; more than 20,000 characters are not read.
    :param lang: ``en``, ``zh`` or ``vi`` (regions allowed); nothing is found in other languages;
        ``None``: Chinese where there are Chinese characters, Vietnamese where its marks stand.
    """
    language = (lang or "").replace("_", "-").split("-")[0].lower() or _guess(text)
    if language not in LANGUAGES or not text:
        return {}
    folded = Folded(text[:20_000])
    accents = language != "vi" or _has_accents(folded.text)
    if not accents:
        folded.text = bare(folded.text)
    book = book_of(language, accents=accents)
    apart = _APART.get(language, _USUALLY_APART)
    return {
        topic: folded.quote(start, end)
        for start, end, topic in sorted(_places(book, folded.text, apart), reverse=True)
    }


def _guess(text: str) -> str:
    if _HAN.search(text):
        return "zh"
    return "vi" if _has_accents(text) else "en"


def _has_accents(text: str) -> bool:
    """As the reader tells Vietnamese typed without accents, by its words with foreign letters."""
    if text.isascii():
        return False
    return len(_MARKED.findall(text)) >= _TYPED_WITH_ACCENTS * (text.count(" ") + 1)


def _places(book: Book, text: str, apart: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, topic): the longest phrase of every place, pairs of phrases; weak words where
    there is nothing else.
    """
    found = [
        (number, start, end)
        for number, start, end in book.phrases.spot(text)
        if _whole(text, start, end)
    ]
    taken: list[tuple[int, int]] = []
    weak: list[tuple[int, int, str]] = []
    named = False
    found.sort(key=lambda one: (one[1] - one[2], one[1]))
    for number, start, end in found:
        topics, unsure = book.topics[number], book.weak[number]
        if not (topics or unsure) or _covered(taken, start, end):
            continue
        taken.append((start, end))
        if NOTHING not in topics:
            weak += [(start, end, topic) for topic in unsure]
            for topic in topics:
                named = True
                yield start, end, topic
    for number, start, end in found:
        for other, topic in book.pairs.get(number, ()):
            for second, begin, stop in found:
                if second == other and 0 <= begin - end <= apart:
                    named = True
                    yield start, stop, topic
    if not named:
        yield from weak


def _covered(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(a <= start and end <= b and (a, b) != (start, end) for a, b in taken)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether the place begins and ends where words do; Chinese has no such edges."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (
        (_letter(before) and _letter(text[start])) or (_letter(text[end - 1]) and _letter(after))
    )


def _letter(char: str) -> bool:
    return char.isalnum() and not "\u2e80" <= char <= "\u9fff"


def topics_of(reading: Reading, text: str) -> tuple[Topic, ...]:
    """What the pains, praise, barriers and wishes of a post are about.

    Sought in the clause in which a claim stands, then with the clause before it, then with the one
    after it, never over a full stop or a "but"; a barrier's kind tells the rest. A claim of which
    none of these says what it is about has no topic.

    :param text: the text the reading was made from.
    """
    known: dict[tuple[int, int], dict[str, str]] = {}

    def named(start: int, end: int) -> dict[str, str]:
        if (start, end) not in known:
            known[start, end] = topics_in(text[start:end], reading.lang)
        return known[start, end]

    rows: dict[tuple[Kind, str], Topic] = {}
    by_rule = {(claim.claim, claim.quote) for claim in reading.evidence if not _guessed(claim)}
    for claim in reading.evidence:
        kind = _kind(claim.claim)
        if kind is None:
            continue
        if _guessed(claim) and _contradicted(by_rule, claim):
            continue
        for start, end in _stretches(text, claim.quote, reading.lang):
            if found := named(start, end):
                quote = text[start:end].strip()
                break
        else:
            implied = _BY_BARRIER.get(reading.barrier) if reading.barrier else None
            if kind != "barrier" or implied is None or _guessed(claim):
                continue
            found, quote = {implied: ""}, claim.quote
        if len(quote) > LONGEST_QUOTE:
            quote = claim.quote[:LONGEST_QUOTE]
        for topic in found:
            rows.setdefault((kind, topic), Topic(kind=kind, topic=topic, quote=quote))
    return tuple(rows.values())


_OPPOSITE = {"pain": "praise", "praise": "pain"}


def _guessed(claim: Claim) -> bool:
    """Whether no words said so: the model weighed the whole post, and its sentence is a guess."""
    return "/learnt." in claim.rule


def _contradicted(by_rule: Set[tuple[str, str]], guess: Claim) -> bool:
    """Whether a rule reads the opposite out of the sentence of a guess."""
    opposite = _OPPOSITE.get(guess.claim)
    return any(said == opposite and words in guess.quote for said, words in by_rule)


def _kind(claim: str) -> Kind | None:
    for kind in KINDS:
        if claim == kind:
            return kind
    return None


def _stretches(text: str, quote: str, lang: str) -> Iterator[tuple[int, int]]:
    """Start and end of the clause in which a quote stands; then joined with its neighbours."""
    place = text.find(quote)
    if place < 0 or not quote:
        return
    stop = place + len(quote)
    reach = _AROUND.get(lang, _USUALLY_AROUND)
    first, last = max(0, place - 2 * reach), min(len(text), stop + 2 * reach)
    first, last = _between(_SENTENCE, text, place, stop, first, last)
    first, last = _between(_CONTRAST, text, place, stop, first, last)
    begin, end = _between(_COMMA, text, place, stop, first, last)
    begin, end = _near(text, begin, place, stop, end, reach)
    yield begin, end
    if begin > first:
        before = max(0, begin - 2)
        yield _near(text, _between(_COMMA, text, before, before, first, begin)[0], place, stop, end,
                    reach)  # fmt: skip
    if end < last:
        after = min(end + 1, last)
        yield _near(text, begin, place, stop, _between(_COMMA, text, after, after, end, last)[1],
                    reach)  # fmt: skip


def _near(text: str, begin: int, place: int, stop: int, end: int, reach: int) -> tuple[int, int]:
    """The stretch without what is further than ``reach`` from ``place..stop``, in whole words."""
    if place - begin > reach:
        begin = text.find(" ", place - reach, place) + 1 or place - reach
    if end - stop > reach:
        cut = text.rfind(" ", stop, stop + reach)
        end = cut if cut > stop else stop + reach
    return begin, end


def _between(
    pattern: re.Pattern[str], text: str, place: int, stop: int, begin: int, end: int
) -> tuple[int, int]:
    """The stretch around ``place..stop`` between two matches of a pattern."""
    start = begin
    for match in pattern.finditer(text, begin, end):
        if match.end() <= place:
            start = match.end()
        elif match.start() >= stop:
            return start, match.start()
        elif match.end() >= stop:
            return start, match.end()
    return start, end

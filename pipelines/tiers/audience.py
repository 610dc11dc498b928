"""Whether a word for people stands where an audience stands. Pure.

"Software for banks" is for banks; "link your bank account" is not, nor is a company of 42 engineers
for engineers. What an audience's words are: ``audiences.toml``; what stands around them: the table
``[audience]`` of ``signs.toml``.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawlers.folding import fold
from pipelines.tiers.terms import Hit, PhraseTable, Token, listed, tokens

_GAP = {"en": 4, "zh": 6, "vi": 5}  # words (characters) between "for" and those it is for
_REACH = 14  # words after "for" that may list them
_STOP = re.compile(r"[.;:!?()\[\]。；：！？（）\n|•·]|\s[-–—]\s|—")
_COMMA = re.compile(r"[,，、/&+]")


@dataclass(frozen=True, slots=True)
class Term:
    """How a term of a segment counts, by its English number; ``None``: it is not sought so.

    ``True``: wherever it stands; ``False``: only where an audience stands. A term without a plural
    (all but English ones) has the singular only.
    """

    segment: str
    singular: bool | None
    plural: bool | None

    def counts_alone(self, *, plural: bool) -> bool | None:
        """How it counts as written; a plural counts as a singular where no plural is listed."""
        return self.plural if plural and self.plural is not None else self.singular


def audience_terms(segments: Mapping[str, Mapping[str, str]]) -> PhraseTable[Term]:
    """The terms of all segments: ``terms`` of a segment count alone, ``in_context`` do not."""
    numbers: dict[tuple[str, str], dict[bool, bool]] = {}
    for name, row in segments.items():
        for key, alone in (("in_context", False), ("terms", True)):
            for term in listed(row.get(key, "")):
                words = tokens(term)
                if words:
                    folded = " ".join(token.word for token in words)
                    plural = _is_plural(term, words[-1])
                    numbers.setdefault((folded, name), {})[plural] = alone
    return PhraseTable(
        (folded, Term(name, number.get(False), number.get(True)))
        for (folded, name), number in numbers.items()
    )


def _is_plural(text: str, token: Token) -> bool:
    """Whether a word lost its English plural when it was folded."""
    return len(token.word) < token.end - token.start and text[token.start : token.end].lower() != (
        token.word
    ) and text[token.start : token.end].isascii()  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceSigns:
    """The table ``[audience]``, ready to be sought. ``aims`` labels are (language, as written); of
    ``none`` are words that only hold such a word.
    """

    aims: PhraseTable[tuple[str, str]]
    ends: Mapping[str, PhraseTable[bool]]
    between: frozenset[str]
    joins: frozenset[str]
    about: frozenset[str]
    numbers: frozenset[str]


def audience_signs(rows: Mapping[str, str]) -> AudienceSigns:
    """The signs, from the rows of the rule file."""

    def words(key: str) -> frozenset[str]:
        return frozenset(token.word for token in tokens(rows[key]))

    return AudienceSigns(
        aims=PhraseTable((term, (language, term)) for language in (*_GAP, "none")
                         for term in listed(rows[language])),
        ends={language: PhraseTable((term, True) for term in listed(rows[f"{language}_ends"]))
              for language in _GAP},
        between=words("vi_between"),
        joins=words("joins"),
        about=words("about"),
        numbers=words("numbers"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Aim:
    language: str
    past: int  # the first word after it
    end: int  # past the last word that it may reach


class AudiencePlaces:
    """Where in a passage an audience may stand."""

    def __init__(
        self, text: str, found: Sequence[Token], words: Sequence[str], signs: AudienceSigns
    ) -> None:
        self._text, self._tokens, self._words, self._signs = text, found, words, signs
        self._aims = tuple(self._find_aims())

    def segments(self, hits: Iterator[Hit[Term]], place: str) -> Iterator[tuple[Hit[Term], str]]:
        """The hits that say for whom, each with its segment.

        :param place: ``audience`` phrases are believed as they stand; ``keywords`` and ``category``
            where a phrase is the term and nothing else; other text by what stands around.
        """
        for hit in hits:
            plural = _is_plural(self._text, self._tokens[hit.end - 1])
            for term in hit.labels:
                alone = term.counts_alone(plural=plural)
                if (
                    place == "audience"
                    or alone
                    or (alone is not None and self._is_audience(hit))
                    or (place in ("keywords", "category") and alone is False and self._whole(hit))
                ):
                    yield hit, term.segment

    def _find_aims(self) -> Iterator[_Aim]:
        for hit in self._signs.aims.find(self._words):
            written = self._written(hit.first, hit.end)
            for language, term in hit.labels:
                if language == "none" or (language == "vi" and written not in (term, fold(term))):
                    continue
                yield _Aim(language, hit.end, self._end_of(hit.end, language))

    def _written(self, first: int, end: int) -> str:
        words = self._text[self._tokens[first].start : self._tokens[end - 1].end]
        return unicodedata.normalize("NFC", " ".join(words.lower().split()))

    def _end_of(self, past: int, language: str) -> int:
        last = min(len(self._words), past + _REACH)
        ends = self._signs.ends[language].find(self._words[past:last])
        last = next((past + hit.first for hit in ends), last)
        for at in range(past, last):
            if _STOP.search(self._gap(at)):
                return at
        return last

    def _gap(self, at: int) -> str:
        """What stands between a word and the one before it."""
        before = self._tokens[at - 1].end if at else 0
        return self._text[before : self._tokens[at].start]

    def _is_audience(self, hit: Hit[Term]) -> bool:
        return any(
            aim.past <= hit.first < aim.end and self._is_object(aim, hit.first)
            for aim in self._aims
        )

    def _is_object(self, aim: _Aim, first: int) -> bool:
        """Whether only what may describe it stands between a term and the aim, or the list's
        last comma or "and". A number counts customers just after the aim ("for 900 banks"), staff
        elsewhere.
        """
        at, number = first, -1
        while at > aim.past and not _COMMA.search(self._gap(at)):
            word = self._words[at - 1]
            if word in self._signs.joins:
                break
            if word[:1].isdigit() or word in self._signs.numbers:
                number = at - 1
            elif aim.language == "vi" and not (
                word in self._signs.between or word in self._signs.about
            ):
                return False
            at -= 1
            if first - at > _GAP[aim.language]:
                return False
        return number < 0 or (
            at == aim.past and self._signs.about.issuperset(self._words[at:number])
        )

    def _whole(self, hit: Hit[Term]) -> bool:
        """Whether punctuation or the ends of the passage enclose it."""
        starts = hit.first == 0 or self._parts(hit.first)
        ends = hit.end == len(self._words) or self._parts(hit.end)
        return starts and ends

    def _parts(self, at: int) -> bool:
        gap = self._gap(at)
        return bool(_STOP.search(gap) or _COMMA.search(gap))

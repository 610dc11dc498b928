"""The tables a profile is read with: taxonomy, audience segments, forms, signs, filler. Pure."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from pipelines.tiers.audience import AudienceSigns, Term, audience_signs, audience_terms
from pipelines.tiers.taxonomy import Taxonomy, load_taxonomy
from pipelines.tiers.terms import PhraseTable, listed, stem_of, tokens


def rule_file(name: str) -> dict[str, Any]:
    """A TOML file of this folder."""
    return tomllib.loads(resources.files("pipelines.tiers").joinpath(name).read_text("utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What stands in the rule files, ready to be sought.

    ``relations`` labels are (``completes`` or ``replaces``, ``before`` or ``after``);
    ``mimics`` labels are ``before`` or ``after``; ``axes`` maps a scale of audiences to its ends;
    ``within`` maps a segment to the wider one it belongs to, ``broad`` ones hold nearly everyone;
    ``segment_words`` are the single words of all segments,
    ``segment_terms`` their folded phrases; ``names`` holds what trades, kinds
    and segments are called, by language.
    """

    taxonomy: Taxonomy
    segments: PhraseTable[Term]
    audience: AudienceSigns
    within: Mapping[str, str]
    broad: frozenset[str]
    forms: PhraseTable[str]
    relations: PhraseTable[tuple[str, str]]
    extension: PhraseTable[str]
    mimics: PhraseTable[str]
    axes: Mapping[str, Mapping[str, frozenset[str]]]
    other: PhraseTable[bool]
    aim: PhraseTable[bool]
    stop: frozenset[str]
    segment_words: frozenset[str]
    segment_terms: frozenset[str]
    names: Mapping[str, Mapping[str, str]]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The tables that ship with the package."""
    audiences = rule_file("audiences.toml")
    segments = audiences["segment"]
    forms = rule_file("forms.toml")["form"]
    stop = rule_file("words.toml")["stop"]
    signs = rule_file("signs.toml")
    taxonomy = load_taxonomy()
    return Lexicon(
        taxonomy=taxonomy,
        segments=audience_terms(segments),
        audience=audience_signs(signs["audience"]),
        within={name: row["within"] for name, row in segments.items() if "within" in row},
        broad=frozenset(name for name, row in segments.items() if row.get("broad")),
        forms=_table(forms),
        relations=PhraseTable(
            (term, (relation, side))
            for relation in ("completes", "replaces")
            for side in ("before", "after")
            for term in listed(signs[relation][side])
        ),
        extension=_table(signs["extension"]),
        mimics=_table(signs["mimics"]),
        axes={
            axis: {end: frozenset(names) for end, names in ends.items()}
            for axis, ends in audiences["axis"].items()
        },
        other=PhraseTable((term, True) for term in listed(signs["other"]["words"])),
        aim=PhraseTable((term, True) for term in listed(signs["aim"]["words"])),
        stop=frozenset(token.word for row in stop.values() for token in tokens(row)),
        segment_terms=frozenset(
            " ".join(token.word for token in tokens(term))
            for row in segments.values()
            for term in _terms(row)
        ),
        segment_words=frozenset(
            stem_of(token.word)
            for row in segments.values()
            for term in _terms(row)
            for token in tokens(term)
        ),
        names={**taxonomy.names, **{name: row["name"] for name, row in segments.items()}},
    )


def _terms(segment: Mapping[str, Any]) -> list[str]:
    return [*listed(segment.get("terms", "")), *listed(segment.get("in_context", ""))]


def _table(rows: Mapping[str, str]) -> PhraseTable[str]:
    def pairs() -> Iterator[tuple[str, str]]:
        for name, terms in rows.items():
            for term in listed(terms):
                yield term, name

    return PhraseTable(pairs())

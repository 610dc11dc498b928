"""Kinds of product and the trades they belong to, with their names in three languages.

The TOML files beside this one are the taxonomy, written for this project. ``[kind.ID]`` is a kind
of product: ``trade`` its parent, ``en``, ``zh``, ``vi`` the phrases that name it (Vietnamese may
stand without accents, Chinese in either script: both sides are folded), ``schema`` schema.org
types, ``substitutes`` other kinds that answer the same need, ``complements`` kinds that this kind
completes. ``[trade.ID]`` is a trade: its ``field``, the wider group it belongs to, ``name``, and
``hints``, words common in it that name no kind, ``wide`` where its kinds meet different needs (a
till and a web shop, a coding school and an English class). ``names.toml`` says what kinds are
called in Chinese and Vietnamese. Pure.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from pipelines.tiers.terms import PhraseTable, listed


@dataclass(frozen=True, slots=True)
class Concept:
    """A kind or a trade, as a label of a phrase."""

    id: str
    trade: str
    is_kind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """The kinds and trades; ``phrases`` finds them in a text.

    ``fields`` maps a trade to its field; ``substitutes`` and ``complements`` hold pairs of kinds,
    in both orders: a kind that another can stand in for, a kind that goes with another. ``wide``
    are the trades whose kinds meet different needs.
    """

    phrases: PhraseTable[Concept]
    kinds: Mapping[str, Concept]
    fields: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    substitutes: frozenset[tuple[str, str]]
    complements: frozenset[tuple[str, str]]
    wide: frozenset[str]


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """The taxonomy that ships with the package.

    :raises ValueError: where a row names a kind or trade that does not exist.
    """
    kinds: dict[str, Any] = {}
    trades: dict[str, Any] = {}
    called: dict[str, Mapping[str, str]] = {}
    for path in sorted(resources.files(__package__).iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".toml"):
            table = tomllib.loads(path.read_text("utf-8"))
            kinds |= table.get("kind", {})
            trades |= table.get("trade", {})
            called |= table.get("name", {})
    concepts = {name: Concept(name, row["trade"], True) for name, row in kinds.items()}
    for name, row in kinds.items():
        unknown = {row["trade"]} - trades.keys() | (
            {*row.get("substitutes", ()), *row.get("complements", ())} - kinds.keys()
        )
        if unknown:
            raise ValueError(f"taxonomy: kind {name} names unknown {', '.join(sorted(unknown))}")
    names = {name: row["name"] for name, row in trades.items()}
    names |= {
        name: {"en": name.replace("_", " "), **called.get(name, {})}
        for name in kinds
        if name not in names
    }
    return Taxonomy(
        phrases=PhraseTable(_phrases(kinds, trades, concepts)),
        kinds=concepts,
        fields={name: row["field"] for name, row in trades.items()},
        names=names,
        substitutes=_pairs(kinds, "substitutes"),
        complements=_pairs(kinds, "complements"),
        wide=frozenset(name for name, row in trades.items() if row.get("wide")),
    )


def _phrases(
    kinds: Mapping[str, Any], trades: Mapping[str, Any], concepts: Mapping[str, Concept]
) -> Iterator[tuple[str, Concept]]:
    for name, row in kinds.items():
        for language in ("en", "zh", "vi"):
            for term in listed(row.get(language, "")):
                yield term, concepts[name]
        for schema_type in row.get("schema", ()):
            yield schema_type, concepts[name]
    for name, row in trades.items():
        for term in listed(row["hints"]):
            yield term, Concept(name, name, False)


def _pairs(kinds: Mapping[str, Any], key: str) -> frozenset[tuple[str, str]]:
    pairs = {(name, other) for name, row in kinds.items() for other in row.get(key, ())}
    return frozenset(pairs | {(other, name) for name, other in pairs})

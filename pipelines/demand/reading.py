"""What is read in a post: the claims, and the words each rests on.

The vocabulary (stages, barriers, forces) is that of :mod:`crawlers.words`; the JSON is the
contract's (docs/contract.md, ``scrapy read``).
"""

from dataclasses import dataclass
from typing import Any, Literal

from crawlers.words import Answer, Barrier, Force, Script, Stage, SwitchStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One row of evidence: what is claimed, the words of the post, the rule that fired.

    ``quote`` is a literal part of the text that was read. ``rule`` is ``lang/group.name``.
    """

    claim: str
    quote: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A brand named in the post: its listed name, the words as written, its key where known."""

    brand: str
    text: str
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeling:
    """A listed brand praised or complained about, and the words that say so."""

    brand: str
    feeling: str
    quote: str
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One brand given up for another, thought of or done.

    ``from_brand`` and ``to_brand`` are listed names, or the words as written where nobody listed
    them; ``None`` where the post does not say. ``force`` is the pull or push named, if any.
    """

    status: SwitchStatus
    from_brand: str | None
    to_brand: str | None
    force: Force | None
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two things set against each other; ``preferred`` is the one that comes out better.

    Both names are ``None``-able; an even comparison has ``aspect`` and no preference, and is not
    listed here. ``aspect`` is what they are compared by, as written.
    """

    preferred: str | None
    other: str | None
    aspect: str | None
    quote: str


Fact = Literal[
    "times_bought", "frequency", "tenure", "budget", "spent", "owns", "segment", "role", "occasion"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorFact:
    """One thing an author says of himself or herself.

    :mod:`pipelines.demand.author` tells what ``value`` and ``number`` mean for each fact;
    ``currency`` is ISO 4217, or ``None`` where it cannot be told. ``quote`` is a literal part of
    the text that was read.
    """

    fact: Fact
    value: str
    number: float | None = None
    currency: str | None = None
    quote: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything read in one post. See docs/contract.md for the meaning of each field."""

    lang: str
    script: Script | None
    stage: Stage = "none"
    switch: Switch | None = None
    comparison: tuple[Comparison, ...] | None = None
    pain: bool = False
    praise: bool = False
    objection: bool = False
    poor_fit: bool = False
    suggestion: bool = False
    seller: bool = False
    barrier: Barrier | None = None
    need: Answer = "unknown"
    budget: Answer = "unknown"
    authority: Answer = "unknown"
    mentions: tuple[Mention, ...] = ()
    feelings: tuple[Feeling, ...] = ()
    evidence: tuple[Claim, ...] = ()
    author: tuple[AuthorFact, ...] = ()


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """The contract's keys and nothing else, ready for ``json.dumps``."""
    switch, comparison = reading.switch, reading.comparison
    return {
        "lang": reading.lang,
        "script": reading.script,
        "stage": reading.stage,
        "switch": None
        if switch is None
        else {
            "status": switch.status,
            "from": switch.from_brand,
            "to": switch.to_brand,
            "force": switch.force,
            "quote": switch.quote,
        },
        "comparison": None
        if comparison is None
        else [
            {"preferred": c.preferred, "other": c.other, "aspect": c.aspect, "quote": c.quote}
            for c in comparison
        ],
        "pain": reading.pain,
        "praise": reading.praise,
        "objection": reading.objection,
        "poor_fit": reading.poor_fit,
        "suggestion": reading.suggestion,
        "seller": reading.seller,
        "barrier": reading.barrier,
        "need": reading.need,
        "budget": reading.budget,
        "authority": reading.authority,
        "mentions": [{"brand": m.brand, "text": m.text} for m in reading.mentions],
        "evidence": [
            {"claim": e.claim, "quote": e.quote, "rule": e.rule} for e in reading.evidence
        ],
    }

"""The words of a post that its reading rests on: which they are, and where they stand in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

MOST = 40
"""Quotes shown of a post."""

_FEELINGS = ("pain", "praise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing read from a post.

    ``what`` is the claim (``pain``, ``barrier``, ``stage``, ...) or ``fact`` the kind of what the
    author says of himself; ``topic`` its id, ``about`` a brand; ``rule`` the rule that fired.
    """

    quote: str
    what: str = ""
    fact: str = ""
    topic: str = ""
    about: str = ""
    rule: str = ""


@dataclass(slots=True, kw_only=True)
class Proof:
    """A quote and all that was read from it; ``start``, ``end`` in the text, -1 where not found."""

    number: int
    quote: str
    start: int
    end: int
    said: list[Said] = field(default_factory=list)

    @property
    def rules(self) -> list[str]:
        """The rules that fired, each once."""
        return list(dict.fromkeys(one.rule for one in self.said if one.rule))

    @property
    def kind(self) -> str:
        """``pain`` or ``praise`` where one of both is said, for the colour of the mark."""
        felt = {one.what for one in self.said} & set(_FEELINGS)
        return felt.pop() if len(felt) == 1 else ""


def proofs(text: str, said: Iterable[Said]) -> list[Proof]:
    """The quotes behind what was said, each once, in the order of the text; numbered from 1.

    A quote that lies within another one is told with it.
    """
    groups: dict[str, list[Said]] = {}
    for one in said:
        if one.quote.strip():
            groups.setdefault(one.quote, []).append(one)
    found = []
    for quote, claims in list(groups.items())[:MOST]:
        start, end = _place(text, quote)
        same = dict.fromkeys(claims)  # several rules may fire for one claim
        found.append(Proof(number=0, quote=quote, start=start, end=end, said=list(same)))
    found = _outer(found)
    for place, proof in enumerate(found):
        proof.number = place + 1
    return found


def stretches(text: str, found: Sequence[Proof]) -> list[tuple[str, list[Proof], list[Proof]]]:
    """The text cut where a proof begins or ends: (piece, proofs it is in, proofs that end here)."""
    cuts = {0, len(text)}
    for proof in found:
        if proof.start >= 0:
            cuts |= {proof.start, proof.end}
    edges = sorted(cuts)
    return [
        (
            text[left:right],
            [proof for proof in found if proof.start <= left and right <= proof.end],
            [proof for proof in found if proof.end == right and proof.start >= 0],
        )
        for left, right in pairwise(edges)
    ]


def _outer(found: list[Proof]) -> list[Proof]:
    """The quotes in the order of the text, those not found in it last; inner ones told by outer."""
    kept: list[Proof] = []
    for proof in sorted(found, key=lambda one: (one.start < 0, one.start, -one.end)):
        around = kept[-1] if kept and kept[-1].start >= 0 <= proof.start else None
        if around is not None and proof.end <= around.end:
            around.said = list(dict.fromkeys([*around.said, *proof.said]))
        else:
            kept.append(proof)
    return kept


def _place(text: str, quote: str) -> tuple[int, int]:
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    words = quote.split()[:120]
    found = re.search(r"\s+".join(re.escape(word) for word in words), text) if words else None
    return found.span() if found else (-1, -1)

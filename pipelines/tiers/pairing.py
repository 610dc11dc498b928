"""Two companies side by side: what they sell above all, whom they sell it to, how that relates.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.tiers.lexicon import Lexicon
from pipelines.tiers.likeness import Likeness, Vectors
from pipelines.tiers.profile import PostFact
from pipelines.tiers.reading import Reading
from pipelines.tiers.taxonomy import Taxonomy

US = "us"
"""The key of the focal company among the names sought in other companies' texts."""

_AIMED = 0.5  # weight of an audience from which it is believed
_AIMED_SHARE = 0.3  # of the strongest end of a scale: less is a mention
_MAIN_SHARE = 0.4  # of the heaviest kind: less is a side matter
SURE = 1.0  # mentions of this weight are believed in full


@dataclass(slots=True, kw_only=True)
class Pair:
    """The focal company and another, read and compared."""

    focal: Reading
    other: Reading
    focal_vectors: Vectors
    other_vectors: Vectors
    likeness: Likeness
    key: str
    """What the other is called in the focal one's readings of names."""
    near: float | None = None
    """How near their sentences are (:mod:`pipelines.tiers.leanings`), where they were read."""
    our_key: str = US
    """What the focal one is called in the other's."""

    @property
    def posts(self) -> tuple[PostFact, ...]:
        """Posts that name both: they are kept with the one that is not ours."""
        return self.other.profile.posts or self.focal.profile.posts

    def reversed(self) -> "Pair":
        """The same two, seen from the other."""
        return Pair(
            focal=self.other,
            other=self.focal,
            focal_vectors=self.other_vectors,
            other_vectors=self.focal_vectors,
            likeness=self.likeness,
            near=self.near,
            key=self.our_key,
            our_key=self.key,
        )


def made_to_order(pair: Pair) -> bool:
    """Whether one side sells a product and the other the work of making one.

    An agency that builds web shops meets the need of those who buy a shop builder in another way:
    it is a substitute, however often it says "web shop".
    """

    def leans(reading: Reading, one: str, other: str) -> bool:
        weight = reading.forms.get(one, 0.0)
        return weight >= SURE and weight >= 2 * reading.forms.get(other, 0.0)

    product, work = "software", "service"
    return (leans(pair.focal, product, work) and leans(pair.other, work, product)) or (
        leans(pair.focal, work, product) and leans(pair.other, product, work)
    )


def other_customers(pair: Pair, lexicon: Lexicon) -> bool:
    """Whether both say for whom, and it is the other end of a scale: small shops and large chains,
    children and grown-ups, women and men, households and firms.
    """
    return any(
        ours and theirs and not ours & theirs
        for ends in lexicon.axes.values()
        for ours in (_ends(pair.focal, ends),)
        for theirs in (_ends(pair.other, ends),)
    )


def _ends(reading: Reading, ends: Mapping[str, frozenset[str]]) -> set[str]:
    """The ends of a scale at which a company's audience stands; a small share of it is none."""
    weights = {
        end: sum(reading.segments.get(name, 0.0) for name in names) for end, names in ends.items()
    }
    least = max(_AIMED, _AIMED_SHARE * max(weights.values()))
    return {end for end, weight in weights.items() if weight >= least}


def is_told(reading: Reading) -> bool:
    """Whether it is said which kinds of product a company sells."""
    return sum(reading.kinds.values()) >= SURE


def known_and_unlike(pair: Pair) -> bool:
    """Whether both say which kinds of product they sell, and what they share is at most a side
    matter of one of them: a wider trade that both belong to brings them no nearer.
    """
    if not is_told(pair.focal) or not is_told(pair.other):
        return False
    return not main_kinds(pair.focal.kinds) & main_kinds(pair.other.kinds)


def one_narrow_trade(pair: Pair, taxonomy: Taxonomy) -> bool:
    """Whether unlike main kinds are of one trade that is not wide, and neither stands in for the
    other or completes it: payroll and applicant tracking, courier and warehouse.
    """

    def trades(reading: Reading) -> set[str]:
        kinds = taxonomy.kinds
        return {kinds[kind].trade for kind in main_kinds(reading.kinds) if kind in kinds}

    shared = trades(pair.focal) & trades(pair.other) - taxonomy.wide
    related = taxonomy.substitutes | taxonomy.complements
    return bool(shared) and not related_kinds(pair, related)


def main_kinds(kinds: Mapping[str, float]) -> set[str]:
    """What a company sells above all: no kind that weighs far less than its heaviest, or that is
    hardly attested where another is well.
    """
    most = max(kinds.values(), default=0.0)
    least = max(_MAIN_SHARE * most, min(most, SURE))
    return {kind for kind, weight in kinds.items() if weight >= least}


def related_kinds(pair: Pair, pairs: frozenset[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """The weight of each (our main kind, their main kind) that the taxonomy relates."""
    our_main, their_main = main_kinds(pair.focal.kinds), main_kinds(pair.other.kinds)
    return {
        (ours, theirs): our_weight * their_weight * min(1.0, pair.other.kinds[theirs] / SURE)
        for ours, our_weight in pair.focal_vectors.kinds.items()
        for theirs, their_weight in pair.other_vectors.kinds.items()
        if (ours, theirs) in pairs and ours in our_main and theirs in their_main
    }

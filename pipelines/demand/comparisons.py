"""Comparative sentences: what is set against what, and which comes out better."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product
from math import exp, log

from pipelines.demand.brands import Found
from pipelines.demand.context import BLANK, Context
from pipelines.demand.learnt.linear import linear_model
from pipelines.demand.learnt.pairs import pair_features
from pipelines.demand.places import brand_in, name_before, name_in
from pipelines.demand.reading import Claim, Comparison
from pipelines.demand.rulebook import Hit

# "A and B are better": no difference between the two.
_AS_ONE = re.compile(r"[\W_]*(?:(?:and|or|nor|as well as|và|hay|hoặc|和|跟|或|与)[\W_]*)?")
# What parts a subject from its verb: a clause's end, or more than four words.
_APART = re.compile(r"[,;:.!?()]|(?:\s+\S+){5}")
_STOP = re.compile(r"[,;:.!?()\n]")
PAIRS = "pairs"
"""The model's name."""
# "I doubt whether A ...": what follows is left open.
_OPEN = re.compile(r"\b(?:whether|(?:wonder(?:ing)?|sure|know|idea|see|asked|ask) if)\b[^,;]*$")
_ALL_PAIRS = 4  # brands in a sentence, of which each two are looked at
_MOST_PAIRS = 6
_NEAR = 300  # characters around a match in which its aspect is looked for
_MOST_PLACES = 5  # of a brand in a sentence
_FLIPPED = {"a": "b", "b": "a"}


@dataclass(frozen=True, slots=True)
class Told:
    """What one match of the rules says: the sentence's number, the pair (if any), the rule."""

    sentence: int
    pair: Comparison | None
    claim: Claim


def read_comparisons(
    context: Context, hits: Sequence[Hit], found: Sequence[Found]
) -> tuple[tuple[Comparison, ...] | None, list[Claim]]:
    """What the post compares: ``None`` not comparative, ``()`` no pair (or no winner) named.

    Questions and suppositions compare nothing yet. Where a rule's words stand twice in a
    sentence, the longest match speaks. In English, sentences that name two listed brands are
    weighed by what was learnt (:mod:`pipelines.demand.learnt.pairs`), the rules' word among it.

    :param hits: matches of the group ``contrast``; ``value`` says who is better: ``a`` (named
        before), ``b`` (named after), ``even`` or ``best``; groups ``a``, ``b``.
    """
    found = of_author(context, found)
    told, denied = told_by_rules(context, hits, found)
    if context.book.language == "en" and len({f.brand.name for f in found}) > 1:
        told = _weighed(context, told, denied, found)
    if not told:
        return None, []
    pairs = dict.fromkeys(one.pair for one in told if one.pair is not None)
    return tuple(pairs), [one.claim for one in told][:5]


def told_by_rules(
    context: Context, hits: Sequence[Hit], found: Sequence[Found]
) -> tuple[list[Told], set[int]]:
    """What the rules alone read, and the sentences that leave open or deny what they compare."""
    told: list[Told] = []
    denied: set[int] = set()
    taken = bytearray(len(context.text))  # a mark a character
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        if 1 in taken[hit.start : hit.end]:
            continue
        if context.asks_whether(hit.start):
            denied.add(context.sentence(hit.start))
            continue
        taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
        better = hit.rule.value
        if context.negated(hit):
            if hit.rule.turns is None:
                pass
            elif hit.rule.turns == "":
                denied.add(context.sentence(hit.start))
                continue
            else:
                better = _FLIPPED.get(better, better)
        pair = _pair(context, hit, found, better)
        if pair is None and "pair" in hit.rule.flags:
            continue
        if not _between_listed(context, hit, found, pair):
            continue
        quote = context.folded.quote(hit.start, hit.end)
        claim = Claim(claim="comparison", quote=quote, rule=hit.rule.id)
        told.append(Told(context.sentence(hit.start), pair, claim))
    return told, denied


@dataclass(frozen=True, slots=True)
class Row:
    """Two listed brands of a sentence, in order, and what stands around them."""

    sentence: int
    first: Found
    second: Found
    features: set[str]


def pair_rows(
    context: Context, told: Sequence[Told], denied: set[int], found: Sequence[Found]
) -> list[Row]:
    """Every two listed brands of a sentence, first named to second; of long lists neighbours."""
    rows: list[Row] = []
    by_sentence: dict[int, dict[str, list[Found]]] = {}
    for place in found:
        names = by_sentence.setdefault(context.sentence(place.start), {})
        names.setdefault(place.brand.name, []).append(place)
    for sentence, places in by_sentence.items():
        if len(places) < 2:
            continue
        named = list(places.values())
        two = combinations(named, 2) if len(named) <= _ALL_PAIRS else pairwise(named)
        for one, other in islice(two, _MOST_PAIRS):
            first, second = _nearest(one, other)
            begin, end = context.bounds(first.start)
            features = pair_features(
                context.own[begin:end],
                (first.start - begin, first.end - begin),
                (second.start - begin, second.end - begin),
            )
            features.update(_by_rules(told, sentence, first.brand.name, second.brand.name))
            if sentence in denied or _OPEN.search(context.text, begin, first.start):
                features.add("rules deny")
            rows.append(Row(sentence, first, second, features))
    return rows


def of_author(context: Context, found: Sequence[Found]) -> list[Found]:
    """The places outside quotations: what others say of brands compares nothing for the author."""
    return [place for place in found if context.own[place.start] != BLANK]


def _nearest(one: Sequence[Found], other: Sequence[Found]) -> tuple[Found, Found]:
    """The two places of two brands that stand nearest to each other, in order."""
    pairs = product(one[:_MOST_PLACES], other[:_MOST_PLACES])
    first, second = min(pairs, key=lambda two: abs(two[0].start - two[1].start))
    return (first, second) if first.start < second.start else (second, first)


def _by_rules(told: Sequence[Told], sentence: int, first: str, second: str) -> Iterator[str]:
    """What the rules say of two brands, as features."""
    here = [one for one in told if one.sentence == sentence]
    yield "rules compare" if here else "rules silent"
    for one in here:
        yield one.claim.rule
        if one.pair is not None:
            sides = (one.pair.preferred, one.pair.other)
            if sides == (first, second):
                yield "rules first"
            elif sides == (second, first):
                yield "rules second"
            else:
                yield "rules others"


def _weighed(
    context: Context, told: Sequence[Told], denied: set[int], found: Sequence[Found]
) -> list[Told]:
    """What is told of sentences without two listed brands, and what is learnt of those with."""
    model = linear_model(PAIRS)
    rows = pair_rows(context, told, denied, found)
    weighed = {row.sentence for row in rows}
    kept = [one for one in told if one.sentence not in weighed]
    for row in rows:
        margins = model.margins(row.features)
        better, worse = margins["BETTER"], margins["WORSE"]
        compares = {"rules first", "rules second"} & row.features
        if comparative(margins) < model.enough["BETTER"] or (
            "rules deny" in row.features and not compares
        ):
            continue
        sides = (row.first.brand.name, row.second.brand.name)
        preferred, other = sides if better >= worse else sides[::-1]
        kept.append(_told_of(context, row, told, preferred, other))
    return kept


def comparative(margins: Mapping[str, float]) -> float:
    """How much likelier than not a comparison is, whoever is preferred (log odds)."""
    return log(exp(margins["BETTER"]) + exp(margins["WORSE"])) - margins["NONE"]


def _told_of(context: Context, row: Row, told: Sequence[Told], preferred: str, other: str) -> Told:
    """The comparison with the rules' words where they say the same, else the stretch between."""
    for one in told:
        pair = one.pair
        if pair and one.sentence == row.sentence and (pair.preferred, pair.other) == (
            preferred, other,
        ):  # fmt: skip
            return one
    start, end = row.first.start, row.second.end
    tail = context.bounds(start)[1]
    cut = _STOP.search(context.text, end, min(tail, end + 60))
    quote = context.folded.quote(start, cut.start() if cut else min(tail, end + 60))
    aspect = _aspect(context, start, end)
    pair = Comparison(preferred=preferred, other=other, aspect=aspect, quote=quote)
    return Told(row.sentence, pair, Claim(claim="comparison", quote=quote, rule="en/learnt.pair"))


def _pair(context: Context, hit: Hit, found: Sequence[Found], better: str) -> Comparison | None:
    folded = context.folded
    begin, end = context.bounds(hit.start)
    named = [f for f in found if begin <= f.start < end]
    if "pair" in hit.rule.flags:
        sides = _told_apart(context, hit, named)
    else:
        sides = _named_sides(context, hit, named, begin, end)
    a, b = sides
    if (a is None and b is None) or a == b or better not in _FLIPPED:
        return None
    aspect = _aspect(context, hit.start, hit.end)
    preferred, other = (a, b) if better == "a" else (b, a)
    return Comparison(
        preferred=preferred,
        other=other,
        aspect=aspect,
        quote=folded.quote(hit.start, hit.end),
    )


def _aspect(context: Context, start: int, stop: int) -> str | None:
    """What they are compared by: the listed aspect in the words matched, else the nearest one."""
    pattern = context.book.aspects
    if pattern is None:
        return None
    begin, end = context.bounds(start)
    begin, end = max(begin, start - _NEAR), min(end, stop + _NEAR)
    places = [m.span() for m in pattern.finditer(context.text, begin, end)]
    if not places:
        return None
    nearest = min(places, key=lambda at: max(start - at[1], at[0] - stop, 0))
    return context.folded.quote(*nearest)


def _between_listed(
    context: Context, hit: Hit, found: Sequence[Found], pair: Comparison | None
) -> bool:
    """Whether a sentence that names two or more listed brands sets them against each other.

    Where it does not ("A, B and C are faster than ever"), it compares nothing of this market.
    """
    begin, end = context.bounds(hit.start)
    listed = {f.brand.name for f in found if begin <= f.start < end}
    if len(listed) < 2 or hit.rule.value not in _FLIPPED:
        return True
    return pair is not None and {pair.preferred, pair.other} <= listed


def _named_sides(
    context: Context, hit: Hit, named: Sequence[Found], begin: int, end: int
) -> tuple[str | None, str | None]:
    """What stands before the comparing words, and what after."""
    folded = context.folded
    b_start, b_end = hit.groups.get("b", (hit.end, hit.end))
    second = brand_in(named, b_start, max(b_end, min(end, b_start + 60)))
    if "a" in hit.groups:
        a = name_in(folded, named, *hit.groups["a"], last=True)
    else:
        before = [f for f in named if f.end <= b_start and (f.start < hit.start or f.end < b_start)]
        if second is not None:
            before = [f for f in before if f.brand.name != second.brand.name]
        a = before[-1].brand.name if before else name_before(folded, (), begin, hit.start)
        if a is None and second is not None:  # "Compared to B, A is easier"
            after = [f for f in named if f.start >= second.end and f.brand != second.brand]
            a = after[0].brand.name if after else None
    if second is not None:
        return a, second.brand.name
    return a, name_in(folded, named, b_start, b_end) if b_end > b_start else None


def _told_apart(
    context: Context, hit: Hit, named: Sequence[Found]
) -> tuple[str | None, str | None]:
    """The brand a bare "better" speaks of and the other one; none where they stand as one."""
    if len({f.brand.name for f in named}) != 2:
        return None, None
    before = [f for f in named if f.end <= hit.start]
    if not before or _APART.search(context.text, before[-1].end, hit.start):
        return None, None
    subject = before[-1]
    others = [f for f in named if f.brand.name != subject.brand.name]
    if any(_AS_ONE.fullmatch(_between(context, subject, other)) for other in others):
        return None, None
    return subject.brand.name, others[0].brand.name


def _between(context: Context, one: Found, two: Found) -> str:
    first, last = sorted((one, two), key=lambda f: f.start)
    return context.text[first.end : last.start]

"""Comparative sentences: what is set against what, and which comes out better."""

import re
from collections.abc import Sequence

from pipelines.demand.brands import Found
from pipelines.demand.context import Context
from pipelines.demand.places import brand_in, name_before, name_in
from pipelines.demand.reading import Claim, Comparison
from pipelines.demand.rulebook import Hit

# "A and B are better": no difference between the two.
_AS_ONE = re.compile(r"[\W_]*(?:(?:and|or|nor|as well as|và|hay|hoặc|和|跟|或|与)[\W_]*)?")
# What parts a subject from its verb: a clause's end, or more than four words.
_APART = re.compile(r"[,;:.!?()]|(?:\s+\S+){5}")
_FLIPPED = {"a": "b", "b": "a"}


def read_comparisons(
    context: Context, hits: Sequence[Hit], found: Sequence[Found]
) -> tuple[tuple[Comparison, ...] | None, list[Claim]]:
    """What the post compares: ``None`` not comparative, ``()`` no pair (or no winner) named.

    Questions and suppositions compare nothing yet. Where a rule's words stand twice in a
    sentence, the longest match speaks.

    :param hits: matches of the group ``contrast``; ``value`` says who is better: ``a`` (named
        before), ``b`` (named after), ``even`` or ``best``; groups ``a``, ``b``.
    """
    comparative = False
    pairs: list[Comparison] = []
    rows: list[Claim] = []
    taken: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        if any(hit.start < end and hit.end > start for start, end in taken):
            continue
        if context.asks_whether(hit.start):
            continue
        taken.append((hit.start, hit.end))
        better = hit.rule.value
        if context.negated(hit):
            if hit.rule.turns is None:
                pass
            elif hit.rule.turns == "":
                continue
            else:
                better = _FLIPPED.get(better, better)
        pair = _pair(context, hit, found, better)
        if pair is None and "pair" in hit.rule.flags:
            continue
        if not _between_listed(context, hit, found, pair):
            continue
        comparative = True
        quote = context.folded.quote(hit.start, hit.end)
        rows.append(Claim(claim="comparison", quote=quote, rule=hit.rule.id))
        if pair is not None and pair not in pairs:
            pairs.append(pair)
    if not comparative:
        return None, []
    return tuple(pairs), rows[:5]


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
    aspect = _aspect(context, hit)
    preferred, other = (a, b) if better == "a" else (b, a)
    return Comparison(
        preferred=preferred,
        other=other,
        aspect=aspect,
        quote=folded.quote(hit.start, hit.end),
    )


def _aspect(context: Context, hit: Hit) -> str | None:
    """What they are compared by: the listed aspect in the words matched, else the nearest one."""
    pattern = context.book.aspects
    if pattern is None:
        return None
    begin, end = context.bounds(hit.start)
    places = [m.span() for m in pattern.finditer(context.text, begin, end)]
    if not places:
        return None
    nearest = min(places, key=lambda at: max(hit.start - at[1], at[0] - hit.end, 0))
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

"""Who is praised and who is complained about: the brand each kind or angry word speaks of."""

import re
from collections.abc import Iterable, Sequence

from pipelines.demand.brands import Found
from pipelines.demand.context import Context
from pipelines.demand.reading import Comparison, Feeling, Switch
from pipelines.demand.rulebook import Hit

# What parts one thing said from the next: "A crashes, B does not", "A is dear but solid".
_PARTED = re.compile(
    r"[,;:.!?\n，。；：！？、()]|\b(?:but|while|whereas|although|though|however|yet)\b|"
    r"(?<!\w)(?:nhưng|còn|trong khi|tuy|mặc dù|nhung|con|mac du)(?!\w)|但是?|而|不过|可是|虽然"
)


def read_feelings(
    context: Context,
    felt: Sequence[tuple[Hit, str]],
    found: Sequence[Found],
    *,
    switch: Switch | None,
    comparisons: Iterable[Comparison],
) -> tuple[Feeling, ...]:
    """Each brand praised or complained about, with the first words that say so.

    The brand is the one named in the same clause, else before in the sentence; in a sentence that
    names none, the one spoken of last, as long as no two are spoken of at once. What is bad
    amid a switch is bad of the brand left, what is good of the brand taken. Words whose brand
    cannot be told are nobody's.

    :param felt: (match, ``pain`` or ``praise``), in order.
    """
    told: dict[tuple[str, str], Feeling] = {}
    for hit, feeling in felt:
        brand = _by_switch(context, hit, feeling, switch) or _spoken_of(context, hit, found)
        if brand is None:
            continue
        listed = next((f.brand for f in found if f.brand.name == brand), None)
        if listed is None:
            continue
        quote = context.folded.quote(hit.start, hit.end)
        told.setdefault(
            (brand, feeling), Feeling(brand=brand, key=listed.key, feeling=feeling, quote=quote)
        )
    for pair in comparisons:  # better than a listed one is a kind word, however it is put
        listed = next((f.brand for f in found if f.brand.name == pair.preferred), None)
        if listed is not None:
            told.setdefault(
                (listed.name, "praise"),
                Feeling(brand=listed.name, key=listed.key, feeling="praise", quote=pair.quote),
            )
    return tuple(told.values())


def _by_switch(context: Context, hit: Hit, feeling: str, switch: Switch | None) -> str | None:
    """The side of the switch a feeling in its sentence speaks of."""
    if switch is None or not (switch.from_brand and switch.to_brand):
        return None
    if switch.quote not in context.folded.quote(*context.bounds(hit.start)):
        return None
    return switch.from_brand if feeling == "pain" else switch.to_brand


def _spoken_of(context: Context, hit: Hit, found: Sequence[Found]) -> str | None:
    begin, end = context.bounds(hit.start)
    here = [f for f in found if begin <= f.start < end]
    if here:
        first, last = begin, end
        for mark in _PARTED.finditer(context.text, begin, end):
            if mark.end() <= hit.start:
                first = mark.end()
            elif mark.start() >= hit.end:
                last = mark.start()
                break
        clause = [f for f in here if first <= f.start < last]
        before = [f for f in clause if f.start < hit.end] or clause[:1]
        before = before or [f for f in here if f.end <= hit.start]
        return before[-1].brand.name if before else _only(here)
    earlier = [f for f in found if f.end <= begin]
    if not earlier:
        return _only(found)
    last_sentence = context.sentence(earlier[-1].start)
    return _only([f for f in earlier if context.sentence(f.start) == last_sentence])


def _only(found: Sequence[Found]) -> str | None:
    """The brand where all places name the same one."""
    names = {f.brand.name for f in found}
    return names.pop() if len(names) == 1 else None

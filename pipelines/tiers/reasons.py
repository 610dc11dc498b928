"""The strongest reasons of a verdict, in words. Pure."""

from collections.abc import Mapping, Sequence

from crawlers.words import Flag, Tier
from pipelines.tiers.decision import YES, decide
from pipelines.tiers.verdict import FlagEvidence

TOO_LITTLE = "too little was seen to decide"
NOT_PROVEN = "fewer than two pieces of proof can be opened"
"""Why a verdict is ``insufficient``: kept with it where a researcher's word stands above it."""

_MOST = 3
_LONGEST_QUOTE = 90

_SAYS = {
    "kind": "same kind of product ({what})",
    "words": "says what we say ({what})",
    "trade": "same trade ({what})",
    "segment": "same audience ({what})",
    "stands_in": "another product for the same need ({what})",
    "made_to_order": "makes to order what we sell ready, or the other way round ({what})",
    "replaces": "says it replaces {what}",
    "meaning": "means what we mean, by a sentence model",
    "keyword": "its pages want to be found by the same words",
    "linked": "links to a site that other rivals and we link to ({what})",
    "named": "named as an alternative",
    "post": "named together with us in a post",
    "coming": "announces {what}",
    "coming_trade": "widens towards {what}",
}


_NAMES: Mapping[Flag, str] = {
    "same_product": "the same product",
    "same_audience": "the same audience",
    "same_category": "the same trade",
    "substitute": "another product for the same need",
    "extension": "signs of widening towards us",
}
_TIERS: Mapping[Tier | None, str] = {
    1: "1 direct", 2: "2 substitute", 3: "3 potential", None: "no rival",
}  # fmt: skip


def reasons_of(
    evidence: Sequence[FlagEvidence],
    values: Mapping[Flag, float],
    *,
    complement: bool,
    enough: bool,
    names: Mapping[str, Mapping[str, str]],
) -> tuple[str, ...]:
    """At most three sentences; where no tier is given, why not."""
    if not enough:
        return (TOO_LITTLE,)
    reasons: list[str] = []
    if complement:
        reasons.append("its product completes ours: a partner, not a rival")
    seen: set[str] = set()
    for row in evidence:
        family, _, what = row.rule.partition(":")
        if family not in _SAYS or values[row.flag] < YES or row.rule in seen:
            continue
        seen.add(row.rule)
        named = names.get(what.split("~")[0], {}).get("en", what.replace("~", " for "))
        said = _SAYS[family].format(what=named)
        reasons.append(f"{said}: “{_short(row.quote)}”")
        if len(reasons) == _MOST:
            break
    return tuple(reasons) or ("nothing shared reaches the line",)


def change_of(values: Mapping[Flag, float], tier: Tier | None) -> str | None:
    """The smallest change of one flag that would move the tier, in words; ``None``: no single one
    would.
    """
    yes = {str(flag): value >= YES for flag, value in values.items()}
    for flag in sorted(values, key=lambda name: (abs(values[name] - YES), name)):
        other = decide(**{**yes, str(flag): not yes[flag]})
        if other != tier:
            seen = "were not seen" if yes[flag] else "were seen"
            told = f"if {_NAMES[flag]} {seen} (now {values[flag]:.2f}, a yes from {YES})"
            return f"{told}, it would be {_TIERS[other]}"
    return None


def _short(quote: str) -> str:
    return quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 1].rstrip() + "…"

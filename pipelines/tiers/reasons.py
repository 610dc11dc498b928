"""The strongest reasons of a verdict, in words. Pure."""

from collections.abc import Mapping, Sequence

from crawlers.words import Flag
from pipelines.tiers.decision import YES
from pipelines.tiers.verdict import FlagEvidence

_MOST = 3
_LONGEST_QUOTE = 90

_SAYS = {
    "kind": "same kind of product ({what})",
    "words": "says what we say ({what})",
    "trade": "same trade ({what})",
    "segment": "same audience ({what})",
    "stands_in": "another product for the same need ({what})",
    "replaces": "says it replaces {what}",
    "named": "named as an alternative",
    "post": "named together with us in a post",
    "coming": "announces {what}",
    "coming_trade": "widens towards {what}",
}


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
        return ("too little was seen to decide",)
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


def _short(quote: str) -> str:
    return quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 1].rstrip() + "…"

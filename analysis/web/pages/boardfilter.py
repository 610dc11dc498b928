"""The filters of the tier board: what may stand in its address, and whom each keeps.

An unknown value is no filter, never an error.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from analysis.questions.standing import GROUPS, Standing
from crawlers.folding import search_text

SORTS: Final = ("near", "people")
DECIDED: Final = ("rules", "researcher")
NAMES: Final = ("tier", "channel", "language", "decided", "changed", "q")
_LONGEST = 100

Through = Mapping[str, Mapping[str, frozenset[str]]]
"""By filter and competitor: the channels it promotes through, the languages of its site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """What an address asks for; empty where it does not.

    ``tier`` is a group of the board; ``decided`` who put it there; ``changed`` is ``1`` for those
    whose sites changed in the time range; ``q`` a part of the name.
    """

    tier: str = ""
    channel: str = ""
    language: str = ""
    decided: str = ""
    changed: str = ""
    q: str = ""
    sort: str = "near"

    @property
    def anything(self) -> bool:
        """Whether anybody may be left out."""
        return any(getattr(self, name) for name in NAMES)

    def query(self, **other: str) -> dict[str, str]:
        """The same as parts of an address, some of them otherwise."""
        asked = {name: str(getattr(self, name)) for name in NAMES}
        return asked | {"sort": "" if self.sort == "near" else self.sort} | other

    def fits(self, one: Standing, through: Through) -> bool:
        """Whether a competitor is kept."""
        key = one.competitor
        return (
            self.tier in ("", one.group)
            and (not self.channel or self.channel in through["channel"].get(key, ()))
            and (not self.language or self.language in through["language"].get(key, ()))
            and self.decided in ("", decider(one))
            and (not self.changed or bool(one.counts["changes"]))
            and (not self.q or folded(self.q) in folded(one.name))
        )


@lru_cache(maxsize=4_000)
def folded(name: str) -> str:
    """A name as it is searched for."""
    return search_text(name[:300]).strip()


def decider(one: Standing) -> str:
    """Who put a competitor where it stands: ``rules`` or ``researcher``; nobody before a verdict
    and where nothing could be read.
    """
    if one.decision is not None or one.group == "ignored":
        return "researcher"
    return "" if one.verdict is None else "rules"


def build(
    query: Mapping[str, str], *, channels: frozenset[str], languages: frozenset[str]
) -> BoardFilter:
    """The filters an address names.

    :param channels: ids of all channels; ``languages`` of those any site has.
    """

    def among(name: str, known: Sequence[str] | frozenset[str]) -> str:
        value = query.get(name, "")[:_LONGEST]
        return value if value in known else ""

    return BoardFilter(
        tier=among("tier", [group for group in GROUPS if group != "candidate"]),
        channel=among("channel", channels),
        language=among("language", languages),
        decided=among("decided", DECIDED),
        changed=among("changed", ("1",)),
        q=query.get("q", "").strip()[:_LONGEST],
        sort=among("sort", SORTS) or "near",
    )


def options(
    board: Sequence[Standing], chosen: BoardFilter, through: Through
) -> dict[str, list[tuple[str, int]]]:
    """The values of each filter and how many it would leave beside the others; a value in force
    stands there even where it leaves nobody.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    for name in ("tier", "channel", "language", "decided", "changed"):
        others: Any = replace(chosen, **{name: ""})
        counts: Counter[str] = Counter()
        for one in board:
            if others.fits(one, through):
                counts.update(_values(name, one, through))
        now = str(getattr(chosen, name))
        if now and now not in counts:
            counts[now] = 0
        rows = counts.most_common()
        if name == "tier":
            rows.sort(key=lambda row: GROUPS.index(row[0]))
        found[name] = rows
    return found


def _values(name: str, one: Standing, through: Through) -> frozenset[str]:
    if name == "tier":
        return frozenset({one.group})
    if name == "decided":
        return frozenset({decider(one)} - {""})
    if name == "changed":
        return frozenset({"1"} if one.counts["changes"] else ())
    return through[name].get(one.competitor, frozenset())

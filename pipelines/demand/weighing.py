"""One post's matches, weighed: how much speaks for each claim, and on which words."""

from collections import defaultdict
from collections.abc import Sequence

from pipelines.demand.brands import Found, masked
from pipelines.demand.context import Context, without_quotations
from pipelines.demand.folded import Folded
from pipelines.demand.reading import Claim
from pipelines.demand.rulebook import Hit, Rulebook

# A claim holds from this sum of weights on; a rule that alone decides weighs 1.
ENOUGH = 1.0

_FEELINGS = ("pain", "praise", "neutral")
_STAGE_GROUPS = (
    "compare", "past_choice", "doubt", "seek", "ask", "use", "trouble", "news", "distance", "sell",
    "buyer",
)  # fmt: skip
# What advice to others says of its author nothing about.
_OWN_ONLY = ("use", "barrier")
_PLAIN_GROUPS = (*_STAGE_GROUPS, "objection", "poor_fit", "suggestion", "barrier")


def _firmest_first(hit: Hit) -> tuple[bool, int, int]:
    """Long matches before short ones, half-weight words last."""
    return hit.rule.weight < ENOUGH, hit.start - hit.end, hit.start


class Weighing:
    """What a post's matches weigh, group by group.

    :param of_market: whether the post names what the market sells (true where nobody said what).
    :param near_market: whether it holds a word of what is sold; ``None`` where nobody said what.
    """

    def __init__(
        self,
        folded: Folded,
        book: Rulebook,
        found: Sequence[Found],
        *,
        of_market: bool,
        near_market: bool | None = None,
    ) -> None:
        self.folded = folded
        self.lang = book.language
        self.found = found
        self.of_market = of_market
        self.near_market = near_market
        own = without_quotations(folded.text)
        text = masked(own, found)
        hits = list(book.hits(text))
        self.context = Context(folded, text, book, hits, own=own)
        self.groups: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            self.groups[hit.rule.group].append(hit)
        self.scores: dict[str, float] = defaultdict(float)
        self.rows: dict[str, list[Claim]] = defaultdict(list)
        self.barriers: dict[str, float] = defaultdict(float)
        self.felt: list[tuple[Hit, str]] = []
        for group in _PLAIN_GROUPS:
            if group in self.groups:
                self._weigh(group)
        self._weigh_feelings()

    def holds(self, group: str) -> bool:
        """Whether a group's matches together are enough."""
        return self.scores[group] >= ENOUGH

    @property
    def selling(self) -> bool:
        """Whether somebody offers something, of whatever kind."""
        return self.scores["sell"] - self.scores["buyer"] >= ENOUGH

    def claim(self, name: str, hit: Hit) -> Claim:
        """A match as a row of evidence."""
        return Claim(claim=name, quote=self.folded.quote(hit.start, hit.end), rule=hit.rule.id)

    def _weigh(self, group: str) -> None:
        context = self.context
        claim = "seller" if group == "sell" else group
        seen: set[str] = set()
        for hit in self.groups[group]:
            flags = hit.rule.flags
            if hit.rule.turns is not None and context.negated(hit):
                continue
            if "own" in flags and (
                context.is_reported(hit.start) or context.is_hypothetical(hit.start)
            ):
                continue
            if group in _OWN_ONLY and context.is_advice_only(hit.start):
                continue
            if "market" in flags and self.near_market is False and not self.of_market:
                continue
            if "statement" in flags and context.is_question(hit.start):
                continue
            if "voice" in flags and not context.is_first_person(hit.start):
                continue
            if "asks" in flags and not context.is_question(hit.start):
                continue
            weight = hit.rule.weight
            if hit.rule.id in seen:  # the same mark again adds little
                weight *= 0.34
            seen.add(hit.rule.id)
            self.scores[group] += weight
            if group == "barrier":
                self.barriers[hit.rule.value] += weight
                self.rows["barrier " + hit.rule.value].append(self.claim(claim, hit))
            else:
                self.rows[group].append(self.claim(claim, hit))

    def _weigh_feelings(self) -> None:
        """Good and bad words, the longest match first, turned where negated, none twice."""
        context = self.context
        # A mark a character: a list of spans makes repeated words quadratic.
        taken = bytearray(len(context.text))
        beaten = bytearray(len(context.text))
        hits = [hit for group in _FEELINGS for hit in self.groups[group]]
        kept: list[tuple[Hit, str]] = []
        # "Not as pretty as B" praises nothing: the good word is the other's.
        for hit in self.groups["contrast"]:
            if hit.rule.value == "b":
                beaten[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
        for hit in sorted(hits, key=_firmest_first):
            if hit.rule.group == "praise" and beaten[hit.start]:
                continue
            if 1 in taken[hit.start : hit.end]:
                continue
            taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
            if context.asks_about(hit):
                continue
            group = hit.rule.group
            if hit.rule.turns is not None and context.negated(hit):
                group = hit.rule.turns
            if group in ("", "neutral"):
                continue
            if "owner" in hit.rule.flags and self.scores["use"] < ENOUGH:
                continue
            if context.is_reported(hit.start) or context.is_hypothetical(hit.start):
                continue
            if "asked" not in hit.rule.flags and context.asks_clause(hit):
                continue
            kept.append((hit, group))
        self.felt = sorted(kept, key=lambda pair: pair[0].start)
        for hit, group in self.felt:
            self.scores[group] += hit.rule.weight
            self.rows[group].append(self.claim(group, hit))

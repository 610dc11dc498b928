"""One post's matches, weighed: which claims hold, and on which words."""

from collections import defaultdict
from collections.abc import Sequence

from crawlers.words import BARRIERS, Answer, Barrier, Script, Stage
from pipelines.demand.brands import Found, masked, mentions_of
from pipelines.demand.comparisons import read_comparisons
from pipelines.demand.context import Context, without_quotations
from pipelines.demand.folded import Folded
from pipelines.demand.reading import Claim, Reading, Switch
from pipelines.demand.rulebook import Hit, Rulebook
from pipelines.demand.switches import Clues, read_switch

# A claim holds from this sum of weights on; a rule that alone decides weighs 1.
ENOUGH = 1.0
# English forums chat about everything: without a word of own use, one kind word is no review.
_REVIEW_TONE = {"en": 2.0, "zh": 1.0, "vi": 1.0}
# News and guides run long and speak to readers: there, evaluations are not the author's own.
_LONG = {"en": 700, "zh": 260, "vi": 700}

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
    """Reads the claims off a post's matches.

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
        text = masked(without_quotations(folded.text), found)
        hits = list(book.hits(text))
        self.context = Context(folded, text, book, hits)
        self.groups: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            self.groups[hit.rule.group].append(hit)
        self.scores: dict[str, float] = defaultdict(float)
        self.rows: dict[str, list[Claim]] = defaultdict(list)
        self._barriers: dict[str, float] = defaultdict(float)
        for group in _PLAIN_GROUPS:
            if group in self.groups:
                self._weigh(group)
        self._weigh_feelings()

    def reading(self, *, script: Script | None) -> Reading:
        """All claims with their evidence."""
        seller = self._is_seller()
        switch, switch_rows = read_switch(
            self.context, self.groups["switch"], self.found, self._clues(), pain=self._holds("pain")
        )
        selling = self.scores["sell"] - self.scores["buyer"] >= ENOUGH
        stage = self._stage(switch, switch_rows, selling=selling)
        pain, praise = self._feelings(stage, seller=seller)
        comparison, comparison_rows = read_comparisons(
            self.context, self.groups["contrast"], self.found
        )
        apart = self.scores["news"] + self.scores["distance"]
        barrier = None if seller or (stage == "none" and apart > 0) else self._barrier()
        if barrier == "switching_cost" and switch is not None and switch.status == "done":
            barrier = None  # what it cost is paid
        answers = self._conditions(stage)
        flags = {
            "pain": pain,
            "praise": praise,
            "objection": not seller and self._holds("objection"),
            "poor_fit": not seller and self._holds("poor_fit"),
            "suggestion": self._holds("suggestion"),
            "seller": seller,
        }
        claims: list[Claim] = []
        if stage != "none":
            claims += self.rows["stage"][:3]
        for name, holds in flags.items():
            if holds:
                claims += self.rows["sell" if name == "seller" else name][:3]
        if barrier is not None:
            claims += self.rows["barrier " + barrier][:2]
        for name, answer in answers.items():
            if answer != "unknown":
                claims += self.rows[name][:2]
        claims += switch_rows + comparison_rows
        return Reading(
            lang=self.lang,
            script=script,
            stage=stage,
            switch=switch,
            comparison=comparison,
            barrier=barrier,
            mentions=mentions_of(self.found, self.folded),
            evidence=tuple(claim for claim in claims if claim.quote),
            pain=pain,
            praise=praise,
            objection=flags["objection"],
            poor_fit=flags["poor_fit"],
            suggestion=flags["suggestion"],
            seller=seller,
            need=answers["need"],
            budget=answers["budget"],
            authority=answers["authority"],
        )

    def _clues(self) -> Clues:
        if not self.groups["switch"]:
            return Clues()

        def named(group: str) -> list[Found]:
            return [
                f
                for f in self.found
                if any(h.start <= f.start and f.end <= h.end for h in self.groups[group])
            ]

        eyed = named("eyed")
        return Clues(
            plans=self.groups["plan"],
            forces=self.groups["force"],
            used=[f for f in named("use") if f not in eyed],
            eyed=eyed,
        )

    def _claim(self, name: str, hit: Hit) -> Claim:
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
                self._barriers[hit.rule.value] += weight
                self.rows["barrier " + hit.rule.value].append(self._claim(claim, hit))
            else:
                self.rows[group].append(self._claim(claim, hit))

    def _weigh_feelings(self) -> None:
        """Good and bad words, the longest match first, turned where negated, none twice."""
        context = self.context
        taken: list[tuple[int, int]] = []
        hits = [hit for group in _FEELINGS for hit in self.groups[group]]
        kept: list[tuple[Hit, str]] = []
        # "Not as pretty as B" praises nothing: the good word is the other's.
        beaten = [(h.start, h.end) for h in self.groups["contrast"] if h.rule.value == "b"]
        for hit in sorted(hits, key=_firmest_first):
            if hit.rule.group == "praise" and any(a <= hit.start < b for a, b in beaten):
                continue
            if any(hit.start < end and hit.end > start for start, end in taken):
                continue
            taken.append((hit.start, hit.end))
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
        for hit, group in sorted(kept, key=lambda pair: pair[0].start):
            self.scores[group] += hit.rule.weight
            self.rows[group].append(self._claim(group, hit))

    def _holds(self, group: str) -> bool:
        return self.scores[group] >= ENOUGH

    def _is_seller(self) -> bool:
        if self.scores["sell"] - self.scores["buyer"] < ENOUGH:
            return False
        # A merchant who looks for a tool is demand: what is offered must be what the market sells.
        return self.of_market

    def _stage(self, switch: Switch | None, rows: list[Claim], *, selling: bool) -> Stage:
        scores = self.scores
        if switch is not None:  # who changed brands uses one; who thinks of it looks for one
            sides = switch.from_brand and switch.to_brand
            if (
                switch.status == "considering"
                and switch.from_brand
                and scores["use"] >= ENOUGH > scores["compare"]
            ):
                return self._with_rows("using", "use")  # says what it uses, and may leave it
            group = "use" if switch.status == "done" else "compare" if sides else "seek"
            scores[group] += ENOUGH
            self.rows[group] += rows[:1]
        if selling:
            return "none"
        use = scores["use"] - scores["news"]
        if scores["compare"] >= ENOUGH:
            return self._with_rows("comparing", "compare")
        if scores["past_choice"] >= ENOUGH and use < ENOUGH:
            return self._with_rows("comparing", "past_choice")
        seeks = scores["seek"] >= ENOUGH or (scores["ask"] >= ENOUGH and use < ENOUGH)
        if scores["doubt"] >= ENOUGH and (seeks or use < ENOUGH):
            # A named thing asked about before buying is weighed, not merely looked for.
            return self._with_rows("comparing", "doubt")
        if seeks:
            return self._with_rows("searching", "seek" if scores["seek"] >= ENOUGH else "ask")
        if use >= ENOUGH and not (use < 2 * ENOUGH and self._is_troubled()):
            return self._with_rows("using", "use")
        if self._is_troubled():
            # What troubles a post that names no product is a need, no complaint of a customer.
            return self._with_rows("problem_aware", "trouble")
        # Joy and anger over things this market does not sell make nobody its customer.
        elsewhere = self.near_market is False and not self.of_market
        felt = 0.0 if elsewhere else scores["pain"] + scores["praise"]
        apart = scores["news"] + scores["distance"]
        barrier = self._barrier()
        if barrier is not None and use < ENOUGH and (apart <= 0 or (self.found and apart < ENOUGH)):
            # Held back from a thing that is named or shown: it is weighed.
            return self._with_rows("comparing", f"barrier {barrier}")
        if use > 0 and felt > 0 and use + felt >= ENOUGH and apart < ENOUGH:
            return self._with_rows("using", "use")
        if (
            felt >= (ENOUGH if self.found else _REVIEW_TONE[self.lang])
            and apart < ENOUGH
            and len(self.folded.text) <= _LONG[self.lang]
        ):
            stronger = "pain" if scores["pain"] > scores["praise"] else "praise"
            return self._with_rows("using", stronger)
        if scores["trouble"] >= ENOUGH and self.of_market:
            return self._with_rows("problem_aware", "trouble")
        return "none"

    def _is_troubled(self) -> bool:
        return self.scores["trouble"] >= ENOUGH and bool(self.near_market) and not self.found

    def _with_rows(self, stage: Stage, group: str) -> Stage:
        self.rows["stage"] = [
            Claim(claim="stage", quote=row.quote, rule=row.rule) for row in self.rows[group]
        ]
        return stage

    def _feelings(self, stage: Stage, *, seller: bool) -> tuple[bool, bool]:
        if seller or self.scores["sell"] - self.scores["buyer"] >= ENOUGH:
            return False, False
        # English has no short reviews without an owner: with one, half a word is enough.
        owner = self.lang == "en" and self.scores["use"] >= ENOUGH
        needed = 0.5 if owner else ENOUGH
        if stage == "none":
            needed = 2 * _REVIEW_TONE[self.lang]
            if self.scores["news"] + self.scores["distance"] >= ENOUGH:
                return False, False
        elif stage == "problem_aware" and self._is_troubled():
            if self.scores["trouble"] >= ENOUGH > self.scores["pain"]:
                self.rows["pain"] += [
                    Claim(claim="pain", quote=row.quote, rule=row.rule)
                    for row in self.rows["trouble"]
                ]
                self.scores["pain"] = ENOUGH
        elif stage in ("searching", "comparing", "problem_aware") and self.scores["use"] < ENOUGH:
            needed = 1.5 * ENOUGH
        pain, praise = self.scores["pain"], self.scores["praise"]
        # One kind word amid complaints is politeness.
        polite = praise < 1.5 * ENOUGH and pain >= 3 * praise
        return pain >= needed, praise >= needed and not polite

    def _barrier(self) -> Barrier | None:
        best: Barrier | None = None
        for name in BARRIERS:
            weight = self._barriers.get(name, 0.0)
            if weight >= ENOUGH and (best is None or weight > self._barriers[best]):
                best = name  # type: ignore[assignment]
        return best

    def _conditions(self, stage: Stage) -> dict[str, Answer]:
        """Need, budget and authority: said so, or shown by the stage (need only)."""
        answers: dict[str, Answer] = {}
        for name in ("need", "budget", "authority"):
            answer: Answer = "unknown"
            for hit in self.groups[name]:
                if self.context.is_reported(hit.start):
                    continue
                value: Answer = "no" if hit.rule.value == "no" else "yes"
                if hit.rule.turns is not None and self.context.negated(hit):
                    value = "no" if value == "yes" else "yes"
                if answer == "unknown" or value == "no":
                    answer = value
                self.rows[name].append(self._claim(name, hit))
            answers[name] = answer
        seeks = stage in ("comparing", "searching", "problem_aware")
        if answers["need"] == "unknown" and self.of_market and seeks:
            answers["need"] = "yes"
            self.rows["need"] = [
                Claim(claim="need", quote=row.quote, rule=row.rule) for row in self.rows["stage"]
            ]
        return answers

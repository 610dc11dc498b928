"""What the rules alone make of a post: stage, feelings, barrier, switch, who sells."""

from dataclasses import dataclass, field

from crawlers.words import BARRIERS, Answer, Barrier, Stage
from pipelines.demand.brands import Found
from pipelines.demand.comparisons import read_comparisons
from pipelines.demand.reading import Claim, Comparison, Switch
from pipelines.demand.switches import Clues, read_switch
from pipelines.demand.weighing import ENOUGH, Weighing

# English forums chat about everything: without a word of own use, one kind word is no review.
_REVIEW_TONE = {"en": 2.0, "zh": 1.0, "vi": 1.0}
# News and guides run long and speak to readers: there, evaluations are not the author's own.
_LONG = {"en": 700, "zh": 260, "vi": 700}


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What holds of a post. ``flags`` are the claims that hold or do not, by their names."""

    stage: Stage
    flags: dict[str, bool]
    barrier: Barrier | None
    answers: dict[str, Answer]
    switch: Switch | None
    comparison: tuple[Comparison, ...] | None
    rows: list[Claim] = field(default_factory=list)
    """Evidence of the switch and of the comparisons."""


def decide(post: Weighing) -> Verdict:
    """All claims the rules make; the words of each are in ``post.rows``."""
    switch, switch_rows = read_switch(
        post.context, post.groups["switch"], post.found, _clues(post), pain=post.holds("pain")
    )
    stage = _stage(post, switch, switch_rows, selling=post.selling)
    # A merchant who looks for a tool is demand: what is offered must be what the market sells.
    seller = post.selling and post.of_market
    pain, praise = _feelings(post, stage, seller=seller)
    comparison, comparison_rows = read_comparisons(
        post.context, post.groups["contrast"], post.found
    )
    apart = post.scores["news"] + post.scores["distance"]
    barrier = None if seller or (stage == "none" and apart > 0) else _barrier(post)
    if barrier == "switching_cost" and switch is not None and switch.status == "done":
        barrier = None  # what it cost is paid
    flags = {
        "pain": pain,
        "praise": praise,
        "objection": not seller and post.holds("objection"),
        "poor_fit": not seller and post.holds("poor_fit"),
        "suggestion": post.holds("suggestion"),
        "seller": seller,
    }
    return Verdict(
        stage=stage,
        flags=flags,
        barrier=barrier,
        answers=_conditions(post, stage),
        switch=switch,
        comparison=comparison,
        rows=switch_rows + comparison_rows,
    )


def _clues(post: Weighing) -> Clues:
    if not post.groups["switch"]:
        return Clues()

    def named(group: str) -> list[Found]:
        return [
            f
            for f in post.found
            if any(h.start <= f.start and f.end <= h.end for h in post.groups[group])
        ]

    eyed = named("eyed")
    return Clues(
        plans=post.groups["plan"],
        forces=post.groups["force"],
        used=[f for f in named("use") if f not in eyed],
        eyed=eyed,
    )


def _stage(post: Weighing, switch: Switch | None, rows: list[Claim], *, selling: bool) -> Stage:
    scores = post.scores
    if switch is not None:  # who changed brands uses one; who thinks of it looks for one
        sides = switch.from_brand and switch.to_brand
        if (
            switch.status == "considering"
            and switch.from_brand
            and scores["use"] >= ENOUGH > scores["compare"]
        ):
            return _with_rows(post, "using", "use")  # says what it uses, and may leave it
        group = "use" if switch.status == "done" else "compare" if sides else "seek"
        scores[group] += ENOUGH
        post.rows[group] += rows[:1]
    if selling:
        return "none"
    use = scores["use"] - scores["news"]
    if scores["compare"] >= ENOUGH:
        return _with_rows(post, "comparing", "compare")
    if scores["past_choice"] >= ENOUGH and use < ENOUGH:
        return _with_rows(post, "comparing", "past_choice")
    seeks = scores["seek"] >= ENOUGH or (scores["ask"] >= ENOUGH and use < ENOUGH)
    if scores["doubt"] >= ENOUGH and (seeks or use < ENOUGH):
        # A named thing asked about before buying is weighed, not merely looked for.
        return _with_rows(post, "comparing", "doubt")
    if seeks:
        return _with_rows(post, "searching", "seek" if scores["seek"] >= ENOUGH else "ask")
    if use >= ENOUGH and not (use < 2 * ENOUGH and _is_troubled(post)):
        return _with_rows(post, "using", "use")
    if _is_troubled(post):
        # What troubles a post that names no product is a need, no complaint of a customer.
        return _with_rows(post, "problem_aware", "trouble")
    # Joy and anger over things this market does not sell make nobody its customer.
    elsewhere = post.near_market is False and not post.of_market
    felt = 0.0 if elsewhere else scores["pain"] + scores["praise"]
    apart = scores["news"] + scores["distance"]
    barrier = _barrier(post)
    needs = post.found or scores["trouble"] < ENOUGH  # a need without a product weighs nothing
    if (
        barrier is not None
        and use < ENOUGH
        and needs
        and not elsewhere
        and (apart <= 0 or (post.found and apart < ENOUGH))
    ):
        # Held back from a thing that is named or shown: it is weighed.
        return _with_rows(post, "comparing", f"barrier {barrier}")
    if use > 0 and felt > 0 and use + felt >= ENOUGH and apart < ENOUGH:
        return _with_rows(post, "using", "use")
    if (
        felt >= (ENOUGH if post.found else _REVIEW_TONE[post.lang])
        and apart < ENOUGH
        and len(post.folded.text) <= _LONG[post.lang]
    ):
        stronger = "pain" if scores["pain"] > scores["praise"] else "praise"
        return _with_rows(post, "using", stronger)
    if scores["trouble"] >= ENOUGH and post.of_market:
        return _with_rows(post, "problem_aware", "trouble")
    return "none"


def _is_troubled(post: Weighing) -> bool:
    return post.scores["trouble"] >= ENOUGH and bool(post.near_market) and not post.found


def _with_rows(post: Weighing, stage: Stage, group: str) -> Stage:
    post.rows["stage"] = [
        Claim(claim="stage", quote=row.quote, rule=row.rule) for row in post.rows[group]
    ]
    return stage


def _feelings(post: Weighing, stage: Stage, *, seller: bool) -> tuple[bool, bool]:
    if seller or post.scores["sell"] - post.scores["buyer"] >= ENOUGH:
        return False, False
    # English has no short reviews without an owner: with one, half a word is enough.
    owner = post.lang == "en" and post.scores["use"] >= ENOUGH
    needed = 0.5 if owner else ENOUGH
    if stage == "none":
        needed = 2 * _REVIEW_TONE[post.lang]
        if post.scores["news"] + post.scores["distance"] >= ENOUGH:
            return False, False
    elif stage == "problem_aware" and _is_troubled(post):
        if post.scores["trouble"] >= ENOUGH > post.scores["pain"]:
            post.rows["pain"] += [
                Claim(claim="pain", quote=row.quote, rule=row.rule) for row in post.rows["trouble"]
            ]
            post.scores["pain"] = ENOUGH
    elif stage in ("searching", "comparing", "problem_aware") and post.scores["use"] < ENOUGH:
        needed = 1.5 * ENOUGH
    pain, praise = post.scores["pain"], post.scores["praise"]
    # One kind word amid complaints is politeness.
    polite = praise < 1.5 * ENOUGH and pain >= 3 * praise
    return pain >= needed, praise >= needed and not polite


def _barrier(post: Weighing) -> Barrier | None:
    best: Barrier | None = None
    for name in BARRIERS:
        weight = post.barriers.get(name, 0.0)
        if weight >= ENOUGH and (best is None or weight > post.barriers[best]):
            best = name  # type: ignore[assignment]
    return best


def _conditions(post: Weighing, stage: Stage) -> dict[str, Answer]:
    """Need, budget and authority: said so, or shown by the stage (need only)."""
    answers: dict[str, Answer] = {}
    for name in ("need", "budget", "authority"):
        answer: Answer = "unknown"
        for hit in post.groups[name]:
            if post.context.is_reported(hit.start):
                continue
            value: Answer = "no" if hit.rule.value == "no" else "yes"
            if hit.rule.turns is not None and post.context.negated(hit):
                value = "no" if value == "yes" else "yes"
            if answer == "unknown" or value == "no":
                answer = value
            post.rows[name].append(post.claim(name, hit))
        answers[name] = answer
    seeks = stage in ("comparing", "searching", "problem_aware")
    if answers["need"] == "unknown" and post.of_market and seeks:
        answers["need"] = "yes"
        post.rows["need"] = [
            Claim(claim="need", quote=row.quote, rule=row.rule) for row in post.rows["stage"]
        ]
    return answers

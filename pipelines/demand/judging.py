"""The second opinion on a post: rules and words weighed together by what was learnt from texts.

The rules say what each of their words means; how far they are right together, in a post of such
words, was learnt from posts written for it (bench/texts/demand, ``python -m
bench.demand_learning``). One model serves the three languages: what rules found is read alike in
all, words belong to their language. A claim the rules have no words for rests on the sentence
whose words speak most for it; its rule is then ``LANG/learnt.CLAIM``.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from crawlers.words import BARRIERS, STAGES, Answer, Barrier, Stage
from pipelines.demand.by_rules import Verdict
from pipelines.demand.learnt.linear import LinearModel, linear_model
from pipelines.demand.learnt.words import words_of
from pipelines.demand.reading import Claim
from pipelines.demand.rulebook import Hit
from pipelines.demand.weighing import Weighing

POSTS = "posts"
"""The model's name."""

FLAGS = ("pain", "praise", "objection", "poor_fit", "suggestion", "selling")
"""Labels that hold or do not; ``selling`` is somebody's offer of whatever kind."""
CONDITIONS = ("need", "budget", "authority")
ANSWERS = ("need yes", "budget yes", "budget no", "authority yes", "authority no")
"""Who says he needs nothing is left to the rules: too rare to learn."""

_MOST = 3.0  # a score counts up to this: more of the same says no more
_LONGEST = 12  # lengths are told apart by their powers of two, up to 4,096 characters
_LISTED = 2.5
"""How much more the rules are believed where they know a brand: the texts learnt from list none."""
_MOST_SENTENCES = 40  # looked at for the one that speaks most


def post_features(post: Weighing, verdict: Verdict) -> tuple[list[str], dict[str, float]]:
    """What the model reads of a post: its words, what the rules found and what they make of it.

    :returns: features that are there, and features with a value.
    """
    lang, text = post.lang, post.context.text
    features = words_of(text, lang)
    valued: dict[str, float] = {}
    scores = [*post.scores.items(), *((f"barrier {k}", v) for k, v in post.barriers.items())]
    for group, score in scores:
        if score > 0:
            value = min(score, _MOST)
            valued[f"score {group}"] = value
            valued[f"{lang} score {group}"] = value
            features.append(f"any {group}")
    features += [claim.rule for claims in post.rows.values() for claim in claims]
    said = [f"rules {name}" for name in _said(verdict)]
    said += [lang, f"length {min(len(text).bit_length(), _LONGEST)}"]
    features += said
    features += [f"{lang} {name}" for name in said]
    return features, valued


def _said(verdict: Verdict) -> list[str]:
    """What the rules alone make of a post, as names."""
    said = [f"stage {verdict.stage}"]
    said += [name for name, holds in verdict.flags.items() if holds]
    if verdict.barrier is not None:
        said += ["barrier", f"barrier {verdict.barrier}"]
    if verdict.switch is not None:
        said.append(f"switch {verdict.switch.status}")
    if verdict.comparison is not None:
        said.append("comparison")
    said += [f"{name} {answer}" for name, answer in verdict.answers.items()]
    return said


def judge(post: Weighing, verdict: Verdict) -> Verdict:
    """The verdict of rules and model together; every claim has its words in ``post.rows``."""
    model = linear_model(POSTS)
    margins = model.margins(*post_features(post, verdict))
    if post.found:
        margins[f"stage {verdict.stage}"] += _LISTED
        for feeling in {feeling for hit, feeling in post.felt if _names_a_brand(post, hit)}:
            margins[feeling] += _LISTED
    holds = {label: margins[label] >= enough for label, enough in model.enough.items()}
    seller = holds["selling"] and post.of_market
    flags = {name: holds[name] and not seller for name in FLAGS if name != "selling"}
    flags["suggestion"] = holds["suggestion"]
    flags["seller"] = seller
    stage = _stage(post, verdict, margins, selling=holds["selling"])
    judged = replace(
        verdict,
        stage=stage,
        flags=flags,
        barrier=None if seller else _barrier(verdict, margins, holds=holds["barrier"]),
        answers=_answers(post, verdict, holds, stage),
    )
    _with_words(post, model, verdict, judged)
    return judged


def _names_a_brand(post: Weighing, hit: Hit) -> bool:
    """Whether a match's sentence names a listed brand."""
    begin, end = post.context.bounds(hit.start)
    return any(begin <= place.start < end for place in post.found)


def _stage(
    post: Weighing, verdict: Verdict, margins: Mapping[str, float], *, selling: bool
) -> Stage:
    if selling:
        return "none"
    stage = cast(Stage, max(STAGES, key=lambda name: margins[f"stage {name}"]))
    elsewhere = post.near_market is False and not post.of_market
    if elsewhere and verdict.stage == "none":
        return "none"  # what one thinks of things this market does not sell
    if stage == "problem_aware" and not post.of_market:
        return verdict.stage
    return stage


def _barrier(verdict: Verdict, margins: Mapping[str, float], *, holds: bool) -> Barrier | None:
    if not holds:
        return None
    if verdict.switch is not None and verdict.switch.status == "done":
        kinds = [name for name in BARRIERS if name != "switching_cost"]  # what it cost is paid
    else:
        kinds = list(BARRIERS)
    return cast(Barrier, max(kinds, key=lambda name: margins[f"barrier {name}"]))


def _answers(
    post: Weighing, verdict: Verdict, holds: Mapping[str, bool], stage: Stage
) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for name in CONDITIONS:
        yes = holds[f"{name} yes"]
        no = holds.get(f"{name} no", verdict.answers[name] == "no")
        answers[name] = "no" if no else "yes" if yes else "unknown"
    seeks = stage in ("comparing", "searching", "problem_aware")
    if answers["need"] == "unknown" and seeks and post.of_market:
        answers["need"] = "yes"
    return answers


def _with_words(post: Weighing, model: LinearModel, before: Verdict, judged: Verdict) -> None:
    """Sees to it that every claim has its words: the rules', else the most telling sentence's."""
    if judged.stage not in (before.stage, "none"):
        group = {"comparing": "compare", "searching": "seek", "using": "use"}.get(judged.stage)
        rows = post.rows.get(group or "trouble") or _learnt(
            post, model, "stage", f"stage {judged.stage}"
        )
        post.rows["stage"] = [replace(row, claim="stage") for row in rows]
    for name, holds in judged.flags.items():
        group, label = ("sell", "selling") if name == "seller" else (name, name)
        if holds and not post.rows.get(group):
            post.rows[group] = _learnt(post, model, name, label)
    if judged.barrier is not None and not post.rows.get("barrier " + judged.barrier):
        post.rows["barrier " + judged.barrier] = _learnt(post, model, "barrier", "barrier")
    for name, answer in judged.answers.items():
        if answer != "unknown" and not post.rows.get(name):
            label = f"{name} {answer}"
            post.rows[name] = _learnt(post, model, name, label) or [
                replace(row, claim=name) for row in post.rows["stage"]
            ]


def _learnt(post: Weighing, model: LinearModel, claim: str, label: str) -> list[Claim]:
    """The sentence whose words speak most for a label; the first where none speaks."""
    context = post.context
    best = max(
        (context.bounds_of(number) for number in range(min(context.sentences, _MOST_SENTENCES))),
        key=lambda bounds: sum(
            model.weight(word, label)
            for word in set(words_of(context.text[bounds[0] : bounds[1]], post.lang))
        ),
    )
    quote = post.folded.quote(*best)
    return [Claim(claim=claim, quote=quote, rule=f"{post.lang}/learnt.{claim}")] if quote else []

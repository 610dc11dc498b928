"""A post's verdict, put together with the words each claim rests on."""

from crawlers.words import Script
from pipelines.demand.author import read_author_facts
from pipelines.demand.brands import mentions_of
from pipelines.demand.by_rules import Verdict
from pipelines.demand.feelings import read_feelings
from pipelines.demand.reading import Claim, Feeling, Reading
from pipelines.demand.weighing import Weighing


def reading_of(post: Weighing, verdict: Verdict, *, script: Script | None) -> Reading:
    """All claims with their evidence."""
    flags = verdict.flags
    claims: list[Claim] = []
    if verdict.stage != "none":
        claims += post.rows["stage"][:3]
    for name, holds in flags.items():
        if holds:
            claims += post.rows["sell" if name == "seller" else name][:3]
    if verdict.barrier is not None:
        claims += post.rows["barrier " + verdict.barrier][:2]
    for name, answer in verdict.answers.items():
        if answer != "unknown":
            claims += post.rows[name][:2]
    claims += verdict.rows
    return Reading(
        lang=post.lang,
        script=script,
        stage=verdict.stage,
        switch=verdict.switch,
        comparison=verdict.comparison,
        barrier=verdict.barrier,
        mentions=mentions_of(post.found, post.folded),
        feelings=_feelings(post, verdict),
        evidence=tuple(claim for claim in claims if claim.quote),
        pain=flags["pain"],
        praise=flags["praise"],
        objection=flags["objection"],
        poor_fit=flags["poor_fit"],
        suggestion=flags["suggestion"],
        seller=flags["seller"],
        need=verdict.answers["need"],
        budget=verdict.answers["budget"],
        authority=verdict.answers["authority"],
        author=read_author_facts(post.context, post.groups, post.found),
    )


def _feelings(post: Weighing, verdict: Verdict) -> tuple[Feeling, ...]:
    """Who is praised or complained about: nobody in an advert."""
    if not post.found or verdict.flags["seller"]:
        return ()
    felt = [(hit, feeling) for hit, feeling in post.felt if verdict.flags[feeling]]
    return read_feelings(
        post.context, felt, post.found,
        switch=verdict.switch, comparisons=verdict.comparison or (),
    )  # fmt: skip

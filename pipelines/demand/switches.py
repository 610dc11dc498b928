"""Who gave up what for what: the switch a post tells of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawlers.words import Force, SwitchStatus
from pipelines.demand.brands import Found
from pipelines.demand.context import Context
from pipelines.demand.places import brand_in, name_in
from pipelines.demand.reading import Claim, Switch
from pipelines.demand.rulebook import Hit

# Characters between a plan and what is planned: "might, after the holidays, move".
_PLAN_REACH = 30
_MOST = 200  # matches of a post: nobody changes brands more often
_CLAUSE_END = re.compile(r"[.;:!?\n。；：！？，,]")

_FORCES: tuple[Force, ...] = ("push", "pull", "anxiety", "habit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What else of a post tells of its switch.

    :param plans: matches of the group ``plan``: words that make what follows a thought, no deed.
    :param forces: matches of the group ``force``; ``value`` is the force.
    :param used: listed brands the author uses or used, in order.
    :param eyed: listed brands the author tries or asks about, in order.
    """

    plans: Sequence[Hit] = ()
    forces: Sequence[Hit] = ()
    used: Sequence[Found] = ()
    eyed: Sequence[Found] = ()


def read_switch(
    context: Context,
    hits: Sequence[Hit],
    found: Sequence[Found],
    clues: Clues,
    *,
    pain: bool,
) -> tuple[Switch | None, list[Claim]]:
    """The post's switch and its evidence.

    What is done wins over what is thought of, and a match that names both sides over one that
    names one. A negated match ("I would not switch") is no switch; words of others neither. A
    side the match leaves out is a listed brand the post says its author uses, or tries.

    :param hits: matches of the group ``switch``; ``value`` is the status (``planned``: none
        without a plan before it), groups ``from``, ``to``.
    :param pain: whether the post reports a bad experience: a switch without a stated reason is
        then pushed.
    """
    best: tuple[tuple[int, int, int], Switch, Hit] | None = None
    hits = hits[:_MOST]
    planned = [(h.start, h.end) for h in hits if h.rule.value == "considering"]
    for hit in hits:
        if hit.rule.value == "done" and any(a < hit.start < b for a, b in planned):
            continue  # "I plan to" stands before it
        status = _status(context, hit, clues.plans)
        if status is None:
            continue
        sides = {
            side: name_in(context.folded, found, *hit.groups[side])
            for side in ("from", "to")
            if side in hit.groups
        }
        old, new = sides.get("from"), sides.get("to")
        if old is not None and old == new:
            continue
        if "named" in hit.rule.flags and not (old or new):
            continue
        if "voice" in hit.rule.flags and not context.is_first_person(hit.start):
            continue
        if "brands" in hit.rule.flags and not _are_names(hit, context, found):
            continue
        said = (old is not None) + (new is not None)
        if "left" in hit.rule.flags and not any(f.brand.name != new for f in clues.used):
            continue
        if old is None:
            old = _left_behind(clues, found, hit, new)
        if new is None:
            new = _turned_to(clues, hit, old)
        if "sides" in hit.rule.flags and (old is None or (said == 0 and new is None)):
            continue
        switch = Switch(
            status=status,
            from_brand=old,
            to_brand=new,
            force=None,
            quote=context.folded.quote(hit.start, hit.end),
        )
        rank = (int(status == "done"), said, -hit.start)
        if best is None or rank > best[0]:
            best = (rank, switch, hit)
    if best is None:
        return None, []
    _, switch, hit = best
    switch = replace(switch, force=_force(context, clues.forces, hit, pain=pain))
    rows = [Claim(claim="switch", quote=switch.quote, rule=hit.rule.id)]
    for reason in clues.forces:
        if reason.rule.value == switch.force:
            quote = context.folded.quote(reason.start, reason.end)
            rows.append(Claim(claim="force", quote=quote, rule=reason.rule.id))
            break
    return switch, rows


def _status(context: Context, hit: Hit, plans: Sequence[Hit]) -> SwitchStatus | None:
    """Done, thought of, or no switch of the author's at all."""
    if context.is_reported(hit.start) or context.is_advice(hit.start):
        return None
    plan = _plan_before(context, plans, hit)
    if plan is not None and context.negated(plan):
        return None
    if hit.rule.value == "planned" and plan is None:
        return None
    status: SwitchStatus = "done" if hit.rule.value == "done" and plan is None else "considering"
    if status == "done" and context.is_hypothetical(hit.start):
        status = "considering"
    if context.negated(hit):
        if hit.rule.turns is not None:
            return None
    elif context.is_question(hit.start):
        status = "considering"
    return status


def _plan_before(context: Context, plans: Sequence[Hit], hit: Hit) -> Hit | None:
    """The plan a match follows in its clause."""
    named = min((start for start, _ in hit.groups.values()), default=hit.start)
    for plan in plans:
        if plan.start < named and hit.start <= plan.end + _PLAN_REACH:
            between = context.text[plan.end : max(plan.end, hit.start)]
            if not _CLAUSE_END.search(between):
                return plan
    return None


def _left_behind(clues: Clues, found: Sequence[Found], hit: Hit, new: str | None) -> str | None:
    """The brand given up where the match does not name it: used before, else the only other."""
    before = [f for f in clues.used if f.brand.name != new and f.start < hit.end]
    if before:
        return before[-1].brand.name
    others = {f.brand.name for f in found} - {new}
    others -= {f.brand.name for f in clues.eyed}
    return others.pop() if len(others) == 1 else None


def _turned_to(clues: Clues, hit: Hit, old: str | None) -> str | None:
    """The brand turned to where the match does not name it: tried, asked about, or used since."""
    eyed = [f for f in clues.eyed if f.brand.name != old]
    since = [f for f in clues.used if f.brand.name != old and f.start >= hit.end]
    return next((f.brand.name for f in (*eyed, *since)), None)


def _are_names(hit: Hit, context: Context, found: Sequence[Found]) -> bool:
    """Whether a side of the switch is a listed brand or written like a name."""
    for side in ("from", "to"):
        if side in hit.groups:
            start, end = hit.groups[side]
            written = context.folded.quote(start, end)
            if brand_in(found, start, end) or any(c.isupper() or c.isdigit() for c in written):
                return True
    return False


def _force(context: Context, forces: Sequence[Hit], hit: Hit, *, pain: bool) -> Force | None:
    """The reason nearest to the switch; else ``push`` where the post complains."""
    nearest: tuple[int, Force] | None = None
    for reason in forces:
        if context.negated(reason):
            continue
        distance = min(abs(reason.start - hit.end), abs(hit.start - reason.end))
        force = next((f for f in _FORCES if f == reason.rule.value), None)
        if force is not None and (nearest is None or distance < nearest[0]):
            nearest = (distance, force)
    if nearest is not None:
        return nearest[1]
    return "push" if pain else None

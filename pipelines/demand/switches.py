"""Who gave up what for what: the switch a post tells of."""

from collections.abc import Sequence

from crawlers.words import Force, SwitchStatus
from pipelines.demand.brands import Found
from pipelines.demand.context import Context
from pipelines.demand.places import brand_in, name_in
from pipelines.demand.reading import Claim, Switch
from pipelines.demand.rulebook import Hit

_FORCES: tuple[Force, ...] = ("push", "pull", "anxiety", "habit")


def read_switch(
    context: Context,
    hits: Sequence[Hit],
    forces: Sequence[Hit],
    found: Sequence[Found],
    *,
    pain: bool,
) -> tuple[Switch | None, list[Claim]]:
    """The post's switch and its evidence.

    What is done wins over what is thought of, and a match that names both sides over one that
    names one. A negated match ("I would not switch") is no switch; words of others neither.

    :param hits: matches of the group ``switch``; ``value`` is the status, groups ``from``, ``to``.
    :param forces: matches of the group ``force``; ``value`` is the force.
    :param pain: whether the post reports a bad experience: a switch without a stated reason is
        then pushed.
    """
    best: tuple[tuple[int, int, int], Switch, Hit] | None = None
    planned = [(h.start, h.end) for h in hits if h.rule.value != "done"]
    for hit in hits:
        if hit.rule.value == "done" and any(a < hit.start < b for a, b in planned):
            continue  # "I plan to" stands before it
        if context.is_reported(hit.start) or context.is_advice(hit.start):
            continue
        status: SwitchStatus = "done" if hit.rule.value == "done" else "considering"
        if status == "done" and context.is_hypothetical(hit.start):
            status = "considering"
        if context.negated(hit):
            if hit.rule.turns is not None:
                continue
        elif context.is_question(hit.start):
            status = "considering"
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
        switch = Switch(
            status=status,
            from_brand=old,
            to_brand=new,
            force=_force(context, forces, hit, pain=pain),
            quote=context.folded.quote(hit.start, hit.end),
        )
        rank = (int(status == "done"), (old is not None) + (new is not None), -hit.start)
        if best is None or rank > best[0]:
            best = (rank, switch, hit)
    if best is None:
        return None, []
    _, switch, hit = best
    rows = [Claim(claim="switch", quote=switch.quote, rule=hit.rule.id)]
    for reason in forces:
        if reason.rule.value == switch.force:
            quote = context.folded.quote(reason.start, reason.end)
            rows.append(Claim(claim="force", quote=quote, rule=reason.rule.id))
            break
    return switch, rows


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

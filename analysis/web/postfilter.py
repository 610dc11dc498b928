"""The filters of the posts page: what may stand in its address, and the SQL of each.

Every number of the desk links to posts through these, so they are a small language of their own:
an unknown name or value is ignored, never an error.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.questions.sample import OWN
from crawlers.words import BARRIERS, FORCES, STAGES
from pipelines.demand.author import fact_names
from pipelines.demand.topics import names_of

FLAGS = ("pain", "praise", "objection", "poor_fit", "suggestion", "seller")
_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFilter:
    """Filters in force: ``chosen`` as (name, value) in the order shown, and their SQL."""

    chosen: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]
    parameters: tuple[object, ...]

    def has(self, name: str, value: str) -> bool:
        """Whether this filter is in force."""
        return (name, value) in self.chosen

    @staticmethod
    def listed_name(name: str, value: str, language: str) -> str:
        """What a topic or a fact (``kind:id``) is called in a language; its id where unlisted."""
        kind, _, key = value.partition(":")
        names = names_of([key]) if name == "topic" else fact_names().get(kind, {})
        told = names.get(key, {})
        return told.get(language) or told.get("en") or key or value


_EQUAL = {
    "language": "p.lang = ?",
    "forum": "p.forum = ?",
    "thread": "p.thread_id = CAST(? AS INTEGER)",
    "budget": "d.budget = ?",
    "authority": "d.authority = ?",
    "competitor": "p.id IN (SELECT post_id FROM mentions WHERE competitor = ?)",
    "topic": "p.id IN (SELECT post_id FROM topics WHERE kind || ':' || topic = ?)",
    "fact": "p.id IN (SELECT post_id FROM author_facts WHERE fact || ':' || value = ?)",
    "aspect": "p.id IN (SELECT post_id FROM comparisons WHERE lower(aspect) = ?)",
    "from": "(w.from_competitor = ? OR w.from_brand = ?)",
    "to": "(w.to_competitor = ? OR w.to_brand = ?)",
}
_FIXED = {
    ("counted", "1"): f"p.copy_of IS NULL AND d.seller = 0 AND p.forum NOT IN {OWN}",
    ("kept", "public"): f"p.forum NOT IN {OWN}",
    ("kept", "own"): f"p.forum IN {OWN}",
    ("stage", "any"): "d.stage <> 'none'",
    ("stage", "buying"): "d.stage IN ('searching', 'comparing')",
    ("barrier", "any"): "d.barrier IS NOT NULL",
    ("barrier", "hesitates"): "(d.barrier IS NOT NULL OR d.objection = 1)",
    ("switch", "any"): "w.post_id IS NOT NULL",
    ("switch", "considering"): "w.status = 'considering'",
    ("switch", "done"): "w.status = 'done'",
    ("fact", "any"): "p.id IN (SELECT post_id FROM author_facts)",
    **{("force", force): f"w.force = '{force}'" for force in FORCES},
    ("from", "self"): "w.from_competitor IN (SELECT id FROM competitors WHERE is_self = 1)",
    ("named", "1"): "p.id IN (SELECT post_id FROM mentions WHERE competitor IS NOT NULL)",
    **{("stage", stage): f"d.stage = '{stage}'" for stage in STAGES},
    **{("barrier", barrier): f"d.barrier = '{barrier}'" for barrier in BARRIERS},
    **{("claim", flag): f"d.{flag} = 1" for flag in FLAGS},
    **{
        ("weekday", str(day)): f"local_weekday(p.posted_at, p.timezone) = {day} "
        "AND p.posted_precision IN ('second', 'minute', 'hour', 'day')"
        for day in range(7)
    },
    **{
        ("hour", str(hour)): f"local_hour(p.posted_at, p.timezone) = {hour} "
        "AND p.posted_precision IN ('second', 'minute', 'hour')"
        for hour in range(24)
    },
}
NAMES = (
    "counted", "language", "stage", "barrier", "claim", "competitor", "named", "switch", "from",
    "to", "forum", "thread", "month", "since", "until", "weekday", "hour", "budget", "authority",
    "aspect", "kept", "topic", "fact", "force",
)  # fmt: skip
_OWN_COUNTED = "p.copy_of IS NULL AND d.seller = 0"
"""What ``counted`` means among the researcher's own texts, which public numbers leave out."""


FELT = ("pain", "praise")
_ABOUT = "p.id IN (SELECT post_id FROM feelings WHERE competitor = ? AND feeling = ?)"
"""Pain or praise beside a competitor is that about it, not any in a post that names it."""


def build(query: Mapping[str, str]) -> PostFilter:
    """The filters an address names."""
    chosen: list[tuple[str, str]] = []
    conditions: list[str] = []
    parameters: list[object] = []
    for name in NAMES:
        value = query.get(name, "")[:200]
        if not value:
            continue
        condition = _FIXED.get((name, value)) or _EQUAL.get(name)
        if name == "counted" and _asks_own(query):
            condition = _OWN_COUNTED
        if name == "claim" and value in FELT and query.get("competitor"):
            conditions.append(_ABOUT)
            parameters += [query["competitor"][:200], value]
        if (name, value) in _FIXED:
            conditions.append(str(condition))
        elif condition:
            conditions.append(condition)
            parameters += [value] * condition.count("?")
        elif not _add_time(name, value, conditions, parameters):
            continue
        chosen.append((name, value))
    return PostFilter(
        chosen=tuple(chosen), conditions=tuple(conditions), parameters=tuple(parameters)
    )


def _asks_own(query: Mapping[str, str]) -> bool:
    return query.get("kept") == "own" or query.get("forum", "").startswith("own:")


def _add_time(name: str, value: str, conditions: list[str], parameters: list[object]) -> bool:
    if name == "month" and _MONTH.fullmatch(value):
        # A range, not substr(): so that the index on posted_at serves it.
        conditions.append("p.posted_at >= ? AND p.posted_at < ?")
        conditions.append("p.posted_precision NOT IN ('year', 'unknown')")
        parameters += [value, value + "~"]
    elif name == "since" and _DAY.fullmatch(value):
        conditions.append("p.posted_at >= ?")
        parameters.append(value)
    elif name == "until" and _DAY.fullmatch(value):
        conditions.append("p.posted_at < ?")
        parameters.append(value + "~")
    else:
        return False
    return True

"""What pydantic found, in the words of the market file. A leaf, pure."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from crawlers.marketfile.errors import did_you_mean, nearest, shown_value
from crawlers.marketfile.model import (
    AlertSettings,
    Business,
    CompetitorEntry,
    CrawlSettings,
    ForumEntry,
    Section,
    SourceEntry,
    UpkeepSettings,
)
from crawlers.marketfile.values import kind_of

SINGLE: Mapping[str, type[Section]] = {
    "business": Business, "crawl": CrawlSettings, "upkeep": UpkeepSettings,
    "alerts": AlertSettings,
}  # fmt: skip
"""Sections that stand once."""
REPEATED: Mapping[str, type[Section]] = {
    "competitor": CompetitorEntry, "forum": ForumEntry, "source": SourceEntry,
}  # fmt: skip
"""Sections that stand once for each entry."""
FREE = ("tiers",)
"""Sections whose keys other rooms know."""
TABLES: tuple[str, ...] = (*SINGLE, *REPEATED, *FREE)
"""Every section of a market file."""

_EXAMPLES = {
    "name": 'name = "..."',
    "description": 'description = "one sentence about what you sell"',
    "url": 'url = "https://..."',
}


def heading(table: str) -> str:
    """A section as it is written: ``[crawl]``, ``[[forum]]``."""
    return f"[[{table}]]" if table in REPEATED else f"[{table}]"


def keys_of(model: type[Section]) -> tuple[str, ...]:
    """The keys a section knows, in the model's order."""
    return tuple(model.model_fields)


def fault_of(table: str, model: type[Section], error: ErrorDetails) -> tuple[str, str]:
    """A fault of a section as pydantic reports it: what is wrong, and how to mend it."""
    where = heading(table)
    key = str(error["loc"][0]) if error["loc"] else ""
    kind = error["type"]
    found = error["input"]
    limits = error.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_key(table, model, key)
    if kind == "missing":
        return f'{where} has no "{key}"', f"add {_EXAMPLES.get(key, f'{key} = ...')}"
    if kind == "fault":
        problem, fix = str(limits["problem"]), str(limits["fix"])
        return (f"{where} {key}: {problem}" if key else problem), fix
    if kind in ("greater_than_equal", "greater_than"):
        least = limits.get("ge", limits.get("gt"))
        word = "at least" if kind == "greater_than_equal" else "more than"
        return (
            f"{where} {key} = {shown_value(found)} is too small",
            f"write {word} {_number(least)}",
        )
    if kind == "less_than_equal":
        most = _number(limits.get("le"))
        return f"{where} {key} = {shown_value(found)} is too large", f"write {most} at most"
    return f"{where} {key}: {error['msg']} (found {kind_of(found)})", "see docs/market-file.md"


def unknown_key(table: str, model: type[Section], key: str) -> tuple[str, str]:
    """An unknown key: the nearest of this section, else the section it belongs to."""
    own = keys_of(model)
    problem = f"unknown key {shown_value(key)} in {heading(table)}"
    near = nearest(key, own)
    if near:
        return problem, f'did you mean "{near}"?'
    for other, other_model in (*SINGLE.items(), *REPEATED.items()):
        if key in keys_of(other_model):
            return problem, f'"{key}" belongs in {heading(other)}'
    section = nearest(key, TABLES, cutoff=0.8)
    if section:
        return problem, f"a section of its own is written {heading(section)} on a line of its own"
    return problem, did_you_mean(key, own)


def unknown_table(name: str, value: Any) -> tuple[str, str]:
    """A section (or a key before the first section) that no market file has."""
    if isinstance(value, dict) or (
        isinstance(value, list) and value and all(isinstance(part, dict) for part in value)
    ):
        written = f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
        problem = f"unknown section {written[:60]}"
        near = nearest(name, TABLES)
        if near:
            return problem, f"did you mean {heading(near)}?"
        return problem, f"sections are: {', '.join(heading(table) for table in TABLES)}"
    problem = f"the key {shown_value(name)} stands before any section"
    for table, model in (*SINGLE.items(), *REPEATED.items()):
        near = nearest(name, keys_of(model), cutoff=0.85)
        if near:
            return problem, f"put it under a line {heading(table)}"
    near = nearest(name, TABLES)
    return problem, f"did you mean a section {heading(near)}?" if near else "put it in a section"


def wrong_kind(table: str, value: Any) -> tuple[str, str]:
    """A section written as something else."""
    if table in REPEATED and isinstance(value, dict):
        return f"[{table}] with one pair of brackets", f"write [[{table}]], once for each {table}"
    if table not in REPEATED and isinstance(value, list):
        return f"[[{table}]] with two pairs of brackets", f"write [{table}], once"
    return (
        f"{table} is {kind_of(value)}, not a section",
        f"write {heading(table)} on a line of its own and its keys below",
    )


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else f"{value}"

"""The journal of a crawl, kept in its archive: with it every fact can be built again.

Beside each answer the archive keeps, as WARC ``metadata`` records (WARC 1.1, 6.6), what the crawl
made of it: the target, what was found unchanged, what failed, where a page led, when a run began
and how it ended. Answers hold the facts, the journal holds what no answer says. Entries are JSON
objects; ``at`` is UTC with microseconds and sorts as text.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from crawlers.forums import Shape
from crawlers.items import (
    DoneItem,
    FailureItem,
    Fetch,
    ForumItem,
    ListingItem,
    PageItem,
    SitemapItem,
    Target,
    UnchangedItem,
)
from crawlers.state import SourceReport

MEDIA_TYPE = "application/vnd.rivalmap.journal+json"
VERSION = 1

_NAMES: dict[type[Any], str] = {
    PageItem: "page", ForumItem: "forum", ListingItem: "listing", SitemapItem: "sitemap",
    UnchangedItem: "unchanged", DoneItem: "done", FailureItem: "failure",
}  # fmt: skip


def moment_text(moment: datetime) -> str:
    """A time as entries have it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _entry(kind: str, at: datetime | None = None, **facts: Any) -> dict[str, Any]:
    return {"v": VERSION, "entry": kind, "at": moment_text(at or datetime.now(UTC)), **facts}


def begun(spider: str, sources: str = "") -> dict[str, Any]:
    """The entry of a run that begins or goes on.

    :param sources: ids of public sources that were read beside the market file's, as the spider
        takes them.
    """
    return _entry("begun", spider=spider, sources=sources)


def goes_on(begun: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a run's beginning, once more, as each later file of the run has it first: the
    files before it may expire.
    """
    rest = {key: value for key, value in begun.items() if key not in ("v", "entry", "at")}
    return _entry("begun", **{**rest, "goes_on": True})


def ended(
    spider: str, reports: list[SourceReport], *, reason: str, complete: bool
) -> dict[str, Any]:
    """The entry of a run that has come to its end or was stopped."""
    return _entry(
        "ended", spider=spider, reason=reason, complete=complete,
        reports=[asdict(report) for report in reports],
    )  # fmt: skip


def reports_of(entry: Mapping[str, Any]) -> list[SourceReport]:
    """The reports of the entry of a run's end."""
    known = {field.name for field in fields(SourceReport)}
    return [
        SourceReport(**{key: value for key, value in report.items() if key in known})
        for report in entry["reports"]
    ]


def item_entry(spider: str, item: Any) -> dict[str, Any]:
    """The entry of one item: all of it but what its answer says."""
    facts: dict[str, Any] = {"spider": spider, "target": _flat(item.target)}
    fetch = getattr(item, "fetch", None)
    if fetch is not None:
        facts["fetch"] = {**asdict(fetch), "fetched_at": moment_text(fetch.fetched_at)}
    outlinks = getattr(item, "outlinks", ())
    if outlinks:
        facts["outlinks"] = [_flat(target) for target in outlinks]
    if isinstance(item, ForumItem):
        facts |= {"ends": item.ends, "read_as": dict(item.read_as)}
    if isinstance(item, FailureItem):
        facts |= {
            "reason": item.reason, "detail": item.detail, "failed_at": moment_text(item.at),
        }  # fmt: skip
    return _entry(_NAMES[type(item)], **facts)


def target_of(entry: Mapping[str, Any]) -> Target:
    """The target an item's entry is about."""
    return _target(entry["target"])


def outlinks_of(entry: Mapping[str, Any]) -> tuple[Target, ...]:
    """Where an item led."""
    return tuple(_target(flat) for flat in entry.get("outlinks", ()))


def fetch_of(entry: Mapping[str, Any]) -> Fetch | None:
    """The answer an item came from; ``None`` where none came."""
    facts = entry.get("fetch")
    if facts is None:
        return None
    return Fetch(**{**facts, "fetched_at": datetime.fromisoformat(facts["fetched_at"])})


def plain_item(entry: Mapping[str, Any]) -> UnchangedItem | DoneItem | FailureItem | None:
    """The item of an entry that needs no answer to be read; ``None`` where it does."""
    kind, target, fetch = entry["entry"], target_of(entry), fetch_of(entry)
    if kind == "unchanged" and fetch is not None:
        return UnchangedItem(target=target, fetch=fetch, outlinks=outlinks_of(entry))
    if kind == "done":
        return DoneItem(target=target, outlinks=outlinks_of(entry))
    if kind == "failure":
        return FailureItem(
            target=target, reason=entry["reason"], detail=entry["detail"],
            at=datetime.fromisoformat(entry["failed_at"]), fetch=fetch,
        )  # fmt: skip
    return None


def reading(engine: str | None, timezone: str | None, shape: Shape | None) -> dict[str, str]:
    """How a forum's page was read, as its item keeps it: what the pages before it had told."""
    told = {
        "engine": engine, "timezone": timezone,
        "shape": json.dumps(asdict(shape), ensure_ascii=False) if shape else None,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value is not None}


def shape_of(read_as: Mapping[str, str]) -> Shape | None:
    """The shape by which a page of unknown software was read."""
    return _shape(json.loads(read_as["shape"])) if "shape" in read_as else None


def _shape(facts: Mapping[str, Any]) -> Shape:
    others = tuple(_shape(other) for other in facts["others"])
    rest = {key: _tuples(value) for key, value in facts.items() if key != "others"}
    return Shape(**rest, others=others)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value


def _flat(target: Target) -> list[Any]:
    return [
        target.source, target.url, target.role, target.depth, target.priority, dict(target.meta),
    ]  # fmt: skip


def _target(flat: list[Any]) -> Target:
    source, url, role, depth, priority, meta = flat
    return Target(source=source, url=url, role=role, depth=depth, priority=priority, meta=meta)

"""What was found when the sources were asked from the user's place. Pure.

``scrapy doctor NAME --sources`` writes it beside the market's data; from then on it stands in
place of the catalogue's own notes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, get_args

from crawlers.sources.model import Access, PublicSource

State = Literal["open", "robots", "blocked", "login", "moved", "dead", "failed", "skipped"]
"""What a source answered: a page; its robots.txt closes it; it turned us away; a sign-in; a page
at another address; nothing is there any more; no answer this time, which decides nothing; not
asked, since it must not be read without an agreement."""

_WEB = re.compile(r"https?://[^/\s]")
STATES: tuple[str, ...] = get_args(State)

_ACCESS: Mapping[str, Access] = {
    "open": "open", "moved": "open", "robots": "blocked", "blocked": "blocked", "login": "login",
    "dead": "dead",
}  # fmt: skip
# An open page does not lift these: the API still asks for a key, the owner for an agreement.
_LASTING = frozenset({"api_key", "permission"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one source answered.

    :param id: the source's id.
    :param checked_at: RFC 3339, UTC.
    :param detail: the answer in words.
    :param address: where the page was found, if one came.
    :param engine: the forum engine recognised on it.
    """

    id: str
    checked_at: str
    state: State
    detail: str = ""
    address: str | None = None
    engine: str | None = None


def apply_checks(
    sources: Iterable[PublicSource], checks: Mapping[str, Check]
) -> tuple[PublicSource, ...]:
    """The sources with what was found in place of the shipped notes.

    :param checks: by the source's id. A check of ``failed`` or ``skipped`` changes nothing.
    """
    return tuple(_checked(source, checks.get(source.id)) for source in sources)


def _checked(source: PublicSource, check: Check | None) -> PublicSource:
    access = _ACCESS.get(check.state) if check else None
    if check is None or access is None:
        return source
    if source.access in _LASTING and access != "dead":
        access = source.access
    return replace(
        source,
        access=access,
        engine=check.engine or source.engine,
        address=check.address if check.state == "moved" and check.address else source.address,
        checked=check.checked_at[:10],
        how=f"asked from this computer: {check.detail or check.state}",
    )


def checks_of(content: Any) -> dict[str, Check]:
    """The checks of a file's content, by the source's id; what is broken is left out.

    :param content: what the JSON file holds: {version: 1, checks: [{id, checked_at, state, ...}]}.
    """
    rows = content.get("checks") if isinstance(content, dict) else None
    found = [_check_of(row) for row in rows] if isinstance(rows, list) else []
    return {check.id: check for check in found if check is not None}


def _check_of(row: Any) -> Check | None:
    if not isinstance(row, dict) or row.get("state") not in STATES:
        return None
    name, when = row.get("id"), row.get("checked_at")
    if not isinstance(name, str) or not isinstance(when, str):
        return None
    try:
        datetime.fromisoformat(when)
    except ValueError:
        return None
    address, engine, detail = (row.get(key) for key in ("address", "engine", "detail"))
    return Check(
        id=name,
        checked_at=when,
        state=row["state"],
        detail=detail if isinstance(detail, str) else "",
        address=address if isinstance(address, str) and _WEB.match(address) else None,
        engine=engine if isinstance(engine, str) else None,
    )

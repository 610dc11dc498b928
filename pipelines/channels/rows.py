"""Rows of the signal table: what one says, and how it is read and checked.

How a row is written stands in docs/adding-a-channel-signal.md. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from crawlers.words import (
    CHANNELS,
    PAGE_KINDS,
    ROLES,
    Channel,
    ChannelRole,
    SignalKind,
    Strength,
)
from pipelines.channels.addresses import compile_address

LOOKUPS = (
    "at", "path", "anchor", "inline", "text", "meta", "markup", "form", "alt", "source", "kind",
)  # fmt: skip
_IN_LOWER_CASE = ("text", "anchor", "path", "form", "alt", "source")
_KEYS = frozenset({
    "id", "platform", "channel", "role", "strength", "body", "in", "account", "noise", "always",
    "loader",
    "pattern", "example", "not", "why", *LOOKUPS,
})  # fmt: skip
_URL_KINDS: tuple[SignalKind, ...] = ("link", "script", "iframe", "form", "image")
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_SLUG = re.compile(r"[a-z0-9_]+")


class TableError(ValueError):
    """A row of the signal table is wrong. Says file, row and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: a mark, and what it proves.

    ``looks`` is the way it is looked up (``at``, ``path``, ``anchor``, ``inline``, ``text``,
    ``meta``, ``markup``, ``form``, ``alt``, ``source``, ``kind``), ``values`` what is looked for;
    ``pattern`` must then hold there; ``body`` is the strength of a link from the page's body;
    ``noise`` rows prove nothing and only keep a wider row from matching; ``always`` rows are read
    in the words of articles and lists, too; ``loader`` rows are weak where the address stands
    inside a script, because templates carry the loader without an account.
    """

    id: str
    channel: Channel
    role: ChannelRole
    platform: str | None
    strength: Strength
    body: Strength
    kinds: frozenset[SignalKind]
    account: bool
    noise: bool
    always: bool
    loader: bool
    looks: str
    values: tuple[str, ...]
    pattern: re.Pattern[str] | None
    example: str
    refused: tuple[str, ...] = ()


def read_row(row: Mapping[str, Any], group: Mapping[str, Any], where: str) -> Rule:
    """Check one row and what its group gives it.

    :param where: the file's name, for the message. :raises TableError: where something is wrong.
    """
    ident = row.get("id")
    if not isinstance(ident, str) or not _ID.fullmatch(ident):
        raise TableError(f"{where}: id must look like 'platform.mark', not {ident!r}")
    where = f"{where}, row {ident}"
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise TableError(f"{where}: unknown key {unknown[0]!r}; known are {sorted(_KEYS)}")
    looks = [key for key in LOOKUPS if key in row]
    if len(looks) != 1:
        raise TableError(f"{where}: give exactly one of {', '.join(LOOKUPS)}")
    values = row[looks[0]]
    values = [values] if isinstance(values, str) else values
    if not values or not all(isinstance(value, str) and value for value in values):
        raise TableError(f"{where}: {looks[0]} must be a text or a list of texts")
    merged = {**group, **row}
    noise = bool(merged.get("noise"))
    channel = _one_of(merged.get("channel", "unassigned" if noise else None), CHANNELS, where)
    role = _one_of(merged.get("role", "promotes"), ROLES, where)
    strength = merged.get("strength", 1 if noise else None)
    body = merged.get("body", max(1, (strength or 1) - 1))
    if strength not in get_args(Strength) or body not in get_args(Strength):
        raise TableError(f"{where}: strength and body are 1 (weak), 2 (medium) or 3 (strong)")
    platform = merged.get("platform", ident.partition(".")[0])
    if platform and not _SLUG.fullmatch(platform):
        raise TableError(f"{where}: platform must be lower case letters, digits and _")
    kinds = merged.get("in", ["link"]) if looks[0] == "at" else [_KIND_OF[looks[0]]]
    if not set(kinds) <= {*_URL_KINDS, "inline", "text", "meta", "markup"}:
        raise TableError(f"{where}: 'in' may hold {', '.join(_URL_KINDS)}")
    example = row.get("example")
    if not isinstance(example, str) or not example:
        raise TableError(f"{where}: give an example that proves the row")
    try:
        pattern = re.compile(row["pattern"], re.IGNORECASE) if "pattern" in row else None
        if looks[0] == "at":
            for value in values:
                compile_address(value)
    except (re.error, ValueError) as problem:
        raise TableError(f"{where}: {problem}") from problem
    if looks[0] == "kind":
        for value in values:
            _one_of(value, PAGE_KINDS, where)
    if looks[0] in _IN_LOWER_CASE and any(value != value.lower() for value in values):
        raise TableError(f"{where}: {looks[0]} is compared in lower case; write it so")
    return Rule(
        id=ident,
        channel=cast(Channel, channel),
        role=cast(ChannelRole, role),
        platform=platform or None,
        strength=cast(Strength, strength),
        body=cast(Strength, body),
        kinds=frozenset(kinds),
        account=bool(merged.get("account")),
        noise=noise,
        always=bool(merged.get("always")),
        loader=bool(merged.get("loader")),
        looks=looks[0],
        values=tuple(values),
        pattern=pattern,
        example=example,
        refused=tuple(row.get("not", ())),
    )


_KIND_OF: dict[str, SignalKind] = {
    "path": "link",
    "anchor": "link",
    "inline": "inline",
    "text": "text",
    "meta": "meta",
    "markup": "markup",
    "form": "form",
    "alt": "image",
    "source": "script",
    "kind": "link",
}


def _one_of(value: object, allowed: tuple[str, ...], where: str) -> str:
    if value not in allowed:
        raise TableError(f"{where}: {value!r} is none of {', '.join(allowed)}")
    return str(value)

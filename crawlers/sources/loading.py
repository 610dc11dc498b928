"""The catalogue's TOML files -> rows, checked.

A file has ``[defaults]`` (what all its rows share) and ``[[source]]`` tables with the fields of
:class:`crawlers.sources.model.PublicSource`. A leaf.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from crawlers.marketfile.errors import MarketError
from crawlers.sources.model import ACCESSES, KINDS, TRADES, UNCHECKED, PublicSource

_FIELDS = {field.name for field in fields(PublicSource)}
_LISTS = frozenset({"trades", "countries", "languages"})
_DEFAULTS = frozenset({"countries", "languages", "access", "checked", "how", "trades"})
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WORD = re.compile(r"[a-z0-9_]+")


class CatalogueError(MarketError, ValueError):
    """A catalogue file that cannot be used; the message names file, row and fault."""


@lru_cache(maxsize=1)
def load_catalogue() -> tuple[PublicSource, ...]:
    """Every row that ships, in the order of files and rows.

    :raises CatalogueError: with the first fault, or for an id used twice.
    """
    rows: list[PublicSource] = []
    folder = resources.files(__package__).joinpath("catalogue")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            rows += parse_catalogue(file.read_text("utf-8"), name=file.name)
    _no_doubles(rows)
    return tuple(rows)


def parse_catalogue(text: str, *, name: str) -> tuple[PublicSource, ...]:
    """The rows of one file.

    :param name: the file's name, for messages.
    :raises CatalogueError: with the first fault.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{name}: {error}") from None
    unknown = tables.keys() - {"defaults", "source"}
    if unknown:
        raise CatalogueError(f"{name}: unknown table {min(unknown)!r}; write [[source]]")
    defaults, sources = tables.get("defaults", {}), tables.get("source", [])
    if not isinstance(defaults, dict) or not isinstance(sources, list):
        raise CatalogueError(f"{name}: write [defaults] once and [[source]] for each source")
    if defaults.keys() - _DEFAULTS:
        fault = min(defaults.keys() - _DEFAULTS)
        raise CatalogueError(f"{name}: [defaults] cannot set {fault!r}")
    rows = [_row(row, defaults, f"{name}, source {at}") for at, row in enumerate(sources, 1)]
    _no_doubles(rows)
    return tuple(rows)


def _no_doubles(rows: list[PublicSource]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise CatalogueError(f"the id {row.id!r} is used twice")
        seen.add(row.id)


def _row(row: Any, defaults: Mapping[str, Any], where: str) -> PublicSource:
    if not isinstance(row, dict):
        raise CatalogueError(f"{where}: not a table")
    if isinstance(row.get("id"), str):
        where = f"{where} ({row['id'][:64]})"
    values = {**defaults, **row}
    for fault in _faults(values):
        raise CatalogueError(f"{where}: {fault}")
    fitted: dict[str, Any] = {
        key: tuple(value) if key in _LISTS else value for key, value in values.items()
    }
    return PublicSource(**fitted)


def _faults(row: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(row.keys() - _FIELDS):
        yield f"unknown key {key!r}"
    for key in ("id", "name", "address", "kind", "trades"):
        if not row.get(key):
            yield f"{key!r} is missing"
    for key, value in row.items():
        if key in _LISTS:
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                yield f"{key!r} must be a list of texts"
            elif len(set(value)) < len(value):
                yield f"{key!r} names something twice"
        elif not isinstance(value, str):
            yield f"{key!r} must be a text"
        elif value != value.strip() or "\n" in value:
            yield f"{key!r} must be one line without blanks around it"
    if not _ID.fullmatch(row["id"]):
        yield "an id has small letters, digits and -, at most 64"
    if not _is_address(row["address"]):
        yield f"{row['address']!r} is no http or https address"
    yield from _unknown_words(row)
    if not _WORD.fullmatch(row.get("engine", "none")):
        yield f"{row['engine']!r} is no engine's id"
    if row.get("checked", UNCHECKED) != UNCHECKED:
        try:
            date.fromisoformat(row["checked"])
        except ValueError:
            yield f"checked = {row['checked']!r} is neither a day nor {UNCHECKED!r}"
        if row.get("how", UNCHECKED) == UNCHECKED:
            yield "a day stands under 'checked', and 'how' does not say what was read"


def _unknown_words(row: Mapping[str, Any]) -> Iterator[str]:
    for key, words in (("kind", KINDS), ("access", ACCESSES)):
        if row.get(key, words[0]) not in words:
            yield f"{key} = {row[key]!r} is none of: {' '.join(words)}"
    for word in row["trades"]:
        if word not in TRADES:
            yield f"{word!r} is none of the trades: {' '.join(TRADES)}"
    for key, pattern in (("countries", _COUNTRY), ("languages", _LANGUAGE)):
        for code in row.get(key, ()):
            if not pattern.fullmatch(code):
                yield f"{key}: {code!r} is no code"


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and "." in (parts.hostname or "")
            and not parts.username
            and not parts.fragment
            and parts.port != 0
        )
    except ValueError:
        return False

"""Structured data made plain: JSON-LD and microdata as dicts with known kinds of values.

The web's structured data holds lists where an object belongs, numbers as words and objects in
place of names; the functions here take any of it and give strings, or nothing.
"""

import re
from typing import Any

from crawlers.document import Document
from crawlers.extract.head import tidy

_TAGS = re.compile(r"<[^<>]{0,500}>")
Thing = dict[str, Any]


def types_of(thing: Thing) -> set[str]:
    """The schema.org types of a thing, lower case, without address."""
    kinds = thing.get("@type")
    return {
        kind.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()
        for kind in (kinds if isinstance(kinds, list) else [kinds])
        if isinstance(kind, str)
    }


def first(value: Any) -> Any:
    """The value, or the first of a list that is not empty."""
    while isinstance(value, list):
        if not value:
            return None
        value = value[0]
    return value


def text_of(value: Any, limit: int = 2_000) -> str:
    """A text out of a value that should be one: strings, numbers, objects with name or @value."""
    value = first(value)
    if isinstance(value, dict):
        value = first(value.get("name") or value.get("@value") or value.get("@id") or "")
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value) if -(10**30) < value < 10**30 else ""
    if isinstance(value, float):
        return repr(value)
    if not isinstance(value, str):
        return ""
    if "<" in value:
        value = _TAGS.sub(" ", value[: 4 * limit])
    return tidy(value.replace("&amp;", "&").replace("&nbsp;", " "), limit)


def things(value: Any) -> list[Thing]:
    """The objects of a value that is one object, a list of them, or neither."""
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return [part for part in value if isinstance(part, dict)]
    return []


def all_things(document: Document) -> tuple[tuple[Thing, int], ...]:
    """Every typed object of a page's JSON-LD, nested ones too, with its depth; bounded."""
    return document.things


def told(document: Document) -> str:
    """What structured data says of the page's subject: description or article body."""
    best = ""
    for thing, _ in all_things(document):
        if types_of(thing) & {"product", "productgroup", "article", "newsarticle", "blogposting"}:
            for name in ("articleBody", "description"):
                text = text_of(thing.get(name), 20_000)
                if len(text) > len(best):
                    best = text
    return best

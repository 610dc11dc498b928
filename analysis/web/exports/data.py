"""What a page shows, as plain data for programs.

Only what JSON knows comes out: no NaN, no objects of ours, no keys that are not text. Money leaves
as a decimal string beside its currency: minor units are how we store it, not what it is.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from typing import Any

from pipelines.storage.money import from_minor

Data = Any
"""``None``, a boolean, a number, a text, or a list or dict of these."""

_DEEPEST = 12
_LEFT_OUT = frozenset({"search_text", "text_hash", "pieces", "title_pieces", "names_of_rows"})
"""Columns that are tools of ours, and texts cut up for marking: no facts."""
_MINOR = "_minor"
_NOTHING = object()


def data_of(value: object) -> Data:
    """The value as plain data; what has no plain form is left out of its dict or list."""
    plain = _plain(value, 0)
    return None if plain is _NOTHING else plain


def _plain(value: object, depth: int) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        # Markup of a template becomes text; a lone surrogate has no UTF-8.
        return str(value).encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else None
    if depth >= _DEEPEST:
        return _NOTHING
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return _mapping(fields, depth)
    if isinstance(value, Mapping):
        return _mapping(value, depth)
    if isinstance(value, Set):
        value = sorted(value, key=str)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        plain = (_plain(item, depth + 1) for item in value)
        return [item for item in plain if item is not _NOTHING]
    return _NOTHING


def _mapping(value: Mapping[Any, object], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    currency = value.get("currency")
    for key, item in value.items():
        if not isinstance(key, str | int) or key in _LEFT_OUT or str(key).startswith("_"):
            continue
        name = str(key)
        if name.endswith(_MINOR) and (item is None or isinstance(item, int)):
            amount = from_minor(item, currency if isinstance(currency, str) else None)
            name, plain = name.removesuffix(_MINOR), None if amount is None else f"{amount:f}"
        else:
            plain = _plain(item, depth + 1)
        if plain is not _NOTHING:
            found[name] = plain
    return found

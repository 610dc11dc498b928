"""Items as JSON and back: what the ``_json`` columns hold."""

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from crawlers.items import Company, Evidence
from pipelines.storage.times import utc_text

_AS_THEY_ARE = frozenset({str, int, float, bool})
"""Most of what is in an item."""
_encoded = json.JSONEncoder(ensure_ascii=False).encode


def plain(value: Any) -> Any:
    """A value made of JSON's kinds: decimals as text, times as UTC text, items as objects."""
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def as_json(value: Any) -> str:
    """JSON text of a value, keys in their order, Unicode as it is."""
    return _encoded(plain(value)) if value != () else "[]"


def company_from(source: str) -> Company:
    """The company facts of a ``company_json``; keys of other versions are left out."""
    data = json.loads(source)
    known = {field.name for field in dataclasses.fields(Company)}
    facts = {key: value for key, value in data.items() if key in known}
    for key, value in facts.items():
        if isinstance(value, list):
            facts[key] = tuple(value)
    facts["contact"] = {k: tuple(v) for k, v in facts.get("contact", {}).items()}
    facts["evidence"] = tuple(Evidence(**row) for row in facts.get("evidence", ()))
    return Company(**facts)

"""What columns of JSON and of times hold, read without trust: what is none of it is left out."""

import json
from datetime import datetime
from typing import Any


def texts_in(column: str | None) -> list[str]:
    """The texts of a JSON list."""
    value = _loaded(column)
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def dates_in(column: str | None) -> dict[str, str]:
    """A JSON object of addresses and their times, UTC RFC 3339."""
    value = _loaded(column)
    if not isinstance(value, dict):
        return {}
    return {key: at for key, at in value.items() if isinstance(at, str) and moment(at)}


def object_in(column: str | None) -> dict[str, Any]:
    """A JSON object."""
    value = _loaded(column)
    return value if isinstance(value, dict) else {}


def moment(text: str | None) -> datetime | None:
    """A time of a table, aware; ``None`` for none."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else None


def _loaded(column: str | None) -> Any:
    try:
        return json.loads(column or "null")
    except (ValueError, RecursionError):
        return None

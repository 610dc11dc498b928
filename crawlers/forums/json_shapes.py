"""Reading JSON nobody vouches for: a value of the wanted kind, or nothing. Pure."""

from typing import Any

_LONGEST_NUMBER = 19  # digits; Python refuses to read thousands of them


def as_dict(value: Any) -> dict[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_dicts(value: Any, most: int = 2_000) -> list[dict[str, Any]]:
    """The objects of a list (or one object alone), others left out."""
    if isinstance(value, dict):
        return [value]
    return (
        [part for part in value[:most] if isinstance(part, dict)] if isinstance(value, list) else []
    )


def as_text(value: Any) -> str:
    """A text or number as text; ``""`` for anything else."""
    if isinstance(value, bool):
        return ""
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def as_int(value: Any) -> int | None:
    """A whole number, or one written in digits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or not value.isascii() or len(value) > _LONGEST_NUMBER:
        return None
    return int(value) if value.isdigit() else None

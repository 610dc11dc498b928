"""JSON from strangers: as the standard has it, and text that can be stored. A leaf, pure."""

import json
import re
from math import isinf
from typing import Any

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def loads(source: str) -> Any:
    """The value of a JSON text; lone surrogates in it become U+FFFD, since no file can hold them.

    :raises ValueError: for what is no JSON, ``NaN`` and ``Infinity`` among it, and for a number no
        float holds (``1e999``), which could not be written as JSON again.
    """
    value = json.loads(source, parse_constant=_refuse, parse_float=_finite)
    return whole(value) if _SURROGATE_ESCAPE.search(source) else value


def whole(value: Any) -> Any:
    """A value whose texts hold whole characters only; pairs of surrogates are joined."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [whole(part) for part in value]
    if isinstance(value, dict):
        return {whole(key): whole(part) for key, part in value.items()}
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        shown = digits if len(digits) <= 40 else digits[:40] + "..."
        raise ValueError(f"the number {shown} is too large")
    return number


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")

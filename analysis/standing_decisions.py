"""A researcher's word on a company's tier: what a stored decision says, and the market file's own
word for inputs that come from outside a database.
"""

import json
from typing import Any

from crawlers.folding import fold
from crawlers.market import Market
from crawlers.urls import site_key
from crawlers.words import Tier

_TIERS: dict[object, Tier] = {1: 1, 2: 2, 3: 3}


def stored_value(text: str | None) -> object:
    """The value of a row of ``decisions``; the text itself where it is no JSON."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def is_taken_back(value: object) -> bool:
    """Whether a decision on a tier only says that the rules decide again."""
    return value is None


def tier_of(value: object) -> Tier | None:
    """The tier a decision gives; ``None`` for no rival (``"none"``, ``"complement"``, ...)."""
    if isinstance(value, str) and value in ("1", "2", "3"):
        value = int(value)
    return _TIERS.get(value) if isinstance(value, int) and not isinstance(value, bool) else None


def override_of(
    market: Market, name: str, site: str | None, verdict: dict[str, Any]
) -> dict[str, Any]:
    """The verdict, or the decision of the ``[[competitor]]`` this company is.

    A company is a competitor of the file by the key of its site, else by its name or an alias.
    """
    for entry in market.competitors:
        if entry.tier is None:
            continue
        same_site = bool(site and entry.site) and site_key(site or "") == site_key(entry.site or "")
        names = {fold(entry.name), *(fold(alias) for alias in entry.aliases)}
        if same_site or (not (site and entry.site) and fold(name) in names):
            return {**verdict, "tier": entry.tier, "verdict": "override"}
    return verdict

"""A market file's own word on a company's tier, for inputs that come from outside a database."""

from typing import Any

from crawlers.folding import fold
from crawlers.market import Market
from crawlers.urls import site_key


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

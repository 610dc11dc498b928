"""Whether a company is cheap or dear for its market, from the prices of its offers. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from statistics import median

from pipelines.tiers.profile import Profile

_LEAST = 3  # companies with prices in a currency before a middle is told
_APART = 3  # times cheaper or dearer than the middle


def with_bands(profiles: Sequence[Profile]) -> list[Profile]:
    """The profiles, each with its price band where its offers tell one and nobody said it.

    The middle is the median over companies of their median price, currency by currency; ``low``
    is a third of it and less, ``high`` three times as much and more.
    """
    typical: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for at, profile in enumerate(profiles):
        prices: dict[str, list[Decimal]] = defaultdict(list)
        for offer in profile.offers:
            if offer.price is not None and offer.price > 0 and offer.currency:
                prices[offer.currency].append(offer.price)
        for currency, found in prices.items():
            typical[currency][at] = median(found)
    bands: dict[int, str] = {}
    for by_company in typical.values():
        if len(by_company) >= _LEAST:
            middle = median(by_company.values())
            for at, price in by_company.items():
                low, high = price * _APART <= middle, price >= middle * _APART
                bands.setdefault(at, "low" if low else "high" if high else "middle")
    return [
        replace(profile, price_band=bands[at])
        if at in bands and not profile.price_band
        else profile
        for at, profile in enumerate(profiles)
    ]

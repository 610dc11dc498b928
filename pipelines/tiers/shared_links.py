"""Sites that rivals' pages link to in common with ours: partners, marketplaces, integrations. Pure.

A link alone says little: everybody links to the same networks and tools. What tells a trade are the
sites that we and several others of the market link to, and most do not.
"""

from collections import Counter
from collections.abc import Collection, Mapping

LEAST_COMPANIES = 2
"""Companies beside us that must link to a site: one alone may be chance."""
MOST_OF_MARKET = 0.5
"""The share of the market's companies above which a site is everybody's."""


def telling_sites(
    ours: Collection[str], linked: Mapping[str, Collection[str]], *, left_out: Collection[str] = ()
) -> frozenset[str]:
    """The sites among ours that tell a trade, by key.

    :param ours: sites our own pages link to; without any there is nothing in common.
    :param linked: what each other company's pages link to; companies of which no link leaves the
        site do not count as market.
    :param left_out: sites that tell nothing whoever links to them: companies of the market, their
        accounts on networks, what pages are made with.
    """
    market = [frozenset(sites) for sites in linked.values() if sites]
    linkers = Counter(site for sites in market for site in sites)
    most = MOST_OF_MARKET * len(market)
    return frozenset(
        site for site in ours if LEAST_COMPANIES <= linkers[site] <= most and site not in left_out
    )

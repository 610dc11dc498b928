"""Links that leave the sites of the market, as the tiers read them."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping

from pipelines.channels.table import load_table
from pipelines.tiers.shared_links import telling_sites

Link = tuple[str, str, str]
"""(site it leads to, words of the link, page it stands on)"""


def shared_links(connection: sqlite3.Connection, own: str) -> Mapping[str, tuple[Link, ...]]:
    """Each company's links to sites that it, others of the market and we link to.

    Sites of the market's companies are left out, and platforms of the signal table (networks,
    marketplaces, stores, tools): they are told as channels.

    :param own: the key of our own business.
    """
    found: dict[str, dict[str, Link]] = defaultdict(dict)
    for company, site, text, page in connection.execute(
        "SELECT p.competitor, l.site_key, l.text, p.url FROM page_links l "
        "JOIN pages p ON p.id = l.page_id WHERE p.status < 400 "
        "ORDER BY length(p.url), p.url, l.site_key"
    ):
        words = " ".join(text.split())
        known = found[company].get(site)
        if known is None or (words and not known[1]):
            found[company][site] = (site, words, page)
    ours = found.pop(own, {})
    known_sites = {
        site
        for (site,) in connection.execute(
            "SELECT site_key FROM competitors WHERE site_key IS NOT NULL"
        )
    }
    table = load_table()
    left_out = {site for site in ours if site in known_sites or table.under(site.partition("/")[0])}
    telling = telling_sites(ours, found, left_out=left_out)
    return {
        company: tuple(links[site] for site in sorted(telling & links.keys()))
        for company, links in found.items()
        if telling & links.keys()
    }

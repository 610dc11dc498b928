"""Entries of a market file that stand twice, or stand against each other. A leaf, pure."""

import contextlib
import re
from collections.abc import Iterator, Sequence

from crawlers.folding import fold
from crawlers.marketfile.errors import shown_value
from crawlers.marketfile.model import (
    Business,
    CompetitorEntry,
    ForumEntry,
    SourceEntry,
    place_of,
)
from crawlers.urls import canonical_url, site_key

Finding = tuple[tuple[str | int, ...], str, str]
"""Key path, what is wrong, how to mend it."""


def double_entries(
    business: Business | None,
    competitors: Sequence[tuple[int, CompetitorEntry]],
    forums: Sequence[tuple[int, ForumEntry]],
    sources: Sequence[tuple[int, SourceEntry]],
) -> Iterator[Finding]:
    """What the entries that are right by themselves get wrong together.

    :param competitors: with the place of each among the file's; those with faults are left out.
    """
    yield from _competitors(business, competitors)
    yield from _addresses("forum", forums)
    yield from _addresses("source", sources)


def site_of(url: str) -> str:
    """What makes two competitors one: the site's key, and the port where several share a host."""
    port = re.search(r":(\d+)$", place_of(url).split("/")[0])
    return site_key(url).removeprefix("www.") + (port[0] if port else "")


def _competitors(
    business: Business | None, competitors: Sequence[tuple[int, CompetitorEntry]]
) -> Iterator[Finding]:
    keys: dict[str, CompetitorEntry] = {}
    sites: dict[str, CompetitorEntry] = {}
    names: dict[str, CompetitorEntry] = {}
    own = site_of(business.site) if business and business.site else None
    for index, entry in competitors:
        where = ("competitor", index)
        site = site_of(entry.site) if entry.site else None
        name = fold(entry.name)
        if business and (
            (site and site == own) or (not site and name and name == fold(business.name))
        ):
            yield (
                (*where, "site" if site else "name"),
                f"competitor {shown_value(entry.title)} is your own business of [business]",
                "take the entry out, or correct it",
            )
        elif entry.id and entry.id in keys and keys[entry.id].id:
            yield (
                (*where, "id"),
                f"two competitors have the id {shown_value(entry.id)}",
                "give each an id of its own",
            )
        elif site and site in sites:
            yield (
                (*where, "site"),
                f"competitors {shown_value(sites[site].title)} and {shown_value(entry.title)} "
                f"have the same site, {site}",
                "keep one entry and put the other name in its aliases",
            )
        elif entry.key in keys:
            yield (
                (*where, "id" if entry.id else "site" if entry.site else "name"),
                f"competitors {shown_value(keys[entry.key].title)} and "
                f"{shown_value(entry.title)} have the same key, {entry.key}",
                'keep one entry, or give each an id = "..." of its own',
            )
        elif name and name in names and not (site and names[name].site):
            yield (
                (*where, "name"),
                f"competitor {shown_value(entry.name)} is listed twice",
                "keep one entry with all that is known of it",
            )
        keys.setdefault(entry.key, entry)
        if site:
            sites.setdefault(site, entry)
        if name:
            names.setdefault(name, entry)


def _addresses(
    table: str, entries: Sequence[tuple[int, ForumEntry]] | Sequence[tuple[int, SourceEntry]]
) -> Iterator[Finding]:
    addresses: set[str] = set()
    keys: set[str] = set()
    for index, entry in entries:
        address = _address(entry.url)
        if address in addresses:
            yield (
                (table, index, "url"),
                f"{table} {shown_value(entry.url)} is listed twice",
                "keep one entry" + (" and name both boards in it" if table == "forum" else ""),
            )
        elif entry.key in keys:
            yield (
                (table, index, "name" if entry.name else "url"),
                f"two {table}s have the same key, {entry.key}",
                "give each a name of its own",
            )
        addresses.add(address)
        keys.add(entry.key)


def _address(url: str) -> str:
    """An address without what does not tell two forums apart: scheme, ``www.``, last slash."""
    with contextlib.suppress(ValueError):  # else compared as written
        url = canonical_url(url)
    return url.partition("://")[2].removeprefix("www.").rstrip("/")

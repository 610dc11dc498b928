"""What rivals' sites say they answer: the topics, people and places their stored pages name."""

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Final

from analysis.questions.columns import texts_in
from analysis.questions.phrases import key_of
from analysis.questions.standing import TIER_GROUPS, standings
from crawlers.urls import site_key
from pipelines.demand.audiences import segments_in
from pipelines.demand.topics import topics_in

_KINDS: Final = ("home", "pricing", "product", "service", "collection", "about", "documentation")
"""Pages on which a company says what it offers, best first."""

_PAGES: Final = 30
"""Pages looked at a rival: enough for its promises, few enough for a large market."""

_READ: Final = 20_000
"""Characters read of a page."""

_SAYS: Final = 8
"""Words (characters in Chinese) in the bodies of a site's pages below which nothing was read of it:
a frame whose text is loaded by scripts, or that broke down behind its menu."""


@dataclass(slots=True)
class Claims:
    """A rival whose site was read. Who has no page of these kinds is not among them: unseen, which
    is not absent.

    ``pages`` looked at; ``topics`` and ``segments``: id -> page that names it; ``words`` of the
    pages, as phrases are compared; ``langs`` of its pages; ``sites`` its pages lead to; ``posted``:
    forums in which a seller's post names it.
    """

    competitor: str
    name: str
    pages: list[str] = field(default_factory=list)
    topics: dict[str, str] = field(default_factory=dict)
    segments: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    langs: set[str] = field(default_factory=set)
    sites: set[str] = field(default_factory=set)
    posted: set[str] = field(default_factory=set)
    length: int = 0  # words of the pages' bodies, characters in Chinese


def rivals_today(conn: sqlite3.Connection) -> dict[str, str]:
    """Who stands in a tier today, decisions first: id -> name. No complement, nobody unrelated or
    not known well enough to be placed.
    """
    return {
        one.competitor: one.name
        for one in standings(conn)
        if one.group in TIER_GROUPS.values() and not one.complement
    }


def ourselves(conn: sqlite3.Connection) -> dict[str, str]:
    """Our own business, where its site is read too: id -> name."""
    return dict(conn.execute("SELECT id, name FROM competitors WHERE is_self = 1").fetchall())


def claims(conn: sqlite3.Connection, companies: dict[str, str] | None = None) -> list[Claims]:
    """Every rival of today with pages read, by id.

    Pages that say nothing (a site that answers with its menu only) are not read ones.

    :param companies: whom to read instead, id -> name.
    """
    rivals = rivals_today(conn) if companies is None else companies
    kinds = ", ".join("?" * len(_KINDS))
    order = json.dumps(_KINDS)
    found: dict[str, Claims] = {}
    for competitor, url, lang, title, description, text in conn.execute(
        "SELECT competitor, url, lang, title, description, text FROM ("
        "SELECT p.competitor, p.url, p.lang, p.title, p.description, v.text, "
        "row_number() OVER (PARTITION BY p.competitor ORDER BY "
        "(SELECT o.key FROM json_each(?) o WHERE o.value = p.kind), p.url) AS place "
        "FROM pages p "
        "LEFT JOIN page_versions v ON v.page_id = p.id AND v.version = p.version "
        f"WHERE p.status < 400 AND p.kind IN ({kinds}) "
        "AND p.competitor IN (SELECT value FROM json_each(?))) "
        "WHERE place <= ? ORDER BY competitor, place",
        (order, *_KINDS, json.dumps(list(rivals)), _PAGES),
    ):
        rival = found.setdefault(competitor, Claims(competitor=competitor, name=rivals[competitor]))
        said = f"{title}\n{description}\n{text or ''}"[:_READ]
        rival.pages.append(url)
        rival.words.append(f" {key_of(said)} ")
        rival.length += len(key_of((text or "")[:_READ]).split())
        for topic in topics_in(said, lang):
            rival.topics.setdefault(topic, url)
        for segment in segments_in(said):
            rival.segments.setdefault(segment, url)
    for competitor, lang in conn.execute("SELECT DISTINCT competitor, lang FROM pages"):
        if competitor in found:
            found[competitor].langs.add(lang)
    for competitor, audience, customers, accounts in conn.execute(
        "SELECT competitor, audience_json, customers_json, accounts_json FROM companies"
    ):
        if competitor in found:
            rival = found[competitor]
            for segment in segments_in("\n".join([*texts_in(audience), *texts_in(customers)])):
                rival.segments.setdefault(segment, rival.pages[0])
            rival.sites |= {site_key(account) for account in texts_in(accounts)}
    for competitor, site in conn.execute(
        "SELECT DISTINCT p.competitor, l.site_key FROM page_links l "
        "JOIN pages p ON p.id = l.page_id"
    ):
        if competitor in found:
            found[competitor].sites.add(site)
    for competitor, forum in conn.execute(
        "SELECT DISTINCT m.competitor, p.forum FROM mentions m JOIN posts p ON p.id = m.post_id "
        "JOIN demand d ON d.post_id = p.id AND d.seller = 1 WHERE m.competitor IS NOT NULL"
    ):
        if competitor in found:
            found[competitor].posted.add(forum)
    return [found[key] for key in sorted(found) if found[key].length >= _SAYS]


def promotes_at(rival: Claims, forum: str, url: str) -> bool:
    """Whether a rival is seen at a forum itself: its pages or accounts lead there, or a seller's
    post there names it. Customers who name it are no promotion of its own.
    """
    return forum in rival.posted or site_key(url) in rival.sites


def names(rival: Claims, key: str) -> bool:
    """Whether a rival's pages hold a phrase, given as :func:`key_of` compares it."""
    return any(f" {key} " in page for page in rival.words)

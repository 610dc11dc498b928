"""What candidates are looked for in: posts, comparison pages, links, and lists of companies."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

from analysis.passes.candidate_merging import Named, Voice
from analysis.standing_decisions import stored_value
from crawlers.market import Business, Market
from crawlers.urls import is_web_url, site_key
from pipelines.discovery import (
    LONGEST_POST,
    RULES_VERSION,
    Candidate,
    PageLink,
    PageText,
    Post,
    Seeker,
    Sighting,
    Thread,
    candidates_in_pages,
    find_candidates,
)

LISTED = 0.8
"""The weight of an entry of a list: somebody sets it among such companies, and says no more."""
FOUND = 0.4
"""The weight of an answer of a search: two searches must give it, or something else name it."""
MOST_POSTS = 10_000
"""Posts read for names at most, those of threads that show demand first, then the newest: a rival
is named again and again, and a forum of a million posts must not take a day."""
MOST_CHARACTERS = 2_500_000
"""Characters of them at most, a long post counting as far as it is read: what is kept of a
character while names are read takes about 250 bytes."""
LONGEST_THREAD = 1_000
"""Posts read of one thread, the newest."""
_LIST_RULES = "lists-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A company of ``competitors``. ``status`` as decided, else as stored; ``decided``: by whom
    does not matter; ``found``: nobody listed it.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    site: str | None
    status: str
    decided: bool
    found: bool
    is_self: bool

    @property
    def open(self) -> bool:
        """Whether it is a candidate that nobody has decided on."""
        return self.found and not self.decided and not self.is_self


def rows_of(connection: sqlite3.Connection) -> list[Row]:
    """Every company of the market, with what was decided on its status."""
    decided = {
        subject: value
        for subject, text in connection.execute(
            "SELECT subject, value FROM current_decisions WHERE field = 'status'"
        )
        if isinstance(value := stored_value(text), str)
    }
    return [
        Row(
            id=id_, name=name, aliases=tuple(map(str, json.loads(aliases))), site=site,
            status=decided.get(id_, status), decided=id_ in decided,
            found=origin == "discovered", is_self=bool(is_self),
        )
        for id_, name, aliases, site, status, origin, is_self in connection.execute(
            "SELECT id, name, aliases_json, site, status, origin, is_self FROM competitors "
            "ORDER BY id"
        )
    ]  # fmt: skip


def mark_of(connection: sqlite3.Connection, market: Market, rows: Iterable[Row]) -> str:
    """Stands for all that the candidates rest on: while it is the same, so are they."""
    digest = blake2b(digest_size=12)
    digest.update(repr([RULES_VERSION, _LIST_RULES, market.digest]).encode())
    for query in (
        "SELECT count(*), max(id), total(length(text)), count(copy_of), count(author) FROM posts",
        "SELECT count(*), total(length(title)) FROM threads",
        "SELECT url, version, status, competitor FROM pages ORDER BY url",
        "SELECT count(*), total(length(url) + length(text)) FROM page_links",
        "SELECT page, position, name, site, quote FROM sightings ORDER BY page, position",
    ):
        for row in connection.execute(query):
            digest.update(repr(tuple(row)).encode("utf-8", "replace"))
    for one in rows:
        if not one.open:
            digest.update(repr(one).encode("utf-8", "replace"))
    return digest.hexdigest()


def named_in(connection: sqlite3.Connection, business: Business, rows: list[Row]) -> list[Named]:
    """Every name that posts, pages and lists set among alternatives, with the words that do."""
    known = [one for one in rows if not one.open]
    seeker = Seeker(
        name=business.name,
        description=business.description,
        aliases=business.aliases,
        offers=business.offers,
        keywords=business.keywords,
        category=business.category,
        known=tuple(name for one in known if not one.is_self for name in (one.name, *one.aliases)),
    )
    read = [one.id for one in known if one.status == "watched"]
    listed = list(_listed(connection))
    hints = tuple(one.names[0] for one in listed if one.voices[0].weight >= LISTED)
    return [
        *_named(
            connection, find_candidates(_threads(connection, rows), replace(seeker, hints=hints))
        ),
        *_named(connection, candidates_in_pages(_pages(connection, read), seeker)),
        *listed,
    ]


def _threads(connection: sqlite3.Connection, companies: Iterable[Row]) -> list[Thread]:
    """By address, so that the order does not tell in which order they were read; without the
    reviews on the pages of candidates, who would speak for themselves.
    """
    own_words = {one.id for one in companies if one.open}
    return [
        Thread(
            key=url,
            title=title,
            posts=tuple(
                Post(key=key, text=text, author=author)
                for key, author, text in connection.execute(
                    "SELECT key, author, text FROM (SELECT key, author, posted_at, "
                    "substr(text, 1, ?) AS text FROM posts WHERE thread_id = ? AND copy_of IS NULL "
                    "ORDER BY posted_at DESC, key DESC LIMIT ?) ORDER BY posted_at, key",
                    (LONGEST_POST, id_, LONGEST_THREAD),
                )
            ),
        )
        for url, id_, title, reviewed in _threads_to_read(connection)
        if reviewed not in own_words
    ]


def _threads_to_read(connection: sqlite3.Connection) -> list[tuple[str, int, str, str | None]]:
    """(address, id, title, company on whose pages it stands), by address."""
    chosen, posts, characters = [], MOST_POSTS, MOST_CHARACTERS
    for url, id_, title, reviewed, count, length in connection.execute(
        "SELECT t.url, t.id, t.title, f.competitor, count(*), "
        f"sum(min(length(p.text), {LONGEST_POST})) FROM posts p "
        "JOIN threads t ON t.id = p.thread_id JOIN forums f ON f.id = p.forum "
        "LEFT JOIN demand d ON d.post_id = p.id "
        "WHERE p.copy_of IS NULL AND f.own = 0 GROUP BY t.id "  # public posts are proof to others
        "ORDER BY max(coalesce(d.stage, 'none') <> 'none') DESC, max(p.posted_at) DESC, t.url"
    ):
        if posts <= 0 or characters <= 0:
            break
        read = min(count, LONGEST_THREAD)
        posts -= read
        characters -= length * read // count
        chosen.append((url, id_, title, reviewed))
    return sorted(chosen, key=lambda row: row[0])


def _pages(connection: sqlite3.Connection, companies: Iterable[str]) -> list[PageText]:
    """Pages of those we watch: two candidates that only name each other are no proof of either."""
    links: dict[int, list[PageLink]] = defaultdict(list)
    for page, url, text in connection.execute(
        "SELECT page_id, url, text FROM page_links ORDER BY page_id, site_key"
    ):
        links[page].append(PageLink(url=url, text=text))
    return [
        PageText(
            url=url, title=title, headings=tuple(map(str, json.loads(headings))),
            links=tuple(links.get(id_, ())),
        )
        for company in companies
        for id_, url, title, headings in connection.execute(
            "SELECT p.id, p.url, v.title, v.headings_json FROM pages p JOIN page_versions v "
            "ON v.page_id = p.id AND v.version = p.version "
            "WHERE p.competitor = ? AND p.status < 400 ORDER BY p.url",
            (company,),
        )
    ]  # fmt: skip


def _named(connection: sqlite3.Connection, found: Iterable[Candidate]) -> Iterator[Named]:
    for one in found:
        voices = tuple(voice for s in one.sightings if (voice := _voice(connection, s)) is not None)
        if voices:
            site = one.site if one.site and is_web_url(one.site) else None
            yield Named(names=(one.name, *one.aliases), site=site, voices=voices)


_POST = "SELECT forum, url, last_seen, coalesce(author, 'post ' || key) FROM posts WHERE key = ?"
_THREAD = "SELECT forum, url, last_seen, NULL FROM threads WHERE url = ?"
_PAGE = "SELECT competitor, url, last_seen, NULL FROM pages WHERE url = ?"


def _voice(connection: sqlite3.Connection, sighting: Sighting) -> Voice | None:
    """A sighting with the address it can be opened at."""
    queries = ((_POST, sighting.post),) if sighting.post else (
        (_THREAD, sighting.place), (_PAGE, sighting.place)
    )  # fmt: skip
    for query, key in queries:
        row = connection.execute(query, (key,)).fetchone()
        if row is not None:
            return Voice(
                kind="page" if query is _PAGE else "talk", place=sighting.place, source=row[0],
                url=row[1], fetched_at=row[2], author=row[3], quote=sighting.quote,
                rule=sighting.rule, rule_version=RULES_VERSION, weight=sighting.weight,
            )  # fmt: skip
    return None


def _listed(connection: sqlite3.Connection) -> Iterator[Named]:
    """The companies that pages of sources list."""
    for name, site, quote, rule, page, source, seen in connection.execute(
        "SELECT s.name, s.site, s.quote, s.rule, s.page, p.source, p.last_seen FROM sightings s "
        "JOIN source_pages p ON p.url = s.page WHERE p.status < 400 ORDER BY s.page, s.position"
    ):
        voice = Voice(
            kind="list", place=page, source=source, url=page, fetched_at=seen,
            quote=quote or name, rule=rule, rule_version=_LIST_RULES,
            weight=FOUND if rule.startswith("search") else LISTED,
        )  # fmt: skip
        home = site if site and is_web_url(site) and site_key(site) else None
        yield Named(names=(name,), site=home, voices=(voice,))

"""What the catalogue says of a public source, and the words it says it in. A leaf."""

from dataclasses import dataclass
from typing import Literal, get_args

SourceKind = Literal[
    "forum", "questions", "reviews", "directory", "app_store", "feed", "search", "comments",
    "mailing_list", "marketplace", "social",
]  # fmt: skip
"""What is read there: threads; questions with answers; reviews of companies or products; lists of
companies or products; reviews of apps; RSS or Atom; a search; comments under news or blog posts;
archived mail; reviews under offers of many sellers; posts of a social network."""

Access = Literal["open", "api_key", "permission", "login", "blocked", "dead"]
"""How a source may be read by program; docs/sources.md tells each. ``dead`` never ships: only a
check from the user's place says it."""

Trade = Literal[
    "general", "software", "ecommerce", "electronics", "beauty", "food", "home", "fashion", "autos",
    "parenting", "education", "health", "finance", "logistics", "travel", "real_estate",
    "photography", "gaming", "crafts", "pets", "jobs", "marketing",
]  # fmt: skip
"""Broad trades. A source of ``general`` talks about all of them."""

KINDS: tuple[str, ...] = get_args(SourceKind)
ACCESSES: tuple[str, ...] = get_args(Access)
"""In the order of use: what may be read at once comes first."""
TRADES: tuple[str, ...] = get_args(Trade)

UNCHECKED = "unchecked"
"""``checked`` and ``how`` of a row that rests on common knowledge alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSource:
    """A row of the catalogue.

    :param id: its key: small letters, digits, ``-``; unique in the catalogue.
    :param address: where it is read or, for a service with an API, where its pages are.
    :param engine: a forum engine's id (docs/market-file.md, ``[[forum]]``), or ``None`` where it
        is not known or there is none.
    :param countries: ISO 3166-1 alpha-2 codes of those who write there; empty: all the world.
    :param languages: primary codes (``en``, ``zh``, ``vi``), the main one first; empty: any.
    :param access: how it may be read by program.
    :param checked: the day (ISO 8601) on which what ``how`` names was read, or ``"unchecked"``.
    :param how: what the note on access rests on.
    :param guide: the heading of docs/sources.md that tells how to export one's own data instead;
        ``""`` where it is not needed.
    """

    id: str
    name: str
    address: str
    kind: SourceKind
    trades: tuple[Trade, ...]
    engine: str | None = None
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    access: Access = "open"
    checked: str = UNCHECKED
    how: str = UNCHECKED
    guide: str = ""
